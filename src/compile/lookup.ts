/**
 * Longest-prefix match over ranks: prefixes in, a flat map from rank to entry out.
 *
 * Prefixes nest or are disjoint, so one sweep with a stack paints every rank with the innermost prefix that holds it; the
 * runs are stored by their starts, and a lookup is one binary search.
 */

import type { Ranks } from './address-space.ts';

/** What a rank maps to when no prefix holds it. */
export const NOTHING = -1;

export interface Lookup {
  /** First rank of each run, ascending; the first is 0. */
  readonly starts: Int32Array;
  /** Entry of each run, or NOTHING. */
  readonly values: Int32Array;
}

/** A prefix as ranks, with its length: where ranks are equal (an empty difference), the longer one wins. */
export interface LookupPrefix {
  readonly ranks: Ranks;
  readonly length: number;
  readonly value: number;
}

/**
 * The lookup that gives each rank the value of its longest prefix. Of equal prefixes the first one given wins, so callers put
 * the preferred one first. Throws on ranges that overlap without nesting: those were no prefixes.
 */
export function buildLookup(prefixes: readonly LookupPrefix[]): Lookup {
  const ordered = prefixes
    .map((prefix, order) => ({ ...prefix, order }))
    .sort((a, b) => a.ranks.first - b.ranks.first || a.length - b.length || b.order - a.order);
  const starts: number[] = [0];
  const values: number[] = [NOTHING];
  const paint = (rank: number, value: number): void => {
    const last = starts.length - 1;
    if (starts[last] === rank) values[last] = value;
    else if (values[last] !== value) {
      starts.push(rank);
      values.push(value);
    }
  };
  const enclosing: { last: number; value: number }[] = [];
  const closeBefore = (rank: number): void => {
    while (enclosing.length > 0 && enclosing[enclosing.length - 1]!.last < rank) {
      const closed = enclosing.pop()!;
      paint(closed.last + 1, enclosing[enclosing.length - 1]?.value ?? NOTHING);
    }
  };
  for (const { ranks, value } of ordered) {
    closeBefore(ranks.first);
    const outer = enclosing[enclosing.length - 1];
    if (outer !== undefined && outer.last < ranks.last) {
      throw new RangeError(`ranks ${ranks.first}-${ranks.last} overlap ${outer.last} without nesting`);
    }
    paint(ranks.first, value);
    enclosing.push({ last: ranks.last, value });
  }
  closeBefore(Number.POSITIVE_INFINITY);
  return mergeEqualRuns(starts, values);
}

/** Painting an inner prefix at its outer's start can leave two runs of one value side by side. */
function mergeEqualRuns(starts: readonly number[], values: readonly number[]): Lookup {
  const kept = starts.map((_, i) => i).filter((i) => i === 0 || values[i] !== values[i - 1]);
  return { starts: Int32Array.from(kept, (i) => starts[i]!), values: Int32Array.from(kept, (i) => values[i]!) };
}

/** Entry for a rank, or NOTHING. */
export function find(lookup: Lookup, rank: number): number {
  return lookup.values[runOf(lookup, rank)]!;
}

/** Index of the run that holds a rank. */
export function runOf({ starts }: Lookup, rank: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (starts[middle]! <= rank) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A lookup that finds nothing, so that every stage has the same shape. */
export const EMPTY_LOOKUP: Lookup = { starts: Int32Array.of(0), values: Int32Array.of(NOTHING) };
