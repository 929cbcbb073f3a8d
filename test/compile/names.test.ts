import { expect, test } from 'vitest';
import { type Names, NONE, nameNetwork, ownPrefixes } from '../../src/compile/names.ts';
import type { Network } from '../../src/model/network.ts';
import { formatPrefix } from '../../src/net/address-text.ts';
import type { Drawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';

const DRAWING: Drawing = {
  vpc: '10.0.0.0/16',
  igw: true,
  igwRoutes: { '10.0.1.0/24': 'local' },
  tables: { shared: {} },
  subnets: {
    P: { cidr: '10.0.1.0/24', routes: 'rtb-shared', nacl: { in: [] } },
    Q: { cidr: '10.0.2.0/24', routes: 'rtb-shared' },
    R: { cidr: '10.0.3.0/24' },
  },
  groups: { web: { in: ['tcp/80 from sg-elsewhere'] } },
  enis: {
    A: {
      subnet: 'P',
      address: ['10.0.1.10', '10.0.1.11'],
      v6: '2001:db8::a',
      delegated: '10.0.1.16/28',
      groups: ['web'],
    },
    A2: { subnet: 'Q', address: '10.0.2.10', instance: 'A', groups: ['web', 'unlisted'] },
    L: { subnet: 'R', address: '10.0.3.10', instance: null },
  },
};

const at = (index: ReadonlyMap<string, number>, id: string): number => index.get(id) ?? NONE;

function named(drawing: Drawing): { network: Network; names: Names } {
  const network = networkOf(drawing);
  return { network, names: nameNetwork(network) };
}

test('RT-01: a subnet has its explicit table, else the main table of its VPC', () => {
  const { names } = named(DRAWING);
  const tableOf = (id: string): number => names.routeTableOfSubnet[at(names.subnet, id)]!;
  expect(tableOf('subnet-p')).toBe(at(names.routeTable, 'rtb-shared'));
  expect(tableOf('subnet-q')).toBe(at(names.routeTable, 'rtb-shared'));
  expect(tableOf('subnet-r')).toBe(at(names.routeTable, 'rtb-main-1'));
});

test('NACL-01: a subnet has its explicit ACL, else the default ACL of its VPC', () => {
  const { names } = named(DRAWING);
  const aclOf = (id: string): number => names.networkAclOfSubnet[at(names.subnet, id)]!;
  expect(aclOf('subnet-p')).toBe(at(names.networkAcl, 'acl-p'));
  expect(aclOf('subnet-r')).toBe(at(names.networkAcl, 'acl-default-1'));
});

test('RT-15: a gateway has the table that is associated with it', () => {
  const { names } = named(DRAWING);
  expect(names.routeTableOfGateway.get('igw-1')).toBe(at(names.routeTable, 'rtb-igw-1'));
});

test('main tables and default ACLs of another VPC serve no subnet of this one', () => {
  const { names } = named({
    vpcs: {
      X: { vpc: '10.0.0.0/16', subnets: { P: { cidr: '10.0.1.0/24' } } },
      Y: { vpc: '10.1.0.0/16', subnets: { Q: { cidr: '10.1.1.0/24' } } },
    },
    absent: ['rtb-main-y', 'acl-default-y'],
  });
  expect(names.routeTableOfSubnet[at(names.subnet, 'subnet-p')]).toBe(at(names.routeTable, 'rtb-main-x'));
  expect(names.routeTableOfSubnet[at(names.subnet, 'subnet-q')]).toBe(NONE);
  expect(names.networkAclOfSubnet[at(names.subnet, 'subnet-q')]).toBe(NONE);
});

test('interfaces are found by VPC, subnet and instance', () => {
  const { names } = named(DRAWING);
  const [a, a2, l] = ['eni-a', 'eni-a2', 'eni-l'].map((id) => at(names.eni, id));
  expect(names.enisOfInstance.get('i-a')).toEqual([a, a2]);
  expect(names.enisOfVpc[0]).toEqual([a, a2, l]);
  expect(names.enisOfSubnet[at(names.subnet, 'subnet-q')]).toEqual([a2]);
  expect(names.enisOfInstance.size).toBe(1);
});

test('an interface whose VPC is not named is in the VPC of its subnet', () => {
  const network = networkOf(DRAWING);
  const networkInterfaces = network.networkInterfaces.map((eni) => ({ ...eni, vpcId: '' }));
  expect(nameNetwork({ ...network, networkInterfaces }).vpcOfEni).toEqual([0, 0, 0]);
});

test('what the snapshot lacks is NONE, not another record', () => {
  const { names } = named({ ...DRAWING, unread: ['vpcs', 'subnets'] });
  expect(names.vpcOfEni).toEqual([NONE, NONE, NONE]);
  expect(names.subnetOfEni).toEqual([NONE, NONE, NONE]);
});

test('every group has an index, also one that only a rule or an interface names', () => {
  const { names } = named(DRAWING);
  const indices = ['sg-default-1', 'sg-web', 'sg-elsewhere', 'sg-unlisted'].map((id) => names.group.get(id));
  expect(indices).not.toContain(undefined);
  expect(new Set(indices).size).toBe(4);
});

test('CMP-01, OPEN-06: the addresses of an interface are private, v6 and delegated ones', () => {
  const { network } = named(DRAWING);
  expect(ownPrefixes(network.networkInterfaces[0]!).map(formatPrefix)).toEqual([
    '10.0.1.10/32',
    '10.0.1.11/32',
    '2001:db8::a/128',
    '10.0.1.16/28',
  ]);
});

// A name of Object.prototype must be found only where a record has it.
const HOSTILE = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
test.each(HOSTILE)('a record called %s is a record like any other, and nothing else has its name', (id) => {
  const network = networkOf(DRAWING);
  const before = nameNetwork(network);
  for (const index of [before.vpc, before.subnet, before.eni, before.group, before.enisOfInstance]) {
    expect(index.get(id)).toBeUndefined();
  }
  const [first, ...rest] = network.networkInterfaces;
  const renamed = { ...network, networkInterfaces: [{ ...first!, id, instanceId: id, groupIds: [id] }, ...rest] };
  const names = nameNetwork(renamed);
  expect(names.eni.get(id)).toBe(0);
  expect(names.enisOfInstance.get(id)).toEqual([0]);
  expect(names.group.has(id)).toBe(true);
});

test('two records that claim the same subnet, gateway or VPC contradict each other: neither is believed', () => {
  const { network, names: before } = named(DRAWING);
  const routeTables = network.routeTables.map((table) => ({
    ...table,
    isMain: true,
    subnetIds: ['subnet-p'],
    gatewayIds: ['igw-1'],
  }));
  const networkAcls = network.networkAcls.map((acl) => ({ ...acl, isDefault: true, subnetIds: ['subnet-p'] }));
  const names = nameNetwork({ ...network, routeTables, networkAcls });
  const [p, r] = ['subnet-p', 'subnet-r'].map((id) => at(before.subnet, id)) as [number, number];
  expect([p, r].map((subnet) => names.routeTableOfSubnet[subnet])).toEqual([NONE, NONE]);
  expect([p, r].map((subnet) => names.networkAclOfSubnet[subnet])).toEqual([NONE, NONE]);
  expect(names.routeTableOfGateway.get('igw-1')).toBe(NONE);
});
