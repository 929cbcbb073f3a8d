/**
 * Which targets a sender has any way to, before a single set is worked out: of the many pairs of an organisation most are stopped
 * by routes alone, for whole ranges of addresses at once.
 *
 * The flood follows every stage that a packet from the sender may come to and asks only what depends on the destination. It errs
 * on one side: a target that is not live is certainly not reached.
 */

import { ranksOf } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import { type Lookup, NOTHING, runOf } from '../compile/lookup.ts';
import { CERTAIN, DENY, DESTINATION, type RuleTable } from '../compile/rule-table.ts';
import { NAT64_PREFIX } from '../compile/special-addresses.ts';
import {
  BALANCE,
  DELIVER,
  DROP,
  type Entry,
  FILTER,
  GATEWAY_IN,
  GATEWAY_OUT,
  LOOKUP,
  type StageId,
  UNKNOWN,
} from '../compile/stage.ts';
import { ALL_PROTOCOLS, LAST_PORT } from '../net/protocol.ts';

/** Targets from index `first` up to, and not with, `end`, as they come to a stage. */
interface Wave {
  readonly stage: StageId;
  readonly first: number;
  readonly end: number;
}

export class LiveTargets {
  readonly #compiled: Compiled;
  readonly #ranks: Int32Array;
  readonly #nat64: { readonly first: number; readonly last: number };
  /** By table: rank ranges that it refuses whole. */
  readonly #refused = new WeakMap<RuleTable, readonly { readonly first: number; readonly last: number }[]>();
  readonly #nexts = new WeakMap<readonly Entry[], ReadonlySet<StageId>>();
  readonly #isCrossed: (place: number) => boolean;

  /** Stages at which packets count as arrived, by stage. */
  readonly #isHome: Uint8Array;

  /**
   * `ranks` are those of the targets' addresses, ascending. Without `overInternet` the flood ends where packets meet the internet. It
   * need not go on from stages that `isHome` marks.
   */
  constructor(compiled: Compiled, ranks: Int32Array, overInternet: boolean, isHome: Uint8Array) {
    this.#isHome = isHome;
    this.#compiled = compiled;
    this.#ranks = ranks;
    this.#isCrossed = (place) => overInternet || compiled.places[place]!.kind !== 'internet';
    this.#nat64 = ranksOf(compiled.space, NAT64_PREFIX);
  }

  /** Marks in `live`, by index of the target, those to which a packet that starts at this stage may come. */
  mark(start: StageId, live: Uint8Array): void {
    live.fill(0);
    const seen = new Map<StageId, Wave[]>();
    const queue: Wave[] = [];
    const send = (stage: StageId, first: number, end: number): void => {
      if (stage < 0 || first >= end) return;
      if (this.#isHome[stage] === 1) {
        live.fill(1, first, end);
        return;
      }
      const known = seen.get(stage);
      if (known === undefined) seen.set(stage, [{ stage, first, end }]);
      else if (known.some((wave) => wave.first <= first && end <= wave.end)) return;
      else known.push({ stage, first, end });
      queue.push({ stage, first, end });
    };
    send(start, 0, this.#ranks.length);
    for (let wave = queue.pop(); wave !== undefined; wave = queue.pop()) this.#pass(wave, send, live);
  }

  #pass(
    { stage: at, first, end }: Wave,
    send: (stage: StageId, first: number, end: number) => void,
    live: Uint8Array,
  ): void {
    const stage = this.#compiled.stages[at]!;
    if (!this.#isCrossed(stage.place)) return;
    switch (stage.kind) {
      case DELIVER:
      case UNKNOWN:
        live.fill(1, first, end);
        return;
      case DROP:
        return;
      case FILTER:
        if (stage.rules.peer !== DESTINATION) send(stage.next, first, end);
        else this.#filter(stage.rules, first, end, (from, to) => send(stage.next, from, to));
        return;
      case LOOKUP:
        if (stage.end === DESTINATION) this.#split(stage.lookup, stage.entries, stage.next, first, end, send, live);
        else {
          send(stage.next, first, end);
          for (const next of this.#nextsOf(stage.entries)) send(next, first, end);
        }
        return;
      case GATEWAY_OUT:
        this.#markNat64(first, end, live);
        send(stage.next, first, end);
        return;
      case BALANCE:
        // What a listener takes goes on under another address, in which the targets are no longer in this order.
        if (stage.listeners.length > 0) live.fill(1, first, end);
        return;
      case GATEWAY_IN:
        send(stage.next, first, end);
        send(stage.otherwise, first, end);
        return;
      default:
        send(stage.next, first, end);
    }
  }

  #split(
    lookup: Lookup,
    entries: readonly Entry[],
    otherwise: StageId,
    first: number,
    end: number,
    send: (stage: StageId, first: number, end: number) => void,
    live: Uint8Array,
  ): void {
    const { starts } = lookup;
    for (let from = first; from < end; ) {
      const run = runOf(lookup, this.#ranks[from]!);
      const to = run + 1 < starts.length ? Math.min(end, this.#indexFrom(starts[run + 1]!, from)) : end;
      const found = lookup.values[run]!;
      if (found === NOTHING) send(otherwise, from, to);
      else {
        const entry = entries[found]!;
        const take = (one: Entry): void => {
          // Under another address the targets are no longer in this order.
          if (one.rewrite !== null) live.fill(1, from, to);
          else send(one.next, from, to);
        };
        take(entry);
        for (const index of entry.alternatives) take(entries[index]!);
      }
      from = to;
    }
  }

  /** Gives `pass` the targets that the table does not refuse whole. */
  #filter(table: RuleTable, first: number, end: number, pass: (first: number, end: number) => void): void {
    let from = first;
    for (const refused of this.#refusedBy(table)) {
      const to = Math.min(end, this.#indexFrom(refused.first, first));
      if (to > from) pass(from, to);
      from = Math.max(from, this.#indexFrom(refused.last + 1, first));
      if (from >= end) return;
    }
    pass(from, end);
  }

  /** Where the entries lead, each stage once. */
  #nextsOf(entries: readonly Entry[]): ReadonlySet<StageId> {
    const known = this.#nexts.get(entries);
    if (known !== undefined) return known;
    const nexts = new Set(entries.map(({ next }) => next));
    this.#nexts.set(entries, nexts);
    return nexts;
  }

  /** Ranges for which the first row that speaks of them denies everything, ascending and apart. */
  #refusedBy(table: RuleTable): readonly { readonly first: number; readonly last: number }[] {
    const known = this.#refused.get(table);
    if (known !== undefined) return known;
    const bounds = [...new Set(table.rows.flatMap(({ firstRank, lastRank }) => [firstRank, lastRank + 1]))].sort(
      (a, b) => a - b,
    );
    const refused = bounds.slice(0, -1).flatMap((first, index) => {
      const row = table.rows.find(({ firstRank, lastRank }) => firstRank <= first && first <= lastRank);
      if (row === undefined || row.action !== DENY || row.fact !== CERTAIN) return [];
      const isWhole = row.protocol === ALL_PROTOCOLS && row.firstPortOrIcmp === 0 && row.lastPortOrIcmp === LAST_PORT;
      return isWhole ? [{ first, last: bounds[index + 1]! - 1 }] : [];
    });
    this.#refused.set(table, refused);
    return refused;
  }

  #markNat64(first: number, end: number, live: Uint8Array): void {
    const from = Math.max(first, this.#indexFrom(this.#nat64.first, first));
    const to = Math.min(end, this.#indexFrom(this.#nat64.last + 1, first));
    if (from < to) live.fill(1, from, to);
  }

  /** Index of the first target at or after `from` whose rank is at least `rank`. */
  #indexFrom(rank: number, from: number): number {
    let low = from;
    let high = this.#ranks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ranks[middle]! < rank) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
