/**
 * One packet through the stage graph.
 *
 * The walker knows nine kinds of stage and nothing of AWS: what is asked where is `compile`'s. It fills a `Leg` with indices
 * and keeps connection tracking; names and sentences are `explain`'s.
 *
 * A missing fact does not stop a walk. A filter in doubt is noted and passed as if it allowed: if something later stops the
 * packet for certain, the doubt did not matter; if the packet arrives, the outcome is UNDECIDED.
 */

import { open } from '../compile/assumption.ts';
import { Choices } from '../compile/choices.ts';
import type { Compiled } from '../compile/compile.ts';
import { NOBODY } from '../compile/identity.ts';
import { find, NOTHING } from '../compile/lookup.ts';
import { ALLOW, DENY, EITHER, type RuleTable, SOURCE } from '../compile/rule-table.ts';
import {
  BALANCE,
  DELIVER,
  DROP,
  FILTER,
  FORGETS_SENDER,
  GATEWAY_IN,
  GATEWAY_OUT,
  GROUPS,
  LEAVES_INTERFACE,
  LOOKUP,
  NEEDS_REQUEST,
  RETURNS_TO_GATEWAY,
  ROUTES,
  type Stage,
  type StageId,
  TRACKS_ALWAYS,
  UNKNOWN,
} from '../compile/stage.ts';
import { type Address, sameAddress } from '../net/address.ts';
import { listenerFor, pickTarget, sendOn } from './balancer.ts';
import { ConnectionTable } from './connection-table.ts';
import { type Decision, firstMatch, NO_ROW, newDecision } from './decide.ts';
import { answerThroughGateway, tookOut, translateOut } from './gateway.ts';
import { type InFlight, NO_GATEWAY } from './in-flight.ts';
import { BACK_THE_WAY_IT_CAME, DELIVERED, DROPPED, type Leg, MAX_STEPS, NOT_TRACKED_HERE, UNDECIDED } from './leg.ts';
import { chosenPortFact, SecurityGroups } from './security-groups.ts';

export class Walker {
  readonly compiled: Compiled;
  readonly connections: ConnectionTable;
  readonly choices: Choices = new Choices();
  /** Go on past what stops the packet, to list everything that would (NACL-27). */
  findsAllBlockers = false;
  /** Leave connection tracking as it is. */
  isDryRun = false;
  readonly #decision: Decision = newDecision();
  readonly #groups: SecurityGroups;

  constructor(compiled: Compiled, connections: ConnectionTable = newConnectionTable(compiled)) {
    this.compiled = compiled;
    this.connections = connections;
    this.#groups = new SecurityGroups(compiled, connections);
  }

  /** Walks the packet from a stage until it ends, at time `now` in seconds. Fills `leg`; rewrites `packet`. */
  walk(start: StageId, packet: InFlight, leg: Leg, now: number): void {
    const { stages } = this.compiled;
    leg.reset();
    leg.sentToChosenPort = packet.destinationPortChosenBy !== NO_GATEWAY;
    this.#groups.begin();
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
      if (stage.assumptions !== 0 && leg.stoppedAt < 0) leg.assumptions |= stage.assumptions;
      at = this.#pass(stage, packet, leg, step, now);
      // A gateway that does not know the flow has no part in it.
      if (stage.effects !== 0 && at !== stage.otherwise) applyEffects(stage, packet, leg);
    }
    if (packet.tracksAlways) this.#groups.trackAfterAll(leg, now, !this.isDryRun);
  }

  #pass(stage: Stage, packet: InFlight, leg: Leg, step: number, now: number): StageId {
    switch (stage.kind) {
      case FILTER:
        return this.#filter(stage, packet, leg, step);
      case GROUPS:
        return this.#judgeByGroups(stage, packet, leg, step, now);
      case LOOKUP:
        return this.#lookup(stage, packet, leg, step);
      case GATEWAY_OUT:
        return this.#gatewayOut(stage, packet, leg, step, now);
      case GATEWAY_IN:
        return this.#gatewayIn(stage, packet, leg, step, now);
      case BALANCE:
        return this.#balance(stage, packet, leg, step, now);
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
    if (verdict === EITHER) leg.fact[step] = fact;
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
    if ((stage.effects & RETURNS_TO_GATEWAY) !== 0 && this.#isBehindNat(packet)) packet.returnWay = stage.host;
    return next;
  }

  #isBehindNat({ translatedBy }: InFlight): boolean {
    return translatedBy !== NO_GATEWAY && this.compiled.gateways[translatedBy]!.kind === 'nat';
  }

  #judgeInOrder(stage: Stage, packet: InFlight, leg: Leg, step: number): StageId {
    firstMatch(stage.rules, packet, chosenPortFact(this.compiled, packet), this.#decision);
    return this.#judged(stage, stage.rules, leg, step);
  }

  #judgeByGroups(stage: Stage, packet: InFlight, leg: Leg, step: number, now: number): StageId {
    const remembers = this.#remembers(leg);
    if (this.#groups.admitsByState(stage, packet, leg, step, now, remembers)) return stage.next;
    this.#groups.judge(stage, packet, leg, step, this.#decision);
    const next = this.#judged(stage, stage.rules, leg, step);
    if (this.#decision.verdict !== DENY && leg.stoppedAt < 0) {
      this.#groups.track(stage, packet, leg, step, now, this.#decision, remembers);
    }
    return next;
  }

  #lookup(stage: Stage, packet: InFlight, leg: Leg, step: number): StageId {
    const bySource = stage.end === SOURCE;
    if ((stage.effects & (ROUTES | LEAVES_INTERFACE)) !== 0 && packet.isAnswer && packet.returnWay >= 0) {
      const { ways, firstNodeWay } = this.compiled.entrances;
      const way = packet.returnWay;
      // Over a peering in place of a route; to a balancer's node straight from the interface.
      if (((stage.effects & ROUTES) !== 0) === way < firstNodeWay) {
        packet.returnWay = -1;
        leg.decision[step] = BACK_THE_WAY_IT_CAME;
        return ways[way]!;
      }
    }
    const found = find(stage.lookup, bySource ? packet.sourceRank : packet.destinationRank);
    if (found === NOTHING) return stage.next;
    let index = found;
    let entry = stage.entries[found]!;
    if (entry.alternatives.length > 0) {
      const option = this.choices.take(entry, 1 + entry.alternatives.length, entry.fact);
      if (leg.stoppedAt < 0) leg.assumptions |= entry.assumptions;
      if (option > 0) {
        index = entry.alternatives[option - 1]!;
        entry = stage.entries[index]!;
        this.choices.note(entry.fact);
      }
    }
    leg.decision[step] = index;
    if (leg.stoppedAt < 0) leg.assumptions |= entry.assumptions;
    if (entry.rewrite !== null) {
      translateQuoted(packet, bySource, entry.rewrite);
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
    if ((stage.effects & NEEDS_REQUEST) !== 0 && packet.isAnswer && !tookOut(this, stage.host, packet, now)) {
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
    const { kind, sender } = this.compiled.gateways[stage.host]!;
    if (kind === 'nat' || kind === 'balancer') noteRewrite(leg, step, packet);
    if (kind === 'balancer') {
      // From here on the answer takes the way of the client's own flow.
      packet.returnWay = -1;
      sentBy(packet, sender);
    }
    return stage.next;
  }

  #balance(stage: Stage, packet: InFlight, leg: Leg, step: number, now: number): StageId {
    const listener = listenerFor(stage, packet);
    if (listener === null) return stage.otherwise;
    const target = pickTarget(this, stage, listener, packet, now);
    if (target === null) return listener.without;
    leg.decision[step] = stage.listeners.indexOf(listener);
    leg.target[step] = listener.targets.indexOf(target);
    if (target.address === null) return target.next;
    if (leg.stoppedAt < 0) leg.assumptions |= target.assumptions;
    const client = packet.source;
    sendOn(this, stage, target, packet, now, this.#remembers(leg));
    sentBy(packet, this.compiled.gateways[stage.host]!.sender);
    noteRewrite(leg, step, packet);
    return sameAddress(client, packet.source) && sameAddress(packet.source, packet.destination)
      ? target.hairpin
      : target.next;
  }
}

/** An ICMP error quotes the header that its sender saw: who translates the packet translates the quoted end with it (RFC 5508). */
function translateQuoted(packet: InFlight, bySource: boolean, rewrite: Address): void {
  const { quoted, source, destination } = packet;
  if (quoted === null) return;
  if (bySource && sameAddress(quoted.destination, source)) packet.quoted = { ...quoted, destination: rewrite };
  if (!bySource && sameAddress(quoted.source, destination)) packet.quoted = { ...quoted, source: rewrite };
}

/** SG-24: what a balancer's node sends on comes from the node, as group references see it. */
function sentBy(packet: InFlight, sender: number): void {
  if (packet.sender !== NOBODY) packet.forgottenSender = packet.sender;
  packet.sender = sender;
}

/** What passing the stage does to what the packet carries along. A packet that was stopped before is tracked by nobody here. */
function applyEffects(stage: Stage, packet: InFlight, leg: Leg): void {
  if ((stage.effects & TRACKS_ALWAYS) !== 0 && leg.stoppedAt < 0) packet.tracksAlways = true;
  if ((stage.effects & FORGETS_SENDER) !== 0) sentBy(packet, NOBODY);
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

function newConnectionTable(compiled: Compiled): ConnectionTable {
  return new ConnectionTable(compiled.times, compiled.network.networkInterfaces.length);
}
