/**
 * From what passes between two addresses to sets of whole headers, so that answers about many addresses can be united and compared.
 *
 * Fields: source, destination (both by rank), protocol, destination port or ICMP type * 256 + code, source port. A field that a protocol
 * lacks is 0, as in `Packet`, so that each header is one point.
 */

import type { Ranks } from '../compile/address-space.ts';
import { ICMP, ICMPV6, LAST_PORT, TCP, UDP } from '../net/protocol.ts';
import { type Box, DecisionDiagram, type PointSetId } from './decision-diagram.ts';
import type { L4Id, L4Sets } from './l4-sets.ts';

export const SOURCE_FIELD = 0;
export const DESTINATION_FIELD = 1;
export const PROTOCOL_FIELD = 2;
export const PORT_FIELD = 3;
export const SOURCE_PORT_FIELD = 4;

/** Packets from any of the sources to any of the destinations, and which of them arrive and are answered. */
export interface RankedFlows {
  readonly sources: Ranks;
  readonly destinations: Ranks;
  /** By protocol and destination port or ICMP type and code. */
  readonly forward: L4Id;
  /** As in `Connection`: TCP and UDP by the packet's source port, others by what `forward` goes by. EVERYTHING asks for no answer. */
  readonly reply: L4Id;
}

export function headerDiagram(ranks: number): DecisionDiagram {
  return new DecisionDiagram([ranks, ranks, 256, LAST_PORT + 1, LAST_PORT + 1]);
}

/** The headers of any of the flows, in a diagram of `headerDiagram`. */
export function headersOf(diagram: DecisionDiagram, sets: L4Sets, flows: readonly RankedFlows[]): PointSetId {
  // Most flows let the same through: one set for each pair of `forward` and `reply`, with all its pairs of addresses.
  const byL4 = new Map<string, RankedFlows[]>();
  for (const flow of flows) {
    const key = `${flow.forward} ${flow.reply}`;
    const alike = byL4.get(key);
    if (alike === undefined) byL4.set(key, [flow]);
    else alike.push(flow);
  }
  const portful = withProtocol(diagram, [TCP, UDP]);
  const real = realHeaders(diagram, portful);
  return diagram.unionOf(
    [...byL4.values()].map((alike) => {
      const { forward, reply } = alike[0]!;
      const pairs = diagram.anyMatch(alike.map(({ sources, destinations }) => [sources, destinations, ...ANY_L4]));
      const there = byPort(diagram, sets, forward, PORT_FIELD);
      const back = diagram.union(
        diagram.intersect(portful, byPort(diagram, sets, reply, SOURCE_PORT_FIELD)),
        diagram.subtract(byPort(diagram, sets, reply, PORT_FIELD), portful),
      );
      return diagram.intersect(pairs, diagram.intersect(real, diagram.intersect(there, back)));
    }),
  );
}

const PORTS = { first: 0, last: LAST_PORT };
const NO_PORT = { first: 0, last: 0 };
const ANY_L4: Box = [{ first: 0, last: 255 }, PORTS, PORTS];

/** Headers whose fields that the protocol lacks are 0. */
function realHeaders(diagram: DecisionDiagram, portful: PointSetId): PointSetId {
  const icmp = withProtocol(diagram, [ICMP, ICMPV6]);
  const noSourcePort = diagram.box(boxOf(diagram, { [SOURCE_PORT_FIELD]: NO_PORT }));
  const noPorts = diagram.box(boxOf(diagram, { [PORT_FIELD]: NO_PORT, [SOURCE_PORT_FIELD]: NO_PORT }));
  return diagram.unionOf([portful, diagram.intersect(icmp, noSourcePort), diagram.subtract(noPorts, icmp)]);
}

function withProtocol(diagram: DecisionDiagram, protocols: readonly number[]): PointSetId {
  return diagram.anyMatch(
    protocols.map((protocol) => boxOf(diagram, { [PROTOCOL_FIELD]: { first: protocol, last: protocol } })),
  );
}

/** A set of protocol and port, read as saying its ports of this field. */
function byPort(diagram: DecisionDiagram, sets: L4Sets, set: L4Id, field: number): PointSetId {
  return diagram.anyMatch(
    sets
      .runs(set)
      .flatMap(({ first, last, ports }) =>
        ports.map((range) => boxOf(diagram, { [PROTOCOL_FIELD]: { first, last }, [field]: range })),
      ),
  );
}

/** A box of whole fields but for those given. */
function boxOf(diagram: DecisionDiagram, given: Readonly<Record<number, Box[number]>>): Box {
  return diagram.sizes.map((size, field) => given[field] ?? { first: 0, last: size - 1 });
}
