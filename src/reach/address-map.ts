/**
 * What a rule table lets through, as a map over addresses: runs of ranks for which the table says one thing, each worked out when it
 * is first asked for. Tables are few and pairs are many, so that nearly every question is one binary search.
 */

import type { Compiled } from '../compile/compile.ts';
import { type Holders, NOBODY } from '../compile/identity.ts';
import { NO_GROUP, type RuleTable } from '../compile/rule-table.ts';
import { type Allowed, allowedByAny, allowedInOrder } from './allowed.ts';
import type { L4Sets } from './l4-sets.ts';

/** Runs of one table, for peers that carry the same of the groups that it names. */
type Runs = (Allowed | undefined)[];

/** The map of one table; ask `AddressMaps.of` for it once, and `anyIn` it many times. */
export interface TableMap {
  readonly table: RuleTable;
  readonly bounds: Int32Array;
  /** For peers that carry none of the groups that the table names, or for tables in order. */
  readonly plain: Runs;
  readonly named: ReadonlySet<number>;
  /** By the peer's groups: interfaces with equal groups share one array. */
  readonly byGroups: Map<Int32Array, Runs>;
  /** By the missing fact that would tell who the peer is. */
  readonly byFact: Map<number, Runs>;
  /** Runs by the text of the groups that count, so that equal ones are one. */
  readonly byText: Map<string, Runs>;
}

const BOUNDS = new WeakMap<RuleTable, Int32Array>();

export class AddressMaps {
  readonly #sets: L4Sets;
  readonly #holders: Holders;
  readonly #maps = new Map<RuleTable, TableMap>();

  constructor(compiled: Compiled, sets: L4Sets) {
    this.#sets = sets;
    this.#holders = compiled;
  }

  /** First match, for a peer at `rank`. */
  inOrder(table: RuleTable, rank: number): Allowed {
    const { bounds, plain } = this.of(table);
    const run = runOfBounds(bounds, rank);
    const known = plain[run];
    if (known !== undefined) return known;
    const allowed = allowedInOrder(this.#sets, table, rank);
    plain[run] = allowed;
    return allowed;
  }

  /** Any match, for a peer at `rank` that is `holder` (see `identity.ts`). */
  any(table: RuleTable, rank: number, holder: number): Allowed {
    return this.anyIn(this.of(table), rank, holder);
  }

  anyIn(map: TableMap, rank: number, holder: number): Allowed {
    const { table } = map;
    const runs = table.hasGroups && holder !== NOBODY ? this.#runsFor(map, holder) : map.plain;
    const run = runOfBounds(map.bounds, rank);
    const known = runs[run];
    if (known !== undefined) return known;
    const allowed = allowedByAny(this.#sets, table, rank, holder, this.#holders);
    runs[run] = allowed;
    return allowed;
  }

  #runsFor({ plain, named, byGroups, byFact, byText }: TableMap, holder: number): Runs {
    if (holder < 0) {
      const known = byFact.get(holder) ?? [];
      byFact.set(holder, known);
      return known;
    }
    const groups = this.#holders.groupsOfInterface[holder]!;
    const known = byGroups.get(groups);
    if (known !== undefined) return known;
    const text = groups.filter((group) => named.has(group)).join();
    const runs = text === '' ? plain : (byText.get(text) ?? []);
    byText.set(text, runs);
    byGroups.set(groups, runs);
    return runs;
  }

  of(table: RuleTable): TableMap {
    const known = this.#maps.get(table);
    if (known !== undefined) return known;
    const named = new Set(table.rows.map(({ group }) => group).filter((group) => group !== NO_GROUP));
    const map = {
      table,
      bounds: boundsOf(table),
      plain: [],
      named,
      byGroups: new Map(),
      byFact: new Map(),
      byText: new Map(),
    };
    this.#maps.set(table, map);
    return map;
  }
}

/** Where a row begins to speak or ends: between two neighbours the table says one thing. Rows for members of groups do not count. */
export function boundsOf(table: RuleTable): Int32Array {
  const known = BOUNDS.get(table);
  if (known !== undefined) return known;
  const rows = table.rows.filter(({ group }) => group === NO_GROUP);
  const bounds = Int32Array.from(new Set(rows.flatMap(({ firstRank, lastRank }) => [firstRank, lastRank + 1]))).sort();
  BOUNDS.set(table, bounds);
  return bounds;
}

/** How many bounds are not after the rank. */
export function runOfBounds(bounds: Int32Array, rank: number): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bounds[middle]! <= rank) low = middle + 1;
    else high = middle;
  }
  return low;
}
