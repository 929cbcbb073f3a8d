/**
 * All addresses of a snapshot as one row of integers.
 *
 * Every bound that any rule, route, subnet or interface mentions cuts the two families into atoms: runs of addresses that no
 * table can tell apart. Atoms are numbered from 0, v4 first, v6 after. An address is looked up once and is its atom's *rank*
 * from then on; a prefix is a range of ranks; and no table knows which family it holds.
 *
 *     rank      0             1         2                   n4            n4+1
 *     v4   |0.0.0.0 ....|10.0.0.0 ..|10.0.1.0 ....|   v6   |:: ........|2001:db8:: ...
 */

import {
  type Address,
  compareAddresses,
  type Family,
  highestAddress,
  lowestAddress,
  nextAddress,
  previousAddress,
  sameAddress,
} from '../net/address.ts';
import type { AddressRange } from '../net/address-set.ts';
import { formatPrefix } from '../net/address-text.ts';
import { firstAddress, isHostPrefix, lastAddress, type Prefix } from '../net/prefix.ts';

/** An inclusive range of ranks. */
export interface Ranks {
  readonly first: number;
  readonly last: number;
}

export interface AddressSpace {
  /** Number of atoms. */
  readonly size: number;
  /** Rank of the first v6 atom. */
  readonly firstV6: number;
  /** First address of each atom, word by word. */
  readonly w0: Uint32Array;
  readonly w1: Uint32Array;
  readonly w2: Uint32Array;
  readonly w3: Uint32Array;
}

/** Collects the bounds that the tables will need; `build` freezes them. */
export class AddressBounds {
  // v4 bounds as plain numbers: a snapshot of 100,000 interfaces has half a million of them.
  readonly #v4: number[] = [0];
  readonly #v6: Address[] = [lowestAddress(6)];

  addPrefix(prefix: Prefix): void {
    if (prefix.address.family === 4) this.#addV4(prefix.address.w0, 2 ** (32 - prefix.length));
    else this.#addV6(prefix.address, nextAddress(lastAddress(prefix)));
  }

  addAddress(address: Address): void {
    if (address.family === 4) this.#addV4(address.w0, 1);
    else this.#addV6(address, nextAddress(address));
  }

  addRange({ first, last }: AddressRange): void {
    if (first.family === 4) this.#addV4(first.w0, last.w0 - first.w0 + 1);
    else this.#addV6(first, nextAddress(last));
  }

  #addV4(first: number, size: number): void {
    this.#v4.push(first);
    if (first + size <= 0xffffffff) this.#v4.push(first + size);
  }

  #addV6(first: Address, after: Address | null): void {
    this.#v6.push(first);
    if (after !== null) this.#v6.push(after);
  }

  build(): AddressSpace {
    const v4Bounds = new Uint32Array(this.#v4).sort();
    const v4Starts = v4Bounds.filter((start, i) => i === 0 || v4Bounds[i - 1] !== start);
    const v6Starts = this.#v6
      .sort(compareAddresses)
      .filter((start, i, sorted) => i === 0 || !sameAddress(sorted[i - 1]!, start));
    const size = v4Starts.length + v6Starts.length;
    const space: AddressSpace = {
      size,
      firstV6: v4Starts.length,
      w0: new Uint32Array(size),
      w1: new Uint32Array(size),
      w2: new Uint32Array(size),
      w3: new Uint32Array(size),
    };
    space.w0.set(v4Starts);
    v6Starts.forEach((start, i) => {
      const rank = space.firstV6 + i;
      space.w0[rank] = start.w0;
      space.w1[rank] = start.w1;
      space.w2[rank] = start.w2;
      space.w3[rank] = start.w3;
    });
    return space;
  }
}

/** Rank of the atom that holds the address. */
export function rankOf(space: AddressSpace, address: Address): number {
  const { w0 } = space;
  // The last start that is not after the address; the family's lowest address is always a start.
  let low = address.family === 4 ? 0 : space.firstV6;
  let high = (address.family === 4 ? space.firstV6 : space.size) - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    const start = w0[middle]!;
    // The first word settles nearly every comparison, and every one of v4.
    if (start < address.w0 || (start === address.w0 && !startsAfter(space, middle, address))) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Compares an atom's first address with one that has the same first word. */
function startsAfter({ w1, w2, w3 }: AddressSpace, rank: number, address: Address): boolean {
  const order = w1[rank]! - address.w1 || w2[rank]! - address.w2 || w3[rank]! - address.w3;
  return order > 0;
}

/** Reports whether a prefix is made up of whole atoms, so that it has ranks. */
export function isBounded(space: AddressSpace, prefix: Prefix): boolean {
  const after = nextAddress(lastAddress(prefix));
  const first = firstAddress(prefix);
  return (
    startsAt(space, rankOf(space, first), first) && (after === null || startsAt(space, rankOf(space, after), after))
  );
}

/** Ranks of the atoms that make up a prefix. Throws if its bounds were never added: a table would be silently too wide. */
export function ranksOf(space: AddressSpace, prefix: Prefix): Ranks {
  const end = lastAddress(prefix);
  const first = rankOf(space, firstAddress(prefix));
  const last = isHostPrefix(prefix) ? first : rankOf(space, end);
  const after = nextAddress(end);
  if (!startsAt(space, first, firstAddress(prefix)) || (after !== null && !startsAt(space, last + 1, after))) {
    throw new RangeError(`prefix ${formatPrefix(prefix)} is not bounded in the address space`);
  }
  return { first, last };
}

function startsAt(space: AddressSpace, rank: number, address: Address): boolean {
  const { w0, w1, w2, w3 } = space;
  return w0[rank] === address.w0 && w1[rank] === address.w1 && w2[rank] === address.w2 && w3[rank] === address.w3;
}

/** The addresses from the first of one atom to the last of another. Throws if the two are of different families. */
export function rangeOfRanks(space: AddressSpace, { first, last }: Ranks): AddressRange {
  const family = first < space.firstV6 ? 4 : 6;
  if (last < space.firstV6 !== (family === 4)) throw new RangeError(`ranks ${first}-${last} are of two families`);
  const end = last + 1 === (family === 4 ? space.firstV6 : space.size);
  return {
    first: startOf(space, first, family),
    last: end ? highestAddress(family) : previousAddress(startOf(space, last + 1, family))!,
  };
}

function startOf({ w0, w1, w2, w3 }: AddressSpace, rank: number, family: Family): Address {
  return { family, w0: w0[rank]!, w1: w1[rank]!, w2: w2[rank]!, w3: w3[rank]! };
}

/** Ranks of a whole family. */
export function ranksOfFamily(space: AddressSpace, family: 4 | 6): Ranks {
  return family === 4 ? { first: 0, last: space.firstV6 - 1 } : { first: space.firstV6, last: space.size - 1 };
}

export function allRanks(space: AddressSpace): Ranks {
  return { first: 0, last: space.size - 1 };
}
