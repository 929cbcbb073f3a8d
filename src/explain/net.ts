/** The one noun of the library: a network that can be asked. */

import { assumptionIds } from '../compile/assumption.ts';
import { type Compiled, type CompileOptions, compile } from '../compile/compile.ts';
import {
  ARRIVES_AND_RETURNS,
  ARRIVES_ONLY,
  DOES_NOT_ARRIVE,
  type RoundTrip,
  RoundTrips,
} from '../evaluate/round-trip.ts';
import type { Network } from '../model/network.ts';
import type { Fact, Problem } from '../model/problem.ts';
import type { ParsedPacket } from '../net/packet-text.ts';
import { type Change, changed } from './change.ts';
import { ANY_CLIENT, parseClientPorts } from './client-ports.ts';
import { type ExplainOptions, explain } from './explain.ts';
import type { ExplainAnswer } from './explain-answer.ts';
import { explainLeg } from './explain-leg.ts';
import { askPacket, type PacketQuestion } from './packet-question.ts';
import { placesOf } from './place-set.ts';
import { MAX_PAIRS, ReachEngine, type SetQuestion } from './reach.ts';
import type { ReachAnswer } from './reach-answer.ts';
import { parseReachQuestion, type ReachQuestionParts, reachQuestionOf } from './reach-question.ts';
import { createSession, type Session } from './session.ts';
import type { Trace, Verdict } from './trace.ts';

export interface Net {
  readonly network: Network;
  /** What was wrong with the input. */
  readonly problems: readonly Problem[];
  /** What the snapshot lacks, whether or not a question ever needs it. */
  readonly facts: readonly Fact[];
  /**
   * Walks one packet and its answer: `tcp 203.0.113.7:40000 > 198.51.100.10:443`, with `@PLACE` after an end to pin it. The
   * packet is one that opens a flow: nothing is tracked before it. Throws a QuestionError when it does not parse or names a
   * place that the network lacks.
   */
  walk(packet: string | ParsedPacket): Trace;
  /**
   * Which packets get from one set of places to another, and whose answers come back, exactly and for every packet at once:
   * `internet -> tag:role=web : tcp/443`, or its parts. Throws a QuestionError when it does not parse, names a place that is not
   * there, or is about more pairs of addresses than the limit.
   */
  reach(question: string | ReachQuestionParts, options?: ReachOptions): ReachAnswer;
  /**
   * What stops a question of `reach`, or lets it through, and the smallest sets of changes that would open it whole, or, with
   * `goal: 'close'`, shut it. Throws a QuestionError as `reach` does.
   */
  explain(question: string | ReachQuestionParts, options?: ExplainOptions): ExplainAnswer;
  /** Connection tracking as state: packets in time order, rules that change underneath. */
  session(): Session;
  /** The network after a change; this one stays as it is. Throws a QuestionError when the change names what is not there. */
  edit(change: Change): Net;
}

export interface ReachOptions {
  /** `linux`, `windows`, `nat`, `load-balancer`, `lambda`, or a range; default: 1024-65535. */
  readonly clientPorts?: string;
  /** Most pairs of addresses to look at; default `MAX_PAIRS`. */
  readonly maxPairs?: number;
}

export function createNet(network: Network, options: CompileOptions = {}): Net {
  const compiled = compile(network, options);
  const trips = new RoundTrips(compiled);
  trips.findsAllBlockers = true;
  let engine: ReachEngine | null = null;
  return {
    network,
    problems: network.problems,
    facts: compiled.gaps,
    walk: (packet) => {
      const question = askPacket(compiled, packet);
      return explainTrip(compiled, question, trips.walk(question.packet, question.start));
    },
    reach: (question, reachOptions = {}) => {
      engine ??= new ReachEngine(compiled);
      return engine.answer(setQuestion(compiled, question, reachOptions));
    },
    explain: (question, explainOptions = {}) => explain(network, compiled, options, question, explainOptions),
    session: () => createSession(network, compiled, options),
    edit: (change) => createNet(changed(network, change), options),
  };
}

function setQuestion(
  compiled: Compiled,
  question: string | ReachQuestionParts,
  { clientPorts, maxPairs = MAX_PAIRS }: ReachOptions,
): SetQuestion {
  const { from, to, service } = typeof question === 'string' ? parseReachQuestion(question) : reachQuestionOf(question);
  return {
    from: placesOf(compiled, from),
    to: placesOf(compiled, to),
    service,
    clientPorts: clientPorts === undefined ? ANY_CLIENT : parseClientPorts(clientPorts),
    maxPairs,
    texts: { from: from.text.trim(), to: to.text.trim(), service: service.text },
  };
}

function verdictOf(trip: RoundTrip): Verdict {
  switch (trip.verdict) {
    case ARRIVES_AND_RETURNS:
      return 'delivered';
    case ARRIVES_ONLY:
      return 'one-way';
    case DOES_NOT_ARRIVE:
      return 'dropped';
    default:
      return 'unknown';
  }
}

function explainTrip(compiled: Compiled, question: PacketQuestion, trip: RoundTrip): Trace {
  const { packet, from, notes } = question;
  const forward = explainLeg(compiled, trip.forward, { sent: packet, received: trip.received!, from });
  const reply = trip.hasReply
    ? explainLeg(compiled, trip.reply, {
        sent: trip.answer!,
        received: trip.answered!,
        from: forward.to,
        mismatch: trip.isMismatched ? packet : null,
      })
    : null;
  return {
    verdict: verdictOf(trip),
    forward,
    reply: forward.outcome === 'dropped' ? null : reply,
    assumptions: assumptionIds(trip.assumptions),
    unknowns: uniqueFacts(compiled, trip.facts),
    notes,
  };
}

function uniqueFacts(compiled: Compiled, facts: readonly number[]): readonly Fact[] {
  return [...new Set(facts)].map((index) => compiled.facts[index]!);
}

export type { Change } from './change.ts';
export type { Session, SessionResult } from './session.ts';
