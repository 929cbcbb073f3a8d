/** Listeners and their rules from lists of their own, brought together for each load balancer. */

import { z } from 'zod';
import type { Listener, LoadBalancer } from '../model/load-balancer.ts';
import { isComplete, type ListRead } from '../model/network.ts';
import type { Origin } from '../model/origin.ts';
import { quote } from '../net/quote.ts';
import { isObject } from './json-value.ts';
import { speaksFor } from './list-places.ts';
import { type ListenerRead, type RuleRead, readListener, readListenerRule } from './listener-records.ts';
import { balancerIdOf } from './load-balancer-records.ts';
import { ANYTHING, ID } from './members.ts';
import { Collected, compareTexts } from './merge.ts';
import { type Place, partOfArn } from './place.ts';
import type { Reading } from './reading.ts';
import { TOGETHER } from './records.ts';

const OF_BALANCER = z.object({ LoadBalancerArn: ID, Listeners: ANYTHING });
const REMEDY = 'collect them again: aws elbv2 describe-listeners --load-balancer-arn ARN';
const RULES_REMEDY = 'collect them too: aws elbv2 describe-rules --listener-arn ARN, for every listener';

export class ListenerParts {
  readonly #listeners = new Collected<ListenerRead>('listener');
  readonly #rules = new Collected<RuleRead>('listener rule');
  /** Balancers whose listeners were told, and where; of those in `#unsure` not all. */
  readonly #told = new Map<string, Origin>();
  readonly #unsure = new Set<string>();
  /** Listeners whose rules were told; of those in `#unsureRules` not all. */
  readonly #ruled = new Set<string>();
  readonly #unsureRules = new Set<string>();
  /** Balancers, or listeners, that the list being read names. */
  #named = new Set<string>();
  /** Lists with an item for every balancer of their place: one that is in none of them has no listeners. */
  readonly #wholeLists: Place[] = [];

  get isEmpty(): boolean {
    return this.#told.size === 0 && this.#rules.isEmpty && this.#wholeLists.length === 0;
  }

  /** An item of a list of listeners. Reports whether it could be read. */
  addListener(reading: Reading, value: unknown, origin: Origin, place: Place, owner: string | null = null): boolean {
    const read = readListener(reading, value, origin, place, owner);
    if (read === null) return false;
    this.#tell(read.balancerArn, origin);
    if (read.listener === null) this.#unsure.add(read.balancerArn);
    else this.#listeners.add(read);
    return true;
  }

  /** An item of a list that names each balancer with all of its listeners. */
  addBalancer(reading: Reading, value: unknown, origin: Origin, place: Place): boolean {
    const record = reading.record(OF_BALANCER, value, origin, REMEDY);
    if (record === null) return false;
    const arn = reading.shared(record.LoadBalancerArn);
    this.#tell(arn, origin);
    const isMissing = record.Listeners === null || record.Listeners === undefined;
    const at = { file: origin.file, pointer: `${origin.pointer}/Listeners` };
    if (isMissing) reading.error('Listeners is missing', at, REMEDY);
    const items = isMissing ? null : reading.items(record.Listeners, origin, ['Listeners'], REMEDY);
    if (items === null) this.#unsure.add(arn);
    for (const [i, item] of (items ?? []).entries()) {
      const each = { file: at.file, pointer: `${at.pointer}/${i}` };
      if (!this.addListener(reading, isObject(item) ? item : null, each, place, arn)) this.#unsure.add(arn);
    }
    return true;
  }

  addRule(reading: Reading, value: unknown, origin: Origin, place: Place): boolean {
    const read = readListenerRule(reading, value, origin, place);
    if (read === null) return false;
    this.#named.add(read.listenerArn);
    this.#ruled.add(read.listenerArn);
    if (read.targetGroupArns === null) this.#unsureRules.add(read.listenerArn);
    this.#rules.add(read);
    return true;
  }

  #tell(balancerArn: string, origin: Origin): void {
    this.#named.add(balancerArn);
    if (!this.#told.has(balancerArn)) this.#told.set(balancerArn, origin);
  }

  /** Ends a list of listeners or rules. In one that is not whole, what it names may have more of them. */
  endList(of: 'listeners' | 'balancers' | 'rules', place: Place, isWhole: boolean): void {
    if (!isWhole) {
      const unsure = of === 'rules' ? this.#unsureRules : this.#unsure;
      for (const arn of this.#named) unsure.add(arn);
    } else if (of === 'balancers') {
      this.#wholeLists.push(place);
    }
    this.#named = new Set();
  }

  /** The balancers with their listeners, as far as some list tells of them. */
  complete(reading: Reading, balancers: readonly LoadBalancer[], lists: readonly ListRead[]): readonly LoadBalancer[] {
    const readRules = this.#rules.merged(reading);
    const rules = forwardsByListener(readRules);
    const byBalancer = new Map<string, ListenerRead[]>();
    const listeners = this.#listeners.merged(reading);
    for (const read of listeners) {
      const known = byBalancer.get(read.balancerArn);
      if (known === undefined) byBalancer.set(read.balancerArn, [read]);
      else known.push(read);
    }
    checkListeners(reading, listeners, balancers, lists);
    this.#checkRuled(reading, readRules, listeners);
    return balancers.map((balancer) => {
      const isUntold = !this.#told.has(balancer.arn) && !this.#wholeLists.some((place) => speaksFor(place, balancer));
      if (isUntold) return balancer;
      if (this.#unsure.has(balancer.arn)) {
        const what = `not every listener of ${balancer.id} could be read`;
        reading.fact(`listeners:${balancer.id}`, what, REMEDY, this.#told.get(balancer.arn) ?? balancer.origin);
        return balancer;
      }
      const reads = byBalancer.get(balancer.arn) ?? [];
      this.#checkRules(reading, balancer, reads);
      return { ...balancer, listeners: reads.map((read) => withRules(read, rules.get(read.id) ?? [])).sort(byPort) };
    });
  }

  /** Only listeners of application load balancers have rules beside their default actions. */
  #checkRules(reading: Reading, balancer: LoadBalancer, reads: readonly ListenerRead[]): void {
    if (balancer.kind !== 'application') return;
    const unruled = reads.find(({ id }) => !this.#ruled.has(id) || this.#unsureRules.has(id));
    if (unruled === undefined) return;
    const what = `where the rules of ${balancer.id} forward to beside the default actions of its listeners`;
    reading.fact(`rules:${balancer.id}`, what, RULES_REMEDY, unruled.origin);
  }

  /** Rules of listeners that are not there, although all of their balancer's were read. */
  #checkRuled(reading: Reading, rules: readonly RuleRead[], listeners: readonly ListenerRead[]): void {
    const known = new Set(listeners.map(({ id }) => id));
    for (const { listenerArn, origin } of rules) {
      const balancerArn = balancerArnOf(listenerArn);
      if (known.has(listenerArn) || !this.#told.has(balancerArn) || this.#unsure.has(balancerArn)) continue;
      const what = `rule of listener ${quote(listenerIdOf(listenerArn))}, which ${quote(balancerIdOf(balancerArn))} does not have`;
      reading.warning(what, origin, TOGETHER);
    }
  }
}

function forwardsByListener(rules: readonly RuleRead[]): ReadonlyMap<string, readonly string[]> {
  const forwards = new Map<string, string[]>();
  for (const { listenerArn, targetGroupArns } of rules) {
    const known = forwards.get(listenerArn);
    if (known === undefined) forwards.set(listenerArn, [...(targetGroupArns ?? [])]);
    else known.push(...(targetGroupArns ?? []));
  }
  return forwards;
}

/** Listeners of balancers that the snapshot lacks, although it holds the whole list of them. */
function checkListeners(
  reading: Reading,
  listeners: readonly ListenerRead[],
  balancers: readonly LoadBalancer[],
  lists: readonly ListRead[],
): void {
  const known = new Set(balancers.map(({ arn }) => arn));
  for (const { id, balancerArn, account, region, origin } of listeners) {
    if (known.has(balancerArn) || !isComplete({ lists }, 'loadBalancers', account, region)) continue;
    const what = `listener ${quote(listenerIdOf(id))} names load balancer ${quote(balancerIdOf(balancerArn))}, which the snapshot lacks`;
    reading.warning(what, origin, 'collect it too: aws elbv2 describe-load-balancers');
  }
}

function listenerIdOf(arn: string): string {
  return partOfArn(arn, 'listener/');
}

/** `...:listener/app/NAME/BALANCER/LISTENER` listens for `...:loadbalancer/app/NAME/BALANCER`. */
function balancerArnOf(listenerArn: string): string {
  return listenerArn.replace(':listener/', ':loadbalancer/').replace(/\/[^/]+$/, '');
}

function withRules({ listener }: ListenerRead, forwards: readonly string[]): Listener {
  const { protocol, port, targetGroupArns } = listener!;
  return { protocol, port, targetGroupArns: [...new Set([...targetGroupArns, ...forwards])] };
}

function byPort(a: Listener, b: Listener): number {
  return (a.port ?? 0) - (b.port ?? 0) || compareTexts(a.protocol, b.protocol);
}
