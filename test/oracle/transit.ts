/** Transit gateways: TGW-01 to TGW-10, NACL-19, NACL-20, SG-15. */

import { isComplete, type Network } from '../../src/model/network.ts';
import type {
  TransitGatewayAttachment,
  TransitGatewayRoute,
  TransitGatewayRouteTable,
  VpcAttachmentOptions,
} from '../../src/model/transit-gateway.ts';
import type { Subnet } from '../../src/model/vpc.ts';
import type { Address } from '../../src/net/address.ts';
import { formatAddress } from '../../src/net/address-text.ts';
import { type Prefix, prefixContains } from '../../src/net/prefix.ts';
import { passAcl } from './filters.ts';
import { byId } from './lookup.ts';
import type { Step } from './stages.ts';
import { drop, lose, refusal, type Walk } from './walk.ts';
import { inSameZone } from './zones.ts';

const FORWARDS = ['available', 'modifying'];

/** From a subnet whose route names the gateway: by the attachment's subnet in its zone, then to wherever its table says. */
export function intoTransit(walk: Walk, gatewayId: string, subnet: Subnet | null): Step {
  if (subnet === null) lose(walk);
  const gateway = byId(walk.network.transitGateways, gatewayId);
  if (gateway !== null && !FORWARDS.includes(gateway.state)) drop(walk, refusal('gateway-check', gatewayId));
  const entrance = attachmentOfVpc(walk, gatewayId, subnet);
  // TGW-10.
  if (!FORWARDS.includes(entrance.state)) drop(walk, refusal('gateway-check', entrance.id), refusal('route', null));
  const options = entrance.vpc ?? lose(walk);
  const door = doorOf(walk, options, subnet);
  passFamily(walk, entrance, options);
  // NACL-19, NACL-20 with OPEN-04: the inbound list of the attachment's subnet, also where that is the sender's.
  passAcl(walk, door, 'in');
  walk.transit.push({ gatewayId, options, vpcId: subnet.vpcId });
  return { kind: 'in-transit', entrance, sender: subnet };
}

function attachmentOfVpc(walk: Walk, gatewayId: string, { vpcId, account, region }: Subnet): TransitGatewayAttachment {
  const { network } = walk;
  const found = network.transitGatewayAttachments.find(
    ({ transitGatewayId, attached }) =>
      transitGatewayId === gatewayId && attached.kind === 'vpc' && attached.id === vpcId,
  );
  if (found !== undefined) return found;
  if (!isComplete(network, 'transitGatewayAttachments', account, region)) lose(walk);
  return drop(walk, refusal('gateway-check', null), refusal('route', null));
}

/** TGW-01, OPEN-19: the attachment's subnet in the zone of the sender. */
function doorOf(walk: Walk, { subnetIds }: VpcAttachmentOptions, sender: Subnet): Subnet {
  const { network } = walk;
  const isThere = (id: string): boolean | null => {
    const subnet = byId(network.subnets, id);
    return subnet === null ? null : inSameZone(sender, subnet);
  };
  const own = subnetIds.find((id) => id === sender.id) ?? subnetIds.find((id) => isThere(id) === true);
  if (own !== undefined) return byId(network.subnets, own) ?? lose(walk);
  const possible = subnetIds.filter((id) => isThere(id) === null);
  const door = walk.choose(`door of ${sender.id} among ${subnetIds}`, [null, ...possible]);
  if (door === null) return drop(walk, refusal('gateway-check', null, 'TGW_ROUTE_AZ_RESTRICTION'));
  return byId(network.subnets, door) ?? lose(walk);
}

/** No statement says what an attachment without IPv6 support does with IPv6. */
function passFamily(walk: Walk, { id }: TransitGatewayAttachment, { ipv6 }: VpcAttachmentOptions): void {
  if (walk.packet.destination.family === 4 || ipv6) return;
  const carries = walk.choose(`IPv6 by ${id}`, [true, false]);
  if (!carries) drop(walk, refusal('gateway-check', null));
}

/** TGW-02: the table of the attachment that it came in by leads to the next one. `sender`: its subnet, where the zone is known. */
export function inTransit(walk: Walk, entrance: TransitGatewayAttachment, sender: Subnet | null): Step {
  const { network, packet } = walk;
  const { association, transitGatewayId } = entrance;
  if (association.kind === 'unsaid') lose(walk);
  if (association.kind === 'none') {
    return drop(walk, refusal('gateway-check', null, 'TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION'));
  }
  const table = byId(network.transitGatewayRouteTables, association.id) ?? lose(walk);
  const attachmentId = nextAttachment(walk, table, packet.destination);
  const ends = network.transitGatewayAttachments.filter((end) => end.attachmentId === attachmentId);
  const exit = ends.find((end) => end.transitGatewayId === transitGatewayId) ?? lose(walk);
  if (!FORWARDS.includes(exit.state)) drop(walk, refusal('gateway-check', null), refusal('route', null));
  switch (exit.attached.kind) {
    case 'vpc':
      return intoVpc(walk, exit, sender);
    case 'peering': {
      const far = ends.find((end) => end.transitGatewayId === exit.attached.id) ?? lose(walk);
      if (!FORWARDS.includes(far.state)) drop(walk, refusal('gateway-check', null), refusal('route', null));
      walk.keepsMembership = false;
      return { kind: 'in-transit', entrance: far, sender: null };
    }
    default:
      return lose(walk);
  }
}

/** TGW-07, TGW-08: by an attachment's subnet, and from there as any packet that leaves it; NACL-20 is NACL-12 there. */
function intoVpc(walk: Walk, exit: TransitGatewayAttachment, sender: Subnet | null): Step {
  const { network } = walk;
  const options = exit.vpc ?? lose(walk);
  passFamily(walk, exit, options);
  passReferences(walk, exit.transitGatewayId, options);
  const subnets = options.subnetIds.map((id) => byId(network.subnets, id) ?? lose(walk));
  const zones = sender === null || options.applianceMode ? null : subnets.map((subnet) => inSameZone(sender, subnet));
  const same = zones === null ? undefined : subnets[zones.indexOf(true)];
  if (same !== undefined) return { kind: 'leaving', subnet: same };
  if (subnets.length === 0) drop(walk, refusal('gateway-check', null));
  return { kind: 'leaving', subnet: walk.choose(`zone of ${exit.id} ${pairOf(walk)}`, subnets) };
}

/** TGW-09: both ways of a flow go by the same zone, so the key must not tell them apart. */
function pairOf({ packet }: Walk): string {
  return [packet.source, packet.destination].map(formatAddress).sort().join(' and ');
}

/** SG-15: references survive where the gateway and both attachments have them on. */
function passReferences(walk: Walk, gatewayId: string, exit: VpcAttachmentOptions): void {
  const last = walk.transit.at(-1);
  const gateway = byId(walk.network.transitGateways, gatewayId);
  const areOn = last?.gatewayId === gatewayId && last.options.securityGroupReferencing && exit.securityGroupReferencing;
  const isOn = gateway?.securityGroupReferencing ?? null;
  if (!areOn || isOn === false) walk.keepsMembership = false;
  else if (isOn === null && walk.keepsMembership) {
    walk.keepsMembership = walk.choose(`references across ${gatewayId}`, [true, false]);
  }
}

interface Candidate {
  readonly route: TransitGatewayRoute;
  readonly length: number;
  /** TGW-04, best first. */
  readonly rank: number;
}

/** Ends the walk where the table has no route, or a black hole (TGW-05). */
function nextAttachment(walk: Walk, table: TransitGatewayRouteTable, destination: Address): string {
  const candidates = candidatesIn(walk, table, destination);
  const longest = Math.max(-1, ...candidates.map(({ length }) => length));
  const matching = candidates.filter(({ length }) => length === longest);
  const first = Math.min(...matching.map(({ rank }) => rank));
  const best = matching.filter(({ rank }) => rank === first).map(({ route }) => route);
  loseToUnseen(walk, table, destination, longest, first);
  if (best.length === 0) return drop(walk, refusal('route', null, 'TGW_RTB_CANNOT_ROUTE'));
  const name = `${table.id} ${formatAddress(destination)}`;
  const route = walk.choose(`route of ${name}`, best);
  if (route.state === 'blackhole') return drop(walk, refusal('route', null, 'TGW_RTB_BAD_STATE_ROUTE'));
  if (route.attachmentIds.length === 0) lose(walk);
  return walk.choose(`path of ${name} ${pairOf(walk)} ${JSON.stringify(route.destination)}`, route.attachmentIds);
}

function candidatesIn(walk: Walk, table: TransitGatewayRouteTable, destination: Address): Candidate[] {
  const routes = [...(table.staticRoutes ?? []), ...(table.propagatedRoutes ?? announced(walk.network, table))];
  return routes.flatMap((route, index): Candidate[] => {
    const length = lengthOf(walk, `${table.id} ${index}`, route, destination);
    return length === null ? [] : [{ route, length, rank: rankOf(walk.network, table, route) }];
  });
}

/** Length of the prefix that matches; longer than any where a list that nobody read may hold the address itself. */
function lengthOf(walk: Walk, key: string, { destination: to }: TransitGatewayRoute, address: Address): number | null {
  if (to.kind === 'cidr') return prefixContains(to.prefix, address) ? to.prefix.length : null;
  const entries = byId(walk.network.prefixLists, to.id)?.entries ?? null;
  if (entries === null) return walk.choose(`${key} ${formatAddress(address)}`, [null, 0, 129]);
  const lengths = entries.filter((entry) => prefixContains(entry, address)).map(({ length }) => length);
  return lengths.length === 0 ? null : Math.max(...lengths);
}

const RANKS = ['vpc', 'direct-connect-gateway', 'connect', 'vpn'];

function rankOf({ transitGatewayAttachments }: Network, table: TransitGatewayRouteTable, route: TransitGatewayRoute) {
  if (route.source === 'static') return route.destination.kind === 'prefix-list' ? 1 : 0;
  const kinds = transitGatewayAttachments
    .filter((end) => end.transitGatewayId === table.transitGatewayId && route.attachmentIds.includes(end.attachmentId))
    .map(({ attached }) => RANKS.indexOf(attached.kind));
  return 2 + Math.min(RANKS.length, ...kinds.filter((rank) => rank >= 0));
}

/** TGW-03: what attachments bring, where no search showed it. Those whose prefixes nobody knows bring nothing here. */
function announced(network: Network, table: TransitGatewayRouteTable): TransitGatewayRoute[] {
  return propagating(network, table).flatMap((end) =>
    (prefixesOf(network, end) ?? []).map(
      (prefix): TransitGatewayRoute => ({
        destination: { kind: 'cidr', prefix },
        state: 'active',
        source: 'propagated',
        attachmentIds: [end.attachmentId],
        origin: table.origin,
      }),
    ),
  );
}

function propagating(network: Network, table: TransitGatewayRouteTable): TransitGatewayAttachment[] {
  const ids = table.propagatingIds ?? [];
  // TGW-06: nothing propagates over a peering.
  return network.transitGatewayAttachments.filter(
    ({ transitGatewayId, attachmentId, attached }) =>
      transitGatewayId === table.transitGatewayId && ids.includes(attachmentId) && attached.kind !== 'peering',
  );
}

/** What an attachment announces; null where the snapshot cannot tell. */
function prefixesOf(network: Network, { attached }: TransitGatewayAttachment): readonly Prefix[] | null {
  if (attached.id === null) return null;
  switch (attached.kind) {
    case 'vpc':
      return byId(network.vpcs, attached.id)?.cidrs ?? null;
    case 'vpn': {
      const connection = byId(network.vpnConnections, attached.id);
      return connection?.staticRoutesOnly ? connection.staticRoutes : null;
    }
    default:
      return null;
  }
}

/** Routes that the snapshot lacks may be more specific than all that it has; propagated ones never beat equal static ones. */
function loseToUnseen(
  walk: Walk,
  table: TransitGatewayRouteTable,
  destination: Address,
  length: number,
  rank: number,
): void {
  const { network } = walk;
  const isWhole = length >= (destination.family === 4 ? 32 : 128);
  const lacksStatic = table.staticRoutes === null;
  const lacksPropagated = table.propagatedRoutes === null && isUnclear(network, table);
  const couldBeStatic = lacksStatic && !(isWhole && rank === 0);
  const couldBePropagated = lacksPropagated && !(isWhole && rank < 2);
  if ((couldBeStatic || couldBePropagated) && walk.choose(`unseen routes of ${table.id}`, [false, true])) lose(walk);
}

function isUnclear(network: Network, table: TransitGatewayRouteTable): boolean {
  const ids = table.propagatingIds;
  if (ids === null) return true;
  const known = propagating(network, table);
  const isListed = (id: string): boolean =>
    network.transitGatewayAttachments.some(
      (end) => end.attachmentId === id && end.transitGatewayId === table.transitGatewayId,
    );
  return !ids.every(isListed) || known.some((end) => prefixesOf(network, end) === null);
}
