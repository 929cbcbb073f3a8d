/** Documents into one network: what was read of each kind, joined at the end. */

import type { Kind, ListRead, Network, UnmodelledList } from '../model/network.ts';
import type { Origin } from '../model/origin.ts';
import type { Resource } from '../model/resource.ts';
import { crossCheck } from './cross-check.ts';
import { type InputList, listsOf, type Tear } from './document.ts';
import { readEgressOnlyGateway, readInternetGateway, readNatGateway } from './gateway-records.ts';
import { GONE, type InstanceRead, readElasticAddress, readInstance, readReservation } from './instance-records.ts';
import { joinRules } from './join-rules.ts';
import { JsonTextError } from './json-text-error.ts';
import type { Limits } from './limits.ts';
import { AWS_PREFIX_LISTS, type RecordKind } from './list-keys.ts';
import { placesOf, speaksFor } from './list-places.ts';
import { Collected, compareTexts } from './merge.ts';
import { readNetworkAcl } from './network-acl-records.ts';
import { readNetworkInterface } from './network-interface-records.ts';
import { pairElasticAddresses } from './pair-addresses.ts';
import { mergePeerings, readPeering } from './peering-records.ts';
import { type Place, placeOfFile } from './place.ts';
import { mergePrefixLists, readPrefixList } from './prefix-list-records.ts';
import { Reading } from './reading.ts';
import { readRouteTable } from './route-table-records.ts';
import { readSecurityGroup } from './security-group-records.ts';
import { type LooseRule, readSecurityGroupRule } from './security-group-rule-records.ts';
import { type DnsSupport, readSubnet, readVpc, readVpcAttribute } from './vpc-records.ts';

type RecordOf<K extends Kind> = Network[K][number];

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

  readonly #vpcs = new Collected<RecordOf<'vpcs'>>('VPC');
  readonly #subnets = new Collected<RecordOf<'subnets'>>('subnet');
  readonly #routeTables = new Collected<RecordOf<'routeTables'>>('route table');
  readonly #internetGateways = new Collected<RecordOf<'internetGateways'>>('internet gateway');
  readonly #egressOnlyGateways = new Collected<RecordOf<'egressOnlyGateways'>>('egress-only gateway');
  readonly #natGateways = new Collected<RecordOf<'natGateways'>>('NAT gateway');
  readonly #networkAcls = new Collected<RecordOf<'networkAcls'>>('network ACL');
  readonly #securityGroups = new Collected<RecordOf<'securityGroups'>>('security group');
  readonly #prefixLists = new Collected<RecordOf<'prefixLists'>>('prefix list', mergePrefixLists);
  readonly #interfaces = new Collected<RecordOf<'networkInterfaces'>>('network interface');
  /** Interfaces as the records of instances show them; used where the interface has no record of its own. */
  readonly #embedded = new Collected<RecordOf<'networkInterfaces'>>('network interface');
  readonly #instances = new Collected<RecordOf<'instances'>>('instance');
  readonly #elasticAddresses = new Collected<RecordOf<'elasticAddresses'>>('Elastic IP address');
  readonly #peerings = new Collected<RecordOf<'peerings'>>('peering connection', mergePeerings);
  readonly #rules: LooseRule[] = [];
  readonly #ruleLists: ListRead[] = [];
  readonly #dnsSupport: DnsSupport[] = [];

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
      this.#prefixLists.isEmpty &&
      this.#dnsSupport.length === 0
    );
  }

  /** Reads a document, or what was read of it before its text could not be read further. */
  add(file: string, json: unknown, tear: Tear | null = null): void {
    const place = placeOfFile(file);
    const lists = listsOf(this.reading, file, json, tear, this.#maxDepth);
    for (const list of lists) if (!isOfInstances(list)) this.#addList(list, place);
    // Instances repeat their interfaces, which are not read again where they are known.
    const ofInstances = lists.filter(isOfInstances);
    if (ofInstances.length > 0) this.#knownInterfaces = this.#interfaces.ids();
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
      case 'vpcs':
        return this.#keep(this.#vpcs, readVpc(reading, value, origin, place));
      case 'subnets':
        return this.#keep(this.#subnets, readSubnet(reading, value, origin, place));
      case 'routeTables':
        return this.#keep(this.#routeTables, readRouteTable(reading, value, origin, place));
      case 'internetGateways':
        return this.#keep(this.#internetGateways, readInternetGateway(reading, value, origin, place));
      case 'egressOnlyGateways':
        return this.#keep(this.#egressOnlyGateways, readEgressOnlyGateway(reading, value, origin, place));
      case 'natGateways':
        return this.#keep(this.#natGateways, readNatGateway(reading, value, origin, place));
      case 'networkAcls':
        return this.#keep(this.#networkAcls, readNetworkAcl(reading, value, origin, place));
      case 'securityGroups':
        return this.#keep(this.#securityGroups, readSecurityGroup(reading, value, origin, place));
      case 'prefixLists':
        return this.#keep(this.#prefixLists, readPrefixList(reading, value, origin, place));
      case 'networkInterfaces':
        return this.#keep(this.#interfaces, readNetworkInterface(reading, value, origin, place));
      case 'elasticAddresses':
        return this.#keep(this.#elasticAddresses, readElasticAddress(reading, value, origin, place));
      case 'peerings':
        return this.#keep(this.#peerings, readPeering(reading, value, origin, place));
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
    }
  }

  #keep<T extends Resource>(collected: Collected<T>, record: T | null): number {
    if (record === null) {
      this.reading.listIsWhole = false;
      return 0;
    }
    collected.add(record);
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
      return { kind: as, ...place, count, complete: isComplete, origin: list.origin };
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
        this.#lists.push(note(kind, complete));
    }
  }

  /** The network of all documents. */
  network(): Network {
    const { reading } = this;
    const elasticAddresses = this.#elasticAddresses.merged(reading);
    const interfaces = pairElasticAddresses(reading, this.#allInterfaces(), elasticAddresses);
    const groups = joinRules(reading, this.#securityGroups.merged(reading), this.#rules, this.#ruleLists);
    const records = {
      vpcs: withDnsSupport(this.#vpcs.merged(reading), this.#dnsSupport),
      subnets: this.#subnets.merged(reading),
      routeTables: this.#routeTables.merged(reading),
      internetGateways: this.#internetGateways.merged(reading),
      egressOnlyGateways: this.#egressOnlyGateways.merged(reading),
      natGateways: this.#natGateways.merged(reading),
      networkAcls: this.#networkAcls.merged(reading),
      securityGroups: groups,
      prefixLists: this.#prefixLists.merged(reading),
      networkInterfaces: interfaces,
      instances: this.#instances.merged(reading),
      elasticAddresses,
      peerings: this.#peerings.merged(reading),
      lists: this.#finalLists(),
      unmodelled: [...this.#unmodelled].sort(
        (a, b) => compareTexts(a.key, b.key) || compareOrigins(a.origin, b.origin),
      ),
    };
    crossCheck(reading, records);
    return { ...records, problems: reading.problems, facts: reading.facts };
  }

  /**
   * Interfaces, with those that only the records of instances show. The latter are interfaces of instances alone, so nothing
   * about those of other services is known; but np-guard's format describes networks of instances and nothing else, and its
   * list of instances is the list of everything with an address.
   */
  #allInterfaces(): Network['networkInterfaces'] {
    const own = this.#interfaces.merged(this.reading);
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
    const lists = [...this.#lists];
    const managed = placesOf(lists, 'prefixLists');
    for (const list of this.#awsPrefixLists) {
      lists.push(managed.some((place) => speaksFor(place, list)) ? list : { ...list, complete: false });
    }
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
