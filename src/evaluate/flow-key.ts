/**
 * A flow as twelve words: what the connection table stores, hashes and compares.
 *
 *     HOLDER KIND  from: 4 words  to: 4 words  PORTS STATE
 *
 * The key is always the flow as its originator sent it; an answer is turned round first.
 */

import type { Address } from '../net/address.ts';
import { answerOf, requestOf } from '../net/icmp.ts';
import { isIcmp } from '../net/protocol.ts';

export const HOLDER = 0;
/** Protocol, direction of the originator << 8, family << 9. */
export const KIND = 1;
export const FROM = 2;
export const TO = 6;
export const PORTS = 10;
/** Not part of the key. */
export const STATE = 11;
export const STRIDE = 12;

/** HOLDER is stored plus one, so that a zeroed slot is free. */
export const FREE = 0;

/** The part of a packet that tracking looks at; both `Packet` and the walker's record have it. */
export interface Tracked {
  readonly protocol: number;
  readonly source: Address;
  readonly destination: Address;
  readonly sourcePortOrIcmpId: number;
  readonly portOrIcmp: number;
  readonly tcpFlags: number;
}

export function writeFlowKey(
  key: Uint32Array,
  holder: number,
  direction: number,
  packet: Tracked,
  isReply: boolean,
): void {
  const from = isReply ? packet.destination : packet.source;
  const to = isReply ? packet.source : packet.destination;
  key[HOLDER] = holder + 1;
  key[KIND] = packet.protocol | (direction << 8) | (packet.source.family << 9);
  key[FROM] = from.w0;
  key[FROM + 1] = from.w1;
  key[FROM + 2] = from.w2;
  key[FROM + 3] = from.w3;
  key[TO] = to.w0;
  key[TO + 1] = to.w1;
  key[TO + 2] = to.w2;
  key[TO + 3] = to.w3;
  key[PORTS] = portsOf(packet, isReply);
  key[STATE] = 0;
}

/** The address stored at a word; `kind` tells its family. */
export function addressAt(words: Uint32Array, at: number, kind: number): Address {
  const [w0, w1, w2, w3] = words.subarray(at, at + 4);
  return { family: kind >>> 9 === 4 ? 4 : 6, w0: w0!, w1: w1!, w2: w2!, w3: w3! };
}

/**
 * Reports whether the packet is an ICMP answer. Types that come in pairs make flows, and what answers is filed under its request,
 * so that both ways share a key (CT-02).
 */
export function isIcmpAnswer(packet: Tracked): boolean {
  return isIcmp(packet.protocol) && requestOf(packet.protocol, packet.portOrIcmp >> 8) !== null;
}

/**
 * The ports of the flow as its originator sent them, source above destination. ICMP has its query id above the type of its
 * request; protocols without ports have zero (CT-02).
 */
function portsOf(packet: Tracked, isReply: boolean): number {
  if (isIcmp(packet.protocol)) {
    const type = packet.portOrIcmp >> 8;
    const request = isReply ? (requestOf(packet.protocol, type) ?? type) : type;
    const isQuery = answerOf(packet.protocol, request) !== null;
    return ((packet.sourcePortOrIcmpId << 16) | (isQuery ? request << 8 : packet.portOrIcmp)) >>> 0;
  }
  return isReply
    ? ((packet.portOrIcmp << 16) | packet.sourcePortOrIcmpId) >>> 0
    : ((packet.sourcePortOrIcmpId << 16) | packet.portOrIcmp) >>> 0;
}

/** Mixes the words of a key. */
export function hashFlow(words: Uint32Array, at: number): number {
  let hash = 0;
  for (let i = HOLDER; i <= PORTS; i++) hash = Math.imul(hash ^ words[at + i]!, 0x9e3779b1) ^ (hash >>> 15);
  return (hash ^ (hash >>> 16)) >>> 0;
}

export function sameFlow(words: Uint32Array, at: number, key: Uint32Array): boolean {
  for (let i = HOLDER; i <= PORTS; i++) if (words[at + i] !== key[i]) return false;
  return true;
}
