/**
 * What a walk asked of one of its ends, so that other addresses at that end can be told to fare exactly alike without being walked:
 * those for which every table and every lookup that was asked says the same.
 */

import { find, type Lookup } from '../compile/lookup.ts';
import { DESTINATION, type RuleTable, SOURCE } from '../compile/rule-table.ts';
import { boundsOf, runOfBounds } from './address-map.ts';

export class Consulted {
  /** The end of the request that is watched: SOURCE or DESTINATION. Its addresses carry no security group. */
  readonly #end: number;
  readonly #tables = new Set<RuleTable>();
  readonly #lookups = new Set<Lookup>();
  /** Ranks of single addresses that the watched one was compared with. */
  readonly #singles = new Set<number>();
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

  /** The address at `end` was compared with the one of this rank. */
  compared(end: number, rank: number, isAnswer: boolean): void {
    if (this.#watches(end, isAnswer)) this.#singles.add(rank);
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
    if (rank !== other && (this.#singles.has(rank) || this.#singles.has(other))) return false;
    for (const lookup of this.#lookups) if (find(lookup, rank) !== find(lookup, other)) return false;
    for (const table of this.#tables) {
      const bounds = boundsOf(table);
      if (runOfBounds(bounds, rank) !== runOfBounds(bounds, other)) return false;
    }
    return true;
  }
}
