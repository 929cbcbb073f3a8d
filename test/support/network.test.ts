/** The drawings themselves: what is drawn is there, and what AWS adds by itself is there too. */

import { expect, test } from 'vitest';
import { loadDocuments } from '../../src/load/load.ts';
import { isComplete, KINDS, type Network } from '../../src/model/network.ts';
import { formatAddress, formatPrefix } from '../../src/net/address-text.ts';
import { describeNetwork } from './describe.ts';
import { describeLearnedRoutes } from './describe-transit.ts';
import { networkOf } from './network.ts';

const EXAMPLE = networkOf({
  vpc: ['10.0.0.0/16', '2001:db8:1::/56'],
  igw: true,
  subnets: {
    P: { cidr: ['10.0.1.0/24', '2001:db8:1::/64'], routes: { '0.0.0.0/0': 'igw', '::/0': 'eigw' } },
    Q: {
      cidr: '10.0.2.0/24',
      routes: { '0.0.0.0/0': ['nat-g', 'vgw-1 propagated'] },
      nacl: { in: ['100 deny tcp/22 0.0.0.0/0', '90 allow unreadable'] },
    },
    N: { cidr: '10.0.9.0/24' },
  },
  groups: { web: { in: ['tcp/443 from 0.0.0.0/0', 'icmp/3.4 from sg-web'] } },
  enis: {
    A: { subnet: 'P', address: '10.0.1.10', public: '198.51.100.10', groups: ['web'] },
    B: { subnet: 'Q', address: '10.0.2.20' },
  },
  nats: { G: { subnet: 'N', address: '10.0.9.5', public: '198.51.100.99' } },
  incomplete: ['networkInterfaces'],
});

test('a drawing gets the ids its names promise', () => {
  expect(EXAMPLE.subnets.map(({ id }) => id)).toEqual(['subnet-n', 'subnet-p', 'subnet-q']);
  expect(EXAMPLE.networkInterfaces.map(({ id }) => id)).toEqual(['eni-a', 'eni-b', 'eni-nat-g']);
  expect(EXAMPLE.routeTables.map(({ id }) => id)).toEqual(['rtb-main-1', 'rtb-p', 'rtb-q']);
  expect(EXAMPLE.networkAcls.map(({ id }) => id)).toEqual(['acl-default-1', 'acl-q']);
  expect(EXAMPLE.securityGroups.map(({ id }) => id)).toEqual(['sg-default-1', 'sg-web']);
});

test('tables start with the local routes and keep what is drawn in order', () => {
  const table = EXAMPLE.routeTables.find(({ id }) => id === 'rtb-q');
  expect(table?.subnetIds).toEqual(['subnet-q']);
  const rows = table?.routes.map(({ destination, target, source }) => [
    destination.kind === 'cidr' ? formatPrefix(destination.prefix) : destination.kind,
    target.kind === 'local' ? 'local' : target.id,
    source,
  ]);
  expect(rows).toEqual([
    ['10.0.0.0/16', 'local', 'table'],
    ['2001:db8:1::/56', 'local', 'table'],
    ['0.0.0.0/0', 'nat-g', 'static'],
    ['0.0.0.0/0', 'vgw-1', 'propagated'],
  ]);
});

test('an ACL closes both directions in both families and keeps unreadable entries apart', () => {
  const acl = EXAMPLE.networkAcls.find(({ id }) => id === 'acl-q');
  expect(acl?.entries.map(({ direction, number }) => `${direction} ${number}`)).toEqual([
    'in 100',
    'in 32767',
    'in 32768',
    'out 100',
    'out 101',
    'out 32767',
    'out 32768',
  ]);
  expect(acl?.unreadable).toMatchObject([{ number: 90, action: 'allow', direction: 'in' }]);
});

test('a group without outbound rules drawn lets everything out, and an interface without groups is in the default group', () => {
  const web = EXAMPLE.securityGroups.find(({ id }) => id === 'sg-web');
  expect(web?.rules.map(({ id }) => id)).toEqual([
    'sg-web/in/0.0',
    'sg-web/in/1.0',
    'sg-web/out/0.0',
    'sg-web/out/1.0',
  ]);
  const b = EXAMPLE.networkInterfaces.find(({ id }) => id === 'eni-b');
  expect(b?.groupIds).toEqual(['sg-default-1']);
});

test('a NAT gateway has an interface without groups that holds its addresses', () => {
  const nat = EXAMPLE.networkInterfaces.find(({ id }) => id === 'eni-nat-g');
  expect(nat).toMatchObject({ owner: 'nat-gateway', groupIds: [], sourceDestCheck: false, instanceId: null });
  const [address] = nat?.privateAddresses ?? [];
  expect(address && formatAddress(address.address)).toBe('10.0.9.5');
  expect(address?.publicAddress && formatAddress(address.publicAddress)).toBe('198.51.100.99');
});

test('lists are complete unless the drawing says that they were cut off', () => {
  expect(isComplete(EXAMPLE, 'subnets', '111111111111', 'us-east-1')).toBe(true);
  expect(isComplete(EXAMPLE, 'networkInterfaces', '111111111111', 'us-east-1')).toBe(false);
  expect(isComplete(EXAMPLE, 'vpcs', '222222222222', 'us-east-1')).toBe(false);
});

test('a drawing of several VPCs joins them by peerings, also to a VPC that is not drawn', () => {
  const network = networkOf({
    vpcs: { X: { vpc: '10.0.0.0/16' }, Y: { vpc: '10.1.0.0/16', account: '222222222222' } },
    peerings: {
      XY: { from: 'X', to: 'Y' },
      XZ: { from: 'X', to: 'Z', state: 'expired', foreign: { account: '333333333333' } },
    },
    absent: ['sg-default-x'],
    unread: ['instances'],
  });
  expect(network.peerings).toMatchObject([
    {
      id: 'pcx-xy',
      state: 'active',
      requester: { vpcId: 'vpc-x' },
      accepter: { vpcId: 'vpc-y', account: '222222222222' },
    },
    { id: 'pcx-xz', state: 'expired', accepter: { vpcId: 'vpc-z', account: '333333333333', cidrs: [] } },
  ]);
  expect(network.securityGroups.map(({ id }) => id)).toEqual(['sg-default-y']);
  expect(isComplete(network, 'instances', null, null)).toBe(false);
});

const JOINED = networkOf({
  vpcs: {
    X: {
      vpc: '10.0.0.0/16',
      subnets: {
        XA: { cidr: '10.0.1.0/24', zone: 'us-east-1a', routes: { '10.0.0.0/8': 'tgw-t' } },
        XB: { cidr: '10.0.2.0/24', zone: 'us-east-1b' },
        XC: { cidr: '10.0.3.0/24', zone: 'us-east-1b', zoneId: 'use1-az2' },
      },
    },
    Y: { vpc: '10.1.0.0/16', account: '222222222222', subnets: { YA: { cidr: '10.1.1.0/24' } } },
  },
  prefixLists: { office: ['10.8.0.0/16'] },
  transitGateways: {
    T: {
      groups: true,
      attachments: {
        X: {},
        Y: { table: 'R', propagates: ['T', 'R'], applianceMode: true, ipv6: true, groups: false, state: 'modifying' },
        V: { to: 'vpn vpn-v', table: null },
        Z: { subnets: null, table: 'unsaid' },
      },
      tables: {
        T: {
          routes: {
            '10.9.0.0/16': 'blackhole',
            'pl-office': 'tgw-attach-tu',
            '0.0.0.0/0': ['tgw-attach-x', 'tgw-attach-y'],
          },
        },
        R: { routes: null, learned: { '10.0.0.0/16': 'tgw-attach-x' }, propagationsRead: false },
      },
    },
    U: { region: 'eu-west-1', groups: null },
  },
  transitPeerings: { TU: { from: 'T', to: 'U', ends: { T: { table: 'R' } } } },
  vpns: { V: { gateway: 'T', routes: ['192.168.0.0/16'] } },
});

test('a transit gateway has a default table, and attachments in the first subnet of each zone', () => {
  expect(JOINED.transitGatewayAttachments.map(({ id, association }) => [id, association])).toEqual([
    ['tgw-attach-tu/tgw-t', { kind: 'table', id: 'tgw-rtb-r' }],
    ['tgw-attach-tu/tgw-u', { kind: 'table', id: 'tgw-rtb-u' }],
    ['tgw-attach-v', { kind: 'none' }],
    ['tgw-attach-x', { kind: 'table', id: 'tgw-rtb-t' }],
    ['tgw-attach-y', { kind: 'table', id: 'tgw-rtb-r' }],
    ['tgw-attach-z', { kind: 'unsaid' }],
  ]);
  const [x, y, z] = JOINED.transitGatewayAttachments.slice(3);
  expect(x).toMatchObject({ vpc: { subnetIds: ['subnet-xa', 'subnet-xb'], applianceMode: false, ipv6: false } });
  expect(y).toMatchObject({
    state: 'modifying',
    vpc: { applianceMode: true, ipv6: true, securityGroupReferencing: false },
  });
  expect(z?.vpc).toBeNull();
  const tables = JOINED.transitGatewayRouteTables.map((table) => [
    table.id,
    table.propagatingIds,
    table.staticRoutes?.length,
  ]);
  expect(tables).toEqual([
    ['tgw-rtb-r', null, undefined],
    ['tgw-rtb-t', ['tgw-attach-x', 'tgw-attach-y', 'tgw-attach-v', 'tgw-attach-z'], 3],
    ['tgw-rtb-u', [], 0],
  ]);
});

const BALANCED = networkOf({
  vpc: ['10.0.0.0/16', '2001:db8:1::/56'],
  subnets: { P: { cidr: '10.0.1.0/24' }, Q: { cidr: ['10.0.2.0/24', '2001:db8:1::/64'], zone: 'us-east-1b' } },
  enis: { B: { subnet: 'Q', address: '10.0.2.20' } },
  groups: { front: {} },
  balancers: {
    edge: {
      kind: 'network',
      nodes: { P: { address: '10.0.1.200', public: '198.51.100.50' }, Q: '10.0.2.200' },
      listeners: { 'TCP 443': 'inner', 'TCP_UDP 53': ['dns', 'plain'] },
    },
    inner: {
      scheme: 'internal',
      nodes: { P: '10.0.1.201' },
      listeners: { 'HTTP 80': 'fn', 'HTTP 81': [] },
      groups: ['front'],
    },
    old: { kind: 'classic', nodes: { P: '10.0.1.202' }, listeners: { 'HTTP 80': 'TCP 8080' }, instances: ['i-b'] },
    dark: {
      kind: 'network',
      scheme: 'internal',
      nodes: {},
      zones: ['Q'],
      listeners: null,
      crossZone: null,
      state: 'provisioning',
    },
  },
  targetGroups: {
    inner: { type: 'alb', to: 'TCP 80', targets: ['app/inner/1'] },
    dns: {
      type: 'ip',
      to: 'TCP_UDP 53',
      crossZone: true,
      targets: ['10.9.0.5:5353 in all unhealthy', '[2001:db8:1::5]:54', '2001:db8:1::6'],
    },
    plain: { to: 'TCP_UDP 53', targets: ['i-b'], preserveClient: null },
    fn: { type: 'lambda', targets: ['arn:aws:lambda:us-east-1:111111111111:function:f'] },
    unread: { to: 'TCP 80', targets: null },
  },
});

test('a balancer has a node in each zone, and groups only where AWS gives it some', () => {
  expect(BALANCED.loadBalancers.map(({ id, groupIds, crossZone }) => [id, groupIds, crossZone])).toEqual([
    ['app/inner/1', ['sg-front'], true],
    ['net/dark/1', [], null],
    ['net/edge/1', [], false],
    ['old', ['sg-default-1'], false],
  ]);
  const nodes = BALANCED.networkInterfaces.map(({ id, owner, description }) => [id, owner, description]);
  expect(nodes).toEqual([
    ['eni-b', 'instance', null],
    ['eni-edge-p', 'network-load-balancer', 'ELB net/edge/1'],
    ['eni-edge-q', 'network-load-balancer', 'ELB net/edge/1'],
    ['eni-inner-p', 'load-balancer', 'ELB app/inner/1'],
    ['eni-old-p', 'load-balancer', 'ELB old'],
  ]);
});

test('target groups keep the client address as AWS has it by default, and targets are read from short texts', () => {
  const groups = BALANCED.targetGroups.map(({ id, preservesClientAddress }) => [id, preservesClientAddress]);
  expect(groups).toEqual([
    ['dns/1', true],
    ['fn/1', null],
    ['inner/1', true],
    ['old:80', false],
    ['plain/1', null],
    ['unread/1', true],
  ]);
  expect(BALANCED.targetGroups[0]?.targets).toEqual([
    { id: '10.9.0.5', port: 5353, zone: 'all', health: 'unhealthy' },
    { id: '2001:db8:1::5', port: 54, zone: null, health: 'healthy' },
    { id: '2001:db8:1::6', port: null, zone: null, health: 'healthy' },
  ]);
});

/** What a record says apart from where it was read, where it lives, and what tags and DNS say. */
function records(network: Network): unknown {
  const apart = ['origin', 'tags', 'name', 'account', 'region', 'dnsSupport'];
  const kept = (key: string, value: unknown): unknown => (apart.includes(key) ? undefined : value);
  return JSON.parse(JSON.stringify(Object.fromEntries(KINDS.map((kind) => [kind, network[kind]])), kept));
}

for (const [what, network] of [
  ['transit gateways', JOINED],
  ['load balancers', BALANCED],
] as const) {
  test(`${what} described and read again are the same`, () => {
    const documents = Object.entries({ 'network.json': describeNetwork(network), ...describeLearnedRoutes(network) });
    const read = loadDocuments(documents.map(([file, json]) => ({ file, json })));
    expect(records(read)).toEqual(records(network));
  });
}
