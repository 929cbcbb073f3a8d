/** TGW: attachments, their tables, and the zones by which packets come and go. */

import { expect, test } from 'vitest';
import type { Drawing, GroupDrawing, NaclDrawing, Routes, SubnetDrawing } from '../support/drawing.ts';
import type { AttachmentDrawing, TransitGatewayDrawing, TransitTableDrawing } from '../support/transit-drawing.ts';
import { asked, judged, NACLS, netOf, outcome, places, readTwice, routes, sent, sessionOf } from './walks.ts';

const TO_GATEWAY = { '10.0.0.0/8': 'tgw-t' };
const A = 'us-east-1a';
const B = 'us-east-1b';

interface VpcChanges {
  /** The subnet of the host. */
  readonly host?: Partial<SubnetDrawing>;
  /** The subnet of the attachment; null: it is the host's. */
  readonly attached?: Partial<SubnetDrawing> | null;
  readonly more?: Readonly<Record<string, SubnetDrawing>>;
  readonly rules?: GroupDrawing;
  readonly igw?: boolean;
}

/** A host 10.K.1.10 (eni-hX) in its subnet (subnet-sX), and the attachment in another one of the same zone (subnet-tX). */
function vpc(name: string, second: number, { host, attached = {}, more, rules, igw = false }: VpcChanges = {}) {
  return {
    vpc: `10.${second}.0.0/16`,
    igw,
    subnets: {
      [`S${name}`]: { cidr: `10.${second}.1.0/24`, zone: A, routes: TO_GATEWAY, ...host },
      ...(attached && { [`T${name}`]: { cidr: `10.${second}.9.0/28`, zone: A, ...attached } }),
      ...more,
    },
    groups: { [`g${name}`]: rules ?? { in: ['all from 0.0.0.0/0'] } },
    enis: { [`H${name}`]: { subnet: `S${name}`, address: `10.${second}.1.10`, groups: [`g${name}`] } },
  };
}

interface Changes {
  readonly x?: VpcChanges;
  readonly y?: VpcChanges;
  readonly atX?: AttachmentDrawing;
  readonly atY?: AttachmentDrawing;
  readonly tables?: Readonly<Record<string, TransitTableDrawing>>;
  readonly gateway?: Partial<TransitGatewayDrawing>;
}

/** X 10.0.0.0/16 and Y 10.1.0.0/16 on one gateway, T. */
function joined({ x = {}, y = {}, atX, atY, tables = {}, gateway }: Changes = {}): Drawing {
  const at = (name: string, { attached }: VpcChanges): AttachmentDrawing => ({
    subnets: [attached === null ? `S${name}` : `T${name}`],
  });
  return {
    vpcs: { X: vpc('X', 0, x), Y: vpc('Y', 1, y) },
    transitGateways: {
      T: { attachments: { X: { ...at('X', x), ...atX }, Y: { ...at('Y', y), ...atY } }, tables, ...gateway },
    },
  };
}

const X_TO_Y = 'tcp 10.0.1.10:40000 > 10.1.1.10:443';
const Y_TO_X = 'tcp 10.1.1.10:40000 > 10.0.1.10:443';

test('TGW-10: two VPCs with routes to the gateway reach each other', () => {
  const trace = readTwice(joined(), X_TO_Y);
  expect(outcome(trace)).toBe('delivered');
  expect(routes(trace.forward)).toEqual([
    '10.0.0.0/8 in rtb-sx',
    '10.1.0.0/16 to tgw-attach-y, propagated in tgw-rtb-t',
    '10.1.0.0/16 in rtb-main-y',
  ]);
  expect(places(trace.reply)).toContain('tgw-t');
  expect(netOf(joined()).reach('eni-hx -> eni-hy : tcp/443').verdict).toBe('all');
  expect(netOf(joined()).reach('eni-hx -> eni-hy : any').verdict).toBe('all');
});

test('TGW-10: without a route to the gateway in the receiver’s VPC the SYN arrives and its answer does not', () => {
  expect(judged(joined({ y: { host: { routes: {} } } }), X_TO_Y)).toBe('one-way: route rtb-sy NO_ROUTE_TO_DESTINATION');
  expect(judged(joined({ x: { host: { routes: {} } } }), X_TO_Y)).toBe('dropped: route rtb-sx NO_ROUTE_TO_DESTINATION');
});

for (const state of ['pending', 'pendingAcceptance', 'deleting', 'failed', 'rejected']) {
  test(`TGW-10: an attachment that is ${state} carries nothing, in or out`, () => {
    expect(judged(joined({ atX: { state } }), X_TO_Y)).toMatch(/^dropped: gateway-check .*BAD_STATE_ATTACHMENT$/);
    expect(judged(joined({ atY: { state } }), X_TO_Y)).toMatch(/^dropped: gateway-check .*BAD_STATE_ATTACHMENT$/);
  });
}

test('TGW-10: an attachment or gateway that is being modified forwards, one that is deleted does not', () => {
  const modifying = { state: 'modifying' };
  expect(judged(joined({ atX: modifying, atY: modifying, gateway: modifying }), X_TO_Y)).toBe('delivered');
  expect(judged(joined({ gateway: { state: 'deleted' } }), X_TO_Y)).toBe('dropped: gateway-check tgw-t BAD_STATE');
});

test('TGW-10: a VPC that is not attached does not get in; where the attachments were cut off nobody knows', () => {
  const lone = joined();
  const detached: Drawing = { ...lone, absent: ['tgw-attach-x'] };
  expect(judged(detached, X_TO_Y)).toBe('dropped: gateway-check BAD_STATE_ATTACHMENT');
  expect(judged({ ...detached, incomplete: ['transitGatewayAttachments'] }, X_TO_Y)).toBe('unknown: target:tgw-t');
  expect(judged({ ...detached, unread: ['transitGatewayAttachments'] }, X_TO_Y)).toBe('unknown: target:tgw-t');
});

test('TGW-01: the gateway has a subnet in one zone, the sender is in another', () => {
  const far = joined({ x: { host: { zone: B } } });
  expect(judged(far, X_TO_Y)).toBe('dropped: gateway-check tgw-attach-x TGW_ROUTE_AZ_RESTRICTION');
  // The other way round it is the answer that cannot leave.
  expect(judged(far, Y_TO_X)).toBe('one-way: gateway-check tgw-attach-x TGW_ROUTE_AZ_RESTRICTION');
});

test('TGW-01, OPEN-19: any subnet in a zone with an attachment may send', () => {
  const trace = readTwice(joined(), X_TO_Y);
  expect(trace.assumptions).toContain('OPEN-19');
  const same = readTwice(joined({ x: { attached: null }, y: { attached: null } }), X_TO_Y);
  expect(outcome(same)).toBe('delivered');
  expect(same.assumptions).not.toContain('OPEN-19');
});

test('TGW-01: zones are told apart by their ids where two accounts name them', () => {
  const drawing = joined({
    x: { host: { zone: A, zoneId: 'use1-az1' }, attached: { zone: B, zoneId: 'use1-az1' } },
  });
  expect(judged(drawing, X_TO_Y)).toBe('delivered');
});

test('TGW-01: a sender whose zone is not known may be in the attachment’s', () => {
  const drawing = joined({ x: { host: { zone: null } } });
  expect(judged(drawing, X_TO_Y)).toBe('unknown: zone:subnet-sx');
  const closed = joined({ x: { host: { zone: null, nacl: { out: [] } } } });
  expect(judged(closed, X_TO_Y)).toBe('dropped: nacl-out acl-sx * SUBNET_ACL_RESTRICTION');
});

test('TGW-01: where the attachment’s subnets were not read nobody knows which zones it serves', () => {
  expect(judged(joined({ atX: { subnets: null } }), X_TO_Y)).toBe('unknown: attachment-subnets:tgw-attach-x');
  expect(judged(joined({ atY: { subnets: null } }), X_TO_Y)).toBe('unknown: attachment-subnets:tgw-attach-y');
  const closed = joined({ x: { rules: { in: [], out: [] } }, atX: { subnets: null } });
  expect(judged(closed, X_TO_Y)).toMatch(/^dropped: security-group-out/);
});

test('TGW-02: the table of the attachment that a packet comes in by decides', () => {
  const tables = { R: { routes: { '10.1.0.0/16': 'blackhole' } } };
  expect(judged(joined({ atX: { table: 'R' }, tables }), X_TO_Y)).toBe(
    'dropped: route tgw-rtb-r TGW_RTB_BAD_STATE_ROUTE',
  );
  // Only the answer of Y's flow asks R's table.
  const trace = readTwice(joined({ atX: { table: 'R' }, tables }), Y_TO_X);
  expect(outcome(trace)).toBe('one-way: route tgw-rtb-r TGW_RTB_BAD_STATE_ROUTE');
  expect(routes(trace.forward)[1]).toBe('10.0.0.0/16 to tgw-attach-x, propagated in tgw-rtb-t');
});

test('TGW-02: an attachment without a table sends nothing on, and still receives', () => {
  expect(judged(joined({ atX: { table: null } }), X_TO_Y)).toBe(
    'dropped: route tgw-attach-x TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION',
  );
  expect(judged(joined({ atX: { table: null } }), Y_TO_X)).toBe(
    'one-way: route tgw-attach-x TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION',
  );
});

test('TGW-02: an association that nobody told, or a table that is missing, leaves the answer open', () => {
  expect(judged(joined({ atX: { table: 'unsaid' } }), X_TO_Y)).toBe('unknown: association:tgw-attach-x');
  expect(judged({ ...joined(), absent: ['tgw-rtb-t'] }, X_TO_Y)).toBe('unknown: target:tgw-rtb-t');
});

test('TGW-03: an attachment that propagates to no table is not found, whatever its association', () => {
  expect(judged(joined({ atY: { propagates: [] } }), X_TO_Y)).toBe('dropped: route tgw-rtb-t TGW_RTB_CANNOT_ROUTE');
  const apart = joined({ atX: { table: 'R' }, atY: { propagates: ['R'] }, tables: { R: {} } });
  expect(judged(apart, X_TO_Y)).toBe('delivered');
});

test('TGW-03: where routes or propagations of a table were not read nobody knows where it leads', () => {
  expect(judged(joined({ tables: { T: { routes: null } } }), X_TO_Y)).toBe('unknown: transit-routes:tgw-rtb-t');
  const unread = { T: { propagationsRead: false } };
  expect(judged(joined({ tables: unread }), X_TO_Y)).toBe('unknown: transit-routes:tgw-rtb-t');
  const learned = { T: { propagationsRead: false, learned: { '10.0.0.0/15': ['tgw-attach-y'] } } };
  expect(netOf(joined({ tables: learned })).walk(X_TO_Y).forward.outcome).toBe('delivered');
  const closed = joined({ x: { rules: { in: [], out: [] } }, tables: unread });
  expect(judged(closed, X_TO_Y)).toMatch(/^dropped: security-group-out/);
});

/** Y and Z have the same block; which of them gets X's packet is up to the table. */
function rivals(table: TransitTableDrawing, atY: AttachmentDrawing = {}, atZ: AttachmentDrawing = {}): Drawing {
  const shut = vpc('Z', 1, { rules: { in: [] } });
  const { vpcs, transitGateways, ...rest } = joined({ atY, tables: { T: table } });
  const { attachments, ...gateway } = transitGateways!.T!;
  return {
    ...rest,
    vpcs: { ...vpcs, Z: shut },
    transitGateways: { T: { ...gateway, attachments: { ...attachments, Z: { subnets: ['TZ'], ...atZ } } } },
  };
}
test('TGW-04: static before propagated for one prefix', () => {
  const propagatesZ = rivals({ routes: { '10.1.0.0/16': 'tgw-attach-y' } }, { propagates: [] });
  expect(judged(propagatesZ, X_TO_Y)).toBe('delivered');
  const propagatesY = rivals({ routes: { '10.1.0.0/16': 'tgw-attach-z' } }, {}, { propagates: [] });
  expect(judged(propagatesY, X_TO_Y)).toBe('dropped: security-group-in sg-gz SG_HAS_NO_RULES');
});

test('TGW-04: a longer propagated prefix before a shorter static one', () => {
  const drawing = rivals({ routes: { '10.0.0.0/8': 'tgw-attach-z' } }, {}, { propagates: [] });
  expect(judged(drawing, X_TO_Y)).toBe('delivered');
});

test('TGW-04: static before a prefix list, and a prefix list before propagated', () => {
  const office = { prefixLists: { office: ['10.1.0.0/16'] } };
  const listed = rivals({ routes: { 'pl-office': 'tgw-attach-y' } }, { propagates: [] });
  expect(judged({ ...listed, ...office }, X_TO_Y)).toBe('delivered');
  const both = rivals(
    { routes: { 'pl-office': 'tgw-attach-z', '10.1.0.0/16': 'tgw-attach-y' } },
    { propagates: [] },
    { propagates: [] },
  );
  expect(judged({ ...both, ...office }, X_TO_Y)).toBe('delivered');
});

test('TGW-04: what a VPC propagates before what a VPN does', () => {
  const { transitGateways, ...rest } = joined();
  const { attachments, ...gateway } = transitGateways!.T!;
  const drawing = {
    ...rest,
    vpns: { V: { gateway: 'T', routes: ['10.1.0.0/16'] } },
    transitGateways: { T: { ...gateway, attachments: { ...attachments, V: { to: 'vpn vpn-v' } } } },
  };
  expect(judged(drawing, X_TO_Y)).toBe('delivered');
});

test('TGW-04: what a VPN learns by BGP may be a longer prefix than any block, unless a search shows it', () => {
  const { transitGateways, ...rest } = joined();
  const { attachments, ...gateway } = transitGateways!.T!;
  const drawing = {
    ...rest,
    vpns: { V: { gateway: 'T' } },
    transitGateways: { T: { ...gateway, attachments: { ...attachments, V: { to: 'vpn vpn-v' } } } },
  };
  expect(judged(drawing, X_TO_Y)).toMatch(/^unknown: .*learned:vpn-v/);
});

test('TGW-04: a prefix list without entries leaves open what it leads to', () => {
  const drawing = joined({ tables: { T: { routes: { 'pl-office': 'blackhole' } } } });
  expect(judged({ ...drawing, prefixLists: { office: null } }, X_TO_Y)).toMatch(/^unknown: .*prefix-list:pl-office/);
});

test('TGW-04: equal paths count only where they differ', () => {
  const ways = (attachments: readonly string[]) => ({ T: { routes: { '10.1.0.0/16': attachments } } });
  expect(judged(joined({ tables: ways(['tgw-attach-y', 'tgw-attach-y']) }), X_TO_Y)).toBe('delivered');
  const differ = rivals(ways(['tgw-attach-y', 'tgw-attach-z']).T);
  expect(judged(differ, X_TO_Y)).toMatch(/^unknown: transit-paths:tgw-rtb-t:/);
});

test('TGW-05: a blackhole drops what matches it best', () => {
  const tables = { T: { routes: { '10.1.1.0/28': 'blackhole' } } };
  expect(judged(joined({ tables }), X_TO_Y)).toBe('dropped: route tgw-rtb-t TGW_RTB_BAD_STATE_ROUTE');
  const beside = { T: { routes: { '10.1.1.128/25': 'blackhole' } } };
  expect(judged(joined({ tables: beside }), X_TO_Y)).toBe('delivered');
});

test('TGW-06: two attached VPCs with overlapping blocks: which of them propagates is not in the snapshot', () => {
  expect(judged(rivals({}), X_TO_Y)).toMatch(/^unknown: /);
  // A search tells.
  const learned = { learned: { '10.0.0.0/16': 'tgw-attach-x', '10.1.0.0/16': 'tgw-attach-y' } };
  expect(judged(rivals(learned), X_TO_Y)).toBe('delivered');
});

test('TGW-06: a longer block within an attached VPC’s is perhaps not propagated', () => {
  const drawing = rivals({});
  const { Z } = drawing.vpcs as { Z: ReturnType<typeof vpc> };
  const inner: Drawing = { ...drawing, vpcs: { ...drawing.vpcs, Z: { ...Z, vpc: '10.1.0.0/20' } } };
  expect(judged(inner, X_TO_Y)).toMatch(/^unknown: /);
});

/** X on T and Y on U, two gateways joined by a peering, each with a route to the other's VPC. */
function peered(
  state = 'available',
  uRoutes: Readonly<Record<string, string>> = { '10.0.0.0/16': 'tgw-attach-tu' },
): Drawing {
  return {
    vpcs: { X: vpc('X', 0), Y: { ...vpc('Y', 1, { host: { routes: { '10.0.0.0/8': 'tgw-u' } } }) } },
    transitGateways: {
      T: {
        groups: true,
        attachments: { X: { subnets: ['TX'] } },
        tables: { T: { routes: { '10.1.0.0/16': 'tgw-attach-tu' } } },
      },
      U: { groups: true, attachments: { Y: { subnets: ['TY'] } }, tables: { U: { routes: uRoutes } } },
    },
    transitPeerings: { TU: { from: 'T', to: 'U', state } },
  };
}

test('TGW-06: over a peering of gateways by static routes on both sides', () => {
  const trace = readTwice(peered(), X_TO_Y);
  expect(outcome(trace)).toBe('delivered');
  expect(places(trace.forward)).toEqual(expect.arrayContaining(['tgw-t', 'tgw-u']));
  expect(judged(peered('available', {}), X_TO_Y)).toBe('one-way: route tgw-rtb-u TGW_RTB_CANNOT_ROUTE');
  expect(judged(peered('pendingAcceptance'), X_TO_Y)).toMatch(/^dropped: gateway-check .*BAD_STATE_ATTACHMENT$/);
});

test('TGW-06: a gateway at the far end that the snapshot lacks leaves the answer open', () => {
  const { transitGateways, ...rest } = peered();
  expect(judged({ ...rest, transitGateways: { T: transitGateways!.T! } }, X_TO_Y)).toBe('unknown: target:tgw-u');
});

/** Y has a NAT gateway and an internet gateway; its attachment's subnet leads to the NAT gateway. */
function egress(attachedRoutes: Routes): Drawing {
  const drawing = joined({
    x: { host: { routes: { '0.0.0.0/0': 'tgw-t' } } },
    y: {
      igw: true,
      attached: { routes: attachedRoutes },
      more: { NY: { cidr: '10.1.3.0/24', zone: A, routes: { '0.0.0.0/0': 'igw', '10.0.0.0/8': 'tgw-t' } } },
    },
    tables: { T: { routes: { '0.0.0.0/0': 'tgw-attach-y' } } },
  });
  const { X, Y } = drawing.vpcs!;
  const nats = { G: { subnet: 'NY', address: '10.1.3.5', public: '198.51.100.99' } };
  return { ...drawing, vpcs: { X: X!, Y: { ...Y, nats } } };
}

test('TGW-07, OPEN-18: arriving packets follow the table of the attachment’s subnet, to a NAT gateway and the internet', () => {
  const trace = readTwice(egress({ '0.0.0.0/0': 'nat-g' }), 'tcp 10.0.1.10:40000 > 203.0.113.7:443');
  expect(outcome(trace)).toBe('delivered');
  expect(places(trace.forward)).toEqual(expect.arrayContaining(['tgw-t', 'nat-g', 'igw-y']));
  expect(judged(egress({}), 'tcp 10.0.1.10:40000 > 203.0.113.7:443')).toBe(
    'dropped: route rtb-ty NO_ROUTE_TO_DESTINATION',
  );
});

test('TGW-07, NAT-05: the answer comes back through the NAT gateway only by its subnet’s route to the gateway', () => {
  const drawing = egress({ '0.0.0.0/0': 'nat-g' });
  const { X, Y } = drawing.vpcs!;
  const NY = { ...Y!.subnets!.NY!, routes: { '0.0.0.0/0': 'igw' } };
  const lost: Drawing = { ...drawing, vpcs: { X: X!, Y: { ...Y, subnets: { ...Y!.subnets, NY } } } };
  expect(judged(lost, 'tcp 10.0.1.10:40000 > 203.0.113.7:443')).toMatch(/^one-way: /);
});

test('RT-15: what comes by a transit gateway asks no table of the internet gateway', () => {
  const drawing = joined({ y: { igw: true } });
  const { X, Y } = drawing.vpcs!;
  const inspected: Drawing = { ...drawing, vpcs: { X: X!, Y: { ...Y, igwRoutes: { '10.1.1.0/24': 'eni-nobody' } } } };
  expect(judged(inspected, X_TO_Y)).toBe('delivered');
});

/** Y's attachment serves two zones; the ACL of the subnet in zone b lets nothing out. */
const twoZones = (hostZone: string, atY: AttachmentDrawing = {}, b: NaclDrawing = { out: [] }): Drawing =>
  joined({
    x: { host: { zone: hostZone }, attached: { zone: hostZone } },
    y: { more: { UY: { cidr: '10.1.9.16/28', zone: B, nacl: b } } },
    atY: { subnets: ['TY', 'UY'], ...atY },
  });

test('TGW-08: the interface in the sender’s zone is used', () => {
  expect(judged(twoZones(A), X_TO_Y)).toBe('delivered');
  const trace = readTwice(twoZones(B), X_TO_Y);
  expect(outcome(trace)).toBe('dropped: nacl-out acl-uy * SUBNET_ACL_RESTRICTION');
});

test('TGW-08: without one in the sender’s zone some zone is used: it counts only where they differ', () => {
  expect(judged(twoZones('us-east-1c'), X_TO_Y)).toMatch(/^unknown: transit-zone:/);
  expect(judged(twoZones('us-east-1c', {}, {}), X_TO_Y)).toBe('delivered');
});

test('TGW-08: a receiver’s zone without an attachment is reached by another', () => {
  const drawing = joined({
    y: { host: { zone: B }, more: { UY: { cidr: '10.1.9.16/28', zone: B } } },
    atY: { subnets: ['TY', 'UY'] },
  });
  expect(judged(drawing, X_TO_Y)).toBe('delivered');
});

test('TGW-09: appliance mode takes any zone, whatever the sender’s', () => {
  expect(judged(twoZones(A, { applianceMode: true }), X_TO_Y)).toMatch(/^unknown: transit-zone:/);
  expect(judged(twoZones(A, { applianceMode: true }, {}), X_TO_Y)).toBe('delivered');
});

/** X in zone a and Y in zone b, and V between them with a firewall in each zone that remembers what it lets through. */
function inspected(applianceMode: boolean, groups = false): Drawing {
  const { X, Y } = joined({ y: { host: { zone: B }, attached: { zone: B } } }).vpcs!;
  const toGateway = { '10.0.0.0/15': 'tgw-t' };
  const rules = { in: ['tcp/443 from 10.0.0.0/16'], out: ['tcp/443 to 10.1.0.0/16'] };
  const firewall = (name: string) => ({ subnet: `F${name}`, address: `10.2.${name}.10`, groups: ['fw'], check: false });
  const V = {
    vpc: '10.2.0.0/16',
    subnets: {
      F1: { cidr: '10.2.1.0/24', zone: A, routes: toGateway },
      F2: { cidr: '10.2.2.0/24', zone: B, routes: toGateway },
      V1: { cidr: '10.2.8.0/24', zone: A, routes: { '0.0.0.0/0': 'eni-f1' } },
      V2: { cidr: '10.2.9.0/24', zone: B, routes: { '0.0.0.0/0': 'eni-f2' } },
    },
    groups: { fw: rules },
    enis: { F1: firewall('1'), F2: firewall('2') },
  };
  const spoke = { table: 'spokes', propagates: ['T'] };
  return {
    vpcs: { X: X!, Y: Y!, V },
    transitGateways: {
      T: {
        groups,
        attachments: {
          X: { subnets: ['TX'], ...spoke },
          Y: { subnets: ['TY'], ...spoke },
          V: { subnets: ['V1', 'V2'], applianceMode },
        },
        tables: { spokes: { routes: { '0.0.0.0/0': 'tgw-attach-v' } } },
      },
    },
  };
}
const FORWARDING = { appliances: new Map([['eni-f1', 'forwards'] as const, ['eni-f2', 'forwards'] as const]) };

test('TGW-09: between zones, each direction passes the firewall of its own zone unless appliance mode pins the flow to one', () => {
  const off = readTwice(inspected(false), X_TO_Y, FORWARDING);
  expect(outcome(off)).toBe('one-way: security-group-in sg-fw ENI_SG_RULES_MISMATCH');
  expect(places(off.forward)).toContain('eni-f1');
  expect(places(off.reply)).toContain('eni-f2');
  expect(judged(inspected(true), X_TO_Y, FORWARDING)).toBe('delivered');
  expect(judged(inspected(true, true), X_TO_Y, FORWARDING)).toBe('delivered');
});

test('NACL-19: to the gateway, the sender’s list out by destination and the attachment’s list in by source', () => {
  const names = (drawing: Drawing) => asked(readTwice(drawing, X_TO_Y).forward, ...NACLS);
  expect(names(joined())).toEqual([
    'nacl-out acl-default-x 100',
    'nacl-in acl-default-x 100',
    'nacl-out acl-default-y 100',
    'nacl-in acl-default-y 100',
  ]);
  const listIn = (entry: string) => joined({ x: { attached: { nacl: { in: [entry, '200 allow all 0.0.0.0/0'] } } } });
  expect(judged(listIn('100 deny all 10.0.1.10/32'), X_TO_Y)).toBe(
    'dropped: nacl-in acl-tx 100 SUBNET_ACL_RESTRICTION',
  );
  const listOut = joined({ x: { host: { nacl: { out: ['100 deny all 10.1.1.10/32', '200 allow all 0.0.0.0/0'] } } } });
  expect(judged(listOut, X_TO_Y)).toBe('dropped: nacl-out acl-sx 100 SUBNET_ACL_RESTRICTION');
});

test('NACL-19: the attachment’s outbound list is not asked on the way to the gateway, and is on the way from it', () => {
  const drawing = joined({ x: { attached: { nacl: { out: [] } } } });
  expect(judged(drawing, X_TO_Y)).toBe('one-way: nacl-out acl-tx * SUBNET_ACL_RESTRICTION');
  expect(judged(drawing, Y_TO_X)).toBe('dropped: nacl-out acl-tx * SUBNET_ACL_RESTRICTION');
});

test('NACL-19: from the gateway, the attachment’s list out by destination and the receiver’s list in by source; not the attachment’s list in', () => {
  const toHost = joined({
    y: { attached: { nacl: { out: ['100 deny all 10.1.1.10/32', '200 allow all 0.0.0.0/0'] } } },
  });
  expect(judged(toHost, X_TO_Y)).toBe('dropped: nacl-out acl-ty 100 SUBNET_ACL_RESTRICTION');
  const bySource = joined({ y: { host: { nacl: { in: ['100 deny all 10.0.1.10/32', '200 allow all 0.0.0.0/0'] } } } });
  expect(judged(bySource, X_TO_Y)).toBe('dropped: nacl-in acl-sy 100 SUBNET_ACL_RESTRICTION');
  const attachedIn = joined({ y: { attached: { nacl: { in: [] } } } });
  expect(readTwice(attachedIn, X_TO_Y).forward.outcome).toBe('delivered');
  expect(judged(attachedIn, X_TO_Y)).toBe('one-way: nacl-in acl-ty * SUBNET_ACL_RESTRICTION');
});

test('NACL-20, OPEN-04: beside the attachment no list is asked for what comes from the gateway, and the inbound list for what is sent to it', () => {
  const beside = joined({ y: { attached: null, host: { nacl: { in: [] } } } });
  const trace = readTwice(beside, X_TO_Y);
  expect(trace.forward.outcome).toBe('delivered');
  expect(trace.assumptions).toContain('OPEN-04');
  expect(outcome(trace)).toBe('one-way: nacl-in acl-sy * SUBNET_ACL_RESTRICTION');
  expect(judged(beside, Y_TO_X)).toBe('dropped: nacl-in acl-sy * SUBNET_ACL_RESTRICTION');
});

test('NACL-20: beside the attachment the outbound list goes by destination, the inbound list by source', () => {
  const lists = (nacl: NaclDrawing) => joined({ x: { attached: null, host: { nacl } } });
  const everything = '200 allow all 0.0.0.0/0';
  expect(judged(lists({ out: ['100 deny all 10.1.1.10/32', everything] }), X_TO_Y)).toMatch(
    /^dropped: nacl-out acl-sx 100/,
  );
  expect(judged(lists({ out: ['100 deny all 10.0.1.10/32', everything] }), X_TO_Y)).toBe('delivered');
  expect(judged(lists({ in: ['100 deny all 10.0.1.10/32', everything] }), X_TO_Y)).toMatch(
    /^dropped: nacl-in acl-sx 100/,
  );
  expect(judged(lists({ in: ['100 deny all 10.1.1.10/32', everything] }), X_TO_Y)).toBe('delivered');
});

test('NACL-26: lists on both sides see both private addresses, by whatever way the packet came', () => {
  const only: NaclDrawing = { in: ['100 allow tcp/443 10.0.1.10/32'], out: ['100 allow tcp/1024-65535 10.0.1.10/32'] };
  expect(judged(joined({ y: { host: { nacl: only } } }), X_TO_Y)).toBe('delivered');
});

const BY_GROUP: GroupDrawing = { in: ['tcp/443 from sg-gx'] };
const TO_GROUP: GroupDrawing = { in: [], out: ['tcp/443 to sg-gy'] };

test('SG-15: an inbound rule names a group across the gateway where gateway and both attachments support it', () => {
  expect(judged(joined({ y: { rules: BY_GROUP }, gateway: { groups: true } }), X_TO_Y)).toBe('delivered');
});

const without = [
  ['the gateway', { gateway: { groups: false } }],
  ['the sender’s attachment', { gateway: { groups: true }, atX: { groups: false } }],
  ['the receiver’s attachment', { gateway: { groups: true }, atY: { groups: false } }],
] as const;
for (const [who, changes] of without) {
  test(`SG-15: it matches nothing where ${who} does not support it`, () => {
    expect(judged(joined({ y: { rules: BY_GROUP }, ...changes }), X_TO_Y)).toBe(
      'dropped: security-group-in sg-gy SG_REFERENCES_NOT_PRESERVED',
    );
  });
}

test('SG-15: an outbound rule matches no group across the gateway', () => {
  expect(judged(joined({ x: { rules: TO_GROUP }, gateway: { groups: true } }), X_TO_Y)).toMatch(
    /^dropped: security-group-out sg-gx/,
  );
});

test('SG-15: no reference crosses a peering of gateways', () => {
  const drawing = peered();
  const { X, Y } = drawing.vpcs!;
  const referring = { ...drawing, vpcs: { X: X!, Y: { ...Y, groups: { gY: BY_GROUP } } } };
  expect(judged(referring, X_TO_Y)).toMatch(/^dropped: security-group-in sg-gy/);
});

test('SG-15: where the gateway does not tell, or is missing, the answer is open, and only where a reference decides', () => {
  const untold = { groups: null };
  expect(judged(joined({ y: { rules: BY_GROUP }, gateway: untold }), X_TO_Y)).toBe('unknown: transit-groups:tgw-t');
  expect(judged(joined({ gateway: untold }), X_TO_Y)).toBe('delivered');
  const missing: Drawing = { ...joined({ y: { rules: BY_GROUP } }), unread: ['transitGateways'] };
  expect(judged(missing, X_TO_Y)).toBe('unknown: transit-groups:tgw-t');
});

test('SG-15: a rule that is added to name a group across the gateway is open too', () => {
  const before = netOf(joined({ y: { rules: { in: [] } }, gateway: { groups: null } }));
  expect(before.walk(X_TO_Y).verdict).toBe('dropped');
  const after = before.edit('allow sg-gy in tcp/443 from sg-gx');
  expect(after.walk(X_TO_Y).verdict).toBe('unknown');
  expect(after.reach('eni-hx -> eni-hy : tcp/443').verdict).toBe('unknown');
});

test('OPEN-08: what passes a transit gateway is tracked only where the rules make it so', () => {
  const untracked = { in: ['all from 0.0.0.0/0'], out: ['all to 0.0.0.0/0'] };
  const session = sessionOf(joined({ x: { rules: untracked }, y: { rules: untracked } }));
  session.send(X_TO_Y, { at: 0 });
  expect(session.connections()).toEqual([]);
});

test('TGW-10: a session over the gateway: what is answered, and what a later deny cuts off', () => {
  const session = sessionOf(joined({ x: { rules: {} }, y: { rules: { in: ['tcp/443 from 10.0.0.0/16'], out: [] } } }));
  expect(sent(session.send(X_TO_Y, { at: 0 }))).toBe('delivered');
  expect(sent(session.answer({ at: 1 }))).toBe('delivered');
  expect(session.connections().map(({ eni }) => eni)).toEqual(['eni-hx', 'eni-hy']);
});

test('TGW-10: an attachment carries IPv6 where it says so; where it does not nobody knows', () => {
  const dual = (name: string, second: number): ReturnType<typeof vpc> => {
    const drawn = vpc(name, second, { rules: { in: ['all from ::/0'], out: ['all to ::/0'] } });
    const subnets = drawn.subnets as Record<string, SubnetDrawing>;
    return {
      ...drawn,
      vpc: [`10.${second}.0.0/16`, `2001:db8:${second}::/56`] as never,
      subnets: {
        ...subnets,
        [`S${name}`]: {
          ...subnets[`S${name}`]!,
          cidr: [`10.${second}.1.0/24`, `2001:db8:${second}:1::/64`] as never,
          routes: { '2001:db8::/32': 'tgw-t' } as never,
        },
      },
      enis: { [`H${name}`]: { ...drawn.enis[`H${name}`]!, v6: `2001:db8:${second}:1::10` } as never },
    };
  };
  const joinedBy = (ipv6: boolean): Drawing => ({
    vpcs: { X: dual('X', 0), Y: dual('Y', 1) },
    transitGateways: { T: { attachments: { X: { subnets: ['TX'], ipv6 }, Y: { subnets: ['TY'], ipv6 } } } },
  });
  const packet = 'tcp [2001:db8:0:1::10]:40000 > [2001:db8:1:1::10]:443';
  expect(judged(joinedBy(true), packet)).toBe('delivered');
  expect(judged(joinedBy(false), packet)).toMatch(/^unknown: transit-family:tgw-attach-x|^dropped: route tgw-rtb-t/);
});
