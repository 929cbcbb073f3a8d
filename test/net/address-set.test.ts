import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Address } from '../../src/net/address.ts';
import {
  type AddressSet,
  ALL_ADDRESSES,
  addressSet,
  hasAddress,
  intersectAddresses,
  isNoAddress,
  NO_ADDRESSES,
  prefixesOf,
  subtractAddresses,
  unionAddresses,
} from '../../src/net/address-set.ts';
import { formatAddress, formatPrefix, parseAddress, parsePrefix } from '../../src/net/address-text.ts';
import { type Prefix, prefixAround, prefixContains } from '../../src/net/prefix.ts';
import { addressFrom, anyAddress, anyPrefix, numberOf } from './any-values.ts';

/** `10.0.0.0/8, ::/0` */
function setOf(text: string): AddressSet {
  return addressSet(text === '' ? [] : text.split(', ').map((prefix) => parsePrefix(prefix).prefix));
}

function rangesOf(set: AddressSet): string {
  return set.map(({ first, last }) => `${formatAddress(first)}-${formatAddress(last)}`).join(', ');
}

function textOf(set: AddressSet): string {
  return prefixesOf(set).map(formatPrefix).join(', ');
}

describe('the canonical form', () => {
  const forms = [
    ['10.0.1.0/24, 10.0.0.0/24', '10.0.0.0-10.0.1.255'],
    ['10.0.0.0/24, 10.0.2.0/24', '10.0.0.0-10.0.0.255, 10.0.2.0-10.0.2.255'],
    ['10.0.0.0/8, 10.3.0.0/16', '10.0.0.0-10.255.255.255'],
    ['::/1, 128.0.0.0/1', '128.0.0.0-255.255.255.255, ::-7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    // the last v4 address and the first v6 address are no neighbours
    ['255.255.255.255/32, ::/128', '255.255.255.255-255.255.255.255, ::-::'],
    ['::ffff:ffff/128, ::1:0:0/128', '::ffff:ffff-::1:0:0'],
    ['', ''],
  ] as const;
  for (const [prefixes, ranges] of forms) {
    test(`${prefixes || 'nothing'} becomes ${ranges || 'no range'}`, () => {
      expect(rangesOf(setOf(prefixes))).toBe(ranges);
    });
  }
});

describe('the operations', () => {
  const operations = [
    ['10.0.0.0/24', 'union', '10.0.1.0/24', '10.0.0.0/23'],
    ['10.0.1.0/24', 'union', '10.0.2.0/24', '10.0.1.0/24, 10.0.2.0/24'],
    ['10.0.0.0/8', 'intersect', '10.3.0.0/16, ::/0', '10.3.0.0/16'],
    ['0.0.0.0/0', 'intersect', '::/0', ''],
    ['10.0.0.0/30', 'subtract', '10.0.0.1/32', '10.0.0.0/32, 10.0.0.2/31'],
    ['0.0.0.0/0', 'subtract', '128.0.0.0/1', '0.0.0.0/1'],
    ['0.0.0.0/0, ::/0', 'subtract', '0.0.0.0/0', '::/0'],
    ['::/126', 'subtract', '::3/128, 10.0.0.0/8', '::/127, ::2/128'],
    ['10.0.0.0/24, 10.0.2.0/24', 'subtract', '0.0.0.0/0', ''],
    ['10.0.0.0/24', 'subtract', '', '10.0.0.0/24'],
  ] as const;
  const act = { union: unionAddresses, intersect: intersectAddresses, subtract: subtractAddresses };
  for (const [a, operation, b, result] of operations) {
    test(`${a} ${operation} ${b || 'nothing'} is ${result || 'nothing'}`, () => {
      expect(textOf(act[operation](setOf(a), setOf(b)))).toBe(result);
    });
  }

  test('all addresses are two prefixes, and no address is none', () => {
    expect(textOf(ALL_ADDRESSES)).toBe('0.0.0.0/0, ::/0');
    expect(textOf(NO_ADDRESSES)).toBe('');
  });

  // A universe small enough for ranges to touch often: sixteen addresses around each place where arithmetic may go wrong.
  const PLACES = ['0.0.0.0', '127.255.255.248', '255.255.255.240', '::', '::ffff:fff8', '0:0:0:1::'].map(parseAddress);
  const TOP = parseAddress('ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0');
  const universe = [...PLACES, TOP].flatMap((place) =>
    Array.from({ length: 16 }, (_, i) => addressFrom(place.family, numberOf(place) + BigInt(i))),
  );
  const anyMember = fc.constantFrom(...universe);
  const anyNearPrefix: fc.Arbitrary<Prefix> = fc.oneof(
    {
      arbitrary: fc
        .tuple(anyMember, fc.integer({ min: 0, max: 5 }))
        .map(([address, bits]) => prefixAround(address, (address.family === 4 ? 32 : 128) - bits)),
      weight: 8,
    },
    { arbitrary: anyPrefix, weight: 1 },
  );
  const anyPrefixes = fc.array(anyNearPrefix, { maxLength: 12 });
  const membersOf = (set: AddressSet): readonly Address[] => universe.filter((address) => hasAddress(set, address));
  const expectCanonical = (set: AddressSet): void => {
    for (const { first, last } of set) {
      expect(first.family).toBe(last.family);
      expect(numberOf(first)).toBeLessThanOrEqual(numberOf(last));
    }
    for (let i = 1; i < set.length; i++) {
      const { last } = set[i - 1]!;
      const { first } = set[i]!;
      expect(last.family).toBeLessThanOrEqual(first.family);
      if (last.family === first.family) expect(numberOf(first)).toBeGreaterThan(numberOf(last) + 1n);
    }
  };

  test('they do what they do on sets of single addresses, and stay canonical', () => {
    fc.assert(
      fc.property(anyPrefixes, anyPrefixes, (left, right) => {
        const isIn = (prefixes: readonly Prefix[], address: Address): boolean =>
          prefixes.some((prefix) => prefixContains(prefix, address));
        const [a, b] = [addressSet(left), addressSet(right)];
        const expected = (keep: (inA: boolean, inB: boolean) => boolean): readonly Address[] =>
          universe.filter((address) => keep(isIn(left, address), isIn(right, address)));
        expect(membersOf(a)).toEqual(expected((inA) => inA));
        expect(membersOf(unionAddresses(a, b))).toEqual(expected((inA, inB) => inA || inB));
        expect(membersOf(intersectAddresses(a, b))).toEqual(expected((inA, inB) => inA && inB));
        expect(membersOf(subtractAddresses(a, b))).toEqual(expected((inA, inB) => inA && !inB));
        expect(isNoAddress(a)).toBe(left.length === 0);
        for (const set of [a, unionAddresses(a, b), intersectAddresses(a, b), subtractAddresses(a, b)])
          expectCanonical(set);
      }),
      { numRuns: 1000 },
    );
  });

  test('sets with the same members are the same, however they were made', () => {
    fc.assert(
      fc.property(anyPrefixes, anyPrefixes, (left, right) => {
        const [a, b] = [addressSet(left), addressSet(right)];
        expect(unionAddresses(a, b)).toEqual(unionAddresses(b, a));
        expect(unionAddresses(subtractAddresses(a, b), intersectAddresses(a, b))).toEqual(a);
        const not = subtractAddresses(ALL_ADDRESSES, b);
        expect(intersectAddresses(a, not)).toEqual(subtractAddresses(a, b));
        expect(subtractAddresses(ALL_ADDRESSES, not)).toEqual(b);
      }),
    );
  });

  test('their prefixes make them up, overlap nowhere, and no two of them could be one', () => {
    fc.assert(
      fc.property(anyPrefixes, fc.array(anyAddress, { maxLength: 3 }), (prefixes, others) => {
        const set = others.reduce(
          (rest, a) => subtractAddresses(rest, addressSet([prefixAround(a, a.family === 4 ? 32 : 128)])),
          addressSet(prefixes),
        );
        const found = prefixesOf(set);
        expect(addressSet(found)).toEqual(set);
        const size = ({ address, length }: Prefix): bigint => 1n << BigInt((address.family === 4 ? 32 : 128) - length);
        const total = (family: number): bigint =>
          found.filter(({ address }) => address.family === family).reduce((sum, prefix) => sum + size(prefix), 0n);
        for (const family of [4, 6] as const) {
          const ranges = set.filter(({ first }) => first.family === family);
          const members = ranges.reduce((sum, { first, last }) => sum + numberOf(last) - numberOf(first) + 1n, 0n);
          expect(total(family)).toBe(members);
        }
        // A prefix and its other half would be one prefix.
        const texts = new Set(found.map(formatPrefix));
        for (const { address, length } of found) {
          if (length === 0) continue;
          const half = 1n << BigInt((address.family === 4 ? 32 : 128) - length);
          const sibling = addressFrom(address.family, numberOf(address) ^ half);
          expect(texts.has(formatPrefix(prefixAround(sibling, length)))).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });
});
