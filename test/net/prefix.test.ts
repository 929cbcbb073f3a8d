import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressBits } from '../../src/net/address.ts';
import { formatAddress, formatPrefix, parseAddress, parsePrefix } from '../../src/net/address-text.ts';
import {
  firstAddress,
  hostPrefix,
  lastAddress,
  prefixAround,
  prefixContains,
  prefixCovers,
  prefixesOverlap,
  samePrefix,
  wholeFamily,
} from '../../src/net/prefix.ts';
import { addressFrom, anyAddress, anyPrefix, anyPrefixPair, boundsOf, numberOf } from './any-values.ts';

describe('the ends of a prefix', () => {
  const ends = [
    ['10.0.3.0/24', '10.0.3.0', '10.0.3.255'],
    ['10.0.3.77/32', '10.0.3.77', '10.0.3.77'],
    ['128.0.0.0/1', '128.0.0.0', '255.255.255.255'],
    ['0.0.0.0/0', '0.0.0.0', '255.255.255.255'],
    ['2001:db8::/32', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['2001:db8::/33', '2001:db8::', '2001:db8:7fff:ffff:ffff:ffff:ffff:ffff'],
    ['2001:db8::7/128', '2001:db8::7', '2001:db8::7'],
    ['::/0', '::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ] as const;
  for (const [text, first, last] of ends) {
    test(`${text} runs from ${first} to ${last}`, () => {
      const { prefix } = parsePrefix(text);
      expect([firstAddress(prefix), lastAddress(prefix)].map(formatAddress)).toEqual([first, last]);
    });
  }

  test('they are the first and last number with the same leading bits', () => {
    fc.assert(
      fc.property(anyPrefix, (prefix) => {
        const { family } = prefix.address;
        const [first, last] = boundsOf(prefix);
        expect(firstAddress(prefix)).toEqual(addressFrom(family, first));
        expect(lastAddress(prefix)).toEqual(addressFrom(family, last));
      }),
    );
  });
});

describe('making a prefix', () => {
  test('host bits are cleared, and no others', () => {
    fc.assert(
      fc.property(anyAddress, fc.nat(128), (address, any) => {
        const length = any % (addressBits(address.family) + 1);
        const size = 1n << BigInt(addressBits(address.family) - length);
        const around = prefixAround(address, length);
        expect(around).toEqual({ address: addressFrom(address.family, (numberOf(address) / size) * size), length });
      }),
    );
  });

  test('a length that the family does not have is refused', () => {
    const v4 = parseAddress('10.0.0.1');
    const v6 = parseAddress('::1');
    expect(() => prefixAround(v4, 33)).toThrow('prefix length 33 is not between 0 and 32');
    expect(() => prefixAround(v6, 129)).toThrow('prefix length 129 is not between 0 and 128');
    for (const length of [-1, 1.5, Number.NaN]) expect(() => prefixAround(v4, length)).toThrow(RangeError);
  });

  test('a single address and a whole family are prefixes', () => {
    expect(formatPrefix(hostPrefix(parseAddress('10.0.3.77')))).toBe('10.0.3.77/32');
    expect(formatPrefix(hostPrefix(parseAddress('2001:db8::7')))).toBe('2001:db8::7/128');
    expect([formatPrefix(wholeFamily(4)), formatPrefix(wholeFamily(6))]).toEqual(['0.0.0.0/0', '::/0']);
  });
});

describe('comparing prefixes', () => {
  test('a prefix contains the addresses of its family between its ends', () => {
    const nearTheEnds = anyPrefix.chain((prefix) => {
      const [first, last] = boundsOf(prefix);
      const top = (1n << BigInt(addressBits(prefix.address.family))) - 1n;
      const near = fc
        .constantFrom(first - 1n, first, (first + last) / 2n, last, last + 1n)
        .map((number) => addressFrom(prefix.address.family, number < 0n ? 0n : number > top ? top : number));
      return fc.tuple(fc.constant(prefix), fc.oneof(near, anyAddress));
    });
    fc.assert(
      fc.property(nearTheEnds, ([prefix, address]) => {
        const [first, last] = boundsOf(prefix);
        const number = numberOf(address);
        const inside = prefix.address.family === address.family && first <= number && number <= last;
        expect(prefixContains(prefix, address)).toBe(inside);
      }),
      { numRuns: 2000 },
    );
  });

  test('covering, overlapping and sameness follow from the ends', () => {
    fc.assert(
      fc.property(anyPrefixPair, ([a, b]) => {
        const [firstA, lastA] = boundsOf(a);
        const [firstB, lastB] = boundsOf(b);
        const sameFamily = a.address.family === b.address.family;
        expect(prefixCovers(a, b)).toBe(sameFamily && firstA <= firstB && lastB <= lastA);
        expect(prefixCovers(b, a)).toBe(sameFamily && firstB <= firstA && lastA <= lastB);
        expect(prefixesOverlap(a, b)).toBe(sameFamily && firstA <= lastB && firstB <= lastA);
        expect(samePrefix(a, b)).toBe(sameFamily && firstA === firstB && lastA === lastB);
      }),
      { numRuns: 2000 },
    );
  });

  test('::/0 does not cover 0.0.0.0/0, nor the reverse (PKT-01)', () => {
    expect(prefixCovers(wholeFamily(6), wholeFamily(4))).toBe(false);
    expect(prefixCovers(wholeFamily(4), wholeFamily(6))).toBe(false);
    expect(prefixesOverlap(wholeFamily(4), wholeFamily(6))).toBe(false);
  });
});
