/**
 * How far around an address nothing changes: a walk with one address speaks for its neighbours, up to the next bound of any table
 * that the walk asked about that end. So every address of a range is tried with as few walks as there are different ones.
 */

import type { Ranks } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import { DESTINATION, type RuleTable } from '../compile/rule-table.ts';
import { FILTER, GROUPS, LOOKUP, type Stage, type StageId } from '../compile/stage.ts';

export class SteadyRanks {
  readonly #compiled: Compiled;
  /** First ranks of the runs in which no row of a table begins or ends. */
  readonly #runs = new Map<RuleTable, Int32Array>();

  constructor(compiled: Compiled) {
    this.#compiled = compiled;
  }

  /**
   * The ranks around this one that would have gone the same way past these stages, as the source or destination (`end`) of the
   * packet. Where the end is rewritten on the way, it no longer matters; taking it for the old one only makes the range smaller.
   */
  around(rank: number, path: readonly StageId[], end: number): Ranks {
    let range: Ranks = { first: 0, last: this.#compiled.space.size - 1 };
    for (const id of path) {
      for (const starts of this.#startsAt(this.#compiled.stages[id]!, end)) range = within(range, starts, rank);
    }
    return range;
  }

  /** The ranks around this one that no row of the table tells apart. */
  inTable(rank: number, table: RuleTable): Ranks {
    return within({ first: 0, last: this.#compiled.space.size - 1 }, this.#runsOf(table), rank);
  }

  #startsAt({ kind, rules, lookup, identities, end: lookedUp }: Stage, end: number): readonly Int32Array[] {
    switch (kind) {
      case LOOKUP:
        return lookedUp === end ? [lookup.starts] : [];
      case FILTER:
      case GROUPS: {
        const own = rules.peer === end ? [this.#runsOf(rules)] : [];
        return kind === GROUPS && end === DESTINATION ? [...own, identities.starts] : own;
      }
      default:
        return [];
    }
  }

  #runsOf(table: RuleTable): Int32Array {
    const known = this.#runs.get(table);
    if (known !== undefined) return known;
    const starts = new Set([0]);
    for (const { firstRank, lastRank } of table.rows) starts.add(firstRank).add(lastRank + 1);
    const runs = Int32Array.from(starts).sort();
    this.#runs.set(table, runs);
    return runs;
  }
}

/** What is left of the range in the run that holds the rank. */
function within({ first, last }: Ranks, starts: Int32Array, rank: number): Ranks {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (starts[middle]! <= rank) low = middle;
    else high = middle - 1;
  }
  const next = starts[low + 1];
  return { first: Math.max(first, starts[low]!), last: next === undefined ? last : Math.min(last, next - 1) };
}
