/** The drawings themselves: what is drawn is there, and what AWS adds by itself is there too. */

import { expect, test } from 'vitest';
import { isComplete } from '../../src/model/network.ts';
import { formatAddress, formatPrefix } from '../../src/net/address-text.ts';
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
