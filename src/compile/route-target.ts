/** Where each kind of route target leads (RT-14). */

import type { Route, RouteTable, RouteTarget } from '../model/route-table.ts';
import type { Family } from '../net/address.ts';
import { wholeFamily } from '../net/prefix.ts';
import { eigwPlace, leaveByEgressOnlyGateway } from './egress-only-stages.ts';
import { leaveByEndpoint } from './endpoint-stages.ts';
import { entry, type GraphBuilder } from './graph-builder.ts';
import { leaveByVirtualGateway } from './hybrid-stages.ts';
import { enterByRoute } from './interface-stages.ts';
import { gatewayPlace } from './internet-attachment.ts';
import { leaveByInternetGateway } from './internet-stages.ts';
import { buildLookup, find, NOTHING } from './lookup.ts';
import { notModelled, targetOf } from './missing-facts.ts';
import { NONE } from './names.ts';
import { leaveByNat } from './nat-stages.ts';
import { crossPeering } from './peering-stages.ts';
import {
  intoSubnet,
  intoSubnetOfDestination,
  outByInternetGateway,
  outByOutwardGateway,
} from './public-access-stages.ts';
import { destinationWords, routesOfTable, targetWords } from './route-choice.ts';
import { LOOKUP, SILENT, type StageId, stage } from './stage.ts';
import { enterSubnetTo, ofSameSubnet } from './subnet-stages.ts';
import { leaveByTransitGateway } from './transit-stages.ts';
import { deliverInVpc } from './vpc-stages.ts';

/** Whose packet a table routes. */
export interface Traveller {
  readonly vpc: number;
  /** The subnet that the packet left, or NONE for one that enters by a gateway. */
  readonly subnet: number;
  /** It entered by an internet gateway (RT-16). */
  readonly gateway: boolean;
  /** It came from the internet by an internet gateway. */
  readonly isPublic?: boolean;
}

/** Kinds of target that are recognised and not modelled, in words. */
const NOT_MODELLED: Partial<Record<RouteTarget['kind'], string>> = {
  'carrier-gateway': 'carrier gateway',
  'local-gateway': 'local gateway',
  'core-network': 'core network',
  'odb-network': 'ODB network',
  unrecognised: 'route target',
};

export function targetStage(b: GraphBuilder, by: Traveller, table: RouteTable, route: Route, place: number): StageId {
  const target = stageOfTarget(b, by, table, route, place);
  if (!by.isPublic) return target;
  return route.target.kind === 'local'
    ? intoSubnetOfDestination(b, by.vpc, place, target)
    : intoSubnet(b, by.vpc, subnetOfTarget(b, route.target), place, target);
}

/** The subnet that a route leads into whatever the destination, or NONE. */
function subnetOfTarget(b: GraphBuilder, target: RouteTarget): number {
  switch (target.kind) {
    case 'network-interface':
      return b.names.subnetOfEni[b.names.eni.get(target.id) ?? NONE] ?? NONE;
    case 'instance':
      return b.names.subnetOfEni[b.names.enisOfInstance.get(target.id)?.[0] ?? NONE] ?? NONE;
    case 'endpoint': {
      const subnetIds = b.network.vpcEndpoints.find(({ id }) => id === target.id)?.subnetIds ?? [];
      return b.names.subnet.get(subnetIds[0] ?? '') ?? NONE;
    }
    default:
      return NONE;
  }
}

function stageOfTarget(b: GraphBuilder, by: Traveller, table: RouteTable, route: Route, place: number): StageId {
  const { target } = route;
  if (route.state === 'blackhole') {
    // RT-11, OPEN-14: the best route is a blackhole, and no shorter prefix takes over.
    const text = `route ${destinationWords(route)} of ${table.id} to ${targetWords(route)} is a blackhole`;
    return b.drop(place, 'route', 'BAD_STATE_ROUTE', text, {
      resource: table.id,
      rule: destinationWords(route),
      source: route.origin,
    });
  }
  switch (target.kind) {
    case 'local':
      return deliverInVpc(b, by.vpc);
    case 'internet-gateway':
      return byOwnRoute(b, by, table, route, place, toInternetGateway(b, by, target.id));
    case 'egress-only-gateway':
      return toEgressOnlyGateway(b, by, target.id);
    case 'nat-gateway':
      return leaveByNat(b, by, target.id, place);
    case 'peering':
      return crossPeering(b, by.vpc, target.id, place);
    case 'transit-gateway':
      return leaveByTransitGateway(b, by, target.id);
    case 'virtual-private-gateway':
      return leaveByVirtualGateway(b, by, target.id, place);
    case 'endpoint':
      return leaveByEndpoint(b, by, target.id, place);
    case 'network-interface':
      return toInterface(b, by, b.names.eni.get(target.id) ?? NONE, target.id, place);
    case 'instance': {
      // RT-14: an instance target needs exactly one interface on the instance.
      const interfaces = b.names.enisOfInstance.get(target.id) ?? [];
      return toInterface(b, by, interfaces.length === 1 ? interfaces[0]! : NONE, target.id, place);
    }
    default:
      // An anonymised id may not show its kind; the record it names does.
      if (b.names.internetGateway.has(target.id)) return toInternetGateway(b, by, target.id);
      return b.unknown(place, 'route', notModelled(NOT_MODELLED[target.kind]!, target.id));
  }
}

function toInternetGateway(b: GraphBuilder, { vpc, subnet }: Traveller, id: string): StageId {
  return outByInternetGateway(b, vpc, subnet, gatewayPlace(b, id), leaveByInternetGateway(b, vpc, id));
}

function toEgressOnlyGateway(b: GraphBuilder, { vpc, subnet }: Traveller, id: string): StageId {
  return outByOutwardGateway(b, vpc, subnet, eigwPlace(b, id), leaveByEgressOnlyGateway(b, vpc, id));
}

/** Where a packet from something that routes name and igwalk does not model starts: at a fact that is missing. */
export function unmodelledTargets(b: GraphBuilder): ReadonlyMap<string, StageId> {
  const starts = new Map<string, StageId>();
  for (const { routes } of b.network.routeTables) {
    for (const { target } of routes) {
      const kind = NOT_MODELLED[target.kind];
      if (kind === undefined || !('id' in target) || b.names.internetGateway.has(target.id)) continue;
      const place = b.place({ kind: 'other', id: target.id, name: null });
      starts.set(target.id, b.unknown(place, 'host', notModelled(kind, target.id)));
    }
  }
  return starts;
}

/** To an appliance: over the border of its subnet, whatever the destination address says. */
function toInterface(b: GraphBuilder, by: Traveller, index: number, id: string, place: number): StageId {
  const subnet = index === NONE ? NONE : b.names.subnetOfEni[index]!;
  if (subnet === NONE) return b.unknown(place, 'route', targetOf('interface', id, 'ec2 describe-network-interfaces'));
  const eni = b.network.networkInterfaces[index]!;
  if (by.gateway && !eni.privateAddresses.some(({ publicAddress }) => publicAddress !== null)) {
    // RT-16
    const text = `${eni.id} has no public address, which a target of a gateway's route table needs`;
    return b.drop(place, 'route', 'INGRESS_RTB_NO_PUBLIC_IP', text);
  }
  return enterSubnetTo(b, subnet, enterByRoute(b, index), ofSameSubnet(subnet, by.subnet));
}

/**
 * RT-17: what enters for this subnet may be redirected to a middlebox, so that the subnet may not leave by its own route to the gateway.
 * Each family is redirected or not by itself (PKT-01); a route whose destinations are not known may serve both.
 */
function byOwnRoute(
  b: GraphBuilder,
  by: Traveller,
  table: RouteTable,
  route: Route,
  place: number,
  out: StageId,
): StageId {
  const served = familiesOf(b, route);
  const refused = served.filter((family) => redirected(b, by, family));
  if (refused.length === 0) return out;
  const rule = destinationWords(route);
  const text =
    'what enters for this subnet is redirected to a middlebox, so it may not leave by its own route to the gateway (RT-17)';
  const origin = { resource: table.id, rule, source: route.origin };
  const refusal = b.drop(place, 'route', 'INGRESS_RTB_TRAFFIC_REDIRECTION', text, origin);
  if (refused.length === served.length) return refusal;
  return b.once(`redirected ${refusal} or ${out}`, () =>
    stage(LOOKUP, 'route', place, {
      lookup: buildLookup(refused.map((family) => b.prefix(wholeFamily(family), 0))),
      entries: [entry(refusal, null)],
      next: out,
      effects: SILENT,
    }),
  );
}

/** Whether a gateway's own table sends what enters for this subnet to anything but the subnet itself. */
function redirected(b: GraphBuilder, by: Traveller, family: Family): boolean {
  if (by.subnet === NONE) return false;
  for (const [gateway, index] of b.names.routeTableOfGateway) {
    const table = b.network.routeTables[index];
    if (table === undefined) continue;
    if (b.names.vpc.get(table.vpcId) !== by.vpc || !b.names.internetGateway.has(gateway)) continue;
    const { lookup, choices } = routesOfTable(b, table);
    for (const cidr of b.network.subnets[by.subnet]!.cidrs) {
      if (cidr.address.family !== family) continue;
      const chosen = find(lookup, b.rank(cidr.address));
      if (chosen !== NOTHING && choices[chosen]!.route?.target.kind !== 'local') return true;
    }
  }
  return false;
}

/** The families of a route's destinations: a list has one (SG-20), but one that is not known may have either. */
function familiesOf(b: GraphBuilder, { destination }: Route): readonly Family[] {
  if (destination.kind === 'cidr') return [destination.prefix.address.family];
  const list = destination.kind === 'prefix-list' ? b.names.prefixList.get(destination.id) : undefined;
  const [first] = (list === undefined ? null : b.network.prefixLists[list]!.entries) ?? [];
  return first === undefined ? [4, 6] : [first.address.family];
}
