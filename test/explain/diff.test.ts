/** What the difference of two networks tells: which flows, why, and which places are the same place. */

import { describe, expect, test } from 'vitest';
import type { DiffOptions } from '../../src/explain/diff.ts';
import type { DiffAnswer, DiffGroup } from '../../src/explain/diff-answer.ts';
import { createNet } from '../../src/explain/net.ts';
import { QuestionError } from '../../src/explain/question-error.ts';
import type { Network } from '../../src/model/network.ts';
import type { Drawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';
import { BASE } from './small-net.ts';

const NETWORK = networkOf(BASE);

function difference(after: Network, options: DiffOptions = {}, before: Network = NETWORK): DiffAnswer {
  return createNet(before).diff(createNet(after), options);
}

function edited(edits: readonly string[], options: DiffOptions = {}, before: Network = NETWORK): DiffAnswer {
  const net = createNet(before);
  return net.diff(net.edit(edits), options);
}

/** `opened: internet -> eni-a: tcp 22 (dropped, delivered)` */
function told({ kind, before, after, from, to, packets, clientPorts }: DiffGroup): string {
  const names = (places: DiffGroup['from']): string => places.map(({ id }) => id).join(' ');
  const ports = clientPorts === null ? '' : ` from ${clientPorts}`;
  return `${kind}: ${names(from)} -> ${names(to)}: ${packets.join('; ')}${ports} (${before}, ${after})`;
}

describe('flows', () => {
  test('that a rule opens are told with a packet, and the rule as the step where the walks part', () => {
    const { groups, verdict } = edited(['allow sg-web in tcp/22 from 203.0.113.0/28']);
    expect(verdict).toBe('differs');
    expect(groups.map(told)).toEqual(['opened: internet -> eni-a: tcp 22 (dropped, delivered)']);
    const [{ fromAddresses, witness, cause }] = groups as [DiffGroup];
    expect(fromAddresses).toEqual(['203.0.113.0/28']);
    expect(witness).toEqual({
      packet: 'tcp 203.0.113.7:49152 > 198.51.100.10:22',
      packetBefore: null,
      before: 'dropped',
      after: 'delivered',
    });
    expect(cause).toMatchObject({
      direction: 'forward',
      before: { stage: 'security-group-in', result: 'deny', rule: null, code: 'ENI_SG_RULES_MISMATCH' },
      after: { stage: 'security-group-in', result: 'allow', resource: 'sg-web', rule: 'sg-web/in/added.0' },
      resources: ['sg-web'],
    });
  });

  test('whose answers a network ACL stops are closed on the way back', () => {
    const after = networkOf({
      ...BASE,
      subnets: {
        ...BASE.subnets,
        P: {
          cidr: '10.0.1.0/24',
          routes: { '0.0.0.0/0': 'igw' },
          nacl: { out: ['100 allow tcp/1024-40000 0.0.0.0/0'] },
        },
      },
    });
    const { groups } = difference(after, { from: 'internet', to: 'eni-a', service: 'tcp/443' });
    expect(groups.map(told)).toEqual(['closed: internet -> eni-a: tcp 443 from 40001-65535 (delivered, one-way)']);
    expect(groups[0]!.cause).toMatchObject({
      direction: 'reply',
      before: { stage: 'nacl-out', result: 'allow' },
      after: { stage: 'nacl-out', result: 'deny', resource: 'acl-p', rule: '*' },
    });
  });

  test('between places of one network alone have no verdict in the other', () => {
    const { groups, interfaces } = difference(
      networkOf({ ...BASE, enis: { ...BASE.enis, C: { subnet: 'P', address: '10.0.1.30', groups: ['web'] } } }),
      { from: 'eni-c', to: 'eni-b' },
    );
    expect(groups.map(told)).toEqual(['opened: eni-c -> eni-b: all traffic (null, delivered)']);
    expect(groups[0]!.witness).toMatchObject({ before: null, after: 'delivered' });
    expect(groups[0]!.cause).toBeNull();
    expect(interfaces.appear.map(({ id }) => id)).toEqual(['eni-c']);
  });

  test('that depend on a fact which one network lacks became unknown, and known the other way round', () => {
    const lacking = networkOf({ ...BASE, absent: ['sg-web'] });
    const there = difference(lacking, { from: 'internet', to: 'eni-a', service: 'tcp/22,443' });
    expect(there.verdict).toBe('unknown');
    expect(there.groups.map(told)).toEqual([
      'became-unknown: internet -> eni-a: tcp 22,443 (dropped, unknown)',
      'became-unknown: internet -> eni-a: tcp 22 (dropped, unknown)',
      'became-unknown: internet -> eni-a: tcp 443 (delivered, unknown)',
    ]);
    expect(there.unknowns.map(({ what }) => what)).toEqual([expect.stringContaining('sg-web')]);
    const back = difference(NETWORK, { from: 'internet', to: 'eni-a', service: 'tcp/443' }, lacking);
    expect(back.groups.every(({ kind }) => kind === 'became-known')).toBe(true);
  });

  test('that are unknown in both networks are counted, not told', () => {
    const lacking = networkOf({ ...BASE, absent: ['sg-web'] });
    const answer = difference(networkOf({ ...BASE, absent: ['sg-web'] }), { exhaustive: true }, lacking);
    expect(answer.verdict).toBe('same');
    expect(answer.pairs.unknownInBoth).toBeGreaterThan(0);
  });

  test('to an address that became another are flows to the same place', () => {
    const moved = networkOf({
      ...BASE,
      enis: { ...BASE.enis, A: { subnet: 'P', address: '10.0.1.77', public: '198.51.100.77', groups: ['web'] } },
    });
    expect(difference(moved, { from: 'internet', to: 'eni-a' }).groups).toEqual([]);
    const open = createNet(moved).edit('allow sg-web in tcp/22 from 203.0.113.7');
    const { groups } = createNet(NETWORK).diff(open, { from: 'internet', to: 'eni-a' });
    expect(groups[0]!.witness).toMatchObject({
      packet: 'tcp 203.0.113.7:49152 > 198.51.100.77:22',
      packetBefore: 'tcp 203.0.113.7:49152 > 198.51.100.10:22',
    });
  });

  test('of an interface that changed its groups are put down to the interface', () => {
    const after = networkOf({
      ...BASE,
      enis: { ...BASE.enis, B: { subnet: 'Q', address: '10.0.2.20', groups: ['web'] } },
    });
    const { groups, resources } = difference(after, { from: 'eni-a', to: 'eni-b' });
    expect(groups.map(told)).toEqual(['closed: eni-a -> eni-b: all traffic (delivered, dropped)']);
    expect(groups[0]!.cause?.resources).toEqual(['eni-b']);
    expect(resources).toMatchObject([
      { change: 'changes', id: 'eni-b', fields: [{ field: 'groups', removed: ['sg-open'], added: ['sg-web'] }] },
    ]);
  });

  test('an unconnected VPC opens nothing between places that were there', () => {
    const other = {
      vpc: '10.8.0.0/16',
      subnets: { Z: { cidr: '10.8.1.0/24' } },
      enis: { Z: { subnet: 'Z', address: '10.8.1.10' } },
    };
    const { groups } = difference(networkOf({ ...BASE, vpcs: { 2: other } }), { exhaustive: true });
    const isNew = ({ from, to }: DiffGroup): boolean => [...from, ...to].some(({ id }) => id === 'eni-z');
    expect(groups.filter((group) => !isNew(group)).map(told)).toEqual([]);
  });

  test('in VPCs with the same addresses are those of the interface that a packet reaches', () => {
    const vpc = (name: string): Drawing => ({
      vpc: '10.0.0.0/16',
      subnets: { [name]: { cidr: '10.0.1.0/24' } },
      groups: { [`g${name}`]: { in: ['all from 0.0.0.0/0'] } },
      enis: {
        [`${name}1`]: { subnet: name, address: '10.0.1.10', groups: [`g${name}`] },
        [`${name}2`]: { subnet: name, address: '10.0.1.11', groups: [`g${name}`] },
        ...(name === 'x' ? { x3: { subnet: name, address: '10.0.1.12', groups: ['gx'] } } : {}),
      },
    });
    const both = networkOf({ vpcs: { 1: vpc('x'), 2: vpc('y') } });
    const edit = 'remove sg-gx/in/0.0';
    const narrowed = edited([edit], {}, both);
    const everything = edited([edit], { exhaustive: true }, both);
    expect(narrowed.groups).toEqual(everything.groups);
    expect(narrowed.pairs.isNarrowed).toBe(true);
    // 10.0.1.10 and .11 are somebody's in either VPC: whoever sends there reaches the one in the same VPC.
    const inOther = edited(['remove sg-gy/in/0.0'], { from: 'eni-y2' }, both).groups;
    expect(inOther.flatMap(({ to }) => to.map(({ id }) => id)).sort()).toEqual(['eni-y1']);
  });
});

describe('flows through a place that differs are found, though neither end does:', () => {
  const N = { cidr: '10.0.9.0/24', routes: { '0.0.0.0/0': 'igw' }, nacl: { in: ['100 allow all 0.0.0.0/0'] } };
  const throughNat = networkOf({ ...BASE, subnets: { ...BASE.subnets, N } });
  const drawn = networkOf({
    ...BASE,
    subnets: { ...BASE.subnets, Q: { cidr: '10.0.2.0/24', routes: { '10.0.1.0/24': 'eni-m' } } },
    groups: { ...BASE.groups, way: { in: ['all from 0.0.0.0/0'] } },
    enis: { ...BASE.enis, M: { subnet: 'N', address: '10.0.9.20', groups: ['way'], check: false } },
  });
  const forwards = { appliances: new Map([['eni-m', 'forwards' as const]]) };

  test('the network ACL of a NAT gateway', () => {
    const { groups } = edited(['entry acl-n in 5 deny tcp/443 from 0.0.0.0/0'], { from: 'eni-b' }, throughNat);
    expect(groups.map(told)).toEqual(['closed: eni-b -> internet: tcp 443 (delivered, dropped)']);
  });

  test('the group of an appliance', () => {
    const net = createNet(drawn, forwards);
    const options = { from: 'eni-b', to: 'eni-a', service: 'tcp/443' };
    const open = net.edit('allow sg-web in tcp/443 from 10.0.2.0/24');
    const { groups } = open.diff(open.edit('remove sg-way/in/0.0'), options);
    expect(groups).toHaveLength(1);
    expect(groups[0]!.cause).toMatchObject({
      after: { stage: 'security-group-in', place: { id: 'eni-m' } },
      resources: ['sg-way'],
    });
  });
});

describe('places are the same', () => {
  const named = (id: string, name: string | null, address: string): Network => {
    const network = networkOf({ ...BASE, enis: { A: { subnet: 'P', address, groups: ['web'] } } });
    const networkInterfaces = network.networkInterfaces.map((eni) =>
      eni.id === 'eni-a' ? { ...eni, id, name, instanceId: null } : eni,
    );
    return { ...network, networkInterfaces, instances: [], natGateways: [] };
  };
  const alone = (network: Network): Network => ({
    ...network,
    networkInterfaces: network.networkInterfaces.filter(({ owner }) => owner === 'instance'),
  });

  test.each([
    // before                                  after                                    by
    [named('eni-1', 'web', '10.0.1.10'), named('eni-1', 'db', '10.0.1.99'), { byId: 1, byName: 0, byAddress: 0 }],
    [named('eni-1', 'web', '10.0.1.10'), named('eni-2', 'web', '10.0.1.99'), { byId: 0, byName: 1, byAddress: 0 }],
    [named('eni-1', null, '10.0.1.10'), named('eni-2', 'db', '10.0.1.10'), { byId: 0, byName: 0, byAddress: 1 }],
  ])('by id, else by name, else by address (%#)', (before, after, expected) => {
    const answer = difference(alone(after), {}, alone(before));
    expect(answer.interfaces).toMatchObject({ ...expected, appear: [], vanish: [] });
    expect(answer.groups).toEqual([]);
  });

  test('or the networks cannot be aligned, unless one of them has no interface', () => {
    const [before, after] = [alone(named('eni-1', 'web', '10.0.1.10')), alone(named('eni-2', 'db', '10.0.1.99'))];
    expect(() => difference(after, {}, before)).toThrow(
      'the networks cannot be aligned: no interface of BEFORE has the id, name or address of one in AFTER',
    );
    expect(() => difference(after, {}, before)).toThrow(QuestionError);
    const empty = { ...after, networkInterfaces: [] };
    expect(difference(empty, {}, before).interfaces.vanish.map(({ id }) => id)).toEqual(['eni-1']);
    expect(difference(empty, {}, empty).verdict).toBe('same');
  });
});

describe('a question', () => {
  const edits = ['allow sg-web in tcp/22 from 0.0.0.0/0', 'allow sg-web in udp/53 from 0.0.0.0/0'];

  test.each([
    [{ service: 'udp/53' }, ['udp 53']],
    [{ service: 'tcp/80' }, []],
    [{ from: 'internet', service: 'tcp/20-30' }, ['tcp 22']],
    [{ from: 'eni-b', to: 'eni-a' }, ['tcp 22; udp 53']],
    [{ from: 'eni-a' }, []],
  ])('about %j compares nothing else', (options, expected) => {
    const packets = edited(edits, options).groups.map((group) => group.packets.join('; '));
    expect([...new Set(packets)]).toEqual(expected);
  });

  test('about a place that only one network has is answered; one that neither has is refused', () => {
    const net = createNet(NETWORK);
    const after = net.edit({ kind: 'remove-records', ids: ['eni-b', 'i-b'] });
    expect(net.diff(after, { to: 'eni-b' }).groups.every(({ kind }) => kind === 'closed')).toBe(true);
    expect(() => net.diff(after, { to: 'eni-nobody' })).toThrow(/eni-nobody/);
  });

  test('about too many pairs names the option that allows more', () => {
    expect(() => edited(edits, { maxPairs: 2 })).toThrow(/over the limit of 2: narrow it .*--max-pairs/);
  });
});
