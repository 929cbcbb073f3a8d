/** Smallest covers: of requirements by candidates, and of edges by vertices. Both against counting every subset. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smallestCovers } from '../../src/explain/set-cover.ts';
import { type Edge, smallestVertexCovers } from '../../src/explain/vertex-cover.ts';

/** All subsets of the first `count` numbers, smallest first. */
function subsets(count: number): readonly (readonly number[])[] {
  return Array.from({ length: 2 ** count }, (_, bits) =>
    Array.from({ length: count }, (_, i) => i).filter((i) => (bits >> i) & 1),
  ).sort((a, b) => a.length - b.length);
}

function smallest(all: readonly (readonly number[])[], covers: (subset: readonly number[]) => boolean): string[] {
  const found = all.filter(covers);
  return found
    .filter(({ length }) => length === found[0]!.length)
    .map((subset) => subset.join())
    .sort();
}

test('every smallest cover is found, each once', () => {
  const problems = fc
    .integer({ min: 1, max: 8 })
    .chain((candidates) =>
      fc.array(fc.subarray([...Array(candidates).keys()], { minLength: 1 }), { minLength: 1, maxLength: 7 }),
    );
  fc.assert(
    fc.property(problems, (coveredBy) => {
      const expected = smallest(subsets(8), (subset) => coveredBy.every((any) => any.some((c) => subset.includes(c))));
      const { covers, areAll } = smallestCovers(coveredBy, 1000);
      expect(covers.map((cover) => cover.join()).sort()).toEqual(expected);
      expect(areAll).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('a requirement that nothing covers leaves no cover', () => {
  expect(smallestCovers([[0], []], 10)).toEqual({ covers: [], areAll: true });
});

test('covers over the limit are left out, and the answer says so', () => {
  expect(smallestCovers([[0, 1, 2]], 2)).toEqual({ covers: [[0], [1]], areAll: false });
});

test('every smallest vertex cover of a bipartite graph is found, each once', () => {
  const edge = fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 }));
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 14 }), (edges: readonly Edge[]) => {
      const expected = smallest(subsets(10), (subset) =>
        edges.every(([left, right]) => subset.includes(left) || subset.includes(5 + right)),
      );
      const { covers, areAll } = smallestVertexCovers(edges, 1000);
      expect(covers.map(({ left, right }) => [...left, ...right.map((r) => 5 + r)].join()).sort()).toEqual(expected);
      expect(areAll).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('vertex covers over the limit are left out, and the answer says so', () => {
  expect(smallestVertexCovers([[0, 0]], 1)).toEqual({ covers: [{ left: [], right: [0] }], areAll: false });
});
