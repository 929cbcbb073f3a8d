/** In which availability zone a subnet is. Names of zones mean the same only within one account; ids mean the same everywhere. */

import type { Network } from '../../src/model/network.ts';
import type { Subnet } from '../../src/model/vpc.ts';
import { byId } from './lookup.ts';

/** Null where the snapshot does not tell. */
export function inSameZone(one: Subnet, other: Subnet): boolean | null {
  if (one.id === other.id) return true;
  if (one.region !== null && other.region !== null && one.region !== other.region) return false;
  if (one.availabilityZoneId !== null && other.availabilityZoneId !== null) {
    return one.availabilityZoneId === other.availabilityZoneId;
  }
  if (one.account !== other.account) return null;
  if (one.availabilityZone === null || other.availabilityZone === null) return null;
  return one.availabilityZone === other.availabilityZone;
}

/** Whether any of these subnets is in the zone of `subnet`; null where that hangs on what the snapshot does not tell. */
export function isZoneAmong(network: Network, subnet: Subnet, subnetIds: readonly string[]): boolean | null {
  const answers = subnetIds.map((id) => {
    const other = byId(network.subnets, id);
    return other === null ? null : inSameZone(subnet, other);
  });
  if (answers.includes(true)) return true;
  return answers.includes(null) ? null : false;
}
