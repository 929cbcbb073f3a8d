/** An answer as JSON: the trace's own fields in a fixed order, under the id that the question had. */

import type { Blocker, Header, Hop, Leg, Place, Step, Trace, Verdict } from '../explain/trace.ts';
import { formatOrigin } from '../model/origin.ts';
import type { Fact } from '../model/problem.ts';

export interface FactJson {
  readonly key: string;
  readonly what: string;
  readonly remedy: string;
  /** `file#pointer`, or null. */
  readonly source: string | null;
}

export interface AnswerJson {
  readonly verdict: Verdict;
  readonly forward: Leg;
  readonly reply: Leg | null;
  readonly assumptions: readonly string[];
  readonly unknowns: readonly FactJson[];
  readonly notes: readonly string[];
}

interface BriefLegJson {
  readonly outcome: Leg['outcome'];
  readonly blockers: readonly Blocker[];
}

export interface BriefAnswerJson {
  readonly verdict: Verdict;
  readonly forward: BriefLegJson;
  readonly reply: BriefLegJson | null;
  readonly assumptions: readonly string[];
  readonly unknowns: readonly FactJson[];
}

export function answerJson({ verdict, forward, reply, assumptions, unknowns, notes }: Trace): AnswerJson {
  return {
    verdict,
    forward: legJson(forward),
    reply: reply === null ? null : legJson(reply),
    assumptions,
    unknowns: unknowns.map(factJson),
    notes,
  };
}

/** Without the hops: verdict, how each direction ended, and what refused it. */
export function briefAnswerJson({ verdict, forward, reply, assumptions, unknowns }: Trace): BriefAnswerJson {
  return {
    verdict,
    forward: briefLegJson(forward),
    reply: reply === null ? null : briefLegJson(reply),
    assumptions,
    unknowns: unknowns.map(factJson),
  };
}

function briefLegJson({ outcome, blockers }: Leg): BriefLegJson {
  return { outcome, blockers: blockers.map(blockerJson) };
}

export function legJson({ outcome, from, to, sent, received, hops, blockers }: Leg): Leg {
  return {
    outcome,
    from: placeJson(from),
    to: placeJson(to),
    sent: headerJson(sent),
    received: headerJson(received),
    hops: hops.map(hopJson),
    blockers: blockers.map(blockerJson),
  };
}

export function placeJson({ kind, id, name }: Place): Place {
  return { kind, id, name };
}

function headerJson(header: Header): Header {
  const { protocol, source, sourcePort, destination, destinationPort, icmpType, icmpCode, tcpFlags } = header;
  return { protocol, source, sourcePort, destination, destinationPort, icmpType, icmpCode, tcpFlags };
}

function hopJson({ place, steps }: Hop): Hop {
  return { place: placeJson(place), steps: steps.map(stepJson) };
}

function stepJson({ stage, result, text, resource, rule, source, code, tracking, header, because }: Step): Step {
  return {
    stage,
    result,
    text,
    resource,
    rule,
    source,
    code,
    tracking,
    header: header === null ? null : headerJson(header),
    because,
  };
}

function blockerJson({ stage, code, place, resource, rule, source, text }: Blocker): Blocker {
  return { stage, code, place: placeJson(place), resource, rule, source, text };
}

export function factJson({ key, what, remedy, origin }: Fact): FactJson {
  return { key, what, remedy, source: origin === null ? null : formatOrigin(origin) };
}
