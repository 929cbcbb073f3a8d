/** Rules that no packet can reach, and answers that take another way, beside the nearest networks in which they do. */

import { expect, test } from 'vitest';
import type { LintReport } from '../../src/explain/lint-finding.ts';
import { createNet } from '../../src/explain/net.ts';
import type { Drawing, GroupDrawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';

const INWARD: GroupDrawing = { in: [], out: ['all to 0.0.0.0/0'] };
const OPEN: GroupDrawing = { in: ['all from 0.0.0.0/0'] };

/** A with a public address, B behind it without one; the groups of both let everything out and nothing in. */
const BASE: Drawing = {
  vpc: '10.0.0.0/16',
  igw: true,
  subnets: {
    P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw' } },
    Q: { cidr: '10.0.2.0/24' },
  },
  groups: { web: INWARD, db: INWARD },
  enis: {
    A: { subnet: 'P', address: '10.0.1.10', public: '198.51.100.10', groups: ['web'] },
    B: { subnet: 'Q', address: '10.0.2.20', groups: ['db'] },
  },
};

function lintOf(changes: Drawing, rule: string, maxPairs?: number): LintReport {
  const net = createNet(networkOf({ ...BASE, ...changes }));
  return net.lint({ rules: [rule], ...(maxPairs === undefined ? {} : { maxPairs }) });
}

function told({ findings }: LintReport): readonly string[] {
  return findings.map(({ severity, subject, proof }) => {
    const why =
      proof.kind === 'stopped'
        ? proof.stops.map(({ peer, count, stage, resource }) => `${peer} (${count}) ${stage} ${resource}`).join('; ')
        : 'nobody';
    return `${severity} ${subject!.text} < ${why}`;
  });
}

const unused = (changes: Drawing): readonly string[] => told(lintOf(changes, 'group-rule-never-used'));
const web = (...rules: readonly string[]): Drawing => ({ groups: { web: { ...INWARD, in: rules }, db: INWARD } });
const db = (...rules: readonly string[]): Drawing => ({ groups: { web: INWARD, db: { ...INWARD, in: rules } } });

test.each<[string, Drawing, readonly string[]]>([
  ['the internet reaches a public address', web('tcp/443 from 203.0.113.0/24'), []],
  [
    'the internet does not reach a private one',
    db('tcp/443 from 203.0.113.0/24'),
    ['misleading tcp 443 from 203.0.113.0/24 < the internet (1) gateway-check eni-b'],
  ],
  ['a neighbour does', db('tcp/443 from 10.0.1.0/24'), []],
  ['everyone includes the neighbour', db('tcp/443 from 0.0.0.0/0'), []],
  [
    'nobody is in that part of the VPC',
    db('tcp/443 from 10.0.1.128/25'),
    ['misleading tcp 443 from 10.0.1.128/25 < nobody'],
  ],
  [
    'nobody has a private address elsewhere',
    web('tcp/443 from 192.168.0.0/16'),
    ['misleading tcp 443 from 192.168.0.0/16 < the internet (1) gateway-check igw-1'],
  ],
  ['a reference whose member is a neighbour', db('tcp/443 from sg-web'), []],
  [
    'a reference that nobody carries',
    { groups: { web: INWARD, db: { ...INWARD, in: ['tcp/443 from sg-idle'] }, idle: {} } },
    ['misleading tcp 443 from sg-idle < nobody'],
  ],
  [
    'an IPv6 rule where nobody has IPv6',
    web('tcp/443 from ::/0'),
    ['harmless tcp 443 from ::/0 < the internet (1) gateway-check eni-a'],
  ],
  [
    'what the neighbour may not send',
    { groups: { web: { out: ['udp to 0.0.0.0/0'] }, db: { ...INWARD, in: ['tcp/443 from sg-web'] } } },
    ['misleading tcp 443 from sg-web < interfaces of subnet-p (1) security-group-out sg-web'],
  ],
  [
    'what the subnet refuses',
    {
      ...db('tcp/443 from 10.0.1.0/24'),
      subnets: {
        ...BASE.subnets,
        Q: { cidr: '10.0.2.0/24', nacl: { in: ['100 deny tcp/443 10.0.1.0/24', '200 allow all 0.0.0.0/0'] } },
      },
    },
    ['misleading tcp 443 from 10.0.1.0/24 < interfaces of subnet-p (1) nacl-in acl-q'],
  ],
  [
    'what the subnet refuses from others only',
    {
      ...db('tcp/443 from 10.0.1.0/24'),
      subnets: {
        ...BASE.subnets,
        Q: { cidr: '10.0.2.0/24', nacl: { in: ['100 deny tcp/443 10.0.3.0/24', '200 allow all 0.0.0.0/0'] } },
      },
    },
    [],
  ],
  [
    'a stopped neighbour may run again',
    { ...db('tcp/443 from sg-web'), enis: { ...BASE.enis, A: { ...BASE.enis!.A!, instanceState: 'stopped' } } },
    [],
  ],
  [
    'a public address of the snapshot is no stranger',
    {
      ...web('tcp/443 from 198.51.100.20/32'),
      enis: { ...BASE.enis, B: { ...BASE.enis!.B!, public: '198.51.100.20' } },
    },
    ['misleading tcp 443 from 198.51.100.20/32 < nobody'],
  ],
  [
    'unless it can send from there',
    {
      ...web('tcp/443 from 198.51.100.20/32'),
      enis: { ...BASE.enis, B: { subnet: 'P', address: '10.0.1.20', public: '198.51.100.20', groups: ['db'] } },
    },
    [],
  ],
  [
    'a NAT gateway sends for the one behind it',
    {
      ...web('tcp/443 from 198.51.100.99/32'),
      nats: { G: { subnet: 'P', address: '10.0.1.5', public: '198.51.100.99' } },
      subnets: { P: BASE.subnets!.P!, Q: { cidr: '10.0.2.0/24', routes: { '0.0.0.0/0': 'nat-g' } } },
    },
    [],
  ],
  [
    'so does a regional one, which has no interface',
    {
      ...web('tcp/443 from 198.51.100.99/32'),
      nats: { G: { public: '198.51.100.99' } },
      subnets: { P: BASE.subnets!.P!, Q: { cidr: '10.0.2.0/24', routes: { '0.0.0.0/0': 'nat-g' } } },
    },
    [],
  ],
])('inbound: %s', (_, changes, findings) => {
  expect(unused(changes)).toEqual(findings);
});

const out = (...rules: readonly string[]): Drawing => ({ groups: { web: OPEN, db: { in: [], out: rules } } });

test.each<[string, Drawing, readonly string[]]>([
  ['to the neighbour', out('tcp/443 to 10.0.1.0/24'), []],
  [
    'to a neighbour who takes nothing',
    { groups: { web: INWARD, db: { in: [], out: ['tcp/443 to sg-web'] } } },
    ['misleading tcp 443 to sg-web < interfaces of subnet-p (1) security-group-in sg-web'],
  ],
  [
    'to the internet without a route',
    out('tcp/443 to 203.0.113.0/24'),
    ['misleading tcp 443 to 203.0.113.0/24 < addresses of no interface (1) route rtb-main-1'],
  ],
  ['to anywhere, which the neighbour is part of', out('tcp/443 to 0.0.0.0/0'), []],
  [
    'to where a route leads that is not modelled',
    { ...out('tcp/443 to 203.0.113.0/24'), mainRoutes: { '203.0.113.0/24': 'cagw-1' } },
    [],
  ],
  ['everything, as AWS has it', out('all to 0.0.0.0/0', 'all to ::/0'), []],
])('outbound: %s', (_, changes, findings) => {
  expect(unused(changes)).toEqual(findings);
});

test('a NAT gateway sends as itself although its check is off', () => {
  const nats = { G: { subnet: 'P', address: '10.0.1.5', public: '198.51.100.99' } };
  const { findings } = lintOf({ ...db('tcp/443 from 192.168.0.0/16'), nats }, 'group-rule-never-used');
  expect(findings.map(({ text }) => text)).toEqual([
    '"tcp 443 from 192.168.0.0/16" lets nothing through: no such packet can get to the one interface that carries the group',
  ]);
});

test.each<[string, Drawing]>([
  ['networks behind gateways that igwalk does not model yet', { mainRoutes: { '192.168.0.0/16': 'vgw-1' } }],
  [
    'peered VPCs that the snapshot lacks',
    { peerings: { X: { from: '1', to: '9', foreign: { cidrs: ['192.168.0.0/16'] } } } },
  ],
  ['records that the snapshot lacks', { incomplete: ['networkInterfaces'] }],
  [
    'load balancers and gateways that hand on packets of others',
    {
      enis: { ...BASE.enis, L: { subnet: 'P', address: '10.0.1.50', groups: ['db'], owner: 'network-load-balancer' } },
    },
  ],
  ['appliances that hand on packets of others', { enis: { ...BASE.enis, A: { ...BASE.enis!.A!, check: false } } }],
  ['more pairs of places than the limit of 1', {}],
])('nobody can say, and the notes do: %s', (reason, changes) => {
  const { findings, notes } = lintOf(
    { ...web('tcp/443 from 10.0.7.0/24'), ...changes },
    'group-rule-never-used',
    reason.endsWith('of 1') ? 1 : undefined,
  );
  expect(findings).toEqual([]);
  expect(notes).toEqual([`group-rule-never-used: one rule was not judged for ${reason}`]);
});

const asymmetries = (changes: Drawing): readonly string[] =>
  lintOf(changes, 'asymmetric-path').findings.map(({ resource, proof }) => {
    if (proof.kind !== 'witness') return proof.kind;
    return `${resource.id}: ${proof.packet} ${proof.stop.stage} ${proof.stop.code}`;
  });

test('a public address in a subnet whose way out is a NAT gateway is answered by another address', () => {
  const behind = (target: string): Drawing => ({
    ...web('tcp/443 from 0.0.0.0/0'),
    subnets: {
      P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': target } },
      N: { cidr: '10.0.9.0/24', routes: { '0.0.0.0/0': 'igw' } },
      Q: BASE.subnets!.Q!,
    },
    nats: { G: { subnet: 'N', address: '10.0.9.5', public: '198.51.100.99' } },
  });
  expect(asymmetries(behind('igw'))).toEqual([]);
  expect(asymmetries(behind('nat-g'))).toHaveLength(1);
});

test('a public address in a subnet without a way out', () => {
  const subnets = { P: { cidr: '10.0.1.0/24' }, Q: BASE.subnets!.Q! };
  expect(asymmetries({ ...web('tcp/443 from 0.0.0.0/0'), subnets })).toEqual([
    'rtb-main-1: tcp 8.8.8.8:49152 > 198.51.100.10:443 route NO_ROUTE_TO_DESTINATION',
  ]);
  expect(asymmetries({ subnets }), 'nothing gets in').toEqual([]);
});

test('a peering route on one side only', () => {
  const peered = (back: Record<string, string>): Drawing => ({
    ...web('tcp/443 from 10.2.0.0/16'),
    subnets: { P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw', ...back } }, Q: BASE.subnets!.Q! },
    vpcs: {
      2: {
        vpc: '10.2.0.0/16',
        subnets: { R: { cidr: '10.2.1.0/24', routes: { '10.0.0.0/16': 'pcx-12' } } },
        groups: { far: OPEN },
        enis: { C: { subnet: 'R', address: '10.2.1.30', groups: ['far'] } },
      },
    },
    peerings: { 12: { from: '1', to: '2' } },
  });
  expect(asymmetries(peered({ '10.2.0.0/16': 'pcx-12' }))).toEqual([]);
  expect(asymmetries(peered({}))).toHaveLength(1);
});

test('a NAT gateway opens no flow of its own', () => {
  const vpcs = {
    2: {
      vpc: '10.2.0.0/16',
      subnets: { R: { cidr: '10.2.1.0/24', routes: { '10.0.0.0/16': 'pcx-12' } } },
      nats: { G: { subnet: 'R', address: '10.2.1.5' } },
    },
  };
  const changes: Drawing = { ...web('tcp/443 from 10.2.0.0/16'), vpcs, peerings: { 12: { from: '1', to: '2' } } };
  expect(asymmetries(changes)).toEqual([]);
});

test('an answer that a filter refuses went the right way', () => {
  const subnets = { ...BASE.subnets, P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw' }, nacl: { out: [] } } };
  expect(asymmetries({ ...web('tcp/443 from 0.0.0.0/0'), subnets })).toEqual([]);
});
