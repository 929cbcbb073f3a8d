/** Walks packets of a drawn network with the compiled walker and with the naive evaluator. */

import { expect } from 'vitest';
import { createNet } from '../../src/explain/net.ts';
import { parsePacket } from '../../src/net/packet-text.ts';
import { naiveTrace } from '../oracle/naive.ts';
import { type PacketPlan, packetOf, pinned } from '../support/arbitrary-packets.ts';
import type { Drawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';
import { disagreement } from './agreement.ts';
import { forwardingAppliances } from './forwarding-appliances.ts';

/** Expects both to agree about every packet and its answer: verdict, place, header, and what decided. */
export function expectAgreement(drawing: Drawing, plans: readonly PacketPlan[]): void {
  const network = networkOf(drawing);
  const appliances = forwardingAppliances(network);
  const net = createNet(network, { appliances });
  for (const plan of plans) {
    const packet = packetOf(network, plan);
    const trace = net.walk(pinned(packet));
    const naive = naiveTrace(network, parsePacket(packet.text).packet, packet.from, { appliances });
    expect(trace.verdict, pinned(packet)).toBe(naive.verdict);
    // What is shown of an undecided walk is one of several ways.
    if (naive.verdict === 'unknown') continue;
    expect(disagreement(trace.forward, naive.forward), pinned(packet)).toBeNull();
    if (trace.reply !== null && naive.reply !== null) {
      expect(disagreement(trace.reply, naive.reply), `answer to ${pinned(packet)}`).toBeNull();
    }
  }
}
