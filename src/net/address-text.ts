/**
 * Addresses and prefixes as text. The only file that knows ip-num.
 *
 * ip-num validates and prints; everything after that is words (see `address.ts`). Its pitfalls, each with a test:
 * it accepts zone ids and zero-padded lengths (refused here), keeps host bits in a CIDR (masked and reported here), prints v6 in
 * several forms (RFC 5952 here), refuses an embedded v4 address in a CIDR (accepted here), and compares families freely
 * (never asked to compare).
 */

import { collapseIPv6Number, IPv4, IPv6, Validator } from 'ip-num';
import { type Address, addressBits, type Family, v4, v6 } from './address.ts';
import { type Prefix, prefixAround, samePrefix } from './prefix.ts';

/** Text that is not what it should be. The message quotes the text and says what is wrong; the caller adds where. */
export class TextError extends Error {
  override readonly name = 'TextError';
}

const WORD = 0xffffffffn;

/** The address behind `10.0.0.1`, `2001:db8::1` or `::ffff:10.0.0.1`. Throws a TextError on anything else, zone ids included. */
export function parseAddress(text: string): Address {
  if (text.includes(':')) {
    if (text.includes('%')) throw new TextError(`address "${text}": zone ids mean nothing outside one host`);
    const [valid] = Validator.isValidIPv6String(text);
    if (!valid) throw new TextError(`address "${text}" is not an IPv6 address`);
    const { value } = IPv6.fromString(text);
    return v6(Number(value >> 96n), Number((value >> 64n) & WORD), Number((value >> 32n) & WORD), Number(value & WORD));
  }
  const [valid] = Validator.isValidIPv4String(text);
  if (!valid) throw new TextError(`address "${text}" is not an IPv4 address`);
  return v4(Number(IPv4.fromString(text).value));
}

/** Dotted quad, or RFC 5952 (lowercase, longest run of zeros collapsed). */
export function formatAddress(address: Address): string {
  const { family, w0, w1, w2, w3 } = address;
  if (family === 4) return new IPv4(BigInt(w0)).toString();
  const value = (BigInt(w0) << 96n) | (BigInt(w1) << 64n) | (BigInt(w2) << 32n) | BigInt(w3);
  return collapseIPv6Number(new IPv6(value).toString());
}

export interface ParsedPrefix {
  readonly prefix: Prefix;
  /** The text had host bits set, which AWS clears too (NACL-08). */
  readonly hadHostBits: boolean;
}

/** The prefix behind `10.0.0.0/8` or `2001:db8::/32`. Throws a TextError that says which part is wrong. */
export function parsePrefix(text: string): ParsedPrefix {
  const slash = text.indexOf('/');
  if (slash < 0) throw new TextError(`prefix "${text}" has no length: write ADDRESS/LENGTH`);
  const lengthText = text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(lengthText)) {
    throw new TextError(`prefix "${text}": length "${lengthText}" is not a number`);
  }
  const address = parseAddress(text.slice(0, slash));
  const length = Number(lengthText);
  const bits = addressBits(address.family);
  if (length > bits) throw new TextError(`prefix "${text}": length ${length} is over ${bits}`);
  const prefix = prefixAround(address, length);
  return { prefix, hadHostBits: !samePrefix(prefixAround(address, bits), prefixAround(prefix.address, bits)) };
}

export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix.address)}/${prefix.length}`;
}

/** The family that a text is written in, without judging whether it is valid. */
export function familyOfText(text: string): Family {
  return text.includes(':') ? 6 : 4;
}
