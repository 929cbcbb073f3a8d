/** VPC Block Public Access: BPA-01 to BPA-07. */

import { expect, test } from 'vitest';
import { createNet } from '../../src/explain/net.ts';
import type { VpcEndpoint } from '../../src/model/endpoint.ts';
import type { LoadBalancer, TargetGroup } from '../../src/model/load-balancer.ts';
import type { Network } from '../../src/model/network.ts';
import type { Drawing } from '../support/drawing.ts';
import { resource } from '../support/drawn-place.ts';
import { networkOf } from '../support/network.ts';
import { type Changes, dualStackExample } from './example.ts';
import { netOf, outcome, walk } from './walks.ts';

const INTO_A = 'tcp 203.0.113.7:40000 > 198.51.100.10:443';
const INTO_A_V6 = 'tcp [2001:db8:ffff::7]:40000 > [2001:db8:1:1::a]:443';
const OUT_OF_A = 'tcp 10.0.1.10:40000 > 203.0.113.7:443';
const OUT_OF_A_V6 = 'tcp [2001:db8:1:1::a]:40000 > [2001:db8:ffff::7]:443';
const OUT_OF_B_BY_NAT = 'tcp 10.0.2.20:40000 > 203.0.113.7:443';
const OUT_OF_B_BY_EIGW = 'tcp [2001:db8:1:2::b]:40000 > [2001:db8:ffff::7]:443';
const CODE = 'VPC_BLOCK_PUBLIC_ACCESS_ENABLED';
const BLOCKED = `dropped: gateway-check bpa-111111111111-us-east-1 ${CODE}`;

/** What becomes of the ways between the internet and the example's hosts: direct in and out of A, by NAT and egress-only out of B. */
function ways(drawing: Drawing): Record<'in' | 'out' | 'nat' | 'eigw', string> {
  const both = (v4: string, v6: string): string =>
    [...new Set([outcome(walk(drawing, v4)), outcome(walk(drawing, v6))])].join(', ');
  return {
    in: both(INTO_A, INTO_A_V6),
    out: both(OUT_OF_A, OUT_OF_A_V6),
    nat: outcome(walk(drawing, OUT_OF_B_BY_NAT)),
    eigw: outcome(walk(drawing, OUT_OF_B_BY_EIGW)),
  };
}

const OPEN = { in: 'delivered', out: 'delivered', nat: 'delivered', eigw: 'delivered' };
const OUTWARDS = { in: BLOCKED, out: BLOCKED, nat: 'delivered', eigw: 'delivered' };
const CLOSED = { in: BLOCKED, out: BLOCKED, nat: BLOCKED, eigw: BLOCKED };

test('BPA-01: `off` and no setting at all leave everything open', () => {
  expect(ways(dualStackExample())).toEqual(OPEN);
  expect(ways(dualStackExample({ bpa: 'off' }))).toEqual(OPEN);
  expect(ways(dualStackExample({ unread: ['blockPublicAccess', 'blockPublicAccessExclusions'] }))).toEqual(OPEN);
});

test('BPA-01: `block-ingress` closes both directions, apart from NAT gateways and egress-only gateways', () => {
  expect(ways(dualStackExample({ bpa: 'block-ingress' }))).toEqual(OUTWARDS);
});

test('BPA-01: `block-bidirectional` closes every way by an internet gateway or an egress-only one', () => {
  expect(ways(dualStackExample({ bpa: 'block-bidirectional' }))).toEqual(CLOSED);
});

test('BPA-01: it closes nothing within the VPC', () => {
  const drawing = dualStackExample({ bpa: 'block-bidirectional' });
  expect(outcome(walk(drawing, 'tcp 10.0.1.10:40000 > 10.0.2.20:443'))).toBe('delivered');
  expect(outcome(walk(drawing, 'tcp [2001:db8:1:2::b]:40000 > [2001:db8:1:1::a]:443'))).toBe('delivered');
});

test('BPA-01: a neighbour’s public address is the internet too', () => {
  const drawing = dualStackExample({ bpa: 'block-ingress', bpaExclusions: { 'subnet-p': 'allow-bidirectional' } });
  expect(outcome(walk(drawing, 'tcp 10.0.2.20:40000 > 198.51.100.10:443'))).toBe('delivered');
  expect(outcome(walk(dualStackExample({ bpa: 'block-ingress' }), 'tcp 10.0.2.20:40000 > 198.51.100.10:443'))).toBe(
    BLOCKED,
  );
});

test('BPA-01: the setting is of one account and Region', () => {
  const elsewhere = dualStackExample({
    bpa: 'block-bidirectional',
    vpcs: {
      2: {
        region: 'eu-west-1',
        vpc: '10.2.0.0/16',
        igw: true,
        subnets: { W: { cidr: '10.2.1.0/24', routes: { '0.0.0.0/0': 'igw' } } },
        enis: { W: { subnet: 'W', address: '10.2.1.10', public: '198.51.100.30' } },
      },
    },
  });
  expect(outcome(walk(elsewhere, 'tcp 10.2.1.10:40000 > 203.0.113.7:443'))).toBe('delivered');
  expect(outcome(walk(elsewhere, OUT_OF_A))).toBe(BLOCKED);
});

test('BPA-01: while the mode is being changed, what it would close is unknown', () => {
  const trace = walk(dualStackExample({ bpa: 'block-ingress changing' }), INTO_A);
  expect(trace.verdict).toBe('unknown');
  expect(trace.unknowns.map(({ key }) => key)).toEqual(['public-access:111111111111:us-east-1']);
  // What is stopped anyway stays so.
  const noRules = dualStackExample({ bpa: 'block-ingress changing', groups: { open: { in: [] } } });
  expect(walk(noRules, INTO_A).verdict).toBe('dropped');
});

test('BPA-01: a table that serves the internet gateway and a subnet closes the one and not the other', () => {
  const network = networkOf(
    dualStackExample({
      bpa: 'block-ingress',
      subnets: { Z: { cidr: '10.0.5.0/24' } },
      enis: { Z: { subnet: 'Z', address: '10.0.5.50', groups: ['open'] } },
    }),
  );
  const routeTables = network.routeTables.map((table) => (table.isMain ? { ...table, gatewayIds: ['igw-1'] } : table));
  const net = createNet({ ...network, routeTables });
  expect(outcome(net.walk(INTO_A))).toBe(BLOCKED);
  expect(outcome(net.walk('tcp 10.0.5.50:40000 > 10.0.1.10:443'))).toBe('delivered');
});

test('BPA-02: `allow-bidirectional` exempts a subnet, or all subnets of a VPC', () => {
  for (const bpa of ['block-ingress', 'block-bidirectional']) {
    expect(ways(dualStackExample({ bpa, bpaExclusions: { 'vpc-1': 'allow-bidirectional' } }))).toEqual(OPEN);
  }
  const onlyP = dualStackExample({ bpa: 'block-bidirectional', bpaExclusions: { 'subnet-p': 'allow-bidirectional' } });
  expect(ways(onlyP)).toEqual({ ...CLOSED, in: 'delivered', out: 'delivered' });
});

test('BPA-02: `allow-egress` opens NAT gateways and egress-only gateways in bidirectional mode, and no direct way', () => {
  const egress = { 'vpc-1': 'allow-egress' };
  expect(ways(dualStackExample({ bpa: 'block-bidirectional', bpaExclusions: egress }))).toEqual(OUTWARDS);
  expect(ways(dualStackExample({ bpa: 'block-ingress', bpaExclusions: egress }))).toEqual(OUTWARDS);
});

test('BPA-02: of two exclusions that differ either may count, and what they agree on is certain', () => {
  const drawing = dualStackExample({
    bpa: 'block-bidirectional',
    bpaExclusions: { 'vpc-1': 'allow-bidirectional', 'subnet-p': 'allow-egress', 'subnet-q': 'allow-egress' },
  });
  expect(ways(drawing)).toEqual({ in: 'unknown', out: 'unknown', nat: 'delivered', eigw: 'delivered' });
});

test('BPA-02: exclusions that were not read whole may be any', () => {
  const drawing = dualStackExample({ bpa: 'block-bidirectional', incomplete: ['blockPublicAccessExclusions'] });
  expect(ways(drawing)).toEqual({ in: 'unknown', out: 'unknown', nat: 'unknown', eigw: 'unknown' });
  expect(walk(drawing, INTO_A).unknowns.map(({ key }) => key)).toEqual(['public-access-exclusions:subnet-p']);
  expect(ways({ ...drawing, bpa: 'block-ingress' })).toMatchObject({ nat: 'delivered', eigw: 'delivered' });
});

test('BPA-03: an exclusion counts once it is complete', () => {
  const stateful = (state: string): Drawing =>
    dualStackExample({ bpa: 'block-ingress', bpaExclusions: { 'subnet-p': `allow-bidirectional ${state}` } });
  for (const state of ['create-complete', 'update-complete']) {
    expect(outcome(walk(stateful(state), INTO_A)), state).toBe('delivered');
  }
  for (const state of ['create-in-progress', 'update-failed', 'delete-in-progress', 'delete-complete']) {
    expect(outcome(walk(stateful(state), INTO_A)), state).toBe(BLOCKED);
  }
});

test('BPA-04: a NAT gateway needs its own subnet open, zonal or regional, and its clients’ subnets need nothing', () => {
  const natSubnetOpen = { bpa: 'block-bidirectional', bpaExclusions: { 'subnet-n': 'allow-egress' } };
  expect(ways(dualStackExample(natSubnetOpen)).nat).toBe('delivered');
  const clientOpen = { bpa: 'block-bidirectional', bpaExclusions: { 'subnet-q': 'allow-bidirectional' } };
  expect(ways(dualStackExample(clientOpen))).toEqual({ ...CLOSED, eigw: 'delivered' });
  const regional: Changes = { nats: { G: { public: '198.51.100.99' } } };
  expect(ways(dualStackExample({ ...regional, bpa: 'block-ingress' })).nat).toBe('delivered');
  expect(ways(dualStackExample({ ...regional, bpa: 'block-bidirectional' })).nat).toBe(BLOCKED);
  const excluded = { bpa: 'block-bidirectional', bpaExclusions: { 'vpc-1': 'allow-egress' } };
  expect(ways(dualStackExample({ ...regional, ...excluded })).nat).toBe('delivered');
});

test('BPA-04: peerings are not affected', () => {
  const drawing: Drawing = {
    ...dualStackExample({ bpa: 'block-bidirectional', subnets: { P: { routes: { '10.2.0.0/16': 'pcx-12' } } } }),
    vpcs: {
      2: {
        vpc: '10.2.0.0/16',
        groups: { far: { in: ['all from 0.0.0.0/0'] } },
        subnets: { W: { cidr: '10.2.1.0/24', routes: { '10.0.0.0/16': 'pcx-12' } } },
        enis: { W: { subnet: 'W', address: '10.2.1.10', groups: ['far'] } },
      },
    },
    peerings: { 12: { from: '1', to: '2' } },
  };
  expect(outcome(walk(drawing, 'tcp 10.0.1.10:40000 > 10.2.1.10:443'))).toBe('delivered');
});

const BEHIND_APPLIANCE: Changes = {
  bpa: 'block-ingress',
  igwRoutes: { '10.0.1.0/24': 'eni-m' },
  subnets: {
    P: { routes: { '0.0.0.0/0': 'eni-m' } },
    M: { cidr: '10.0.3.0/24', routes: { '0.0.0.0/0': 'igw' } },
  },
  enis: { M: { subnet: 'M', address: '10.0.3.30', public: '198.51.100.50', check: false, groups: ['open'] } },
};

test('BPA-05: an appliance’s subnet must be excluded, and those behind it need not be', () => {
  const appliances = new Map([['eni-m', 'forwards' as const]]);
  const through = (excluded: string): readonly string[] => {
    const bpaExclusions = { [excluded]: 'allow-bidirectional' };
    const drawing = dualStackExample({ ...BEHIND_APPLIANCE, bpaExclusions });
    return [INTO_A, OUT_OF_A].map((packet) => outcome(walk(drawing, packet, { appliances })));
  };
  expect(through('subnet-m')).toEqual(['delivered', 'delivered']);
  expect(through('subnet-p')).toEqual([BLOCKED, BLOCKED]);
});

test('BPA-05: traffic by a Gateway Load Balancer endpoint needs the endpoint’s subnet excluded', () => {
  const through = (excluded: string): readonly string[] => {
    const drawing = dualStackExample({
      bpa: 'block-ingress',
      bpaExclusions: { [excluded]: 'allow-bidirectional' },
      igwRoutes: { '10.0.1.0/24': 'vpce-gwlb' },
      subnets: {
        P: { routes: { '0.0.0.0/0': 'vpce-gwlb' } },
        E: { cidr: '10.0.4.0/24', routes: { '0.0.0.0/0': 'igw' } },
      },
    });
    const network = networkOf(drawing);
    const [vpc] = network.vpcs;
    const home = { account: vpc!.account, region: vpc!.region };
    const endpoint: VpcEndpoint = {
      ...resource('vpce-gwlb', home),
      vpcId: 'vpc-1',
      kind: 'gateway-load-balancer',
      serviceName: null,
      state: 'available',
      subnetIds: ['subnet-e'],
      routeTableIds: [],
      interfaceIds: [],
      groupIds: [],
      privateDns: false,
      dnsNames: [],
    };
    const net = createNet({ ...network, vpcEndpoints: [endpoint] });
    return [INTO_A, OUT_OF_A].map((packet) => outcome(net.walk(packet)));
  };
  expect(through('subnet-e')).toEqual(['delivered', 'delivered']);
  expect(through('subnet-p')).toEqual([BLOCKED, BLOCKED]);
});

test('BPA-06: a balancer with one excluded subnet takes traffic there, for targets in subnets that are not excluded', () => {
  const into = (excluded: string): string => {
    const network = networkOf(
      dualStackExample({
        bpa: 'block-bidirectional',
        bpaExclusions: { [excluded]: 'allow-bidirectional' },
        enis: {
          L: { subnet: 'P', address: '10.0.1.40', public: '198.51.100.40', groups: ['open'], owner: 'load-balancer' },
        },
      }),
    );
    return outcome(createNet(balanced(network)).walk('tcp 203.0.113.7:40000 > 198.51.100.40:80'));
  };
  expect(into('subnet-p')).toBe('delivered');
  expect(into('subnet-q')).toBe(BLOCKED);
});

/** With an application balancer whose node is `eni-l`, in front of B. */
function balanced(network: Network): Network {
  const [vpc] = network.vpcs;
  const home = { account: vpc!.account, region: vpc!.region };
  const arns = 'arn:aws:elasticloadbalancing:us-east-1:111111111111';
  const groupArn = `${arns}:targetgroup/b/1`;
  const loadBalancer: LoadBalancer = {
    ...resource('app/web/1', home),
    arn: `${arns}:loadbalancer/app/web/1`,
    balancerName: 'web',
    kind: 'application',
    scheme: 'internet-facing',
    state: 'active',
    vpcId: 'vpc-1',
    dnsName: null,
    zones: [{ zone: 'us-east-1a', subnetId: 'subnet-p', addresses: [] }],
    groupIds: ['sg-open'],
    crossZone: null,
    judgesPrivateLink: null,
    listeners: [{ protocol: 'HTTP', port: 80, targetGroupArns: [groupArn] }],
  };
  const group: TargetGroup = {
    ...resource('b', home),
    arn: groupArn,
    groupName: 'b',
    targetType: 'instance',
    protocol: 'HTTP',
    port: 80,
    vpcId: 'vpc-1',
    balancerArns: [loadBalancer.arn],
    preservesClientAddress: null,
    crossZone: null,
    targets: [{ id: 'i-b', port: 80, zone: null, health: 'healthy' }],
    healthCheck: null,
  };
  const networkInterfaces = network.networkInterfaces.map((eni) =>
    eni.id === 'eni-l' ? { ...eni, description: 'ELB app/web/1' } : eni,
  );
  return { ...network, networkInterfaces, loadBalancers: [loadBalancer], targetGroups: [group] };
}

/** The subnets as another account's that shares them. */
function shared(drawing: Drawing, owner: string | null): Network {
  const network = networkOf(drawing);
  const home = (list: Network['lists'][number]): Network['lists'][number] => ({ ...list, account: '111111111111' });
  return {
    ...network,
    lists: network.lists.map(home),
    subnets: network.subnets.map((subnet) => ({ ...subnet, account: owner })),
    vpcs: network.vpcs.map((vpc) => ({ ...vpc, account: owner })),
  };
}

test('BPA-07: the subnet owner’s mode governs; where it was not read and a participant’s own blocks, it is a missing fact', () => {
  const OWNER = '222222222222';
  const mine = (bpa: string): Network => shared(dualStackExample({ bpa }), OWNER);
  const asked = createNet(mine('block-ingress')).walk(INTO_A);
  expect(asked.verdict).toBe('unknown');
  expect(asked.unknowns.map(({ key }) => key)).toContain(`public-access:${OWNER}:us-east-1`);
  expect(createNet(mine('off')).walk(INTO_A).verdict).toBe('delivered');

  const [own] = mine('block-ingress').blockPublicAccess;
  const theirs = { ...own!, id: `bpa-${OWNER}-us-east-1`, account: OWNER };
  const lists = mine('off').lists.map((list) =>
    list.kind.startsWith('blockPublicAccess') ? { ...list, account: OWNER } : list,
  );
  const both = { ...mine('off'), lists: [...mine('off').lists, ...lists], blockPublicAccess: [own!, theirs] };
  expect(outcome(createNet(both).walk(INTO_A))).toBe(BLOCKED.replaceAll('111111111111', OWNER));
  const open = { ...both, blockPublicAccess: [own!, { ...theirs, mode: 'off' as const }] };
  expect(createNet(open).walk(INTO_A).verdict).toBe('delivered');
});

test('BPA-01: sets say the same as packets of who gets in and out', () => {
  const net = netOf(dualStackExample({ bpa: 'block-ingress' }));
  const verdict = (question: string): string => net.reach(question).verdict;
  expect(['internet -> eni-a : https', 'eni-a -> internet : https'].map(verdict)).toEqual(['none', 'none']);
  expect(verdict('eni-b -> internet : https')).toBe('all');
  const excluded = { bpaExclusions: { 'subnet-p': 'allow-bidirectional' } };
  const open = netOf(dualStackExample({ bpa: 'block-ingress', ...excluded }));
  expect(open.reach('internet -> eni-a : https').verdict).toBe('all');
});
