/**
 * `elb describe-load-balancers`: classic load balancers, which have no target groups.
 *
 * What stands behind a listener, the registered instances at one port, becomes a target group of the listener's own, so that
 * both generations look alike: its ARN and id are `BALANCER:PORT`, with the port of the listener.
 */

import { z } from 'zod';
import type { BalancerZone, HealthCheck, LoadBalancer, Target, TargetGroup } from '../model/load-balancer.ts';
import { type Origin, originOf } from '../model/origin.ts';
import type { Resource } from '../model/resource.ts';
import { LAST_PORT } from '../net/protocol.ts';
import { classicKey } from './balancer-attributes.ts';
import { describeValue } from './json-value.ts';
import { readBalancerGroups } from './load-balancer-records.ts';
import { ANYTHING, ID, OPTIONAL_TEXT } from './members.ts';
import type { Place } from './place.ts';
import type { Reading } from './reading.ts';
import { loseTargets } from './target-group-records.ts';

interface ClassicListener {
  readonly protocol: string;
  readonly port: number;
  readonly instanceProtocol: string | null;
  readonly instancePort: number;
}

/** A classic balancer. Its `id` is its DNS name, because names repeat in other regions; `classicRecords` gives it its final one. */
export interface ClassicRead extends Resource {
  readonly balancerName: string;
  readonly scheme: LoadBalancer['scheme'];
  readonly vpcId: string | null;
  readonly dnsName: string | null;
  readonly zones: readonly BalancerZone[];
  readonly groupIds: readonly string[];
  /** Null after a problem. */
  readonly listeners: readonly ClassicListener[] | null;
  /** Null after a problem. */
  readonly targets: readonly Target[] | null;
  readonly healthCheck: HealthCheck | null;
}

const BALANCER = z.object({
  LoadBalancerName: ID,
  DNSName: OPTIONAL_TEXT,
  Scheme: OPTIONAL_TEXT,
  VPCId: OPTIONAL_TEXT,
  Subnets: ANYTHING,
  SecurityGroups: ANYTHING,
  ListenerDescriptions: ANYTHING,
  Instances: ANYTHING,
  HealthCheck: z.object({ Target: OPTIONAL_TEXT }).nullish(),
});
const REMEDY = 'correct it, or collect it again: aws elb describe-load-balancers';

export function readClassicBalancer(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): ClassicRead | null {
  const record = reading.record(BALANCER, value, origin, REMEDY, ['DNSName', 'HealthCheck']);
  if (record === null) return null;
  const { Scheme: scheme, LoadBalancerName: name } = record;
  const isScheme = scheme === 'internet-facing' || scheme === 'internal';
  if (!isScheme) {
    const what = `Scheme is ${describeValue(scheme)}, not "internet-facing" or "internal"`;
    reading.error(what, originOf(origin, 'Scheme'), REMEDY);
  }
  const zones = readSubnets(reading, record.Subnets, origin);
  if (!isScheme || zones === null) return null;
  const listeners = readListeners(reading, record.ListenerDescriptions, origin);
  if (listeners === null) {
    reading.fact(`listeners:${name}`, `not every listener of ${name} could be read`, REMEDY, origin);
  }
  const targets = readInstances(reading, record.Instances, origin);
  if (targets === null) loseTargets(reading, name, origin, REMEDY);
  return {
    id: record.DNSName || classicKey(name, place),
    name: null,
    tags: [],
    account: reading.shared(place.account),
    region: reading.shared(place.region),
    origin,
    balancerName: reading.shared(name),
    scheme,
    vpcId: reading.shared(record.VPCId),
    dnsName: reading.shared(record.DNSName),
    zones,
    groupIds: readBalancerGroups(reading, record.SecurityGroups, name, origin, REMEDY),
    listeners,
    targets,
    healthCheck: healthCheckOf(record.HealthCheck?.Target ?? null),
  };
}

/** Null where one cannot be read: without its node a zone looks as if it were not enabled. */
function readSubnets(reading: Reading, value: unknown, origin: Origin): readonly BalancerZone[] | null {
  const items = reading.items(value, origin, ['Subnets'], REMEDY);
  const zones: BalancerZone[] = [];
  for (const [i, item] of (items ?? []).entries()) {
    if (typeof item !== 'string' || item === '') {
      reading.error(`subnet is ${describeValue(item)}, not an id`, originOf(origin, 'Subnets', i), REMEDY);
      return null;
    }
    zones.push({ zone: null, subnetId: reading.shared(item), addresses: [] });
  }
  return items === null ? null : zones;
}

const PORT = z.number().int().min(1).max(LAST_PORT);
const DESCRIPTION = z.object({
  Listener: z.object({ Protocol: ID, LoadBalancerPort: PORT, InstanceProtocol: OPTIONAL_TEXT, InstancePort: PORT }),
});

function readListeners(reading: Reading, value: unknown, origin: Origin): readonly ClassicListener[] | null {
  const items = reading.items(value, origin, ['ListenerDescriptions'], REMEDY);
  const listeners = new Map<number, ClassicListener>();
  for (const [i, item] of (items ?? []).entries()) {
    const described = reading.record(DESCRIPTION, item, originOf(origin, 'ListenerDescriptions', i), REMEDY);
    if (described === null) return null;
    const { Protocol, LoadBalancerPort, InstanceProtocol, InstancePort } = described.Listener;
    const known = listeners.get(LoadBalancerPort);
    const same = known?.protocol === Protocol && known.instancePort === InstancePort;
    if (known !== undefined && !same) {
      const what = `two listeners at port ${LoadBalancerPort}`;
      reading.error(what, originOf(origin, 'ListenerDescriptions', i), REMEDY);
      return null;
    }
    listeners.set(LoadBalancerPort, {
      protocol: reading.shared(Protocol),
      port: LoadBalancerPort,
      instanceProtocol: reading.shared(InstanceProtocol),
      instancePort: InstancePort,
    });
  }
  return items === null ? null : [...listeners.values()].sort((a, b) => a.port - b.port);
}

const INSTANCE = z.object({ InstanceId: ID });

function readInstances(reading: Reading, value: unknown, origin: Origin): readonly Target[] | null {
  const items = reading.items(value, origin, ['Instances'], REMEDY);
  const targets: Target[] = [];
  for (const [i, item] of (items ?? []).entries()) {
    const instance = reading.record(INSTANCE, item, originOf(origin, 'Instances', i), REMEDY);
    if (instance === null) return null;
    targets.push({ id: reading.shared(instance.InstanceId), port: null, zone: null, health: null });
  }
  return items === null ? null : targets;
}

/** `HTTP:80/index.html`, `TCP:22`. */
function healthCheckOf(text: string | null): HealthCheck | null {
  const parts = /^([A-Z]+):(\d{1,5})(?:\/|$)/.exec(text ?? '');
  return parts === null ? null : { protocol: parts[1]!, port: Number(parts[2]) };
}

/** The balancer with its final id, and the target groups of its listeners. */
export function classicRecords(
  read: ClassicRead,
  id: string,
  crossZone: boolean | null,
): { readonly balancer: LoadBalancer; readonly groups: readonly TargetGroup[] } {
  const { name, tags, account, region, origin, balancerName, scheme, vpcId, dnsName, zones, groupIds } = read;
  const common = { name, tags, account, region, origin, vpcId };
  const groups = (read.listeners ?? []).map(({ port, instanceProtocol, instancePort }): TargetGroup => {
    const arn = groupArnOf(id, port);
    return {
      ...common,
      id: arn,
      arn,
      groupName: arn,
      targetType: 'instance',
      protocol: instanceProtocol,
      port: instancePort,
      balancerArns: [id],
      // ELB-05: it opens a connection of its own to the instance.
      preservesClientAddress: false,
      crossZone: null,
      targets: read.targets,
      healthCheck: read.healthCheck,
    };
  });
  const listeners =
    read.listeners?.map(({ protocol, port }) => ({ protocol, port, targetGroupArns: [groupArnOf(id, port)] })) ?? null;
  const balancer: LoadBalancer = {
    ...common,
    id,
    arn: id,
    balancerName,
    kind: 'classic',
    scheme,
    // The call lists working ones only.
    state: 'active',
    dnsName,
    zones,
    groupIds,
    crossZone,
    judgesPrivateLink: null,
    listeners,
  };
  return { balancer, groups };
}

function groupArnOf(id: string, port: number): string {
  return `${id}:${port}`;
}
