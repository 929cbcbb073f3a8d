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
  const { starts, values } = runsOf(prefixes);
  return { starts: new Int32Array(starts), values: new Int32Array(values) };
}

/** The runs of the same lookup as lists, for who keeps many small ones together. */
export function runsOf(prefixes: readonly LookupPrefix[]): Runs {
  const runs: Runs = { starts: [0], values: [NOTHING] };
  const enclosing: LookupPrefix[] = [];
  let before: LookupPrefix | null = null;
  for (const prefix of ordered(prefixes)) {
    const { ranks, value } = prefix;
    if (before !== null && isSame(before, prefix)) continue;
    before = prefix;
    closeBefore(ranks.first, enclosing, runs);
    const outer = enclosing[enclosing.length - 1];
    if (outer !== undefined && outer.ranks.last < ranks.last) {
      throw new RangeError(`ranks ${ranks.first}-${ranks.last} overlap ${outer.ranks.last} without nesting`);
    }
    paint(runs, ranks.first, value);
    enclosing.push(prefix);
  }
  closeBefore(Number.POSITIVE_INFINITY, enclosing, runs);
  return runs;
}

/** A lookup that is being made: no two neighbours have one value. */
interface Runs {
  readonly starts: number[];
  readonly values: number[];
}

/** Outer prefixes before inner ones; equal ones in the order given. */
function ordered(prefixes: readonly LookupPrefix[]): readonly LookupPrefix[] {
  for (let i = 1; i < prefixes.length; i++) {
    if (order(prefixes[i - 1]!, prefixes[i]!) > 0) return [...prefixes].sort(order);
  }
  return prefixes;
}

function order(a: LookupPrefix, b: LookupPrefix): number {
  return a.ranks.first - b.ranks.first || a.length - b.length;
}

function isSame(a: LookupPrefix, b: LookupPrefix): boolean {
  return a.ranks.first === b.ranks.first && a.ranks.last === b.ranks.last && a.length === b.length;
}

/** Prefixes that end before a rank hand over to what is around them. */
function closeBefore(rank: number, enclosing: LookupPrefix[], runs: Runs): void {
  while (enclosing.length > 0 && enclosing[enclosing.length - 1]!.ranks.last < rank) {
    const closed = enclosing.pop()!;
    paint(runs, closed.ranks.last + 1, enclosing.length === 0 ? NOTHING : enclosing[enclosing.length - 1]!.value);
  }
}

/** From this rank on, and until something else is painted, the value. */
function paint({ starts, values }: Runs, rank: number, value: number): void {
  const last = starts.length - 1;
  if (starts[last] !== rank) {
    if (values[last] === value) return;
    starts.push(rank);
    values.push(value);
  } else if (last > 0 && values[last - 1] === value) {
    // What was painted here before has no ranks; without it, the run before goes on.
    starts.pop();
    values.pop();
  } else values[last] = value;
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
