/**
 * Which entries of an ordered list do nothing, exactly.
 *
 * An entry is *shadowed* when entries before it decide every packet that it covers. It is *redundant* when it decides some, and what
 * follows would decide each of them alike, in the list as it is and in the list without all that was found before: so each may go
 * by itself, and all may go at once. Redundant ones are looked for from the last to the first. An entry that keeps a contrary one
 * behind it from deciding is not redundant.
 */

import { EMPTY, type L4Id, type L4Sets } from '../reach/l4-sets.ts';
import type { LintSeverity } from './lint-finding.ts';
import { type Box, coverOf, cutAt, overlaps } from './rule-boxes.ts';

export interface NaclBox extends Box {
  readonly allows: boolean;
  /** Not to be judged: it is AWS's own, and stays. */
  readonly isExempt: boolean;
}

export interface NaclJudgement {
  readonly index: number;
  readonly kind: 'shadowed' | 'redundant';
  readonly severity: LintSeverity;
  /** Entries before it that decide its packets, or entries after it that would. */
  readonly by: readonly number[];
  /** A range with packets of the entry that an entry before it decides otherwise. */
  readonly contradicted: { readonly rank: number; readonly packets: L4Id; readonly by: number } | null;
}

interface Decided extends Box {
  readonly by: number;
}

/** The entries of one direction in the order in which they are tried. The closing entries are among them. */
export function judgeEntries(sets: L4Sets, entries: readonly NaclBox[]): readonly NaclJudgement[] {
  const judged: NaclJudgement[] = [];
  const stays = entries.map(() => true);
  entries.forEach((entry, index) => {
    const found = entry.isExempt ? null : shadowOf(sets, entries, index);
    if (found === null) return;
    judged.push(found);
    stays[index] = false;
  });
  for (let index = entries.length - 1; index >= 0; index--) {
    if (!stays[index] || entries[index]!.isExempt) continue;
    const by = decidedAlikeLater(sets, entries, index, stays);
    if (by === null || decidedAlikeLater(sets, entries, index, null) === null) continue;
    judged.push({ index, kind: 'redundant', severity: 'harmless', by, contradicted: null });
    stays[index] = false;
  }
  return judged.sort((a, b) => a.index - b.index);
}

function shadowOf(sets: L4Sets, entries: readonly NaclBox[], index: number): NaclJudgement | null {
  const entry = entries[index]!;
  const before = indicesOverlapping(entries, entry, 0, index);
  const decided = decidedBy(sets, entries, [entry], before);
  if (decided === null) return null;
  const deciders = [...new Set(decided.map(({ by }) => by))].sort((a, b) => a - b);
  const alike = deciders.filter((by) => entries[by]!.allows === entry.allows);
  const cover = coverOf(sets, [entry], boxesAt(entries, alike));
  if (cover !== null) {
    // Exceptions that stand before all of them are exceptions from the entries that say the same, too.
    const by = cover.map((i) => alike[i]!);
    return { index, kind: 'shadowed', severity: 'harmless', by, contradicted: null };
  }
  const contrary = decided.filter(({ by }) => entries[by]!.allows !== entry.allows);
  const contraries = [...new Set(contrary.map(({ by }) => by))].sort((a, b) => a - b);
  const needed = coverOf(sets, contrary, boxesAt(entries, contraries))!.map((i) => contraries[i]!);
  const all = [...needed, ...alike];
  const by = coverOf(sets, [entry], boxesAt(entries, all), needed.length)!;
  const first = contrary[0]!;
  return {
    index,
    kind: 'shadowed',
    severity: entry.allows ? 'misleading' : 'dangerous',
    by: by.map((i) => all[i]!).sort((a, b) => a - b),
    contradicted: { rank: first.firstRank, packets: first.packets, by: first.by },
  };
}

/** Entries after this one (those that stay, or all of them) that decide all that it decides as it does; null where they do not. */
function decidedAlikeLater(
  sets: L4Sets,
  entries: readonly NaclBox[],
  index: number,
  stays: readonly boolean[] | null,
): readonly number[] | null {
  const entry = entries[index]!;
  const before = indicesOverlapping(entries, entry, 0, index).filter((other) => stays === null || stays[other]);
  const after = indicesOverlapping(entries, entry, index + 1, entries.length).filter(
    (other) => stays === null || stays[other],
  );
  const own = undecided(sets, entry, boxesAt(entries, before));
  const decided = decidedBy(sets, entries, own, after);
  if (decided?.some(({ by }) => entries[by]!.allows !== entry.allows) !== false) return null;
  const deciders = [...new Set(decided.map(({ by }) => by))].sort((a, b) => a - b);
  return coverOf(sets, own, boxesAt(entries, deciders))!.map((i) => deciders[i]!);
}

function indicesOverlapping(entries: readonly NaclBox[], box: Box, from: number, to: number): readonly number[] {
  const found: number[] = [];
  for (let index = from; index < to; index++) {
    const other = entries[index]!;
    if (overlaps(other, box)) found.push(index);
  }
  return found;
}

function boxesAt(entries: readonly NaclBox[], indices: readonly number[]): readonly NaclBox[] {
  return indices.map((index) => entries[index]!);
}

/** What of the box the others leave, in boxes of one atom or more. */
function undecided(sets: L4Sets, box: Box, others: readonly Box[]): readonly Box[] {
  return cutAt(box, others).flatMap(({ first, last }) => {
    const here = others.filter(({ firstRank, lastRank }) => firstRank <= first && first <= lastRank);
    const left = here.reduce<L4Id>((rest, { packets }) => sets.subtract(rest, packets), box.packets);
    return left === EMPTY ? [] : [{ firstRank: first, lastRank: last, packets: left }];
  });
}

/** The first of these entries to cover each packet of the boxes; null where some packet is left. */
function decidedBy(
  sets: L4Sets,
  entries: readonly NaclBox[],
  boxes: readonly Box[],
  indices: readonly number[],
): readonly Decided[] | null {
  const decided: Decided[] = [];
  for (const box of boxes) {
    for (const { first, last } of cutAt(box, boxesAt(entries, indices))) {
      let left = box.packets;
      for (const by of indices) {
        const { firstRank, lastRank, packets } = entries[by]!;
        if (first < firstRank || lastRank < first) continue;
        const hit = sets.intersect(left, packets);
        if (hit === EMPTY) continue;
        decided.push({ firstRank: first, lastRank: last, packets: hit, by });
        left = sets.subtract(left, hit);
        if (left === EMPTY) break;
      }
      if (left !== EMPTY) return null;
    }
  }
  return decided;
}
