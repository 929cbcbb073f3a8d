/**
 * What completes load balancers and target groups, from lists of their own: listeners, rules, attributes, registered targets.
 * Classic balancers are here too, because one of their records is several of the model's.
 */

import type { LoadBalancer, TargetGroup } from '../model/load-balancer.ts';
import { isComplete, type ListRead, type Network } from '../model/network.ts';
import type { Origin } from '../model/origin.ts';
import type { Resource } from '../model/resource.ts';
import { quote } from '../net/quote.ts';
import {
  type AttributesRead,
  classicKey,
  readBalancerAttributes,
  readTargetGroupAttributes,
} from './balancer-attributes.ts';
import { type ClassicRead, classicRecords, readClassicBalancer } from './classic-balancer-records.ts';
import { placesOf, speaksFor } from './list-places.ts';
import { ListenerParts } from './listener-parts.ts';
import { balancerIdOf } from './load-balancer-records.ts';
import { Collected, compareTexts } from './merge.ts';
import type { Place } from './place.ts';
import type { Reading } from './reading.ts';
import { type HealthRead, readTargetHealth, targetGroupIdOf } from './target-group-records.ts';

const PARTS = [
  'balancerListeners',
  'listeners',
  'listenerRules',
  'balancerAttributes',
  'targetGroupAttributes',
  'targetHealth',
  'classicBalancers',
] as const;
/** Lists that complete load balancers and target groups. */
export type BalancerPart = (typeof PARTS)[number];

export function isBalancerPart(kind: string): kind is BalancerPart {
  return PARTS.some((part) => part === kind);
}

type Balancing = Pick<Network, 'loadBalancers' | 'targetGroups'>;

export class LoadBalancerParts {
  readonly #listeners = new ListenerParts();
  readonly #balancerAttributes = new Collected<AttributesRead>('attributes of load balancer', mergeAttributes);
  readonly #groupAttributes = new Collected<AttributesRead>('attributes of target group', mergeAttributes);
  readonly #health = new Collected<HealthRead>('targets of', mergeHealth);
  readonly #classic = new Collected<ClassicRead>('classic load balancer');
  readonly #classicLists: ListRead[] = [];
  #count = 0;

  /** Reports whether no list of parts was read. */
  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Reads an item of a list of parts. Gives how many records it was. */
  read(reading: Reading, kind: BalancerPart, value: unknown, origin: Origin, place: Place): number {
    const isRead = this.#add(reading, kind, value, origin, place);
    if (!isRead) reading.listIsWhole = false;
    return isRead ? 1 : 0;
  }

  #add(reading: Reading, kind: BalancerPart, value: unknown, origin: Origin, place: Place): boolean {
    switch (kind) {
      case 'balancerListeners':
        return this.#listeners.addBalancer(reading, value, origin, place);
      case 'listeners':
        return this.#listeners.addListener(reading, value, origin, place);
      case 'listenerRules':
        return this.#listeners.addRule(reading, value, origin, place);
      case 'balancerAttributes':
        return keep(this.#balancerAttributes, readBalancerAttributes(reading, value, origin, place));
      case 'targetGroupAttributes':
        return keep(this.#groupAttributes, readTargetGroupAttributes(reading, value, origin, place));
      case 'targetHealth':
        return keep(this.#health, readTargetHealth(reading, value, origin, place));
      case 'classicBalancers':
        return keep(this.#classic, readClassicBalancer(reading, value, origin, place));
    }
  }

  /** Ends a list. `isOne` says that it told of one balancer, and nothing of others. */
  endList(kind: BalancerPart, list: ListRead, isOne: boolean): void {
    this.#count++;
    if (kind === 'listenerRules') this.#listeners.endList('rules', list, list.complete);
    else if (kind === 'balancerListeners' && !isOne) this.#listeners.endList('balancers', list, list.complete);
    else if (kind === 'balancerListeners' || kind === 'listeners') {
      this.#listeners.endList('listeners', list, list.complete);
    } else if (kind === 'classicBalancers') this.#classicLists.push(list);
  }

  /** Balancers and groups with what the lists of parts say of them. */
  complete(reading: Reading, { loadBalancers, targetGroups }: Balancing, lists: readonly ListRead[]): Balancing {
    if (this.isEmpty) return { loadBalancers, targetGroups };
    const ofBalancers = byId(this.#balancerAttributes.merged(reading));
    const ofGroups = byId(this.#groupAttributes.merged(reading));
    const health = byId(this.#health.merged(reading));
    const balancerArns = new Set(loadBalancers.map(({ arn }) => arn));
    const groupArns = new Set(targetGroups.map(({ arn }) => arn));
    for (const each of ofBalancers.values()) {
      if (!each.id.startsWith('classic ')) expect(reading, each, balancerArns, 'loadBalancers', lists);
    }
    for (const each of [...ofGroups.values(), ...health.values()]) {
      expect(reading, each, groupArns, 'targetGroups', lists);
    }
    const balancers = this.#listeners.complete(reading, loadBalancers, lists).map((balancer) => {
      return { ...balancer, crossZone: ofBalancers.get(balancer.arn)?.crossZone ?? null };
    });
    const groups = targetGroups.map((group) => ({
      ...group,
      crossZone: ofGroups.get(group.arn)?.crossZone ?? null,
      preservesClientAddress: ofGroups.get(group.arn)?.preservesClientAddress ?? null,
      targets: health.get(group.arn)?.targets ?? null,
    }));
    return this.#withClassic(reading, balancers, groups, ofBalancers);
  }

  #withClassic(
    reading: Reading,
    balancers: LoadBalancer[],
    groups: TargetGroup[],
    attributes: ReadonlyMap<string, AttributesRead>,
  ): Balancing {
    const classic = this.#classic.merged(reading);
    const seen = new Set<string>();
    const repeated = new Set<string>();
    for (const { balancerName } of classic) (seen.has(balancerName) ? repeated : seen).add(balancerName);
    for (const read of classic) {
      const id = repeated.has(read.balancerName) ? read.id : read.balancerName;
      const { crossZone } = attributes.get(classicKey(read.balancerName, read)) ?? { crossZone: null };
      const records = classicRecords(read, id, crossZone);
      balancers.push(records.balancer);
      groups.push(...records.groups);
    }
    const order = (a: Resource, b: Resource): number => compareTexts(a.id, b.id);
    return { loadBalancers: balancers.sort(order), targetGroups: groups.sort(order) };
  }

  /** The lists of classic balancers, which prove nothing about those of the second generation. */
  lists(others: readonly ListRead[]): readonly ListRead[] {
    const places = placesOf(others, 'loadBalancers');
    return this.#classicLists.map((list) =>
      places.some((place) => speaksFor(place, list)) ? list : { ...list, complete: false },
    );
  }
}

function keep<T extends Resource>(collected: Collected<T>, record: T | null): boolean {
  if (record !== null) collected.add(record);
  return record !== null;
}

function byId<T extends Resource>(records: readonly T[]): ReadonlyMap<string, T> {
  return new Map(records.map((record) => [record.id, record]));
}

function mergeAttributes(a: AttributesRead, b: AttributesRead): AttributesRead {
  return {
    ...a,
    crossZone: a.crossZone ?? b.crossZone,
    preservesClientAddress: a.preservesClientAddress ?? b.preservesClientAddress,
  };
}

function mergeHealth(a: HealthRead, b: HealthRead): HealthRead {
  return { ...a, targets: a.targets ?? b.targets };
}

/** Reports a part of a record that should be there. */
function expect(
  reading: Reading,
  part: Resource,
  known: ReadonlySet<string>,
  kind: 'loadBalancers' | 'targetGroups',
  lists: readonly ListRead[],
): void {
  if (known.has(part.id) || !isComplete({ lists }, kind, part.account, part.region)) return;
  const id = kind === 'loadBalancers' ? balancerIdOf(part.id) : targetGroupIdOf(part.id);
  const [noun, call] =
    kind === 'loadBalancers' ? ['load balancer', 'load-balancers'] : ['target group', 'target-groups'];
  const what = `${noun} ${quote(id)} is described in part, and the snapshot lacks it`;
  reading.warning(what, part.origin, `collect it too: aws elbv2 describe-${call}`);
}
