/** Ids become indices, once. Every relation that compiling follows is an array here; what does not resolve is NONE. */

import type { InternetGateway } from '../model/gateway.ts';
import type { Network } from '../model/network.ts';
import type { NetworkInterface } from '../model/network-interface.ts';
import type { Resource } from '../model/resource.ts';
import type { Prefix } from '../net/prefix.ts';
import { hostPrefix } from '../net/prefix.ts';
import { type GroupSets, groupSetsOf } from './group-sets.ts';

export const NONE = -1;

export interface Names {
  readonly vpc: ReadonlyMap<string, number>;
  readonly subnet: ReadonlyMap<string, number>;
  readonly routeTable: ReadonlyMap<string, number>;
  readonly networkAcl: ReadonlyMap<string, number>;
  readonly eni: ReadonlyMap<string, number>;
  readonly instance: ReadonlyMap<string, number>;
  readonly nat: ReadonlyMap<string, number>;
  readonly peering: ReadonlyMap<string, number>;
  readonly prefixList: ReadonlyMap<string, number>;
  readonly internetGateway: ReadonlyMap<string, number>;
  readonly egressOnlyGateway: ReadonlyMap<string, number>;
  readonly group: ReadonlyMap<string, number>;
  readonly groupSets: GroupSets;
  readonly subnetsOfVpc: readonly (readonly number[])[];
  readonly enisOfVpc: readonly (readonly number[])[];
  readonly enisOfSubnet: readonly (readonly number[])[];
  readonly enisOfInstance: ReadonlyMap<string, readonly number[]>;
  /** Index of the instance's record, or NONE. */
  readonly instanceOfEni: readonly number[];
  /** Peerings that a VPC is an end of, whatever their state. */
  readonly peeringsOfVpc: readonly (readonly number[])[];
  /** Gateways that name a VPC in an attachment, whatever its state. */
  readonly internetGatewaysOfVpc: readonly (readonly number[])[];
  readonly egressOnlyGatewaysOfVpc: readonly (readonly number[])[];
  /** By the ids that the gateways themselves give. */
  readonly natsOfVpc: ReadonlyMap<string, readonly number[]>;
  readonly natsOfSubnet: ReadonlyMap<string, readonly number[]>;
  /** VPC of each subnet and interface, or NONE. */
  readonly vpcOfSubnet: readonly number[];
  readonly vpcOfEni: readonly number[];
  readonly subnetOfEni: readonly number[];
  /** The table that governs each subnet (RT-01), or NONE where the snapshot does not say. */
  readonly routeTableOfSubnet: readonly number[];
  /** NACL-01. */
  readonly networkAclOfSubnet: readonly number[];
  /** Table of each gateway id that has one (RT-15). */
  readonly routeTableOfGateway: ReadonlyMap<string, number>;
}

function indexById(resources: readonly Resource[]): ReadonlyMap<string, number> {
  const indices = new Map<string, number>();
  resources.forEach(({ id }, index) => {
    indices.set(id, index);
  });
  return indices;
}

/** Member indices by owner index, in order. */
function groupBy(owners: number, ownerOf: readonly number[]): readonly (readonly number[])[] {
  const members: number[][] = Array.from({ length: owners }, () => []);
  ownerOf.forEach((owner, member) => {
    if (owner !== NONE) members[owner]!.push(member);
  });
  return members;
}

/** Member indices by the ids that each member names, in order; a member that names an id twice counts once. */
function groupById<T>(
  members: readonly T[],
  idsOf: (member: T) => readonly (string | null)[],
): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  members.forEach((member, index) => {
    for (const id of idsOf(member)) {
      if (id === null) continue;
      const group = groups.get(id);
      if (group === undefined) groups.set(id, [index]);
      else if (group[group.length - 1] !== index) group.push(index);
    }
  });
  return groups;
}

/** Two records that claim the same thing contradict each other: neither is believed. */
function assign(owners: Map<string, number>, id: string, owner: number): void {
  owners.set(id, owners.has(id) && owners.get(id) !== owner ? NONE : owner);
}

export function nameNetwork(network: Network): Names {
  const vpc = indexById(network.vpcs);
  const subnet = indexById(network.subnets);
  const vpcOfSubnet = network.subnets.map((s) => vpc.get(s.vpcId) ?? NONE);
  const subnetOfEni = network.networkInterfaces.map((e) => subnet.get(e.subnetId) ?? NONE);
  const vpcOfEni = network.networkInterfaces.map((e, i) => {
    const at = subnetOfEni[i]!;
    return vpc.get(e.vpcId) ?? (at === NONE ? NONE : vpcOfSubnet[at]!);
  });

  const explicitTable = new Map<string, number>();
  const mainTable = new Map<string, number>();
  const routeTableOfGateway = new Map<string, number>();
  network.routeTables.forEach((table, index) => {
    for (const id of table.subnetIds) assign(explicitTable, id, index);
    for (const id of table.gatewayIds) assign(routeTableOfGateway, id, index);
    if (table.isMain) assign(mainTable, table.vpcId, index);
  });
  const explicitAcl = new Map<string, number>();
  const defaultAcl = new Map<string, number>();
  network.networkAcls.forEach((acl, index) => {
    for (const id of acl.subnetIds) assign(explicitAcl, id, index);
    if (acl.isDefault) assign(defaultAcl, acl.vpcId, index);
  });

  const group = new Map<string, number>();
  const nameGroup = (id: string): void => {
    if (!group.has(id)) group.set(id, group.size);
  };
  for (const record of network.securityGroups) nameGroup(record.id);
  for (const record of network.securityGroups) {
    for (const { peer } of record.rules) if (peer.kind === 'group') nameGroup(peer.groupId);
  }
  for (const eni of network.networkInterfaces) eni.groupIds.forEach(nameGroup);

  const byVpc = <T>(members: readonly T[], idsOf: (member: T) => readonly string[]): readonly (readonly number[])[] => {
    const groups = groupById(members, idsOf);
    return network.vpcs.map(({ id }) => groups.get(id) ?? []);
  };
  const attachedTo = ({ attachments }: Pick<InternetGateway, 'attachments'>): readonly string[] =>
    attachments.map(({ vpcId }) => vpcId);
  const instance = indexById(network.instances);

  return {
    vpc,
    subnet,
    routeTable: indexById(network.routeTables),
    networkAcl: indexById(network.networkAcls),
    eni: indexById(network.networkInterfaces),
    instance,
    nat: indexById(network.natGateways),
    peering: indexById(network.peerings),
    prefixList: indexById(network.prefixLists),
    internetGateway: indexById(network.internetGateways),
    egressOnlyGateway: indexById(network.egressOnlyGateways),
    group,
    groupSets: groupSetsOf(network.networkInterfaces, group),
    subnetsOfVpc: groupBy(network.vpcs.length, vpcOfSubnet),
    enisOfVpc: groupBy(network.vpcs.length, vpcOfEni),
    enisOfSubnet: groupBy(network.subnets.length, subnetOfEni),
    enisOfInstance: groupById(network.networkInterfaces, ({ instanceId }) => [instanceId]),
    instanceOfEni: network.networkInterfaces.map(({ instanceId }) =>
      instanceId === null ? NONE : (instance.get(instanceId) ?? NONE),
    ),
    peeringsOfVpc: byVpc(network.peerings, ({ requester, accepter }) => [requester.vpcId, accepter.vpcId]),
    internetGatewaysOfVpc: byVpc(network.internetGateways, attachedTo),
    egressOnlyGatewaysOfVpc: byVpc(network.egressOnlyGateways, attachedTo),
    natsOfVpc: groupById(network.natGateways, ({ vpcId }) => [vpcId]),
    natsOfSubnet: groupById(network.natGateways, ({ subnetId }) => [subnetId]),
    vpcOfSubnet,
    vpcOfEni,
    subnetOfEni,
    routeTableOfSubnet: network.subnets.map((s) => explicitTable.get(s.id) ?? mainTable.get(s.vpcId) ?? NONE),
    networkAclOfSubnet: network.subnets.map((s) => explicitAcl.get(s.id) ?? defaultAcl.get(s.vpcId) ?? NONE),
    routeTableOfGateway,
  };
}

/** Every address that belongs to the interface: private v4, v6, and delegated prefixes (CMP-01, OPEN-06). */
export function ownPrefixes(eni: NetworkInterface): readonly Prefix[] {
  return [
    ...eni.privateAddresses.map(({ address }) => hostPrefix(address)),
    ...eni.ipv6Addresses.map(hostPrefix),
    ...eni.delegated,
  ];
}
