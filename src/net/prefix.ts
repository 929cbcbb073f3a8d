/** CIDR blocks: an address whose host bits are zero, and a length. Always canonical; `parsePrefix` masks and says so. */

import { type Address, addressBits, type Family } from './address.ts';

export interface Prefix {
  readonly address: Address;
  /** 0 to 32, or 0 to 128. */
  readonly length: number;
}

/** The bits of word `index` (0 to 3) that belong to the network part of a prefix of this length. */
function networkMask(index: number, length: number): number {
  const bits = Math.min(32, Math.max(0, length - 32 * index));
  return bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
}

/** The prefix of this length around the address: host bits are cleared. Throws on a length the family does not have. */
export function prefixAround(address: Address, length: number): Prefix {
  if (!Number.isInteger(length) || length < 0 || length > addressBits(address.family)) {
    throw new RangeError(`prefix length ${length} is not between 0 and ${addressBits(address.family)}`);
  }
  const { family, w0, w1, w2, w3 } = address;
  return {
    address: {
      family,
      w0: (w0 & networkMask(0, length)) >>> 0,
      w1: (w1 & networkMask(1, length)) >>> 0,
      w2: (w2 & networkMask(2, length)) >>> 0,
      w3: (w3 & networkMask(3, length)) >>> 0,
    },
    length,
  };
}

/** The prefix that holds this address alone: /32 or /128. */
export function hostPrefix(address: Address): Prefix {
  return { address, length: addressBits(address.family) };
}

export function isHostPrefix({ address, length }: Prefix): boolean {
  return length === addressBits(address.family);
}

/** Everything of a family: 0.0.0.0/0 or ::/0. */
export function wholeFamily(family: Family): Prefix {
  return { address: { family, w0: 0, w1: 0, w2: 0, w3: 0 }, length: 0 };
}

export function firstAddress(prefix: Prefix): Address {
  return prefix.address;
}

export function lastAddress(prefix: Prefix): Address {
  const { family, w0, w1, w2, w3 } = prefix.address;
  const hostBits = (word: number, index: number): number => {
    if (family === 4 && index > 0) return 0;
    return (word | ~networkMask(index, prefix.length)) >>> 0;
  };
  return { family, w0: hostBits(w0, 0), w1: hostBits(w1, 1), w2: hostBits(w2, 2), w3: hostBits(w3, 3) };
}

export function prefixContains(prefix: Prefix, address: Address): boolean {
  const p = prefix.address;
  return (
    p.family === address.family &&
    ((address.w0 ^ p.w0) & networkMask(0, prefix.length)) === 0 &&
    ((address.w1 ^ p.w1) & networkMask(1, prefix.length)) === 0 &&
    ((address.w2 ^ p.w2) & networkMask(2, prefix.length)) === 0 &&
    ((address.w3 ^ p.w3) & networkMask(3, prefix.length)) === 0
  );
}

/** Reports whether every address of `inner` is in `outer`. */
export function prefixCovers(outer: Prefix, inner: Prefix): boolean {
  return inner.length >= outer.length && prefixContains(outer, inner.address);
}

/** Text that only equal prefixes have: a key, quicker made than the text that people read. */
export function prefixKey({ address: { family, w0, w1, w2, w3 }, length }: Prefix): string {
  return family === 4 ? `${w0}/${length}` : `${w0} ${w1} ${w2} ${w3}/${length}`;
}

export function samePrefix(a: Prefix, b: Prefix): boolean {
  return a.length === b.length && prefixContains(a, b.address);
}

export function prefixesOverlap(a: Prefix, b: Prefix): boolean {
  return prefixCovers(a, b) || prefixCovers(b, a);
}
