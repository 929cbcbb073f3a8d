/** Addresses of interfaces as ranks, found once: half a dozen tables are made of them. */

import type { Network } from '../model/network.ts';
import { type AddressSpace, type Ranks, ranksOf } from './address-space.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { type Lookup, type LookupPrefix, NOTHING, runsOf } from './lookup.ts';
import { ownPrefixes } from './names.ts';

/** Those of all interfaces in one row, in the order of `ownPrefixes`. As objects they would outweigh the tables made of them. */
export interface OwnRanks {
  /** Where each interface's addresses begin; one more at the end. */
  readonly begins: Int32Array;
  readonly firsts: readonly number[];
  readonly lasts: readonly number[];
  readonly lengths: readonly number[];
}

function ownRanksOf(network: Network, space: AddressSpace): OwnRanks {
  const enis = network.networkInterfaces;
  const begins = new Int32Array(enis.length + 1);
  const firsts: number[] = [];
  const lasts: number[] = [];
  const lengths: number[] = [];
  enis.forEach((eni, index) => {
    for (const prefix of ownPrefixes(eni)) {
      const { first, last } = ranksOf(space, prefix);
      firsts.push(first);
      lasts.push(last);
      lengths.push(prefix.length);
    }
    begins[index + 1] = firsts.length;
  });
  return { begins, firsts, lasts, lengths };
}

export function ownRanks(b: GraphBuilder): OwnRanks {
  return b.shared('ranks of own addresses', () => ownRanksOf(b.network, b.space));
}

/** The ranks of one interface's addresses. */
export function ranksOfOwn({ begins, firsts, lasts }: OwnRanks, eni: number): readonly Ranks[] {
  const ranks: Ranks[] = [];
  for (let i = begins[eni]!; i < begins[eni + 1]!; i++) ranks.push({ first: firsts[i]!, last: lasts[i]! });
  return ranks;
}

/** In the order of `ownPrefixes`; their value is the index of the interface. */
export function ownAddresses(b: GraphBuilder, eni: number): readonly LookupPrefix[] {
  return ownAddressesTo(b, eni, eni);
}

/** The same addresses with another value. */
export function ownAddressesTo(b: GraphBuilder, eni: number, value: number): readonly LookupPrefix[] {
  const { begins, firsts, lasts, lengths } = ownRanks(b);
  const prefixes: LookupPrefix[] = [];
  for (let i = begins[eni]!; i < begins[eni + 1]!; i++) {
    prefixes.push({ ranks: { first: firsts[i]!, last: lasts[i]! }, length: lengths[i]!, value });
  }
  return prefixes;
}

/** One of them with another value. */
export function leadingTo({ ranks, length }: LookupPrefix, value: number): LookupPrefix {
  return { ranks, length, value };
}

/** Maps the interface's own addresses to 0. */
export function ownLookup(b: GraphBuilder, eni: number): Lookup {
  return b.sharedOf('own', eni, writeOwnLookup);
}

function writeOwnLookup(b: GraphBuilder, eni: number): Lookup {
  const { starts, values } = runsOf(ownAddressesTo(b, eni, 0));
  const room = b.shared('room for own lookups', () => new Room());
  // Runs of 0 and of nothing take turns: how many there are and what comes first says all.
  const key = 2 * values.length + (values[0] === NOTHING ? 0 : 1);
  return { starts: room.keep(starts), values: b.sharedOf('values of own lookups', key, () => new Int32Array(values)) };
}

/** Room for many short lists: an array of integers by itself weighs more than ten times what these hold. */
class Room {
  #chunk = new Int32Array(0);
  #taken = 0;

  keep(values: readonly number[]): Int32Array {
    if (this.#taken + values.length > this.#chunk.length) {
      this.#chunk = new Int32Array(Math.max(ROOM, values.length));
      this.#taken = 0;
    }
    const kept = new Int32Array(this.#chunk.buffer, 4 * this.#taken, values.length);
    kept.set(values);
    this.#taken += values.length;
    return kept;
  }
}

const ROOM = 4096;
