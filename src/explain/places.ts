/**
 * Sets of places while they are worked out: for each interface the addresses meant among its own, and addresses of the internet.
 * Values do not change. The set of an interface is never empty.
 */

import {
  type AddressSet,
  intersectAddresses,
  isNoAddress,
  NO_ADDRESSES,
  subtractAddresses,
  unionAddresses,
} from '../net/address-set.ts';

export interface Places {
  /** By interface index. */
  readonly held: ReadonlyMap<number, AddressSet>;
  readonly internet: AddressSet;
}

export function isNoPlace({ held, internet }: Places): boolean {
  return held.size === 0 && isNoAddress(internet);
}

export function unionPlaces(all: readonly Places[]): Places {
  const held = new Map<number, AddressSet>();
  for (const places of all) {
    for (const [eni, set] of places.held) {
      const before = held.get(eni);
      held.set(eni, before === undefined || before === set ? set : unionAddresses(before, set));
    }
  }
  return { held, internet: all.reduce((united, { internet }) => unionAddresses(united, internet), NO_ADDRESSES) };
}

export function intersectPlaces(a: Places, b: Places): Places {
  const [few, many] = a.held.size <= b.held.size ? [a, b] : [b, a];
  const held = new Map<number, AddressSet>();
  for (const [eni, set] of few.held) {
    const other = many.held.get(eni);
    if (other === undefined) continue;
    const common = other === set ? set : intersectAddresses(set, other);
    if (!isNoAddress(common)) held.set(eni, common);
  }
  return { held, internet: intersectAddresses(a.internet, b.internet) };
}

/** What is in `a` and not in `b`. */
export function subtractPlaces(a: Places, b: Places): Places {
  const held = new Map<number, AddressSet>();
  for (const [eni, set] of a.held) {
    const other = b.held.get(eni);
    const left = other === undefined ? set : other === set ? NO_ADDRESSES : subtractAddresses(set, other);
    if (!isNoAddress(left)) held.set(eni, left);
  }
  return { held, internet: subtractAddresses(a.internet, b.internet) };
}
