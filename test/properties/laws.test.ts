/** Laws that sets of packets obey when a network is rewritten: to something that means the same, to something wider, or narrower. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankOf } from '../../src/compile/address-space.ts';
import { compile } from '../../src/compile/compile.ts';
import { NOBODY } from '../../src/compile/identity.ts';
import type { Network } from '../../src/model/network.ts';
import { CLOSING_V4, type NaclEntry } from '../../src/model/network-acl.ts';
import type { SecurityGroupRule } from '../../src/model/security-group.ts';
import type { Address } from '../../src/net/address.ts';
import { formatAddress, parseAddress } from '../../src/net/address-text.ts';
import { lastAddress, prefixAround } from '../../src/net/prefix.ts';
import { ALL_TRAFFIC } from '../../src/net/traffic.ts';
import { type Connection, Connections, type EndPoint } from '../../src/reach/connection.ts';
import { EMPTY, L4Sets } from '../../src/reach/l4-sets.ts';
import { drawings } from '../support/arbitrary-networks.ts';
import { networkOf } from '../support/network.ts';

const STRANGERS = ['203.0.113.7', '192.0.2.1', '8.8.8.8', '2001:db8:ffff::1'].map(parseAddress);

type Rewrite = (network: Network) => Network;

const groups =
  (rewrite: (rules: readonly SecurityGroupRule[]) => readonly SecurityGroupRule[]): Rewrite =>
  (network) => ({
    ...network,
    securityGroups: network.securityGroups.map((group) => ({ ...group, rules: rewrite(group.rules) })),
  });

const acls =
  (rewrite: (entries: readonly NaclEntry[]) => readonly NaclEntry[]): Rewrite =>
  (network) => ({
    ...network,
    networkAcls: network.networkAcls.map((acl) => ({ ...acl, entries: rewrite(acl.entries) })),
  });

const MEANS_THE_SAME: readonly (readonly [what: string, rewrite: Rewrite])[] = [
  ['rules of a group in another order', groups((rules) => rules.toReversed())],
  ['rules said twice', groups((rules) => rules.flatMap((rule) => [rule, { ...rule, id: `${rule.id}-again` }]))],
  ['a rule as two halves of its block', groups((rules) => rules.flatMap(halved))],
  ['a rule as two halves of its ports', groups((rules) => rules.flatMap(portsHalved))],
  [
    'entries with other numbers in the same order',
    acls((entries) =>
      entries.map((entry) => (entry.number < CLOSING_V4 ? { ...entry, number: entry.number * 3 + 1 } : entry)),
    ),
  ],
  ['an entry said twice', acls((entries) => entries.flatMap((entry) => [entry, entry]))],
  [
    'a VPC more that nothing leads to',
    (network) => ({
      ...network,
      vpcs: [...network.vpcs, ...network.vpcs.slice(0, 1).map((vpc) => ({ ...vpc, id: 'vpc-z', cidrs: [] }))],
    }),
  ],
];

test.each(MEANS_THE_SAME)('%s: every set stays as it is', (_, rewrite) => {
  fc.assert(
    fc.property(drawings({ hasGaps: false }), (drawing) => {
      const network = networkOf(drawing);
      expect(compared(network, rewrite(network), (before, after) => before === after)).toEqual([]);
    }),
    { numRuns: 12 },
  );
});

test('one rule more in a group takes nothing away', () => {
  const rule = {
    direction: 'in',
    traffic: ALL_TRAFFIC,
    description: null,
    origin: { file: 'a', pointer: '' },
  } as const;
  const widened = groups((rules) => [
    ...rules,
    { ...rule, id: 'more', peer: { kind: 'cidr', prefix: prefixAround(parseAddress('203.0.113.7'), 24) } },
  ]);
  fc.assert(
    fc.property(drawings({ hasGaps: false }), (drawing) => {
      const network = networkOf(drawing);
      expect(compared(network, widened(network), (before, after, sets) => sets.isSubset(before, after))).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

test('a denying entry in front adds nothing', () => {
  const narrowed = acls((entries) => [
    ...(['in', 'out'] as const).map((direction) => ({
      number: 1,
      direction,
      action: 'deny' as const,
      traffic: { protocol: 6, firstPortOrIcmp: 400, lastPortOrIcmp: 500 },
      peer: prefixAround(parseAddress('10.0.0.0'), 9),
      origin: null,
    })),
    ...entries,
  ]);
  fc.assert(
    fc.property(drawings({ hasGaps: false }), (drawing) => {
      const network = networkOf(drawing);
      expect(compared(network, narrowed(network), (before, after, sets) => sets.isSubset(after, before))).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

test('missing facts widen what may pass and narrow what must', () => {
  const blinded: Rewrite = (network) => ({
    ...network,
    securityGroups: network.securityGroups.slice(1),
    networkAcls: network.networkAcls.slice(1),
    lists: network.lists.filter(({ kind }) => kind !== 'securityGroups' && kind !== 'networkAcls'),
  });
  fc.assert(
    fc.property(drawings({ hasGaps: false }), (drawing) => {
      const network = networkOf(drawing);
      const wrong = compared(
        network,
        blinded(network),
        () => true,
        (before, after, sets) => sets.isSubset(after.must, before.must) && sets.isSubset(before.may, after.may),
      );
      expect(wrong).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

type Holds = (before: number, after: number, sets: L4Sets) => boolean;
type PassingHolds = (before: Connection['forward'], after: Connection['forward'], sets: L4Sets) => boolean;

/** Pairs of addresses for which a law does not hold; sets of both networks are of one arena. */
function compared(
  before: Network,
  after: Network,
  holds: Holds,
  passing: PassingHolds = (a, b, sets) => holds(a.must, b.must, sets) && holds(a.may, b.may, sets),
): readonly string[] {
  const sets = new L4Sets();
  const [one, other] = [before, after].map((network) => {
    const compiled = compile(network);
    return { compiled, connections: new Connections(compiled, sets) };
  });
  const ask = ({ compiled, connections }: NonNullable<typeof one>, from: From, to: Address): Connection => {
    const { space, entrances, names } = compiled;
    const sender = from.eni === null ? NOBODY : names.eni.get(from.eni)!;
    const start = sender === NOBODY ? entrances.internet : entrances.leaveAsItself[sender]!;
    const end: EndPoint = { address: from.address, rank: rankOf(space, from.address), start, sender };
    return connections.between(end, to, rankOf(space, to));
  };
  return pairsIn(before).flatMap(([from, to]) => {
    const was = ask(one!, from, to);
    const is = ask(other!, from, to);
    const isLawful = passing(was.forward, is.forward, sets) && repliesHold(was, is, sets, passing);
    return isLawful ? [] : [`${from.eni} ${formatAddress(from.address)} > ${formatAddress(to)}`];
  });
}

/** Of answers to what does not arrive nothing can be said. */
function repliesHold(was: Connection, is: Connection, sets: L4Sets, passing: PassingHolds): boolean {
  const isEmpty = ({ forward }: Connection): boolean => forward.may === EMPTY;
  return isEmpty(was) || isEmpty(is) || passing(was.reply, is.reply, sets);
}

interface From {
  readonly eni: string | null;
  readonly address: Address;
}

function pairsIn(network: Network): readonly (readonly [From, Address])[] {
  const own = network.networkInterfaces.flatMap(({ id, privateAddresses, ipv6Addresses }) =>
    [...privateAddresses.map(({ address }) => address), ...ipv6Addresses].map((address) => ({ eni: id, address })),
  );
  const publics = network.networkInterfaces.flatMap(({ privateAddresses }) =>
    privateAddresses.flatMap(({ publicAddress }) => (publicAddress === null ? [] : [publicAddress])),
  );
  const strangers = STRANGERS.map((address) => ({ eni: null, address }));
  const v6 = own.map(({ address }) => address).filter(({ family }) => family === 6);
  return [
    ...own.flatMap((from) =>
      [...own.filter(({ eni }) => eni !== from.eni), ...strangers].map((to) => [from, to.address] as const),
    ),
    ...strangers.flatMap((from) => [...publics, ...v6].map((to) => [from, to] as const)),
  ].filter(([from, to]) => from.address.family === to.family);
}

function halved(rule: SecurityGroupRule): readonly SecurityGroupRule[] {
  const { peer } = rule;
  if (peer.kind !== 'cidr' || peer.prefix.length === 0 || peer.prefix.length >= 31) return [rule];
  const length = peer.prefix.length + 1;
  const halves = [prefixAround(peer.prefix.address, length), prefixAround(lastAddress(peer.prefix), length)];
  return halves.map((prefix, half) => ({ ...rule, id: `${rule.id}-${half}`, peer: { kind: 'cidr', prefix } }));
}

function portsHalved(rule: SecurityGroupRule): readonly SecurityGroupRule[] {
  const { traffic } = rule;
  if (traffic === null || traffic.firstPortOrIcmp === traffic.lastPortOrIcmp) return [rule];
  const middle = (traffic.firstPortOrIcmp + traffic.lastPortOrIcmp) >> 1;
  return [
    { ...rule, id: `${rule.id}-low`, traffic: { ...traffic, lastPortOrIcmp: middle } },
    { ...rule, id: `${rule.id}-high`, traffic: { ...traffic, firstPortOrIcmp: middle + 1 } },
  ];
}
