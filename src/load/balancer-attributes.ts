/**
 * Attributes of load balancers and target groups, as collectors keep them: with the ARN that was asked about, which the
 * answers of describe-load-balancer-attributes and describe-target-group-attributes leave out.
 */

import { z } from 'zod';
import { type Origin, originOf } from '../model/origin.ts';
import type { Resource } from '../model/resource.ts';
import { describeValue, memberOf } from './json-value.ts';
import { balancerIdOf } from './load-balancer-records.ts';
import { ANYTHING, ID, OPTIONAL_FLAG, OPTIONAL_TEXT } from './members.ts';
import type { Place } from './place.ts';
import type { Reading } from './reading.ts';
import { targetGroupIdOf } from './target-group-records.ts';

/** What the attributes of the balancer or group of ARN `id` say; null where they do not. */
export interface AttributesRead extends Resource {
  readonly crossZone: boolean | null;
  readonly preservesClientAddress: boolean | null;
}

const REMEDY = 'correct them, or collect them again: aws elbv2 describe-load-balancer-attributes';
const GROUP_REMEDY = 'correct them, or collect them again: aws elbv2 describe-target-group-attributes';
const OF_BALANCER = z.object({ LoadBalancerArn: ID, Attributes: ANYTHING });
const OF_GROUP = z.object({ TargetGroupArn: ID, Attributes: ANYTHING });

export function readBalancerAttributes(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): AttributesRead | null {
  if (memberOf(value, ['LoadBalancerName']) !== undefined) return readClassicAttributes(reading, value, origin, place);
  const record = reading.record(OF_BALANCER, value, origin, REMEDY);
  if (record === null) return null;
  const arn = reading.shared(record.LoadBalancerArn);
  const read = readAttributes(reading, record.Attributes, balancerIdOf(arn), origin, REMEDY);
  return { id: arn, name: null, tags: [], ...place, origin, ...read };
}

export function readTargetGroupAttributes(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): AttributesRead | null {
  const record = reading.record(OF_GROUP, value, origin, GROUP_REMEDY);
  if (record === null) return null;
  const arn = reading.shared(record.TargetGroupArn);
  const read = readAttributes(reading, record.Attributes, targetGroupIdOf(arn), origin, GROUP_REMEDY);
  return { id: arn, name: null, tags: [], ...place, origin, ...read };
}

const ATTRIBUTE = z.object({ Key: ID, Value: OPTIONAL_TEXT });
/** ELB-03: for a group, `use_load_balancer_configuration` says that it has nothing to say. */
const CROSS_ZONE = 'load_balancing.cross_zone.enabled';
const INHERITED = 'use_load_balancer_configuration';
/** ELB-08. */
const PRESERVES = 'preserve_client_ip.enabled';

type Said = Pick<AttributesRead, 'crossZone' | 'preservesClientAddress'>;

function readAttributes(reading: Reading, value: unknown, id: string, origin: Origin, remedy: string): Said {
  const said = new Map<string, boolean>();
  const lost = (at: Origin): void => {
    reading.fact(`attributes:${id}`, `not every attribute of ${id} could be read`, remedy, at);
  };
  const isMissing = value === null || value === undefined;
  if (isMissing) reading.error('Attributes is missing', originOf(origin, 'Attributes'), remedy);
  const items = isMissing ? null : reading.items(value, origin, ['Attributes'], remedy);
  if (items === null) lost(originOf(origin, 'Attributes'));
  for (const [i, item] of (items ?? []).entries()) {
    const at = originOf(origin, 'Attributes', i);
    const attribute = reading.record(ATTRIBUTE, item, at, remedy);
    if (attribute === null) {
      lost(at);
      continue;
    }
    const { Key: key, Value: text } = attribute;
    if ((key !== CROSS_ZONE && key !== PRESERVES) || (key === CROSS_ZONE && text === INHERITED)) continue;
    if (text === 'true' || text === 'false') {
      said.set(key, text === 'true');
    } else {
      reading.error(`${key} is ${describeValue(text)}, not "true" or "false"`, originOf(at, 'Value'), remedy);
      lost(at);
    }
  }
  return { crossZone: said.get(CROSS_ZONE) ?? null, preservesClientAddress: said.get(PRESERVES) ?? null };
}

const OF_CLASSIC = z.object({
  LoadBalancerName: ID,
  LoadBalancerAttributes: z.object({
    CrossZoneLoadBalancing: z.object({ Enabled: OPTIONAL_FLAG }).nullish(),
  }),
});
const CLASSIC_REMEDY = 'correct them, or collect them again: aws elb describe-load-balancer-attributes';

function readClassicAttributes(reading: Reading, value: unknown, origin: Origin, place: Place): AttributesRead | null {
  const record = reading.record(OF_CLASSIC, value, origin, CLASSIC_REMEDY);
  if (record === null) return null;
  const crossZone = record.LoadBalancerAttributes.CrossZoneLoadBalancing?.Enabled ?? null;
  const id = classicKey(record.LoadBalancerName, place);
  return { id, name: null, tags: [], ...place, origin, crossZone, preservesClientAddress: null };
}

/** What a classic balancer is known by where nothing but its name is: names are unique within an account and region. */
export function classicKey(name: string, { account, region }: Place): string {
  return `classic ${account} ${region} ${name}`;
}
