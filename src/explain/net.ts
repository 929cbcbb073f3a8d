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
import { explainLeg } from './explain-leg.ts';
import { type ExposureQuestion, exposureOf } from './exposure.ts';
import type { ExposureAnswer } from './exposure-answer.ts';
import { ExposureWitnesses } from './exposure-witness.ts';
import { type MatrixQuestion, matrixOf } from './matrix.ts';
import type { MatrixAnswer } from './matrix-answer.ts';
import { askPacket, type PacketQuestion } from './packet-question.ts';
import { parsePlaceExpression } from './place-expression.ts';
import { type PlaceSet, placesEverywhere, placesOf } from './place-set.ts';
import { QuestionError } from './question-error.ts';
import { MAX_PAIRS, ReachEngine, type SetQuestion } from './reach.ts';
import type { ReachAnswer } from './reach-answer.ts';
import type { ReachPackets } from './reach-packets.ts';
import { askedOf } from './reach-pair.ts';
import { parseReachQuestion, type ReachQuestionParts, reachQuestionOf } from './reach-question.ts';
import { ANY_SERVICE, parseService } from './service-text.ts';
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
  /** Connection tracking as state: packets in time order, rules that change underneath. */
  session(): Session;
  /** The network after a change; this one stays as it is. Throws a QuestionError when the change names what is not there. */
  edit(change: Change): Net;
}

export interface ExposureOptions {
  /** Only these places; every interface where left out. */
  readonly to?: string | undefined;
  readonly service?: string | undefined;
  /** As in `ReachOptions`. */
  readonly clientPorts?: string | undefined;
}

export interface MatrixOptions {
  /** Places on either side; everything where left out. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly service?: string | undefined;
  /** As in `ReachOptions`. */
  readonly clientPorts?: string | undefined;
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
  let engine: SetEngine | null = null;
  const sets = (): SetEngine => {
    engine ??= setEngineOf(compiled);
    return engine;
  };
  let reach: ReachEngine | null = null;
  let witnesses: ExposureWitnesses | null = null;
  return {
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

/** Interfaces and the internet, both ways. */
const EVERYWHERE = 'internet | !internet';

/** Never an answer about nothing. */
function heldSomething(places: PlaceSet): PlaceSet {
  if (places.held.length > 0) return places;
  throw new QuestionError(
    'there is no interface with an address to ask about: add aws ec2 describe-network-interfaces',
  );
}

function exposureQuestion(
  { compiled, sets }: SetEngine,
  { to, service, clientPorts }: ExposureOptions,
): ExposureQuestion {
  const asked = service === undefined ? ANY_SERVICE : parseService(service);
  const ports = clientPorts === undefined ? ANY_CLIENT : parseClientPorts(clientPorts);
  return {
    to: heldSomething(to === undefined ? placesEverywhere(compiled) : placesOf(compiled, parsePlaceExpression(to))),
    asked: askedOf(sets, asked, ports),
    service: asked.text,
  };
}

function matrixQuestion(
  { compiled, sets }: SetEngine,
  { from = EVERYWHERE, to = EVERYWHERE, service, clientPorts }: MatrixOptions,
): MatrixQuestion {
  const parts = reachQuestionOf({ from, to, service });
  const ports = clientPorts === undefined ? ANY_CLIENT : parseClientPorts(clientPorts);
  if (from === EVERYWHERE && to === EVERYWHERE) heldSomething(placesEverywhere(compiled));
  const word = (text: string): string => (text === EVERYWHERE ? 'everywhere' : text.trim());
  return {
    from: placesOf(compiled, parts.from),
    to: placesOf(compiled, parts.to),
    asked: askedOf(sets, parts.service, ports),
    texts: { from: word(from), to: word(to), service: parts.service.text },
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
