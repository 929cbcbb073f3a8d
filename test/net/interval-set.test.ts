import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatIntervals,
  type IntervalSet,
  intersectIntervals,
  intervalSet,
  intervalsContain,
  noIntervals,
  sameIntervals,
  subtractIntervals,
  unionIntervals,
} from '../../src/net/interval-set.ts';

/** `80,443,1024-2048`, in any order. */
function ports(text: string): IntervalSet {
  const ranges = text === '' ? [] : text.split(',').map((range) => range.split('-').map(Number));
  return intervalSet(ranges.map(([first, last]) => ({ first: first!, last: last ?? first! })));
}

describe('the canonical form', () => {
  const forms = [
    ['443,80', '80,443'],
    ['1024-2048,80,443', '80,443,1024-2048'],
    ['1-3,4-7', '1-7'],
    ['1-3,5-7', '1-3,5-7'],
    ['1-9,3-4', '1-9'],
    ['3-9,1-4,9-11', '1-11'],
    ['22,22', '22'],
    ['0-65535', '0-65535'],
    ['', 'none'],
  ] as const;
  for (const [text, canonical] of forms) {
    test(`"${text}" becomes "${canonical}"`, () => {
      expect(formatIntervals(ports(text))).toBe(canonical);
    });
  }

  test('a range that runs backwards is refused', () => {
    expect(() => intervalSet([{ first: 7, last: 3 }])).toThrow(
      'interval 7-3 does not run from a whole number up to another',
    );
    expect(() => intervalSet([{ first: 1.5, last: 3 }])).toThrow(RangeError);
    expect(() => intervalSet([{ first: Number.NaN, last: 3 }])).toThrow(RangeError);
  });
});

describe('the operations', () => {
  const operations = [
    // ranges that share one border, and a hole in the middle: both go wrong in well-known libraries
    ['0-9', 'union', '9-20', '0-20'],
    ['0-9', 'intersect', '9-20', '9'],
    ['0-20', 'subtract', '7-11', '0-6,12-20'],
    ['0-20', 'subtract', '0-7,11-20', '8-10'],
    ['3-5,9-11', 'subtract', '0-65535', 'none'],
    ['3-5,9-11', 'subtract', '', '3-5,9-11'],
    ['80,443,1024-2048', 'intersect', '81-1100', '443,1024-1100'],
    ['80', 'intersect', '443', 'none'],
    ['80', 'union', '', '80'],
  ] as const;
  const act = { union: unionIntervals, intersect: intersectIntervals, subtract: subtractIntervals };
  for (const [a, operation, b, result] of operations) {
    test(`${a} ${operation} ${b || 'nothing'} is ${result}`, () => {
      expect(formatIntervals(act[operation](ports(a), ports(b)))).toBe(result);
    });
  }

  // Against sets of single numbers in a universe small enough for ranges to touch often.
  const LAST = 30;
  const anyRanges = fc.array(
    fc.tuple(fc.nat(LAST), fc.nat(LAST)).map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) })),
    { maxLength: 6 },
  );
  const universe = Array.from({ length: LAST + 1 }, (_, number) => number);
  const membersOf = (set: IntervalSet): readonly number[] => universe.filter((number) => intervalsContain(set, number));
  const expectCanonical = (set: IntervalSet): void => {
    for (const { first, last } of set) expect(first).toBeLessThanOrEqual(last);
    for (let i = 1; i < set.length; i++) expect(set[i]!.first).toBeGreaterThan(set[i - 1]!.last + 1);
  };

  test('they do what they do on sets of single numbers, and stay canonical', () => {
    fc.assert(
      fc.property(anyRanges, anyRanges, (left, right) => {
        const inRanges = (ranges: typeof left, n: number): boolean => ranges.some((r) => r.first <= n && n <= r.last);
        const a = intervalSet(left);
        const b = intervalSet(right);
        const inA = new Set(universe.filter((n) => inRanges(left, n)));
        const inB = new Set(universe.filter((n) => inRanges(right, n)));
        expect(membersOf(a)).toEqual([...inA]);
        expect(membersOf(unionIntervals(a, b))).toEqual(universe.filter((n) => inA.has(n) || inB.has(n)));
        expect(membersOf(intersectIntervals(a, b))).toEqual(universe.filter((n) => inA.has(n) && inB.has(n)));
        expect(membersOf(subtractIntervals(a, b))).toEqual(universe.filter((n) => inA.has(n) && !inB.has(n)));
        expect(noIntervals(a)).toBe(inA.size === 0);
        expect(sameIntervals(a, b)).toBe(universe.every((n) => inA.has(n) === inB.has(n)));
        for (const set of [a, unionIntervals(a, b), intersectIntervals(a, b), subtractIntervals(a, b)])
          expectCanonical(set);
      }),
      { numRuns: 2000 },
    );
  });

  test('sets with the same members are the same, however they were made', () => {
    fc.assert(
      fc.property(anyRanges, anyRanges, (left, right) => {
        const a = intervalSet(left);
        const b = intervalSet(right);
        expect(sameIntervals(unionIntervals(a, b), unionIntervals(b, a))).toBe(true);
        expect(sameIntervals(unionIntervals(subtractIntervals(a, b), intersectIntervals(a, b)), a)).toBe(true);
      }),
    );
  });
});
