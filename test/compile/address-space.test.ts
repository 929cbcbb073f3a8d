/** Ranks against plain arithmetic: the rank of an address is the number of cuts at or below it. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AddressBounds,
  type AddressSpace,
  allRanks,
  rangeOfRanks,
  rankOf,
  ranksOf,
  ranksOfFamily,
} from '../../src/compile/address-space.ts';
import { type Address, highestAddress, lowestAddress } from '../../src/net/address.ts';
import { formatAddress, parseAddress, parsePrefix } from '../../src/net/address-text.ts';
import { type Prefix, prefixAround, prefixContains } from '../../src/net/prefix.ts';
import { addressFrom, anyAddress, anyPrefix, boundsOf, numberOf } from '../net/any-values.ts';

function spaceOf(prefixes: readonly Prefix[], addresses: readonly Address[] = []): AddressSpace {
  const bounds = new AddressBounds();
  for (const prefix of prefixes) bounds.addPrefix(prefix);
  for (const address of addresses) bounds.addAddress(address);
  return bounds.build();
}

const prefixes = (...texts: readonly string[]): Prefix[] => texts.map((text) => parsePrefix(text).prefix);
const rank = (space: AddressSpace, text: string): number => rankOf(space, parseAddress(text));

test('three prefixes of two families cut both families into atoms, v4 first', () => {
  const space = spaceOf(prefixes('10.0.0.0/8', '10.0.1.0/24', '2001:db8::/32'));
  // 0.0.0.0, 10.0.0.0, 10.0.1.0, 10.0.2.0, 11.0.0.0; then ::, 2001:db8::, 2001:db9::
  expect(space.firstV6).toBe(5);
  expect(space.size).toBe(8);
  expect(
    ['9.255.255.255', '10.0.0.0', '10.0.1.0', '10.0.1.255', '10.0.2.0', '11.0.0.0'].map((a) => rank(space, a)),
  ).toEqual([0, 1, 2, 2, 3, 4]);
  expect(['::', '2001:db8::', '2001:db8:ffff::', '2001:db9::'].map((a) => rank(space, a))).toEqual([5, 6, 6, 7]);
  expect(ranksOf(space, prefixes('10.0.0.0/8')[0]!)).toEqual({ first: 1, last: 3 });
});

test('ranks are turned back into the addresses that they stand for', () => {
  const space = spaceOf(prefixes('10.0.0.0/8', '10.0.1.0/24', '2001:db8::/32'));
  const texts = (first: number, last: number): string[] => {
    const range = rangeOfRanks(space, { first, last });
    return [range.first, range.last].map(formatAddress);
  };
  expect(texts(0, 0)).toEqual(['0.0.0.0', '9.255.255.255']);
  expect(texts(1, 3)).toEqual(['10.0.0.0', '10.255.255.255']);
  expect(texts(0, 4)).toEqual(['0.0.0.0', '255.255.255.255']);
  expect(texts(5, 5)).toEqual(['::', '2001:db7:ffff:ffff:ffff:ffff:ffff:ffff']);
  expect(texts(6, 7)).toEqual(['2001:db8::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff']);
  expect(() => rangeOfRanks(space, { first: 4, last: 5 })).toThrow('ranks 4-5 are of two families');
});

test('the lowest and highest addresses of each family have the first and last rank of the family', () => {
  const edges = ['0.0.0.0', '255.255.255.255', '::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'].map(parseAddress);
  const space = spaceOf([], edges);
  // 0.0.0.0, 0.0.0.1, 255.255.255.255; then the same three of v6
  expect(edges.map((address) => rankOf(space, address))).toEqual([0, 2, 3, 5]);
  expect(ranksOfFamily(space, 4)).toEqual({ first: 0, last: 2 });
  expect(ranksOfFamily(space, 6)).toEqual({ first: 3, last: 5 });
  expect(allRanks(space)).toEqual({ first: 0, last: 5 });
});

test('a space without bounds has one atom a family, and whole families are prefixes of it', () => {
  const space = spaceOf([]);
  expect(space.size).toBe(2);
  for (const family of [4, 6] as const) {
    const whole = prefixAround(lowestAddress(family), 0);
    expect(ranksOf(space, whole)).toEqual(ranksOfFamily(space, family));
    expect(rankOf(space, highestAddress(family))).toBe(ranksOfFamily(space, family).last);
  }
});

describe('a prefix whose bounds were never added throws, naming the prefix', () => {
  const space = spaceOf(prefixes('10.0.0.0/16', '10.1.0.0/16'));
  test.each([
    // text             what lacks a bound
    ['10.0.0.0/24', 'its end'],
    ['10.0.128.0/17', 'its start'],
    ['10.0.1.0/24', 'both'],
    ['2001:db8::/32', 'both'],
  ])('%s (%s)', (text) => {
    expect(() => ranksOf(space, prefixes(text)[0]!)).toThrow(`prefix ${text} is not bounded in the address space`);
  });

  test('10.0.0.0/15 is bounded by its two halves', () => {
    expect(ranksOf(space, prefixes('10.0.0.0/15')[0]!)).toEqual({ first: 1, last: 2 });
  });
});

/** Prefixes that often touch and nest, and addresses at their edges. */
const bounds = fc.record({
  prefixes: fc.array(
    fc.oneof(
      anyPrefix,
      fc.integer({ min: 24, max: 32 }).chain((length) => fc.nat(255).map((host) => near('10.0.0.0', host, length))),
      fc.integer({ min: 120, max: 128 }).chain((length) => fc.nat(255).map((host) => near('fd00::', host, length))),
    ),
    { maxLength: 12 },
  ),
  addresses: fc.array(anyAddress, { maxLength: 4 }),
  probes: fc.array(anyAddress, { maxLength: 8 }),
});

function near(base: string, host: number, length: number): Prefix {
  const address = parseAddress(base);
  return prefixAround(addressFrom(address.family, numberOf(address) + BigInt(host)), length);
}

/** Every edge of the prefixes, one below and one above, within the family. */
function edgesOf(all: readonly Prefix[]): Address[] {
  return all.flatMap((prefix) => {
    const { family } = prefix.address;
    const [first, last] = boundsOf(prefix);
    const highest = numberOf(highestAddress(family));
    const edges = [first - 1n, first, last, last + 1n].filter((number) => number >= 0n && number <= highest);
    return edges.map((number) => addressFrom(family, number));
  });
}

test('the rank of an address counts the cuts of its family at or below it, after those of v4', () => {
  fc.assert(
    fc.property(bounds, ({ prefixes: all, addresses, probes }) => {
      const space = spaceOf(all, addresses);
      const cuts = { 4: new Set([0n]), 6: new Set([0n]) };
      const cut = (family: 4 | 6, first: bigint, last: bigint): void => {
        cuts[family].add(first);
        if (last < numberOf(highestAddress(family))) cuts[family].add(last + 1n);
      };
      for (const prefix of all) cut(prefix.address.family, ...boundsOf(prefix));
      for (const address of addresses) cut(address.family, numberOf(address), numberOf(address));
      expect(space.size).toBe(cuts[4].size + cuts[6].size);
      expect(space.firstV6).toBe(cuts[4].size);
      for (const probe of [...probes, ...addresses, ...edgesOf(all)]) {
        const below = [...cuts[probe.family]].filter((start) => start <= numberOf(probe)).length;
        expect(rankOf(space, probe)).toBe((probe.family === 6 ? cuts[4].size : 0) + below - 1);
      }
    }),
    { numRuns: 200 },
  );
});

test('a prefix holds an address exactly when its ranks hold the rank of the address', () => {
  fc.assert(
    fc.property(bounds, ({ prefixes: all, addresses, probes }) => {
      const space = spaceOf(all, addresses);
      for (const prefix of all) {
        const { first, last } = ranksOf(space, prefix);
        for (const probe of [...probes, ...addresses, ...edgesOf(all)]) {
          const rankOfProbe = rankOf(space, probe);
          expect(first <= rankOfProbe && rankOfProbe <= last).toBe(prefixContains(prefix, probe));
        }
      }
    }),
    { numRuns: 100 },
  );
});
