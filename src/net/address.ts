/**
 * IP addresses as plain values: a family and four unsigned 32-bit words.
 *
 * Both families are left-aligned, so that one comparison, one mask and one prefix arithmetic serve both:
 *
 *     v4   | w0 = all 32 bits | w1 = 0 | w2 = 0 | w3 = 0 |
 *     v6   | w0 = bits 0..31  | w1     | w2     | w3 = bits 96..127 |
 *
 * Text becomes an address, and an address text, in `address-text.ts` only.
 */

export type Family = 4 | 6;

export interface Address {
  readonly family: Family;
  readonly w0: number;
  readonly w1: number;
  readonly w2: number;
  readonly w3: number;
}

/** Bits of an address of this family: 32 or 128. */
export function addressBits(family: Family): number {
  return family === 4 ? 32 : 128;
}

export function v4(word: number): Address {
  return { family: 4, w0: word >>> 0, w1: 0, w2: 0, w3: 0 };
}

export function v6(w0: number, w1: number, w2: number, w3: number): Address {
  return { family: 6, w0: w0 >>> 0, w1: w1 >>> 0, w2: w2 >>> 0, w3: w3 >>> 0 };
}

/** Negative, zero or positive; every v4 address sorts before every v6 address. */
export function compareAddresses(a: Address, b: Address): number {
  return a.family - b.family || a.w0 - b.w0 || a.w1 - b.w1 || a.w2 - b.w2 || a.w3 - b.w3;
}

export function sameAddress(a: Address, b: Address): boolean {
  return a.family === b.family && a.w0 === b.w0 && a.w1 === b.w1 && a.w2 === b.w2 && a.w3 === b.w3;
}

/** What only equal addresses have: a key, quicker made than the text that people read. */
export function addressKey({ family, w0, w1, w2, w3 }: Address): number | string {
  return family === 4 ? w0 : `${w0} ${w1} ${w2} ${w3}`;
}

export function lowestAddress(family: Family): Address {
  return { family, w0: 0, w1: 0, w2: 0, w3: 0 };
}

export function highestAddress(family: Family): Address {
  return family === 4 ? v4(0xffffffff) : v6(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff);
}

/** The address `offset` places on (0 <= offset < 2^32), or null past the end of the family. */
export function addressPlus(address: Address, offset: number): Address | null {
  if (address.family === 4) {
    const word = address.w0 + offset;
    return word > 0xffffffff ? null : v4(word);
  }
  let carry = address.w3 + offset;
  const w3 = carry >>> 0;
  carry = address.w2 + (carry > 0xffffffff ? 1 : 0);
  const w2 = carry >>> 0;
  carry = address.w1 + (carry > 0xffffffff ? 1 : 0);
  const w1 = carry >>> 0;
  carry = address.w0 + (carry > 0xffffffff ? 1 : 0);
  return carry > 0xffffffff ? null : v6(carry, w1, w2, w3);
}

/** The next address, or null after the last one of the family. */
export function nextAddress(address: Address): Address | null {
  return addressPlus(address, 1);
}

/** The address before, or null before the first one of the family. */
export function previousAddress(address: Address): Address | null {
  const { family, w0, w1, w2, w3 } = address;
  if (family === 4) return w0 === 0 ? null : v4(w0 - 1);
  if (w3 > 0) return v6(w0, w1, w2, w3 - 1);
  if (w2 > 0) return v6(w0, w1, w2 - 1, 0xffffffff);
  if (w1 > 0) return v6(w0, w1 - 1, 0xffffffff, 0xffffffff);
  return w0 === 0 ? null : v6(w0 - 1, 0xffffffff, 0xffffffff, 0xffffffff);
}
