/**
 * ICMP (RFC 792, 950) and ICMPv6 (RFC 4443, 4861) messages: their names, which ones ask, answer, and report errors.
 *
 * A function that takes a protocol expects ICMP or ICMPV6; for any other it knows no message.
 */

import { ICMP, ICMPV6 } from './protocol.ts';

export interface IcmpMessage {
  readonly type: number;
  /** Zero where a name stands for a type and says nothing of the code. */
  readonly code: number;
}

/** Name, type and code. The first name of a type is the one that is printed. */
type NamedMessage = readonly [name: string, type: number, code: number];

const ICMP_NAMES: readonly NamedMessage[] = [
  ['echo-reply', 0, 0],
  ['unreachable', 3, 0],
  ['net-unreachable', 3, 0],
  ['host-unreachable', 3, 1],
  ['protocol-unreachable', 3, 2],
  ['port-unreachable', 3, 3],
  ['fragmentation-needed', 3, 4],
  ['admin-prohibited', 3, 13],
  ['source-quench', 4, 0],
  ['redirect', 5, 0],
  ['echo', 8, 0],
  ['echo-request', 8, 0],
  ['router-advertisement', 9, 0],
  ['router-solicitation', 10, 0],
  ['time-exceeded', 11, 0],
  ['parameter-problem', 12, 0],
  ['timestamp', 13, 0],
  ['timestamp-reply', 14, 0],
  ['information', 15, 0],
  ['information-reply', 16, 0],
  ['mask', 17, 0],
  ['mask-reply', 18, 0],
];

const ICMPV6_NAMES: readonly NamedMessage[] = [
  ['unreachable', 1, 0],
  ['no-route', 1, 0],
  ['admin-prohibited', 1, 1],
  ['address-unreachable', 1, 3],
  ['port-unreachable', 1, 4],
  ['packet-too-big', 2, 0],
  ['time-exceeded', 3, 0],
  ['parameter-problem', 4, 0],
  ['echo', 128, 0],
  ['echo-request', 128, 0],
  ['echo-reply', 129, 0],
  ['router-solicitation', 133, 0],
  ['router-advertisement', 134, 0],
  ['neighbor-solicitation', 135, 0],
  ['neighbor-advertisement', 136, 0],
  ['redirect', 137, 0],
];

/** Request type to the type of its answer. */
const ICMP_ANSWERS = new Map([
  [8, 0],
  [13, 14],
  [15, 16],
  [17, 18],
]);
const ICMPV6_ANSWERS = new Map([[128, 129]]);
const NOTHING: ReadonlyMap<number, number> = new Map();

function namesOf(protocol: number): readonly NamedMessage[] {
  return protocol === ICMP ? ICMP_NAMES : protocol === ICMPV6 ? ICMPV6_NAMES : [];
}

function answersOf(protocol: number): ReadonlyMap<number, number> {
  return protocol === ICMP ? ICMP_ANSWERS : protocol === ICMPV6 ? ICMPV6_ANSWERS : NOTHING;
}

/** The message that a name such as `echo` or `port-unreachable` stands for, or null. */
export function icmpMessageNamed(protocol: number, name: string): IcmpMessage | null {
  const found = namesOf(protocol).find((named) => named[0] === name);
  return found === undefined ? null : { type: found[1], code: found[2] };
}

/** The names that `icmpMessageNamed` knows, for error messages. */
export function icmpNames(protocol: number): readonly string[] {
  return namesOf(protocol).map((named) => named[0]);
}

/** What a type is called, whatever its code, or null. */
export function icmpTypeName(protocol: number, type: number): string | null {
  return namesOf(protocol).find((named) => named[1] === type)?.[0] ?? null;
}

/** The type that answers a request of this type, or null when the type asks nothing. */
export function answerOf(protocol: number, type: number): number | null {
  return answersOf(protocol).get(type) ?? null;
}

/** The type of the request that this type answers, or null when it is no answer. */
export function requestOf(protocol: number, type: number): number | null {
  for (const [request, answer] of answersOf(protocol)) if (answer === type) return request;
  return null;
}

export function isRequest(protocol: number, type: number): boolean {
  return answerOf(protocol, type) !== null;
}

export function isAnswer(protocol: number, type: number): boolean {
  return requestOf(protocol, type) !== null;
}

/**
 * Reports whether the type complains about another packet, whose header it quotes: ICMP 3 unreachable, 4 source quench,
 * 5 redirect, 11 time exceeded, 12 parameter problem (RFC 1122 §3.2.2); ICMPv6 1 to 4 (RFC 4443 §2.1).
 *
 * Not all of them ride on connection tracking: OPEN-09 admits ICMP 3, 11, 12 and ICMPv6 1 to 4, hence neither source quench
 * nor redirect.
 */
export function isError(protocol: number, type: number): boolean {
  if (protocol === ICMP) return type === 3 || type === 4 || type === 5 || type === 11 || type === 12;
  return protocol === ICMPV6 && type >= 1 && type <= 4;
}
