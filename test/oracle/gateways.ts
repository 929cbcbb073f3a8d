/** Internet, egress-only and NAT gateways, and peering connections: IGW-*, NAT-*, PCX-*. */

import type { NatGateway, Peering } from '../../src/model/gateway.ts';
import { isComplete } from '../../src/model/network.ts';
import type { Subnet, Vpc } from '../../src/model/vpc.ts';
import { type Address, sameAddress, v4 } from '../../src/net/address.ts';
import { parsePrefix } from '../../src/net/address-text.ts';
import type { Packet } from '../../src/net/packet.ts';
import { prefixContains } from '../../src/net/prefix.ts';
import { hasPorts, ICMP, TCP, UDP } from '../../src/net/protocol.ts';
import { passAcl } from './filters.ts';
import { EGRESS_ONLY_IDLE_SECONDS, NAT_IDLE_SECONDS, reverseFlow, sameFlow, type Translation } from './flow.ts';
import { anyContains, byId, holderIn, ownerOfPublic, publicOf, subnetAt, usableGateway } from './lookup.ts';
import { natPorts } from './ports.ts';
import { BLOCKED, isClosedFor, isClosedOutwards } from './public-access.ts';
import { NAT64, routeIn } from './routes.ts';
import { followRoute, type Step } from './stages.ts';
import { type Decider, deliver, drop, lose, refusal, type Walk } from './walk.ts';

const prefixes = (...texts: readonly string[]) => texts.map((text) => parsePrefix(text).prefix);
const RFC1918 = prefixes('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16');
const RFC6598 = prefixes('100.64.0.0/10');
/** OPEN-30. */
const UNROUTABLE = prefixes('0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4');
/** Among refusals: one that no statement gives a code. */
const ANY_CODE = 'any';

/** IGW-02, IGW-07, RT-17, BPA-01. All that refuse count as deciders: no statement orders them. */
export function outOfInternetGateway(walk: Walk, vpcId: string, gatewayId: string, subnet: Subnet | null): Step {
  const { network, packet } = walk;
  const { source, destination } = packet;
  const refusals = egressRefusals(destination);
  if (subnet !== null && isRedirected(walk, gatewayId, subnet)) refusals.push('INGRESS_RTB_TRAFFIC_REDIRECTION');
  const isClosed = isClosedFor(walk, vpcId, subnet, source);
  const publicAddress = source.family === 4 ? publicOf(network, vpcId, source) : source;
  if (publicAddress === null) {
    const vpc = byId(network.vpcs, vpcId) ?? lose(walk);
    const isWhole = isComplete(network, 'networkInterfaces', vpc.account, vpc.region);
    if (refusals.length === 0 && !isClosed && !isWhole && holderIn(network, vpcId, source) === null) lose(walk);
    refusals.push('IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS');
  }
  if (isClosed && refusals.length === 0) drop(walk, BLOCKED);
  if (refusals.length > 0 || publicAddress === null) refuse(walk, gatewayId, refusals, ...(isClosed ? [BLOCKED] : []));
  const quoted = quotedTo(packet.quoted, source, publicAddress);
  walk.packet = { ...packet, source: publicAddress, quoted };
  return { kind: 'on-internet' };
}

function refuse(
  walk: Walk,
  gatewayId: string | null,
  refusals: readonly string[],
  ...others: readonly Decider[]
): never {
  const codes = refusals.includes(ANY_CODE) ? [] : refusals;
  return drop(walk, { stage: 'gateway-check', resource: gatewayId, rules: [], codes }, ...others);
}

function egressRefusals(destination: Address): string[] {
  return [
    ...(anyContains(RFC1918, destination) ? ['IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS'] : []),
    ...(anyContains(RFC6598, destination) ? ['IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS'] : []),
    ...(anyContains(UNROUTABLE, destination) ? [ANY_CODE] : []),
  ];
}

/** RT-17: the gateway's table leads what enters for the subnet, in the packet's family (PKT-01), to an interface elsewhere. */
function isRedirected(walk: Walk, gatewayId: string, subnet: Subnet): boolean {
  const { network, packet } = walk;
  const table = network.routeTables.find(({ gatewayIds }) => gatewayIds.includes(gatewayId));
  const block = subnet.cidrs.find(({ address }) => address.family === packet.source.family);
  if (table === undefined || block === undefined) return false;
  const { target } = routeIn(walk, table, block.address);
  if (target.kind !== 'network-interface') return target.kind !== 'local';
  return byId(network.networkInterfaces, target.id)?.subnetId !== subnet.id;
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

/** NAT-11: outbound, and it remembers what may come back. What answers a packet that came another way has no way back (OPEN-16). */
export function outOfEgressOnlyGateway(walk: Walk): Step {
  const { packet, now, state } = walk;
  const known = remembered(walk, (flow) => sameFlow(flow, packet));
  if (packet.source.family === 4 || (walk.isAnswer && known === undefined)) drop(walk, refusal('gateway-check', null));
  walk.isAlwaysTracked = true;
  if (known === undefined) state.egressOnly.push({ flow: packet, seenAt: now });
  else known.seenAt = now;
  return { kind: 'on-internet' };
}

/** A flow that an egress-only gateway took out and has not forgotten. */
function remembered({ state, now }: Walk, isMeant: (flow: Packet) => boolean): { seenAt: number } | undefined {
  return state.egressOnly.find(({ flow, seenAt }) => isMeant(flow) && now - seenAt < EGRESS_ONLY_IDLE_SECONDS);
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
  const { destination } = walk.packet;
  const couldBePublic = destination.family === 4 && egressRefusals(destination).length === 0;
  if (couldBePublic && walk.network.lists.some(({ kind, complete }) => kind === 'networkInterfaces' && !complete))
    lose(walk);
  return drop(walk, refusal('gateway-check', null, 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS'));
}

/** IGW-03, IGW-05, IGW-07; then the gateway's own table, if it has one (RT-15). */
export function intoInternetGateway(walk: Walk, vpcId: string): Step {
  const { network, packet } = walk;
  const vpc = byId(network.vpcs, vpcId) ?? lose(walk);
  const known = remembered(walk, (flow) => reverseFlow(flow, packet));
  if (known !== undefined) {
    known.seenAt = walk.now;
    walk.isAlwaysTracked = true;
    return { kind: 'in-vpc', vpcId };
  }
  const gatewayId = usableGateway(network, vpcId)?.id ?? missingGateway(walk, vpc);
  if (gatewayId === null) return drop(walk, refusal('gateway-check', null));
  const refusals = ingressRefusals(vpc, packet);
  const owner = packet.destination.family === 4 ? ownerOfPublic(network, packet.destination) : null;
  if (refusals.length > 0) refuse(walk, gatewayId, refusals);
  if (owner !== null) {
    // NAT-08: a regional gateway has no private address; what comes for it is its own affair.
    if (owner.privateAddress === null) return owner.nat === null ? lose(walk) : { kind: 'back-to-nat', nat: owner.nat };
    const quoted = quotedFrom(packet.quoted, packet.destination, owner.privateAddress);
    walk.packet = { ...packet, destination: owner.privateAddress, quoted };
  } else {
    const eni = holderIn(network, vpcId, packet.destination);
    if (eni?.denyAllIgwTraffic) drop(walk, refusal('gateway-check', null), refusal('host', eni.id));
  }
  return throughGatewayTable(walk, vpcId, gatewayId);
}

/** A gateway that the VPC's tables name and the snapshot lacks may be there and attached, or gone. */
function missingGateway(walk: Walk, vpc: Vpc): string | null {
  const { network } = walk;
  if (!isComplete(network, 'internetGateways', vpc.account, vpc.region)) lose(walk);
  const named = network.routeTables
    .filter(({ vpcId }) => vpcId === vpc.id)
    .flatMap(({ gatewayIds, routes }) => {
      const targets = routes.filter(({ state }) => state === 'active').map(({ target }) => target);
      const gateways = targets.filter((target) => target.kind === 'internet-gateway').map(({ id }) => id);
      return [...gatewayIds, ...gateways];
    });
  const missing = named.find((id) => byId(network.internetGateways, id) === null);
  if (missing === undefined) return null;
  return walk.choose(`gateway ${missing}`, [true, false]) ? missing : null;
}

function ingressRefusals(vpc: Vpc, { source }: Packet): string[] {
  return [
    ...(anyContains(RFC1918, source) ? ['IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS'] : []),
    ...(anyContains(RFC6598, source) ? ['IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS'] : []),
    ...(anyContains(vpc.cidrs, source) && source.family === 4 ? ['GATEWAY_REJECTS_SPOOFED_TRAFFIC'] : []),
    ...(anyContains(UNROUTABLE, source) ? [ANY_CODE] : []),
  ];
}

const LOCAL = { kind: 'local' } as const;

/** RT-15, RT-16, BPA-01. */
function throughGatewayTable(walk: Walk, vpcId: string, gatewayId: string): Step {
  const { network, packet } = walk;
  const table = network.routeTables.find(({ gatewayIds }) => gatewayIds.includes(gatewayId));
  const { target } = table === undefined ? { target: LOCAL } : routeIn(walk, table, packet.destination);
  if (target.kind === 'local') {
    const vpc = byId(network.vpcs, vpcId) ?? lose(walk);
    const subnet = subnetAt(network, vpc, packet.destination);
    if (subnet !== null && isClosedFor(walk, vpcId, subnet, packet.destination)) drop(walk, BLOCKED);
  }
  if (table === undefined) return { kind: 'in-vpc', vpcId };
  if (target.kind === 'network-interface') {
    const eni = byId(network.networkInterfaces, target.id) ?? lose(walk);
    // BPA-05: the appliance's subnet counts.
    const subnet = byId(network.subnets, eni.subnetId);
    if (subnet !== null && isClosedFor(walk, vpcId, subnet, packet.destination)) drop(walk, BLOCKED);
    // That its instance runs is asked where the packet gets to it.
    const isPublic = eni.privateAddresses.some(({ publicAddress }) => publicAddress !== null);
    if (!isPublic) drop(walk, refusal('gateway-check', null, 'INGRESS_RTB_NO_PUBLIC_IP'));
  }
  return followRoute(walk, { tableId: table.id, vpcId, subnet: null }, target);
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
  // NAT-09: of v6 it takes what it can turn into v4; for the rest it has no address. No statement gives a code.
  if (packet.destination.family === 6 && !prefixContains(NAT64, packet.destination)) drop(walk, refusal(stage, nat.id));
  walk.keepsMembership = false; // SG-12
  walk.isAlwaysTracked = true;
  let translation = state.translations.find(
    ({ natId, inside, seenAt }) => natId === nat.id && sameFlow(inside, packet) && walk.now - seenAt < NAT_IDLE_SECONDS,
  );
  if (translation === undefined) {
    translation = { natId: nat.id, inside: packet, outside: translate(walk, nat), peeringId: null, seenAt: walk.now };
    state.translations.push(translation);
  }
  translation.seenAt = walk.now;
  const { outside } = translation;
  // The flow is the same; what this packet itself says (flags, ICMP type) stays its own.
  const ports = hasPorts(packet.protocol) ? { sourcePortOrIcmpId: outside.sourcePortOrIcmpId } : {};
  walk.packet = { ...packet, ...ports, source: outside.source, destination: outside.destination };
  if (subnet !== null) return { kind: 'leaving', subnet };
  // NAT-08: its own table leads to the internet gateway, and there is nowhere else to go.
  const vpc = byId(network.vpcs, nat.vpcId) ?? lose(walk);
  const gatewayId = usableGateway(network, nat.vpcId)?.id ?? missingGateway(walk, vpc);
  if (gatewayId === null) return drop(walk, refusal('route', null), refusal(stage, null));
  const refusals = egressRefusals(outside.destination);
  if (isClosedOutwards(walk, nat.vpcId, null))
    drop(walk, BLOCKED, ...(refusals.length > 0 ? [refusal(stage, null)] : []));
  return refusals.length > 0 ? refuse(walk, gatewayId, refusals) : { kind: 'on-internet' };
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
  const target = destination.family === 4 ? destination : v4(destination.w3);
  return { ...packet, source, destination: target, sourcePortOrIcmpId: port };
}

/** NAT-01: replies of what it translated, and nothing else. */
export function backToNat(walk: Walk, nat: NatGateway): Step {
  const { network, packet, state } = walk;
  if (nat.state !== 'available') drop(walk, refusal('gateway-check', nat.id));
  const isReply = ({ natId, outside, seenAt }: Translation): boolean =>
    natId === nat.id && reverseFlow(outside, packet) && walk.now - seenAt < NAT_IDLE_SECONDS;
  const isOwn = sameAddress(packet.source, packet.destination);
  const known = isOwn ? undefined : state.translations.find(isReply);
  if (known === undefined) return drop(walk, refusal('gateway-check', nat.id), refusal('deliver', null));
  known.seenAt = walk.now;
  const { inside } = known;
  const port = hasPorts(packet.protocol) ? { destinationPortOrIcmp: inside.sourcePortOrIcmpId } : {};
  walk.packet = { ...packet, ...port, source: inside.destination, destination: inside.source };
  walk.keepsMembership = false;
  walk.isAlwaysTracked = true;
  if (nat.subnetId === null) return { kind: 'in-vpc', vpcId: nat.vpcId };
  const subnet = byId(network.subnets, nat.subnetId) ?? lose(walk);
  return { kind: 'leaving', subnet };
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
