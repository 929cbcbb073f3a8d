/** describe-target-groups, and describe-target-health as collectors keep it: with the ARN of the group that was asked about. */

import { z } from 'zod';
import type { HealthCheck, Target, TargetGroup } from '../model/load-balancer.ts';
import { type Origin, originOf } from '../model/origin.ts';
import type { Resource } from '../model/resource.ts';
import { LAST_PORT } from '../net/protocol.ts';
import { describeValue } from './json-value.ts';
import { ANYTHING, accountOf, ID, OPTIONAL_FLAG, OPTIONAL_TEXT } from './members.ts';
import { accountOfArn, type Place, partOfArn, regionOfArn } from './place.ts';
import type { Reading } from './reading.ts';
import { nameOf, readTags } from './tags.ts';

export const OPTIONAL_PORT: z.ZodOptional<z.ZodNullable<z.ZodNumber>> = z
  .number()
  .int()
  .min(0)
  .max(LAST_PORT)
  .nullish();
const GROUP = z.object({
  TargetGroupArn: ID,
  TargetGroupName: OPTIONAL_TEXT,
  TargetType: OPTIONAL_TEXT,
  Protocol: OPTIONAL_TEXT,
  Port: OPTIONAL_PORT,
  VpcId: OPTIONAL_TEXT,
  LoadBalancerArns: ANYTHING,
  HealthCheckEnabled: OPTIONAL_FLAG,
  HealthCheckProtocol: OPTIONAL_TEXT,
  HealthCheckPort: OPTIONAL_TEXT,
  Tags: ANYTHING,
});

const DISPENSABLE = ['TargetGroupName', 'HealthCheckEnabled', 'HealthCheckProtocol', 'HealthCheckPort'];
const REMEDY = 'correct it, or collect it again: aws elbv2 describe-target-groups';
const TYPES = ['instance', 'ip', 'lambda', 'alb'] as const;

/** What follows `targetgroup/` in the ARN: `web/204ab181886941e0`. */
export function targetGroupIdOf(arn: string): string {
  return partOfArn(arn, 'targetgroup/');
}

export function readTargetGroup(reading: Reading, value: unknown, origin: Origin, place: Place): TargetGroup | null {
  const record = reading.record(GROUP, value, origin, REMEDY, DISPENSABLE);
  if (record === null) return null;
  const arn = reading.shared(record.TargetGroupArn);
  const id = reading.shared(targetGroupIdOf(arn));
  const type = TYPES.find((each) => each === record.TargetType);
  if (type === undefined) {
    const what = `TargetType is ${describeValue(record.TargetType)}, not ${TYPES.map(describeValue).join(', ')}`;
    reading.error(what, originOf(origin, 'TargetType'), REMEDY);
    reading.fact(`target-type:${id}`, `what the targets of ${id} are`, REMEDY, originOf(origin, 'TargetType'));
  }
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  return {
    id,
    name: nameOf(tags),
    tags,
    account: reading.shared(accountOf(accountOfArn(arn), place)),
    region: reading.shared(regionOfArn(arn) ?? place.region),
    origin,
    arn,
    groupName: reading.shared(record.TargetGroupName) ?? id,
    targetType: type ?? 'unrecognised',
    protocol: reading.shared(record.Protocol),
    port: record.Port ?? null,
    vpcId: reading.shared(record.VpcId),
    balancerArns: readBalancerArns(reading, record.LoadBalancerArns, origin),
    preservesClientAddress: null,
    crossZone: null,
    targets: null,
    healthCheck: readHealthCheck(reading, record, origin),
  };
}

/** Who uses the group: the listeners say so too, so one that cannot be read costs only itself. */
function readBalancerArns(reading: Reading, value: unknown, origin: Origin): readonly string[] {
  const items = reading.items(value, origin, ['LoadBalancerArns'], REMEDY) ?? [];
  return items.flatMap((item, i) => {
    if (typeof item === 'string' && item !== '') return [reading.shared(item)];
    reading.error(
      `load balancer is ${describeValue(item)}, not an ARN`,
      originOf(origin, 'LoadBalancerArns', i),
      REMEDY,
    );
    return [];
  });
}

function readHealthCheck(reading: Reading, record: z.infer<typeof GROUP>, origin: Origin): HealthCheck | null {
  const { HealthCheckEnabled: enabled, HealthCheckProtocol: protocol, HealthCheckPort: port } = record;
  if (enabled === false || !protocol) return null;
  if (!port || port === 'traffic-port') return { protocol: reading.shared(protocol), port: null };
  if (/^\d{1,5}$/.test(port) && Number(port) <= LAST_PORT) {
    return { protocol: reading.shared(protocol), port: Number(port) };
  }
  const what = `HealthCheckPort is ${describeValue(port)}, not a port or "traffic-port"`;
  reading.warning(what, originOf(origin, 'HealthCheckPort'), 'the group is read without its health check');
  return null;
}

/** What is registered with the group of ARN `id`. */
export interface HealthRead extends Resource {
  /** Null after a problem. */
  readonly targets: readonly Target[] | null;
}

const HEALTH = z.object({ TargetGroupArn: ID, TargetHealthDescriptions: ANYTHING });
const DESCRIPTION = z.object({
  Target: z.object({ Id: ID, Port: OPTIONAL_PORT, AvailabilityZone: OPTIONAL_TEXT }),
  TargetHealth: z.object({ State: OPTIONAL_TEXT }).nullish(),
});
const HEALTH_REMEDY = 'correct it, or collect it again: aws elbv2 describe-target-health';

export function readTargetHealth(reading: Reading, value: unknown, origin: Origin, place: Place): HealthRead | null {
  const record = reading.record(HEALTH, value, origin, HEALTH_REMEDY);
  if (record === null) return null;
  const arn = reading.shared(record.TargetGroupArn);
  const targets = readTargets(reading, record.TargetHealthDescriptions, origin);
  if (targets === null) loseTargets(reading, targetGroupIdOf(arn), origin, HEALTH_REMEDY);
  return { id: arn, name: null, tags: [], ...place, origin, targets };
}

function readTargets(reading: Reading, value: unknown, origin: Origin): readonly Target[] | null {
  const member = 'TargetHealthDescriptions';
  if (value === null || value === undefined) {
    reading.error(`${member} is missing`, originOf(origin, member), HEALTH_REMEDY);
    return null;
  }
  const targets: Target[] = [];
  const items = reading.items(value, origin, [member], HEALTH_REMEDY);
  for (const [i, item] of (items ?? []).entries()) {
    const described = reading.record(DESCRIPTION, item, originOf(origin, member, i), HEALTH_REMEDY);
    if (described === null) return null;
    const { Target: target, TargetHealth: health } = described;
    targets.push({
      id: reading.shared(target.Id),
      port: target.Port ?? null,
      zone: reading.shared(target.AvailabilityZone),
      health: reading.shared(health?.State),
    });
  }
  return items === null ? null : targets;
}

/** Targets that could not be read; they are not known, which is not the same as none. */
export function loseTargets(reading: Reading, id: string, origin: Origin, remedy: string): void {
  reading.fact(`targets:${id}`, `not every target of ${id} could be read`, remedy, origin);
}
