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

  /**
   * What was asked, as columns of `known`: addresses for which all columns say the same were told the same. Null where no other address
   * can be told to fare alike.
   */
  columnsOf(known: KnownRuns): readonly Int32Array[] | null {
    if (this.#isReplaced || this.#singles.size > 0) return null;
    return [
      ...Array.from(this.#lookups, (lookup) => known.ofLookup(lookup)),
      ...Array.from(this.#tables, (table) => known.ofTable(table)),
    ];
  }
}

/** What tables and lookups say of a list of addresses that is asked about again and again: by address, a number. */
export class KnownRuns {
  readonly #ranks: Int32Array;
  readonly #columns = new Map<RuleTable | Lookup, Int32Array>();

  constructor(ranks: Int32Array) {
    this.#ranks = ranks;
  }

  /** Entry, or NOTHING. */
  ofLookup(lookup: Lookup): Int32Array {
    return this.#column(lookup, (rank) => find(lookup, rank));
  }

  /** Run of addresses of which the rows say the same, besides those for members of groups. */
  ofTable(table: RuleTable): Int32Array {
    const bounds = boundsOf(table);
    return this.#column(table, (rank) => runOfBounds(bounds, rank));
  }

  #column(key: RuleTable | Lookup, numberOf: (rank: number) => number): Int32Array {
    const known = this.#columns.get(key);
    if (known !== undefined) return known;
    const column = this.#ranks.map(numberOf);
    this.#columns.set(key, column);
    return column;
  }
}
