/** Parts of the internet in few words: `internet`, `IPv4 internet except 192.0.2.0/24`, `internet 203.0.113.0/28`. */

import { REFUSED_BY_INTERNET } from '../compile/special-addresses.ts';
import type { Family } from '../net/address.ts';
import { type AddressSet, addressSet, isNoAddress, prefixesOf, subtractAddresses } from '../net/address-set.ts';
import { formatPrefix, parsePrefix } from '../net/address-text.ts';
import { wholeFamily } from '../net/prefix.ts';
import { shortList } from './short-list.ts';

const REFUSED = addressSet(REFUSED_BY_INTERNET.map(({ prefix }) => prefix));

/** All that an internet gateway takes for an address of the internet (IGW-07). */
const WHOLE: Readonly<Record<Family, AddressSet>> = {
  4: subtractAddresses(addressSet([wholeFamily(4)]), REFUSED),
  6: subtractAddresses(addressSet([wholeFamily(6)]), REFUSED),
};

const NAMES: Readonly<Record<Family, string>> = { 4: 'IPv4 internet', 6: 'IPv6 internet' };

/** What the prefixes make up together, with at most `limit` of them written out for each family. */
export function internetText(prefixes: readonly string[], limit: number): string {
  const parsed = prefixes.map((text) => parsePrefix(text).prefix);
  const phrases = ([4, 6] as const).flatMap((family) => {
    const part = addressSet(parsed.filter(({ address }) => address.family === family));
    return isNoAddress(part) ? [] : [familyText(family, part, limit)];
  });
  const isWhole = phrases.length === 2 && phrases.includes(NAMES[4]) && phrases.includes(NAMES[6]);
  return isWhole ? 'internet' : phrases.join(', ');
}

/** What is left out, where that is said in fewer prefixes than what is there. */
function familyText(family: Family, part: AddressSet, limit: number): string {
  const missing = subtractAddresses(WHOLE[family], part);
  if (isNoAddress(missing)) return NAMES[family];
  const inside = prefixesOf(part);
  const outside = prefixesOf(missing);
  const isMost = outside.length < inside.length && isNoAddress(subtractAddresses(part, WHOLE[family]));
  const written = (isMost ? outside : inside).map(formatPrefix);
  return `${isMost ? `${NAMES[family]} except` : 'internet'} ${shortList(written, limit, ', ')}`;
}
