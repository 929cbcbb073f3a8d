/** Internet, egress-only and NAT gateways, and peering connections: IGW-*, NAT-*, PCX-*. */

import type { NatGateway, Peering } from '../../src/model/gateway.ts';
import { isComplete } from '../../src/model/network.ts';
import type { Vpc } from '../../src/model/vpc.ts';
import { type Address, sameAddress, v4 } from '../../src/net/address.ts';
import { parsePrefix } from '../../src/net/address-text.ts';
import type { Packet } from '../../src/net/packet.ts';
import { prefixContains } from '../../src/net/prefix.ts';
import { hasPorts, ICMP, TCP, UDP } from '../../src/net/protocol.ts';
import { passAcl } from './filters.ts';
import { reverseFlow, sameFlow, type Translation } from './flow.ts';
import { anyContains, byId, holderIn, ownerOfPublic, publicOf, usableGateway } from './lookup.ts';
import { routeIn } from './routes.ts';
import { followRoute, type Step } from './stages.ts';
import { deliver, drop, lose, refusal, type Walk } from './walk.ts';

const prefixes = (...texts: readonly string[]) => texts.map((text) => parsePrefix(text).prefix);
const RFC1918 = prefixes('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16');
const RFC6598 = prefixes('100.64.0.0/10');
/** OPEN-30. */
const UNROUTABLE = prefixes('0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4');
const NAT64 = prefixes('64:ff9b::/96');

const FIRST_NAT_PORT = 1024;
const LAST_PORT = 65535;

/** IGW-02, IGW-07, RT-17. All that refuse count as deciders: no statement orders them. */
export function outOfInternetGateway(walk: Walk, vpcId: string, gatewayId: string, sender: string): Step {
  const { network, packet } = walk;
  const { source, destination } = packet;
  const stage = 'gateway-check';
  const refusals: string[] = [];
  if (isRedirected(walk, gatewayId, source, sender)) refusals.push('INGRESS_RTB_TRAFFIC_REDIRECTION');
  if (anyContains(RFC1918, destination)) refusals.push('IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS');
  if (anyContains(RFC6598, destination)) refusals.push('IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS');
  const isUnroutable = anyContains(UNROUTABLE, destination);
  const publicAddress = source.family === 4 ? publicOf(network, vpcId, source) : source;
  if (publicAddress === null) {
    const vpc = byId(network.vpcs, vpcId) ?? lose(walk);
    const isWhole = isComplete(network, 'networkInterfaces', vpc.account, vpc.region);
    const isUnknown = refusals.length === 0 && !isUnroutable && !isWhole && holderIn(network, vpcId, source) === null;
    if (isUnknown) lose(walk);
    refusals.push('IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS');
  }
  if (refusals.length > 0 || isUnroutable || publicAddress === null) {
    drop(walk, { stage, resource: gatewayId, rules: [], codes: isUnroutable ? [] : refusals });
  }
  const quoted = quotedTo(packet.quoted, source, publicAddress);
  walk.packet = { ...packet, source: publicAddress, quoted };
  return { kind: 'on-internet' };
}

/** RT-17: the gateway's table leads traffic for the sender through another interface. */
function isRedirected(walk: Walk, gatewayId: string, source: Address, sender: string): boolean {
  const table = walk.network.routeTables.find(({ gatewayIds }) => gatewayIds.includes(gatewayId));
  if (table === undefined) return false;
  const { target } = routeIn(walk, table, source);
  return target.kind !== 'local' && 'id' in target && target.id !== sender;
}

/** An ICMP error quotes what the other side sent, hence with its destination where the error has its source. */
function quotedTo(quoted: Packet | null, from: Address, to: Address): Packet | null {
  if (quoted === null || !sameAddress(quoted.destination, from)) return quoted;
  return { ...quoted, destination: to };
}

function quotedFrom(quoted: Packet | null, from: Address, to: Address): Packet | null {
  if (quoted === null || !sameAddress(quoted.source, from)) return quoted;
  return { ...quoted, source: to };
}

/** NAT-11: outbound, and it remembers what may come back. */
export function outOfEgressOnlyGateway(walk: Walk): Step {
  if (walk.packet.source.family === 4) drop(walk, refusal('gateway-check', null));
  walk.state.egressOnly.push(walk.packet);
  return { kind: 'on-internet' };
}

/** Whoever has the address: a VPC of the snapshot (OPEN-17), else the internet. Group membership ends here (SG-13). */
export function onInternet(walk: Walk): Step {
  const { network, packet } = walk;
  walk.keepsMembership = false;
  const { destination } = packet;
  const vpcId =
    destination.family === 4
      ? ownerOfPublic(network, destination)?.vpcId
      : network.vpcs.find((vpc) => anyContains(vpc.cidrs, destination))?.id;
  return vpcId === undefined ? deliver(walk, 'internet') : { kind: 'into-igw', vpcId };
}

/** From the internet itself there is nowhere else to go: an address that nobody has is refused (IGW-03). */
export function fromInternet(walk: Walk): Step {
  const step = ((): Step | null => {
    const { destination } = walk.packet;
    const isOurs =
      destination.family === 4
        ? ownerOfPublic(walk.network, destination) !== null
        : walk.network.vpcs.some((vpc) => anyContains(vpc.cidrs, destination));
    return isOurs ? onInternet(walk) : null;
  })();
  if (step !== null) return step;
  if (walk.network.lists.some(({ kind, complete }) => kind === 'networkInterfaces' && !complete)) lose(walk);
  return drop(walk, refusal('gateway-check', null, 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS'));
}

/** IGW-03, IGW-05, IGW-07; then the gateway's own table, if it has one (RT-15). */
export function intoInternetGateway(walk: Walk, vpcId: string): Step {
  const { network, packet } = walk;
  const vpc = byId(network.vpcs, vpcId) ?? lose(walk);
  if (walk.state.egressOnly.some((flow) => reverseFlow(flow, packet))) {
    walk.isAlwaysTracked = true;
    return { kind: 'in-vpc', vpcId };
  }
  const gateway = usableGateway(network, vpcId);
  if (gateway === null) {
    if (!isComplete(network, 'internetGateways', vpc.account, vpc.region)) lose(walk);
    return drop(walk, refusal('gateway-check', null));
  }
  const refusals = ingressRefusals(vpc, packet);
  const isUnroutable = anyContains(UNROUTABLE, packet.source);
  const owner = packet.destination.family === 4 ? ownerOfPublic(network, packet.destination) : null;
  if (refusals.length > 0 || isUnroutable) {
    drop(walk, { stage: 'gateway-check', resource: gateway.id, rules: [], codes: isUnroutable ? [] : refusals });
  }
  if (owner !== null) {
    // NAT-08: a regional gateway has no private address; what comes for it is its own affair.
    if (owner.privateAddress === null) return owner.nat === null ? lose(walk) : { kind: 'back-to-nat', nat: owner.nat };
    const quoted = quotedFrom(packet.quoted, packet.destination, owner.privateAddress);
    walk.packet = { ...packet, destination: owner.privateAddress, quoted };
  } else {
    const eni = holderIn(network, vpcId, packet.destination);
    if (eni?.denyAllIgwTraffic) drop(walk, refusal('gateway-check', null), refusal('host', eni.id));
  }
  return throughGatewayTable(walk, vpcId, gateway.id);
}

function ingressRefusals(vpc: Vpc, { source }: Packet): string[] {
  const refusals: string[] = [];
  if (anyContains(RFC1918, source)) refusals.push('IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS');
  if (anyContains(RFC6598, source)) refusals.push('IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS');
  if (anyContains(vpc.cidrs, source) && source.family === 4) refusals.push('GATEWAY_REJECTS_SPOOFED_TRAFFIC');
  return refusals;
}

/** RT-15, RT-16. */
function throughGatewayTable(walk: Walk, vpcId: string, gatewayId: string): Step {
  const { network, packet } = walk;
  const table = network.routeTables.find(({ gatewayIds }) => gatewayIds.includes(gatewayId));
  if (table === undefined) return { kind: 'in-vpc', vpcId };
  const { target } = routeIn(walk, table, packet.destination);
  if (target.kind === 'network-interface') {
    const eni = byId(network.networkInterfaces, target.id) ?? lose(walk);
    const instance = eni.instanceId === null ? null : byId(network.instances, eni.instanceId);
    const isPublic = eni.privateAddresses.some(({ publicAddress }) => publicAddress !== null);
    if (!isPublic || instance?.state !== 'running') {
      const codes = isPublic ? [] : ['INGRESS_RTB_NO_PUBLIC_IP'];
      drop(walk, { stage: 'gateway-check', resource: null, rules: [], codes });
    }
  }
  return followRoute(walk, { tableId: table.id, vpcId, sender: gatewayId }, target);
}

/** NAT-02 to NAT-05, NAT-08, NAT-09, PKT-07: the subnet's inbound list, then a new source. */
export function intoNat(walk: Walk, nat: NatGateway, vpcId: string): Step {
  const { network, packet, state } = walk;
  const subnet = nat.subnetId === null ? null : (byId(network.subnets, nat.subnetId) ?? lose(walk));
  const stage = 'gateway-check';
  const broken = refusal(stage, nat.id, 'BAD_STATE');
  if (vpcId !== nat.vpcId) drop(walk, refusal(stage, nat.id, 'NGW_REQUIRES_SOURCE_IN_VPC'));
  if (subnet !== null) {
    try {
      passAcl(walk, subnet, 'in');
    } catch (ended) {
      if (nat.state !== 'available') drop(walk, broken, refusal('nacl-in', null));
      throw ended;
    }
  }
  if (nat.state !== 'available') drop(walk, broken);
  if (![TCP, UDP, ICMP].includes(packet.protocol)) drop(walk, refusal(stage, nat.id, 'PROTOCOL_RESTRICTION'));
  walk.keepsMembership = false; // SG-12
  let translation = state.translations.find(({ natId, inside }) => natId === nat.id && sameFlow(inside, packet));
  if (translation === undefined) {
    translation = { natId: nat.id, inside: packet, outside: translate(walk, nat), peeringId: null };
    state.translations.push(translation);
  }
  const { outside } = translation;
  // The flow is the same; what this packet itself says (flags, ICMP type) stays its own.
  const ports = hasPorts(packet.protocol) ? { sourcePortOrIcmpId: outside.sourcePortOrIcmpId } : {};
  walk.packet = { ...packet, ...ports, source: outside.source, destination: outside.destination };
  if (subnet !== null) return { kind: 'leaving', subnet, sender: nat.addresses[0]?.interfaceId ?? nat.id };
  if (usableGateway(network, nat.vpcId) === null) drop(walk, refusal('route', null), refusal(stage, null));
  return { kind: 'on-internet' };
}

function translate(walk: Walk, nat: NatGateway): Packet {
  const { packet } = walk;
  const { destination } = packet;
  // A regional gateway translates to its public address at once.
  const own = nat.addresses
    .map(({ privateAddress, publicAddress }) => (nat.subnetId === null ? publicAddress : privateAddress))
    .filter((address) => address !== null);
  if (own.length === 0) lose(walk);
  const source = walk.choose(`address of ${nat.id}`, own);
  const port = hasPorts(packet.protocol) ? walk.choose(`port of ${nat.id}`, natPorts(walk)) : packet.sourcePortOrIcmpId;
  if (destination.family === 6 && !NAT64.some((block) => prefixContains(block, destination))) lose(walk);
  const target = destination.family === 4 ? destination : v4(destination.w3);
  return { ...packet, source, destination: target, sourcePortOrIcmpId: port };
}

/** One port of every stretch of 1024 to 65535 that the ACLs of the way back treat alike (NACL-18). */
function natPorts(walk: Walk): number[] {
  const bounds = walk.network.networkAcls
    .flatMap(({ entries }) => entries)
    .flatMap(({ traffic }) => [traffic.firstPortOrIcmp, traffic.lastPortOrIcmp + 1]);
  const firsts = [FIRST_NAT_PORT, ...bounds.filter((port) => port > FIRST_NAT_PORT && port <= LAST_PORT)];
  return [...new Set(firsts)].sort((a, b) => a - b);
}

/** NAT-01: replies of what it translated, and nothing else. */
export function backToNat(walk: Walk, nat: NatGateway): Step {
  const { network, packet, state } = walk;
  if (nat.state !== 'available') drop(walk, refusal('gateway-check', nat.id));
  const isReply = ({ natId, outside }: Translation): boolean => natId === nat.id && reverseFlow(outside, packet);
  const known = state.translations.find(isReply);
  if (known === undefined) return drop(walk, refusal('gateway-check', nat.id), refusal('deliver', null));
  const { inside } = known;
  const port = hasPorts(packet.protocol) ? { destinationPortOrIcmp: inside.sourcePortOrIcmpId } : {};
  walk.packet = { ...packet, ...port, source: inside.destination, destination: inside.source };
  walk.keepsMembership = false;
  walk.isAlwaysTracked = true;
  if (nat.subnetId === null) return { kind: 'in-vpc', vpcId: nat.vpcId };
  const subnet = byId(network.subnets, nat.subnetId) ?? lose(walk);
  return { kind: 'leaving', subnet, sender: nat.addresses[0]?.interfaceId ?? nat.id };
}

/** PCX-01, PCX-03, SG-14: straight to an address of the VPC at the far end. */
export function intoPeering(walk: Walk, peering: Peering, vpcId: string): Step {
  const { network, packet, state } = walk;
  const { requester, accepter } = peering;
  const [near, far] = requester.vpcId === vpcId ? [requester, accepter] : [accepter, requester];
  if (near.vpcId !== vpcId) lose(walk);
  const stage = 'gateway-check';
  if (peering.state !== 'active') drop(walk, refusal(stage, peering.id), refusal('route', null));
  const farVpc = byId(network.vpcs, far.vpcId);
  const nearVpc = byId(network.vpcs, vpcId);
  const farBlocks = farVpc?.cidrs ?? far.cidrs;
  if (farBlocks.length === 0) lose(walk);
  const isBetween =
    anyContains(farBlocks, packet.destination) && anyContains(nearVpc?.cidrs ?? near.cidrs, packet.source);
  if (!isBetween) {
    drop(walk, refusal(stage, peering.id, 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR', 'NGW_REQUIRES_SOURCE_IN_VPC'));
  }
  if (farVpc === null) lose(walk);
  if (farVpc.region !== (nearVpc?.region ?? near.region)) walk.keepsMembership = false;
  const translation = state.translations.find(({ outside }) => sameFlow(outside, packet));
  if (translation !== undefined) translation.peeringId = peering.id;
  return { kind: 'in-vpc', vpcId: farVpc.id };
}
