/**
 * Sets of packets, exactly: unions, intersections and differences of answers, with nothing rounded.
 *
 * A set speaks of headers: addresses, protocol, ports or ICMP type and code. It knows no places, so where two senders share an
 * address, a set with both of them holds what either may send. It says of TCP what opens a connection, and nothing of ICMP identifiers.
 */

import { AddressBounds, type AddressSpace, type Ranks, rangeOfRanks, rankOf } from '../compile/address-space.ts';
import type { Address } from '../net/address.ts';
import { type AddressRange, prefixesOf } from '../net/address-set.ts';
import { formatPrefix } from '../net/address-text.ts';
import type { Interval } from '../net/interval-set.ts';
import type { Packet } from '../net/packet.ts';
import { formatPacket, parsePacket } from '../net/packet-text.ts';
import { hasPorts, ICMP, ICMPV6, isIcmp, TCP, UDP } from '../net/protocol.ts';
import { SYN } from '../net/tcp-flags.ts';
import { type Box, type DecisionDiagram, NO_POINT, type PointSetId } from '../reach/decision-diagram.ts';
import { boxesOf, countPoints, firstPoint } from '../reach/diagram-contents.ts';
import {
  DESTINATION_FIELD,
  headerDiagram,
  headersOf,
  PORT_FIELD,
  PROTOCOL_FIELD,
  SOURCE_FIELD,
  SOURCE_PORT_FIELD,
} from '../reach/diagram-of-sets.ts';
import type { L4Id, L4Sets } from '../reach/l4-sets.ts';
import { QuestionError } from './question-error.ts';
import { familiarAddress } from './reach-ends.ts';

/** A set of packets that stays as it is; operations give new ones. Sets of different networks may be combined. */
export interface ExactSet {
  union(other: ExactSet): ExactSet;
  intersect(other: ExactSet): ExactSet;
  /** What is in this set and not in the other. */
  subtract(other: ExactSet): ExactSet;
  isEmpty(): boolean;
  /**
   * Reports whether a packet such as `tcp 203.0.113.7:40000 > 10.0.1.10:443` is in the set. Throws a PacketTextError when the text is no
   * packet, and a QuestionError when it pins an end to a place.
   */
  contains(packet: string | Packet): boolean;
  /** How many headers: one for each pair of ports, for each ICMP type and code, for each other protocol. */
  count(): bigint;
  /** Disjoint boxes that make up the set, in ascending order. Throws a RangeError when there are more than `limit`. */
  boxes(limit: number): readonly HeaderBox[];
  /** A packet of the set that people find familiar, as `walk` takes it; null when the set is empty. */
  witness(): string | null;
}

/** All headers with every field among those given. */
export interface HeaderBox {
  /** The fewest prefixes. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  /** IANA numbers, inclusive. */
  readonly protocols: Interval;
  /** TCP, UDP: destination ports. ICMP: type * 256 + code. Others: 0. */
  readonly destinationPortsOrIcmp: Interval;
  /** TCP, UDP: source ports. Others: 0. */
  readonly sourcePorts: Interval;
}

/** What passes from any address of one range to any of another, which is of the same family. */
export interface Flows {
  readonly sources: AddressRange;
  readonly destinations: AddressRange;
  /** Which packets, by protocol and destination port (`Connection.forward`). */
  readonly forward: L4Id;
  /** Which of them are answered, TCP and UDP by source port (`Connection.reply`); EVERYTHING where no answer is asked for. */
  readonly reply: L4Id;
}

/** The packets of any of the flows, whose ids are those of `sets`. Throws a RangeError on a flow between two families. */
export function packetsOf(sets: L4Sets, flows: readonly Flows[]): ExactSet {
  const bounds = new AddressBounds();
  for (const { sources, destinations } of flows) {
    if (sources.first.family !== destinations.first.family) throw new RangeError('a flow between two address families');
    bounds.addRange(sources);
    bounds.addRange(destinations);
  }
  const space = bounds.build();
  const ranks = ({ first, last }: AddressRange): Ranks => ({ first: rankOf(space, first), last: rankOf(space, last) });
  const diagram = headerDiagram(space.size);
  const ranked = flows.map((flow) => ({
    ...flow,
    sources: ranks(flow.sources),
    destinations: ranks(flow.destinations),
  }));
  return new HeaderSet({ space, diagram }, headersOf(diagram, sets, ranked));
}

/** A diagram and the addresses that its ranks stand for. */
interface Arena {
  readonly space: AddressSpace;
  readonly diagram: DecisionDiagram;
}

const FAMILIAR_PROTOCOLS = [TCP, UDP, ICMP, ICMPV6];
const FAMILIAR_PORTS = [443, 80, 22, 3389, 5432, 3306, 53];
const FAMILIAR_CLIENT_PORTS = [49152, 32768, 1024];
/** As `destinationPortOrIcmp`: echo requests. */
const ECHO = [8 << 8, 128 << 8];

class HeaderSet implements ExactSet {
  readonly #arena: Arena;
  readonly #id: PointSetId;

  constructor(arena: Arena, id: PointSetId) {
    this.#arena = arena;
    this.#id = id;
  }

  union(other: ExactSet): ExactSet {
    return this.#with(other, (diagram, a, b) => diagram.union(a, b));
  }

  intersect(other: ExactSet): ExactSet {
    return this.#with(other, (diagram, a, b) => diagram.intersect(a, b));
  }

  subtract(other: ExactSet): ExactSet {
    return this.#with(other, (diagram, a, b) => diagram.subtract(a, b));
  }

  isEmpty(): boolean {
    return this.#id === NO_POINT;
  }

  contains(packet: string | Packet): boolean {
    const { source, destination, protocol, destinationPortOrIcmp, sourcePortOrIcmpId } =
      typeof packet === 'string' ? withoutPlaces(packet) : packet;
    const { space, diagram } = this.#arena;
    const sourcePort = hasPorts(protocol) ? sourcePortOrIcmpId : 0;
    const point = [rankOf(space, source), rankOf(space, destination), protocol, destinationPortOrIcmp, sourcePort];
    return diagram.contains(this.#id, point);
  }

  count(): bigint {
    const { space, diagram } = this.#arena;
    const starts = startsOnOneLine(space);
    return countPoints(diagram, this.#id, (field, first, last) =>
      field === SOURCE_FIELD || field === DESTINATION_FIELD
        ? starts[last + 1]! - starts[first]!
        : BigInt(last - first + 1),
    );
  }

  boxes(limit: number): readonly HeaderBox[] {
    const { space, diagram } = this.#arena;
    const prefixes = (ranks: Ranks): readonly string[] => prefixesOf([rangeOfRanks(space, ranks)]).map(formatPrefix);
    return boxesOf(diagram, this.#id, limit).map((box) => ({
      sources: prefixes(box[SOURCE_FIELD]!),
      destinations: prefixes(box[DESTINATION_FIELD]!),
      protocols: box[PROTOCOL_FIELD]!,
      destinationPortsOrIcmp: box[PORT_FIELD]!,
      sourcePorts: box[SOURCE_PORT_FIELD]!,
    }));
  }

  witness(): string | null {
    const { space, diagram } = this.#arena;
    let set = this.#narrow(this.#id, PROTOCOL_FIELD, FAMILIAR_PROTOCOLS);
    const protocol = firstPoint(diagram, set)?.[PROTOCOL_FIELD];
    if (protocol === undefined) return null;
    set = this.#narrow(set, PORT_FIELD, isIcmp(protocol) ? ECHO : FAMILIAR_PORTS);
    set = this.#narrow(set, SOURCE_PORT_FIELD, FAMILIAR_CLIENT_PORTS);
    const point = firstPoint(diagram, set)!;
    const addressAt = (rank: number): Address => familiarAddress(rangeOfRanks(space, { first: rank, last: rank }));
    return formatPacket({
      protocol: point[PROTOCOL_FIELD]!,
      source: addressAt(point[SOURCE_FIELD]!),
      destination: addressAt(point[DESTINATION_FIELD]!),
      sourcePortOrIcmpId: isIcmp(protocol) ? 1 : point[SOURCE_PORT_FIELD]!,
      destinationPortOrIcmp: point[PORT_FIELD]!,
      tcpFlags: protocol === TCP ? SYN : 0,
      quoted: null,
    });
  }

  /** The part of the set with the first value that any of it has; the set itself if it has none of them. */
  #narrow(set: PointSetId, field: number, values: readonly number[]): PointSetId {
    const { diagram } = this.#arena;
    for (const value of values) {
      const box: Box = diagram.sizes.map((size, other) =>
        other === field ? { first: value, last: value } : { first: 0, last: size - 1 },
      );
      const part = diagram.intersect(set, diagram.box(box));
      if (part !== NO_POINT) return part;
    }
    return set;
  }

  #with(other: ExactSet, operation: (diagram: DecisionDiagram, a: PointSetId, b: PointSetId) => PointSetId): ExactSet {
    if (!(other instanceof HeaderSet)) throw new TypeError('an exact set combines with sets of the same library only');
    const arena = this.#arena === other.#arena ? this.#arena : joined(this.#arena, other.#arena);
    return new HeaderSet(arena, operation(arena.diagram, this.#in(arena), other.#in(arena)));
  }

  #in(arena: Arena): PointSetId {
    return arena === this.#arena ? this.#id : translated(this.#arena, this.#id, arena);
  }
}

function withoutPlaces(text: string): Packet {
  const { packet, sourcePin, destinationPin } = parsePacket(text);
  const pin = sourcePin ?? destinationPin;
  if (pin === null) return packet;
  throw new QuestionError(`packet "${text}": a set knows headers and no places; leave out "@${pin}"`);
}

/** An arena for sets of both: addresses that either tells apart are apart. */
function joined(a: Arena, b: Arena): Arena {
  const bounds = new AddressBounds();
  for (const { space } of [a, b]) {
    for (let rank = 0; rank < space.size; rank++) bounds.addRange(rangeOfRanks(space, { first: rank, last: rank }));
  }
  const space = bounds.build();
  return { space, diagram: headerDiagram(space.size) };
}

/** A set in an arena that tells apart at least the same addresses. */
function translated(from: Arena, set: PointSetId, to: Arena): PointSetId {
  const lastRanks = Array.from({ length: from.space.size }, (_, rank) =>
    rankOf(to.space, rangeOfRanks(from.space, { first: rank, last: rank }).last),
  );
  return to.diagram.translate(from.diagram, set, (field, last) =>
    field === SOURCE_FIELD || field === DESTINATION_FIELD ? lastRanks[last]! : last,
  );
}

/** Where each atom starts, and the last one ends, when all v6 addresses stand behind all v4 ones. */
function startsOnOneLine(space: AddressSpace): readonly bigint[] {
  const starts = [0n];
  for (let rank = 0; rank < space.size; rank++) {
    const { first, last } = rangeOfRanks(space, { first: rank, last: rank });
    starts.push(starts[rank]! + numberOf(last) - numberOf(first) + 1n);
  }
  return starts;
}

function numberOf({ family, w0, w1, w2, w3 }: Address): bigint {
  if (family === 4) return BigInt(w0);
  return (BigInt(w0) << 96n) | (BigInt(w1) << 64n) | (BigInt(w2) << 32n) | BigInt(w3);
}
