/** Documents into one network: what was read of each kind, joined at the end. */

import type { Instance } from '../model/instance.ts';
import type { Kind, ListRead, Network, UnmodelledList } from '../model/network.ts';
import type { NetworkInterface } from '../model/network-interface.ts';
import type { Origin } from '../model/origin.ts';
import { crossCheck } from './cross-check.ts';
import { type InputList, listsOf, type Tear } from './document.ts';
import { noteUnreadFirewalls } from './firewall-details.ts';
import { GONE, type InstanceRead, readInstance, readReservation } from './instance-records.ts';
import { joinRules } from './join-rules.ts';
import { JsonTextError } from './json-text-error.ts';
import { type Collections, collections, KIND_READERS, mergedCollections, type SimpleKind } from './kind-readers.ts';
import type { Limits } from './limits.ts';
import { AWS_PREFIX_LISTS, type RecordKind } from './list-keys.ts';
import { placesOf, speaksFor, spokenFor } from './list-places.ts';
import { isBalancerPart, LoadBalancerParts } from './load-balancer-parts.ts';
import { Collected, compareTexts } from './merge.ts';
import { pairElasticAddresses } from './pair-addresses.ts';
import { type Place, placeOfFile } from './place.ts';
import { Reading } from './reading.ts';
import { type LooseRule, readSecurityGroupRule } from './security-group-rule-records.ts';
import { isTransitPart, TransitParts } from './transit-parts.ts';
import { type DnsSupport, readVpcAttribute } from './vpc-records.ts';

/** Takes documents one after the other, and gives the network at the end. */
export class Snapshot {
  readonly reading: Reading;
  readonly #maxDepth: number;
  readonly #lists: ListRead[] = [];
  readonly #unmodelled: UnmodelledList[] = [];
  /** Lists of instances, whose records repeat their interfaces. */
  readonly #instanceLists: { readonly list: ListRead; readonly interfaces: number; readonly npGuard: boolean }[] = [];
  #knownInterfaces: ReadonlySet<string> = new Set();
  /** Interfaces in the list of instances being read. */
  #interfacesInList = 0;
  /** Lists of AWS's own prefix lists, which say nothing about customers'. */
  readonly #awsPrefixLists: ListRead[] = [];

  /** Records that are read one by one, by kind. */
  readonly #collected: Collections = collections();
  readonly #transit = new TransitParts(this.#collected.transitGatewayAttachments);
  /** Interfaces as the records of instances show them; used where the interface has no record of its own. */
  readonly #embedded = new Collected<NetworkInterface>('network interface');
  readonly #instances = new Collected<Instance>('instance');
  readonly #rules: LooseRule[] = [];
  readonly #ruleLists: ListRead[] = [];
  readonly #dnsSupport: DnsSupport[] = [];
  readonly #balancing = new LoadBalancerParts();

  constructor(limits: Limits) {
    this.reading = new Reading(limits);
    this.#maxDepth = limits.maxDepth;
  }

  /** Reports whether no list was recognised. */
  get isEmpty(): boolean {
    return (
      this.#lists.length === 0 &&
      this.#unmodelled.length === 0 &&
      this.#ruleLists.length === 0 &&
      this.#awsPrefixLists.length === 0 &&
      this.#transit.isEmpty &&
      Object.values(this.#collected).every((records) => records.isEmpty) &&
      this.#dnsSupport.length === 0 &&
      this.#balancing.isEmpty
    );
  }

  /** Reads a document, or what was read of it before its text could not be read further. */
  add(file: string, json: unknown, tear: Tear | null = null): void {
    const place = placeOfFile(file);
    const lists = listsOf(this.reading, file, json, tear, this.#maxDepth);
    for (const list of lists) if (!isOfInstances(list)) this.#addList(list, place);
    // Instances repeat their interfaces, which are not read again where they are known.
    const ofInstances = lists.filter(isOfInstances);
    if (ofInstances.length > 0) this.#knownInterfaces = this.#collected.networkInterfaces.ids();
    for (const list of ofInstances) this.#addList(list, place);
  }

  #addList(list: InputList, place: Place): void {
    if (list.kind !== null) {
      this.#readList(list, list.kind, place);
      return;
    }
    this.reading.count(list.items.length, list.origin);
    this.#unmodelled.push({ key: list.key, count: list.items.length, ...place, origin: list.origin });
  }

  #readList(list: InputList, kind: RecordKind, place: Place): void {
    const { reading } = this;
    this.reading.count(list.items.length, list.origin);
    reading.listIsWhole = !list.cutOff;
    this.#interfacesInList = 0;
    let count = 0;
    for (let i = 0; i < list.items.length; i++) {
      const origin = list.isRecord ? list.origin : { file: list.origin.file, pointer: `${list.origin.pointer}/${i}` };
      count += this.#readItem(list, i, kind, origin, place);
      // A list of a hundred thousand faults is none: the rest is left out, and it proves nothing already.
      if (reading.isFull && !reading.listIsWhole) break;
    }
    this.#noteList(list, kind, place, count);
  }

  /** How many records the item gave. */
  #readItem(list: InputList, index: number, kind: RecordKind, origin: Origin, place: Place): number {
    let value: unknown;
    try {
      value = list.items.at(index);
    } catch (error) {
      if (!(error instanceof JsonTextError)) throw error;
      this.reading.error(error.message, origin, error.remedy);
      this.reading.listIsWhole = false;
      return 0;
    }
    return this.#readRecord(kind, value, origin, place);
  }

  #readRecord(kind: RecordKind, value: unknown, origin: Origin, place: Place): number {
    const { reading } = this;
    switch (kind) {
      case 'instances': {
        const read = readInstance(reading, value, origin, place, this.#knownInterfaces);
        if (read === null) reading.listIsWhole = false;
        return read === null || read === GONE ? 0 : this.#keepInstances([read]);
      }
      case 'reservations':
        return this.#keepInstances(readReservation(reading, value, origin, place, this.#knownInterfaces));
      case 'securityGroupRules': {
        const rule = readSecurityGroupRule(reading, value, origin, place);
        if (rule === null) reading.listIsWhole = false;
        else this.#rules.push(rule);
        return rule === null ? 0 : 1;
      }
      case 'vpcAttributes': {
        const attribute = readVpcAttribute(reading, value, origin);
        if (attribute !== null) this.#dnsSupport.push(attribute);
        return 1;
      }
      default:
        if (isTransitPart(kind)) return this.#transit.read(kind, this.reading, value, origin, place);
        if (isBalancerPart(kind)) return this.#balancing.read(reading, kind, value, origin, place);
        return this.#keep(kind, value, origin, place);
    }
  }

  #keep<K extends SimpleKind>(kind: K, value: unknown, origin: Origin, place: Place): number {
    const record = KIND_READERS[kind].read(this.reading, value, origin, place);
    if (record === null) {
      this.reading.listIsWhole = false;
      return 0;
    }
    this.#collected[kind].add(record);
    return 1;
  }

  #keepInstances(read: readonly InstanceRead[]): number {
    for (const { instance, interfaces } of read) {
      this.#instances.add(instance);
      for (const each of interfaces) this.#embedded.add(each);
      this.#interfacesInList += interfaces.length;
    }
    return read.length;
  }

  /** Notes what a list is good for: whether what is not in it does not exist. */
  #noteList(list: InputList, kind: RecordKind, place: Place, count: number): void {
    const complete = this.reading.listIsWhole;
    const note = (as: Kind, isComplete: boolean): ListRead => {
      return { kind: as, ...spokenFor(as, place), count, complete: isComplete, origin: list.origin };
    };
    switch (kind) {
      case 'vpcAttributes':
        return;
      case 'securityGroupRules':
        this.#ruleLists.push(note('securityGroups', complete));
        return;
      case 'reservations':
      case 'instances': {
        const read = note('instances', complete);
        this.#lists.push(read);
        this.#instanceLists.push({ list: read, interfaces: this.#interfacesInList, npGuard: list.npGuard });
        return;
      }
      case 'prefixLists':
        // The entries of one list say nothing about the others.
        if (list.key === AWS_PREFIX_LISTS) this.#awsPrefixLists.push(note(kind, complete));
        else if (!list.isRecord) this.#lists.push(note(kind, complete));
        return;
      default:
        if (isTransitPart(kind)) this.#transit.note(kind, note('transitGatewayAttachments', complete));
        else if (isBalancerPart(kind)) this.#balancing.endList(kind, note('loadBalancers', complete), list.isRecord);
        // One answer about one record says nothing about the others; of Block Public Access there is one for each place.
        else if (!list.isRecord || kind === 'blockPublicAccess') this.#lists.push(note(kind, complete));
    }
  }

  /** The network of all documents. */
  network(): Network {
    const { reading } = this;
    const merged = mergedCollections(reading, this.#collected);
    const records = {
      ...merged,
      ...this.#transit.completed(reading, merged),
      ...this.#balancing.complete(reading, merged, this.#lists),
      vpcs: withDnsSupport(merged.vpcs, this.#dnsSupport),
      securityGroups: joinRules(reading, merged.securityGroups, this.#rules, this.#ruleLists),
      networkInterfaces: pairElasticAddresses(reading, this.#allInterfaces(), merged.elasticAddresses),
      instances: this.#instances.merged(reading),
      lists: this.#finalLists(),
      unmodelled: [...this.#unmodelled].sort(
        (a, b) => compareTexts(a.key, b.key) || compareOrigins(a.origin, b.origin),
      ),
    };
    noteUnreadFirewalls(reading, records);
    crossCheck(reading, records);
    return { ...records, problems: reading.problems, facts: reading.facts };
  }

  /**
   * Interfaces, with those that only the records of instances show. The latter are interfaces of instances alone, so nothing
   * about those of other services is known; but np-guard's format describes networks of instances and nothing else, and its
   * list of instances is the list of everything with an address.
   */
  #allInterfaces(): Network['networkInterfaces'] {
    const own = this.#collected.networkInterfaces.merged(this.reading);
    const places = placesOf(this.#lists, 'networkInterfaces');
    for (const { list, interfaces, npGuard } of this.#instanceLists) {
      if (places.some((place) => speaksFor(place, list))) continue;
      const complete = npGuard && list.complete;
      this.#lists.push({ ...list, kind: 'networkInterfaces', count: interfaces, complete });
    }
    if (this.#embedded.isEmpty) return own;
    const ids = new Set(own.map(({ id }) => id));
    const others = this.#embedded.merged(this.reading, ids);
    return others.length === 0 ? own : [...own, ...others].sort((a, b) => compareTexts(a.id, b.id));
  }

  #finalLists(): readonly ListRead[] {
    const lists = [...this.#lists, ...this.#transit.lists(this.#lists)];
    const managed = placesOf(lists, 'prefixLists');
    for (const list of this.#awsPrefixLists) {
      lists.push(managed.some((place) => speaksFor(place, list)) ? list : { ...list, complete: false });
    }
    lists.push(...this.#balancing.lists(lists));
    // Rules prove nothing about groups without rules. Where the groups were read too, their own list speaks.
    const groups = placesOf(this.#lists, 'securityGroups');
    for (const list of this.#ruleLists) {
      if (!groups.some((place) => speaksFor(place, list))) lists.push({ ...list, complete: false });
    }
    return lists.sort((a, b) => compareTexts(a.kind, b.kind) || compareOrigins(a.origin, b.origin));
  }
}

function isOfInstances({ kind }: InputList): boolean {
  return kind === 'reservations' || kind === 'instances';
}

function withDnsSupport(vpcs: Network['vpcs'], read: readonly DnsSupport[]): Network['vpcs'] {
  if (read.length === 0) return vpcs;
  const enabled = new Map(read.map((attribute) => [attribute.vpcId, attribute.enabled]));
  return vpcs.map((vpc) => ({ ...vpc, dnsSupport: enabled.get(vpc.id) ?? null }));
}

function compareOrigins(a: Origin, b: Origin): number {
  return compareTexts(a.file, b.file) || compareTexts(a.pointer, b.pointer);
}
