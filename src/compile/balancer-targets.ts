/** Which targets a node of a balancer uses, and how packets reach them (ELB-02, ELB-03, ELB-04, ELB-08, ELB-09, ELB-10, ELB-14, ELB-16; OPEN-27). */

import type { LoadBalancer, Target, TargetGroup } from '../model/load-balancer.ts';
import type { Origin } from '../model/origin.ts';
import type { Fact } from '../model/problem.ts';
import type { Subnet } from '../model/vpc.ts';
import type { Address } from '../net/address.ts';
import { parseAddress, parsePrefix, TextError } from '../net/address-text.ts';
import { type Prefix, prefixContains } from '../net/prefix.ts';
import { open } from './assumption.ts';
import { balancerByArn, nodesOf } from './balancer-index.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { targetOf } from './missing-facts.ts';
import { NONE } from './names.ts';
import { farEnd, sameRegion } from './peering-ends.ts';
import { PRIVATE_RANGES } from './special-addresses.ts';
import { compareZones, type Zone, zoneOf } from './zone.ts';

/** An address that a target group sends to. */
export interface TargetAddress {
  readonly address: Address;
  /** Null: the port that the packet came to (only of a balancer that is a target). */
  readonly port: number | null;
  /** Subnet that holds the address, or NONE. */
  readonly subnet: number;
  readonly keepsClient: boolean;
  readonly assumptions: number;
  /** `i-1`, `10.0.0.7`, ...: the target as the group names it. */
  readonly name: string;
}

export interface UsableTargets {
  readonly targets: readonly TargetAddress[];
  /** Targets in other zones, where it is not known whether the node goes there. */
  readonly acrossZones: readonly TargetAddress[];
  /** Facts about targets that may be used, and about which too little is known. */
  readonly doubts: readonly Fact[];
  /** A function that is called, with nothing sent over the network (ELB-19). */
  readonly functions: readonly string[];
  /** Why there is none, where there is none. */
  readonly why: 'empty' | 'zones' | null;
  readonly origin: Origin;
}

/** Targets that take no new connection. */
const LEAVING: ReadonlySet<string> = new Set(['draining', 'unhealthy.draining', 'unused.draining']);

export function usableTargets(
  b: GraphBuilder,
  balancer: LoadBalancer,
  node: number,
  group: TargetGroup,
  listened: string,
): UsableTargets {
  const targets: TargetAddress[] = [];
  const acrossZones: TargetAddress[] = [];
  const doubts: Fact[] = [];
  const functions: string[] = [];
  let outside = 0;
  for (const target of group.targets ?? []) {
    if (target.health !== null && LEAVING.has(target.health)) continue;
    const found = locate(b, group, target);
    if (found === null) {
      doubts.push(b.gap(`target-type:${group.id}`) ?? targetOf('target', target.id, 'ec2 describe-instances'));
      continue;
    }
    if (found === 'function') {
      functions.push(target.id);
      continue;
    }
    for (const { address, subnet } of found) {
      if (!mayBeTarget(b, balancer, group, address, subnet)) continue;
      const use = isInZone(b, balancer, node, group, target, subnet);
      if (use === 'different') outside++;
      else if (use === 'unclear') doubts.push(targetOf('the zone of target', target.id, 'ec2 describe-subnets'));
      else {
        const { keepsClient, assumptions } = preservation(b, balancer, group, listened, address, subnet);
        const nodeSubnet = b.names.subnetOfEni[node]!;
        const sameSubnet = subnet !== NONE && subnet === nodeSubnet && balancer.kind !== 'classic' ? open(27) : 0;
        const port = target.port ?? group.port;
        const into = use === 'same' ? targets : acrossZones;
        into.push({ address, port, subnet, keepsClient, assumptions: assumptions | sameSubnet, name: target.id });
      }
    }
  }
  const isNone = targets.length + doubts.length + functions.length === 0;
  const why = isNone ? (outside + acrossZones.length > 0 ? 'zones' : 'empty') : null;
  return { targets, acrossZones, doubts, functions, why, origin: group.origin };
}

interface Located {
  readonly address: Address;
  readonly subnet: number;
}

/** Addresses of a target; null where the snapshot lacks what tells them. */
function locate(b: GraphBuilder, group: TargetGroup, target: Target): readonly Located[] | 'function' | null {
  switch (group.targetType) {
    case 'instance': {
      // ELB-14: the primary private address of the primary interface.
      const enis = b.names.enisOfInstance.get(target.id) ?? [];
      const primary = enis.find((eni) => b.network.networkInterfaces[eni]!.deviceIndex === 0) ?? enis[0];
      const own = primary === undefined ? undefined : primaryAddress(b, primary);
      return own === undefined ? null : [{ address: own, subnet: b.names.subnetOfEni[primary!]! }];
    }
    case 'ip': {
      const address = addressIn(target.id);
      return address === null ? null : [{ address, subnet: subnetHolding(b, group, address) }];
    }
    case 'alb': {
      const balancer = balancerByArn(b, target.id);
      const nodes = balancer === null ? [] : nodesOf(b, balancer);
      const located = nodes.flatMap((node) => {
        const own = primaryAddress(b, node);
        return own === undefined ? [] : [{ address: own, subnet: b.names.subnetOfEni[node]! }];
      });
      return located.length === 0 ? null : located;
    }
    case 'lambda':
      return 'function';
    case 'unrecognised':
      return null;
  }
}

/** ELB-14: addresses beside the VPC and its peers are private or shared ones; nothing public is a target. */
const OUTSIDE: readonly Prefix[] = [...PRIVATE_RANGES, parsePrefix('100.64.0.0/10').prefix];

/** ELB-14: an instance of the group's own VPC, or an address that is not public. Of a VPC that the snapshot lacks anything may be. */
function mayBeTarget(
  b: GraphBuilder,
  balancer: LoadBalancer,
  { targetType, vpcId }: TargetGroup,
  address: Address,
  subnet: number,
): boolean {
  const vpc = vpcId === null ? undefined : b.names.vpc.get(vpcId);
  if (vpc === undefined || address.family === 6) return true;
  if (targetType === 'instance') return subnet === NONE || b.names.vpcOfSubnet[subnet] === vpc;
  return isNear(b, balancer, address, subnet) || OUTSIDE.some((range) => prefixContains(range, address));
}

export function primaryAddress(b: GraphBuilder, eni: number): Address | undefined {
  const { privateAddresses } = b.network.networkInterfaces[eni]!;
  return (privateAddresses.find(({ isPrimary }) => isPrimary) ?? privateAddresses[0])?.address;
}

function addressIn(text: string): Address | null {
  try {
    return parseAddress(text);
  } catch (error) {
    if (error instanceof TextError) return null;
    throw error;
  }
}

function subnetHolding(b: GraphBuilder, { vpcId }: TargetGroup, address: Address): number {
  const vpc = vpcId === null ? undefined : b.names.vpc.get(vpcId);
  const subnets = vpc === undefined ? [] : b.names.subnetsOfVpc[vpc]!;
  return (
    subnets.find((subnet) => b.network.subnets[subnet]!.cidrs.some((cidr) => prefixContains(cidr, address))) ?? NONE
  );
}

/** ELB-02, ELB-03: with cross-zone off a node keeps to its own zone, and nothing goes to zones that are not enabled. */
function isInZone(
  b: GraphBuilder,
  balancer: LoadBalancer,
  node: number,
  group: TargetGroup,
  target: Target,
  subnet: number,
): 'same' | 'different' | 'unclear' | 'perhaps' {
  // An address outside the VPC counts for the zone that it is registered for; `all` is every zone.
  if (subnet === NONE && (target.zone === null || target.zone === 'all')) return 'same';
  const zone: Zone = subnet === NONE ? named(b, balancer, target) : zoneOf(b.network.subnets[subnet]!);
  const nodeSubnet = b.names.subnetOfEni[node]!;
  const near = isAmong(zone, nodeSubnet === NONE ? [] : [zoneOf(b.network.subnets[nodeSubnet]!)]);
  const crosses = crossesZones(balancer, group);
  if (crosses === false) return near;
  const enabled = isAmong(
    zone,
    balancer.zones.flatMap(({ subnetId }) => zonesOf(b, subnetId)),
  );
  if (crosses === true) return enabled;
  if (near !== 'different') return near;
  return enabled === 'same' ? 'perhaps' : enabled;
}

function isAmong(zone: Zone, zones: readonly Zone[]): 'same' | 'different' | 'unclear' {
  const compared = zones.map((one) => compareZones(one, zone));
  if (compared.includes('same')) return 'same';
  return zones.length === 0 || compared.includes('unclear') ? 'unclear' : 'different';
}

function named(b: GraphBuilder, { account }: LoadBalancer, { zone }: Target): Zone {
  const known = b.network.subnets.find(({ availabilityZone }) => availabilityZone === zone);
  return known === undefined ? { id: null, name: zone, account } : zoneOf(known);
}

function zonesOf(b: GraphBuilder, subnetId: string): readonly Zone[] {
  const subnet: Subnet | undefined = b.network.subnets[b.names.subnet.get(subnetId) ?? NONE];
  return subnet === undefined ? [] : [zoneOf(subnet)];
}

/** ELB-03: the group's own setting, else the balancer's. That of application balancers is always on; of others it must be read. */
function crossesZones({ kind, crossZone }: LoadBalancer, group: TargetGroup): boolean | 'untold' {
  return group.crossZone ?? crossZone ?? (kind === 'application' ? true : 'untold');
}

/** ELB-08, ELB-09, ELB-18, OPEN-21: whether targets see the client's address. */
function preservation(
  b: GraphBuilder,
  balancer: LoadBalancer,
  group: TargetGroup,
  listened: string,
  address: Address,
  subnet: number,
): { readonly keepsClient: boolean; readonly assumptions: number } {
  if (balancer.kind !== 'network') return { keepsClient: false, assumptions: 0 };
  if (group.targetType === 'alb') return { keepsClient: true, assumptions: 0 };
  if (!isNear(b, balancer, address, subnet)) return { keepsClient: false, assumptions: 0 };
  if (group.preservesClientAddress !== null) {
    return { keepsClient: group.preservesClientAddress, assumptions: 0 };
  }
  const byDefault = group.targetType === 'instance' || isDatagram(group.protocol ?? listened);
  return { keepsClient: byDefault, assumptions: open(21) };
}

function isDatagram(protocol: string): boolean {
  return protocol === 'UDP' || protocol === 'TCP_UDP' || protocol === 'QUIC' || protocol === 'TCP_QUIC';
}

/** ELB-09: in the balancer's VPC, or in a VPC that a peering of the same Region joins to it. */
function isNear(b: GraphBuilder, { vpcId }: LoadBalancer, address: Address, subnet: number): boolean {
  const vpc = vpcId === null ? undefined : b.names.vpc.get(vpcId);
  if (vpc === undefined) return false;
  if (subnet !== NONE && b.names.vpcOfSubnet[subnet] === vpc) return true;
  if (b.network.vpcs[vpc]!.cidrs.some((cidr) => prefixContains(cidr, address))) return true;
  return b.names.peeringsOfVpc[vpc]!.some((index) => {
    const peering = b.network.peerings[index]!;
    const far = farEnd(peering, b.network.vpcs[vpc]!.id);
    if (peering.state !== 'active' || !sameRegion(peering) || far === null) return false;
    const farVpc = b.names.vpc.get(far.vpcId);
    const cidrs = farVpc === undefined ? far.cidrs : b.network.vpcs[farVpc]!.cidrs;
    return cidrs.some((cidr) => prefixContains(cidr, address));
  });
}
