/** Auto Scaling groups, functions, tasks and environments: what stands for interfaces in questions. */

import { z } from 'zod';
import type { AutoScalingGroup, BeanstalkEnvironment, EcsService, EcsTask, LambdaFunction } from '../model/compute.ts';
import { type Origin, originOf } from '../model/origin.ts';
import { isObject, memberOf } from './json-value.ts';
import { ANYTHING, accountOf, ID, OPTIONAL_NUMBER, OPTIONAL_TEXT } from './members.ts';
import { compareTexts } from './merge.ts';
import { accountOfArn, type Place, regionOfArn } from './place.ts';
import type { Reading } from './reading.ts';
import { nameOf, readTags } from './tags.ts';

/** Account and region of a record that may have an ARN. */
export function placeOfArn(reading: Reading, arn: string | null | undefined, place: Place): Place {
  return {
    account: reading.shared(accountOf(accountOfArn(arn ?? null), place)),
    region: reading.shared(regionOfArn(arn ?? null) ?? place.region),
  };
}

/** Each once, in order. */
function textsOnce(reading: Reading, texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].map((text) => reading.shared(text));
}

const GROUP = z.object({
  AutoScalingGroupName: ID,
  AutoScalingGroupARN: OPTIONAL_TEXT,
  Instances: z.array(z.object({ InstanceId: ID, LifecycleState: OPTIONAL_TEXT })).nullish(),
  Tags: ANYTHING,
});
const GROUP_REMEDY = 'correct it, or collect it again: aws autoscaling describe-auto-scaling-groups';

/** Null, after a problem, also where its instances cannot be read: without one of them it would be another place. */
export function readAutoScalingGroup(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): AutoScalingGroup | null {
  const record = reading.record(GROUP, value, origin, GROUP_REMEDY);
  if (record === null) return null;
  const members = record.Instances ?? [];
  reading.count(members.length, origin);
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  const left = members.filter(({ LifecycleState: state }) => state !== 'Terminated');
  return {
    id: record.AutoScalingGroupARN || record.AutoScalingGroupName,
    name: nameOf(tags),
    tags,
    ...placeOfArn(reading, record.AutoScalingGroupARN, place),
    origin,
    groupName: record.AutoScalingGroupName,
    instanceIds: textsOnce(
      reading,
      left.map(({ InstanceId: id }) => id),
    ),
  };
}

const FUNCTION = z.object({
  FunctionName: ID,
  FunctionArn: OPTIONAL_TEXT,
  VpcConfig: z.object({ SubnetIds: z.array(ID).nullish(), SecurityGroupIds: z.array(ID).nullish() }).nullish(),
});
const FUNCTION_REMEDY = 'correct it, or collect it again: aws lambda list-functions';

/** CMP-03. A function that has left its VPC keeps a `VpcConfig` with empty lists. */
export function readLambdaFunction(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): LambdaFunction | null {
  const record = reading.record(FUNCTION, value, origin, FUNCTION_REMEDY);
  if (record === null) return null;
  const subnetIds = record.VpcConfig?.SubnetIds ?? [];
  const groupIds = record.VpcConfig?.SecurityGroupIds ?? [];
  reading.count(subnetIds.length + groupIds.length, origin);
  const attachment = { subnetIds: textsOnce(reading, subnetIds), groupIds: textsOnce(reading, groupIds) };
  return {
    id: record.FunctionArn || record.FunctionName,
    name: null,
    tags: [],
    ...placeOfArn(reading, record.FunctionArn, place),
    origin,
    functionName: record.FunctionName,
    attachment: subnetIds.length === 0 ? null : attachment,
  };
}

const SERVICE = z.object({
  serviceName: ID,
  serviceArn: OPTIONAL_TEXT,
  clusterArn: OPTIONAL_TEXT,
  runningCount: OPTIONAL_NUMBER,
});
const SERVICE_REMEDY = 'correct it, or collect it again: aws ecs describe-services';

export function readEcsService(reading: Reading, value: unknown, origin: Origin, place: Place): EcsService | null {
  const record = reading.record(SERVICE, value, origin, SERVICE_REMEDY);
  if (record === null) return null;
  return {
    id: record.serviceArn || record.serviceName,
    name: null,
    tags: [],
    ...placeOfArn(reading, record.serviceArn, place),
    origin,
    serviceName: reading.shared(record.serviceName),
    clusterName: clusterOf(reading, record.clusterArn),
    running: record.runningCount ?? null,
  };
}

/** The end of the ARN. */
function clusterOf(reading: Reading, arn: string | null | undefined): string | null {
  return reading.shared(/(?:^|\/)([^/]+)$/.exec(arn ?? '')?.[1]);
}

const DETAIL = z.object({ name: OPTIONAL_TEXT, value: OPTIONAL_TEXT });
const TASK = z.object({
  taskArn: ID,
  clusterArn: OPTIONAL_TEXT,
  group: OPTIONAL_TEXT,
  lastStatus: OPTIONAL_TEXT,
  attachments: z.array(z.object({ status: OPTIONAL_TEXT, details: z.array(DETAIL).nullish() })).nullish(),
});
const TASK_REMEDY = 'correct it, or collect it again: aws ecs describe-tasks';

/** Attachments that a task no longer has. */
const DETACHED = new Set(['DELETED', 'DETACHED']);

export function readEcsTask(reading: Reading, value: unknown, origin: Origin, place: Place): EcsTask | null {
  const record = reading.record(TASK, value, origin, TASK_REMEDY);
  if (record === null) return null;
  const attached = (record.attachments ?? []).filter(({ status }) => !DETACHED.has(status ?? ''));
  const details = attached.flatMap((attachment) => attachment.details ?? []);
  reading.count(details.length, origin);
  const interfaceIds = details.flatMap(({ name, value: id }) => (name === 'networkInterfaceId' && id ? [id] : []));
  return {
    id: record.taskArn,
    name: null,
    tags: [],
    ...placeOfArn(reading, record.taskArn, place),
    origin,
    serviceName: reading.shared(/^service:(.+)$/.exec(record.group ?? '')?.[1]),
    clusterName: clusterOf(reading, record.clusterArn),
    status: reading.shared(record.lastStatus),
    interfaceIds: textsOnce(reading, interfaceIds),
  };
}

const ENVIRONMENT = z.object({
  EnvironmentName: ID,
  Instances: z.array(z.object({ Id: ID })).nullish(),
  LoadBalancers: z.array(z.object({ Name: ID })).nullish(),
});
const ENVIRONMENT_REMEDY =
  'correct it, or collect it again: aws elasticbeanstalk describe-environment-resources --environment-name NAME';

/** An answer about one environment, which is an object of that key, or such an object in a list. */
export function readBeanstalkEnvironment(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): BeanstalkEnvironment | null {
  const resources = memberOf(value, ['EnvironmentResources']);
  const [own, at] = isObject(resources) ? [resources, originOf(origin, 'EnvironmentResources')] : [value, origin];
  const record = reading.record(ENVIRONMENT, own, at, ENVIRONMENT_REMEDY);
  if (record === null) return null;
  const instances = (record.Instances ?? []).map(({ Id: id }) => id);
  const balancers = (record.LoadBalancers ?? []).map(({ Name: name }) => name);
  reading.count(instances.length + balancers.length, origin);
  return {
    id: record.EnvironmentName,
    name: null,
    tags: [],
    account: reading.shared(place.account),
    region: reading.shared(place.region),
    origin,
    instanceIds: textsOnce(reading, instances.sort(compareTexts)),
    balancers: textsOnce(reading, balancers.sort(compareTexts)),
  };
}

/** Environments of several Regions may share a name, which is all that their answers say: by it they are one place. */
export function mergeBeanstalkEnvironments(
  better: BeanstalkEnvironment,
  worse: BeanstalkEnvironment,
): BeanstalkEnvironment {
  const union = (a: readonly string[], b: readonly string[]): readonly string[] =>
    [...new Set([...a, ...b])].sort(compareTexts);
  return {
    ...better,
    instanceIds: union(better.instanceIds, worse.instanceIds),
    balancers: union(better.balancers, worse.balancers),
  };
}
