/** Services of ECS as places: the interfaces of their tasks (CMP-05, CMP-06). */

import type { EcsService, EcsTask } from '../model/compute.ts';
import type { Network } from '../model/network.ts';
import type { Resource } from '../model/resource.ts';
import { quote } from '../net/quote.ts';
import { interfacesById, isAskedFor } from './found-interfaces.ts';
import type { PlaceIndex } from './place-index.ts';
import type { FoundService, ServicePlaces } from './service-places.ts';
import type { NamedService } from './service-words.ts';

export const ECS: ServicePlaces = {
  noun: 'ECS service',
  kind: 'ecsTasks',
  call: 'ecs describe-tasks',
  namesIn: ({ ecsServices, ecsTasks }) => [...ecsServices, ...ecsTasks].flatMap((each) => namesOf(each)),
  find,
};

/** A task with this status has given its interface back. */
const ENDED = new Set(['DEPROVISIONING', 'STOPPED', 'DELETED']);

type Named = Resource & Pick<EcsTask, 'serviceName' | 'clusterName'>;

/** `SERVICE` and `CLUSTER/SERVICE`. */
function namesOf({ serviceName, clusterName }: Named): readonly string[] {
  if (serviceName === null) return [];
  return clusterName === null ? [serviceName] : [serviceName, `${clusterName}/${serviceName}`];
}

/** Tasks tell of their service, which may have no record. */
function find(index: PlaceIndex, named: NamedService): readonly FoundService[] {
  const { network } = index.compiled;
  const isMeant = (each: Named): boolean => namesOf(each).includes(named.name) && isAskedFor(named, each);
  const tasks = network.ecsTasks.filter((task) => isMeant(task) && !ENDED.has(task.status ?? ''));
  const services = network.ecsServices.filter(isMeant);
  return [...services.map((service) => countOf(network, service, tasks)), ...tasks.map((task) => ofTask(index, task))];
}

/** A call describes a hundred tasks at most, so a service may run more than were asked about. */
function countOf({ ecsTasks }: Network, service: EcsService, tasks: readonly EcsTask[]): FoundService {
  const { serviceName, clusterName, account, region, running } = service;
  const whose: NamedService = { service: 'ecs', name: serviceName, account, region };
  const own = tasks.filter(
    (task) => task.serviceName === serviceName && task.clusterName === clusterName && isAskedFor(whose, task),
  );
  const found = own.filter(({ status }) => status === null || status === 'RUNNING').length;
  if (running === null || found >= running) return { kind: 'interfaces', enis: [] };
  const has = ecsTasks.length === 0 ? 'tells of no task' : `tells of ${found} of them`;
  const why = `ECS service ${quote(serviceName)} runs ${running} ${running === 1 ? 'task' : 'tasks'}, and the snapshot ${has}: collect all with aws ${ECS.call}`;
  return { kind: 'no-place', why };
}

/** A task that runs without an interface of its own uses that of its instance (CMP-05); one that does not run yet may get one. */
function ofTask(index: PlaceIndex, task: EcsTask): FoundService {
  const what = `task ${quote(task.id)}`;
  if (task.interfaceIds.length > 0) return interfacesById(index, what, task, task.interfaceIds);
  if (task.status !== null && task.status !== 'RUNNING') return { kind: 'interfaces', enis: [] };
  const why = `${what} has no interface of its own and shares that of its instance (CMP-05): name the instances of its cluster`;
  return { kind: 'no-place', why };
}
