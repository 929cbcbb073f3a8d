/**
 * Transit gateways (W7, TGW-01 to TGW-10, NACL-19, NACL-20; OPEN-04, OPEN-19).
 *
 *     to:     route -> attached? -> zone served? -> ACL in of the attachment's subnet -> table of the attachment
 *     from:   attachment's subnet in the sender's zone -> neighbour there | ACL out -> that subnet's route table
 */

import type { Fact } from '../model/problem.ts';
import type { TransitGatewayAttachment, TransitGatewayRouteTable } from '../model/transit-gateway.ts';
import { isHostPrefix, wholeFamily } from '../net/prefix.ts';
import { open } from './assumption.ts';
import { allowLine, checkRules, denyLine } from './check-rules.ts';
import { entry, type GraphBuilder } from './graph-builder.ts';
import { buildLookup, type LookupPrefix } from './lookup.ts';
import {
  associationOf,
  attachmentSubnets,
  notModelled,
  pickedZone,
  targetOf,
  transitGroups,
  transitIpv6,
  transitPaths,
  zoneOfSubnet,
} from './missing-facts.ts';
import { NONE } from './names.ts';
import type { Traveller } from './route-target.ts';
import { DESTINATION } from './rule-table.ts';
import { type Entry, type EntryOrigin, FILTER, LOOKUP, SILENT, type StageId, stage } from './stage.ts';
import { enterSubnetTo } from './subnet-stages.ts';
import { gatewayPlace, intoVpc, pinned } from './transit-arrival.ts';
import { attachmentOfVpc, forwards, otherEnd, transitIndex, transitTable } from './transit-index.ts';
import { intoOutside } from './transit-outside.ts';
import { type Keeps, keepsReferences, refersElsewhere } from './transit-references.ts';
import { type TransitChoice, transitRoutes } from './transit-routes.ts';
import { compareZones, type Zone, zoneKey, zoneOf } from './zone.ts';

const ATTACHMENTS = 'ec2 describe-transit-gateway-attachments';
const VPC_ATTACHMENTS = 'ec2 describe-transit-gateway-vpc-attachments';

/** From a route of a subnet to a transit gateway. */
export function leaveByTransitGateway(b: GraphBuilder, by: Traveller, id: string): StageId {
  const place = gatewayPlace(b, id);
  const vpc = b.network.vpcs[by.vpc]!;
  const index = transitIndex(b).gateway.get(id);
  const gateway = index === undefined ? null : b.network.transitGateways[index]!;
  if (gateway !== null && !forwards(gateway.state)) {
    return b.drop(place, 'gateway-check', 'BAD_STATE', `the transit gateway is ${gateway.state} (TGW-10)`, {
      resource: id,
      source: gateway.origin,
    });
  }
  const attachment = attachmentOfVpc(b, id, vpc.id);
  if (attachment === NONE) {
    return b.isComplete('transitGatewayAttachments', vpc)
      ? b.drop(place, 'gateway-check', 'BAD_STATE_ATTACHMENT', `${vpc.id} is not attached to ${id} (TGW-10)`)
      : b.unknown(place, 'gateway-check', targetOf('transit gateway', id, ATTACHMENTS));
  }
  // Without IPv6 in the VPC nobody there sends any, and the attachment's setting decides nothing.
  const hasV6 = vpc.cidrs.some(({ address }) => address.family === 6);
  return hasV6
    ? b.once(`transit ${id} from ${by.vpc} ${by.subnet}`, () => enterAttachment(b, by, attachment, place))
    : intoSubnetOf(b, by, b.network.transitGatewayAttachments[attachment]!, attachment, place);
}

function enterAttachment(b: GraphBuilder, by: Traveller, index: number, place: number): ReturnType<typeof stage> {
  const attachment = b.network.transitGatewayAttachments[index]!;
  const behind = intoSubnetOf(b, by, attachment, index, place);
  const doubt = transitIpv6(attachment.id);
  const v6 =
    attachment.vpc === null || attachment.vpc.ipv6
      ? allowLine('IPv6', [wholeFamily(6)])
      : { ...denyLine(doubt.what, 'PROTOCOL_RESTRICTION', [wholeFamily(6)]), fact: doubt };
  return stage(FILTER, 'gateway-check', place, {
    rules: checkRules(b, attachment.id, DESTINATION, [
      allowLine('IPv4', [wholeFamily(4)]),
      v6,
      denyLine('neither IPv4 nor IPv6', 'PROTOCOL_RESTRICTION', null),
    ]),
    next: behind,
    effects: SILENT,
  });
}

/** TGW-01: over the border of the attachment's subnet in the sender's zone; NACL-19, NACL-20 say which lists are asked. */
function intoSubnetOf(
  b: GraphBuilder,
  by: Traveller,
  attachment: TransitGatewayAttachment,
  index: number,
  place: number,
): StageId {
  const { id, state, origin, vpc } = attachment;
  if (!forwards(state)) {
    return b.drop(place, 'gateway-check', 'BAD_STATE_ATTACHMENT', `attachment ${id} is ${state} (TGW-10)`, {
      resource: id,
      source: origin,
    });
  }
  if (vpc === null) return b.unknown(place, 'gateway-check', attachmentSubnets(id, VPC_ATTACHMENTS));
  if (by.subnet === NONE) return b.unknown(place, 'gateway-check', notModelled('transit gateway behind a gateway', id));
  const sender = b.network.subnets[by.subnet]!;
  const zone = zoneOf(sender);
  const subnets = vpc.subnetIds.map((subnet) => ({ id: subnet, index: b.names.subnet.get(subnet) ?? NONE }));
  const missing = subnets.find((subnet) => subnet.index === NONE);
  const compared = subnets.map((subnet) =>
    subnet.index === NONE ? 'unclear' : compareZones(zone, zoneOf(b.network.subnets[subnet.index]!)),
  );
  const serving = subnets[compared.indexOf('same')];
  if (serving === undefined) {
    if (missing !== undefined)
      return b.unknown(place, 'gateway-check', targetOf('subnet', missing.id, 'ec2 describe-subnets'));
    if (compared.includes('unclear')) return b.unknown(place, 'gateway-check', zoneOfSubnet(sender.id));
    return b.drop(
      place,
      'gateway-check',
      'TGW_ROUTE_AZ_RESTRICTION',
      `${id} has no subnet in ${zone.name ?? zone.id ?? 'the zone'} of ${sender.id} (TGW-01)`,
      { resource: id, source: origin },
    );
  }
  const isSame = serving.index === by.subnet;
  return enterSubnetTo(b, serving.index, askTable(b, index, zone), isSame ? open(4) : open(19));
}

/** What the table of the attachment says, for a packet that came in by it (TGW-02). */
export function askTable(b: GraphBuilder, index: number, zone: Zone | null): StageId {
  const attachment = b.network.transitGatewayAttachments[index]!;
  const { id, association, transitGatewayId, origin } = attachment;
  const place = gatewayPlace(b, transitGatewayId);
  if (association.kind === 'none') {
    return b.drop(
      place,
      'route',
      'TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION',
      `attachment ${id} is associated with no route table (TGW-02)`,
      { resource: id, source: origin },
    );
  }
  if (association.kind === 'unsaid') return b.unknown(place, 'route', associationOf(id, ATTACHMENTS));
  const table = transitTable(b, association.id);
  if (table === null) {
    const call = 'ec2 describe-transit-gateway-route-tables';
    return b.unknown(place, 'route', targetOf('transit gateway route table', association.id, call));
  }
  const routes = transitRoutes(b, table);
  if ('key' in routes) return b.unknown(place, 'route', routes);
  const keeps = keepsReferences(b, attachment);
  return b.once(`transit table ${table.id} ${zone === null ? '' : zoneKey(zone)} ${keeps}`, () => {
    const noRoute = b.drop(place, 'route', 'TGW_RTB_CANNOT_ROUTE', `no route of ${table.id} matches the destination`, {
      resource: table.id,
      source: table.origin,
    });
    const entries: Entry[] = [];
    const prefixes: LookupPrefix[] = [];
    const maybes = routes.maybes.flatMap(({ way, fact }) => {
      const ways =
        way === null
          ? [b.unknown(place, 'route', fact)]
          : way === 'blackhole'
            ? [blackhole(b, place, table.id, fact.what)]
            : towards(b, way, zone, keeps);
      return ways.map((next) => ({
        index: entries.push(entry(next, null, { fact: b.fact(fact) })) - 1,
        fact,
      }));
    });
    for (const choice of routes.choices) {
      const origin: EntryOrigin = {
        resource: table.id,
        rule: choice.text,
        text: choice.text,
        source: choice.origin,
      };
      const ways = waysOf(b, choice, zone, keeps, place, table.id);
      const others = ways.slice(1).map((next) => entries.push(entry(next, origin)) - 1);
      // Whatever the snapshot does not show may be a longer prefix (TGW-04), and nothing is longer than one address.
      const rivals = isHostPrefix(choice.prefix) ? [] : maybes;
      const alternatives = [...others, ...rivals.map(({ index }) => index)];
      const fact = others.length > 0 ? whichWay(choice, table, keeps) : rivals[0]?.fact;
      const more = fact === undefined ? {} : { alternatives, fact: b.fact(fact) };
      prefixes.push(b.prefix(choice.prefix, entries.length));
      entries.push(entry(ways[0]!, origin, more));
    }
    if (maybes.length > 0) {
      const none =
        entries.push(
          entry(noRoute, null, { alternatives: maybes.map(({ index }) => index), fact: b.fact(maybes[0]!.fact) }),
        ) - 1;
      prefixes.push({ ranks: { first: 0, last: b.space.size - 1 }, length: -1, value: none });
    }
    return stage(LOOKUP, 'route', place, { lookup: buildLookup(prefixes), entries, next: noRoute });
  });
}

/** Why there is more than one way for a choice. */
function whichWay(choice: TransitChoice, table: TransitGatewayRouteTable, keeps: Keeps): Fact {
  if (choice.doubt !== null) return choice.doubt;
  if (choice.attachments.length + choice.absent.length > 1) return transitPaths(table.id, choice.text);
  const vpc = choice.attachments[0]?.vpc;
  const isOneWay = vpc == null || vpc.applianceMode || vpc.subnetIds.length < 2;
  return keeps === 'untold' && isOneWay ? transitGroups(table.transitGatewayId) : pickedZone(choice.text);
}

function blackhole(b: GraphBuilder, place: number, table: string, route: string): StageId {
  return b.drop(place, 'route', 'TGW_RTB_BAD_STATE_ROUTE', `route ${route} of ${table} (TGW-05)`, { resource: table });
}

function waysOf(
  b: GraphBuilder,
  choice: TransitChoice,
  zone: Zone | null,
  keeps: Keeps,
  place: number,
  table: string,
): readonly StageId[] {
  if (choice.state === 'blackhole') return [blackhole(b, place, table, choice.text)];
  const known = choice.attachments.flatMap((attachment) => towards(b, attachment, zone, keeps));
  const absent = choice.absent.map((id) => b.unknown(place, 'route', targetOf('attachment', id, ATTACHMENTS)));
  const missing = choice.doubt !== null && choice.mayBeMissing ? [b.unknown(place, 'route', choice.doubt)] : [];
  return [...known, ...absent, ...missing];
}

/** Where an attachment leads, for a packet from a zone: several stages where the gateway picks one of several subnets (TGW-08). */
function towards(
  b: GraphBuilder,
  attachment: TransitGatewayAttachment,
  zone: Zone | null,
  keeps: Keeps,
): readonly StageId[] {
  const { id, attached, state, origin, transitGatewayId, vpc } = attachment;
  const place = gatewayPlace(b, transitGatewayId);
  if (!forwards(state)) {
    const text = `attachment ${id} is ${state} (TGW-10)`;
    return [b.drop(place, 'gateway-check', 'BAD_STATE_ATTACHMENT', text, { resource: id, source: origin })];
  }
  if (attached.kind === 'peering') {
    const far = otherEnd(b, attachment);
    if (far === null) return [b.unknown(place, 'route', targetOf('transit gateway', attached.id ?? id, ATTACHMENTS))];
    if (!forwards(far.state)) {
      const text = `attachment ${far.id} is ${far.state} (TGW-10)`;
      return [b.drop(place, 'gateway-check', 'BAD_STATE_ATTACHMENT', text, { resource: far.id, source: far.origin })];
    }
    // The far gateway is in another Region, whose zones are others.
    return [askTable(b, b.network.transitGatewayAttachments.indexOf(far), null)];
  }
  if (attached.kind === 'vpn' || attached.kind === 'direct-connect-gateway') return [intoOutside(b, attachment, place)];
  if (attached.kind !== 'vpc') return [b.unknown(place, 'route', notModelled(`${attached.kind} attachment`, id))];
  if (vpc === null) return [b.unknown(place, 'route', attachmentSubnets(id, VPC_ATTACHMENTS))];
  const subnets = vpc.subnetIds.map((subnet) => b.names.subnet.get(subnet) ?? NONE);
  const absent = subnets.indexOf(NONE);
  if (absent >= 0)
    return [b.unknown(place, 'route', targetOf('subnet', vpc.subnetIds[absent]!, 'ec2 describe-subnets'))];
  if (subnets.length === 0) return [b.unknown(place, 'route', attachmentSubnets(id, VPC_ATTACHMENTS))];
  const isUntold = keeps === 'untold' && vpc.securityGroupReferencing && refersElsewhere(b, attached.id ?? '');
  const forgetting = isUntold ? [false, true] : [keeps !== true || !vpc.securityGroupReferencing];
  if (vpc.applianceMode && subnets.length > 1)
    return forgetting.map((forgets) => pinned(b, attachment, subnets, forgets));
  const near =
    zone === null ? [] : subnets.filter((subnet) => compareZones(zone, zoneOf(b.network.subnets[subnet]!)) === 'same');
  return (near.length > 0 ? near : subnets).flatMap((subnet) =>
    forgetting.map((forgets) => intoVpc(b, subnet, forgets)),
  );
}
