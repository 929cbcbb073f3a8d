/** Compares what the sets say of single packets with what the walker does with them. */

import { rankOf } from '../../src/compile/address-space.ts';
import type { Compiled } from '../../src/compile/compile.ts';
import {
  ARRIVES_AND_RETURNS,
  ARRIVES_ONLY,
  DOES_NOT_ARRIVE,
  IS_UNKNOWN,
  RoundTrips,
} from '../../src/evaluate/round-trip.ts';
import type { PacketQuestion } from '../../src/explain/packet-question.ts';
import { formatPacket } from '../../src/net/packet-text.ts';
import { isIcmp, TCP, UDP } from '../../src/net/protocol.ts';
import { type Connection, Connections, type Passing } from '../../src/reach/connection.ts';
import { L4Sets } from '../../src/reach/l4-sets.ts';

const VERDICTS = new Map([
  [ARRIVES_AND_RETURNS, 'delivered'],
  [ARRIVES_ONLY, 'one-way'],
  [DOES_NOT_ARRIVE, 'dropped'],
  [IS_UNKNOWN, 'unknown'],
]);

/** What the sets say of one packet. */
function verdictOf(sets: L4Sets, connection: Connection, { packet }: PacketQuestion): string {
  const { protocol, sourcePortOrIcmpId, destinationPortOrIcmp } = packet;
  const ofListener = connection.apart?.find(({ forward: { may } }) =>
    sets.contains(may, protocol, destinationPortOrIcmp),
  );
  const { forward, reply } = ofListener ?? connection;
  const there = within(sets, forward, protocol, destinationPortOrIcmp);
  const hasPorts = protocol === TCP || protocol === UDP;
  const back = within(
    sets,
    reply,
    protocol,
    hasPorts ? sourcePortOrIcmpId : isIcmp(protocol) ? destinationPortOrIcmp : 0,
  );
  if (there === 'no') return 'dropped';
  if (there === 'maybe' || back === 'maybe') return 'unknown';
  return back === 'yes' ? 'delivered' : 'one-way';
}

function within(sets: L4Sets, { must, may }: Passing, protocol: number, port: number): 'yes' | 'no' | 'maybe' {
  if (sets.contains(must, protocol, port)) return 'yes';
  return sets.contains(may, protocol, port) ? 'maybe' : 'no';
}

/** Questions about which the two readers of the stage graph say different things, in words. */
export function readersDisagree(compiled: Compiled, questions: readonly PacketQuestion[]): string[] {
  const trips = new RoundTrips(compiled);
  const sets = new L4Sets();
  const connections = new Connections(compiled, sets);
  return questions.flatMap((question) => {
    const { packet, start } = question;
    const { space } = compiled;
    const end = {
      address: packet.source,
      rank: rankOf(space, packet.source),
      start: start.stage,
      sender: start.sender,
    };
    const connection = connections.between(end, packet.destination, rankOf(space, packet.destination));
    const expected = VERDICTS.get(trips.walk(packet, start).verdict);
    const got = verdictOf(sets, connection, question);
    return got === expected ? [] : [`${formatPacket(packet)}: sets say ${got}, the walker ${expected}`];
  });
}
