/**
 * What a walk asked of one of its ends, so that other addresses at that end can be told to fare exactly alike without being walked:
 * those for which every table and every lookup that was asked says the same.
 */

import { find, type Lookup } from '../compile/lookup.ts';
import { DESTINATION, NO_GROUP, type RuleTable, SOURCE } from '../compile/rule-table.ts';

const BOUNDS = new WeakMap<RuleTable, Int32Array>();

export class Consulted {
  /** The end of the request that is watched: SOURCE or DESTINATION. Its addresses carry no security group. */
  readonly #end: number;
  readonly #tables = new Set<RuleTable>();
  readonly #lookups = new Set<Lookup>();
  /** The watched address was replaced on its way, so that what was asked later was not asked of it. */
  #isReplaced = false;

  constructor(end: number) {
    this.#end = end;
  }

  /** A table or lookup was asked of `end` of a request, or of the answer to one. */
  table(table: RuleTable, isAnswer: boolean): void {
    if (this.#watches(table.peer, isAnswer)) this.#tables.add(table);
  }

  lookup(lookup: Lookup, end: number, isAnswer: boolean): void {
    if (this.#watches(end, isAnswer)) this.#lookups.add(lookup);
  }

  replaced(end: number, isAnswer: boolean): void {
    if (this.#watches(end, isAnswer)) this.#isReplaced = true;
  }

  #watches(end: number, isAnswer: boolean): boolean {
    return isAnswer ? end === (this.#end === SOURCE ? DESTINATION : SOURCE) : end === this.#end;
  }

  /** Whether an address of rank `other` would have been told the same as the one of rank `rank` that was walked. */
  isAlike(rank: number, other: number): boolean {
    if (this.#isReplaced) return false;
    for (const lookup of this.#lookups) if (find(lookup, rank) !== find(lookup, other)) return false;
    for (const table of this.#tables) {
      const bounds = boundsOf(table);
      if (boundsUpTo(bounds, rank) !== boundsUpTo(bounds, other)) return false;
    }
    return true;
  }
}

/** Where a row begins to speak or ends: between two neighbours the table says one thing. Rows for members of groups do not count. */
function boundsOf(table: RuleTable): Int32Array {
  const known = BOUNDS.get(table);
  if (known !== undefined) return known;
  const rows = table.rows.filter(({ group }) => group === NO_GROUP);
  const bounds = Int32Array.from(new Set(rows.flatMap(({ firstRank, lastRank }) => [firstRank, lastRank + 1]))).sort();
  BOUNDS.set(table, bounds);
  return bounds;
}

function boundsUpTo(bounds: Int32Array, rank: number): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bounds[middle]! <= rank) low = middle + 1;
    else high = middle;
  }
  return low;
}
