/** describe-transit-gateways and describe-transit-gateway-route-tables. What the tables say comes from other calls. */

import { z } from 'zod';
import { type Origin, originOf } from '../model/origin.ts';
import type { TransitGateway, TransitGatewayRouteTable } from '../model/transit-gateway.ts';
import { describeValue } from './json-value.ts';
import { ANYTHING, accountOf, ID, OPTIONAL_TEXT } from './members.ts';
import { type Place, regionOfArn } from './place.ts';
import type { Reading } from './reading.ts';
import { nameOf, readTags } from './tags.ts';

const GATEWAY = z.object({
  TransitGatewayId: ID,
  TransitGatewayArn: OPTIONAL_TEXT,
  OwnerId: OPTIONAL_TEXT,
  State: OPTIONAL_TEXT,
  Options: z.object({ SecurityGroupReferencingSupport: OPTIONAL_TEXT }).nullish(),
  Tags: ANYTHING,
});
const GATEWAY_REMEDY = 'correct it, or collect it again: aws ec2 describe-transit-gateways';

export function readTransitGateway(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): TransitGateway | null {
  const record = reading.record(GATEWAY, value, origin, GATEWAY_REMEDY, ['TransitGatewayArn']);
  if (record === null) return null;
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  return {
    id: reading.shared(record.TransitGatewayId),
    name: nameOf(tags),
    tags,
    account: reading.shared(accountOf(record.OwnerId, place)),
    region: reading.shared(regionOfArn(record.TransitGatewayArn ?? null) ?? place.region),
    origin,
    state: readState(reading, record.State, 'transit gateway', origin),
    securityGroupReferencing: readReferencing(reading, record.Options?.SecurityGroupReferencingSupport, origin),
  };
}

function readReferencing(reading: Reading, text: string | null | undefined, origin: Origin): boolean | null {
  if (!text) return null;
  if (text === 'enable' || text === 'disable') return text === 'enable';
  const at = originOf(origin, 'Options', 'SecurityGroupReferencingSupport');
  reading.error(`${describeValue(text)} is neither "enable" nor "disable"`, at, GATEWAY_REMEDY);
  return null;
}

/** Two views of one gateway: guests may see less of it. */
export function mergeTransitGateways(a: TransitGateway, b: TransitGateway): TransitGateway {
  return {
    ...a,
    name: a.name ?? b.name,
    tags: a.tags.length > 0 ? a.tags : b.tags,
    securityGroupReferencing: a.securityGroupReferencing ?? b.securityGroupReferencing,
  };
}

/** The state of what is usable while `available`, which is what a record without one is taken for. */
export function readState(reading: Reading, text: string | null | undefined, noun: string, origin: Origin): string {
  if (text) return reading.shared(text);
  reading.warning(`${noun} without a state`, origin, 'it is read as available');
  return 'available';
}

const TABLE = z.object({
  TransitGatewayRouteTableId: ID,
  TransitGatewayId: ID,
  State: OPTIONAL_TEXT,
  Tags: ANYTHING,
});
const TABLE_REMEDY = 'correct it, or collect it again: aws ec2 describe-transit-gateway-route-tables';

export function readTransitGatewayTable(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): TransitGatewayRouteTable | null {
  const record = reading.record(TABLE, value, origin, TABLE_REMEDY);
  if (record === null) return null;
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  return {
    id: reading.shared(record.TransitGatewayRouteTableId),
    name: nameOf(tags),
    tags,
    account: reading.shared(place.account),
    region: reading.shared(place.region),
    origin,
    transitGatewayId: reading.shared(record.TransitGatewayId),
    state: readState(reading, record.State, 'transit gateway route table', origin),
    staticRoutes: null,
    propagatedRoutes: null,
    propagatingIds: null,
  };
}
