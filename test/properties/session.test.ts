/** Sessions agree with the naive evaluator packet by packet: tracking, time-outs, answers, and rules that change meanwhile. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNet, type SessionResult } from '../../src/explain/net.ts';
import { parsePacket } from '../../src/net/packet-text.ts';
import { NaiveSession } from '../oracle/session.ts';
import type { Ending } from '../oracle/walk.ts';
import { drawings } from '../support/arbitrary-networks.ts';
import { packetOf, pinned, type SentPacket } from '../support/arbitrary-packets.ts';
import { type StoryStep, stories, withRules } from '../support/arbitrary-sessions.ts';
import type { Drawing } from '../support/drawing.ts';
import { reportWithSnapshot } from '../support/failure-report.ts';
import { networkOf } from '../support/network.ts';
import { disagreement } from './agreement.ts';
import { forwardingAppliances } from './forwarding-appliances.ts';

test('a session and the naive evaluator agree about every packet of a story', { timeout: 120_000 }, () => {
  fc.assert(fc.property(drawings({ hasGaps: false }), stories(), play), { numRuns: 400, reporter: reportWithSnapshot });
});

function play(drawing: Drawing, story: readonly StoryStep[]): void {
  const network = networkOf(drawing);
  const options = { appliances: forwardingAppliances(network) };
  const session = createNet(network, options).session();
  const naive = new NaiveSession(network, options);
  const sent: SentPacket[] = [];
  let now = 0;
  for (const step of story) {
    switch (step.kind) {
      case 'wait':
        now += step.seconds;
        break;
      case 'rules': {
        const changed = networkOf(withRules(drawing, step.change));
        session.apply({ kind: 'replace', network: { securityGroups: changed.securityGroups } });
        naive.apply(changed);
        break;
      }
      case 'answer': {
        const expected = naive.answer(now);
        if (expected === null) break;
        compare(session.answer({ at: now }), expected, `answer at ${now} s`);
        if (expected.outcome === 'unknown') return;
        break;
      }
      case 'send':
      case 'again': {
        const packet = step.kind === 'send' ? packetOf(network, step.plan) : sent.at(-1 - step.back);
        if (packet === undefined) break;
        sent.push(packet);
        const expected = naive.send(parsePacket(packet.text).packet, packet.from, now);
        compare(session.send(pinned(packet), { at: now }), expected, `${pinned(packet)} at ${now} s`);
        if (expected.outcome === 'unknown') return;
        break;
      }
    }
  }
}

function compare(result: SessionResult, expected: Ending, what: string): void {
  expect(result.verdict, what).toBe(expected.outcome);
  if (expected.outcome !== 'unknown') expect(disagreement(result.leg, expected), what).toBeNull();
}
