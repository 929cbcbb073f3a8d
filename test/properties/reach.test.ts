/** The two readers of the stage graph agree: a packet is in the set exactly when the walker delivers it. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankOf } from '../../src/compile/address-space.ts';
import { type Compiled, compile } from '../../src/compile/compile.ts';
import {
  ARRIVES_AND_RETURNS,
  ARRIVES_ONLY,
  DOES_NOT_ARRIVE,
  IS_UNKNOWN,
  RoundTrips,
} from '../../src/evaluate/round-trip.ts';
import { askPacket, type PacketQuestion } from '../../src/explain/packet-question.ts';
import type { Network } from '../../src/model/network.ts';
import { type Address, sameAddress } from '../../src/net/address.ts';
import { formatPacket } from '../../src/net/packet-text.ts';
import { isIcmp, TCP, UDP } from '../../src/net/protocol.ts';
import { SYN } from '../../src/net/tcp-flags.ts';
import { type Connection, Connections, type Passing } from '../../src/reach/connection.ts';
import { L4Sets } from '../../src/reach/l4-sets.ts';
import { drawings } from '../support/arbitrary-networks.ts';
import { packetOf, packetPlans, pinned } from '../support/arbitrary-packets.ts';
import { networkOf } from '../support/network.ts';

const VERDICTS = new Map([
  [ARRIVES_AND_RETURNS, 'delivered'],
  [ARRIVES_ONLY, 'one-way'],
  [DOES_NOT_ARRIVE, 'dropped'],
  [IS_UNKNOWN, 'unknown'],
]);

/** What the sets say of one packet. */
function verdictOf(sets: L4Sets, { forward, reply }: Connection, { packet }: PacketQuestion): string {
  const { protocol, sourcePortOrIcmpId, destinationPortOrIcmp } = packet;
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

function compare(compiled: Compiled, questions: readonly PacketQuestion[]): string[] {
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

/** To its own public address a flow without ports is its own answer at the interface: no question about sets asks that. */
function isToItself(network: Network, sender: number, destination: Address): boolean {
  const own = network.networkInterfaces[sender]?.privateAddresses ?? [];
  return own.some(({ publicAddress }) => publicAddress !== null && sameAddress(publicAddress, destination));
}

test('a packet is in the set exactly when the walker delivers it', () => {
  fc.assert(
    fc.property(
      drawings({ hasGaps: true }),
      fc.array(packetPlans(), { minLength: 1, maxLength: 20, size: 'max' }),
      (drawing, plans) => {
        const network = networkOf(drawing);
        const compiled = compile(network);
        const questions = plans
          .map((plan) => askPacket(compiled, pinned(packetOf(network, plan))))
          .filter(({ packet, start }) => !isToItself(network, start.sender, packet.destination))
          .filter(({ packet }) => packet.quoted === null && (packet.protocol !== TCP || packet.tcpFlags === SYN));
        expect(compare(compiled, questions)).toEqual([]);
      },
    ),
    { numRuns: 250 },
  );
});
