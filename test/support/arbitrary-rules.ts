/** Texts of rules, entries and routes that meet at the same few ports and addresses, so that their edges matter. */

import fc from 'fast-check';

/** Where ranges of rules begin and end; packets use these, one below, and one above. The familiar ones first: shrinking leads there. */
export const PORT_BOUNDS = [443, 80, 22, 1024, 5432, 32768, 49152, 65535, 0, 1023] as const;

/** Hosts on the internet, on both sides of the bounds of the blocks below. */
export const HOSTS_V4 = ['203.0.113.7', '203.0.113.127', '203.0.113.128', '203.0.114.0', '192.0.2.1'] as const;
export const HOSTS_V6 = ['2001:db8:ffff::1', '2001:db8:fffe:ffff::1', '2001:db8:ffff:8000::1'] as const;

const OUTSIDE_V4 = ['0.0.0.0/0', '203.0.113.0/24', '203.0.113.128/25', '10.0.0.0/8'] as const;
const OUTSIDE_V6 = ['::/0', '2001:db8:ffff::/48', '2001:db8:ffff:8000::/49'] as const;

/** What rules may name, by kind; simple things first. */
export interface Vocabulary {
  /** Blocks and single hosts of the VPCs. */
  readonly v4: readonly string[];
  readonly v6: readonly string[];
  readonly groups: readonly string[];
  readonly prefixLists: readonly string[];
}

const pick = <T>(options: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...options);

const portRange = fc
  .tuple(pick(PORT_BOUNDS), pick(PORT_BOUNDS), fc.boolean())
  .map(([a, b, isWide]) => (isWide ? `${Math.min(a, b)}-${Math.max(a, b)}` : `${a}-${a}`));

function traffic(family: 4 | 6): fc.Arbitrary<string> {
  const icmp =
    family === 4 ? ['icmp/8', 'icmp', 'icmp/0', 'icmp/3.4'] : ['icmpv6/128', 'icmpv6', 'icmpv6/129', 'icmpv6/2.0'];
  return fc.oneof(
    { weight: 4, arbitrary: portRange.map((range) => `tcp/${range}`) },
    { weight: 3, arbitrary: fc.constant('all') },
    { weight: 2, arbitrary: portRange.map((range) => `udp/${range}`) },
    { weight: 2, arbitrary: pick(icmp) },
    { weight: 1, arbitrary: fc.constant('50') },
  );
}

/** `tcp/443-443 0.0.0.0/0`. */
function trafficAndBlock(words: Vocabulary): fc.Arbitrary<readonly [string, string]> {
  const v4 = fc.tuple(traffic(4), fc.oneof(pick(OUTSIDE_V4), pick([...OUTSIDE_V4, ...words.v4])));
  const v6 = fc.tuple(traffic(6), pick([...OUTSIDE_V6, ...words.v6]));
  return fc.oneof({ weight: 4, arbitrary: v4 }, { weight: 1, arbitrary: v6 });
}

/** Rules of a security group, in one direction. */
export function groupRules(words: Vocabulary, direction: 'in' | 'out'): fc.Arbitrary<string[]> {
  const word = direction === 'in' ? 'from' : 'to';
  const named = [...words.groups, ...words.prefixLists];
  const byBlock = trafficAndBlock(words).map(([what, block]) => `${what} ${word} ${block}`);
  const byName = fc.tuple(traffic(4), pick(named)).map(([what, name]) => `${what} ${word} ${name}`);
  const rule = fc.oneof({ weight: 3, arbitrary: byBlock }, { weight: 2, arbitrary: byName });
  const open = [`all ${word} 0.0.0.0/0`, `all ${word} ::/0`];
  const some = fc.array(rule, { maxLength: 4, size: 'max' });
  // Most walks should get far enough to meet something else than the first group.
  return fc.oneof({ weight: 2, arbitrary: some }, { weight: 3, arbitrary: some.map((rules) => [...open, ...rules]) });
}

/** Entries of an ACL in one direction: few deny, and most lists end in an allow. */
export function aclEntries(words: Vocabulary): fc.Arbitrary<string[]> {
  const entry = fc.tuple(pick(['deny', 'allow', 'allow']), trafficAndBlock(words));
  return fc
    .tuple(fc.array(entry, { maxLength: 4 }), pick(['both', 'both', 'both', 'both', 'v4', 'none']))
    .map(([entries, rest]) => [
      ...entries.map(([action, [what, block]], index) => `${(index + 1) * 10} ${action} ${what} ${block}`),
      ...(rest === 'none' ? [] : ['1000 allow all 0.0.0.0/0']),
      ...(rest === 'both' ? ['1001 allow all ::/0'] : []),
    ]);
}
