/** Exact sets of headers hold a packet exactly when the walker delivers it, also after they were united over many senders. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankOf } from '../../src/compile/address-space.ts';
import { compile } from '../../src/compile/compile.ts';
import { ARRIVES_AND_RETURNS, ARRIVES_ONLY, RoundTrips } from '../../src/evaluate/round-trip.ts';
import { type Flows, packetsOf } from '../../src/explain/exact-set.ts';
import { askPacket } from '../../src/explain/packet-question.ts';
import { formatAddress } from '../../src/net/address-text.ts';
import { formatPacket } from '../../src/net/packet-text.ts';
import { TCP } from '../../src/net/protocol.ts';
import { SYN } from '../../src/net/tcp-flags.ts';
import { Connections } from '../../src/reach/connection.ts';
import { EVERYTHING, L4Sets } from '../../src/reach/l4-sets.ts';
import { drawings } from '../support/arbitrary-networks.ts';
import { packetOf, packetPlans, pinned } from '../support/arbitrary-packets.ts';
import { networkOf } from '../support/network.ts';

test('a packet is in the exact set of its flow exactly when it is delivered, and in a union that the flow is part of', () => {
  fc.assert(
    fc.property(
      drawings({ hasGaps: false }),
      fc.array(packetPlans(), { minLength: 1, maxLength: 12, size: 'max' }),
      (drawing, plans) => {
        const network = networkOf(drawing);
        const compiled = compile(network);
        const trips = new RoundTrips(compiled);
        const sets = new L4Sets();
        const connections = new Connections(compiled, sets);
        const ownPublic = new Set(
          network.networkInterfaces.flatMap(({ privateAddresses }) =>
            privateAddresses.flatMap(({ publicAddress }) =>
              publicAddress === null ? [] : [formatAddress(publicAddress)],
            ),
          ),
        );
        const answered: Flows[] = [];
        const delivered: string[] = [];
        for (const plan of plans) {
          const { packet, start } = askPacket(compiled, pinned(packetOf(network, plan)));
          if (packet.quoted !== null || (packet.protocol === TCP && packet.tcpFlags !== SYN)) continue;
          // To its own public address a flow without ports is its own answer: no question about sets asks that.
          if (start.sender >= 0 && ownPublic.has(formatAddress(packet.destination))) continue;
          const from = {
            address: packet.source,
            rank: rankOf(compiled.space, packet.source),
            start: start.stage,
            sender: start.sender,
          };
          const { forward, reply } = connections.between(
            from,
            packet.destination,
            rankOf(compiled.space, packet.destination),
          );
          if (forward.must !== forward.may || reply.must !== reply.may) continue;
          const ends = {
            sources: { first: packet.source, last: packet.source },
            destinations: { first: packet.destination, last: packet.destination },
          };
          const roundTrip = { ...ends, forward: forward.must, reply: reply.must };
          const { verdict } = trips.walk(packet, start);
          const text = formatPacket(packet);
          expect([text, packetsOf(sets, [roundTrip]).contains(packet)]).toEqual([
            text,
            verdict === ARRIVES_AND_RETURNS,
          ]);
          const oneWay = packetsOf(sets, [{ ...roundTrip, reply: EVERYTHING }]);
          expect([text, oneWay.contains(packet)]).toEqual([
            text,
            verdict === ARRIVES_AND_RETURNS || verdict === ARRIVES_ONLY,
          ]);
          answered.push(roundTrip);
          if (verdict === ARRIVES_AND_RETURNS) delivered.push(text);
        }
        const union = packetsOf(sets, answered);
        expect(delivered.filter((text) => !union.contains(text))).toEqual([]);
      },
    ),
    { numRuns: 100 },
  );
});
