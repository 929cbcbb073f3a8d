/** Longest-prefix match against a loop over all prefixes. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildLookup, EMPTY_LOOKUP, find, type LookupPrefix, NOTHING } from '../../src/compile/lookup.ts';

const prefix = (first: number, last: number, length: number, value: number): LookupPrefix => ({
  ranks: { first, last },
  length,
  value,
});

const found = (prefixes: readonly LookupPrefix[], last: number): number[] => {
  const lookup = buildLookup(prefixes);
  return Array.from({ length: last + 1 }, (_, rank) => find(lookup, rank));
};

test('no prefixes: nothing is found, as in the empty lookup', () => {
  expect(found([], 3)).toEqual([NOTHING, NOTHING, NOTHING, NOTHING]);
  expect(find(EMPTY_LOOKUP, 0)).toBe(NOTHING);
  expect(find(EMPTY_LOOKUP, 1_000_000)).toBe(NOTHING);
});

test('RT-04: an inner prefix hides part of its outer one, which goes on after it', () => {
  expect(found([prefix(1, 6, 8, 10), prefix(3, 4, 24, 20)], 7)).toEqual([NOTHING, 10, 10, 20, 20, 10, 10, NOTHING]);
});

test('siblings side by side keep their own values', () => {
  expect(found([prefix(2, 3, 9, 7), prefix(0, 1, 9, 3)], 4)).toEqual([3, 3, 7, 7, NOTHING]);
});

test('inner prefixes at both ends of an outer one, and one of two nested starts', () => {
  const all = [prefix(0, 7, 0, 1), prefix(0, 3, 1, 2), prefix(0, 0, 3, 3), prefix(7, 7, 3, 4)];
  expect(found(all, 7)).toEqual([3, 2, 2, 2, 1, 1, 1, 4]);
});

test('of equal prefixes the first one given wins', () => {
  expect(found([prefix(1, 2, 16, 5), prefix(1, 2, 16, 6), prefix(1, 2, 16, 7)], 3)).toEqual([NOTHING, 5, 5, NOTHING]);
});

test('prefixes of different lengths that are the same atoms: the longer one wins, in either order', () => {
  expect(found([prefix(0, 1, -1, 1), prefix(0, 1, 0, 2)], 1)).toEqual([2, 2]);
  expect(found([prefix(0, 1, 0, 2), prefix(0, 1, -1, 1)], 1)).toEqual([2, 2]);
});

test('the two families of a space stand side by side', () => {
  // 0-3 are v4, 4-5 are v6
  expect(found([prefix(4, 5, 0, 60), prefix(0, 3, 0, 40), prefix(5, 5, 64, 61)], 5)).toEqual([40, 40, 40, 40, 60, 61]);
});

test('a lookup has one run less where neighbours agree', () => {
  const lookup = buildLookup([prefix(0, 1, 9, 3), prefix(2, 3, 9, 3), prefix(1, 1, 10, 3)]);
  expect([...lookup.starts]).toEqual([0, 4]);
  expect([...lookup.values]).toEqual([3, NOTHING]);
});

describe('ranges that overlap without nesting are no prefixes', () => {
  test('and throw', () => {
    expect(() => buildLookup([prefix(0, 3, 8, 1), prefix(2, 5, 9, 2)])).toThrow('ranks 2-5 overlap 3 without nesting');
  });
});

/** Blocks of 2^n ranks at multiples of 2^n, as prefixes of a 6-bit family are; -1 is a length for everything. */
const anyBlocks = fc.array(
  fc.record({ length: fc.integer({ min: -1, max: 6 }), at: fc.nat(63) }).map(({ length, at }) => {
    const size = 2 ** (6 - Math.max(length, 0));
    const first = Math.floor(at / size) * size;
    return { first, last: first + size - 1, length };
  }),
  { maxLength: 16 },
);

/** The obvious loop: the longest prefix that holds the rank, the first one given among equals. */
function longest(prefixes: readonly LookupPrefix[], rank: number): number {
  let best: LookupPrefix | null = null;
  for (const candidate of prefixes) {
    if (candidate.ranks.first > rank || rank > candidate.ranks.last) continue;
    if (best === null || candidate.length > best.length) best = candidate;
  }
  return best?.value ?? NOTHING;
}

test('every rank gets the value of its longest prefix, whatever the order and number of prefixes', () => {
  fc.assert(
    fc.property(anyBlocks, fc.boolean(), (blocks, sharesValues) => {
      const prefixes = blocks.map(({ first, last, length }, i) =>
        prefix(first, last, length, sharesValues ? i % 3 : i),
      );
      const lookup = buildLookup(prefixes);
      const ranks = Array.from({ length: 65 }, (_, rank) => rank);
      expect(ranks.map((rank) => find(lookup, rank))).toEqual(ranks.map((rank) => longest(prefixes, rank)));
      expect([...lookup.starts]).toEqual([...new Set(lookup.starts)].sort((a, b) => a - b));
      expect(lookup.starts[0]).toBe(0);
    }),
    { numRuns: 500 },
  );
});
