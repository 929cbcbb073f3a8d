/** Who holds an address, as an outbound group reference sees it (SG-10 to SG-14). */

import { describe, expect, test } from 'vitest';
import { doubtfulHolders, holderFact, identitiesSeenFrom, NOBODY } from '../../src/compile/identity.ts';
import { find } from '../../src/compile/lookup.ts';
import { parseAddress } from '../../src/net/address-text.ts';
import type { Drawing, VpcDrawing } from '../support/drawing.ts';
import { builderOf } from './drawn-builder.ts';

const X: VpcDrawing = {
  vpc: ['10.0.0.0/16', '2001:db8:1::/56'],
  subnets: {
    P: { cidr: ['10.0.1.0/24', '2001:db8:1:1::/64'], routes: { '10.1.0.0/16': 'pcx-xy', '10.0.3.0/24': 'eni-f' } },
    Q: { cidr: '10.0.2.0/24' },
    R: { cidr: '10.0.3.0/24' },
  },
  enis: {
    A: { subnet: 'P', address: '10.0.1.10' },
    N: { subnet: 'P', address: '10.0.1.11' },
    B: { subnet: 'Q', address: ['10.0.2.20', '10.0.2.21'], v6: '2001:db8:1:2::b', delegated: '10.0.2.32/28' },
    C: { subnet: 'R', address: '10.0.3.30' },
    F: { subnet: 'Q', address: '10.0.2.5', check: false },
  },
};
const Y: VpcDrawing = {
  vpc: '10.1.0.0/16',
  subnets: { S: { cidr: '10.1.1.0/24' } },
  enis: { D: { subnet: 'S', address: '10.1.1.40' } },
};
const PEERED: Drawing = { vpcs: { X, Y }, peerings: { XY: { from: 'X', to: 'Y' } } };

/** Id of the interface, `nobody`, or the key of the missing fact. */
function holder(drawing: Drawing, address: string): string {
  const b = builderOf(drawing);
  const value = find(identitiesSeenFrom(b, b.names.subnet.get('subnet-p')!), b.rank(parseAddress(address)));
  if (value === NOBODY) return 'nobody';
  return value >= 0
    ? b.network.networkInterfaces[value]!.id
    : b.facts[holderFact({ groupsOfInterface: [], doubtfulHolders: doubtfulHolders(b) }, value)]!.key;
}

describe('inside the VPC', () => {
  test.each([
    ['10.0.1.11', 'eni-n'],
    ['10.0.2.20', 'eni-b'],
    // OPEN-06: secondary, v6 and delegated addresses count.
    ['10.0.2.21', 'eni-b'],
    ['2001:db8:1:2::b', 'eni-b'],
    ['10.0.2.40', 'eni-b'],
    ['10.0.2.99', 'nobody'],
    ['203.0.113.7', 'nobody'],
  ])('%s is held by %s', (address, id) => expect(holder({ vpcs: { X } }, address)).toBe(id));

  test('SG-11: what a route sends through an appliance is held by nobody that a rule could see', () => {
    expect(holder({ vpcs: { X } }, '10.0.3.30')).toBe('nobody');
  });

  test('a neighbour in the same subnet is seen whatever the routes say (RT-02)', () => {
    const redirected = {
      ...X,
      subnets: { ...X.subnets, P: { cidr: '10.0.1.0/24', routes: { '10.0.1.0/24': 'eni-f' } } },
    };
    expect(holder({ vpcs: { X: redirected } }, '10.0.1.11')).toBe('eni-n');
  });

  test('where the table is not known, addresses of the VPC are reached by its local route', () => {
    expect(holder({ vpcs: { X }, unread: ['routeTables'] }, '10.0.3.30')).toBe('eni-c');
  });

  test('an address that a list cut off may hold is a fact that is missing', () => {
    expect(holder({ vpcs: { X }, incomplete: ['networkInterfaces'] }, '10.0.2.99')).toBe('interfaces:vpc-x');
    expect(holder({ vpcs: { X }, incomplete: ['networkInterfaces'] }, '10.0.2.20')).toBe('eni-b');
    expect(holder({ vpcs: { X }, incomplete: ['networkInterfaces'] }, '203.0.113.7')).toBe('nobody');
  });
});

describe('SG-14: over a peering', () => {
  const otherwise = (changes: Partial<Drawing>): Drawing => ({ ...PEERED, ...changes });

  test('a member of the far VPC is seen', () => {
    expect(holder(PEERED, '10.1.1.40')).toBe('eni-d');
    expect(holder(PEERED, '10.1.1.99')).toBe('nobody');
  });

  test('only while the peering is active, in one Region, and routed to', () => {
    expect(holder(otherwise({ peerings: { XY: { from: 'X', to: 'Y', state: 'expired' } } }), '10.1.1.40')).toBe(
      'nobody',
    );
    expect(holder(otherwise({ vpcs: { X, Y: { ...Y, region: 'eu-west-1' } } }), '10.1.1.40')).toBe('nobody');
    const unrouted = { ...X, subnets: { ...X.subnets, P: { cidr: '10.0.1.0/24' } } };
    expect(holder(otherwise({ vpcs: { X: unrouted, Y } }), '10.1.1.40')).toBe('nobody');
  });

  test('OPEN-26: who is in a VPC that the snapshot lacks is a fact that is missing', () => {
    const foreign: Drawing = {
      vpcs: { X },
      peerings: { XY: { from: 'X', to: 'Y', foreign: { cidrs: ['10.1.0.0/16'], account: '222222222222' } } },
    };
    expect(holder(foreign, '10.1.1.40')).toBe('groups-in:vpc-y');
  });
});

test('a subnet whose VPC is nowhere described sees nobody', () => {
  const b = builderOf({ vpcs: { X } });
  expect(find(identitiesSeenFrom(b, b.names.subnet.get('subnet-p')!), b.rank(parseAddress('10.0.1.10')))).not.toBe(
    NOBODY,
  );
  const lost = { ...b.names, vpcOfSubnet: b.names.vpcOfSubnet.map(() => -1) };
  const without = Object.assign(builderOf({ vpcs: { X } }), { names: lost });
  expect(find(identitiesSeenFrom(without, 0), without.rank(parseAddress('10.0.1.10')))).toBe(NOBODY);
});
