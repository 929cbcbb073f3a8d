/**
 * Packets as people write them.
 *
 *     packet   = header end ">" end option*
 *     header   = "tcp" | "udp" | "gre" | "esp" | "ah" | "sctp"
 *              | ("icmp" | "icmpv6") message
 *              | "proto" NUMBER [message]                 the message where NUMBER is 1 or 58, and only there
 *     message  = NAME | TYPE ["." CODE]                   echo, port-unreachable, 3.4; the code is 0 unless given
 *     end      = address [":" PORT] ["@" PLACE]           ports for TCP and UDP only; only the source's may be left out
 *     address  = IPV4 | IPV6 | "[" IPV6 "]"               IPv6 needs its brackets where a port follows
 *     option   = "flags" FLAGS                            TCP: letters of FSRPAUEC, or none; S unless given
 *              | "id" NUMBER                              ICMP: query identifier; 1 unless given, 0 for what is no query
 *              | "about" "(" packet ")"                   ICMP errors: the header they quote, without places
 *
 *     tcp 203.0.113.7:40000 > 10.0.1.10:443
 *     tcp [2001:db8::1]:40000 > [2001:db8:1::a]:443 flags SA
 *     tcp 10.1.1.133:49152@eni-0695 > 10.1.101.164:22@i-1
 *     icmp echo 10.0.1.10 > 10.0.2.20 id 7
 *     icmp 3.4 192.0.2.1 > 10.0.1.10 about (tcp 10.0.1.10:443 > 203.0.113.7:40000)
 *     proto 50 10.0.1.10 > 203.0.113.7
 *
 * `icmp` between IPv6 addresses means ICMPv6. `proto` takes its number as it is, so that ICMPv6 over IPv4 can be written too.
 * Keywords and names may be in any case; words are apart by spaces, which `>` and parentheses do not need.
 */

import type { Address } from './address.ts';
import { formatAddress } from './address-text.ts';
import { icmpMessageNamed, icmpNames, icmpTypeName, isAnswer, isError, isRequest } from './icmp.ts';
import type { Packet } from './packet.ts';
import { readEnd } from './packet-end.ts';
import { errorAt, numberUpTo, peek, readNumber, take, type Word, type Words, wordsOf } from './packet-words.ts';
import {
  hasPorts,
  ICMP,
  ICMPV6,
  icmpCodepoint,
  isIcmp,
  LAST_PORT,
  protocolName,
  protocolNumber,
  TCP,
} from './protocol.ts';
import { formatTcpFlags, parseTcpFlags, SYN } from './tcp-flags.ts';

export interface ParsedPacket {
  readonly packet: Packet;
  /** What stood after the `@` of an end, or null. What it means is not decided here. */
  readonly sourcePin: string | null;
  readonly destinationPin: string | null;
}

/**
 * The source port of a TCP or UDP packet that names none: the first one that a Windows client (49152 to 65535) and a Linux
 * client (32768 to 60999) may both choose (PKT-11, RFC 6335 §6).
 */
const USUAL_SOURCE_PORT = 49152;

/** The identifier of an ICMP query that names none. */
const USUAL_QUERY_ID = 1;

/** A lone TCP packet opens a connection. */
const USUAL_FLAGS = SYN;

/** The packet that the text describes. Throws a PacketTextError that points at the first place that is wrong. */
export function parsePacket(text: string): ParsedPacket {
  return readPacket(wordsOf(text), true);
}

/** The text that `parsePacket` reads back as the same packet; what goes without saying is left out. */
export function formatPacket(packet: Packet): string {
  const { protocol, quoted } = packet;
  const source = formatEnd(protocol, packet.source, packet.sourcePortOrIcmpId);
  const destination = formatEnd(protocol, packet.destination, packet.destinationPortOrIcmp);
  const words = [formatHeader(packet), source, '>', destination];
  if (protocol === TCP && packet.tcpFlags !== USUAL_FLAGS) words.push('flags', formatTcpFlags(packet.tcpFlags));
  if (isIcmp(protocol)) {
    const id = usualId(protocol, packet.destinationPortOrIcmp);
    if (packet.sourcePortOrIcmpId !== id) words.push('id', String(packet.sourcePortOrIcmpId));
  }
  if (quoted !== null) words.push('about', `(${formatPacket(quoted)})`);
  return words.join(' ');
}

function formatHeader(packet: Packet): string {
  const { protocol, source } = packet;
  const name = protocolName(protocol);
  if (!isIcmp(protocol)) return name === String(protocol) ? `proto ${name}` : name;
  const type = packet.destinationPortOrIcmp >> 8;
  const code = packet.destinationPortOrIcmp & 255;
  const queryName = code === 0 && isQuery(protocol, type) ? icmpTypeName(protocol, type) : null;
  const ofThisFamily = source.family === (protocol === ICMP ? 4 : 6);
  return `${ofThisFamily ? 'icmp' : `proto ${protocol}`} ${queryName ?? `${type}.${code}`}`;
}

function formatEnd(protocol: number, address: Address, port: number): string {
  const text = formatAddress(address);
  if (!hasPorts(protocol)) return text;
  return `${address.family === 6 ? `[${text}]` : text}:${port}`;
}

function readPacket(words: Words, outermost: boolean): ParsedPacket {
  const header = readHeader(words);
  const source = readEnd(words, header.protocol, outermost);
  const arrow = take(words);
  if (arrow.text !== '>') throw errorAt(words, arrow, '">" between the two ends');
  const destination = readEnd(words, header.protocol, outermost);
  if (destination.address.family !== source.address.family) {
    throw errorAt(words, destination.word, `an IPv${source.address.family} address, as the source is one`);
  }
  const protocol = header.name === 'icmp' && source.address.family === 6 ? ICMPV6 : header.protocol;
  if (header.name === 'icmpv6' && source.address.family === 4) {
    throw errorAt(words, source.word, 'an IPv6 address after "icmpv6"');
  }
  const ports = hasPorts(protocol);
  if (ports && destination.port === null) {
    const brackets = destination.address.family === 6 ? ' ([ADDRESS]:PORT)' : '';
    throw errorAt(words, destination.word, `":" and a port${brackets}`, destination.lengthUpToPort);
  }
  const icmp = header.message === null ? 0 : readMessage(words, header.message, protocol);
  const bare: Packet = {
    protocol,
    source: source.address,
    destination: destination.address,
    sourcePortOrIcmpId: ports ? (source.port ?? USUAL_SOURCE_PORT) : usualId(protocol, icmp),
    destinationPortOrIcmp: ports ? (destination.port ?? 0) : icmp,
    tcpFlags: protocol === TCP ? USUAL_FLAGS : 0,
    quoted: null,
  };
  return { packet: readOptions(words, bare, outermost), sourcePin: source.pin, destinationPin: destination.pin };
}

interface HeaderWords {
  /** The word as it was written, in lower case: it decides what `icmp` means. */
  readonly name: string;
  readonly protocol: number;
  /** Type and code as written. They are read once the addresses have told the family. */
  readonly message: Word | null;
}

function readHeader(words: Words): HeaderWords {
  const word = take(words);
  const name = word.text.toLowerCase();
  const protocol = name === 'proto' ? readNumber(words, take(words), 255, 'a protocol number') : protocolNumber(name);
  if (protocol === null || protocol < 0 || /^\d/.test(name)) {
    throw errorAt(words, word, 'a protocol (tcp, udp, icmp, icmpv6, gre, esp, ah, sctp, or proto and a number)');
  }
  if (!isIcmp(protocol)) return { name, protocol, message: null };
  const message = take(words);
  if (!looksLikeMessage(message.text)) throw errorAt(words, message, messagesOf(protocol));
  return { name, protocol, message };
}

/** Whether a word may be a message of one of the two families. An address may not, so that a forgotten type is seen as one. */
function looksLikeMessage(text: string): boolean {
  if (/^\d+(\.\d+)?$/.test(text)) return true;
  const name = text.toLowerCase();
  return icmpMessageNamed(ICMP, name) !== null || icmpMessageNamed(ICMPV6, name) !== null;
}

function messagesOf(protocol: number): string {
  return `an ${protocolName(protocol)} type from 0 to 255, TYPE.CODE, or one of ${icmpNames(protocol).join(', ')}`;
}

/** The code point (see `Packet`) of `echo`, `8` or `3.4`. */
function readMessage(words: Words, word: Word, protocol: number): number {
  const named = icmpMessageNamed(protocol, word.text.toLowerCase());
  if (named !== null) return icmpCodepoint(named.type, named.code);
  const dot = word.text.indexOf('.');
  const type = numberUpTo(255, dot < 0 ? word.text : word.text.slice(0, dot));
  if (type === null) throw errorAt(words, word, messagesOf(protocol));
  const code = dot < 0 ? 0 : numberUpTo(255, word.text.slice(dot + 1));
  if (code === null) throw errorAt(words, word, 'a code from 0 to 255', dot + 1);
  return icmpCodepoint(type, code);
}

function readOptions(words: Words, bare: Packet, outermost: boolean): Packet {
  let packet = bare;
  const seen = new Set<string>();
  for (;;) {
    const word = peek(words);
    if (word.text === '' || (word.text === ')' && !outermost)) return packet;
    const option = word.text.toLowerCase();
    if (seen.has(option) || !optionsOf(packet, outermost).includes(option)) {
      throw errorAt(words, word, optionsFor(packet, outermost, seen));
    }
    seen.add(option);
    words.next++;
    packet = { ...packet, ...readOption(words, option, packet) };
  }
}

function readOption(words: Words, option: string, packet: Packet): Partial<Packet> {
  const word = take(words);
  switch (option) {
    case 'flags': {
      const tcpFlags = parseTcpFlags(word.text);
      if (tcpFlags === null) throw errorAt(words, word, 'TCP flags: letters of FSRPAUEC, each once, or none');
      return { tcpFlags };
    }
    case 'id':
      return { sourcePortOrIcmpId: readNumber(words, word, LAST_PORT, 'a query identifier') };
    default: {
      if (word.text !== '(') throw errorAt(words, word, '"(" and the quoted packet');
      const first = peek(words);
      const { packet: quoted } = readPacket(words, false);
      if (quoted.source.family !== packet.source.family) {
        throw errorAt(words, first, `a packet with IPv${packet.source.family} addresses`);
      }
      const close = take(words);
      if (close.text !== ')') throw errorAt(words, close, '")" after the quoted packet');
      return { quoted };
    }
  }
}

/** The options that this packet may have. A quoted header quotes nothing itself: no error answers an error. */
function optionsOf(packet: Packet, outermost: boolean): readonly string[] {
  if (packet.protocol === TCP) return ['flags'];
  if (!isIcmp(packet.protocol)) return [];
  return outermost && isError(packet.protocol, packet.destinationPortOrIcmp >> 8) ? ['id', 'about'] : ['id'];
}

function optionsFor(packet: Packet, outermost: boolean, seen: ReadonlySet<string>): string {
  const open = optionsOf(packet, outermost).filter((option) => !seen.has(option));
  return [...open.map((option) => `"${option}"`), outermost ? 'the end' : '")"'].join(' or ');
}

function isQuery(protocol: number, type: number): boolean {
  return isRequest(protocol, type) || isAnswer(protocol, type);
}

/** What the identifier is when nothing is said: one for queries and their answers; other messages have none. */
function usualId(protocol: number, icmp: number): number {
  return isIcmp(protocol) && isQuery(protocol, icmp >> 8) ? USUAL_QUERY_ID : 0;
}
