/** describe-vpn-gateways and describe-vpn-connections. A connection's `CustomerGatewayConfiguration` holds secrets and is not kept. */

import { z } from 'zod';
import type { VirtualPrivateGateway, VpnConnection } from '../model/hybrid.ts';
import { type Origin, originOf } from '../model/origin.ts';
import type { Prefix } from '../net/prefix.ts';
import { readAttachments } from './gateway-records.ts';
import { itemOrigin } from './item-origin.ts';
import { describeValue } from './json-value.ts';
import { ANYTHING, ID, OPTIONAL_FLAG, OPTIONAL_TEXT } from './members.ts';
import type { Place } from './place.ts';
import type { Reading } from './reading.ts';
import { nameOf, readTags } from './tags.ts';
import { readState } from './transit-gateway-records.ts';

const GATEWAY = z.object({ VpnGatewayId: ID, State: OPTIONAL_TEXT, VpcAttachments: ANYTHING, Tags: ANYTHING });
const GATEWAY_REMEDY = 'correct it, or collect it again: aws ec2 describe-vpn-gateways';

export function readVirtualPrivateGateway(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): VirtualPrivateGateway | null {
  const record = reading.record(GATEWAY, value, origin, GATEWAY_REMEDY);
  if (record === null) return null;
  const id = reading.shared(record.VpnGatewayId);
  const attachments = readAttachments(reading, record.VpcAttachments, id, origin, GATEWAY_REMEDY, 'VpcAttachments');
  if (attachments === null) return null;
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  return {
    id,
    name: nameOf(tags),
    tags,
    account: reading.shared(place.account),
    region: reading.shared(place.region),
    origin,
    state: readState(reading, record.State, 'virtual private gateway', origin),
    attachments,
  };
}

const CONNECTION = z.object({
  VpnConnectionId: ID,
  State: OPTIONAL_TEXT,
  VpnGatewayId: OPTIONAL_TEXT,
  TransitGatewayId: OPTIONAL_TEXT,
  CustomerGatewayId: OPTIONAL_TEXT,
  Options: z.object({ StaticRoutesOnly: OPTIONAL_FLAG }).nullish(),
  Routes: ANYTHING,
  Tags: ANYTHING,
});
const CONNECTION_REMEDY = 'correct it, or collect it again: aws ec2 describe-vpn-connections';

/** Null also where a static route cannot be read: without it the connection would certainly not lead there. */
export function readVpnConnection(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): VpnConnection | null {
  const record = reading.record(CONNECTION, value, origin, CONNECTION_REMEDY);
  if (record === null) return null;
  const id = reading.shared(record.VpnConnectionId);
  const staticRoutes = readStaticRoutes(reading, record.Routes, origin);
  if (staticRoutes === null) {
    const what = `not every static route of ${id} could be read`;
    reading.loss(`static-routes:${id}`, what, CONNECTION_REMEDY, originOf(origin, 'Routes'));
    return null;
  }
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  return {
    id,
    name: nameOf(tags),
    tags,
    account: reading.shared(place.account),
    region: reading.shared(place.region),
    origin,
    state: readState(reading, record.State, 'VPN connection', origin),
    virtualPrivateGatewayId: reading.shared(record.VpnGatewayId),
    transitGatewayId: reading.shared(record.TransitGatewayId),
    customerGatewayId: reading.shared(record.CustomerGatewayId),
    staticRoutesOnly: record.Options?.StaticRoutesOnly ?? false,
    staticRoutes,
  };
}

const ROUTE = z.object({ DestinationCidrBlock: ID, State: OPTIONAL_TEXT });

/** Those that are there; null, after a problem, where one cannot be read. */
function readStaticRoutes(reading: Reading, value: unknown, origin: Origin): readonly Prefix[] | null {
  const items = reading.items(value, origin, ['Routes'], CONNECTION_REMEDY);
  const prefixes: Prefix[] = [];
  for (const [i, item] of (items ?? []).entries()) {
    const at = itemOrigin(origin, 'Routes', i);
    const route = reading.record(ROUTE, item, at, CONNECTION_REMEDY);
    if (route === null) return null;
    const { State: state } = route;
    if (state === 'pending' || state === 'deleting' || state === 'deleted') continue;
    if (state && state !== 'available') {
      reading.error(
        `static route state ${describeValue(state)} is not known`,
        originOf(at, 'State'),
        CONNECTION_REMEDY,
      );
      return null;
    }
    const prefix = reading.prefix(route.DestinationCidrBlock, at, 'DestinationCidrBlock');
    if (prefix === null) return null;
    prefixes.push(prefix);
  }
  return items === null ? null : prefixes;
}
