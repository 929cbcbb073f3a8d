/**
 * Sets of whole numbers as inclusive ranges: ports, and ICMP type * 256 + code.
 *
 * Always canonical: sorted, disjoint, adjacent ranges merged. Two sets are equal exactly when their ranges are, and only
 * `intervalSet` and the operations below make them.
 */

export interface Interval {
  readonly first: number;
  readonly last: number;
}

export type IntervalSet = readonly Interval[];

/** The set of all numbers in any of the ranges, which may overlap and come in any order. Throws on a range that runs backwards. */
export function intervalSet(ranges: readonly Interval[]): IntervalSet {
  for (const { first, last } of ranges) {
    if (!Number.isInteger(first) || !Number.isInteger(last) || first > last) {
      throw new RangeError(`interval ${first}-${last} does not run from a whole number up to another`);
    }
  }
  const merged: Interval[] = [];
  for (const range of [...ranges].sort((a, b) => a.first - b.first)) {
    const before = merged.at(-1);
    if (before !== undefined && range.first <= before.last + 1) {
      merged[merged.length - 1] = { first: before.first, last: Math.max(before.last, range.last) };
    } else {
      merged.push({ first: range.first, last: range.last });
    }
  }
  return merged;
}

export function unionIntervals(a: IntervalSet, b: IntervalSet): IntervalSet {
  return intervalSet([...a, ...b]);
}

export function intersectIntervals(a: IntervalSet, b: IntervalSet): IntervalSet {
  const common: Interval[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = a[i]!;
    const right = b[j]!;
    const first = Math.max(left.first, right.first);
    const last = Math.min(left.last, right.last);
    if (first <= last) common.push({ first, last });
    // The range that ends first meets nothing further on.
    if (left.last < right.last) i++;
    else j++;
  }
  return common;
}

/** What is in `a` and not in `b`. */
export function subtractIntervals(a: IntervalSet, b: IntervalSet): IntervalSet {
  const left: Interval[] = [];
  let j = 0;
  for (const { first, last } of a) {
    //   range  |---------------|
    //   holes    |--|    |--------|      leaves what stands before each hole, and what follows the last one
    let start = first;
    while (j < b.length && b[j]!.last < first) j++;
    for (let k = j; k < b.length && b[k]!.first <= last; k++) {
      if (start < b[k]!.first) left.push({ first: start, last: b[k]!.first - 1 });
      start = b[k]!.last + 1;
    }
    if (start <= last) left.push({ first: start, last });
  }
  return left;
}

export function noIntervals(set: IntervalSet): boolean {
  return set.length === 0;
}

export function intervalsContain(set: IntervalSet, value: number): boolean {
  return set.some(({ first, last }) => first <= value && value <= last);
}

export function sameIntervals(a: IntervalSet, b: IntervalSet): boolean {
  return a.length === b.length && a.every(({ first, last }, i) => first === b[i]!.first && last === b[i]!.last);
}

/** `80,443,1024-2048`; `none` for the empty set. */
export function formatIntervals(set: IntervalSet): string {
  if (set.length === 0) return 'none';
  return set.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`)).join(',');
}
