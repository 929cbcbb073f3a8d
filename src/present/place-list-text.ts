/** Several places and addresses in as few words as tell them apart: `web (5), bastion-1 and 3 more`. */

import type { Place } from '../explain/trace.ts';
import type { AddressSet } from '../net/address-set.ts';
import { internetText } from './internet-text.ts';
import { placeName } from './place-text.ts';

/** One end of a group of pairs: interfaces, and addresses of the internet as prefixes. */
export interface End {
  readonly places: readonly Place[];
  readonly addresses: readonly string[];
  /** What is called the internet, without exceptions. */
  readonly internet: AddressSet;
}

/** For a heading: at most this many names, with those of the same name counted together. */
export function endText({ places, addresses, internet: whole }: End, limit: number): string {
  const inside = interfacesAmong(places);
  const names = countedNames(inside, limit);
  if (addresses.length === 0 && inside.length === places.length) return names;
  const internet = addresses.length === 0 ? 'internet' : internetText(addresses, limit, whole);
  return names === '' ? internet : `${names}, ${internet}`;
}

/** By name, as people look for them. */
export function interfacesAmong(places: readonly Place[]): readonly Place[] {
  return places.filter(({ kind }) => kind !== 'internet').toSorted(byName);
}

function byName(a: Place, b: Place): number {
  const [one, other] = [placeName(a), placeName(b)];
  return one === other ? 0 : one < other ? -1 : 1;
}

function countedNames(places: readonly Place[], limit: number): string {
  const counts = new Map<string, number>();
  for (const place of places) {
    const name = placeName(place);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = [...counts].map(([name, count]) => (count === 1 ? name : `${name} (${count})`));
  if (names.length - limit < 2) return names.join(', ');
  const hidden = [...counts.values()].slice(limit).reduce((sum, count) => sum + count, 0);
  return `${names.slice(0, limit).join(', ')} and ${hidden} more`;
}
