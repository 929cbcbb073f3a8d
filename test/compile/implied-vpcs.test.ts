import { expect, test } from 'vitest';
import { withImpliedVpcs } from '../../src/compile/implied-vpcs.ts';
import { formatPrefix } from '../../src/net/address-text.ts';
import type { Drawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';

const DRAWING: Drawing = {
  vpc: ['10.0.0.0/16', '10.7.0.0/20', '2001:db8:1::/56'],
  account: '222222222222',
  region: 'eu-west-1',
  subnets: { P: { cidr: ['10.0.1.0/24', '2001:db8:1::/64'] }, Q: { cidr: '10.0.2.0/24' } },
  enis: { A: { subnet: 'P', address: '10.0.1.10' } },
};

const blocks = (drawing: Drawing): readonly (readonly [string, readonly string[]])[] =>
  withImpliedVpcs(networkOf(drawing)).vpcs.map(({ id, cidrs }) => [id, cidrs.map(formatPrefix)]);

test('RT-03: a VPC that is named and not described has the blocks of its local routes, each once', () => {
  expect(blocks({ ...DRAWING, unread: ['vpcs'], tables: { other: {} } })).toEqual([
    ['vpc-1', ['10.0.0.0/16', '10.7.0.0/20', '2001:db8:1::/56']],
  ]);
});

test('without a table it has the blocks of its subnets', () => {
  expect(blocks({ ...DRAWING, unread: ['vpcs', 'routeTables'] })).toEqual([
    ['vpc-1', ['10.0.1.0/24', '2001:db8:1::/64', '10.0.2.0/24']],
  ]);
});

test('an interface alone implies its VPC, with no block that is known', () => {
  expect(blocks({ ...DRAWING, unread: ['vpcs', 'routeTables', 'subnets'] })).toEqual([['vpc-1', []]]);
});

test('it is where the record that names it is', () => {
  const [vpc] = withImpliedVpcs(networkOf({ ...DRAWING, unread: ['vpcs'] })).vpcs;
  expect(vpc).toMatchObject({ account: '222222222222', region: 'eu-west-1', name: null, dnsSupport: null });
});

test('described VPCs stay as they are, and implied ones join them in the order of ids', () => {
  const network = networkOf({
    vpcs: { B: { vpc: '10.1.0.0/16' }, A: { vpc: '10.0.0.0/16' }, C: { vpc: '10.2.0.0/16' } },
    absent: ['vpc-a', 'vpc-c'],
  });
  const { vpcs } = withImpliedVpcs(network);
  expect(vpcs.map(({ id }) => id)).toEqual(['vpc-a', 'vpc-b', 'vpc-c']);
  expect(vpcs[1]).toBe(network.vpcs[0]);
});

test('a network whose VPCs are all described is the same network', () => {
  const network = networkOf(DRAWING);
  expect(withImpliedVpcs(network)).toBe(network);
});

test('a record that names no VPC implies none', () => {
  const network = networkOf({ ...DRAWING, unread: ['vpcs', 'routeTables', 'subnets'] });
  const networkInterfaces = network.networkInterfaces.map((eni) => ({ ...eni, vpcId: '' }));
  expect(withImpliedVpcs({ ...network, networkInterfaces }).vpcs).toEqual([]);
});
