/** The two readers of the stage graph agree: a packet is in the set exactly when the walker delivers it. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { askPacket } from '../../src/explain/packet-question.ts';
import type { Network } from '../../src/model/network.ts';
import { type Address, sameAddress } from '../../src/net/address.ts';
import { TCP } from '../../src/net/protocol.ts';
import { SYN } from '../../src/net/tcp-flags.ts';
import { drawings } from '../support/arbitrary-networks.ts';
import { packetOf, packetPlans, pinned } from '../support/arbitrary-packets.ts';
import { networkOf } from '../support/network.ts';
import { readersDisagree } from '../support/two-readers.ts';

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
        expect(readersDisagree(compiled, questions)).toEqual([]);
      },
    ),
    { numRuns: 250 },
  );
});
