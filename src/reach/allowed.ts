/**
 * What a rule table lets through for one peer, as sets: what it certainly allows, and what it may allow.
 *
 * The same rows as the walker's `decide.ts`, and the same three values: a packet is in `must` when every completion of the missing
 * facts allows it, in `may` when some completion does.
 */

import { type Holders, holderFact, mayCarry } from '../compile/identity.ts';
import { ALLOW, CERTAIN, DENY, NO_GROUP, type RuleRow, type RuleTable } from '../compile/rule-table.ts';
import { EMPTY, EVERYTHING, type L4Id, type L4Sets } from './l4-sets.ts';

export interface Allowed {
  readonly must: L4Id;
  readonly may: L4Id;
  /** Facts behind what lies between, by index. */
  readonly facts: readonly number[];
}

function isFor(row: RuleRow, rank: number): boolean {
  return row.firstRank <= rank && rank <= row.lastRank;
}

/** First match (NACL-02), for a peer at `rank`. */
export function allowedInOrder(sets: L4Sets, table: RuleTable, rank: number): Allowed {
  let undecided: L4Id = EVERYTHING;
  let must: L4Id = EMPTY;
  let may: L4Id = EMPTY;
  // Undecided packets that a doubtful row may already have allowed, or denied.
  let maybeAllowed: L4Id = EMPTY;
  let maybeDenied: L4Id = EMPTY;
  const doubts: { fact: number; set: L4Id }[] = [];
  for (const row of table.rows) {
    if (!isFor(row, rank)) continue;
    const hit = sets.intersect(undecided, sets.box(row.protocol, row.firstPortOrIcmp, row.lastPortOrIcmp));
    if (hit === EMPTY) continue;
    if (row.fact !== CERTAIN) {
      doubts.push({ fact: row.fact, set: hit });
      if (row.action !== DENY) maybeAllowed = sets.union(maybeAllowed, hit);
      if (row.action !== ALLOW) maybeDenied = sets.union(maybeDenied, hit);
      continue;
    }
    if (row.action === ALLOW) {
      must = sets.union(must, sets.subtract(hit, maybeDenied));
      may = sets.union(may, hit);
    } else may = sets.union(may, sets.intersect(hit, maybeAllowed));
    undecided = sets.subtract(undecided, hit);
    if (undecided === EMPTY) break;
  }
  may = sets.union(may, sets.intersect(undecided, maybeAllowed));
  return { must, may, facts: factsBetween(sets, must, may, doubts) };
}

/** Any match (SG-01, SG-02), for a peer at `rank` that is `holder`: an interface, NOBODY, or a missing fact. */
export function allowedByAny(sets: L4Sets, table: RuleTable, rank: number, holder: number, holders: Holders): Allowed {
  let must: L4Id = EMPTY;
  let may: L4Id = EMPTY;
  const doubts: { fact: number; set: L4Id }[] = [];
  for (const row of table.rows) {
    if (!isFor(row, rank)) continue;
    let { fact } = row;
    if (row.group !== NO_GROUP) {
      if (!mayCarry(holders, holder, row.group)) continue;
      if (holder < 0 && fact === CERTAIN) fact = holderFact(holders, holder);
    }
    const set = sets.box(row.protocol, row.firstPortOrIcmp, row.lastPortOrIcmp);
    may = sets.union(may, set);
    if (fact === CERTAIN) must = sets.union(must, set);
    else doubts.push({ fact, set });
  }
  return { must, may, facts: factsBetween(sets, must, may, doubts) };
}

function factsBetween(
  sets: L4Sets,
  must: L4Id,
  may: L4Id,
  doubts: readonly { readonly fact: number; readonly set: L4Id }[],
): readonly number[] {
  const open = sets.subtract(may, must);
  return open === EMPTY ? [] : doubts.filter(({ set }) => sets.intersect(set, open) !== EMPTY).map(({ fact }) => fact);
}
