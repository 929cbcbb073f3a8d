/** A network whose rules changed is the same whether its tables were replaced or all of it was compiled. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankOf } from '../../src/compile/address-space.ts';
import { type Compiled, compile } from '../../src/compile/compile.ts';
import { recompile } from '../../src/compile/recompile.ts';
import { placesEverywhere } from '../../src/explain/place-set.ts';
import { destinationFor, sendersOf, targetsOf } from '../../src/explain/reach-ends.ts';
import type { Network } from '../../src/model/network.ts';
import { formatAddress, parsePrefix } from '../../src/net/address-text.ts';
import { Connections } from '../../src/reach/connection.ts';
import { L4Sets } from '../../src/reach/l4-sets.ts';
import { mutated, mutations } from '../support/arbitrary-mutations.ts';
import { drawings } from '../support/arbitrary-networks.ts';
import { networkOf } from '../support/network.ts';

test('replaced tables and compiled ones let the same through, for the same missing facts', () => {
  let replaced = 0;
  fc.assert(
    fc.property(drawings({ hasGaps: true }), mutations(), (drawing, plans) => {
      const before = networkOf(drawing);
      const after = mutated(before, plans);
      const short = recompile(compile(before), before, after);
      if (short === null) return;
      if (after !== before) replaced++;
      expect(differences(short, compile(after))).toEqual([]);
    }),
    { numRuns: 250 },
  );
  expect(replaced).toBeGreaterThan(8);
});

const BASE = networkOf({
  vpc: '10.0.0.0/16',
  subnets: { P: { cidr: '10.0.1.0/24' } },
  groups: { a: { in: ['tcp/22 from 10.0.0.0/16'] } },
  enis: { A: { subnet: 'P', address: '10.0.1.10', groups: ['a'] } },
});

function withRule(peer: Network['securityGroups'][number]['rules'][number]['peer'], direction: 'in' | 'out'): Network {
  return {
    ...BASE,
    securityGroups: BASE.securityGroups.map((group) => {
      const rule = { ...group.rules[0]!, id: 'new', direction, peer };
      return group.id === 'sg-a' ? { ...group, rules: [...group.rules, rule] } : group;
    }),
  };
}

const cidr = (text: string) => ({ kind: 'cidr' as const, prefix: parsePrefix(text).prefix });
const group = (groupId: string) => ({
  kind: 'group' as const,
  groupId,
  account: null,
  vpcId: null,
  peeringId: null,
  peeringStatus: null,
});

test.each([
  // what changes                                   network                                        is short
  ['nothing', BASE, true],
  ['a rule for a block that something names', withRule(cidr('10.0.1.0/24'), 'in'), true],
  ['a rule for a block that nothing names', withRule(cidr('192.0.2.0/28'), 'in'), false],
  ['a rule for members of a group', withRule(group('sg-a'), 'in'), true],
  ['the first rule towards members of a group', withRule(group('sg-a'), 'out'), false],
  ['a rule for a group that nobody named', withRule(group('sg-z'), 'in'), false],
  ['interfaces', { ...BASE, networkInterfaces: [] }, false],
] as const)('%s', (_, after, isShort) => {
  expect(recompile(compile(BASE), BASE, after) !== null).toBe(isShort);
});

/** Pairs of ends that fare differently in two compiled forms of one network. */
function differences(one: Compiled, other: Compiled): readonly string[] {
  const sets = new L4Sets();
  const [first, second] = [new Connections(one, sets), new Connections(other, sets)];
  const everywhere = placesEverywhere(other);
  const targets = targetsOf(other, everywhere);
  return sendersOf(other, everywhere).flatMap((sender) =>
    targets.flatMap((target) => {
      const to = destinationFor(sender, target);
      if (to === null) return [];
      const start = sender.held === null ? one.entrances.internet : one.entrances.leaveAsItself[sender.held.eni]!;
      const from = { ...sender, start, rank: rankOf(one.space, sender.address) };
      const short = first.between(from, to, rankOf(one.space, to));
      const whole = second.between(sender, to, rankOf(other.space, to));
      const told = (compiled: Compiled, { forward, reply, facts }: typeof whole): string =>
        JSON.stringify([forward, reply, [...new Set(facts.map((index) => compiled.facts[index]!.key))].sort()]);
      const same = told(one, short) === told(other, whole);
      return same ? [] : [`${formatAddress(sender.address)} > ${formatAddress(to)}`];
    }),
  );
}
