/** Rules as boxes, a range of addresses times a set of packets, and which boxes together cover others: exact, one atom at a time. */

import { EMPTY, type L4Id, type L4Sets } from '../reach/l4-sets.ts';

/** Packets from (or to) an inclusive range of ranks. */
export interface Box {
  readonly firstRank: number;
  readonly lastRank: number;
  readonly packets: L4Id;
}

/** More covers than this are not thinned out one by one: the cover stays right and may be longer than it need be. */
const MOST_THINNED = 64;

export function overlaps(a: Box, b: Box): boolean {
  return a.firstRank <= b.lastRank && b.firstRank <= a.lastRank;
}

/** The ranges of a box that no bound of the others cuts, in order. */
export function cutAt(box: Box, others: readonly Box[]): readonly { readonly first: number; readonly last: number }[] {
  const starts = new Set([box.firstRank]);
  for (const { firstRank, lastRank } of others) {
    if (firstRank > box.firstRank && firstRank <= box.lastRank) starts.add(firstRank);
    if (lastRank >= box.firstRank && lastRank < box.lastRank) starts.add(lastRank + 1);
  }
  const ordered = [...starts].sort((a, b) => a - b);
  return ordered.map((first, i) => ({ first, last: (ordered[i + 1] ?? box.lastRank + 1) - 1 }));
}

/**
 * Indices of covers that together hold every packet of the boxes, ascending, none of them to spare; null where all of them do not.
 * The covers before `kept` are taken for free and always belong to the answer.
 */
export function coverOf(
  sets: L4Sets,
  boxes: readonly Box[],
  covers: readonly Box[],
  kept = 0,
): readonly number[] | null {
  const single = kept === 0 ? covers.findIndex((cover) => boxes.every((box) => holds(sets, cover, box))) : -1;
  if (single >= 0) return [single];
  const chosen = new Set(Array.from({ length: kept }, (_, i) => i));
  for (const box of boxes) if (!choose(sets, box, covers, chosen)) return null;
  return thinned(sets, boxes, covers, chosen, kept);
}

function holds(sets: L4Sets, cover: Box, box: Box): boolean {
  return (
    cover.firstRank <= box.firstRank && box.lastRank <= cover.lastRank && sets.isSubset(box.packets, cover.packets)
  );
}

/** Adds to the chosen ones what is needed for a box: at each of its cuts those that are chosen already, then in order. */
function choose(sets: L4Sets, box: Box, covers: readonly Box[], chosen: Set<number>): boolean {
  const near = covers.map((_, index) => index).filter((index) => overlaps(covers[index]!, box));
  for (const { first } of cutAt(
    box,
    near.map((index) => covers[index]!),
  )) {
    const here = near.filter((index) => covers[index]!.firstRank <= first && first <= covers[index]!.lastRank);
    let left = box.packets;
    for (const index of here) if (chosen.has(index)) left = sets.subtract(left, covers[index]!.packets);
    for (const index of here) {
      if (left === EMPTY) break;
      const rest = sets.subtract(left, covers[index]!.packets);
      if (rest !== left) chosen.add(index);
      left = rest;
    }
    if (left !== EMPTY) return false;
  }
  return true;
}

/** Without those that the others make superfluous, the last ones first. */
function thinned(
  sets: L4Sets,
  boxes: readonly Box[],
  covers: readonly Box[],
  chosen: ReadonlySet<number>,
  kept: number,
): readonly number[] {
  let indices = [...chosen].sort((a, b) => a - b);
  if (indices.length > MOST_THINNED) return indices;
  for (const index of indices.slice(kept).reverse()) {
    const others = indices.filter((other) => other !== index);
    const rest = others.map((other) => covers[other]!);
    if (boxes.every((box) => choose(sets, box, rest, new Set(rest.keys())))) indices = others;
  }
  return indices;
}
