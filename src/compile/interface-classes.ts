/**
 * Interfaces that the network cannot tell apart.
 *
 * Two interfaces are of one class when exchanging them changes nothing but their names: equal subnet, groups, state and checks, and
 * addresses that no rule, route or block separates. Whatever passes between one of them and anyone else passes for the other. All
 * questions about many interfaces are asked once a class.
 *
 * An interface that something names (a route leads to it, a missing fact is about it, a NAT gateway is behind it) is alone in its
 * class. Caution costs speed only: a class that is too fine is asked twice.
 */

import type { Network } from '../model/network.ts';
import type { NetworkInterface } from '../model/network-interface.ts';
import type { Address } from '../net/address.ts';
import { formatAddress } from '../net/address-text.ts';
import { type Prefix, prefixKey } from '../net/prefix.ts';
import { rankOf, ranksOf } from './address-space.ts';

import { blocksOf } from './bounds.ts';
import type { Compiled } from './compile.ts';
import { buildLookup, find, type Lookup } from './lookup.ts';
import type { Names } from './names.ts';

export interface InterfaceClasses {
  /** Class of each interface, numbered in the order of their first members. */
  readonly classOf: Int32Array;
  readonly members: readonly (readonly number[])[];
  /**
   * What each interface is besides its groups and addresses, as a number that is equal where that is equal. Packets of an address care
   * for this, the groups and that address.
   */
  readonly natureOf: Int32Array;
  /** The same with its groups. */
  readonly kindOf: Int32Array;
  /** Interfaces that something names: each has a nature of its own, and nothing says that its own addresses fare alike. */
  readonly isNamed: Uint8Array;
  /** Rank to a number that is equal for addresses which no rule, route or block separates, whoever holds them. */
  readonly separated: Lookup;
}

/** What interfaces are besides their addresses. */
type Natures = Pick<InterfaceClasses, 'natureOf' | 'kindOf' | 'isNamed'>;

export function interfaceClasses(compiled: Compiled, natures: Natures = naturesOf(compiled)): InterfaceClasses {
  const { network, space } = compiled;
  const separated = buildLookup(
    blocksOf(network).map((prefix, value) => ({ ranks: ranksOf(space, prefix), length: prefix.length, value })),
  );
  const { natureOf, kindOf, isNamed } = natures;
  const enis = network.networkInterfaces;
  const word = (address: Address): string => `${address.family}:${find(separated, rankOf(space, address))}`;
  let classOf: Int32Array | null = null;
  let members: readonly (readonly number[])[] | null = null;
  return {
    natureOf,
    kindOf,
    isNamed,
    separated,
    // Many questions are about kinds alone.
    get classOf() {
      classOf ??= numbered(enis, (eni, index) => `${kindOf[index]} ${addressText(eni, word)}`);
      return classOf;
    },
    get members() {
      members ??= membersOf(this.classOf);
      return members;
    },
  };
}

function naturesOf({ network, names, facts }: Compiled): Natures {
  const named = namedThings(network, facts);
  const shared = sharedAddresses(network);
  const enis = network.networkInterfaces;
  const isNamed = Uint8Array.from(enis, (eni) => (isAlone(eni, names, named, shared) ? 1 : 0));
  const natureOf = numbered(enis, (eni, index) => (isNamed[index] === 1 ? eni.id : natureText(network, names, eni)));
  const kindOf = numbered(enis, ({ groupIds }, index) => `${natureOf[index]} ${[...groupIds].sort().join(' ')}`);
  return { natureOf, kindOf, isNamed };
}

/**
 * Classes of a recompiled network (`recompile.ts`), from those of a network that it shares its names with. Only rules differ: what an
 * interface is stays the same, and addresses that are separated may have become more. A block that no rule names any more still
 * separates: such classes are a little finer than they need be.
 */
export function classesAfterRules(
  classes: InterfaceClasses,
  blocks: ReadonlySet<string>,
  before: Network,
  after: Compiled,
): InterfaceClasses {
  return changedPeers(before, after.network).every((peer) => blocks.has(prefixKey(peer)))
    ? classes
    : interfaceClasses(after, classes);
}

/** Keys of all blocks that separate addresses. */
export function separatingBlocks(network: Network): ReadonlySet<string> {
  return new Set(blocksOf(network).map(prefixKey));
}

/** Blocks that rules name which are not the same object as before. */
function changedPeers(before: Network, after: Network): readonly Prefix[] {
  const peers: Prefix[] = [];
  after.securityGroups.forEach((group, index) => {
    if (group === before.securityGroups[index]) return;
    for (const { peer } of group.rules) if (peer.kind === 'cidr') peers.push(peer.prefix);
  });
  after.networkAcls.forEach((acl, index) => {
    if (acl === before.networkAcls[index]) return;
    for (const { peer } of acl.entries) peers.push(peer);
  });
  return peers;
}

/** A text for each address: that of people is costly for IPv6. */
function addressKey({ family, w0, w1, w2, w3 }: Address): string {
  return family === 4 ? `${w0}` : `${w0}:${w1}:${w2}:${w3}`;
}

/** Equal texts get equal numbers, counted in the order in which they are met. */
function numbered<T>(items: readonly T[], textOf: (item: T, index: number) => string): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(items, (item, index) => {
    const text = textOf(item, index);
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  });
}

function membersOf(classOf: Int32Array): readonly (readonly number[])[] {
  const members: number[][] = [];
  classOf.forEach((own, eni) => {
    const known = members[own];
    if (known === undefined) members[own] = [eni];
    else known.push(eni);
  });
  return members;
}

function natureText(network: Network, names: Names, eni: NetworkInterface): string {
  const { subnetId, vpcId, status, owner, sourceDestCheck, denyAllIgwTraffic, instanceId, groupIds } = eni;
  const instance = instanceId === null ? undefined : names.instance.get(instanceId);
  const state = instance === undefined ? '' : network.instances[instance]!.state;
  const carriesNone = groupIds.length === 0;
  return JSON.stringify([subnetId, vpcId, status, owner, sourceDestCheck, denyAllIgwTraffic, carriesNone, state]);
}

function addressText(eni: NetworkInterface, word: (address: Address) => string): string {
  const texts = [
    ...eni.privateAddresses.map(
      ({ address, isPrimary, publicAddress }) =>
        `${word(address)}${isPrimary ? '!' : ''}/${publicAddress === null ? '' : word(publicAddress)}`,
    ),
    ...eni.ipv6Addresses.map(word),
  ];
  return texts.sort().join(' ');
}

/** Everything that a route, a NAT gateway, a target group or a missing fact names. */
function namedThings(network: Network, facts: Compiled['facts']): ReadonlySet<string> {
  const named = new Set<string>();
  for (const { routes } of network.routeTables) {
    for (const { target } of routes) if ('id' in target) named.add(target.id);
  }
  for (const { addresses } of network.natGateways) {
    for (const { interfaceId, privateAddress, publicAddress } of addresses) {
      if (interfaceId !== null) named.add(interfaceId);
      for (const address of [privateAddress, publicAddress]) if (address !== null) named.add(formatAddress(address));
    }
  }
  for (const { targets } of network.targetGroups) for (const { id } of targets ?? []) named.add(id);
  for (const { key } of facts) for (const word of key.split(':')) named.add(word);
  return named;
}

/** Addresses that several interfaces claim: of one VPC in contradiction, of two VPCs because their blocks overlap. */
function sharedAddresses(network: Network): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const eni of network.networkInterfaces) {
    for (const address of claimsOf(eni)) {
      if (seen.has(address)) shared.add(address);
      seen.add(address);
    }
  }
  return shared;
}

function claimsOf({ privateAddresses, ipv6Addresses }: NetworkInterface): readonly string[] {
  return [
    ...privateAddresses.map(({ address }) => addressKey(address)),
    ...ipv6Addresses.map(addressKey),
    ...privateAddresses.flatMap(({ publicAddress }) => (publicAddress === null ? [] : [addressKey(publicAddress)])),
  ];
}

/** Owners whose interfaces differ in nothing but what is compared; who answers at any other is a matter of its own. */
const ALIKE: ReadonlySet<NetworkInterface['owner']> = new Set(['instance', 'other', 'lambda']);

function isAlone(
  eni: NetworkInterface,
  names: Names,
  named: ReadonlySet<string>,
  shared: ReadonlySet<string>,
): boolean {
  const { id, instanceId, owner, delegated, privateAddresses } = eni;
  return (
    !ALIKE.has(owner) ||
    named.has(id) ||
    delegated.length > 0 ||
    (instanceId !== null && (named.has(instanceId) || (names.enisOfInstance.get(instanceId)?.length ?? 0) > 1)) ||
    privateAddresses.some(
      ({ address, publicAddress }) =>
        named.has(formatAddress(address)) || (publicAddress !== null && named.has(formatAddress(publicAddress))),
    ) ||
    claimsOf(eni).some((claim) => shared.has(claim))
  );
}
