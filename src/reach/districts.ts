/**
 * Districts: addresses of plain interfaces (`plain-ends.ts`) that no stage between two interfaces tells apart.
 *
 * Network ACLs, routes and blocks cut the addresses into runs. The lookup which finds the interface in its subnet would cut out every
 * one, and does not count: all that it says is that the packet has come to who has the address.
 */

import type { Compiled } from '../compile/compile.ts';
import { type Lookup, NOTHING } from '../compile/lookup.ts';
import { DESTINATION } from '../compile/rule-table.ts';
import { type Entry, FILTER, LOOKUP, type Stage, type StageId } from '../compile/stage.ts';
import { boundsOf } from './address-map.ts';

/** What a lookup says of an address: an entry, NOTHING, or that it leads to who has it: to its groups, or behind them. */
const AT_HOME = -2;
const BEHIND_HOME = -3;

export class Districts {
  /** Addresses of plain interfaces, each once, ascending, and by their index where they come in. */
  readonly ranks: Int32Array;
  readonly homes: Int32Array;
  /** By index of the address. */
  readonly of: Int32Array;
  /** An address of each, by its index. */
  readonly examples: Int32Array;
  readonly #compiled: Compiled;

  /** `ends` are the addresses and the stages where they come in; an address is of one interface. */
  constructor(compiled: Compiled, ends: readonly { readonly rank: number; readonly home: StageId }[]) {
    this.#compiled = compiled;
    const homes = new Map(ends.map(({ rank, home }) => [rank, home]));
    this.ranks = Int32Array.from(homes.keys()).sort();
    this.homes = Int32Array.from(this.ranks, (rank) => homes.get(rank)!);
    const starts = this.#cuts();
    this.of = new Int32Array(this.ranks.length);
    const examples: number[] = [];
    this.of.forEach((_, index) => {
      if (index === 0 || starts[index] === 1) examples.push(index);
      this.of[index] = examples.length - 1;
    });
    this.examples = Int32Array.from(examples);
  }

  /** Marks addresses that some stage tells from the one before. */
  #cuts(): Uint8Array {
    const { stages, space } = this.#compiled;
    const starts = new Uint8Array(this.ranks.length + 1);
    starts[this.#indexFrom(space.firstV6)] = 1;
    const seen = new Map<unknown, unknown>();
    for (const stage of stages) {
      if (!isBetween(stage)) continue;
      if (stage.kind === FILTER) {
        if (seen.has(stage.rules)) continue;
        seen.set(stage.rules, null);
        for (const bound of boundsOf(stage.rules)) starts[this.#indexFrom(bound)] = 1;
      } else if (seen.get(stage.lookup) !== stage.entries) {
        seen.set(stage.lookup, stage.entries);
        this.#cutAt(stage, starts, stage.end === DESTINATION ? 0 : this.#indexFrom(space.firstV6));
      }
    }
    return starts;
  }

  #cutAt({ lookup, entries }: Stage, starts: Uint8Array, from: number): void {
    const { ranks } = this;
    const { starts: runs } = lookup;
    let run = 0;
    let said = NOTHING;
    let saidBefore = NOTHING;
    // From one address that has a run of its own to the next: nothing in between speaks of any.
    for (let index = from; index < ranks.length; ) {
      run = lastRun(lookup, ranks[index]!, run);
      said = this.#said(lookup.values[run]!, entries, index);
      if (said !== saidBefore || index === from) starts[index] = 1;
      saidBefore = said;
      if (said === AT_HOME || said === BEHIND_HOME) index++;
      else if (run + 1 === runs.length) return;
      else index = this.#indexFrom(runs[run + 1]!, index);
    }
  }

  #said(value: number, entries: readonly Entry[], index: number): number {
    if (value === NOTHING) return NOTHING;
    const { next, rewrite, alternatives, assumptions } = entries[value]!;
    if (rewrite !== null || alternatives.length > 0 || assumptions !== 0) return value;
    const home = this.homes[index]!;
    if (next === home) return AT_HOME;
    return next === this.#compiled.stages[home]!.next ? BEHIND_HOME : value;
  }

  #indexFrom(rank: number, from: number = 0): number {
    const { ranks } = this;
    let low = from;
    let high = ranks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ranks[middle]! < rank) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * Whether districts respect what the stage asks, of either end. An exception: by IPv4 sources, which are only looked up to be replaced,
 * no district is cut.
 */
export function isBetween({ kind, role }: Stage): boolean {
  return (kind === FILTER || kind === LOOKUP) && role !== 'host' && role !== 'exempt' && role !== 'source-dest-check';
}

/** Index of the run that holds a rank; no earlier than `from`. */
function lastRun({ starts }: Lookup, rank: number, from: number): number {
  let low = from;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (starts[middle]! <= rank) low = middle;
    else high = middle - 1;
  }
  return low;
}
