/**
 * Virtual private gateways, and through them VPN connections and Direct Connect: the way to networks on the customer's side and
 * back (HYB-01 to HYB-07, OPEN-20).
 */

import type { VirtualPrivateGateway } from '../model/hybrid.ts';
import { type Prefix, prefixKey, wholeFamily } from '../net/prefix.ts';
import { open } from './assumption.ts';
import { entry, type GraphBuilder } from './graph-builder.ts';
import { holdersIn } from './identity.ts';
import { buildLookup, type LookupPrefix } from './lookup.ts';
import { holderOf, learnedByGateway, routesOf, targetOf } from './missing-facts.ts';
import { NONE } from './names.ts';
import { routesOfTable } from './route-choice.ts';
import { routeStage } from './route-stages.ts';
import type { Traveller } from './route-target.ts';
import { SOURCE } from './rule-table.ts';
import { DELIVER, type Entry, type EntryOrigin, FORGETS_SENDER, LOOKUP, SILENT, type StageId, stage } from './stage.ts';
import { deliverInVpc } from './vpc-stages.ts';

function gatewayPlace(b: GraphBuilder, { id, name }: VirtualPrivateGateway): number {
  return b.place({ kind: 'virtual-private-gateway', id, name });
}

/** From a route of the VPC to a virtual private gateway: out, if a holder of the source address asks (HYB-03). */
export function leaveByVirtualGateway(b: GraphBuilder, by: Traveller, id: string, place: number): StageId {
  const gateway = b.network.virtualPrivateGateways.find((one) => one.id === id);
  if (gateway === undefined) {
    return b.unknown(place, 'route', targetOf('virtual private gateway', id, 'ec2 describe-vpn-gateways'));
  }
  const at = gatewayPlace(b, gateway);
  if (attachedVpc(b, gateway) !== by.vpc) {
    const text = `the gateway is not attached to ${b.network.vpcs[by.vpc]!.id}`;
    return b.drop(at, 'gateway-check', 'BAD_STATE_ATTACHMENT', text, { resource: id, source: gateway.origin });
  }
  return b.once(`virtual gateway ${id} out`, () =>
    stage(LOOKUP, 'gateway-check', at, {
      end: SOURCE,
      ...ofInterfaces(
        b,
        by.vpc,
        b.once(`virtual gateway ${id} routes`, () => learnedRoutes(b, gateway, by.vpc, at)),
      ),
      next: unheld(
        b,
        by.vpc,
        at,
        'VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS',
        'no interface of the VPC has the source address (HYB-03)',
      ),
      effects: SILENT | FORGETS_SENDER,
    }),
  );
}

/** The VPC that a gateway serves, or NONE. */
function attachedVpc(b: GraphBuilder, { state, attachments }: VirtualPrivateGateway): number {
  if (state !== 'available') return NONE;
  const attached = attachments.find((one) => one.state === 'attached');
  return attached === undefined ? NONE : (b.names.vpc.get(attached.vpcId) ?? NONE);
}

/** A lookup that finds the addresses of a VPC's interfaces. */
function ofInterfaces(
  b: GraphBuilder,
  vpc: number,
  next: StageId,
): { lookup: ReturnType<typeof buildLookup>; entries: readonly Entry[] } {
  const held = holdersIn(b, vpc).map(({ ranks, length }) => ({ ranks, length, value: 0 }));
  return { lookup: buildLookup(held), entries: [entry(next, null)] };
}

function unheld(
  b: GraphBuilder,
  vpc: number,
  place: number,
  code: 'VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS' | 'VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
  text: string,
): StageId {
  const record = b.network.vpcs[vpc]!;
  return b.isComplete('networkInterfaces', record)
    ? b.drop(place, 'gateway-check', code, text)
    : b.unknown(place, 'gateway-check', holderOf(record.id));
}

/** HYB-01: what the gateway learned. Static routes of its VPN connections are known; of BGP only what tables of the VPC show. */
function learnedRoutes(
  b: GraphBuilder,
  gateway: VirtualPrivateGateway,
  vpc: number,
  place: number,
): ReturnType<typeof stage> {
  const { id } = gateway;
  const beyond = b.once(`beyond ${id}`, () =>
    stage(DELIVER, 'deliver', b.place({ kind: 'on-premises', id, name: gateway.name }), {
      next: enterByVirtualGateway(b, gateway, vpc),
      text: 'leaves AWS: what happens behind the gateway is not AWS’s',
    }),
  );
  const entries: Entry[] = [];
  const prefixes: LookupPrefix[] = [];
  for (const { prefix, origin } of learnedPrefixes(b, gateway)) {
    prefixes.push(b.prefix(prefix, entries.length));
    entries.push(entry(beyond, origin, { assumptions: prefix.address.family === 6 ? open(20) : 0 }));
  }
  const noV6 = b.drop(
    place,
    'route',
    'NO_ROUTE_TO_DESTINATION',
    'VPN connections of virtual private gateways carry no IPv6 (HYB-04)',
  );
  const isWhole = learnsNothingElse(b, gateway);
  const next = isWhole
    ? b.drop(place, 'route', 'NO_ROUTE_TO_DESTINATION', `${id} learned no route to the destination (HYB-01)`, {
        resource: id,
        source: gateway.origin,
      })
    : b.unknown(place, 'route', learnedByGateway(id));
  if (!hasDirectConnect(b, gateway)) {
    prefixes.push({ ...b.prefix(wholeFamily(6), entries.length), length: -1 });
    entries.push(entry(noV6, null, { assumptions: open(20) }));
  }
  return stage(LOOKUP, 'route', place, { lookup: buildLookup(prefixes), entries, next });
}

interface Learned {
  readonly prefix: Prefix;
  readonly origin: EntryOrigin;
}

function learnedPrefixes(b: GraphBuilder, { id }: VirtualPrivateGateway): readonly Learned[] {
  const learned = new Map<string, Learned>();
  for (const connection of b.network.vpnConnections) {
    if (connection.virtualPrivateGatewayId !== id || connection.state !== 'available') continue;
    for (const prefix of connection.staticRoutes) {
      const text = `static route of ${connection.id}`;
      learned.set(prefixKey(prefix), {
        prefix,
        origin: { resource: connection.id, rule: null, text, source: connection.origin },
      });
    }
  }
  for (const { id: table, routes } of b.network.routeTables) {
    for (const { destination, target, source, state, origin } of routes) {
      if (source !== 'propagated' || state !== 'active' || destination.kind !== 'cidr') continue;
      if (target.kind !== 'virtual-private-gateway' || target.id !== id) continue;
      const text = `learned by ${id}, as ${table} shows`;
      learned.set(prefixKey(destination.prefix), {
        prefix: destination.prefix,
        origin: { resource: id, rule: null, text, source: origin },
      });
    }
  }
  return [...learned.values()];
}

/** Whether all that the gateway may have learned is known: nothing by BGP, and every list that would tell was read. */
function learnsNothingElse(b: GraphBuilder, gateway: VirtualPrivateGateway): boolean {
  const own = b.network.vpnConnections.filter(
    ({ virtualPrivateGatewayId, state }) => virtualPrivateGatewayId === gateway.id && state === 'available',
  );
  return (
    b.isComplete('vpnConnections', gateway) &&
    own.every(({ id, staticRoutesOnly }) => staticRoutesOnly && b.gap(`static-routes:${id}`) === null) &&
    !hasDirectConnect(b, gateway)
  );
}

function hasDirectConnect(b: GraphBuilder, { id }: VirtualPrivateGateway): boolean {
  return (
    b.network.virtualInterfaces.some(
      ({ virtualPrivateGatewayId, state }) => virtualPrivateGatewayId === id && state === 'available',
    ) ||
    b.network.directConnectAssociations.some(({ associated, state }) => associated.id === id && state === 'associated')
  );
}

/** HYB-03, RT-15: what comes in is for interfaces of the VPC, by the gateway's own table if it has one. */
function enterByVirtualGateway(b: GraphBuilder, gateway: VirtualPrivateGateway, vpc: number): StageId {
  const { id } = gateway;
  const place = gatewayPlace(b, gateway);
  const index = b.names.routeTableOfGateway.get(id);
  const inside =
    index === undefined
      ? deliverInVpc(b, vpc)
      : index === NONE
        ? b.unknown(place, 'route', routesOf(id))
        : b.once(`table of ${id}`, () =>
            routeStage(
              b,
              routesOfTable(b, b.network.routeTables[index]!),
              { vpc, subnet: NONE, gateway: false },
              place,
            ),
          );
  return b.once(`virtual gateway ${id} in`, () =>
    stage(LOOKUP, 'gateway-check', place, {
      ...ofInterfaces(b, vpc, inside),
      next: unheld(
        b,
        vpc,
        place,
        'VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
        'no interface of the VPC has the address (HYB-03)',
      ),
      effects: SILENT | FORGETS_SENDER,
    }),
  );
}

/** Where packets from the customer's side enter, by the id of the gateway that they come by. */
export function entrancesFromOutside(b: GraphBuilder): ReadonlyMap<string, StageId> {
  const entrances = new Map<string, StageId>();
  for (const gateway of b.network.virtualPrivateGateways) {
    const vpc = attachedVpc(b, gateway);
    if (vpc !== NONE) entrances.set(gateway.id, enterByVirtualGateway(b, gateway, vpc));
  }
  return entrances;
}
