import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addressBits,
  addressPlus,
  compareAddresses,
  highestAddress,
  lowestAddress,
  nextAddress,
  previousAddress,
  sameAddress,
} from '../../src/net/address.ts';
import { formatAddress, parseAddress } from '../../src/net/address-text.ts';
import { addressFrom, anyAddress, numberOf } from './any-values.ts';

function plus(text: string, offset: number): string | null {
  const sum = addressPlus(parseAddress(text), offset);
  return sum === null ? null : formatAddress(sum);
}

describe('adding to an address', () => {
  const sums = [
    ['10.0.0.0', 4, '10.0.0.4'],
    ['10.0.0.255', 1, '10.0.1.0'],
    ['127.255.255.255', 1, '128.0.0.0'],
    ['0.0.0.0', 0xffffffff, '255.255.255.255'],
    ['255.255.255.255', 0, '255.255.255.255'],
    ['255.255.255.255', 1, null],
    ['::ffff:ffff', 1, '::1:0:0'],
    ['::ffff:ffff:ffff:ffff', 1, '0:0:0:1::'],
    ['::ffff:ffff:ffff:ffff:ffff:ffff', 1, '0:1::'],
    ['2001:db8:0:0:ffff:ffff:ffff:fffe', 7, '2001:db8:0:1::5'],
    ['::8000:0', 0x80000000, '::1:0:0'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 1, null],
  ] as const;
  for (const [address, offset, sum] of sums) {
    test(`${address} plus ${offset} is ${sum ?? 'past the end'}`, () => {
      expect(plus(address, offset)).toBe(sum);
    });
  }

  test('it is the sum of the numbers, up to the last address of the family', () => {
    const anyOffset = fc.oneof(fc.nat(10), fc.nat(0xffffffff), fc.constant(0xffffffff));
    fc.assert(
      fc.property(anyAddress, anyOffset, (address, offset) => {
        const sum = numberOf(address) + BigInt(offset);
        const fits = sum < 1n << BigInt(addressBits(address.family));
        expect(addressPlus(address, offset)).toEqual(fits ? addressFrom(address.family, sum) : null);
      }),
      { numRuns: 2000 },
    );
  });

  test('the next address is one on', () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        expect(nextAddress(address)).toEqual(addressPlus(address, 1));
      }),
    );
  });

  test('the address before the next one is the address itself, and none is before the first', () => {
    const borders = ['::', '::ffff:ffff', '::ffff:ffff:ffff:ffff', '::ffff:ffff:ffff:ffff:ffff:ffff'].map(parseAddress);
    const anyStart = fc.oneof(anyAddress, fc.constantFrom(...borders));
    fc.assert(
      fc.property(anyStart, (address) => {
        const next = nextAddress(address);
        if (next !== null) expect(previousAddress(next)).toEqual(address);
      }),
      { numRuns: 500 },
    );
    expect([previousAddress(lowestAddress(4)), previousAddress(lowestAddress(6))]).toEqual([null, null]);
  });
});

describe('ordering addresses', () => {
  // Half of them differ in a single bit, so that every word decides at times.
  const oneBitApart = anyAddress.chain((a) =>
    fc
      .nat(addressBits(a.family) - 1)
      .map((bit) => [a, addressFrom(a.family, numberOf(a) ^ (1n << BigInt(bit)))] as const),
  );
  const anyPair = fc.oneof(oneBitApart, fc.tuple(anyAddress, anyAddress));

  test('inside a family by number; every IPv4 address before every IPv6 address', () => {
    fc.assert(
      fc.property(anyPair, ([a, b]) => {
        const byFamily = a.family - b.family;
        const byNumber = numberOf(a) < numberOf(b) ? -1 : numberOf(a) > numberOf(b) ? 1 : 0;
        expect(Math.sign(compareAddresses(a, b))).toBe(Math.sign(byFamily || byNumber));
        expect(sameAddress(a, b)).toBe(byFamily === 0 && byNumber === 0);
      }),
    );
  });

  test('an address is itself, however it was made', () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        const copy = addressFrom(address.family, numberOf(address));
        expect([sameAddress(address, copy), compareAddresses(address, copy)]).toEqual([true, 0]);
      }),
    );
  });

  test('the ends of each family', () => {
    expect([lowestAddress(4), highestAddress(4)].map(formatAddress)).toEqual(['0.0.0.0', '255.255.255.255']);
    expect([lowestAddress(6), highestAddress(6)].map(formatAddress)).toEqual([
      '::',
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    ]);
  });
});
