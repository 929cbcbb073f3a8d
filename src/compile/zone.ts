/** Availability zones. Names mean different zones in different accounts; ids mean the same one everywhere. */

import type { Subnet } from '../model/vpc.ts';

export interface Zone {
  readonly id: string | null;
  readonly name: string | null;
  readonly account: string | null;
}

export function zoneOf({ availabilityZone, availabilityZoneId, account }: Subnet): Zone {
  return { id: availabilityZoneId, name: availabilityZone, account };
}

/** Whether two subnets are in one zone, as far as their records tell. */
export function compareZones(a: Zone, b: Zone): 'same' | 'different' | 'unclear' {
  if (a.id !== null && b.id !== null) return a.id === b.id ? 'same' : 'different';
  if (a.name === null || b.name === null) return 'unclear';
  if (a.account === b.account) return a.name === b.name ? 'same' : 'different';
  // The letter at the end is an account's own; the Region before it is not.
  return regionOf(a.name) === regionOf(b.name) ? 'unclear' : 'different';
}

function regionOf(zone: string): string {
  return zone.replace(/[a-z]$/, '');
}

/** Equal for zones that compare alike with every other. */
export function zoneKey({ id, name, account }: Zone): string {
  return `${id ?? ''} ${name ?? ''} ${account ?? ''}`;
}
