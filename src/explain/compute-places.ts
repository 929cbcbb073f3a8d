/** Auto Scaling groups, services of ECS, clusters of EKS and environments of Elastic Beanstalk as places. */

import type { AutoScalingGroup, BeanstalkEnvironment, EcsTask } from '../model/compute.ts';
import type { Instance } from '../model/instance.ts';
import { quote } from '../net/quote.ts';
import { BALANCERS } from './balancer-places.ts';
import { interfacesById, interfacesOfInstances, isAskedFor } from './found-interfaces.ts';
import type { PlaceIndex } from './place-index.ts';
import type { FoundService, ServicePlaces } from './service-places.ts';
import { type NamedService, serviceOfArn } from './service-words.ts';

export const GROUPS: ServicePlaces = {
  noun: 'Auto Scaling group',
  kind: 'autoScalingGroups',
  call: 'autoscaling describe-auto-scaling-groups',
  namesIn: ({ autoScalingGroups }) => autoScalingGroups.map(({ groupName }) => groupName),
  find: (index, named) =>
    index.compiled.network.autoScalingGroups
      .filter((each) => each.groupName === named.name && isAskedFor(named, each))
      .map((each) => ofGroup(index, each)),
};

/** CMP-02. The instance that a group would start next is not drawn: its launch template may be in no list. */
function ofGroup(index: PlaceIndex, group: AutoScalingGroup): FoundService {
  const what = `Auto Scaling group ${quote(group.groupName)}`;
  const found = interfacesOfInstances(index, what, group, group.instanceIds);
  if (found.kind === 'no-place' || found.enis.length > 0) return found;
  const why = `${what} has no instance now, and what it would start next is not modelled: name its subnets or security groups`;
  return { kind: 'no-place', why };
}

export const ECS: ServicePlaces = {
  noun: 'tasks of ECS service',
  kind: 'ecsTasks',
  call: 'ecs describe-tasks',
  namesIn: ({ ecsTasks }) => ecsTasks.flatMap((task) => namesOfTask(task)),
  find: (index, named) =>
    index.compiled.network.ecsTasks
      .filter(
        (task) => namesOfTask(task).includes(named.name) && isAskedFor(named, task) && !ENDED.has(task.status ?? ''),
      )
      .map((task) => ofTask(index, task)),
};

/** A task with this status has given its interface back. */
const ENDED = new Set(['DEPROVISIONING', 'STOPPED', 'DELETED']);

/** `SERVICE` and `CLUSTER/SERVICE`. */
function namesOfTask({ serviceName, clusterName }: EcsTask): readonly string[] {
  if (serviceName === null) return [];
  return clusterName === null ? [serviceName] : [serviceName, `${clusterName}/${serviceName}`];
}

/** A task that runs without an interface of its own uses that of its instance (CMP-05); one that does not run yet may get one. */
function ofTask(index: PlaceIndex, task: EcsTask): FoundService {
  const what = `task ${quote(task.id)}`;
  if (task.interfaceIds.length > 0) return interfacesById(index, what, task, task.interfaceIds);
  if (task.status !== null && task.status !== 'RUNNING') return { kind: 'interfaces', enis: [] };
  const why = `${what} has no interface of its own and shares that of its instance (CMP-05): name the instances of its cluster`;
  return { kind: 'no-place', why };
}

/** Nodes are instances with a tag that names their cluster. Nothing else tells of clusters. */
export const EKS: ServicePlaces = {
  noun: 'nodes of EKS cluster',
  kind: 'instances',
  call: 'ec2 describe-instances',
  namesIn: ({ instances }) => instances.flatMap((instance) => clustersOf(instance)),
  find: (index, named) =>
    index.compiled.network.instances
      .filter((instance) => clustersOf(instance).includes(named.name) && isAskedFor(named, instance))
      .map((instance) => ofNode(index, instance, named)),
};

const CLUSTER_NAMES = new Set(['eks:cluster-name', 'aws:eks:cluster-name', 'alpha.eksctl.io/cluster-name']);
const CLUSTER_KEY = 'kubernetes.io/cluster/';

function clustersOf({ tags }: Instance): readonly string[] {
  return tags.flatMap(({ key, value }) => {
    if (CLUSTER_NAMES.has(key)) return [value];
    return key.startsWith(CLUSTER_KEY) ? [key.slice(CLUSTER_KEY.length)] : [];
  });
}

/** Pods have addresses of their node's interfaces (CMP-07), which are secondary addresses and prefixes of them. */
function ofNode(index: PlaceIndex, instance: Instance, { name }: NamedService): FoundService {
  return interfacesOfInstances(index, `EKS cluster ${quote(name)}`, instance, [instance.id]);
}

export const BEANSTALK: ServicePlaces = {
  noun: 'Elastic Beanstalk environment',
  kind: 'beanstalkEnvironments',
  call: 'elasticbeanstalk describe-environment-resources --environment-name NAME',
  namesIn: ({ beanstalkEnvironments }) => beanstalkEnvironments.map(({ id }) => id),
  find: (index, named) =>
    index.compiled.network.beanstalkEnvironments
      .filter((each) => each.id === named.name && isAskedFor(named, each))
      .flatMap((each) => ofEnvironment(index, each)),
};

function ofEnvironment(index: PlaceIndex, environment: BeanstalkEnvironment): readonly FoundService[] {
  const what = `Elastic Beanstalk environment ${quote(environment.id)}`;
  const nodes = environment.balancers.flatMap((name): readonly FoundService[] => {
    const { account, region } = environment;
    const found = BALANCERS.find(index, serviceOfArn(name) ?? { service: 'lb', name, account, region });
    if (found.length > 0) return found;
    const why = `${what} has load balancer ${quote(name)}, which the snapshot lacks: collect it with aws ${BALANCERS.call}`;
    return [{ kind: 'no-place', why }];
  });
  return [interfacesOfInstances(index, what, environment, environment.instanceIds), ...nodes];
}
