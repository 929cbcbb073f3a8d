/** A packet and its answer: forward, then back by the answer's own way with the state that the packet left. */

import { open } from '../compile/assumption.ts';
import { MAX_WAYS } from '../compile/choices.ts';
import type { Compiled } from '../compile/compile.ts';
import { NOBODY } from '../compile/identity.ts';
import type { StageId } from '../compile/stage.ts';
import { sameAddress } from '../net/address.ts';
import { answerTo } from '../net/answer.ts';
import type { Packet } from '../net/packet.ts';
import { isIcmp } from '../net/protocol.ts';
import { InFlight } from './in-flight.ts';
import { DELIVERED, DROPPED, Leg, UNDECIDED } from './leg.ts';
import { Walker } from './walker.ts';

/** Where a packet enters the network, and who sends it: an interface index, or NOBODY. */
export interface Start {
  readonly stage: StageId;
  readonly sender: number;
}

// Verdicts on packet and answer together.
export const ARRIVES_AND_RETURNS = 0;
export const ARRIVES_ONLY = 1;
export const DOES_NOT_ARRIVE = 2;
export const IS_UNKNOWN = 3;

/** Filled in by `RoundTrips.walk` and reused by the next call. */
export interface RoundTrip {
  verdict: number;
  readonly forward: Leg;
  /** Meaningful when `hasReply`. */
  readonly reply: Leg;
  hasReply: boolean;
  /** The packet as it arrived, and the answer as it was sent and as it arrived. Null where there is none. */
  received: Packet | null;
  answer: Packet | null;
  answered: Packet | null;
  /** The answer arrived, but not as an answer: other ends, or somewhere else. */
  isMismatched: boolean;
  /** Facts that decide, by index; empty unless the verdict is IS_UNKNOWN. */
  facts: number[];
  assumptions: number;
}

export class RoundTrips {
  readonly #walker: Walker;
  readonly #compiled: Compiled;
  readonly #packet = new InFlight();
  readonly #trip: RoundTrip = {
    verdict: IS_UNKNOWN,
    forward: new Leg(),
    reply: new Leg(),
    hasReply: false,
    received: null,
    answer: null,
    answered: null,
    isMismatched: false,
    facts: [],
    assumptions: 0,
  };

  constructor(compiled: Compiled) {
    this.#compiled = compiled;
    this.#walker = new Walker(compiled);
  }

  /** List every stage that stops a packet, not only the first (NACL-27). */
  set findsAllBlockers(value: boolean) {
    this.#walker.findsAllBlockers = value;
  }

  /** Walks a packet that opens a flow, and its answer. The result is overwritten by the next call. */
  walk(packet: Packet, start: Start): RoundTrip {
    const { choices } = this.#walker;
    choices.reset();
    this.#walkOneWay(packet, start);
    if (choices.any) this.#compareWays(packet, start);
    return this.#trip;
  }

  /** AWS chooses where nobody can see: the verdict stands only if every way gives it (OPEN-13). */
  #compareWays(packet: Packet, start: Start): void {
    const { choices } = this.#walker;
    const { verdict } = this.#trip;
    const facts = new Set([...choices.facts, ...this.#trip.facts]);
    let agree = verdict !== IS_UNKNOWN;
    let ways = 1;
    while (choices.next()) {
      if (++ways > MAX_WAYS) {
        agree = false;
        break;
      }
      this.#walkOneWay(packet, start);
      for (const fact of [...choices.facts, ...this.#trip.facts]) facts.add(fact);
      if (this.#trip.verdict !== verdict) agree = false;
    }
    choices.reset();
    this.#walkOneWay(packet, start);
    if (agree) return;
    this.#trip.verdict = IS_UNKNOWN;
    this.#trip.facts = [...facts];
  }

  #walkOneWay(packet: Packet, start: Start): void {
    const trip = this.#trip;
    const walker = this.#walker;
    walker.connections.clear();
    const inFlight = this.#packet;
    inFlight.become(packet, this.#compiled.space, start.sender);
    walker.walk(start.stage, inFlight, trip.forward, 0);
    trip.hasReply = false;
    trip.isMismatched = false;
    trip.answer = null;
    trip.answered = null;
    trip.received = inFlight.toPacket();
    trip.assumptions = trip.forward.assumptions;
    if (trip.facts.length > 0) trip.facts = [];
    if (trip.forward.outcome === UNDECIDED) trip.facts = [...trip.forward.facts];
    if (trip.forward.outcome === DROPPED) {
      trip.verdict = DOES_NOT_ARRIVE;
      return;
    }
    const answer = trip.forward.answerStart < 0 ? null : answerTo(trip.received);
    if (answer === null) {
      trip.verdict = trip.forward.outcome === DELIVERED ? ARRIVES_AND_RETURNS : IS_UNKNOWN;
      return;
    }
    this.#walkBack(packet, start, answer);
    if (trip.forward.outcome === UNDECIDED) trip.verdict = IS_UNKNOWN;
    else if (trip.reply.outcome === UNDECIDED) {
      trip.verdict = IS_UNKNOWN;
      trip.facts.push(...trip.reply.facts);
    } else trip.verdict = trip.reply.outcome === DELIVERED ? ARRIVES_AND_RETURNS : ARRIVES_ONLY;
    trip.assumptions |= trip.reply.assumptions;
    // OPEN-16: that a packet from the internet arrives where no route leads back is a reading.
    const cameFromInternet = start.stage === this.#compiled.entrances.internet;
    if (cameFromInternet && trip.verdict === ARRIVES_ONLY && this.#hasNoWayBack()) trip.assumptions |= open(16);
  }

  #hasNoWayBack(): boolean {
    const { reply, isMismatched } = this.#trip;
    if (isMismatched || reply.stoppedAt < 0) return isMismatched;
    return this.#compiled.stages[reply.stage[reply.stoppedAt]!]!.role === 'route';
  }

  #walkBack(packet: Packet, start: Start, answer: Packet): void {
    const trip = this.#trip;
    const inFlight = this.#packet;
    const { hasChosenSourcePort, translatedBy } = inFlight;
    const { answerStart, deliveredTo } = trip.forward;
    inFlight.turnRound(answer, deliveredTo >= 0 ? deliveredTo : NOBODY);
    if (hasChosenSourcePort) inFlight.widenDestinationPort(translatedBy);
    this.#walker.walk(answerStart, inFlight, trip.reply, 0);
    trip.hasReply = true;
    trip.answer = answer;
    trip.answered = inFlight.toPacket();
    // Whatever is in doubt on the way: an answer that ends as nobody's answer is none.
    if (trip.reply.outcome === DROPPED || trip.reply.answerStart < 0) return;
    if (!isAnswerOf(trip.answered, packet) || trip.reply.deliveredTo !== start.sender) {
      trip.isMismatched = true;
      trip.reply.outcome = DROPPED;
    }
  }
}

/** A host takes a packet for the answer only if it comes from where the question went, back to where it came from. */
function isAnswerOf(answer: Packet, packet: Packet): boolean {
  return (
    sameAddress(answer.source, packet.destination) &&
    sameAddress(answer.destination, packet.source) &&
    (isIcmp(packet.protocol)
      ? answer.sourcePortOrIcmpId === packet.sourcePortOrIcmpId
      : answer.sourcePortOrIcmpId === packet.destinationPortOrIcmp &&
        answer.destinationPortOrIcmp === packet.sourcePortOrIcmpId)
  );
}
