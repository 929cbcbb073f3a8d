/** An answer about sets as JSON: its own fields in a fixed order; and in brief, for scripts that want the verdicts. */

import type { ReachAnswer, ReachBlocker, ReachGroup, ReachVerdict } from '../explain/reach-answer.ts';
import { type FactJson, factJson, placeJson } from './answer-json.ts';

export interface ReachJson {
  readonly verdict: ReachVerdict;
  readonly question: ReachAnswer['question'];
  readonly groups: readonly ReachGroup[];
  readonly pairs: number;
  readonly assumptions: readonly string[];
  readonly unknowns: readonly FactJson[];
  readonly notes: readonly string[];
}

export interface BriefReachJson {
  readonly verdict: ReachVerdict;
  /** How much of what was asked arrives. */
  readonly forward: ReachVerdict;
  /** How much of what arrives is answered; `none` where nothing arrives. */
  readonly reply: ReachVerdict;
  /** Of all groups, each once. */
  readonly blockers: readonly ReachBlocker[];
  readonly assumptions: readonly string[];
  readonly unknowns: readonly FactJson[];
}

export function reachJson(answer: ReachAnswer): ReachJson {
  const { verdict, question, groups, pairs, assumptions, unknowns, notes } = answer;
  const { from, to, service } = question;
  return {
    verdict,
    question: { from, to, service },
    groups: groups.map(groupJson),
    pairs,
    assumptions,
    unknowns: unknowns.map(factJson),
    notes,
  };
}

export function briefReachJson({ verdict, groups, assumptions, unknowns }: ReachAnswer): BriefReachJson {
  return {
    verdict,
    forward: together(groups.map(forwardVerdict)),
    reply: together(groups.filter(mayArrive).map(replyVerdict)),
    blockers: distinct(groups.flatMap((group) => group.blockers.map(blockerJson))),
    assumptions,
    unknowns: unknowns.map(factJson),
  };
}

function groupJson(group: ReachGroup): ReachGroup {
  const { verdict, from, fromAddresses, to, toAddresses, forward, roundTrip, clientPorts, open, witness } = group;
  return {
    verdict,
    from: from.map(placeJson),
    fromAddresses,
    to: to.map(placeJson),
    toAddresses,
    forward,
    roundTrip,
    clientPorts,
    open,
    witness: witness === null ? null : { packet: witness.packet, verdict: witness.verdict },
    blockers: group.blockers.map(blockerJson),
  };
}

function blockerJson({ direction, stage, code, place, resource, kills, text }: ReachBlocker): ReachBlocker {
  return { direction, stage, code, place: placeJson(place), resource, kills, text };
}

function forwardVerdict({ verdict, forward, open, blockers }: ReachGroup): ReachVerdict {
  if (verdict === 'all') return 'all';
  if (forward.length === 0) return open.length === 0 ? 'none' : 'unknown';
  if (blockers.some(({ direction }) => direction === 'forward')) return 'some';
  return open.length === 0 ? 'all' : 'unknown';
}

function mayArrive({ forward, open }: ReachGroup): boolean {
  return forward.length > 0 || open.length > 0;
}

function replyVerdict({ verdict, roundTrip, clientPorts, open, blockers }: ReachGroup): ReachVerdict {
  if (verdict === 'all') return 'all';
  if (roundTrip.length === 0 && clientPorts.length === 0) return open.length === 0 ? 'none' : 'unknown';
  if (clientPorts.length > 0 || blockers.some(({ direction }) => direction === 'reply')) return 'some';
  return open.length === 0 ? 'all' : 'unknown';
}

/** Of several groups: what holds for each, and `some` where one gets through what another does not. */
function together(verdicts: readonly ReachVerdict[]): ReachVerdict {
  const seen = new Set(verdicts);
  const [first = 'none'] = seen;
  if (seen.size < 2) return first;
  return seen.has('some') || (seen.has('all') && seen.has('none')) ? 'some' : 'unknown';
}

function distinct(blockers: readonly ReachBlocker[]): readonly ReachBlocker[] {
  return [...new Map(blockers.map((blocker) => [JSON.stringify(blocker), blocker])).values()];
}
