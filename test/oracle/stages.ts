/** The places a packet comes by inside a VPC, each as one function that says where it goes next. Walks W1 to W6. */

import type { NatGateway, Peering } from '../../src/model/gateway.ts';
import { isComplete } from '../../src/model/network.ts';
import type { NetworkInterface } from '../../src/model/network-interface.ts';
import type { RouteTarget } from '../../src/model/route-table.ts';
import type { TransitGatewayAttachment } from '../../src/model/transit-gateway.ts';
import type { Subnet } from '../../src/model/vpc.ts';
import { sameAddress } from '../../src/net/address.ts';
import { backToNode, intoNode, isNode, noteOwnFlow, passNodeGroups } from './balancer.ts';
import { isExempt, isReserved } from './exempt.ts';
import { passAcl } from './filters.ts';
import { type Balanced, reverseFlow } from './flow.ts';
import { anyContains, byId, holderIn, holds, isAttached, subnetAt } from './lookup.ts';
import { BLOCKED, isClosedOutwards } from './public-access.ts';
import { routeOutOf } from './routes.ts';
import { deliver, drop, lose, refusal, type Walk } from './walk.ts';

/** Where a packet stands. */
export type Step =
  | { readonly kind: 'sent'; readonly eni: NetworkInterface }
  | { readonly kind: 'leaving'; readonly subnet: Subnet }
  | { readonly kind: 'in-vpc'; readonly vpcId: string }
  | { readonly kind: 'in-subnet'; readonly subnet: Subnet }
  | { readonly kind: 'at-interface'; readonly eni: NetworkInterface }
  | { readonly kind: 'into-nat'; readonly nat: NatGateway; readonly vpcId: string }
  | { readonly kind: 'back-to-nat'; readonly nat: NatGateway }
  | { readonly kind: 'into-transit'; readonly gatewayId: string; readonly subnet: Subnet | null }
  | { readonly kind: 'in-transit'; readonly entrance: TransitGatewayAttachment; readonly sender: Subnet | null }
  | { readonly kind: 'back-to-node'; readonly node: NetworkInterface; readonly flow: Balanced }
  | { readonly kind: 'into-peering'; readonly peering: Peering; readonly vpcId: string }
  | { readonly kind: 'out-of-igw'; readonly vpcId: string; readonly gatewayId: string; readonly subnet: Subnet | null }
  | { readonly kind: 'out-of-eigw'; readonly vpcId: string }
  | { readonly kind: 'on-internet' }
  | { readonly kind: 'into-igw'; readonly vpcId: string };

/** W2, W4, W5: source/destination check, groups, then the border. */
export function sent(walk: Walk, eni: NetworkInterface): Step {
  const { network, packet } = walk;
  const subnet = byId(network.subnets, eni.subnetId);
  if (!isWorking(walk, eni)) drop(walk, refusal('host', null, 'BAD_STATE'));
  if (holds(eni, packet.destination)) deliver(walk, eni.id); // OPEN-28
  if (eni.sourceDestCheck && !holds(eni, packet.source)) {
    drop(walk, refusal('source-dest-check', eni.id, 'ENI_SOURCE_DEST_CHECK_RESTRICTION'));
  }
  if (subnet === null) lose(walk);
  if (isExempt(packet, subnet, byId(network.vpcs, eni.vpcId))) deliver(walk, 'aws-service');
  passNodeGroups(walk, eni, 'out');
  if (isNode(eni)) noteOwnFlow(walk, eni);
  return backToNode(walk, eni) ?? { kind: 'leaving', subnet };
}

/** CMP-01. An instance that the snapshot lacks is taken to run. */
function isWorking(walk: Walk, eni: NetworkInterface): boolean {
  const instance = eni.instanceId === null ? null : byId(walk.network.instances, eni.instanceId);
  return eni.status === 'in-use' && (instance === null || instance.state === 'running');
}

/** NACL-12, RT-02: what stays in the subnet meets neither ACL nor table. */
export function leaving(walk: Walk, subnet: Subnet): Step {
  const { network, state, packet } = walk;
  if (anyContains(subnet.cidrs, packet.destination)) return { kind: 'in-subnet', subnet };
  passAcl(walk, subnet, 'out');
  // NAT-06: the answer to a NAT gateway behind a peering goes back the way the request came.
  const translation = state.translations.find(({ outside }) => reverseFlow(outside, packet));
  const back = translation?.peeringId ? byId(network.peerings, translation.peeringId) : null;
  if (back !== null && [back.requester.vpcId, back.accepter.vpcId].includes(subnet.vpcId)) {
    return { kind: 'into-peering', peering: back, vpcId: subnet.vpcId };
  }
  const { table, target } = routeOutOf(walk, subnet);
  return followRoute(walk, { tableId: table?.id ?? null, vpcId: subnet.vpcId, subnet }, target);
}

interface Standpoint {
  readonly tableId: string | null;
  readonly vpcId: string;
  /** The subnet that the packet leaves; null where it enters by a gateway. */
  readonly subnet: Subnet | null;
}

export function followRoute(walk: Walk, { tableId, vpcId, subnet }: Standpoint, target: RouteTarget): Step {
  const { network } = walk;
  const deadEnd = { stage: 'route', resource: tableId, rules: [], codes: [] };
  switch (target.kind) {
    case 'local':
      return { kind: 'in-vpc', vpcId };
    case 'internet-gateway': {
      const gateway = byId(network.internetGateways, target.id);
      // IGW-01. One that the snapshot lacks may be there and attached, or gone.
      const isUsable =
        gateway === null ? walk.choose(`gateway ${target.id}`, [true, false]) : isAttached(gateway, vpcId);
      if (!isUsable) drop(walk, deadEnd, refusal('gateway-check', null));
      return { kind: 'out-of-igw', vpcId, gatewayId: target.id, subnet };
    }
    case 'egress-only-gateway': {
      // Whatever the gateway is.
      if (isClosedOutwards(walk, vpcId, subnet)) drop(walk, BLOCKED);
      const gateway = byId(network.egressOnlyGateways, target.id) ?? lose(walk);
      if (!isAttached(gateway, vpcId)) drop(walk, deadEnd, refusal('gateway-check', gateway.id));
      return { kind: 'out-of-eigw', vpcId };
    }
    case 'nat-gateway':
      return { kind: 'into-nat', nat: byId(network.natGateways, target.id) ?? lose(walk), vpcId };
    case 'peering':
      return { kind: 'into-peering', peering: byId(network.peerings, target.id) ?? lose(walk), vpcId };
    case 'transit-gateway':
      return { kind: 'into-transit', gatewayId: target.id, subnet };
    case 'network-interface':
      return toAppliance(walk, byId(network.networkInterfaces, target.id) ?? lose(walk));
    case 'instance': {
      // RT-14: exactly one interface.
      const [eni, second] = network.networkInterfaces.filter(({ instanceId }) => instanceId === target.id);
      return eni === undefined || second !== undefined ? lose(walk) : toAppliance(walk, eni);
    }
    default:
      return lose(walk);
  }
}

/** NACL-23, OPEN-05: the appliance's inbound list is asked, also in the sender's own subnet. */
function toAppliance(walk: Walk, eni: NetworkInterface): Step {
  passAcl(walk, byId(walk.network.subnets, eni.subnetId) ?? lose(walk), 'in');
  return { kind: 'at-interface', eni };
}

/** OPEN-31: the VPC router delivers without asking a subnet's table. */
export function inVpc(walk: Walk, vpcId: string): Step {
  const { network, packet } = walk;
  const vpc = byId(network.vpcs, vpcId) ?? lose(walk);
  const subnet = subnetAt(network, vpc, packet.destination);
  if (subnet === null) {
    if (!isComplete(network, 'subnets', vpc.account, vpc.region)) lose(walk);
    drop(walk, refusal('deliver', null, 'NO_POSSIBLE_DESTINATION'));
  }
  passAcl(walk, subnet, 'in');
  return { kind: 'in-subnet', subnet };
}

/** RT-20, RT-21: somebody must hold the address. */
export function inSubnet(walk: Walk, subnet: Subnet): Step {
  const { network, packet } = walk;
  const eni = holderIn(network, subnet.vpcId, packet.destination);
  if (eni === null) {
    const isWhole = isComplete(network, 'networkInterfaces', subnet.account, subnet.region);
    if (!isWhole && !isReserved(subnet, packet.destination)) lose(walk);
    drop(walk, refusal('deliver', null, 'NO_POSSIBLE_DESTINATION'));
  }
  if (eni.owner !== 'nat-gateway') return { kind: 'at-interface', eni };
  const nat = network.natGateways.find(({ addresses }) =>
    addresses.some(({ privateAddress }) => privateAddress !== null && sameAddress(privateAddress, packet.destination)),
  );
  return nat === undefined ? lose(walk) : { kind: 'back-to-nat', nat };
}

/** W1: groups, then the check, then the host; or, with the check off, the appliance and whatever it does (NAT-10). */
export function atInterface(walk: Walk, eni: NetworkInterface): Step {
  const { packet } = walk;
  const isMine = holds(eni, packet.destination);
  const broken = refusal('host', null, 'BAD_STATE');
  try {
    passNodeGroups(walk, eni, 'in');
  } catch (ended) {
    if (isWorking(walk, eni)) throw ended;
    drop(walk, broken, refusal('security-group-in', null));
  }
  if (!isWorking(walk, eni)) drop(walk, broken);
  if (isMine && isNode(eni)) return intoNode(walk, eni);
  if (isMine) return isHost(eni) ? deliver(walk, eni.id) : lose(walk);
  if (eni.sourceDestCheck) drop(walk, refusal('source-dest-check', eni.id, 'ENI_SOURCE_DEST_CHECK_RESTRICTION'));
  const behaviour = walk.appliances.get(eni.id);
  if (behaviour === undefined) lose(walk);
  if (behaviour === 'drops') drop(walk, refusal('host', eni.id));
  if (walk.appliancesPassed.has(eni.id)) drop(walk, refusal('route', null)); // round in circles
  walk.appliancesPassed.add(eni.id);
  walk.keepsMembership = false; // SG-11
  return { kind: 'sent', eni };
}

function isHost({ owner }: NetworkInterface): boolean {
  return owner === 'instance' || owner === 'other';
}
