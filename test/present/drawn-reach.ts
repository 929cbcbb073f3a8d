/** Answers about sets written down for tests of their text: nothing was computed. */

import type { ReachAnswer, ReachBlocker, ReachGroup } from '../../src/explain/reach-answer.ts';
import type { Place } from '../../src/explain/trace.ts';
import { place } from './drawn-trace.ts';

export const WEB_1: Place = place('network-interface', 'eni-1', 'web-1');
const DB_1: Place = place('network-interface', 'eni-9', 'db-1');

export function group(verdict: ReachGroup['verdict'], more: Partial<ReachGroup> = {}): ReachGroup {
  return {
    verdict,
    from: [WEB_1],
    fromAddresses: [],
    to: [DB_1],
    toAddresses: [],
    forward: [],
    roundTrip: [],
    clientPorts: [],
    open: [],
    witness: null,
    blockers: [],
    ...more,
  };
}

export function stop(direction: ReachBlocker['direction'], more: Partial<ReachBlocker> = {}): ReachBlocker {
  return {
    direction,
    stage: 'security-group-in',
    code: 'ENI_SG_RULES_MISMATCH',
    place: DB_1,
    resource: 'sg-4',
    kills: ['tcp 22'],
    text: 'no inbound rule matches',
    ...more,
  };
}

export function reachAnswer(
  verdict: ReachAnswer['verdict'],
  groups: readonly ReachGroup[],
  more: Partial<ReachAnswer> = {},
): ReachAnswer {
  const question = { from: 'web-1', to: 'db-1', service: 'tcp/22,5432' };
  return { verdict, question, groups, pairs: groups.length, assumptions: [], unknowns: [], notes: [], ...more };
}
