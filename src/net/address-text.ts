/**
 * Addresses and prefixes as text. The only file that knows ip-num.
 *
 * ip-num decides what is an address (its strict patterns) and collapses zeros; the words are read here, because its own
 * `fromString` validates twice, builds an object a group and takes 3.5 µs (v4) or 12 µs (v6), and a snapshot holds hundreds of
 * thousands of addresses. `test/net/address-text.test.ts` keeps both readings equal. Its pitfalls, each with a test there: it
 * accepts zone ids and zero-padded lengths (refused here), keeps host bits in a CIDR (masked and reported here), prints v6 in
 * several forms (RFC 5952 here), refuses an embedded v4 address in a CIDR (accepted here), and compares families freely (never
 * asked to compare).
 */

import { collapseIPv6Number, Validator } from 'ip-num';
import { type Address, addressBits, type Family, sameAddress, v4, v6 } from './address.ts';
import { type Prefix, prefixAround } from './prefix.ts';
import { quote } from './quote.ts';

/** Text that is not what it should be. The message quotes the text and says what is wrong; the caller adds where. */
export class TextError extends Error {
  override readonly name = 'TextError';
}

/** The address behind `10.0.0.1`, `2001:db8::1` or `::ffff:10.0.0.1`. Throws a TextError on anything else, zone ids included. */
export function parseAddress(text: string): Address {
  if (text.includes(':')) {
    // The pattern lets a zone id pass, with anything in it.
    if (text.includes('%')) throw new TextError(`address ${quote(text)}: zone ids mean nothing outside one host`);
    if (!Validator.IPV6_PATTERN.test(text)) throw new TextError(`address ${quote(text)} is not an IPv6 address`);
    return addressOfGroups(text);
  }
  if (!Validator.IPV4_PATTERN.test(text)) throw new TextError(`address ${quote(text)} is not an IPv4 address`);
  return v4(wordOfQuad(text));
}

/** The 32 bits of a dotted quad that is known to be valid. */
function wordOfQuad(text: string): number {
  let word = 0;
  let octet = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (character === DOT) {
      word = word * 256 + octet;
      octet = 0;
    } else {
      octet = octet * 10 + (character - ZERO);
    }
  }
  return word * 256 + octet;
}
const DOT = 46;
const ZERO = 48;

/** The address of colon-separated groups that are known to be valid. An empty group is where zeros were left out. */
function addressOfGroups(text: string): Address {
  const groups: number[] = [];
  let gap = 8;
  for (const group of text.split(':')) {
    if (group === '') {
      gap = groups.length;
    } else if (group.includes('.')) {
      const word = wordOfQuad(group);
      groups.push(word >>> 16, word & 0xffff);
    } else {
      groups.push(Number.parseInt(group, 16));
    }
  }
  const missing = 8 - groups.length;
  const group = (i: number): number => (i < gap ? groups[i]! : i < gap + missing ? 0 : groups[i - missing]!);
  const word = (i: number): number => group(2 * i) * 65536 + group(2 * i + 1);
  return v6(word(0), word(1), word(2), word(3));
}

/** Dotted quad, or RFC 5952 (lowercase, longest run of zeros collapsed, no embedded v4). */
export function formatAddress(address: Address): string {
  const { family, w0, w1, w2, w3 } = address;
  if (family === 4) return `${w0 >>> 24}.${(w0 >>> 16) & 255}.${(w0 >>> 8) & 255}.${w0 & 255}`;
  // Half of all v6 prefixes are everything.
  if ((w0 | w1 | w2 | w3) === 0) return '::';
  const groups = [w0, w1, w2, w3].map((word) => `${(word >>> 16).toString(16)}:${(word & 0xffff).toString(16)}`);
  return collapseIPv6Number(groups.join(':'));
}

export interface ParsedPrefix {
  readonly prefix: Prefix;
  /** The text had host bits set, which AWS clears too (NACL-08). */
  readonly hadHostBits: boolean;
}

/** The prefix behind `10.0.0.0/8` or `2001:db8::/32`. Throws a TextError that says which part is wrong. */
export function parsePrefix(text: string): ParsedPrefix {
  const slash = text.indexOf('/');
  if (slash < 0) throw new TextError(`prefix ${quote(text)} has no length: write ADDRESS/LENGTH`);
  const lengthText = text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(lengthText)) {
    throw new TextError(`prefix ${quote(text)}: length ${quote(lengthText)} is not a number`);
  }
  const address = parseAddress(text.slice(0, slash));
  const length = Number(lengthText);
  const bits = addressBits(address.family);
  if (length > bits) throw new TextError(`prefix ${quote(text)}: length ${length} is over ${bits}`);
  const prefix = prefixAround(address, length);
  return { prefix, hadHostBits: !sameAddress(address, prefix.address) };
}

export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix.address)}/${prefix.length}`;
}

/** The family that a text is written in, without judging whether it is valid. */
export function familyOfText(text: string): Family {
  return text.includes(':') ? 6 : 4;
}
