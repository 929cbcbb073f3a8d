/** A session: one packet at a time, in time order, over connection tracking that remembers, and rules that may change. */

import { assumptionIds } from '../compile/assumption.ts';
import { MAX_WAYS } from '../compile/choices.ts';
import { type Compiled, type CompileOptions, compile } from '../compile/compile.ts';
import { NOBODY } from '../compile/identity.ts';
import { wayOver } from '../compile/peering-stages.ts';
import { DELIVER } from '../compile/stage.ts';
import type { Connection } from '../evaluate/connection-state.ts';
import { ABSENT } from '../evaluate/connection-table.ts';
import { InFlight, NO_GATEWAY } from '../evaluate/in-flight.ts';
import { DELIVERED, DROPPED, UNDECIDED, Leg as WalkedLeg } from '../evaluate/leg.ts';
import type { Start } from '../evaluate/round-trip.ts';
import { Walker } from '../evaluate/walker.ts';
import type { Network } from '../model/network.ts';
import type { Fact } from '../model/problem.ts';
import type { Address } from '../net/address.ts';
import { formatAddress } from '../net/address-text.ts';
import { answerTo } from '../net/answer.ts';
import type { Packet } from '../net/packet.ts';
import type { ParsedPacket } from '../net/packet-text.ts';
import { hasPorts, isIcmp, protocolName } from '../net/protocol.ts';
import { type Change, changed } from './change.ts';
import { explainLeg } from './explain-leg.ts';
import { askPacket } from './packet-question.ts';
import { QuestionError } from './question-error.ts';
import type { Leg, Place } from './trace.ts';

export interface SendOptions {
  /** Seconds since the session began; never before the last packet. Default: the session's present time. */
  readonly at?: number;
}

export interface SessionResult {
  readonly verdict: 'delivered' | 'dropped' | 'unknown';
  readonly leg: Leg;
  readonly assumptions: readonly string[];
  readonly unknowns: readonly Fact[];
  readonly notes: readonly string[];
  /** When the packet was sent, in seconds since the session began. */
  readonly at: number;
}

/** One live entry of a connection-tracking table. */
export interface ConnectionRow {
  /** The interface, or the gateway, that remembers the flow. */
  readonly eni: string;
  readonly protocol: string;
  readonly originator: string;
  readonly responder: string;
  readonly state: string;
  readonly idleSeconds: number;
  readonly expiresIn: number;
}

export interface Session {
  readonly now: number;
  /** Sends one packet; no answer is sent by itself. Throws a QuestionError as `walk` does, and on time that runs backwards. */
  send(packet: string | ParsedPacket, options?: SendOptions): SessionResult;
  /** Sends the answer to the packet delivered last, from where it was delivered. Throws a QuestionError if there is none. */
  answer(options?: SendOptions): SessionResult;
  wait(seconds: number): void;
  /** Changes the network; connections live on (CT-08). */
  apply(change: Change): void;
  connections(): readonly ConnectionRow[];
}

/** The packet delivered last, as its receiver saw it. */
interface Delivered {
  readonly packet: Packet;
  /** The interface that sent it, or NOBODY. */
  readonly sender: number;
  readonly leg: { readonly answerStart: number; readonly deliveredTo: number };
  readonly place: Place;
  /** The gateway that chose its source port, or NO_GATEWAY. */
  readonly chosenBy: number;
}

export function createSession(network: Network, compiled: Compiled, options: CompileOptions): Session {
  return new OpenSession(network, compiled, options);
}

class OpenSession implements Session {
  #network: Network;
  #compiled: Compiled;
  #walker: Walker;
  readonly #options: CompileOptions;
  readonly #packet = new InFlight();
  readonly #leg = new WalkedLeg();
  #now = 0;
  #last: Delivered | null = null;

  constructor(network: Network, compiled: Compiled, options: CompileOptions) {
    this.#network = network;
    this.#compiled = compiled;
    this.#options = options;
    this.#walker = new Walker(compiled);
  }

  get now(): number {
    return this.#now;
  }

  send(packet: string | ParsedPacket, options: SendOptions = {}): SessionResult {
    const question = askPacket(this.#compiled, packet);
    this.#moveTo(options.at ?? this.#now);
    return this.#pass(question.packet, question.start, question.from, question.notes, null);
  }

  answer(options: SendOptions = {}): SessionResult {
    const last = this.#last;
    const answer = last === null ? null : answerTo(last.packet);
    if (last === null || answer === null) {
      throw new QuestionError(
        last === null ? 'nothing was delivered yet that could be answered' : 'its kind of packet has no answer',
      );
    }
    this.#moveTo(options.at ?? this.#now);
    const { answerStart, deliveredTo } = last.leg;
    const start = { stage: answerStart, sender: deliveredTo >= 0 ? deliveredTo : NOBODY };
    return this.#pass(answer, start, last.place, [], last.chosenBy);
  }

  wait(seconds: number): void {
    this.#moveTo(this.#now + seconds);
  }

  #moveTo(time: number): void {
    if (!Number.isFinite(time)) throw new QuestionError(`time ${time} is no number of seconds`);
    if (!(time >= this.#now)) throw new QuestionError(`time ${time} s is before the session's ${this.#now} s`);
    this.#now = time;
  }

  #pass(packet: Packet, start: Start, from: Place, notes: readonly string[], answers: number | null): SessionResult {
    const openFacts = this.#waysDisagree(packet, start, answers);
    this.#walk(packet, start, answers, false);
    const leg = this.#leg;
    const outcome = openFacts === null ? leg.outcome : UNDECIDED;
    const received = this.#packet.toPacket();
    const explained = explainLeg(this.#compiled, leg, { sent: packet, received, from });
    if (leg.outcome !== DROPPED && leg.answerStart >= 0) {
      const { answerStart, deliveredTo } = leg;
      const { hasChosenSourcePort, translatedBy } = this.#packet;
      this.#last = {
        packet: received,
        sender: start.sender,
        leg: { answerStart, deliveredTo },
        place: explained.to,
        chosenBy: hasChosenSourcePort ? translatedBy : NO_GATEWAY,
      };
    }
    const facts = [...(outcome === UNDECIDED ? leg.facts : []), ...(openFacts ?? [])];
    return {
      verdict: outcome === DELIVERED ? 'delivered' : outcome === DROPPED ? 'dropped' : 'unknown',
      leg: explained,
      assumptions: assumptionIds(leg.assumptions),
      unknowns: [...new Set(facts)].map((index) => this.#compiled.facts[index]!),
      notes,
      at: this.#now,
    };
  }

  /** `answers` is null for a packet of its own, else the gateway that chose the port it goes to, or NO_GATEWAY. */
  #walk(packet: Packet, start: Start, answers: number | null, isDryRun: boolean): void {
    this.#walker.isDryRun = isDryRun;
    this.#walker.findsAllBlockers = !isDryRun;
    this.#walker.choices.restart();
    this.#packet.become(packet, this.#compiled.space, start.sender);
    this.#packet.isAnswer = answers !== null;
    if (answers !== null && answers !== NO_GATEWAY) this.#packet.widenDestinationPort(answers);
    this.#walker.walk(start.stage, this.#packet, this.#leg, this.#now);
  }

  /** Tries every way that AWS may choose; null when all end alike, else the facts behind the choice. */
  #waysDisagree(packet: Packet, start: Start, answers: number | null): readonly number[] | null {
    const { choices } = this.#walker;
    choices.reset();
    this.#walk(packet, start, answers, true);
    if (!choices.any) return null;
    const { outcome } = this.#leg;
    const facts = new Set(choices.facts);
    let agree = true;
    for (let ways = 1; choices.next(); ways++) {
      this.#walk(packet, start, answers, true);
      for (const fact of choices.facts) facts.add(fact);
      if (this.#leg.outcome !== outcome || ways > MAX_WAYS) agree = false;
      if (!agree) break;
    }
    choices.reset();
    return agree ? null : [...facts];
  }

  apply(change: Change): void {
    const before = this.#compiled;
    this.#network = changed(this.#network, change);
    const after = compile(this.#network, this.#options);
    const connections = this.#walker.connections.renumbered(
      after.times,
      after.network.networkInterfaces.length,
      (holder) => renumber(before, after, holder),
      (way) => renumberWay(before, after, way),
    );
    this.#compiled = after;
    this.#walker = new Walker(after, connections);
    // Stages have other numbers: what was delivered before the change is answered by its receiver's own way.
    if (this.#last !== null) this.#last = relocated(before, after, this.#last);
  }

  connections(): readonly ConnectionRow[] {
    const rows = [...this.#walker.connections.connections(this.#now)].map((connection) => this.#row(connection));
    return rows.sort((a, b) => compareRows(a, b));
  }

  #row(connection: Connection): ConnectionRow {
    const { protocol, from, to, state, seen, timeout } = connection;
    return {
      eni: holderName(this.#compiled, connection.holder),
      protocol: protocolName(protocol),
      originator: endText(from, hasPorts(protocol) ? connection.fromPortOrIcmpId : null),
      responder: endText(to, hasPorts(protocol) ? connection.toPortOrIcmp : null),
      state: isIcmp(protocol) ? `${state} (id ${connection.fromPortOrIcmpId})` : state,
      idleSeconds: this.#now - seen,
      expiresIn: timeout - (this.#now - seen),
    };
  }
}

function endText(address: Address, port: number | null): string {
  const text = formatAddress(address);
  if (port === null) return text;
  return address.family === 6 ? `[${text}]:${port}` : `${text}:${port}`;
}

function compareRows(a: ConnectionRow, b: ConnectionRow): number {
  const key = ({ eni, protocol, originator, responder, state }: ConnectionRow): string =>
    `${eni} ${protocol} ${originator} ${responder} ${state}`;
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}

/** Holders of the connection table: interfaces first, then two for each gateway (inside, outside). */
function holderName(compiled: Compiled, holder: number): string {
  const interfaces = compiled.network.networkInterfaces;
  if (holder < interfaces.length) return interfaces[holder]!.id;
  const gateway = (holder - interfaces.length) >> 1;
  return `${compiled.gateways[gateway]!.id} (${(holder - interfaces.length) % 2 === 0 ? 'inside' : 'outside'})`;
}

function renumber(before: Compiled, after: Compiled, holder: number): number {
  const interfaces = before.network.networkInterfaces;
  if (holder < interfaces.length) return after.names.eni.get(interfaces[holder]!.id) ?? ABSENT;
  const offset = holder - interfaces.length;
  const gateway = sameGateway(before, after, offset >> 1);
  return gateway < 0 ? ABSENT : after.network.networkInterfaces.length + 2 * gateway + (offset % 2);
}

/** The index after a change of a gateway before it, or -1. A balancer's node is two: what it sends on, and what it sends itself. */
function sameGateway(before: Compiled, after: Compiled, index: number): number {
  const { id, kind } = before.gateways[index]!;
  return after.gateways.findIndex((candidate) => candidate.id === id && candidate.kind === kind);
}

/** The same way over the same peering (see `wayOver`), or to the same node. */
function renumberWay(before: Compiled, after: Compiled, way: number): number {
  const { firstNodeWay, nodeWays } = before.entrances;
  if (way >= firstNodeWay) {
    const node = after.entrances.nodeWays.indexOf(nodeWays[way - firstNodeWay]!);
    return node < 0 ? ABSENT : after.entrances.firstNodeWay + node;
  }
  const peering = after.names.peering.get(before.network.peerings[way >> 1]!.id);
  return peering === undefined ? ABSENT : wayOver(peering, way % 2 === 1);
}

/** The index after a change of an interface before it, or NOBODY. */
function sameInterface(before: Compiled, after: Compiled, index: number): number {
  return index < 0 ? NOBODY : (after.names.eni.get(before.network.networkInterfaces[index]!.id) ?? NOBODY);
}

/** What was delivered, as the changed network numbers it; null where its receiver is gone. */
function relocated(before: Compiled, after: Compiled, last: Delivered): Delivered | null {
  const { place } = last;
  const deliveredTo = sameInterface(before, after, last.leg.deliveredTo);
  const sender = sameInterface(before, after, last.sender);
  const chosenBy = last.chosenBy === NO_GATEWAY ? NO_GATEWAY : sameGateway(before, after, last.chosenBy);
  const moved = (answerStart: number): Delivered => ({ ...last, sender, leg: { answerStart, deliveredTo }, chosenBy });
  if (place.kind === 'internet') return moved(after.entrances.internet);
  if (last.leg.deliveredTo >= 0 && deliveredTo === NOBODY) return null;
  const stage = after.stages.find(
    ({ kind, host, place: at, next }) =>
      kind === DELIVER &&
      host === deliveredTo &&
      (host >= 0 ||
        (after.places[at]!.kind === place.kind && after.places[at]!.id === place.id && answers(after, next, sender))),
  );
  if (stage !== undefined) return moved(stage.next);
  return deliveredTo === NOBODY ? null : moved(after.entrances.leaveAsItself[deliveredTo]!);
}

/** Reports whether a service's answers reach this interface: every VPC has its own. */
function answers(compiled: Compiled, stage: number, sender: number): boolean {
  return compiled.stages[stage]!.entries.some(({ next }) => compiled.stages[next]!.host === sender);
}
