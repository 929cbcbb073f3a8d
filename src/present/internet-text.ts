/** Parts of the internet in few words: `internet`, `IPv4 internet except 192.0.2.0/24`, `internet 203.0.113.0/28`. */

import { REFUSED_BY_INTERNET } from '../compile/special-addresses.ts';
import type { Family } from '../net/address.ts';
import {
  type AddressSet,
  ALL_ADDRESSES,
  addressSet,
  isNoAddress,
  prefixesOf,
  subtractAddresses,
} from '../net/address-set.ts';
import { formatPrefix, parsePrefix } from '../net/address-text.ts';
import { shortList } from './short-list.ts';

/** All that an internet gateway takes for an address of the internet (IGW-07). */
export const WHOLE_INTERNET: AddressSet = subtractAddresses(
  ALL_ADDRESSES,
  addressSet(REFUSED_BY_INTERNET.map(({ prefix }) => prefix)),
);

const NAMES: Readonly<Record<Family, string>> = { 4: 'IPv4 internet', 6: 'IPv6 internet' };

/**
 * What one side of a question means by the internet, given all the prefixes of its answer: the network's own addresses are no part
 * of it, and are not worth a word in every group.
 */
export function internetAskedAbout(side: string, prefixes: readonly string[]): AddressSet {
  return side === 'internet' ? setOf(prefixes) : WHOLE_INTERNET;
}

/** What the prefixes make up together, with at most `limit` of them written out for each family. */
export function internetText(prefixes: readonly string[], limit: number, whole: AddressSet): string {
  const parts = setOf(prefixes);
  const phrases = ([4, 6] as const).flatMap((family) => {
    const part = ofFamily(parts, family);
    return isNoAddress(part) ? [] : [familyText(family, part, limit, ofFamily(whole, family))];
  });
  const isWhole = phrases.length === 2 && phrases.includes(NAMES[4]) && phrases.includes(NAMES[6]);
  return isWhole ? 'internet' : phrases.join(', ');
}

function setOf(prefixes: readonly string[]): AddressSet {
  return addressSet(prefixes.map((text) => parsePrefix(text).prefix));
}

function ofFamily(set: AddressSet, family: Family): AddressSet {
  return set.filter(({ first }) => first.family === family);
}

/** What is left out, where that is said in fewer prefixes than what is there. */
function familyText(family: Family, part: AddressSet, limit: number, whole: AddressSet): string {
  const missing = subtractAddresses(whole, part);
  if (isNoAddress(missing)) return NAMES[family];
  const inside = prefixesOf(part);
  const outside = prefixesOf(missing);
  const isMost = outside.length < inside.length && isNoAddress(subtractAddresses(part, whole));
  const written = (isMost ? outside : inside).map(formatPrefix);
  return `${isMost ? `${NAMES[family]} except` : 'internet'} ${shortList(written, limit, ', ')}`;
}
