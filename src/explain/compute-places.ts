/** Auto Scaling groups, clusters of EKS and environments of Elastic Beanstalk as places. */

import type { AutoScalingGroup, BeanstalkEnvironment } from '../model/compute.ts';
import type { Instance } from '../model/instance.ts';
import { quote } from '../net/quote.ts';
import { BALANCERS } from './balancer-places.ts';
import { allThatLookSo, interfacesOfInstances, isAskedFor } from './found-interfaces.ts';
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
  const what = `EKS cluster ${quote(name)}`;
  const found = interfacesOfInstances(index, what, instance, [instance.id]);
  return found.kind === 'no-place' ? found : allThatLookSo(index, what, instance, 'instances', found.enis);
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
