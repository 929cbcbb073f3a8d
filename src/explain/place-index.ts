/** Which places of a network an address, an id, a name or a tag means: worked out once a network, asked once a question. */

import type { Compiled } from '../compile/compile.ts';
import { ownPrefixes } from '../compile/names.ts';
import { REFUSED_BY_INTERNET } from '../compile/special-addresses.ts';
import type { NetworkInterface } from '../model/network-interface.ts';
import type { Resource } from '../model/resource.ts';
import { type Address, addressBits, compareAddresses } from '../net/address.ts';
import {
  type AddressSet,
  ALL_ADDRESSES,
  addressSet,
  intersectAddresses,
  NO_ADDRESSES,
  subtractAddresses,
} from '../net/address-set.ts';
import { hostPrefix, lastAddress, type Prefix, prefixesOverlap } from '../net/prefix.ts';
import { fitsPattern } from './name-pattern.ts';
import { type Places, unionPlaces } from './places.ts';

/** Every address that an internet gateway takes for one of the internet (IGW-07). */
const INTERNET: AddressSet = subtractAddresses(
  ALL_ADDRESSES,
  addressSet(REFUSED_BY_INTERNET.map(({ prefix }) => prefix)),
);

export const THE_INTERNET: Places = { held: new Map(), internet: INTERNET };

/** An address by which an interface is known, and the own address that it stands for: itself, or the one it is paired with (IGW-04). */
interface KnownAddress {
  readonly address: Address;
  readonly eni: number;
  readonly own: Address;
}

export class PlaceIndex {
  readonly compiled: Compiled;
  /** All addresses of all interfaces, and the whole internet. */
  readonly everything: Places;
  /** Sorted by address; several interfaces may have the same one, in several VPCs. */
  readonly #addresses: readonly KnownAddress[];
  readonly #delegated: readonly { readonly eni: number; readonly prefix: Prefix }[];
  readonly #enisOfGroup = new Map<string, number[]>();
  /** Name tags and their interfaces, the narrowest kind of resource first. */
  readonly #levels: readonly ReadonlyMap<string, readonly number[]>[];

  constructor(compiled: Compiled) {
    this.compiled = compiled;
    const held = new Map<number, AddressSet>();
    const addresses: KnownAddress[] = [];
    const delegated: { eni: number; prefix: Prefix }[] = [];
    compiled.network.networkInterfaces.forEach((record, eni) => {
      const own = addressSet(ownPrefixes(record));
      if (own.length > 0) held.set(eni, own);
      for (const { address, publicAddress } of record.privateAddresses) {
        addresses.push({ address, eni, own: address });
        if (publicAddress !== null) addresses.push({ address: publicAddress, eni, own: address });
      }
      for (const address of record.ipv6Addresses) addresses.push({ address, eni, own: address });
      for (const prefix of record.delegated) delegated.push({ eni, prefix });
      for (const id of record.groupIds) push(this.#enisOfGroup, id, eni);
    });
    this.everything = { held, internet: INTERNET };
    this.#addresses = addresses.sort((a, b) => compareAddresses(a.address, b.address));
    this.#delegated = delegated;
    const { network, names } = compiled;
    this.#levels = [
      this.#namesOfHosts(),
      namesOf(network.subnets, names.enisOfSubnet),
      namesOf(network.vpcs, names.enisOfVpc),
    ];
  }

  /** All own addresses of these interfaces. */
  ofInterfaces(enis: Iterable<number>): Places {
    const held = new Map<number, AddressSet>();
    for (const eni of enis) {
      const own = this.everything.held.get(eni);
      if (own !== undefined) held.set(eni, own);
    }
    return { held, internet: NO_ADDRESSES };
  }

  /**
   * Own addresses inside the block, own addresses whose public address is inside, and what of the block is on the internet. A single
   * address that an interface has or is paired with means the interface and nobody on the internet.
   */
  inPrefix(prefix: Prefix): Places {
    const wanted = addressSet([prefix]);
    const found: Places[] = [];
    for (const { eni, own } of this.#knownIn(prefix)) {
      found.push({ held: new Map([[eni, addressSet([hostPrefix(own)])]]), internet: NO_ADDRESSES });
    }
    for (const { eni, prefix: block } of this.#delegated) {
      if (!prefixesOverlap(prefix, block)) continue;
      const held = new Map([[eni, intersectAddresses(wanted, addressSet([block]))]]);
      found.push({ held, internet: NO_ADDRESSES });
    }
    const isTaken = prefix.length === addressBits(prefix.address.family) && found.length > 0;
    if (!isTaken) found.push({ held: new Map(), internet: intersectAddresses(wanted, INTERNET) });
    return unionPlaces(found);
  }

  *#knownIn(prefix: Prefix): Iterable<KnownAddress> {
    let low = 0;
    let high = this.#addresses.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareAddresses(this.#addresses[middle]!.address, prefix.address) < 0) low = middle + 1;
      else high = middle;
    }
    const last = lastAddress(prefix);
    for (let i = low; i < this.#addresses.length; i++) {
      const known = this.#addresses[i]!;
      if (compareAddresses(known.address, last) > 0) return;
      yield known;
    }
  }

  /** Interfaces that carry the group. */
  inGroup(id: string): readonly number[] {
    return this.#enisOfGroup.get(id) ?? [];
  }

  /** A gateway to the internet, or one that only routes tell of. */
  isInternetGateway(id: string): boolean {
    const { names, network } = this.compiled;
    if (names.internetGateway.has(id) || names.egressOnlyGateway.has(id)) return true;
    return network.routeTables.some(({ routes }) =>
      routes.some(({ target }) => target.kind === 'internet-gateway' && target.id === id),
    );
  }

  /** Interfaces of the NAT gateway's addresses. */
  ofNat(nat: number): readonly number[] {
    const { addresses } = this.compiled.network.natGateways[nat]!;
    const ids = addresses.map(({ interfaceId }) =>
      interfaceId === null ? undefined : this.compiled.names.eni.get(interfaceId),
    );
    return [...new Set(ids.filter((eni) => eni !== undefined))];
  }

  /**
   * Interfaces that a Name tag means: those of the interfaces, instances and NAT gateways called so; where there are none, of the
   * subnets; where there are none either, of the VPCs. So a VPC called like one of its instances is not meant by that name.
   */
  called(name: string): readonly number[] {
    return this.#levels.find((level) => level.has(name))?.get(name) ?? [];
  }

  /** The same for all names that fit a pattern (see `fitsPattern`). */
  calledLike(pattern: string): readonly number[] {
    for (const level of this.#levels) {
      const found = [...level].flatMap(([name, enis]) => (fitsPattern(name, pattern) ? enis : []));
      if (found.length > 0) return found;
    }
    return [];
  }

  #namesOfHosts(): ReadonlyMap<string, readonly number[]> {
    const { network } = this.compiled;
    const level = new Map<string, number[]>();
    network.networkInterfaces.forEach((record, eni) => {
      for (const name of new Set([record.name, this.#instanceOf(record)?.name ?? null])) {
        if (name !== null) push(level, name, eni);
      }
    });
    network.natGateways.forEach(({ name }, nat) => {
      if (name !== null) for (const eni of this.ofNat(nat)) push(level, name, eni);
    });
    return level;
  }

  /** Interfaces that have the tag, and those whose instance, NAT gateway, subnet or VPC has it. */
  tagged(key: string, value: string): readonly number[] {
    const { network, names } = this.compiled;
    const isTagged = (record: Resource | undefined): boolean =>
      record?.tags.some((tag) => tag.key === key && tag.value === value) ?? false;
    const byNat = new Set(network.natGateways.flatMap((nat, index) => (isTagged(nat) ? this.ofNat(index) : [])));
    const subnets = network.subnets.map(isTagged);
    const vpcs = network.vpcs.map(isTagged);
    return network.networkInterfaces.flatMap((record, eni) => {
      const isMeant =
        byNat.has(eni) ||
        (subnets[names.subnetOfEni[eni]!] ?? false) ||
        (vpcs[names.vpcOfEni[eni]!] ?? false) ||
        isTagged(record) ||
        isTagged(this.#instanceOf(record));
      return isMeant ? [eni] : [];
    });
  }

  #instanceOf({ instanceId }: NetworkInterface): Resource | undefined {
    const index = instanceId === null ? undefined : this.compiled.names.instance.get(instanceId);
    return index === undefined ? undefined : this.compiled.network.instances[index]!;
  }
}

function push<K>(members: Map<K, number[]>, key: K, member: number): void {
  const known = members.get(key);
  if (known === undefined) members.set(key, [member]);
  else known.push(member);
}

function namesOf(
  records: readonly Resource[],
  members: readonly (readonly number[])[],
): ReadonlyMap<string, readonly number[]> {
  const level = new Map<string, number[]>();
  records.forEach(({ name }, index) => {
    if (name !== null) for (const eni of members[index]!) push(level, name, eni);
  });
  return level;
}
