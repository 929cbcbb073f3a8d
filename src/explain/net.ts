/** The one noun of the library: a network that can be asked. */

import { assumptionIds } from '../compile/assumption.ts';
import { type Compiled, type CompileOptions, compile } from '../compile/compile.ts';
import { recompile } from '../compile/recompile.ts';
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
import type { Change } from './change.ts';
import { type DiffOptions, type DiffSide, differenceOf } from './diff.ts';
import type { DiffAnswer } from './diff-answer.ts';
import { edited } from './edit-text.ts';
import { type ExplainOptions, explain } from './explain.ts';
import type { ExplainAnswer } from './explain-answer.ts';
import { explainLeg } from './explain-leg.ts';
import { exposureOf } from './exposure.ts';
import type { ExposureAnswer } from './exposure-answer.ts';
import { ExposureWitnesses } from './exposure-witness.ts';
import { type LintOptions, lint } from './lint.ts';
import type { LintReport } from './lint-finding.ts';
import { matrixOf } from './matrix.ts';
import type { MatrixAnswer } from './matrix-answer.ts';
import {
  type ExposureOptions,
  exposureQuestion,
  type MatrixOptions,
  matrixQuestion,
  type ReachOptions,
  setQuestion,
} from './network-questions.ts';
import { askPacket, type PacketQuestion } from './packet-question.ts';
import { ReachEngine } from './reach.ts';
import type { ReachAnswer } from './reach-answer.ts';
import type { ReachPackets } from './reach-packets.ts';
import type { ReachQuestionParts } from './reach-question.ts';
import { createSession, type Session } from './session.ts';
import { type SetEngine, setEngineOf } from './set-engine.ts';
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
   * The packets of such a question as exact sets: what certainly arrives, and what of it is certainly answered. Sets can be combined with
   * those of other questions and other networks. Throws as `reach` does.
   */
  packets(question: string | ReachQuestionParts, options?: ReachOptions): ReachPackets;
  /**
   * What passes between all pairs of places, grouped by equal behaviour. Throws a QuestionError when a place or the service does not
   * parse or is not there.
   */
  matrix(options?: MatrixOptions): MatrixAnswer;
  /**
   * What the internet reaches, on what and through what, and what one thing alone keeps from being reached. Throws a QuestionError when
   * a place or the service does not parse or is not there.
   */
  exposure(options?: ExposureOptions): ExposureAnswer;
  /**
   * Rules and records that do nothing, or not what they seem to do, each with its proof. Throws a QuestionError on a rule that does
   * not exist.
   */
  lint(options?: LintOptions): LintReport;
  /**
   * What stops a question of `reach`, or lets it through, and the smallest sets of changes that would open it whole, or, with
   * `goal: 'close'`, shut it. Throws a QuestionError as `reach` does.
   */
  explain(question: string | ReachQuestionParts, options?: ExplainOptions): ExplainAnswer;
  /** Connection tracking as state: packets in time order, rules that change underneath. */
  session(): Session;
  /**
   * The network after changes, one after the other; this one stays as it is. A change in words is as `edit-text.ts` has it:
   * `allow sg-1 in tcp/443 from 10.0.0.0/8`. Throws a QuestionError when a change does not parse or names what is not there.
   */
  edit(change: Change | string | readonly (Change | string)[]): Net;
  /**
   * What passes in this network and not in the one after, and the other way round, between every two places and for every packet;
   * and the records that differ. Throws a QuestionError when the two share no interface, or when the difference is about more
   * pairs of places than the limit.
   */
  diff(after: Net, options?: DiffOptions): DiffAnswer;
}

export function createNet(network: Network, options: CompileOptions = {}): Net {
  return netOf(network, compile(network, options), options);
}

function netOf(network: Network, compiled: Compiled, options: CompileOptions): Net {
  const trips = new RoundTrips(compiled);
  trips.findsAllBlockers = true;
  let engine: SetEngine | null = null;
  const sets = (): SetEngine => {
    engine ??= setEngineOf(compiled);
    return engine;
  };
  let reach: ReachEngine | null = null;
  let witnesses: ExposureWitnesses | null = null;
  const net: Net = {
    network,
    problems: network.problems,
    facts: compiled.gaps,
    walk: (packet) => {
      const question = askPacket(compiled, packet);
      return explainTrip(compiled, question, trips.walk(question.packet, question.start));
    },
    reach: (question, reachOptions = {}) => {
      reach ??= new ReachEngine(sets());
      return reach.answer(setQuestion(compiled, question, reachOptions));
    },
    packets: (question, reachOptions = {}) => {
      reach ??= new ReachEngine(sets());
      return reach.packets(setQuestion(compiled, question, reachOptions));
    },
    matrix: (options = {}) => matrixOf(sets(), matrixQuestion(sets(), options)),
    exposure: (options = {}) => {
      const set = sets();
      witnesses ??= new ExposureWitnesses(compiled, set.sets);
      return exposureOf(set, witnesses, exposureQuestion(set, options));
    },
    lint: (lintOptions) => lint(compiled, lintOptions, options),
    explain: (question, explainOptions = {}) => explain(network, compiled, options, question, explainOptions),
    session: () => createSession(network, compiled, options),
    edit: (change) => {
      const after = edited(network, change);
      return netOf(after, recompile(compiled, network, after) ?? compile(after, options), options);
    },
    diff: (after, diffOptions) => differenceOf(SIDES.get(net)!, sideOf(after), diffOptions),
  };
  SIDES.set(net, { compiled, network, appliances: options.appliances });
  return net;
}

/** What a network was compiled to, for comparing it with another. */
const SIDES = new WeakMap<Net, DiffSide>();

/** A network that somebody wrapped is compiled anew. */
function sideOf(net: Net): DiffSide {
  return SIDES.get(net) ?? { compiled: compile(net.network), network: net.network, appliances: undefined };
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
export type { ExposureOptions, MatrixOptions, ReachOptions } from './network-questions.ts';
export type { Session, SessionResult } from './session.ts';
