/** Nodes of load balancers: ELB-01 to ELB-19 as far as a packet sees them, CT-07, NACL-22, SG-22 to SG-24. */

import type { Listener, LoadBalancer } from '../../src/model/load-balancer.ts';
import type { NetworkInterface } from '../../src/model/network-interface.ts';
import { type Address, sameAddress } from '../../src/net/address.ts';
import { formatAddress } from '../../src/net/address-text.ts';
import type { Packet } from '../../src/net/packet.ts';
import { TCP, UDP } from '../../src/net/protocol.ts';
import { type Destination, destinationsOf } from './balancer-targets.ts';
import { passAcl, passGroups } from './filters.ts';
import { type Balanced, EGRESS_ONLY_IDLE_SECONDS, reverseFlow, sameFlow } from './flow.ts';
import { anyContains, byId, holderIn } from './lookup.ts';
import { natPorts } from './ports.ts';
import type { Step } from './stages.ts';
import { deliver, drop, lose, packetKey, refusal, type Walk } from './walk.ts';

/** CT-19. No statement says it of application and classic balancers; a TCP connection of theirs is taken to last as long. */
const TCP_IDLE_SECONDS = 350;
const UDP_IDLE_SECONDS = 120;

export function isNode({ owner }: NetworkInterface): boolean {
  return owner === 'load-balancer' || owner === 'network-load-balancer';
}

/** AWS describes the interface of a node as `ELB net/NAME/HASH`, `ELB app/NAME/HASH`, or `ELB NAME` for a classic one. */
function balancerOf(walk: Walk, { description }: NetworkInterface): LoadBalancer | null {
  const name = description?.startsWith('ELB ') ? description.slice('ELB '.length) : null;
  return name === null ? null : byId(walk.network.loadBalancers, name);
}

/** SG-22, SG-23: a network load balancer may do without groups, and then filters nothing. */
export function passNodeGroups(walk: Walk, node: NetworkInterface, direction: 'in' | 'out'): void {
  const isBare = node.groupIds.length === 0 && node.owner === 'network-load-balancer';
  if (!isBare) passGroups(walk, node, direction);
}

/** What the node sends by itself it knows the answers to. */
export function noteOwnFlow({ state, packet, now }: Walk, node: NetworkInterface): void {
  const known = state.nodeFlows.find(({ nodeId, flow }) => nodeId === node.id && sameFlow(flow, packet));
  if (known === undefined) state.nodeFlows.push({ nodeId: node.id, flow: packet, seenAt: now });
  else known.seenAt = now;
}

function isAlive({ seenAt, inside }: Balanced, now: number): boolean {
  return now - seenAt < (inside.protocol === UDP ? UDP_IDLE_SECONDS : TCP_IDLE_SECONDS);
}

/** The packet is addressed to the node, and its groups let it pass. */
export function intoNode(walk: Walk, node: NetworkInterface): Step {
  const { packet, state, now } = walk;
  const balancer = balancerOf(walk, node) ?? lose(walk);
  if (!['active', 'active_impaired'].includes(balancer.state)) drop(walk, refusal('host', null, 'BAD_STATE'));
  // No time-out is documented for these: none shorter than the longest of an interface is assumed.
  const own = state.nodeFlows.find(
    ({ nodeId, flow, seenAt }) =>
      nodeId === node.id && reverseFlow(flow, packet) && now - seenAt < EGRESS_ONLY_IDLE_SECONDS,
  );
  if (own !== undefined) {
    own.seenAt = now;
    return deliver(walk, node.id);
  }
  const known = state.balanced.filter((flow) => flow.nodeId === node.id && isAlive(flow, now));
  const answered = known.find(({ outside }) => reverseFlow(outside, packet));
  if (answered !== undefined) return answerOn(walk, node, balancer, answered);
  return forwardOn(walk, node, balancer, known);
}

/** ELB-13: what answers a packet that kept its client goes to the node without a route; null for everything else. */
export function backToNode(walk: Walk, eni: NetworkInterface): Step | null {
  const { network, packet, state, now } = walk;
  const flow = state.balanced.find(
    (known) => known.keepsClient && isAlive(known, now) && reverseFlow(known.outside, packet),
  );
  if (flow === undefined || holderIn(network, eni.vpcId, packet.source)?.id !== eni.id) return null;
  const node = byId(network.networkInterfaces, flow.nodeId) ?? lose(walk);
  if (node.subnetId !== eni.subnetId) {
    passAcl(walk, byId(network.subnets, eni.subnetId) ?? lose(walk), 'out');
    passAcl(walk, byId(network.subnets, node.subnetId) ?? lose(walk), 'in');
  }
  return { kind: 'back-to-node', node, flow };
}

/** The answer of a kept client's flow has come to the node. */
export function atNode(walk: Walk, node: NetworkInterface, flow: Balanced): Step {
  passNodeGroups(walk, node, 'in');
  return answerOn(walk, node, balancerOf(walk, node) ?? lose(walk), flow);
}

/** The answer gets the ends back that the client knows, and leaves as the node's own packet. */
function answerOn(walk: Walk, node: NetworkInterface, balancer: LoadBalancer, flow: Balanced): Step {
  const { inside } = flow;
  flow.seenAt = walk.now;
  trackAlways(walk, balancer);
  walk.packet = {
    ...walk.packet,
    source: inside.destination,
    destination: inside.source,
    sourcePortOrIcmpId: inside.destinationPortOrIcmp,
    destinationPortOrIcmp: inside.sourcePortOrIcmpId,
  };
  return sendOn(walk, node);
}

function trackAlways(walk: Walk, { kind }: LoadBalancer): void {
  if (kind === 'network') walk.isAlwaysTracked = true;
}

function sendOn(walk: Walk, node: NetworkInterface): Step {
  // SG-24: whose packet it is, for group references, is the node, or nobody where that has no groups.
  walk.keepsMembership = node.groupIds.length > 0;
  walk.actsAs = node;
  walk.transit.length = 0;
  passNodeGroups(walk, node, 'out');
  const subnet = byId(walk.network.subnets, node.subnetId) ?? lose(walk);
  return backToNode(walk, node) ?? { kind: 'leaving', subnet };
}

/** ELB-04: a listener, its target groups, one of their targets; the connection stays with the target that it has. */
function forwardOn(walk: Walk, node: NetworkInterface, balancer: LoadBalancer, known: readonly Balanced[]): Step {
  const { packet, state, now } = walk;
  let flow = known.find(({ inside }) => sameFlow(inside, packet));
  if (flow === undefined) {
    const destination = pickDestination(walk, node, balancer);
    if (destination === 'itself') return deliver(walk, node.id);
    flow = newFlow(walk, node, destination);
    const old = state.balanced.findIndex(({ nodeId, inside }) => nodeId === node.id && sameFlow(inside, packet));
    if (old >= 0) state.balanced.splice(old, 1);
    state.balanced.push(flow);
  }
  flow.seenAt = now;
  trackAlways(walk, balancer);
  const { outside } = flow;
  walk.packet = {
    ...packet,
    source: outside.source,
    destination: outside.destination,
    sourcePortOrIcmpId: outside.sourcePortOrIcmpId,
    destinationPortOrIcmp: outside.destinationPortOrIcmp,
  };
  // NACL-22.
  const subnet = byId(walk.network.subnets, node.subnetId) ?? lose(walk);
  const step = sendOn(walk, node);
  if (balancer.kind === 'classic' && anyContains(subnet.cidrs, outside.destination)) passAcl(walk, subnet, 'out');
  return step;
}

function pickDestination(walk: Walk, node: NetworkInterface, balancer: LoadBalancer): Destination | 'itself' {
  if (balancer.kind === 'gateway') lose(walk);
  const listener = listenerFor(walk, balancer);
  const destinations = destinationsOf(walk, node, balancer, listener);
  const destination = walk.choose(`target of ${node.id} for ${packetKey(walk.packet)}`, destinations);
  return destination === 'unknown' ? lose(walk) : destination;
}

function listenerFor(walk: Walk, balancer: LoadBalancer): Listener {
  const { protocol, destinationPortOrIcmp } = walk.packet;
  const listeners = balancer.listeners ?? lose(walk);
  const carries = balancer.kind === 'network' ? [TCP, UDP] : [TCP];
  if (!carries.includes(protocol)) {
    // ELB-07. That only a network load balancer's listeners could be meant by "none listens" is a matter of words.
    const codes =
      balancer.kind === 'network' ? ['PROTOCOL_RESTRICTION', 'ELBV2_LISTENERS_MISMATCH'] : ['PROTOCOL_RESTRICTION'];
    return drop(walk, refusal('listener', null, ...codes));
  }
  const listener = listeners.find((one) => one.port === destinationPortOrIcmp && takes(one, protocol));
  return listener ?? drop(walk, refusal('listener', null, 'ELBV2_LISTENERS_MISMATCH'));
}

/** ELB-07. */
function takes(listener: Listener, protocol: number): boolean {
  const words: Record<string, readonly number[]> = {
    ...{ TCP: [TCP], TLS: [TCP], HTTP: [TCP], HTTPS: [TCP], SSL: [TCP] },
    ...{ UDP: [UDP], QUIC: [UDP], TCP_UDP: [TCP, UDP], TCP_QUIC: [TCP, UDP] },
  };
  return words[listener.protocol]?.includes(protocol) ?? false;
}

/** ELB-05, ELB-08: new ends, or the client's own source where that is kept. */
function newFlow(walk: Walk, node: NetworkInterface, { address, port, keepsClient }: Destination): Balanced {
  const { packet, network } = walk;
  const front = { ...packet, destination: address, destinationPortOrIcmp: port };
  if (keepsClient) {
    // ELB-09: whoever is sent its own packet does not take it.
    const target = holderIn(network, node.vpcId, address);
    const client = holderIn(network, node.vpcId, packet.source);
    const isItself = sameAddress(packet.source, address) || (target !== null && target.id === client?.id);
    if (isItself) drop(walk, refusal('host', null), refusal('listener', null));
    return { nodeId: node.id, inside: packet, outside: front, keepsClient, seenAt: walk.now };
  }
  const outside: Packet = {
    ...front,
    source: ownAddress(walk, node, address),
    sourcePortOrIcmpId: walk.choose(`port of ${node.id} for ${formatAddress(packet.source)}`, natPorts(walk)),
  };
  return { nodeId: node.id, inside: packet, outside, keepsClient, seenAt: walk.now };
}

function ownAddress(walk: Walk, node: NetworkInterface, { family }: Address): Address {
  if (family === 6) return node.ipv6Addresses[0] ?? lose(walk);
  const primary = node.privateAddresses.find(({ isPrimary }) => isPrimary);
  return primary?.address ?? drop(walk, refusal('host', node.id, 'BAD_STATE'));
}
