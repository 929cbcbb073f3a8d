/** What a listener of a node may pick: ELB-02, ELB-03, ELB-04, ELB-08, ELB-09, ELB-14, ELB-16, ELB-18, ELB-19, OPEN-21. */

import type { Listener, LoadBalancer, Target, TargetGroup } from '../../src/model/load-balancer.ts';
import type { NetworkInterface } from '../../src/model/network-interface.ts';
import type { Subnet, Vpc } from '../../src/model/vpc.ts';
import type { Address } from '../../src/net/address.ts';
import { parseAddress, parsePrefix } from '../../src/net/address-text.ts';
import { anyContains, byId, subnetAt } from './lookup.ts';
import { drop, lose, refusal, type Walk } from './walk.ts';
import { inSameZone, isZoneAmong } from './zones.ts';

export interface Destination {
  readonly address: Address;
  readonly port: number;
  readonly keepsClient: boolean;
}

/** `itself`: the balancer has the answer. `unknown`: the snapshot does not tell. */
export type Possible = Destination | 'itself' | 'unknown';

/** ELB-14: where targets outside of VPCs may be. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(
  (text) => parsePrefix(text).prefix,
);

/** Never empty: where nothing can be picked the walk ends. */
export function destinationsOf(
  walk: Walk,
  node: NetworkInterface,
  balancer: LoadBalancer,
  { targetGroupArns }: Listener,
): readonly Possible[] {
  const noTarget = refusal('listener', null, 'ELBV2_LISTENER_HAS_NO_TG');
  if (targetGroupArns.length === 0) return balancer.kind === 'application' ? ['itself'] : drop(walk, noTarget);
  const found: Possible[] = [];
  let isAnyElsewhere = false;
  for (const arn of targetGroupArns) {
    const group = walk.network.targetGroups.find((one) => one.arn === arn);
    if (group === undefined || group.targets === null || group.targetType === 'unrecognised') {
      found.push('unknown');
      continue;
    }
    // ELB-16: health does not count; what is being taken away gets no new connections.
    for (const target of group.targets.filter(({ health }) => health !== 'draining')) {
      const here = placesOf(walk, node, group, target);
      const served = here.filter((place) => isServed(walk, node, balancer, group, place));
      if (served.length < here.length) isAnyElsewhere = true;
      found.push(...served.map(({ destination }) => destination));
    }
  }
  if (found.length > 0) return found;
  return drop(
    walk,
    isAnyElsewhere ? refusal('listener', null, 'ELB_NOT_CROSSZONE', 'ELB_INSTALLED_AZ_RESTRICTION') : noTarget,
  );
}

interface Place {
  readonly destination: Possible;
  /** Null for what is in no zone: a target outside of the VPC, or nowhere. */
  readonly subnet: Subnet | null;
}

const NOWHERE = { destination: 'unknown', subnet: null } as const;

function placesOf(walk: Walk, node: NetworkInterface, group: TargetGroup, target: Target): readonly Place[] {
  const { network } = walk;
  if (group.targetType === 'lambda') return [{ destination: 'itself', subnet: null }];
  const port = target.port ?? group.port;
  if (port === null) return [NOWHERE];
  switch (group.targetType) {
    case 'ip':
      return addressPlace(walk, node, group, parseAddress(target.id), port);
    case 'instance': {
      const own = network.networkInterfaces.filter(({ instanceId }) => instanceId === target.id);
      const eni = own.length === 1 ? own[0] : own.find(({ deviceIndex }) => deviceIndex === 0);
      if (eni === undefined) return [NOWHERE];
      const address = eni.privateAddresses.find(({ isPrimary }) => isPrimary)?.address;
      if (eni.vpcId !== node.vpcId || address === undefined) return [];
      return addressPlace(walk, node, group, address, port);
    }
    case 'alb': {
      const behind = network.loadBalancers.find(({ arn }) => arn === target.id);
      if (behind === undefined) return [NOWHERE];
      const nodes = network.networkInterfaces.filter(({ description }) => description === `ELB ${behind.id}`);
      if (nodes.length === 0) return [NOWHERE];
      return nodes.flatMap((eni) => {
        const address = eni.privateAddresses.find(({ isPrimary }) => isPrimary)?.address;
        // ELB-18.
        return address === undefined
          ? []
          : [{ destination: { address, port, keepsClient: true }, subnet: byId(network.subnets, eni.subnetId) }];
      });
    }
    default:
      return [NOWHERE];
  }
}

function addressPlace(
  walk: Walk,
  node: NetworkInterface,
  group: TargetGroup,
  address: Address,
  port: number,
): readonly Place[] {
  const { network, packet } = walk;
  const vpc = byId(network.vpcs, node.vpcId) ?? lose(walk);
  const isInside = anyContains(vpc.cidrs, address);
  const isNear = isInside || isOfPeer(walk, vpc, address);
  if (!isNear && !(address.family === 4 && anyContains(PRIVATE, address))) return [];
  // ELB-09: neither across families nor to targets beyond the VPC and its peers.
  const keepsClient = isNear && packet.source.family === address.family && preserves(walk, node, group);
  const subnet = isInside ? subnetAt(network, vpc, address) : null;
  return [{ destination: { address, port, keepsClient }, subnet }];
}

function isOfPeer({ network }: Walk, vpc: Vpc, address: Address): boolean {
  return network.peerings.some(({ state, requester, accepter }) => {
    if (state !== 'active') return false;
    const far = requester.vpcId === vpc.id ? accepter : accepter.vpcId === vpc.id ? requester : null;
    if (far === null) return false;
    const there = byId(network.vpcs, far.vpcId);
    return (there?.region ?? far.region) === vpc.region && anyContains(there?.cidrs ?? far.cidrs, address);
  });
}

/** ELB-08, OPEN-21. */
function preserves(_: Walk, { owner }: NetworkInterface, group: TargetGroup): boolean {
  if (owner !== 'network-load-balancer') return false;
  if (group.preservesClientAddress !== null) return group.preservesClientAddress;
  return group.targetType === 'instance' || !['TCP', 'TLS'].includes(group.protocol ?? 'TCP');
}

/** ELB-02, ELB-03. */
function isServed(
  walk: Walk,
  node: NetworkInterface,
  balancer: LoadBalancer,
  group: TargetGroup,
  { subnet }: Place,
): boolean {
  if (subnet === null) return true;
  const { network } = walk;
  const own = byId(network.subnets, node.subnetId) ?? lose(walk);
  const isServing = crossesZones(walk, balancer, group)
    ? isZoneAmong(
        network,
        subnet,
        balancer.zones.map(({ subnetId }) => subnetId),
      )
    : inSameZone(own, subnet);
  return isServing ?? walk.choose(`zone of ${subnet.id} for ${node.id}`, [true, false]);
}

function crossesZones(walk: Walk, balancer: LoadBalancer, group: TargetGroup): boolean {
  const said = group.crossZone ?? balancer.crossZone;
  if (said !== null) return said;
  return balancer.kind === 'classic'
    ? walk.choose(`zones of ${balancer.id}`, [true, false])
    : balancer.kind === 'application';
}
