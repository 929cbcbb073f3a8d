/** The interval diagram against a binary one and against looking at every point of a small universe. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Box,
  type BoxRule,
  DecisionDiagram,
  EVERY_POINT,
  NO_POINT,
  type PointSetId,
} from '../../src/reach/decision-diagram.ts';
import { boxesOf, countPoints, extentOf, firstPoint } from '../../src/reach/diagram-contents.ts';
import { type Bdd, BddSets, FALSE } from '../oracle/bdd.ts';
import { boxesIn, holds, isAllowed, pointsOf, ruleLists, SIZES, subsetsOf, WIDTHS } from './small-universe.ts';

const POINTS = pointsOf(SIZES);

function firstMatchInBdd(bdd: BddSets, rules: readonly BoxRule[]): Bdd {
  return rules.toReversed().reduce((later, { allows, box }) => {
    return allows ? bdd.union(later, bdd.box(box)) : bdd.subtract(later, bdd.box(box));
  }, FALSE);
}

describe('over 16 bits, every point', () => {
  test('an ordered list allows what its first matching rule allows, in both diagrams', () => {
    fc.assert(
      fc.property(ruleLists(SIZES, 12), (rules) => {
        const diagram = new DecisionDiagram(SIZES);
        const bdd = new BddSets(WIDTHS);
        const set = diagram.firstMatch(rules);
        const inBdd = firstMatchInBdd(bdd, rules);
        let allowed = 0n;
        let wrong = 0;
        for (const point of POINTS) {
          const expected = isAllowed(rules, point);
          if (expected) allowed++;
          if (diagram.contains(set, point) !== expected || bdd.contains(inBdd, point) !== expected) wrong++;
        }
        expect(wrong).toBe(0);
        expect(countPoints(diagram, set)).toBe(allowed);
        expect(bdd.count(inBdd)).toBe(allowed);
      }),
      { numRuns: 50 },
    );
  });

  test('an unordered list holds what any of its boxes holds, in both diagrams', () => {
    fc.assert(
      fc.property(fc.array(boxesIn(SIZES), { maxLength: 12, size: 'max' }), (boxes) => {
        const diagram = new DecisionDiagram(SIZES);
        const bdd = new BddSets(WIDTHS);
        const set = diagram.anyMatch(boxes);
        const inBdd = boxes.reduce<Bdd>((all, box) => bdd.union(all, bdd.box(box)), FALSE);
        let wrong = 0;
        for (const point of POINTS) {
          const expected = boxes.some((box) => holds(box, point));
          if (diagram.contains(set, point) !== expected || bdd.contains(inBdd, point) !== expected) wrong++;
        }
        expect(wrong).toBe(0);
        expect(countPoints(diagram, set)).toBe(bdd.count(inBdd));
      }),
      { numRuns: 30 },
    );
  });

  test('the boxes of a set are disjoint and hold its points', () => {
    fc.assert(
      fc.property(ruleLists(SIZES, 8), (rules) => {
        const diagram = new DecisionDiagram(SIZES);
        const boxes = boxesOf(diagram, diagram.firstMatch(rules), POINTS.length);
        const volume = boxes.reduce(
          (sum, box) => sum + box.reduce((product, { first, last }) => product * (last - first + 1), 1),
          0,
        );
        // As many points as the boxes have together, and each box allowed throughout: none is in two boxes.
        expect(volume).toBe(POINTS.filter((point) => isAllowed(rules, point)).length);
        for (const box of boxes) {
          const corners = [box.map(({ first }) => first), box.map(({ last }) => last)];
          expect(corners.every((corner) => isAllowed(rules, corner))).toBe(true);
        }
        expect(diagram.anyMatch(boxes)).toBe(diagram.firstMatch(rules));
      }),
      { numRuns: 30 },
    );
  });
});

describe.each([[[2, 2, 2]], [[3, 3]], [[5]], [[1, 2, 1, 4]]])('every set of a universe of sizes %j', (sizes) => {
  const points = pointsOf(sizes);
  const diagram = new DecisionDiagram(sizes);
  const pointBox = (point: readonly number[]): Box => point.map((value) => ({ first: value, last: value }));
  // Set number `i` holds the points of the bits of `i`: what is true of the numbers must be true of the sets.
  const ids = subsetsOf(points).map((subset) => diagram.anyMatch(subset.map(pointBox)));

  test('has one id, and no two sets share one', () => {
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids[0]).toBe(NO_POINT);
    expect(ids.at(-1)).toBe(EVERY_POINT);
    const largestFirst = subsetsOf(points).map((subset) =>
      subset
        .toReversed()
        .reduce<PointSetId>((set, point) => diagram.union(diagram.box(pointBox(point)), set), NO_POINT),
    );
    expect(largestFirst).toEqual(ids);
  });

  test('holds its points, as many as they are, the first of them first', () => {
    for (const [bits, id] of ids.entries()) {
      const inside = points.filter((_, i) => (bits >> i) % 2 === 1);
      expect(points.filter((point) => diagram.contains(id, point))).toEqual(inside);
      expect(countPoints(diagram, id)).toBe(BigInt(inside.length));
      expect(firstPoint(diagram, id)).toEqual(inside[0] ?? null);
    }
  });

  test('has the union, intersection and difference with every other that bits have', () => {
    const wrong: string[] = [];
    for (const [a, setA] of ids.entries()) {
      for (const [b, setB] of ids.entries()) {
        if (diagram.union(setA, setB) !== ids[a | b]) wrong.push(`${a} | ${b}`);
        if (diagram.intersect(setA, setB) !== ids[a & b]) wrong.push(`${a} & ${b}`);
        if (diagram.subtract(setA, setB) !== ids[a & ~b]) wrong.push(`${a} - ${b}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('sets as large as those of packets', () => {
  const sizes = [2 ** 32, 2 ** 32, 256, 65_536, 65_536];
  const widths = [32, 32, 8, 16, 16];

  test('keep the laws of sets, by id', () => {
    fc.assert(
      fc.property(ruleLists(sizes, 10), ruleLists(sizes, 10), ruleLists(sizes, 10), (forA, forB, forC) => {
        const diagram = new DecisionDiagram(sizes);
        const [a, b, c] = [forA, forB, forC].map((rules) => diagram.firstMatch(rules)) as [number, number, number];
        const not = (set: PointSetId): PointSetId => diagram.subtract(EVERY_POINT, set);
        const or = (x: PointSetId, y: PointSetId): PointSetId => diagram.union(x, y);
        const and = (x: PointSetId, y: PointSetId): PointSetId => diagram.intersect(x, y);
        expect(not(not(a)), 'double complement').toBe(a);
        expect(not(or(a, b)), 'De Morgan').toBe(and(not(a), not(b)));
        expect(not(and(a, b)), 'De Morgan').toBe(or(not(a), not(b)));
        expect(and(a, or(b, c)), 'distributivity').toBe(or(and(a, b), and(a, c)));
        expect(or(a, and(b, c)), 'distributivity').toBe(and(or(a, b), or(a, c)));
        expect(diagram.subtract(a, b), 'difference').toBe(and(a, not(b)));
        expect(or(diagram.subtract(a, b), and(a, b)), 'parts').toBe(a);
        expect(or(a, and(a, b)), 'absorption').toBe(a);
        expect(and(or(a, b), c), 'commutativity').toBe(and(c, or(b, a)));
        expect(or(a, not(a))).toBe(EVERY_POINT);
        expect(and(a, not(a))).toBe(NO_POINT);
      }),
      { numRuns: 60 },
    );
  });

  test('have as many points, and the same first ones, as in a binary diagram', () => {
    fc.assert(
      fc.property(ruleLists(sizes, 25), (rules) => {
        const diagram = new DecisionDiagram(sizes);
        const bdd = new BddSets(widths);
        const set = diagram.firstMatch(rules);
        const inBdd = firstMatchInBdd(bdd, rules);
        expect(countPoints(diagram, set)).toBe(bdd.count(inBdd));
        const first = firstPoint(diagram, set);
        expect(first === null).toBe(inBdd === FALSE);
        if (first !== null) expect([isAllowed(rules, first), bdd.contains(inBdd, first)]).toEqual([true, true]);
      }),
      { numRuns: 60 },
    );
  });

  test('stay equal when values are split', () => {
    fc.assert(
      fc.property(ruleLists([10, 10], 6), (rules) => {
        const coarse = new DecisionDiagram([10, 10]);
        const fine = new DecisionDiagram([30, 10]);
        const split = (box: Box): Box => [{ first: 3 * box[0]!.first, last: 3 * box[0]!.last + 2 }, box[1]!];
        const expected = fine.firstMatch(rules.map(({ allows, box }) => ({ allows, box: split(box) })));
        const lastOf = (field: number, last: number): number => (field === 0 ? 3 * last + 2 : last);
        expect(fine.translate(coarse, coarse.firstMatch(rules), lastOf)).toBe(expected);
      }),
      { numRuns: 200 },
    );
  });
});

describe('what is no set', () => {
  const diagram = new DecisionDiagram([256, 65_536]);
  const PORTS = { first: 0, last: 65_535 };

  test.each<readonly [problem: string, box: Box, message: string]>([
    ['runs backwards', [{ first: 7, last: 6 }, PORTS], 'field 0 of a box is 7-6: it must be a range within 0-255'],
    ['leaves its field', [{ first: 0, last: 256 }, PORTS], 'field 0 of a box is 0-256'],
    ['begins below zero', [{ first: -1, last: 6 }, PORTS], 'field 0 of a box is -1-6'],
    ['is no whole number', [{ first: 0, last: 0.5 }, PORTS], 'field 0 of a box is 0-0.5'],
    ['lacks a field', [PORTS], 'a box of 1 ranges: there are 2 fields'],
    ['has one too many', [PORTS, PORTS, PORTS], 'a box of 3 ranges: there are 2 fields'],
  ])('a box that %s is refused', (_problem, box, message) => {
    expect(() => diagram.box(box)).toThrow(message);
  });

  test('a point outside a field that matters is refused', () => {
    const tcp = diagram.box([{ first: 6, last: 6 }, PORTS]);
    expect(() => diagram.contains(tcp, [256, 0])).toThrow('field 0 has no value 256');
    expect(() => diagram.contains(tcp, [Number.NaN, 0])).toThrow('field 0 has no value NaN');
  });

  test('a field without values is refused, and one of more than 2^32', () => {
    expect(() => new DecisionDiagram([0])).toThrow('a field of 0 values: it may have from 1 to 2^32');
    expect(() => new DecisionDiagram([2 ** 33])).toThrow('a field of 8589934592 values');
  });

  test('more boxes than the limit are refused, and the limit is named', () => {
    const even = diagram.anyMatch([0, 2, 4].map((value) => [{ first: value, last: value }, PORTS]));
    expect(boxesOf(diagram, even, 3)).toHaveLength(3);
    expect(() => boxesOf(diagram, even, 2)).toThrow('the set has more boxes than the limit of 2');
  });
});

test('a set that asks one field is one node, whatever the number of fields', () => {
  const diagram = new DecisionDiagram([2 ** 32, 2 ** 32, 256]);
  const all = { first: 0, last: 2 ** 32 - 1 };
  const tcp = diagram.box([all, all, { first: 6, last: 6 }]);
  expect(extentOf(diagram, tcp)).toEqual({ nodes: 1, edges: 3 });
  expect(extentOf(diagram, EVERY_POINT)).toEqual({ nodes: 0, edges: 0 });
});
