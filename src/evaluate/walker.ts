/**
 * One packet through the stage graph.
 *
 * The walker knows eight kinds of stage and nothing of AWS: what is asked where is `compile`'s. It fills a `Leg` with indices
 * and keeps connection tracking; names and sentences are `explain`'s.
 *
 * A missing fact does not stop a walk. A filter in doubt is noted and passed as if it allowed: if something later stops the
 * packet for certain, the doubt did not matter; if the packet arrives, the outcome is UNDECIDED.
 */

import { open } from '../compile/assumption.ts';
import type { Compiled } from '../compile/compile.ts';
import { NOBODY } from '../compile/identity.ts';
import { find, NOTHING } from '../compile/lookup.ts';
import { ALLOW, CERTAIN, DENY, EITHER, NO_GROUP, openBit, type RuleTable, SOURCE } from '../compile/rule-table.ts';
import {
  DELIVER,
  DROP,
  FILTER,
  FORGETS_SENDER,
  GATEWAY_IN,
  GATEWAY_OUT,
  GROUPS,
  LOOKUP,
  NEEDS_REQUEST,
  RETURNS_TO_GATEWAY,
  ROUTES,
  type Stage,
  type StageId,
  TRACKS_ALWAYS,
  UNKNOWN,
} from '../compile/stage.ts';
import { isError } from '../net/icmp.ts';
import { hasPorts, ICMP, TCP, UDP } from '../net/protocol.ts';
import { ACK, SYN } from '../net/tcp-flags.ts';
import { Choices } from './choices.ts';
import { ConnectionTable, IN, OUT } from './connection-table.ts';
import { anyMatch, type Decision, firstMatch, lostReference, NO_ROW, newDecision } from './decide.ts';
import { answerThroughGateway, translateOut } from './gateway.ts';
import { type InFlight, NO_GATEWAY } from './in-flight.ts';
import {
  BACK_THE_WAY_IT_CAME,
  DELIVERED,
  DROPPED,
  ESTABLISHED,
  type Leg,
  MAX_STEPS,
  NEW,
  NOT_TRACKED_HERE,
  RELATED,
  REPLY,
  UNDECIDED,
  UNTRACKED,
} from './leg.ts';

/** ICMP redirects complain too, but OPEN-09 does not admit them. */
const ICMP_REDIRECT = 5;

/** A flow that an interface admitted untracked, unless something further on tracks it always. */
interface Untracked {
  readonly step: number;
  readonly host: number;
  readonly direction: number;
  readonly packet: ReturnType<InFlight['toPacket']>;
}

export class Walker {
  readonly compiled: Compiled;
  readonly connections: ConnectionTable;
  readonly choices: Choices = new Choices();
  /** Go on past what stops the packet, to list everything that would (NACL-27). */
  findsAllBlockers = false;
  /** Leave connection tracking as it is. */
  isDryRun = false;
  readonly #decision: Decision = newDecision();
  readonly #untracked: Untracked[] = [];

  constructor(compiled: Compiled, connections: ConnectionTable = newConnectionTable(compiled)) {
    this.compiled = compiled;
    this.connections = connections;
  }

  /** Walks the packet from a stage until it ends, at time `now` in seconds. Fills `leg`; rewrites `packet`. */
  walk(start: StageId, packet: InFlight, leg: Leg, now: number): void {
    const { stages } = this.compiled;
    leg.reset();
    leg.sentToChosenPort = packet.destinationPortChosenBy !== NO_GATEWAY;
    this.#untracked.length = 0;
    let at = start;
    while (at !== ENDED) {
      if (leg.length === MAX_STEPS) {
        leg.isLoop = true;
        end(leg, DROPPED);
        break;
      }
      const stage = stages[at]!;
      const step = leg.length++;
      leg.stage[step] = at;
      leg.decision[step] = NO_ROW;
      leg.verdict[step] = ALLOW;
      leg.tracking[step] = NOT_TRACKED_HERE;
      leg.fact[step] = CERTAIN;
      if (leg.stoppedAt < 0) leg.assumptions |= stage.assumptions;
      at = this.#pass(stage, packet, leg, step, now);
      if ((stage.effects & TRACKS_ALWAYS) !== 0) packet.tracksAlways = true;
      if ((stage.effects & FORGETS_SENDER) !== 0 && packet.sender !== NOBODY) {
        packet.forgottenSender = packet.sender;
        packet.sender = NOBODY;
      }
    }
    if (packet.tracksAlways) this.#trackAfterAll(leg, now);
  }

  #pass(stage: Stage, packet: InFlight, leg: Leg, step: number, now: number): StageId {
    switch (stage.kind) {
      case FILTER:
        return this.#filter(stage, packet, leg, step);
      case GROUPS:
        return this.#groups(stage, packet, leg, step, now);
      case LOOKUP:
        return this.#lookup(stage, packet, leg, step);
      case GATEWAY_OUT:
        return this.#gatewayOut(stage, packet, leg, step, now);
      case GATEWAY_IN:
        return this.#gatewayIn(stage, packet, leg, step, now);
      case DELIVER:
        leg.answerStart = stage.next;
        leg.deliveredTo = stage.host;
        end(leg, leg.facts.length > 0 ? UNDECIDED : DELIVERED);
        return ENDED;
      case DROP:
        leg.verdict[step] = DENY;
        return this.#stop(leg, step);
      case UNKNOWN:
        leg.verdict[step] = EITHER;
        leg.fact[step] = stage.host;
        if (leg.stoppedAt < 0) leg.facts.push(stage.host);
        end(leg, UNDECIDED);
        return ENDED;
      default:
        throw new Error(`stage of kind ${stage.kind}`);
    }
  }

  /** The packet is stopped. What only a stage's own end could tell is over; a filter may be passed to see what else stops it. */
  #stop(leg: Leg, step: number): StageId {
    if (leg.stoppedAt < 0) leg.stoppedAt = step;
    end(leg, DROPPED);
    return ENDED;
  }

  #judged(stage: Stage, rules: RuleTable, leg: Leg, step: number): StageId {
    const { verdict, row, fact } = this.#decision;
    leg.decision[step] = row;
    leg.verdict[step] = verdict;
    leg.fact[step] = fact;
    if (leg.stoppedAt < 0 && row !== NO_ROW) leg.assumptions |= rules.rows[row]!.assumptions;
    if (verdict === ALLOW) return stage.next;
    if (verdict === EITHER) {
      if (leg.stoppedAt < 0) leg.facts.push(fact);
      return stage.next;
    }
    this.#stop(leg, step);
    return this.findsAllBlockers ? stage.next : ENDED;
  }

  #filter(stage: Stage, packet: InFlight, leg: Leg, step: number): StageId {
    const next = this.#judgeInOrder(stage, packet, leg, step);
    // NAT-06: the far end of a peering answers a NAT gateway by the way it was asked.
    if ((stage.effects & RETURNS_TO_GATEWAY) !== 0 && packet.translatedBy !== NO_GATEWAY) packet.returnWay = stage.host;
    return next;
  }

  #judgeInOrder(stage: Stage, packet: InFlight, leg: Leg, step: number): StageId {
    firstMatch(stage.rules, packet, this.#portFact(packet), this.#decision);
    return this.#judged(stage, stage.rules, leg, step);
  }

  #portFact(packet: InFlight): number {
    const gateway = packet.destinationPortChosenBy;
    return gateway === NO_GATEWAY ? CERTAIN : this.compiled.gateways[gateway]!.portFact;
  }

  #lookup(stage: Stage, packet: InFlight, leg: Leg, step: number): StageId {
    const bySource = stage.end === SOURCE;
    if ((stage.effects & ROUTES) !== 0 && packet.isAnswer && packet.returnWay >= 0) {
      const way = packet.returnWay;
      packet.returnWay = -1;
      leg.decision[step] = BACK_THE_WAY_IT_CAME;
      return this.compiled.entrances.peering[way]!;
    }
    const found = find(stage.lookup, bySource ? packet.sourceRank : packet.destinationRank);
    if (found === NOTHING) return stage.next;
    let index = found;
    let entry = stage.entries[found]!;
    if (entry.alternatives.length > 0) {
      const option = this.choices.take(1 + entry.alternatives.length, entry.fact);
      if (leg.stoppedAt < 0) leg.assumptions |= entry.assumptions;
      if (option > 0) {
        index = entry.alternatives[option - 1]!;
        entry = stage.entries[index]!;
      }
    }
    leg.decision[step] = index;
    if (leg.stoppedAt < 0) leg.assumptions |= entry.assumptions;
    if (entry.rewrite !== null) {
      if (bySource) {
        packet.source = entry.rewrite;
        packet.sourceRank = entry.rewriteRank;
      } else {
        packet.destination = entry.rewrite;
        packet.destinationRank = entry.rewriteRank;
      }
      noteRewrite(leg, step, packet);
    }
    return entry.next;
  }

  /** What happens past the point where a packet was stopped leaves no trace. */
  #remembers(leg: Leg): boolean {
    return !this.isDryRun && leg.stoppedAt < 0;
  }

  #gatewayOut(stage: Stage, packet: InFlight, leg: Leg, step: number, now: number): StageId {
    const gateway = this.compiled.gateways[stage.host]!;
    // OPEN-16: an answer leaves only by the gateway that saw the request.
    if ((stage.effects & NEEDS_REQUEST) !== 0 && packet.isAnswer) {
      leg.verdict[step] = DENY;
      leg.assumptions |= open(16);
      return this.#stop(leg, step);
    }
    const translated = translateOut(this, gateway, stage.host, packet, now, this.#remembers(leg));
    if (translated) noteRewrite(leg, step, packet);
    return stage.next;
  }

  #gatewayIn(stage: Stage, packet: InFlight, leg: Leg, step: number, now: number): StageId {
    const known = answerThroughGateway(this, stage.host, packet, now, this.#remembers(leg));
    if (!known) return stage.otherwise;
    if (this.compiled.gateways[stage.host]!.kind === 'nat') noteRewrite(leg, step, packet);
    return stage.next;
  }

  // ---- security groups and connection tracking

  #groups(stage: Stage, packet: InFlight, leg: Leg, step: number, now: number): StageId {
    const { host } = stage;
    const direction = stage.role === 'security-group-in' ? IN : OUT;
    if (leg.stoppedAt < 0 && this.#admittedByState(host, direction, packet, leg, step, now)) return stage.next;
    const decision = this.#decision;
    const holder = this.#peerHolder(stage, packet);
    const { groupsOfInterface } = this.compiled;
    anyMatch(stage.rules, packet, holder, groupsOfInterface, this.#portFact(packet), decision);
    const { anywhere } = decision;
    const next = this.#judged(stage, stage.rules, leg, step);
    if (decision.verdict === DENY) {
      if (direction === IN && stage.rules.hasGroups && lostReference(stage.rules, packet, groupsOfInterface)) {
        leg.lostReference = true;
      }
      return next;
    }
    if (leg.stoppedAt >= 0) return next;
    if (decision.row !== NO_ROW && stage.rules.rows[decision.row]!.group !== NO_GROUP && holder >= 0) {
      // OPEN-06: AWS says "private IP addresses"; that secondary, delegated and v6 addresses count is a reading.
      const rank = direction === IN ? packet.sourceRank : packet.destinationRank;
      if (rank !== this.compiled.primaryRank[holder]) leg.assumptions |= open(6);
    }
    if (isMidStream(packet)) leg.assumptions |= open(10);
    if (this.#isUntracked(stage, packet, anywhere)) {
      leg.tracking[step] = UNTRACKED;
      this.#untracked.push({ step, host, direction, packet: packet.toPacket() });
    } else {
      leg.tracking[step] = NEW;
      if (!this.isDryRun) this.connections.admit(host, direction, packet, now, packet.returnWay);
    }
    return next;
  }

  /** CT-01: what belongs to a live connection passes whatever the rules say. */
  #admittedByState(host: number, direction: number, packet: InFlight, leg: Leg, step: number, now: number): boolean {
    const { connections } = this;
    if (isRelated(packet) && connections.knows(host, packet.quoted!, now)) {
      leg.tracking[step] = RELATED;
      leg.assumptions |= open(9);
      return true;
    }
    if (!connections.find(host, direction, packet, now)) return false;
    leg.tracking[step] = connections.isReply ? REPLY : ESTABLISHED;
    if (connections.isReply) {
      packet.isAnswer = true;
      if (packet.returnWay < 0) packet.returnWay = connections.returnWay;
    }
    if (!this.isDryRun) connections.follow(packet, now);
    return true;
  }

  /** Who is at the other end, as group references see it. */
  #peerHolder(stage: Stage, packet: InFlight): number {
    if (!stage.rules.hasGroups) return NOBODY;
    return stage.role === 'security-group-in' ? packet.sender : find(stage.identities, packet.destinationRank);
  }

  /**
   * CT-03, CT-05, OPEN-07: TCP or UDP that a literal anywhere-rule admits, with everything of its protocol open to anywhere in
   * the other direction. Seen from either packet of the flow: an answer to an untracked flow is untracked too.
   */
  #isUntracked(stage: Stage, packet: InFlight, anywhere: boolean): boolean {
    if (!hasPorts(packet.protocol) || !anywhere || packet.tracksAlways) return false;
    const bit = openBit(packet.source.family === 6, packet.protocol === UDP);
    if ((stage.opposite.openToAll & bit) !== 0) return true;
    if ((stage.rules.openToAll & bit) === 0) return false;
    if (packet.protocol === TCP && (packet.tcpFlags & (SYN | ACK)) === SYN) return false;
    return hasAnywhereRuleFor(stage.opposite, packet, this.compiled.space.firstV6);
  }

  /** CT-07: a flow that turned out to pass a gateway is tracked by every interface that admitted it. */
  #trackAfterAll(leg: Leg, now: number): void {
    for (const { step, host, direction, packet } of this.#untracked) {
      leg.tracking[step] = NEW;
      if (!this.isDryRun)
        this.connections.admit(host, direction, { ...packet, portOrIcmp: packet.destinationPortOrIcmp }, now);
    }
  }
}

/** No further stage. */
const ENDED = -1;

/** The first end counts: what a walk meets after it was stopped changes nothing. */
function end(leg: Leg, outcome: number): void {
  leg.outcome = leg.stoppedAt >= 0 ? DROPPED : outcome;
}

function noteRewrite(leg: Leg, step: number, packet: InFlight): void {
  leg.rewrites.push({
    step,
    packet: packet.toPacket(),
    hasChosenSourcePort: packet.hasChosenSourcePort,
    hasChosenDestinationPort: packet.destinationPortChosenBy !== NO_GATEWAY,
  });
}

function isRelated(packet: InFlight): boolean {
  if (packet.quoted === null) return false;
  const type = packet.portOrIcmp >> 8;
  return isError(packet.protocol, type) && !(packet.protocol === ICMP && type === ICMP_REDIRECT);
}

/** OPEN-10: TCP without an entry that does not open a connection. */
function isMidStream(packet: InFlight): boolean {
  return packet.protocol === TCP && !packet.isAnswer && (packet.tcpFlags & (SYN | ACK)) !== SYN;
}

/** A literal anywhere-rule admits the packet's own answer in the other direction, by the packet's source port. */
function hasAnywhereRuleFor(rules: RuleTable, packet: InFlight, firstV6: number): boolean {
  const isV6 = packet.source.family === 6;
  return rules.rows.some(
    (row) =>
      row.anywhere &&
      row.fact === CERTAIN &&
      row.firstRank >= firstV6 === isV6 &&
      (row.protocol < 0 || row.protocol === packet.protocol) &&
      row.firstPortOrIcmp <= packet.sourcePortOrIcmpId &&
      packet.sourcePortOrIcmpId <= row.lastPortOrIcmp,
  );
}

export function newConnectionTable(compiled: Compiled): ConnectionTable {
  return new ConnectionTable(compiled.times, compiled.network.networkInterfaces.length);
}
