/**
 * Stateful gateways: NAT gateways, which put their own address and port in place of the sender's (NAT-02), and egress-only
 * gateways, which only remember (NAT-11).
 *
 * A gateway is two holders of the connection table. One has each flow as it came from inside, with what it became; the other has
 * it as it went outside, with what it was. So both directions find their translation by one search.
 */

import { rankOf } from '../compile/address-space.ts';
import type { Compiled, CompiledGateway } from '../compile/compile.ts';
import { NAT64_PREFIX } from '../compile/special-addresses.ts';
import { type Address, sameAddress, v4, v6 } from '../net/address.ts';
import { prefixContains } from '../net/prefix.ts';
import { ICMP, ICMPV6, isIcmp, LAST_PORT } from '../net/protocol.ts';
import { restoreFront } from './balancer.ts';
import type { Translation } from './connection-state.ts';
import { type ConnectionTable, IN, OUT } from './connection-table.ts';
import { FIRST_CHOSEN_PORT, type InFlight, isRelated, NO_GATEWAY } from './in-flight.ts';
import type { Walker } from './walker.ts';

export function insideHolder(compiled: Compiled, gateway: number): number {
  return compiled.network.networkInterfaces.length + 2 * gateway;
}

export function outsideHolder(compiled: Compiled, gateway: number): number {
  return insideHolder(compiled, gateway) + 1;
}

/** Reports whether the gateway has taken out the flow of this packet before. */
export function tookOut(walker: Walker, index: number, packet: InFlight, now: number): boolean {
  const { compiled, connections } = walker;
  return connections.find(outsideHolder(compiled, index), OUT, packet, now) && !connections.isReply;
}

/** Takes a packet out; `remembers` says whether the flow is noted. True if the header changed. */
export function translateOut(
  walker: Walker,
  gateway: CompiledGateway,
  index: number,
  packet: InFlight,
  now: number,
  remembers: boolean,
): boolean {
  const { compiled, connections, choices } = walker;
  const inside = insideHolder(compiled, index);
  const outside = outsideHolder(compiled, index);
  if (gateway.kind !== 'nat') {
    if (!remembers) return false;
    if (connections.find(outside, OUT, packet, now)) connections.follow(packet, now);
    else connections.admit(outside, OUT, packet, now);
    return false;
  }
  const original: Translation = {
    address: packet.source,
    portOrIcmpId: packet.sourcePortOrIcmpId,
    front: null,
    chosenBy: NO_GATEWAY,
  };
  const known = connections.find(inside, IN, packet, now) && !connections.isReply ? connections.translation : null;
  if (known !== null && remembers) connections.follow(packet, now);
  // The address is the gateway's choice; one that differs in verdict is found by walking every way.
  const option =
    gateway.addresses.length > 1 && known === null
      ? choices.take(gateway, gateway.addresses.length, gateway.addressFact)
      : 0;
  const own = gateway.addresses[option]!;
  const before = { ...trackedPart(packet) };
  translateFamily(compiled, packet);
  packet.source = known?.address ?? own.address;
  packet.sourceRank = known === null ? own.rank : rankOf(compiled.space, packet.source);
  packet.sourcePortOrIcmpId =
    known?.portOrIcmpId ?? choosePort(connections, outside, packet, original.portOrIcmpId, now);
  packet.hasChosenSourcePort = !isIcmp(packet.protocol);
  packet.translatedBy = index;
  if (!remembers) return true;
  if (known === null) {
    const translation = {
      address: packet.source,
      portOrIcmpId: packet.sourcePortOrIcmpId,
      front: null,
      chosenBy: NO_GATEWAY,
    };
    connections.admit(inside, IN, before, now);
    connections.translation = translation;
    connections.admit(outside, OUT, packet, now);
    connections.translation = original;
  } else if (connections.find(outside, OUT, packet, now)) connections.follow(packet, now);
  return true;
}

export function trackedPart(packet: InFlight): Parameters<ConnectionTable['admit']>[2] {
  const { protocol, source, destination, sourcePortOrIcmpId, portOrIcmp, tcpFlags } = packet;
  return { protocol, source, destination, sourcePortOrIcmpId, portOrIcmp, tcpFlags };
}

/** A port of 1024 to 65535 (or any ICMP id) that no other flow to the same peer has; the sender's own where it can be had. */
export function choosePort(
  table: ConnectionTable,
  holder: number,
  packet: InFlight,
  wanted: number,
  now: number,
): number {
  const first = isIcmp(packet.protocol) ? 0 : FIRST_CHOSEN_PORT;
  const ports = LAST_PORT + 1 - first;
  const start = wanted >= first ? wanted : wanted + first;
  const probe = trackedPart(packet);
  for (let offset = 0; offset < ports; offset++) {
    const port = first + ((start - first + offset) % ports);
    if (!table.find(holder, OUT, { ...probe, sourcePortOrIcmpId: port }, now)) return port;
  }
  return start;
}

/** An answer from outside to a flow that the gateway took out: translated back. False if it knows no such flow (NAT-01). */
export function answerThroughGateway(
  walker: Walker,
  index: number,
  packet: InFlight,
  now: number,
  remembers: boolean,
): boolean {
  // What the gateway sends to its own address answers nothing, not even when the ports happen to be equal.
  if (sameAddress(packet.source, packet.destination)) return false;
  const { compiled, connections } = walker;
  const outside = outsideHolder(compiled, index);
  if (isRelated(packet)) return errorThroughGateway(walker, outside, packet, now);
  if (!connections.find(outside, IN, packet, now) || !connections.isReply) return false;
  const was = connections.translation;
  if (remembers) connections.follow(packet, now);
  packet.isAnswer = true;
  if (was === null) return true;
  if (was.front !== null) restoreFront(walker, was.front, packet);
  else if (was.address.family === 6) untranslateFamily(compiled, packet);
  packet.destination = was.address;
  packet.destinationRank = rankOf(compiled.space, was.address);
  if (!isIcmp(packet.protocol)) {
    packet.portOrIcmp = was.portOrIcmpId;
    packet.firstPortOrIcmp = was.portOrIcmpId;
    packet.lastPortOrIcmp = was.portOrIcmpId;
  } else {
    packet.sourcePortOrIcmpId = was.portOrIcmpId;
  }
  packet.destinationPortChosenBy = NO_GATEWAY;
  if (was.chosenBy !== NO_GATEWAY) packet.widenDestinationPort(was.chosenBy);
  const inside = insideHolder(compiled, index);
  if (remembers && connections.find(inside, OUT, packet, now)) connections.follow(packet, now);
  return true;
}

/** CT-16: an ICMP error about a flow that the gateway took out reaches who sent that flow, quoting it as it was. */
function errorThroughGateway(walker: Walker, outside: number, packet: InFlight, now: number): boolean {
  const { compiled, connections } = walker;
  const quoted = packet.quoted!;
  const flow = { ...quoted, portOrIcmp: quoted.destinationPortOrIcmp };
  if (!connections.find(outside, OUT, flow, now) || connections.isReply) return false;
  const was = connections.translation;
  if (was === null) return true;
  // What is said of a node's own flow is for the node.
  if (was.front !== null || was.address.family !== packet.destination.family) return false;
  packet.destination = was.address;
  packet.destinationRank = rankOf(compiled.space, was.address);
  packet.quoted = { ...quoted, source: was.address, sourcePortOrIcmpId: was.portOrIcmpId };
  return true;
}

/** ICMP messages that NAT64 turns into each other (RFC 7915): echo request and reply. */
const ECHO: readonly (readonly [v6: number, v4: number])[] = [
  [128, 8],
  [129, 0],
];

/** NAT-09: 64:ff9b::/96 leaves as the v4 address in its last 32 bits. */
function translateFamily(compiled: Compiled, packet: InFlight): void {
  if (packet.destination.family === 4 || !prefixContains(NAT64_PREFIX, packet.destination)) return;
  packet.destination = v4(packet.destination.w3);
  packet.destinationRank = rankOf(compiled.space, packet.destination);
  if (packet.protocol !== ICMPV6) return;
  packet.protocol = ICMP;
  becomeMessage(packet, ECHO.find(([type]) => type === packet.portOrIcmp >> 8)?.[1]);
}

function untranslateFamily(compiled: Compiled, packet: InFlight): void {
  const { w0, w1, w2 } = NAT64_PREFIX.address;
  const mapped: Address = v6(w0, w1, w2, packet.source.w0);
  packet.source = mapped;
  packet.sourceRank = rankOf(compiled.space, mapped);
  if (packet.protocol !== ICMP) return;
  packet.protocol = ICMPV6;
  becomeMessage(packet, ECHO.find(([, type]) => type === packet.portOrIcmp >> 8)?.[0]);
}

function becomeMessage(packet: InFlight, type: number | undefined): void {
  if (type === undefined) return;
  packet.portOrIcmp = type << 8;
  packet.firstPortOrIcmp = type << 8;
  packet.lastPortOrIcmp = type << 8;
}
