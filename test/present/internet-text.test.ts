import { expect, test } from 'vitest';
import { REFUSED_BY_INTERNET } from '../../src/compile/special-addresses.ts';
import type { Family } from '../../src/net/address.ts';
import { addressSet, prefixesOf, subtractAddresses } from '../../src/net/address-set.ts';
import { formatPrefix, parsePrefix } from '../../src/net/address-text.ts';
import { wholeFamily } from '../../src/net/prefix.ts';
import { internetAskedAbout, internetText, WHOLE_INTERNET } from '../../src/present/internet-text.ts';

const refused = REFUSED_BY_INTERNET.map(({ prefix }) => formatPrefix(prefix));

/** The prefixes of a family of the internet without these. */
function internetWithout(family: Family, ...left: readonly string[]): readonly string[] {
  const out = addressSet([...refused, ...left].map((text) => parsePrefix(text).prefix));
  return prefixesOf(subtractAddresses(addressSet([wholeFamily(family)]), out)).map(formatPrefix);
}

const IPV4 = internetWithout(4);
const IPV6 = internetWithout(6);

const cases: readonly (readonly [what: string, prefixes: readonly string[], shown: string])[] = [
  ['all of IPv4', IPV4, 'IPv4 internet'],
  ['all of IPv6', IPV6, 'IPv6 internet'],
  ['all of both', [...IPV4, ...IPV6], 'internet'],
  ['all but an office', internetWithout(4, '203.0.113.0/28'), 'IPv4 internet except 203.0.113.0/28'],
  [
    'both but an office',
    [...internetWithout(4, '203.0.113.0/28'), ...IPV6],
    'IPv4 internet except 203.0.113.0/28, IPv6 internet',
  ],
  ['an office', ['203.0.113.0/28'], 'internet 203.0.113.0/28'],
  ['half of IPv4', ['0.0.0.0/1'], 'internet 0.0.0.0/1'],
];
for (const [what, prefixes, shown] of cases) {
  test(`${what} is "${shown}"`, () => {
    expect(internetText(prefixes, 3, WHOLE_INTERNET)).toBe(shown);
  });
}

test('a family goes by its name only where none of it is missing', () => {
  expect(internetText(IPV4.slice(1), 3, WHOLE_INTERNET)).not.toBe('IPv4 internet');
});

test("where the internet is asked about, the network's own addresses are no exception to it", () => {
  const own = internetWithout(4, '198.51.100.10/32');
  const asked = internetAskedAbout('internet', own);
  expect(internetText(own, 3, asked)).toBe('IPv4 internet');
  expect(internetText(internetWithout(4, '198.51.100.10/32', '203.0.113.0/28'), 3, asked)).toBe(
    'IPv4 internet except 203.0.113.0/28',
  );
  expect(internetText(own, 3, internetAskedAbout('0.0.0.0/0', own))).toBe('IPv4 internet except 198.51.100.10/32');
});
