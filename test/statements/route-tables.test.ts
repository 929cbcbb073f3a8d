/** RT: which way a packet goes, and where it ends for lack of one. */

import { expect, test } from 'vitest';
import { createNet } from '../../src/explain/net.ts';
import type { Trace } from '../../src/explain/trace.ts';
import { loadDocuments } from '../../src/load/load.ts';
import type { Routes } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';
import { dualStackExample, example } from './example.ts';
import { asked, NACLS, outcome, places, routes, sent, sessionOf, walk } from './walks.ts';

const OUT = 'tcp 10.0.1.10:40000 > 203.0.113.7:443';
const TO_B = 'tcp 10.0.1.10:40000 > 10.0.2.20:443';

test('RT-01: a subnet that no table names uses the main table of its VPC', () => {
  const main = example({ mainRoutes: { '0.0.0.0/0': 'igw' }, subnets: { R: { cidr: '10.0.3.0/24' } } });
  const drawing = {
    ...main,
    enis: { ...main.enis, C: { subnet: 'R', address: '10.0.3.30', public: '198.51.100.30', groups: ['open'] } },
  };
  const trace = walk(drawing, 'tcp 10.0.3.30:40000 > 203.0.113.7:443');
  expect(routes(trace.forward)).toEqual(['0.0.0.0/0 in rtb-main-1']);
  expect(outcome(trace)).toBe('delivered');
});

test('RT-02: packets inside a subnet never see its table, so no route can redirect them', () => {
  const drawing = example({
    subnets: { P: { routes: { '10.0.1.0/24': 'eni-m', '0.0.0.0/0': 'igw' } }, I: { cidr: '10.0.5.0/24' } },
    enis: {
      A2: { subnet: 'P', address: '10.0.1.11', groups: ['open'] },
      M: { subnet: 'I', address: '10.0.5.5', groups: ['open'], check: false },
    },
  });
  const trace = walk(drawing, 'tcp 10.0.1.10:40000 > 10.0.1.11:443');
  expect(outcome(trace)).toBe('delivered');
  expect(routes(trace.forward)).toEqual([]);
});

test('RT-03: each block of the VPC has its local route', () => {
  const drawing = {
    ...example({ subnets: { S: { cidr: '10.2.1.0/24', routes: {} } } }),
    vpc: ['10.0.0.0/16', '10.2.0.0/16'],
  };
  const withC = { ...drawing, enis: { ...drawing.enis, C: { subnet: 'S', address: '10.2.1.30', groups: ['open'] } } };
  const trace = walk(withC, 'tcp 10.0.1.10:40000 > 10.2.1.30:443');
  expect(outcome(trace)).toBe('delivered');
  expect(routes(trace.forward)).toEqual(['10.2.0.0/16 in rtb-p']);
  expect(routes(trace.reply)).toEqual(['10.0.0.0/16 in rtb-s']);
});

test('RT-03: each IPv6 block has its local route too', () => {
  const trace = walk(dualStackExample(), 'tcp [2001:db8:1:1::a]:40000 > [2001:db8:1:2::b]:443');
  expect(routes(trace.forward)).toEqual(['2001:db8:1::/56 in rtb-p']);
  expect(outcome(trace)).toBe('delivered');
});

const PEERED = {
  vpcs: {
    X: {
      vpc: '10.0.0.0/16',
      igw: true,
      subnets: { P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw', '172.31.0.0/16': 'pcx-xy' } } },
      groups: { open: { in: ['all from 0.0.0.0/0'] } },
      enis: { A: { subnet: 'P', address: '10.0.1.10', public: '198.51.100.10', groups: ['open'] } },
    },
    Y: {
      vpc: '172.31.0.0/16',
      subnets: { R: { cidr: '172.31.5.0/24', routes: { '10.0.0.0/16': 'pcx-xy' } } },
      groups: { openy: { in: ['all from 0.0.0.0/0'] } },
      enis: { C: { subnet: 'R', address: '172.31.5.5', groups: ['openy'] } },
    },
  },
  peerings: { XY: { from: 'X', to: 'Y' } },
};

test('RT-04: of 0.0.0.0/0 and 172.31.0.0/16 the longer one takes 172.31.5.5', () => {
  const trace = walk(PEERED, 'tcp 10.0.1.10:40000 > 172.31.5.5:443');
  expect(outcome(trace)).toBe('delivered');
  expect(routes(trace.forward)).toEqual(['172.31.0.0/16 in rtb-p']);
  expect(places(trace.forward)).toContain('pcx-xy');
  expect(routes(walk(PEERED, OUT).forward)).toEqual(['0.0.0.0/0 in rtb-p']);
});

test('RT-05: of equal prefixes a static route goes before a propagated one', () => {
  const drawing = example({ subnets: { P: { routes: { '203.0.113.0/24': ['vgw-1 propagated', 'igw'] } } } });
  const trace = walk(drawing, OUT);
  expect(outcome(trace)).toBe('delivered');
  expect(places(trace.forward)).toContain('igw-1');
});

test('RT-05: of equal prefixes a static route goes before an entry of a prefix list, and that before a propagated one', () => {
  const listed = { prefixLists: { clients: ['203.0.113.0/24'] } };
  const staticFirst = example({
    ...listed,
    subnets: { P: { routes: { 'pl-clients': 'vgw-1', '203.0.113.0/24': 'igw' } } },
  });
  expect(outcome(walk(staticFirst, OUT))).toBe('delivered');
  const listFirst = example({
    ...listed,
    subnets: { P: { routes: { '203.0.113.0/24': 'vgw-1 propagated', 'pl-clients': 'igw' } } },
  });
  expect(outcome(walk(listFirst, OUT))).toBe('delivered');
});

test('RT-06, OPEN-12: a propagated route inside the VPC loses to the local one', () => {
  const drawing = example({ subnets: { P: { routes: { '10.0.2.0/24': 'vgw-1 propagated', '0.0.0.0/0': 'igw' } } } });
  const trace = walk(drawing, TO_B);
  expect(outcome(trace)).toBe('delivered');
  expect(routes(trace.forward)).toEqual(['10.0.0.0/16 in rtb-p']);
  expect(trace.assumptions).toContain('OPEN-12');
});

/** A and B, with an appliance M in a subnet of its own and the routes of P given. */
const withAppliance = (routesOfP: Readonly<Record<string, string>>, check = false) =>
  example({
    subnets: { P: { routes: routesOfP }, I: { cidr: '10.0.5.0/24', routes: {} } },
    enis: { M: { subnet: 'I', address: '10.0.5.5', groups: ['open'], check } },
  });
const FORWARDS = { appliances: new Map([['eni-m', 'forwards' as const]]) };

test('RT-07: a static route for a subnet’s block takes what goes there to an appliance', () => {
  const drawing = withAppliance({ '10.0.2.0/24': 'eni-m', '0.0.0.0/0': 'igw' });
  const trace = walk(drawing, TO_B, FORWARDS);
  expect(trace.forward.outcome).toBe('delivered');
  expect(places(trace.forward)).toContain('eni-m');
  expect(routes(trace.forward)).toEqual(['10.0.2.0/24 in rtb-p', '10.0.0.0/16 in rtb-i']);
});

test('RT-07: what an appliance does is unknown until somebody says so', () => {
  const drawing = withAppliance({ '10.0.2.0/24': 'eni-m', '0.0.0.0/0': 'igw' });
  const trace = walk(drawing, TO_B);
  expect(trace.verdict).toBe('unknown');
  expect(trace.unknowns.map(({ key }) => key)).toEqual(['appliance:eni-m']);
  expect(walk(drawing, TO_B, { appliances: new Map([['eni-m', 'drops']]) }).verdict).toBe('dropped');
});

for (const [target, expected] of [
  ['pcx-1', 'delivered'],
  ['eni-m propagated', 'delivered'],
  ['eni-m', 'unknown'],
  ['i-m', 'unknown'],
  ['nat-lost', 'unknown'],
  ['lgw-1', 'unknown'],
  ['unheard-of', 'unknown'],
] as const) {
  const packetBy = (destination: string): Trace => {
    const drawing = withAppliance({ [destination]: 'eni-o', unreadable: target });
    const enis = { ...drawing.enis, O: { subnet: 'I', address: '10.0.5.6', groups: ['open'], check: false } };
    return walk({ ...drawing, enis }, TO_B, { appliances: new Map([['eni-o', 'forwards']]) });
  };

  test(`RT-07: with a route of unknown destination to ${target}, what has a route within the VPC is ${expected}`, () => {
    expect(packetBy('10.0.2.0/24').verdict).toBe(expected);
  });

  test(`RT-08: the same where the local route’s target was replaced: ${target}`, () => {
    expect(packetBy('10.0.0.0/16').verdict).toBe(expected);
  });
}

test('RT-07: only the routes that may serve an address of the VPC are named as what is missing', () => {
  const drawing = withAppliance({ 'pl-lost': 'pcx-1', unreadable: 'eni-m' });
  const { unknowns } = walk(drawing, TO_B, { appliances: new Map([['eni-m', 'drops']]) });
  expect(unknowns.map(({ key }) => key)).toEqual([expect.stringMatching(/^route-match:rtb-p:/)]);
});

test('RT-08: with the local route’s target replaced, all traffic between subnets goes there', () => {
  const drawing = withAppliance({ '10.0.0.0/16': 'eni-m', '0.0.0.0/0': 'igw' });
  const trace = walk(drawing, TO_B, FORWARDS);
  expect(routes(trace.forward)).toEqual(['10.0.0.0/16 in rtb-p', '10.0.0.0/16 in rtb-i']);
  expect(places(trace.forward)).toContain('eni-m');
});

test('RT-09: a wider route does not take the link-local service addresses anywhere', () => {
  const drawing = example({ subnets: { P: { routes: { '169.254.0.0/16': 'eni-b', '0.0.0.0/0': 'igw' } } } });
  const trace = walk(drawing, 'tcp 10.0.1.10:40000 > 169.254.169.254:80');
  expect(outcome(trace)).toBe('delivered');
  expect(routes(trace.forward)).toEqual([]);
  expect(trace.forward.to.kind).toBe('aws-service');
});

test('RT-10: a prefix-list route stands for one route an entry', () => {
  const drawing = example({
    prefixLists: { partners: ['203.0.113.0/28', '192.0.2.0/24'] },
    subnets: { P: { routes: { 'pl-partners': 'igw' } } },
  });
  const verdictOf = (address: string) => outcome(walk(drawing, `tcp 10.0.1.10:40000 > ${address}:443`));
  expect(verdictOf('203.0.113.15')).toBe('delivered');
  expect(verdictOf('192.0.2.1')).toBe('delivered');
  expect(verdictOf('203.0.113.16')).toBe('dropped: route rtb-p NO_ROUTE_TO_DESTINATION');
});

test('RT-10: without the list’s entries a shorter route may or may not be the one: unknown', () => {
  const drawing = example({
    prefixLists: { partners: null },
    subnets: { P: { routes: { 'pl-partners': 'vgw-1', '0.0.0.0/0': 'igw' } } },
  });
  expect(walk(drawing, OUT).verdict).toBe('unknown');
  // Inside the VPC the local route cannot lose to a route that AWS refuses to make.
  expect(outcome(walk(drawing, TO_B))).toBe('delivered');
});

const equalLists = [
  [{ 'pl-one': 'igw', 'pl-two': 'igw' }, 'delivered'],
  [{ 'pl-one': 'igw', 'pl-two': 'nat-g' }, 'delivered'],
  [{ 'pl-one': 'igw', 'pl-two': 'igw blackhole' }, 'unknown'],
] as const;
for (const [table, expected] of equalLists) {
  test(`RT-10, OPEN-13: one prefix in two lists, ${JSON.stringify(table)}: ${expected}`, () => {
    const drawing = example({
      prefixLists: { one: ['203.0.113.0/24'], two: ['203.0.113.0/24'] },
      subnets: { P: { routes: table } },
    });
    expect(walk(drawing, OUT).verdict).toBe(expected);
  });
}

test('RT-11: a packet whose best route is a blackhole is dropped', () => {
  const drawing = example({ subnets: { Q: { routes: { '0.0.0.0/0': 'nat-gone blackhole' } } } });
  expect(outcome(walk(drawing, 'tcp 10.0.2.20:40000 > 203.0.113.7:443'))).toBe(
    'dropped: route rtb-q 0.0.0.0/0 BAD_STATE_ROUTE',
  );
});

test('RT-11, OPEN-14: past a blackhole nothing falls back to a shorter prefix; a filtered route is not there', () => {
  const blackhole = example({
    subnets: { P: { routes: { '203.0.113.0/24': 'pcx-1 blackhole', '0.0.0.0/0': 'igw' } } },
  });
  const dropped = walk(blackhole, OUT);
  expect(outcome(dropped)).toBe('dropped: route rtb-p 203.0.113.0/24 BAD_STATE_ROUTE');
  expect(dropped.assumptions).toContain('OPEN-14');
  const filtered = example({ subnets: { P: { routes: { '203.0.113.0/24': 'pcx-1 filtered', '0.0.0.0/0': 'igw' } } } });
  const passed = walk(filtered, OUT);
  expect(outcome(passed)).toBe('delivered');
  expect(routes(passed.forward)).toEqual(['0.0.0.0/0 in rtb-p']);
});

test('RT-12: without a matching route a packet is dropped', () => {
  const drawing = example({ subnets: { P: { routes: {} } } });
  expect(outcome(walk(drawing, 'tcp 10.0.1.10:40000 > 8.8.8.8:443'))).toBe(
    'dropped: route rtb-p NO_ROUTE_TO_DESTINATION',
  );
});

test('RT-13, RT-14: origin and target of routes are read as the API writes them', () => {
  const route = (fields: Readonly<Record<string, string>>) => ({ State: 'active', Origin: 'CreateRoute', ...fields });
  const network = loadDocuments([
    {
      file: 'RouteTables.json',
      json: {
        RouteTables: [
          {
            RouteTableId: 'rtb-1',
            VpcId: 'vpc-1',
            Associations: [],
            Routes: [
              route({ DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', Origin: 'CreateRouteTable' }),
              route({ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' }),
              route({ DestinationCidrBlock: '10.1.0.0/16', VpcPeeringConnectionId: 'pcx-1' }),
              route({ DestinationCidrBlock: '10.2.0.0/16', TransitGatewayId: 'tgw-1' }),
              route({ DestinationCidrBlock: '10.3.0.0/16', NetworkInterfaceId: 'eni-1', InstanceId: 'i-1' }),
              route({ DestinationCidrBlock: '10.4.0.0/16', NatGatewayId: 'nat-1' }),
              route({ DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: 'eigw-1' }),
              route({ DestinationPrefixListId: 'pl-1', GatewayId: 'vpce-1' }),
              route({ DestinationCidrBlock: '10.5.0.0/16', GatewayId: 'vgw-1', Origin: 'EnableVgwRoutePropagation' }),
              route({ DestinationCidrBlock: '10.6.0.0/16', NetworkInterfaceId: 'eni-1', Origin: 'Advertisement' }),
            ],
          },
        ],
      },
    },
  ]);
  const read = network.routeTables[0]?.routes.map(({ target, source }) => `${target.kind} ${source}`);
  expect(read).toEqual([
    'local table',
    'internet-gateway static',
    'peering static',
    'transit-gateway static',
    'network-interface static',
    'nat-gateway static',
    'egress-only-gateway static',
    'endpoint static',
    'virtual-private-gateway propagated',
    'network-interface propagated',
  ]);
});

test('RT-14: a route to an instance goes to its only interface', () => {
  const drawing = withAppliance({ '10.0.2.0/24': 'i-m', '0.0.0.0/0': 'igw' });
  const trace = walk(drawing, TO_B, FORWARDS);
  expect(trace.forward.outcome).toBe('delivered');
  expect(places(trace.forward)).toContain('eni-m');
});

/** The internet gateway's own table sends what enters for Q by way of M. */
const entering = (appliance: { public?: string }) =>
  example({
    igwRoutes: { '10.0.2.0/24': 'eni-m' },
    subnets: { I: { cidr: '10.0.5.0/24', routes: { '0.0.0.0/0': 'igw' } }, Q: { routes: { '0.0.0.0/0': 'eni-m' } } },
    enis: {
      B: { public: '198.51.100.20' },
      M: { subnet: 'I', address: '10.0.5.5', groups: ['open'], check: false, ...appliance },
    },
  });

test('RT-15: a gateway’s table sends what enters for one subnet through an appliance and leaves the rest local', () => {
  const drawing = entering({ public: '198.51.100.55' });
  const toB = walk(drawing, 'tcp 203.0.113.7:40000 > 198.51.100.20:443', FORWARDS);
  expect(places(toB.forward)).toContain('eni-m');
  expect(toB.forward.outcome).toBe('delivered');
  const toA = walk(drawing, 'tcp 203.0.113.7:40000 > 198.51.100.10:443', FORWARDS);
  expect(outcome(toA)).toBe('delivered');
  expect(places(toA.forward)).not.toContain('eni-m');
});

test('RT-16: behind an internet gateway an appliance without a public address gets nothing', () => {
  expect(outcome(walk(entering({}), 'tcp 203.0.113.7:40000 > 198.51.100.20:443', FORWARDS))).toMatch(
    /^dropped: .*INGRESS_RTB_NO_PUBLIC_IP$/,
  );
});

test('RT-17: a subnet whose entering traffic is redirected cannot use its own route to the internet gateway', () => {
  const redirected = entering({ public: '198.51.100.55' });
  const drawing = {
    ...redirected,
    subnets: { ...redirected.subnets, Q: { cidr: '10.0.2.0/24', routes: { '0.0.0.0/0': 'igw' } } },
  };
  expect(outcome(walk(drawing, 'tcp 10.0.2.20:40000 > 203.0.113.7:443', FORWARDS))).toMatch(
    /^dropped: .*INGRESS_RTB_TRAFFIC_REDIRECTION$/,
  );
});

test('RT-17: the other family may use it, also by a route that may be for both', () => {
  const drawn = dualStackExample({ ...entering({ public: '198.51.100.55' }), prefixLists: {} });
  const to = (routes: Routes): string[] => {
    const Q = { cidr: ['10.0.2.0/24', '2001:db8:1:2::/64'], routes };
    const drawing = { ...drawn, subnets: { ...drawn.subnets, Q } };
    const packets = ['10.0.2.20:40000 > 203.0.113.7:443', '[2001:db8:1:2::b]:40000 > [2001:db8:ffff::7]:443'];
    return packets.map((packet) => walk(drawing, `tcp ${packet}`, FORWARDS).verdict);
  };
  expect(to({ '0.0.0.0/0': 'igw', '::/0': 'igw' })).toEqual(['dropped', 'delivered']);
  expect(to({ 'pl-lost': 'igw' })).toEqual(['dropped', 'unknown']);
  expect(to({ unreadable: 'igw' })).toEqual(['dropped', 'unknown']);
});

test('RT-19: a route to an interface that checks source and destination drops', () => {
  const drawing = withAppliance({ '10.0.2.0/24': 'eni-m', '0.0.0.0/0': 'igw' }, true);
  expect(outcome(walk(drawing, TO_B, FORWARDS))).toMatch(
    /^dropped: source-dest-check.*ENI_SOURCE_DEST_CHECK_RESTRICTION$/,
  );
});

test('RT-19: an interface that checks sends nothing from an address that is not its own', () => {
  const session = sessionOf(example());
  expect(sent(session.send('tcp 10.0.1.99:40000@eni-a > 10.0.2.20:443', { at: 0 }))).toMatch(
    /^dropped: source-dest-check.*ENI_SOURCE_DEST_CHECK_RESTRICTION$/,
  );
});

for (const address of ['10.0.2.0', '10.0.2.3', '10.0.2.255']) {
  test(`RT-20: ${address} is reserved in 10.0.2.0/24 and takes no packets`, () => {
    expect(outcome(walk(example(), `tcp 10.0.1.10:40000 > ${address}:443`))).toMatch(
      /^dropped: .*NO_POSSIBLE_DESTINATION$/,
    );
  });
}

test('RT-21: an address of the VPC that nobody holds takes no packets', () => {
  const trace = walk(example(), 'tcp 10.0.1.10:40000 > 10.0.2.250:443');
  expect(outcome(trace)).toMatch(/^dropped: .*NO_POSSIBLE_DESTINATION$/);
  expect(asked(trace.forward, ...NACLS)).toContain('nacl-out acl-default-1 100');
});

test('RT-21: where the list of interfaces was cut off, whether somebody holds the address is unknown', () => {
  const trace = walk({ ...example(), incomplete: ['networkInterfaces'] }, 'tcp 10.0.1.10:40000 > 10.0.2.250:443');
  expect(trace.verdict).toBe('unknown');
});

test('OPEN-31: what enters by a peering connection is delivered without asking the subnet’s table', () => {
  const trace = walk(PEERED, 'tcp 10.0.1.10:40000 > 172.31.5.5:443');
  expect(routes(trace.forward)).not.toContain('172.31.0.0/16 in rtb-r');
  expect(outcome(trace)).toBe('delivered');
});

test('RT-01: a subnet whose table the snapshot lacks leaves the way open', () => {
  const network = networkOf({ ...example(), unread: ['routeTables'] });
  const trace = createNet(network).walk(OUT);
  expect(trace.verdict).toBe('unknown');
  expect(trace.unknowns.map(({ key }) => key)).toEqual(['routes:subnet-p']);
});
