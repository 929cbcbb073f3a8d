/** The naive evaluator against worked examples of the statements: what judges others is judged first. */

import { expect, test } from 'vitest';
import { formatAddress } from '../../src/net/address-text.ts';
import { parsePacket } from '../../src/net/packet-text.ts';
import type { Drawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';
import { type NaiveTrace, naiveTrace } from './naive.ts';
import { NaiveSession } from './session.ts';

const OPEN = { in: ['all from 0.0.0.0/0', 'all from ::/0'] };

/** The example topology of the statements: P public, Q private, N with the NAT gateway. */
const EXAMPLE: Drawing = {
  vpc: ['10.0.0.0/16', '2001:db8:1::/56'],
  igw: true,
  eigw: true,
  subnets: {
    P: { cidr: ['10.0.1.0/24', '2001:db8:1:1::/64'], routes: { '0.0.0.0/0': 'igw', '::/0': 'igw' } },
    Q: { cidr: ['10.0.2.0/24', '2001:db8:1:2::/64'], routes: { '0.0.0.0/0': 'nat-g', '::/0': 'eigw' } },
    N: { cidr: '10.0.9.0/24', routes: { '0.0.0.0/0': 'igw' } },
  },
  groups: {
    web: { in: ['tcp/443 from 0.0.0.0/0', 'icmp/8 from 0.0.0.0/0'] },
    inner: { in: ['tcp/5432 from sg-web'], out: [] },
    open: OPEN,
  },
  enis: {
    A: { subnet: 'P', address: '10.0.1.10', public: '198.51.100.10', v6: '2001:db8:1:1::10', groups: ['web'] },
    A2: { subnet: 'P', address: '10.0.1.11', groups: ['open'] },
    B: { subnet: 'Q', address: '10.0.2.20', v6: '2001:db8:1:2::20', groups: ['inner', 'open'] },
    D: { subnet: 'Q', address: '10.0.2.21', groups: ['inner'] },
  },
  nats: { G: { subnet: 'N', address: '10.0.9.5', public: '198.51.100.99' } },
};

function trace(drawing: Drawing, from: string, packet: string): NaiveTrace {
  return naiveTrace(networkOf(drawing), parsePacket(packet).packet, from);
}

/** `delivered at eni-a`, or verdict, stage and the decider's rules and codes. */
function told({ verdict, forward, reply }: NaiveTrace): string {
  const end = verdict === 'one-way' && reply !== null ? reply : forward;
  if (end.at !== null) return `${verdict} at ${end.at}`;
  const [decider] = end.deciders;
  return decider === undefined
    ? verdict
    : [verdict, decider.stage, decider.resource, decider.rules, decider.codes].flat().filter(Boolean).join(' ');
}

const OUT_443 = { in: ['100 allow tcp/443 0.0.0.0/0'], out: ['100 allow tcp/443 0.0.0.0/0'] };

const cases: readonly (readonly [statement: string, drawing: Drawing, from: string, packet: string, told: string])[] = [
  [
    'W1: the internet opens an allowed port',
    EXAMPLE,
    'internet',
    'tcp 203.0.113.7:40000 > 198.51.100.10:443',
    'delivered at eni-a',
  ],
  [
    'SG-01: what no rule allows is denied',
    EXAMPLE,
    'internet',
    'tcp 203.0.113.7:40000 > 198.51.100.10:80',
    'dropped security-group-in ENI_SG_RULES_MISMATCH',
  ],
  [
    'PKT-04: an outbound entry compares the destination port',
    { ...EXAMPLE, subnets: { ...EXAMPLE.subnets, P: { ...EXAMPLE.subnets!.P!, nacl: OUT_443 } } },
    'internet',
    'tcp 203.0.113.7:40000 > 198.51.100.10:443',
    'one-way nacl-out acl-p * SUBNET_ACL_RESTRICTION',
  ],
  [
    'IGW-03: nobody has the address',
    EXAMPLE,
    'internet',
    'tcp 203.0.113.7:40000 > 198.51.100.77:443',
    'dropped gateway-check IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
  ],
  [
    'IGW-02: no public address, no way out',
    EXAMPLE,
    'eni-a2',
    'tcp 10.0.1.11:40000 > 203.0.113.7:443',
    'dropped gateway-check igw-1 IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
  ],
  [
    'IGW-07: private destinations stop at the gateway',
    EXAMPLE,
    'eni-a',
    'tcp 10.0.1.10:40000 > 192.168.7.7:443',
    'dropped gateway-check igw-1 IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS',
  ],
  [
    'IGW-05: v6 needs no translation',
    EXAMPLE,
    'eni-a',
    'tcp [2001:db8:1:1::10]:40000 > [2001:db8:ffff::1]:443',
    'delivered at internet',
  ],
  [
    'W3: a private subnet reaches the internet by NAT',
    EXAMPLE,
    'eni-b',
    'tcp 10.0.2.20:40000 > 203.0.113.7:443',
    'delivered at internet',
  ],
  [
    'PKT-07: NAT gateways carry no ESP',
    EXAMPLE,
    'eni-b',
    'proto 50 10.0.2.20 > 203.0.113.7',
    'dropped gateway-check nat-g PROTOCOL_RESTRICTION',
  ],
  [
    'NAT-01: nobody opens a connection to a NAT gateway',
    EXAMPLE,
    'internet',
    'tcp 203.0.113.7:40000 > 198.51.100.99:443',
    'dropped gateway-check nat-g',
  ],
  [
    'NAT-11: an egress-only gateway lets v6 out',
    EXAMPLE,
    'eni-b',
    'tcp [2001:db8:1:2::20]:40000 > [2001:db8:ffff::1]:443',
    'delivered at internet',
  ],
  [
    'SG-10: a member of the group is let in',
    EXAMPLE,
    'eni-a',
    'tcp 10.0.1.10:40000 > 10.0.2.21:5432',
    'delivered at eni-d',
  ],
  [
    'SG-10: who is no member is not',
    EXAMPLE,
    'eni-a2',
    'tcp 10.0.1.11:40000 > 10.0.2.21:5432',
    'dropped security-group-in ENI_SG_RULES_MISMATCH',
  ],
  [
    'SG-04: with no outbound rule nothing new leaves',
    EXAMPLE,
    'eni-d',
    'tcp 10.0.2.21:40000 > 10.0.1.11:80',
    'dropped security-group-out SG_HAS_NO_RULES',
  ],
  [
    'SG-13: by its public address the member is a stranger',
    {
      ...EXAMPLE,
      groups: { ...EXAMPLE.groups, web: { in: ['tcp/443 from sg-open'] } },
      enis: { ...EXAMPLE.enis, A3: { subnet: 'P', address: '10.0.1.12', public: '198.51.100.12', groups: ['open'] } },
    },
    'eni-a3',
    'tcp 10.0.1.12:40000 > 198.51.100.10:443',
    'dropped security-group-in ENI_SG_RULES_MISMATCH SG_REFERENCES_NOT_PRESERVED',
  ],
  [
    'OPEN-17: a hairpin over the gateway',
    EXAMPLE,
    'eni-a',
    'tcp 10.0.1.10:40000 > 198.51.100.10:443',
    'delivered at eni-a',
  ],
  [
    'NACL-12: neighbours meet no ACL',
    { ...EXAMPLE, subnets: { ...EXAMPLE.subnets, P: { ...EXAMPLE.subnets!.P!, nacl: { in: [], out: [] } } } },
    'eni-a',
    'tcp 10.0.1.10:40000 > 10.0.1.11:80',
    'delivered at eni-a2',
  ],
  [
    'RT-19: the check refuses a foreign source',
    EXAMPLE,
    'eni-a',
    'tcp 10.0.1.99:40000 > 10.0.2.20:80',
    'dropped source-dest-check eni-a ENI_SOURCE_DEST_CHECK_RESTRICTION',
  ],
  [
    'RT-21: nobody there',
    EXAMPLE,
    'eni-a',
    'tcp 10.0.1.10:40000 > 10.0.2.250:80',
    'dropped deliver NO_POSSIBLE_DESTINATION',
  ],
  [
    'NACL-16: the resolver is never filtered',
    {
      ...EXAMPLE,
      groups: { web: { in: [], out: [] } },
      enis: { A: { subnet: 'P', address: '10.0.1.10', groups: ['web'] } },
    },
    'eni-a',
    'udp 10.0.1.10:40000 > 10.0.0.2:53',
    'delivered at aws-service',
  ],
  [
    'OPEN-14: a black hole has no way round',
    {
      ...EXAMPLE,
      subnets: {
        ...EXAMPLE.subnets,
        P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw', '203.0.113.0/24': 'igw blackhole' } },
      },
    },
    'eni-a',
    'tcp 10.0.1.10:40000 > 203.0.113.7:443',
    'dropped route rtb-p BAD_STATE_ROUTE',
  ],
  [
    'NAT-09: a NAT gateway has no address for v6 that it cannot turn into v4',
    {
      ...EXAMPLE,
      subnets: { ...EXAMPLE.subnets, Q: { cidr: ['10.0.2.0/24', '2001:db8:1:2::/64'], routes: { '::/0': 'nat-g' } } },
    },
    'eni-b',
    'tcp [2001:db8:1:2::20]:40000 > [2001:db8:ffff::1]:443',
    'dropped gateway-check nat-g',
  ],
  [
    'NACL-18: the NAT subnet must let answers in',
    {
      ...EXAMPLE,
      subnets: { ...EXAMPLE.subnets, N: { ...EXAMPLE.subnets!.N!, nacl: { in: ['100 allow all 10.0.0.0/16'] } } },
    },
    'eni-b',
    'tcp 10.0.2.20:40000 > 203.0.113.7:443',
    'one-way nacl-in acl-n * SUBNET_ACL_RESTRICTION',
  ],
  [
    'NAT-02: answers to some of the ports the gateway may choose are no answer that is known',
    {
      ...EXAMPLE,
      subnets: {
        ...EXAMPLE.subnets,
        N: { ...EXAMPLE.subnets!.N!, nacl: { in: ['90 allow all 10.0.0.0/16', '100 allow tcp/2000-65535 0.0.0.0/0'] } },
      },
    },
    'eni-b',
    'tcp 10.0.2.20:40000 > 203.0.113.7:443',
    'unknown at internet',
  ],
  [
    'a route to what is not modelled leaves it open',
    { ...EXAMPLE, subnets: { ...EXAMPLE.subnets, P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'cagw-1' } } } },
    'eni-a',
    'tcp 10.0.1.10:40000 > 203.0.113.7:443',
    'unknown',
  ],
];

for (const [statement, drawing, from, packet, expected] of cases) {
  test(`naive ${statement}`, () => {
    expect(told(trace(drawing, from, packet))).toBe(expected);
  });
}

const PEERED: Drawing = {
  vpcs: {
    X: {
      vpc: '10.0.0.0/16',
      subnets: {
        P: { cidr: '10.0.1.0/24', routes: { '10.1.0.0/16': 'pcx-xy' } },
        Q: { cidr: '10.0.2.0/24', routes: { '10.1.0.0/16': 'nat-g' } },
        N: { cidr: '10.0.9.0/24', routes: { '10.1.0.0/16': 'pcx-xy' } },
      },
      groups: { open: OPEN },
      enis: {
        A: { subnet: 'P', address: '10.0.1.10', groups: ['open'] },
        B: { subnet: 'Q', address: '10.0.2.20', groups: ['open'] },
      },
      nats: { G: { subnet: 'N', address: '10.0.9.5' } },
    },
    Y: {
      vpc: '10.1.0.0/16',
      subnets: { T: { cidr: '10.1.1.0/24' } },
      groups: { target: { in: ['tcp/80 from sg-open', 'tcp/443 from 10.0.0.0/16'] } },
      enis: { C: { subnet: 'T', address: '10.1.1.10', groups: ['target'] } },
    },
  },
  peerings: { XY: { from: 'X', to: 'Y' } },
};

test('naive NAT-06: the answer returns to the NAT gateway without a route, and to nobody else', () => {
  expect(told(trace(PEERED, 'eni-b', 'tcp 10.0.2.20:40000 > 10.1.1.10:443'))).toBe('delivered at eni-c');
  expect(told(trace(PEERED, 'eni-a', 'tcp 10.0.1.10:40000 > 10.1.1.10:443'))).toBe(
    'one-way route rtb-main-y NO_ROUTE_TO_DESTINATION',
  );
});

test('naive SG-14: a group is seen across a peering, and not through a NAT gateway (SG-12)', () => {
  expect(trace(PEERED, 'eni-a', 'tcp 10.0.1.10:40000 > 10.1.1.10:80').forward.at).toBe('eni-c');
  const byNat = trace(PEERED, 'eni-b', 'tcp 10.0.2.20:40000 > 10.1.1.10:80').forward;
  expect(byNat.deciders[0]?.codes).toContain('SG_REFERENCES_NOT_PRESERVED');
  expect(formatAddress(byNat.packet.source)).toBe('10.0.9.5');
});

test('naive SG-14: across Regions a group is never seen, whoever the snapshot may lack', () => {
  const { X, Y } = PEERED.vpcs!;
  const groups = { open: { ...OPEN, out: ['all to sg-target'] } };
  const drawing: Drawing = {
    ...PEERED,
    vpcs: { X: { ...X, groups }, Y: { ...Y, region: 'eu-west-1' } },
    incomplete: ['networkInterfaces'],
  };
  expect(trace(drawing, 'eni-a', 'tcp 10.0.1.10:40000 > 10.1.1.10:443').verdict).toBe('dropped');
});

test('naive PCX-01: a peering that is not active forwards nothing', () => {
  const drawing = { ...PEERED, peerings: { XY: { from: 'X', to: 'Y', state: 'expired' } } };
  expect(trace(drawing, 'eni-a', 'tcp 10.0.1.10:40000 > 10.1.1.10:80').verdict).toBe('dropped');
});

test('naive facts: what the snapshot lacks matters only where it could decide', () => {
  const drawing: Drawing = {
    ...EXAMPLE,
    groups: { ...EXAMPLE.groups, web: { in: ['tcp/443 from pl-office', 'unreadable from 203.0.113.0/24'] } },
    prefixLists: { office: null },
  };
  expect(trace(drawing, 'internet', 'tcp 192.0.2.1:40000 > 198.51.100.10:443').verdict).toBe('unknown');
  expect(trace(drawing, 'internet', 'tcp 192.0.2.1:40000 > 198.51.100.10:80').verdict).toBe('dropped');
  expect(trace(drawing, 'internet', 'tcp 203.0.113.7:40000 > 198.51.100.10:80').verdict).toBe('unknown');
});

test('naive CT-08: a tracked flow outlives its rule, until it was idle too long (CT-13)', () => {
  const web = (rules: readonly string[]): Drawing => ({
    ...EXAMPLE,
    groups: { ...EXAMPLE.groups, web: { in: rules } },
  });
  const session = new NaiveSession(networkOf(web(['tcp/22 from 203.0.113.0/24'])));
  const syn = parsePacket('tcp 203.0.113.7:40000 > 198.51.100.10:22').packet;
  const later = parsePacket('tcp 203.0.113.7:40000 > 198.51.100.10:22 flags A').packet;
  expect(session.send(syn, 'internet', 0).outcome).toBe('delivered');
  session.apply(networkOf(web([])));
  expect(session.send(later, 'internet', 431999).outcome).toBe('delivered');
  expect(session.send(later, 'internet', 431999 + 432000).outcome).toBe('dropped');
});

test('naive CT-03: an untracked flow ends with its rule', () => {
  const web = (rules: readonly string[]): Drawing => ({
    ...EXAMPLE,
    groups: { ...EXAMPLE.groups, web: { in: rules } },
  });
  const session = new NaiveSession(networkOf(web(['tcp/80 from 0.0.0.0/0'])));
  const syn = parsePacket('tcp 203.0.113.7:40000 > 198.51.100.10:80').packet;
  expect(session.send(syn, 'internet', 0).outcome).toBe('delivered');
  session.apply(networkOf(web([])));
  expect(session.send(syn, 'internet', 1).outcome).toBe('dropped');
});

test('naive CT-08: the answers of an untracked flow start no connection, so it ends with its rule all the same', () => {
  const web = (rules: readonly string[]): Drawing => ({
    ...EXAMPLE,
    groups: { ...EXAMPLE.groups, web: { in: rules } },
  });
  for (const protocol of ['tcp', 'udp']) {
    const session = new NaiveSession(networkOf(web([`${protocol}/80 from 0.0.0.0/0`])));
    const first = parsePacket(`${protocol} 203.0.113.7:40000 > 198.51.100.10:80`).packet;
    expect(session.send(first, 'internet', 0).outcome).toBe('delivered');
    expect(session.answer(0)?.outcome).toBe('delivered');
    session.apply(networkOf(web([])));
    expect(session.send(first, 'internet', 1).outcome).toBe('dropped');
  }
});

test('naive CT-03: an answer to a flow that would be untracked is untracked, a first packet that way is not', () => {
  const group = (out: readonly string[]): Drawing => ({
    ...EXAMPLE,
    groups: { ...EXAMPLE.groups, web: { ...OPEN, out } },
  });
  for (const [flags, expected] of [
    ['SA', 'dropped'],
    ['S', 'delivered'],
  ]) {
    const session = new NaiveSession(networkOf(group(['tcp/40000 to 0.0.0.0/0'])));
    const packet = parsePacket(`tcp 203.0.113.7:40000 > 198.51.100.10:80 flags ${flags}`).packet;
    expect(session.send(packet, 'internet', 0).outcome).toBe('delivered');
    session.apply(networkOf(group([])));
    expect(session.answer(0)?.outcome).toBe(expected);
  }
});

test('naive OPEN-16: what answers a flow that came in by another gateway does not leave by an egress-only one', () => {
  const group = { in: ['tcp/40000 from 2001:db8:ffff::/48'] };
  const session = new NaiveSession(networkOf({ ...EXAMPLE, groups: { ...EXAMPLE.groups, inner: group, open: {} } }));
  const out = parsePacket('tcp [2001:db8:1:2::20]:40000 > [2001:db8:ffff::1]:443').packet;
  const entering = parsePacket('tcp [2001:db8:ffff::1]:443 > [2001:db8:1:2::20]:40000').packet;
  expect(session.send(out, 'eni-b', 0).outcome).toBe('delivered');
  // The gateway and the interface have forgotten that flow: this one comes in by the internet gateway, and starts anew.
  expect(session.send(entering, 'internet', 432_000).outcome).toBe('delivered');
  expect(session.send(out, 'eni-b', 432_000).outcome).toBe('dropped');
});

test('naive CT-11: ESP comes back for ten minutes', () => {
  const network = networkOf({ ...EXAMPLE, groups: { ...EXAMPLE.groups, web: { in: [] } } });
  const out = parsePacket('proto 50 10.0.1.10 > 203.0.113.7').packet;
  const back = parsePacket('proto 50 203.0.113.7 > 198.51.100.10').packet;
  for (const [at, outcome] of [
    [599, 'delivered'],
    [601, 'dropped'],
  ] as const) {
    const session = new NaiveSession(network);
    session.send(out, 'eni-a', 0);
    expect(session.send(back, 'internet', at).outcome).toBe(outcome);
  }
});

test('naive OPEN-09: an error about a live connection is let in, any other is not', () => {
  const session = new NaiveSession(
    networkOf({ ...EXAMPLE, groups: { ...EXAMPLE.groups, web: { in: ['tcp/443 from 203.0.113.0/24'] } } }),
  );
  const error = 'icmp 3.4 192.0.2.1 > 198.51.100.10 about (tcp 198.51.100.10:443 > 203.0.113.7:40000)';
  expect(session.send(parsePacket(error).packet, 'internet', 0).outcome).toBe('dropped');
  session.send(parsePacket('tcp 203.0.113.7:40000 > 198.51.100.10:443').packet, 'internet', 1);
  expect(session.send(parsePacket(error).packet, 'internet', 2).outcome).toBe('delivered');
});
