/** What makes two packets one flow, and the connection tracking of security groups: CT-01 to CT-15. */

import type { NetworkInterface } from '../../src/model/network-interface.ts';
import { type Address, sameAddress } from '../../src/net/address.ts';
import { isAnswer, isError, requestOf } from '../../src/net/icmp.ts';
import type { Packet } from '../../src/net/packet.ts';
import { hasPorts, ICMP, isIcmp, TCP, UDP } from '../../src/net/protocol.ts';

export type Direction = 'in' | 'out';

/** One connection as one interface remembers it: which way its first packet went, and what that packet was. */
export interface Connection {
  readonly interfaceId: string;
  readonly direction: Direction;
  readonly first: Packet;
  seenAt: number;
  /** A request waits for its response; and how many got one (CT-10). */
  isRequested: boolean;
  responses: number;
}

/** A NAT gateway's memory of one flow: the packet as it came and as it left. */
export interface Translation {
  readonly natId: string;
  readonly inside: Packet;
  readonly outside: Packet;
  /** The peering it left by, for NAT-06. */
  peeringId: string | null;
  /** When its last packet passed: a NAT gateway forgets what was idle for 350 seconds (NAT-07). */
  seenAt: number;
}

/** A balancer's memory of one flow: the packet as it came from the client and as it went on to the target (ELB-05, ELB-08). */
export interface Balanced {
  /** The interface that is the node. */
  readonly nodeId: string;
  readonly inside: Packet;
  readonly outside: Packet;
  readonly keepsClient: boolean;
  seenAt: number;
}

export const NAT_IDLE_SECONDS = 350;
/** No time is documented: none shorter than the longest of an interface is assumed. */
export const EGRESS_ONLY_IDLE_SECONDS = 432_000;

export interface State {
  readonly connections: Connection[];
  readonly translations: Translation[];
  /** Flows that left by an egress-only gateway, and when either end last sent; it lets in nothing but their replies (NAT-11). */
  readonly egressOnly: { readonly flow: Packet; seenAt: number }[];
  readonly balanced: Balanced[];
  /** What nodes of balancers sent by themselves. */
  readonly nodeFlows: { readonly nodeId: string; readonly flow: Packet; seenAt: number }[];
}

export function emptyState(): State {
  return { connections: [], translations: [], egressOnly: [], balanced: [], nodeFlows: [] };
}

export function copyState(state: State): State {
  return {
    connections: state.connections.map((connection) => ({ ...connection })),
    translations: state.translations.map((translation) => ({ ...translation })),
    egressOnly: state.egressOnly.map((memory) => ({ ...memory })),
    balanced: state.balanced.map((flow) => ({ ...flow })),
    nodeFlows: state.nodeFlows.map((flow) => ({ ...flow })),
  };
}

/** CT-02: TCP and UDP are told apart by ports, ICMP by its query (type and identifier), the rest by addresses alone. */
export function sameFlow(a: Packet, b: Packet): boolean {
  return (
    sameEnds(a.source, a.destination, b) &&
    a.protocol === b.protocol &&
    (!hasPorts(a.protocol) ||
      (a.sourcePortOrIcmpId === b.sourcePortOrIcmpId && a.destinationPortOrIcmp === b.destinationPortOrIcmp)) &&
    (!isIcmp(a.protocol) || (sameQuery(a, b) && isAnswerPacket(a) === isAnswerPacket(b)))
  );
}

/** CT-15: the reverse of the same flow, and nothing else. */
export function reverseFlow(a: Packet, b: Packet): boolean {
  return (
    sameEnds(a.destination, a.source, b) &&
    a.protocol === b.protocol &&
    (!hasPorts(a.protocol) ||
      (a.sourcePortOrIcmpId === b.destinationPortOrIcmp && a.destinationPortOrIcmp === b.sourcePortOrIcmpId)) &&
    (!isIcmp(a.protocol) || (sameQuery(a, b) && isAnswerPacket(a) !== isAnswerPacket(b)))
  );
}

function sameEnds(source: Address, destination: Address, packet: Packet): boolean {
  return sameAddress(source, packet.source) && sameAddress(destination, packet.destination);
}

function icmpType(packet: Packet): number {
  return packet.destinationPortOrIcmp >> 8;
}

function isAnswerPacket(packet: Packet): boolean {
  return isAnswer(packet.protocol, icmpType(packet));
}

function sameQuery(a: Packet, b: Packet): boolean {
  const query = (packet: Packet): number => requestOf(packet.protocol, icmpType(packet)) ?? icmpType(packet);
  return a.sourcePortOrIcmpId === b.sourcePortOrIcmpId && query(a) === query(b);
}

/** ICMP is always tracked (CT-06), but what answers nothing that is known starts nothing either. */
export function startsFlow(packet: Packet): boolean {
  return !isIcmp(packet.protocol) || !isAnswerPacket(packet);
}

/** OPEN-09: the errors that ride on tracking. */
export function isRelatedError(packet: Packet): boolean {
  const type = icmpType(packet);
  if (!isIcmp(packet.protocol) || !isError(packet.protocol, type)) return false;
  return packet.protocol === ICMP ? type === 3 || type === 11 || type === 12 : true;
}

/** ICMP is forgotten after this long; AWS documents no time, this is the usual one. */
const ICMP_IDLE_SECONDS = 30;

/** CT-09 to CT-12: how long the connection may be idle. */
function idleLimit(connection: Connection, { tracking }: NetworkInterface): number {
  const { protocol } = connection.first;
  if (protocol === TCP) return tracking.tcpEstablished ?? 432000;
  if (isIcmp(protocol)) return ICMP_IDLE_SECONDS;
  if (protocol !== UDP) return 600;
  return connection.responses > 1 ? (tracking.udpStream ?? 180) : (tracking.udp ?? 30);
}

/**
 * The live connection of this interface that a packet going this way belongs to, or null. A packet belongs to it that goes the way of
 * the first one, or is its reverse and goes the other way.
 */
export function connectionOf(
  state: State,
  eni: NetworkInterface,
  direction: Direction,
  packet: Packet,
  now: number,
): { connection: Connection; isForward: boolean } | null {
  for (const connection of state.connections) {
    if (connection.interfaceId !== eni.id || now - connection.seenAt >= idleLimit(connection, eni)) continue;
    const isForward = connection.direction === direction;
    const matches = isForward ? sameFlow(connection.first, packet) : reverseFlow(connection.first, packet);
    if (matches) return { connection, isForward };
  }
  return null;
}

/** Notes a packet of a connection that is already there. */
export function touch(connection: Connection, isForward: boolean, now: number): void {
  connection.seenAt = now;
  if (!isForward && connection.isRequested) connection.responses++;
  connection.isRequested = isForward;
}

/** Forgets what an interface knew of the flow (it is over) and remembers it anew. */
export function remember(state: State, interfaceId: string, direction: Direction, packet: Packet, now: number): void {
  const stale = state.connections.findIndex(
    (known) =>
      known.interfaceId === interfaceId &&
      (known.direction === direction ? sameFlow(known.first, packet) : reverseFlow(known.first, packet)),
  );
  if (stale >= 0) state.connections.splice(stale, 1);
  state.connections.push({ interfaceId, direction, first: packet, seenAt: now, isRequested: true, responses: 0 });
}
