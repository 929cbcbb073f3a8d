/** A universe of 16 bits, small enough to ask about every point, and rule lists over it with the plainest way to read them. */

import fc from 'fast-check';
import type { Interval } from '../../src/net/interval-set.ts';
import type { Box, BoxRule } from '../../src/reach/decision-diagram.ts';

/** Source, destination, protocol, destination port, source port: 65,536 points. */
export const WIDTHS: readonly number[] = [4, 4, 2, 3, 3];
export const SIZES: readonly number[] = WIDTHS.map((width) => 2 ** width);

/** Every point of fields with these sizes, in ascending order. */
export function pointsOf(sizes: readonly number[]): readonly (readonly number[])[] {
  return sizes.reduce<readonly (readonly number[])[]>(
    (points, size) => points.flatMap((point) => Array.from({ length: size }, (_, value) => [...point, value])),
    [[]],
  );
}

function ranges(size: number): fc.Arbitrary<Interval> {
  const value = fc.nat({ max: size - 1 });
  const any = fc.tuple(value, value).map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) }));
  return fc.oneof(
    any,
    value.map((only) => ({ first: only, last: only })),
    fc.constant({ first: 0, last: size - 1 }),
  );
}

export function boxesIn(sizes: readonly number[]): fc.Arbitrary<Box> {
  return fc.tuple(...sizes.map(ranges));
}

export function ruleLists(sizes: readonly number[], maxLength: number): fc.Arbitrary<readonly BoxRule[]> {
  return fc.array(fc.record({ allows: fc.boolean(), box: boxesIn(sizes) }), { maxLength, size: 'max' });
}

export function holds(box: Box, point: readonly number[]): boolean {
  return box.every(({ first, last }, field) => first <= point[field]! && point[field]! <= last);
}

/** First match: the first rule that holds the point decides, and none denies. */
export function isAllowed(rules: readonly BoxRule[], point: readonly number[]): boolean {
  return rules.find(({ box }) => holds(box, point))?.allows ?? false;
}

/** Number `i`: the set of the points whose bit is set in `i`, for trying every set of a universe of few points. */
export function subsetsOf<Point>(points: readonly Point[]): readonly (readonly Point[])[] {
  return Array.from({ length: 2 ** points.length }, (_, bits) => points.filter((_point, i) => (bits >> i) % 2 === 1));
}
