/** describe-route-tables. */

import { z } from 'zod';
import { type Origin, originOf } from '../model/origin.ts';
import type { Route, RouteDestination, RouteTable, RouteTarget } from '../model/route-table.ts';
import { itemOrigin } from './item-origin.ts';
import { describeValue } from './json-value.ts';
import { ANYTHING, accountOf, ID, OPTIONAL_FLAG, OPTIONAL_TEXT } from './members.ts';
import type { Place } from './place.ts';
import type { Reading } from './reading.ts';
import { nameOf, readTags } from './tags.ts';

const TABLE = z.object({
  RouteTableId: ID,
  VpcId: ID,
  OwnerId: OPTIONAL_TEXT,
  Associations: ANYTHING,
  Routes: ANYTHING,
  Tags: ANYTHING,
});
const ASSOCIATION = z.object({
  Main: OPTIONAL_FLAG,
  SubnetId: OPTIONAL_TEXT,
  GatewayId: OPTIONAL_TEXT,
  AssociationState: z.object({ State: OPTIONAL_TEXT }).nullish(),
});
const REMEDY = 'correct it, or collect it again: aws ec2 describe-route-tables';

export function readRouteTable(reading: Reading, value: unknown, origin: Origin, place: Place): RouteTable | null {
  const record = reading.record(TABLE, value, origin, REMEDY);
  if (record === null) return null;
  const id = reading.shared(record.RouteTableId);
  const { isMain, subnetIds, gatewayIds } = readAssociations(reading, record.Associations, id, origin);
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  return {
    id,
    name: nameOf(tags),
    tags,
    account: reading.shared(accountOf(record.OwnerId, place)),
    region: reading.shared(place.region),
    origin,
    vpcId: reading.shared(record.VpcId),
    isMain,
    subnetIds,
    gatewayIds,
    routes: readRoutes(reading, record.Routes, id, origin),
  };
}

interface Associations {
  readonly isMain: boolean;
  readonly subnetIds: readonly string[];
  readonly gatewayIds: readonly string[];
}

/** Who uses the table. An association that cannot be read may be any subnet's, or make this the main table. */
function readAssociations(reading: Reading, value: unknown, id: string, origin: Origin): Associations {
  const lost = (): void =>
    reading.loss(
      `associations:${id}`,
      `not every association of ${id} could be read`,
      REMEDY,
      originOf(origin, 'Associations'),
    );
  let isMain = false;
  const subnetIds: string[] = [];
  const gatewayIds: string[] = [];
  const items = reading.items(value, origin, ['Associations'], REMEDY);
  if (items === null) lost();
  for (const [i, item] of (items ?? []).entries()) {
    const at = itemOrigin(origin, 'Associations', i);
    const association = reading.record(ASSOCIATION, item, at, REMEDY);
    if (association === null) {
      lost();
      continue;
    }
    const state = association.AssociationState?.State;
    if (state === 'disassociated' || state === 'failed') continue;
    if (association.Main) isMain = true;
    if (association.SubnetId) subnetIds.push(reading.shared(association.SubnetId));
    else if (association.GatewayId) gatewayIds.push(reading.shared(association.GatewayId));
    else if (!association.Main) {
      reading.error('association with neither subnet, gateway nor Main', at, REMEDY);
      lost();
    }
  }
  return { isMain, subnetIds, gatewayIds };
}

function readRoutes(reading: Reading, value: unknown, id: string, origin: Origin): readonly Route[] {
  // Every table has its local routes, so one without any member `Routes` was filtered.
  const isMissing = value === null || value === undefined;
  if (isMissing) reading.error('Routes is missing', originOf(origin, 'Routes'), REMEDY);
  const items = isMissing ? null : reading.items(value, origin, ['Routes'], REMEDY);
  if (items === null)
    return [unreadableRoute(reading, `routes:${id}`, `the routes of ${id}`, originOf(origin, 'Routes'))];
  return items.map((item, i) => {
    const at = itemOrigin(origin, 'Routes', i);
    return readRoute(reading, item, `route:${id}/${i}`, `route ${i} of ${id}`, at);
  });
}

/** The fields that can hold a target, in the order in which they are asked (RT-14). An instance route names its interface too. */
const TARGETS = [
  ['NatGatewayId', 'nat-gateway'],
  ['TransitGatewayId', 'transit-gateway'],
  ['VpcPeeringConnectionId', 'peering'],
  ['NetworkInterfaceId', 'network-interface'],
  ['InstanceId', 'instance'],
  ['EgressOnlyInternetGatewayId', 'egress-only-gateway'],
  ['CarrierGatewayId', 'carrier-gateway'],
  ['LocalGatewayId', 'local-gateway'],
  ['CoreNetworkArn', 'core-network'],
  ['OdbNetworkArn', 'odb-network'],
] as const;

const ROUTE = z.object({
  DestinationCidrBlock: OPTIONAL_TEXT,
  DestinationIpv6CidrBlock: OPTIONAL_TEXT,
  DestinationPrefixListId: OPTIONAL_TEXT,
  GatewayId: OPTIONAL_TEXT,
  NatGatewayId: OPTIONAL_TEXT,
  TransitGatewayId: OPTIONAL_TEXT,
  VpcPeeringConnectionId: OPTIONAL_TEXT,
  NetworkInterfaceId: OPTIONAL_TEXT,
  InstanceId: OPTIONAL_TEXT,
  EgressOnlyInternetGatewayId: OPTIONAL_TEXT,
  CarrierGatewayId: OPTIONAL_TEXT,
  LocalGatewayId: OPTIONAL_TEXT,
  CoreNetworkArn: OPTIONAL_TEXT,
  OdbNetworkArn: OPTIONAL_TEXT,
  State: OPTIONAL_TEXT,
  Origin: OPTIONAL_TEXT,
});
type RouteRecord = z.infer<typeof ROUTE>;

function readRoute(reading: Reading, value: unknown, key: string, noun: string, origin: Origin): Route {
  const route = reading.record(ROUTE, value, origin, REMEDY);
  if (route === null) return unreadableRoute(reading, key, noun, origin);
  const destination = readDestination(reading, route, origin) ?? unreadableDestination(reading, key, noun, origin);
  const target = readTarget(reading, route);
  const state = route.State ?? 'active';
  const source = sourceOf(reading, route.Origin ?? null, target, origin);
  if (state !== 'active' && state !== 'blackhole' && state !== 'filtered') {
    reading.error(`route state ${describeValue(state)} is not known`, originOf(origin, 'State'), REMEDY);
    // Whether it forwards is open, and a target that nobody recognises says just that.
    return { destination, target: { kind: 'unrecognised', id: `state ${state}` }, state: 'active', source, origin };
  }
  return { destination, target, state, source, origin };
}

function unreadableRoute(reading: Reading, key: string, noun: string, origin: Origin): Route {
  const destination = unreadableDestination(reading, key, noun, origin);
  return { destination, target: { kind: 'unrecognised', id: '' }, state: 'active', source: 'static', origin };
}

function unreadableDestination(reading: Reading, key: string, noun: string, origin: Origin): RouteDestination {
  return { kind: 'unreadable', fact: reading.fact(key, `what ${noun} matches could not be read`, REMEDY, origin) };
}

function readDestination(reading: Reading, route: RouteRecord, origin: Origin): RouteDestination | null {
  if (route.DestinationPrefixListId) return { kind: 'prefix-list', id: reading.shared(route.DestinationPrefixListId) };
  const member = route.DestinationCidrBlock ? 'DestinationCidrBlock' : 'DestinationIpv6CidrBlock';
  const text = route[member];
  if (!text) {
    reading.error('route without a destination', origin, REMEDY);
    return null;
  }
  const prefix = reading.prefix(text, origin, member);
  return prefix === null ? null : { kind: 'cidr', prefix };
}

function readTarget(reading: Reading, route: RouteRecord): RouteTarget {
  for (const [member, kind] of TARGETS) {
    const id = route[member];
    if (id) return { kind, id: reading.shared(id) };
  }
  const id = reading.shared(route.GatewayId) ?? '';
  if (id === 'local') return { kind: 'local' };
  if (id.startsWith('igw-')) return { kind: 'internet-gateway', id };
  if (id.startsWith('vgw-')) return { kind: 'virtual-private-gateway', id };
  if (id.startsWith('vpce-')) return { kind: 'endpoint', id };
  return { kind: 'unrecognised', id };
}

/** RT-13. */
function sourceOf(reading: Reading, text: string | null, target: RouteTarget, origin: Origin): Route['source'] {
  switch (text) {
    case 'CreateRouteTable':
      return 'table';
    case 'CreateRoute':
      return 'static';
    case 'EnableVgwRoutePropagation':
    case 'Advertisement':
      return 'propagated';
    case null:
    case '':
      return target.kind === 'local' ? 'table' : 'static';
    default: {
      const at = originOf(origin, 'Origin');
      reading.warning(`route origin ${describeValue(text)} is not known`, at, 'it is read as a static route');
      return 'static';
    }
  }
}
