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
  type Family,
  highestAddress,
  lowestAddress,
  nextAddress,
  previousAddress,
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
  // Words and no objects: a snapshot of 100,000 interfaces has half a million bounds.
  readonly #v4 = new Words();
  /** Four words an address. */
  readonly #v6 = new Words();

  constructor() {
    this.#v4.add(0);
    this.#addV6(lowestAddress(6));
  }

  addPrefix(prefix: Prefix): void {
    if (prefix.address.family === 4) this.#addV4(prefix.address.w0, 2 ** (32 - prefix.length));
    else this.#addV6Range(prefix.address, lastAddress(prefix));
  }

  addAddress(address: Address): void {
    if (address.family === 4) this.#addV4(address.w0, 1);
    else this.#addV6Range(address, address);
  }

  addRange({ first, last }: AddressRange): void {
    if (first.family === 4) this.#addV4(first.w0, last.w0 - first.w0 + 1);
    else this.#addV6Range(first, last);
  }

  #addV4(first: number, size: number): void {
    this.#v4.add(first);
    if (first + size <= 0xffffffff) this.#v4.add(first + size);
  }

  #addV6Range(first: Address, last: Address): void {
    this.#addV6(first);
    const after = nextAddress(last);
    if (after !== null) this.#addV6(after);
  }

  #addV6({ w0, w1, w2, w3 }: Address): void {
    this.#v6.add(w0);
    this.#v6.add(w1);
    this.#v6.add(w2);
    this.#v6.add(w3);
  }

  build(): AddressSpace {
    const v4Bounds = this.#v4.all().sort();
    const v6Bounds = sortedByWords(this.#v6.all());
    const room = v4Bounds.length + v6Bounds.length / 4;
    const words = [0, 1, 2, 3].map(() => new Uint32Array(room)) as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
    const [w0, w1, w2, w3] = words;
    let size = 0;
    for (const start of v4Bounds) if (size === 0 || w0[size - 1] !== start) w0[size++] = start;
    const firstV6 = size;
    for (let i = 0; i < v6Bounds.length; i += 4) {
      const before = size - 1;
      const isKnown =
        size > firstV6 &&
        w0[before] === v6Bounds[i] &&
        w1[before] === v6Bounds[i + 1] &&
        w2[before] === v6Bounds[i + 2] &&
        w3[before] === v6Bounds[i + 3];
      if (isKnown) continue;
      words.forEach((word, at) => {
        word[size] = v6Bounds[i + at]!;
      });
      size++;
    }
    return {
      size,
      firstV6,
      w0: w0.slice(0, size),
      w1: w1.slice(0, size),
      w2: w2.slice(0, size),
      w3: w3.slice(0, size),
    };
  }
}

/** A list of 32-bit words that grows. */
class Words {
  #words = new Uint32Array(256);
  #length = 0;

  add(word: number): void {
    if (this.#length === this.#words.length) {
      const grown = new Uint32Array(2 * this.#length);
      grown.set(this.#words);
      this.#words = grown;
    }
    this.#words[this.#length++] = word;
  }

  /** A copy. */
  all(): Uint32Array {
    return this.#words.slice(0, this.#length);
  }
}

const DIGITS = 1 << 16;

/** Addresses of four words in ascending order: by their sixteen-bit digits, the last one first, each pass keeping ties in order. */
function sortedByWords(given: Uint32Array): Uint32Array {
  let from: Uint32Array = given;
  let to: Uint32Array = new Uint32Array(given.length);
  const places = new Uint32Array(DIGITS + 1);
  for (let digit = 7; digit >= 0; digit--) {
    const word = digit >> 1;
    const shift = (digit & 1) === 0 ? 16 : 0;
    places.fill(0);
    for (let i = word; i < from.length; i += 4) places[((from[i]! >>> shift) & 0xffff) + 1]!++;
    for (let i = 1; i <= DIGITS; i++) places[i]! += places[i - 1]!;
    for (let i = 0; i < from.length; i += 4) {
      const at = 4 * places[(from[i + word]! >>> shift) & 0xffff]!++;
      for (let k = 0; k < 4; k++) to[at + k] = from[i + k]!;
    }
    [from, to] = [to, from];
  }
  return from;
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
  const ranks = prefix.address.family === 4 ? ranksOfV4(space, prefix) : ranksOfV6(space, prefix);
  if (ranks === null) throw new RangeError(`prefix ${formatPrefix(prefix)} is not bounded in the address space`);
  return ranks;
}

/** Null where a bound is missing. */
function ranksOfV4(space: AddressSpace, { address, length }: Prefix): Ranks | null {
  const { w0, firstV6 } = space;
  const after = address.w0 + 2 ** (32 - length);
  const first = rankOfWord(space, address.w0);
  const last = length === 32 ? first : rankOfWord(space, after - 1);
  const isBoundedAfter = after > 0xffffffff ? last + 1 === firstV6 : last + 1 < firstV6 && w0[last + 1] === after;
  return w0[first] === address.w0 && isBoundedAfter ? { first, last } : null;
}

function ranksOfV6(space: AddressSpace, prefix: Prefix): Ranks | null {
  const end = isHostPrefix(prefix) ? prefix.address : lastAddress(prefix);
  const first = rankOf(space, prefix.address);
  const last = end === prefix.address ? first : rankOf(space, end);
  const after = nextAddress(end);
  const areBounds = startsAt(space, first, prefix.address) && (after === null || startsAt(space, last + 1, after));
  return areBounds ? { first, last } : null;
}

/** Rank of a v4 address. */
function rankOfWord({ w0, firstV6 }: AddressSpace, word: number): number {
  let low = 0;
  let high = firstV6 - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (w0[middle]! <= word) low = middle;
    else high = middle - 1;
  }
  return low;
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
