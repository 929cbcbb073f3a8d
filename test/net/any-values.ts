/** Arbitrary values of `src/net`, drawn to the edges of words, and their plain numbers. */

import fc from 'fast-check';
import { type Address, addressBits, type Family, v4, v6 } from '../../src/net/address.ts';
import { type Prefix, prefixAround } from '../../src/net/prefix.ts';

const anyWord: fc.Arbitrary<number> = fc.oneof(
  { arbitrary: fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffff0000, 0xfffffffe, 0xffffffff), weight: 1 },
  { arbitrary: fc.nat(0xffffffff), weight: 2 },
);

export const anyV4: fc.Arbitrary<Address> = anyWord.map(v4);
export const anyV6: fc.Arbitrary<Address> = fc.tuple(anyWord, anyWord, anyWord, anyWord).map((words) => v6(...words));
export const anyAddress: fc.Arbitrary<Address> = fc.oneof(anyV4, anyV6);

export const anyPrefix: fc.Arbitrary<Prefix> = anyAddress.chain((address) =>
  fc.nat(addressBits(address.family)).map((length) => prefixAround(address, length)),
);

/** Two prefixes of which one often holds the other. */
export const anyPrefixPair: fc.Arbitrary<readonly [Prefix, Prefix]> = fc.oneof(
  fc.tuple(anyPrefix, anyPrefix),
  anyPrefix.chain((prefix) => {
    const length = fc.nat(addressBits(prefix.address.family));
    return fc.tuple(
      fc.constant(prefix),
      length.map((shorter) => prefixAround(prefix.address, shorter)),
    );
  }),
);

/** The address as one number of its family. */
export function numberOf(address: Address): bigint {
  if (address.family === 4) return BigInt(address.w0);
  return (BigInt(address.w0) << 96n) | (BigInt(address.w1) << 64n) | (BigInt(address.w2) << 32n) | BigInt(address.w3);
}

export function addressFrom(family: Family, number: bigint): Address {
  const word = (shift: bigint): number => Number((number >> shift) & 0xffffffffn);
  return family === 4 ? v4(word(0n)) : v6(word(96n), word(64n), word(32n), word(0n));
}

/** First and last number of a prefix, from its length alone. */
export function boundsOf(prefix: Prefix): readonly [first: bigint, last: bigint] {
  const size = 1n << BigInt(addressBits(prefix.address.family) - prefix.length);
  const first = (numberOf(prefix.address) / size) * size;
  return [first, first + size - 1n];
}
