/**
 * Which places a difference can touch, where it is local: rules of groups, groups of interfaces, entries of network ACLs. Between
 * two untouched places every stage on the way asks in both networks what it asked before, so they need not be compared.
 *
 * Anything else (a route, an address, a gateway, what a snapshot knows) may lead packets elsewhere, and so may a local difference at
 * a place that others are led through: then everything is compared.
 */

import { ownPrefixes } from '../compile/names.ts';
import { KINDS, type Kind, type Network } from '../model/network.ts';
import type { NetworkInterface } from '../model/network-interface.ts';
import type { Resource } from '../model/resource.ts';
import type { Address } from '../net/address.ts';
import { hostPrefix, type Prefix, prefixContains, prefixesOverlap } from '../net/prefix.ts';
import { sameData } from './same-data.ts';

/** Fields of records that no packet ever meets. */
const WITHOUT_EFFECT = ['origin', 'name', 'tags'];

/** Fields whose difference is local. */
const LOCAL: Partial<Record<Kind, readonly string[]>> = {
  securityGroups: ['rules', 'gaps', 'groupName'],
  networkAcls: ['entries', 'unreadable'],
  networkInterfaces: ['groupIds', 'description'],
};

/** Reports whether packets to or from an address may fare differently. */
export type Touches = (address: Address) => boolean;

/** Null where everything has to be compared. */
export function touchedPlaces(before: Network, after: Network): Touches | null {
  const groups = new Set<string>();
  const acls = new Set<string>();
  const interfaces = new Set<string>();
  const touched: Partial<Record<Kind, Set<string>>> = {
    securityGroups: groups,
    networkAcls: acls,
    networkInterfaces: interfaces,
  };
  if (!sameKnowledge(before, after)) return null;
  for (const kind of KINDS) {
    const [was, is] = [before[kind] as readonly Resource[], after[kind] as readonly Resource[]];
    if (was === is) continue;
    if (was.length !== is.length) return null;
    for (const [index, record] of was.entries()) {
      const other = is[index]!;
      if (record === other || isSame(record, other, WITHOUT_EFFECT)) continue;
      if (!isSame(record, other, [...WITHOUT_EFFECT, ...(LOCAL[kind] ?? [])])) return null;
      touched[kind]!.add(record.id);
    }
  }
  const subnets = subnetsOf(before, acls);
  for (const network of [before, after]) {
    for (const { id, groupIds } of network.networkInterfaces) {
      if (groupIds.some((group) => groups.has(group))) interfaces.add(id);
    }
  }
  const places = before.networkInterfaces.filter(({ id, subnetId }) => interfaces.has(id) || subnets.has(subnetId));
  if (leadsThrough(before, places, subnets)) return null;
  const blocks = before.subnets.filter(({ id }) => subnets.has(id)).flatMap(({ cidrs }) => cidrs);
  return touchesOf([...blocks, ...places.flatMap(addressesOf)]);
}

/** Equal but for these fields and, inside, for where things were read. */
function isSame(a: Resource, b: Resource, except: readonly string[]): boolean {
  const rest = (record: Resource): object =>
    Object.fromEntries(Object.entries(record).filter(([field]) => !except.includes(field)));
  return a.id === b.id && sameData(rest(a), rest(b), 'origin');
}

/** What the snapshots hold besides records decides what is unknown. */
function sameKnowledge(before: Network, after: Network): boolean {
  const knowledge = ({ lists, facts, unmodelled }: Network): unknown => ({
    lists: lists.map(({ kind, account, region, complete }) => ({ kind, account, region, complete })),
    facts,
    unmodelled: unmodelled.map(({ key, account, region }) => ({ key, account, region })),
  });
  return sameData(knowledge(before), knowledge(after), 'origin');
}

/** Subnets that one of the ACLs may serve: as named, or as the default of their VPC (NACL-01). */
function subnetsOf({ networkAcls, subnets }: Network, acls: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { id, isDefault, vpcId, subnetIds } of networkAcls) {
    if (!acls.has(id)) continue;
    for (const subnet of subnetIds) found.add(subnet);
    if (isDefault) for (const subnet of subnets) if (subnet.vpcId === vpcId) found.add(subnet.id);
  }
  return found;
}

/** Whether packets between other places may come by: at an appliance that routes lead to, or a NAT gateway. */
function leadsThrough(
  { routeTables, natGateways }: Network,
  places: readonly NetworkInterface[],
  subnets: ReadonlySet<string>,
): boolean {
  const targets = new Set(
    routeTables.flatMap(({ routes }) => routes.flatMap(({ target }) => ('id' in target ? [target.id] : []))),
  );
  return (
    places.some(
      ({ id, instanceId, owner }) =>
        owner === 'nat-gateway' || targets.has(id) || (instanceId !== null && targets.has(instanceId)),
    ) || natGateways.some(({ subnetId }) => subnets.size > 0 && (subnetId === null || subnets.has(subnetId)))
  );
}

/** Somebody else may have the same address: packets to one may reach the other. */
function addressesOf(eni: NetworkInterface): readonly Prefix[] {
  const publics = eni.privateAddresses.flatMap(({ publicAddress }) => (publicAddress === null ? [] : [publicAddress]));
  return [...ownPrefixes(eni), ...publics.map(hostPrefix)];
}

function touchesOf(prefixes: readonly Prefix[]): Touches {
  // Asked once an address of the network: IPv4 needs no text.
  const hosts = new Set<string | number>();
  const blocks: Prefix[] = [];
  const key = ({ family, w0, w1, w2, w3 }: Address): string | number => (family === 4 ? w0 : `${w0} ${w1} ${w2} ${w3}`);
  for (const prefix of prefixes) {
    if (prefix.length === (prefix.address.family === 4 ? 32 : 128)) hosts.add(key(prefix.address));
    else if (!blocks.some((block) => prefixesOverlap(block, prefix) && block.length <= prefix.length))
      blocks.push(prefix);
  }
  return (address) => hosts.has(key(address)) || blocks.some((block) => prefixContains(block, address));
}
