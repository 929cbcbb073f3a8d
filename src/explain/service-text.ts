/**
 * Services as people write them: which packets a question is about, apart from addresses.
 *
 *     service = ["!"] part (("+" | ";") part)*           behind "!": every packet but these
 *     part    = "any"
 *             | NAME                                  https, postgres, dns: see `service-names.ts`
 *             | ("tcp" | "udp") ["/" [ports ">"] ports]   ports before ">" are those that the client sends from
 *             | ("icmp" | "icmpv6") ["/" message]
 *             | "gre" | "esp" | "ah" | "sctp" | "proto/" NUMBER
 *     ports   = range ("," range)*                    443, 1024-2048
 *     message = NAME | TYPE ["." CODE]                echo, 3.4, 8
 *
 *     tcp/80,443 + udp/53        tcp/40000>443        icmp/echo        proto/50        !tcp/443
 *
 * Words may be in any case. A type without a code is every code of it, as in rules. A message that has one code has that one:
 * `icmp/echo` is a ping, whose code is 0.
 */

import { icmpMessageNamed, icmpNames, icmpTypeName, isError } from '../net/icmp.ts';
import { type Interval, type IntervalSet, intervalSet } from '../net/interval-set.ts';
import { numberUpTo } from '../net/packet-words.ts';
import { ALL_PROTOCOLS, hasPorts, ICMP, icmpCodepoint, isIcmp, LAST_PORT, protocolNumber } from '../net/protocol.ts';
import { quote } from '../net/quote.ts';
import { questionErrorAt } from './question-caret.ts';
import type { QuestionError } from './question-error.ts';
import { SERVICE_NAMES } from './service-names.ts';
import { suggestionsFor } from './suggestions.ts';

export interface Service {
  /** As it was written. */
  readonly text: string;
  /** At least one; they may overlap. Each is pinned to client ports, or not, by itself. */
  readonly parts: readonly ServicePart[];
  /** Whether it is about every packet but those of its parts, which then are not pinned. */
  readonly isInverted: boolean;
}

export interface ServicePart {
  /** IANA number, or ALL_PROTOCOLS. */
  readonly protocol: number;
  /** Destination ports, or ICMP type * 256 + code; all of them where none are given, and where the protocol has none. */
  readonly ports: IntervalSet;
  /** Source ports that the part is pinned to (`tcp/40000>443`), or null. */
  readonly clientPorts: IntervalSet | null;
}

const ALL_PORTS: IntervalSet = intervalSet([{ first: 0, last: LAST_PORT }]);

/** What a question without a service is about. */
export const ANY_SERVICE: Service = {
  text: 'any',
  parts: [{ protocol: ALL_PROTOCOLS, ports: ALL_PORTS, clientPorts: null }],
  isInverted: false,
};

/** Protocols by name. */
const PROTOCOL_WORDS: readonly string[] = ['tcp', 'udp', 'icmp', 'icmpv6', 'gre', 'esp', 'ah', 'sctp'];

/** Part of a question between two offsets, without spaces around it. */
interface Piece {
  readonly question: string;
  readonly at: number;
  readonly text: string;
}

/** The service between two offsets of a question. Throws a QuestionError, offsets counted in the whole question. */
export function parseService(question: string, start = 0, end: number = question.length): Service {
  const whole = pieceOf(question, start, end);
  const [sign, rest] = cut(whole, '!');
  if (rest === null) return { text: whole.text, parts: split(whole, /[+;]/g).flatMap(readPart), isInverted: false };
  if (sign.text !== '') throw errorAt(rest, 'expected "!" before everything else: it leaves out all that follows');
  const parts = split(rest, /[+;]/g).flatMap(readPart);
  if (parts.some(({ clientPorts }) => clientPorts !== null)) {
    throw errorAt(rest, 'expected no source ports behind "!": ask about the ports that are meant');
  }
  if (parts.some(({ protocol }) => protocol === ALL_PROTOCOLS)) throw errorAt(rest, 'nothing is left of "!any"');
  return { text: whole.text, parts, isInverted: true };
}

function pieceOf(question: string, start: number, end: number): Piece {
  const text = question.slice(start, end);
  // What is missing is missing behind the last sign, not behind the spaces after it.
  const at = text.trim() === '' ? start : start + (text.length - text.trimStart().length);
  return { question, at, text: text.trim() };
}

/** The pieces between the separators. */
function split({ question, at, text }: Piece, separator: RegExp): readonly Piece[] {
  const pieces: Piece[] = [];
  let start = at;
  for (const match of text.matchAll(separator)) {
    pieces.push(pieceOf(question, start, at + match.index));
    start = at + match.index + match[0].length;
  }
  return [...pieces, pieceOf(question, start, at + text.length)];
}

function errorAt({ question, at }: Piece, problem: string, suggestions: readonly string[] = []): QuestionError {
  return questionErrorAt(question, at, problem, suggestions);
}

/** What stands on either side of a sign; null behind it where the piece has none. */
function cut(piece: Piece, sign: string): readonly [before: Piece, after: Piece | null] {
  const index = piece.text.indexOf(sign);
  if (index < 0) return [piece, null];
  const { question, at, text } = piece;
  return [pieceOf(question, at, at + index), pieceOf(question, at + index + 1, at + text.length)];
}

function readPart(part: Piece): readonly ServicePart[] {
  const [head, rest] = cut(part, '/');
  const word = head.text.toLowerCase();
  const listeners = SERVICE_NAMES.get(word);
  if (listeners !== undefined) {
    if (rest !== null) throw errorAt(rest, `expected nothing behind ${quote(head.text)}: the name says the ports`);
    return listeners.map((listener) => ({ ...listener, clientPorts: null }));
  }
  if (word === 'any') return [ofProtocol(ALL_PROTOCOLS, '"any"', rest)];
  if (word === 'proto') return [{ protocol: readProtocol(head, rest), ports: ALL_PORTS, clientPorts: null }];
  const protocol = PROTOCOL_WORDS.includes(word) ? protocolNumber(word) : null;
  if (protocol !== null) return [ofProtocol(protocol, word, rest)];
  const near = suggestionsFor(word, [...SERVICE_NAMES.keys(), ...PROTOCOL_WORDS, 'any', 'proto']);
  throw errorAt(head, 'expected a service: tcp/443, udp/53, icmp/echo, proto/50, any, or a name such as https', near);
}

/** One protocol with what stands behind its slash, if anything does. */
function ofProtocol(protocol: number, name: string, rest: Piece | null): ServicePart {
  if (rest === null) return { protocol, ports: ALL_PORTS, clientPorts: null };
  if (isIcmp(protocol)) return { protocol, ports: readMessage(rest, protocol), clientPorts: null };
  if (!hasPorts(protocol)) throw errorAt(rest, `expected no port: ${name} has none that AWS looks at`);
  const [first, second] = cut(rest, '>');
  if (second === null) return { protocol, ports: readPorts(first), clientPorts: null };
  return { protocol, ports: readPorts(second), clientPorts: readPorts(first) };
}

function readProtocol({ question, at, text }: Piece, rest: Piece | null): number {
  const number = rest === null ? null : numberUpTo(255, rest.text);
  if (number !== null) return number;
  throw questionErrorAt(question, rest?.at ?? at + text.length, 'expected a protocol number from 0 to 255: proto/50');
}

function readPorts(list: Piece): IntervalSet {
  return intervalSet(split(list, /,/g).map(readRange));
}

function readRange(piece: Piece): Interval {
  const [low, high] = cut(piece, '-');
  const first = readPort(low);
  const last = high === null ? first : readPort(high);
  if (last < first) throw errorAt(piece, `expected a range from a lower port to a higher one: ${last}-${first}`);
  return { first, last };
}

function readPort(piece: Piece): number {
  const port = numberUpTo(LAST_PORT, piece.text);
  if (port === null) throw errorAt(piece, `expected a port from 0 to ${LAST_PORT}`);
  return port;
}

function readMessage(piece: Piece, protocol: number): IntervalSet {
  const named = icmpMessageNamed(protocol, piece.text.toLowerCase());
  if (named !== null) {
    // Of errors the type's own name stands for all its codes ("unreachable"); requests and answers only have code 0.
    const isWholeType =
      isError(protocol, named.type) && icmpTypeName(protocol, named.type) === piece.text.toLowerCase();
    return isWholeType ? wholeType(named.type) : oneCode(named.type, named.code);
  }
  const [typePiece, codePiece] = cut(piece, '.');
  const type = numberUpTo(255, typePiece.text);
  if (type === null) {
    const names = icmpNames(protocol);
    const problem = `expected an ${protocol === ICMP ? 'ICMP' : 'ICMPv6'} type from 0 to 255, TYPE.CODE, or a name such as echo`;
    throw errorAt(typePiece, problem, suggestionsFor(piece.text, names));
  }
  if (codePiece === null) return wholeType(type);
  const code = numberUpTo(255, codePiece.text);
  if (code === null) throw errorAt(codePiece, 'expected a code from 0 to 255');
  return oneCode(type, code);
}

function wholeType(type: number): IntervalSet {
  return intervalSet([{ first: icmpCodepoint(type, 0), last: icmpCodepoint(type, 255) }]);
}

function oneCode(type: number, code: number): IntervalSet {
  const codepoint = icmpCodepoint(type, code);
  return intervalSet([{ first: codepoint, last: codepoint }]);
}
