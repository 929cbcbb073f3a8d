/** PCX: two VPCs, and never a third. */

import { expect, test } from 'vitest';
import type { Drawing, PeeringDrawing, VpcDrawing } from '../support/drawing.ts';
import { outcome, places, routes, walk } from './walks.ts';

/** A host 10.K.1.10 in VPC `name`, block 10.K.0.0/16, with these routes beside the local one. */
function vpc(name: string, second: number, table: Readonly<Record<string, string>>): VpcDrawing {
  return {
    vpc: `10.${second}.0.0/16`,
    subnets: { [`S${name}`]: { cidr: `10.${second}.1.0/24`, routes: table } },
    groups: { [`open${name}`]: { in: ['all from 0.0.0.0/0'] } },
    enis: { [`H${name}`]: { subnet: `S${name}`, address: `10.${second}.1.10`, groups: [`open${name}`] } },
  };
}

const ROUTED_BOTH_WAYS = (peering: Partial<PeeringDrawing> = {}): Drawing => ({
  vpcs: { X: vpc('X', 0, { '10.1.0.0/16': 'pcx-xy' }), Y: vpc('Y', 1, { '10.0.0.0/16': 'pcx-xy' }) },
  peerings: { XY: { from: 'X', to: 'Y', ...peering } },
});
const X_TO_Y = 'tcp 10.0.1.10:40000 > 10.1.1.10:443';

test('PCX-01: an active connection with routes on both sides carries packet and answer', () => {
  const trace = walk(ROUTED_BOTH_WAYS(), X_TO_Y);
  expect(outcome(trace)).toBe('delivered');
  expect(places(trace.forward)).toContain('pcx-xy');
  expect(places(trace.reply)).toContain('pcx-xy');
});

for (const state of ['pending-acceptance', 'expired', 'deleted', 'failed', 'rejected']) {
  test(`PCX-01: a connection that is ${state} carries nothing`, () => {
    expect(outcome(walk(ROUTED_BOTH_WAYS({ state }), X_TO_Y))).toMatch(/^dropped: .*BAD_STATE/);
  });
}

test('PCX-01: an address in neither VPC does not cross', () => {
  const drawing: Drawing = {
    vpcs: { X: vpc('X', 0, { '0.0.0.0/0': 'pcx-xy' }), Y: vpc('Y', 1, { '10.0.0.0/16': 'pcx-xy' }) },
    peerings: { XY: { from: 'X', to: 'Y' } },
  };
  expect(outcome(walk(drawing, 'tcp 10.0.1.10:40000 > 10.9.1.10:443'))).toMatch(
    /^dropped: .*PCX_REQUIRES_ADDRESS_IN_VPC_CIDR$/,
  );
});

test('PCX-02: without a route in the peer VPC the SYN arrives and its answer does not', () => {
  const drawing: Drawing = {
    vpcs: { X: vpc('X', 0, { '10.1.0.0/16': 'pcx-xy' }), Y: vpc('Y', 1, {}) },
    peerings: { XY: { from: 'X', to: 'Y' } },
  };
  const trace = walk(drawing, X_TO_Y);
  expect(trace.forward.outcome).toBe('delivered');
  expect(outcome(trace)).toBe('one-way: route rtb-sy NO_ROUTE_TO_DESTINATION');
});

test('PCX-02: IPv6 needs routes of its own', () => {
  const dual = (name: string, second: number, table: Readonly<Record<string, string>>): VpcDrawing => ({
    ...vpc(name, second, table),
    vpc: [`10.${second}.0.0/16`, `2001:db8:${second}::/56`],
    subnets: { [`S${name}`]: { cidr: [`10.${second}.1.0/24`, `2001:db8:${second}::/64`], routes: table } },
    groups: { [`open${name}`]: { in: ['all from 0.0.0.0/0', 'all from ::/0'] } },
    enis: {
      [`H${name}`]: {
        subnet: `S${name}`,
        address: `10.${second}.1.10`,
        v6: `2001:db8:${second}::10`,
        groups: [`open${name}`],
      },
    },
  });
  const joined = (x: Readonly<Record<string, string>>, y: Readonly<Record<string, string>>): Drawing => ({
    vpcs: { X: dual('X', 1, x), Y: dual('Y', 2, y) },
    peerings: { XY: { from: 'X', to: 'Y' } },
  });
  const packet = 'tcp [2001:db8:1::10]:40000 > [2001:db8:2::10]:443';
  const v4Only = joined({ '10.2.0.0/16': 'pcx-xy' }, { '10.1.0.0/16': 'pcx-xy' });
  expect(outcome(walk(v4Only, 'tcp 10.1.1.10:40000 > 10.2.1.10:443'))).toBe('delivered');
  expect(outcome(walk(v4Only, packet))).toBe('dropped: route rtb-sx NO_ROUTE_TO_DESTINATION');
  const both = joined({ '2001:db8:2::/56': 'pcx-xy' }, { '2001:db8:1::/56': 'pcx-xy' });
  expect(outcome(walk(both, packet))).toBe('delivered');
});

test('PCX-03: X is peered with Y and Y with Z: from X nothing reaches Z', () => {
  const drawing: Drawing = {
    vpcs: {
      X: vpc('X', 0, { '10.1.0.0/16': 'pcx-xy', '10.2.0.0/16': 'pcx-xy' }),
      Y: vpc('Y', 1, { '10.0.0.0/16': 'pcx-xy', '10.2.0.0/16': 'pcx-yz' }),
      Z: vpc('Z', 2, { '10.1.0.0/16': 'pcx-yz', '10.0.0.0/16': 'pcx-yz' }),
    },
    peerings: { XY: { from: 'X', to: 'Y' }, YZ: { from: 'Y', to: 'Z' } },
  };
  expect(outcome(walk(drawing, X_TO_Y))).toBe('delivered');
  expect(outcome(walk(drawing, 'tcp 10.0.1.10:40000 > 10.2.1.10:443'))).toMatch(
    /^dropped: .*PCX_REQUIRES_ADDRESS_IN_VPC_CIDR$/,
  );
});

test('PCX-03: the peer’s internet gateway is out of reach', () => {
  const drawing: Drawing = {
    vpcs: {
      X: vpc('X', 0, { '0.0.0.0/0': 'pcx-xy' }),
      Y: { ...vpc('Y', 1, { '0.0.0.0/0': 'igw', '10.0.0.0/16': 'pcx-xy' }), igw: true },
    },
    peerings: { XY: { from: 'X', to: 'Y' } },
  };
  expect(outcome(walk(drawing, 'tcp 10.0.1.10:40000 > 203.0.113.7:443'))).toMatch(
    /^dropped: .*PCX_REQUIRES_ADDRESS_IN_VPC_CIDR$/,
  );
});

test('PCX-04: with B and C on equal blocks, the answer to B goes to C, where A’s route leads', () => {
  const drawing: Drawing = {
    vpcs: {
      A: vpc('A', 0, { '10.7.0.0/16': 'pcx-ac' }),
      B: vpc('B', 7, { '10.0.0.0/16': 'pcx-ab' }),
      C: vpc('C', 7, { '10.0.0.0/16': 'pcx-ac' }),
    },
    peerings: { AB: { from: 'A', to: 'B' }, AC: { from: 'A', to: 'C' } },
  };
  const trace = walk(drawing, 'tcp 10.7.1.10:40000@eni-hb > 10.0.1.10:443');
  expect(trace.forward.outcome).toBe('delivered');
  expect(routes(trace.reply)).toEqual(['10.7.0.0/16 in rtb-sa']);
  expect(places(trace.reply)).toContain('pcx-ac');
  expect(places(trace.reply)).not.toContain('pcx-ab');
  expect(trace.verdict).not.toBe('delivered');
});

test('PCX-05: a connection between overlapping blocks has failed and carries nothing', () => {
  const drawing: Drawing = {
    vpcs: { X: vpc('X', 0, { '10.0.2.0/24': 'pcx-xy' }), Y: vpc('Y', 0, {}) },
    peerings: { XY: { from: 'X', to: 'Y', state: 'failed' } },
  };
  expect(walk(drawing, 'tcp 10.0.1.10:40000@eni-hx > 10.0.2.10:443').verdict).toBe('dropped');
});

/** X alone in the snapshot; its peer Y is another account's. */
const FOREIGN: Drawing = {
  vpcs: { X: vpc('X', 0, { '10.1.0.0/16': 'pcx-xy' }) },
  peerings: { XY: { from: 'X', to: 'Y', foreign: { cidrs: ['10.1.0.0/16'], account: '222222222222' } } },
};

test('PCX-01: into a VPC that the snapshot lacks the answer is open, and names the VPC', () => {
  const trace = walk(FOREIGN, X_TO_Y);
  expect(trace.verdict).toBe('unknown');
  expect(trace.unknowns.map(({ key }) => key)).toContain('vpc:vpc-y');
});

test('PCX-01: what stops a packet before it reaches a VPC that the snapshot lacks stops it for certain', () => {
  const [x] = Object.values(FOREIGN.vpcs ?? {});
  const closed = { SX: { cidr: '10.0.1.0/24', routes: { '10.1.0.0/16': 'pcx-xy' }, nacl: { out: [] } } };
  const drawing = { ...FOREIGN, vpcs: { X: { ...x, subnets: closed } } };
  expect(outcome(walk(drawing, X_TO_Y))).toBe('dropped: nacl-out acl-sx * SUBNET_ACL_RESTRICTION');
});
