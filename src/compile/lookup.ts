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
  // Outer prefixes before inner ones; sorting keeps the order of equal ones. No copies: there are millions of prefixes.
  const ordered = [...prefixes].sort((a, b) => a.ranks.first - b.ranks.first || a.length - b.length);
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
  const enclosing: LookupPrefix[] = [];
  const closeBefore = (rank: number): void => {
    while (enclosing.length > 0 && enclosing[enclosing.length - 1]!.ranks.last < rank) {
      const closed = enclosing.pop()!;
      paint(closed.ranks.last + 1, enclosing[enclosing.length - 1]?.value ?? NOTHING);
    }
  };
  let before: LookupPrefix | null = null;
  for (const prefix of ordered) {
    const { ranks, value } = prefix;
    if (before !== null && isSame(before, prefix)) continue;
    before = prefix;
    closeBefore(ranks.first);
    const outer = enclosing[enclosing.length - 1];
    if (outer !== undefined && outer.ranks.last < ranks.last) {
      throw new RangeError(`ranks ${ranks.first}-${ranks.last} overlap ${outer.ranks.last} without nesting`);
    }
    paint(ranks.first, value);
    enclosing.push(prefix);
  }
  closeBefore(Number.POSITIVE_INFINITY);
  return mergeEqualRuns(starts, values);
}

function isSame(a: LookupPrefix, b: LookupPrefix): boolean {
  return a.ranks.first === b.ranks.first && a.ranks.last === b.ranks.last && a.length === b.length;
}

/** Painting an inner prefix at its outer's start can leave two runs of one value side by side. */
function mergeEqualRuns(starts: readonly number[], values: readonly number[]): Lookup {
  let kept = 0;
  const runStarts = new Int32Array(starts.length);
  const runValues = new Int32Array(starts.length);
  for (let i = 0; i < starts.length; i++) {
    if (kept > 0 && runValues[kept - 1] === values[i]) continue;
    runStarts[kept] = starts[i]!;
    runValues[kept++] = values[i]!;
  }
  return kept === starts.length
    ? { starts: runStarts, values: runValues }
    : { starts: runStarts.slice(0, kept), values: runValues.slice(0, kept) };
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
