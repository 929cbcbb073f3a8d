/**
 * Sets of addresses as inclusive ranges, both families in one set.
 *
 * Always canonical: sorted (v4 before v6), disjoint, adjacent ranges merged, no range over the border of the families. Two sets are
 * equal exactly when their ranges are, and only `addressSet` and the operations below make them.
 */

import {
  type Address,
  addressBits,
  compareAddresses,
  highestAddress,
  lowestAddress,
  nextAddress,
  previousAddress,
  sameAddress,
} from './address.ts';
import { firstAddress, lastAddress, type Prefix, prefixAround } from './prefix.ts';

export interface AddressRange {
  readonly first: Address;
  readonly last: Address;
}

export type AddressSet = readonly AddressRange[];

export const NO_ADDRESSES: AddressSet = [];
export const ALL_ADDRESSES: AddressSet = [
  { first: lowestAddress(4), last: highestAddress(4) },
  { first: lowestAddress(6), last: highestAddress(6) },
];

/** Every address of any of the prefixes, which may overlap and come in any order. */
export function addressSet(prefixes: readonly Prefix[]): AddressSet {
  return merged(prefixes.map((prefix) => ({ first: firstAddress(prefix), last: lastAddress(prefix) })));
}

export function unionAddresses(a: AddressSet, b: AddressSet): AddressSet {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  return merged([...a, ...b]);
}

function merged(ranges: readonly AddressRange[]): AddressSet {
  const result: AddressRange[] = [];
  for (const range of ranges.toSorted((a, b) => compareAddresses(a.first, b.first))) {
    const before = result.at(-1);
    if (before !== undefined && touches(before, range)) {
      result[result.length - 1] = { first: before.first, last: later(before.last, range.last) };
    } else result.push(range);
  }
  return result;
}

/** Reports whether a range that starts no earlier overlaps the one before it or follows it at once. */
function touches(before: AddressRange, range: AddressRange): boolean {
  if (compareAddresses(range.first, before.last) <= 0) return true;
  const next = nextAddress(before.last);
  return next !== null && sameAddress(next, range.first);
}

function earlier(a: Address, b: Address): Address {
  return compareAddresses(a, b) <= 0 ? a : b;
}

function later(a: Address, b: Address): Address {
  return compareAddresses(a, b) >= 0 ? a : b;
}

export function intersectAddresses(a: AddressSet, b: AddressSet): AddressSet {
  const common: AddressRange[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = a[i]!;
    const right = b[j]!;
    const first = later(left.first, right.first);
    const last = earlier(left.last, right.last);
    // Ranges of two families never meet: the later start is v6 then, and the earlier end v4.
    if (compareAddresses(first, last) <= 0) common.push({ first, last });
    // The range that ends first meets nothing further on.
    if (compareAddresses(left.last, right.last) < 0) i++;
    else j++;
  }
  return common;
}

/** What is in `a` and not in `b`. */
export function subtractAddresses(a: AddressSet, b: AddressSet): AddressSet {
  const left: AddressRange[] = [];
  let j = 0;
  for (const { first, last } of a) {
    //   range  |---------------|
    //   holes    |--|    |--------|      leaves what stands before each hole, and what follows the last one
    let start: Address | null = first;
    while (j < b.length && compareAddresses(b[j]!.last, first) < 0) j++;
    for (let k = j; start !== null && k < b.length && compareAddresses(b[k]!.first, last) <= 0; k++) {
      const hole = b[k]!;
      // A hole that starts later has an address before it: the range's start is one.
      if (compareAddresses(start, hole.first) < 0) left.push({ first: start, last: previousAddress(hole.first)! });
      start = nextAddress(hole.last);
    }
    if (start !== null && compareAddresses(start, last) <= 0) left.push({ first: start, last });
  }
  return left;
}

export function isNoAddress(set: AddressSet): boolean {
  return set.length === 0;
}

export function hasAddress(set: AddressSet, address: Address): boolean {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareAddresses(set[middle]!.last, address) < 0) low = middle + 1;
    else high = middle;
  }
  return low < set.length && compareAddresses(set[low]!.first, address) <= 0;
}

/** The fewest prefixes that make up the set, in ascending order. */
export function prefixesOf(set: AddressSet): readonly Prefix[] {
  const prefixes: Prefix[] = [];
  for (const { first, last } of set) {
    let start: Address | null = first;
    while (start !== null && compareAddresses(start, last) <= 0) {
      const prefix = widestPrefix(start, last);
      prefixes.push(prefix);
      start = nextAddress(lastAddress(prefix));
    }
  }
  return prefixes;
}

/** The largest prefix that starts at one address and does not reach past the other. */
function widestPrefix(start: Address, last: Address): Prefix {
  let widest = prefixAround(start, addressBits(start.family));
  while (widest.length > 0) {
    const wider = prefixAround(start, widest.length - 1);
    if (!sameAddress(wider.address, start) || compareAddresses(lastAddress(wider), last) > 0) break;
    widest = wider;
  }
  return widest;
}
