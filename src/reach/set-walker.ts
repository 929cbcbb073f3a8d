/**
 * A set of packets through the stage graph: the second reader.
 *
 * Between one source address and one destination address every lookup has one answer, so the packets that differ only in protocol and
 * ports share a path, and what a stage does to them is an intersection of interned sets. Two sets go along: what certainly
 * passes (`must`) and what may (`may`). The same stages in the same order as the walker's; what a stage means is `compile`'s.
 *
 * On the way back the sets speak of the answer: its destination port is the source port of the packet, and for ICMP its type
 * is that of the answer.
 */

import { rankOf } from '../compile/address-space.ts';
import type { Choices } from '../compile/choices.ts';
import type { Compiled, CompiledGateway } from '../compile/compile.ts';
import { NOBODY } from '../compile/identity.ts';
import { find, NOTHING } from '../compile/lookup.ts';
import { DESTINATION, type RuleTable, SOURCE } from '../compile/rule-table.ts';
import { NAT64_PREFIX } from '../compile/special-addresses.ts';
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
  UNKNOWN,
} from '../compile/stage.ts';
import { sameAddress, v4 } from '../net/address.ts';
import { intervalSet, subtractIntervals, unionIntervals } from '../net/interval-set.ts';
import { prefixContains } from '../net/prefix.ts';
import { ICMP, ICMPV6, LAST_PORT, TCP, UDP } from '../net/protocol.ts';
import { AddressMaps } from './address-map.ts';
import type { Allowed } from './allowed.ts';
import { EMPTY, EVERYTHING, type L4Id, type L4Sets } from './l4-sets.ts';
import { NO_GATEWAY, type SetsInFlight } from './sets-in-flight.ts';

/** A routing loop ends here. */
const MAX_STAGES = 200;
const FIRST_CHOSEN_PORT = 1024;

/** ICMPv6 and ICMP types of echo request and reply (RFC 7915). */
const NAT64_ECHO: readonly (readonly [icmpv6: number, icmp: number])[] = [
  [128, 8],
  [129, 0],
];

export class SetWalker {
  readonly #compiled: Compiled;
  readonly #sets: L4Sets;
  readonly #maps: AddressMaps;

  constructor(compiled: Compiled, sets: L4Sets) {
    this.#compiled = compiled;
    this.#sets = sets;
    this.#maps = new AddressMaps(compiled, sets);
  }

  /** Walks the sets from a stage until they end. */
  walk(start: StageId, packets: SetsInFlight, ways: Choices): void {
    const { stages } = this.#compiled;
    let at = start;
    while (at >= 0) {
      const stage = stages[at]!;
      if (packets.path.length === MAX_STAGES) {
        this.#kill(packets, at, EMPTY, EMPTY);
        break;
      }
      packets.path.push(at);
      packets.assumptions |= stage.assumptions;
      const next = this.#pass(stage, at, packets, ways);
      if ((stage.effects & FORGETS_SENDER) !== 0 && next !== stage.otherwise) packets.sender = NOBODY;
      if (packets.may === EMPTY || next < 0) {
        packets.end = stage;
        break;
      }
      at = next;
    }
  }

  #pass(stage: Stage, at: StageId, packets: SetsInFlight, ways: Choices): StageId {
    switch (stage.kind) {
      case FILTER:
        packets.consulted?.table(stage.rules, packets.isAnswer);
        this.#constrain(packets, at, this.#maps.inOrder(stage.rules, rankFor(stage.rules, packets)));
        if ((stage.effects & RETURNS_TO_GATEWAY) !== 0 && this.#isBehindNat(packets)) packets.returnWay = stage.host;
        return stage.next;
      case GROUPS:
        return this.#groups(stage, at, packets);
      case LOOKUP:
        return this.#lookup(stage, packets, ways);
      case GATEWAY_OUT:
        return this.#gatewayOut(stage, at, packets, ways);
      case GATEWAY_IN:
        return gatewayIn(this.#compiled.gateways[stage.host]!, stage, packets) ? stage.next : stage.otherwise;
      case DROP:
        this.#kill(packets, at, EMPTY, EMPTY);
        return -1;
      case UNKNOWN:
        packets.addFact(stage.host);
        this.#kill(packets, at, EMPTY, packets.may);
        return -1;
      case DELIVER:
      case BALANCE:
        return -1;
      default:
        throw new Error(`stage of kind ${stage.kind}`);
    }
  }

  #isBehindNat({ translatedBy }: SetsInFlight): boolean {
    return translatedBy !== NO_GATEWAY && this.#compiled.gateways[translatedBy]!.kind === 'nat';
  }

  /** Leaves `must` and `may` of what is on its way, and notes what that stopped. */
  #kill(packets: SetsInFlight, at: StageId, must: L4Id, may: L4Id): void {
    const killed = this.#sets.subtract(packets.may, may);
    if (killed !== EMPTY) packets.kills.push({ stage: at, killed });
    packets.must = must;
    packets.may = may;
  }

  #constrain(packets: SetsInFlight, at: StageId, allowed: Allowed): void {
    // What lets everything through changes nothing, whoever asks.
    if (allowed.must === EVERYTHING) return;
    const sets = this.#sets;
    const seen = packets.isNat64 ? this.#asIcmpv6(allowed) : allowed;
    const { must, may, facts } = packets.portChosenBy === NO_GATEWAY ? seen : this.#forAnyPort(seen, packets);
    if (packets.passages !== null) {
      packets.passages.push({ stage: at, must, may });
      return;
    }
    const open = sets.subtract(sets.intersect(packets.may, may), must);
    if (open !== EMPTY) for (const fact of facts) packets.addFact(fact);
    this.#kill(packets, at, sets.intersect(packets.must, must), sets.intersect(packets.may, may));
  }

  /** The answer goes to a port that a NAT gateway chose: it certainly passes only if every such port does (NACL-18). */
  #forAnyPort(allowed: Allowed, packets: SetsInFlight): Allowed {
    const sets = this.#sets;
    const { portFact } = this.#compiled.gateways[packets.portChosenBy]!;
    let { must, may } = allowed;
    const facts = [...allowed.facts];
    for (const protocol of [TCP, UDP]) {
      const chosen = sets.box(protocol, FIRST_CHOSEN_PORT, LAST_PORT);
      const whole = sets.box(protocol, 0, LAST_PORT);
      const certainly = sets.isSubset(chosen, allowed.must);
      const possibly = sets.intersect(chosen, allowed.may) !== EMPTY;
      if (possibly && !certainly) facts.push(portFact);
      must = certainly ? sets.union(must, whole) : sets.subtract(must, whole);
      may = possibly ? sets.union(may, whole) : sets.subtract(may, whole);
    }
    return { must, may, facts };
  }

  /** What rules say of ICMP, in the terms of the ICMPv6 that NAT64 turned into it: echo request and reply have other numbers. */
  #asIcmpv6({ must, may, facts }: Allowed): Allowed {
    return { must: this.#icmpAsIcmpv6(must), may: this.#icmpAsIcmpv6(may), facts };
  }

  #icmpAsIcmpv6(set: L4Id): L4Id {
    const sets = this.#sets;
    const echoes = NAT64_ECHO.map(([icmpv6]) => ({ first: icmpv6 << 8, last: icmpv6 << 8 }));
    const admitted = NAT64_ECHO.filter(([, icmp]) => sets.contains(set, ICMP, icmp << 8));
    const codepoints = unionIntervals(
      subtractIntervals(sets.ports(set, ICMP), intervalSet(echoes)),
      intervalSet(admitted.map(([icmpv6]) => ({ first: icmpv6 << 8, last: icmpv6 << 8 }))),
    );
    const others = sets.subtract(set, sets.box(ICMPV6, 0, LAST_PORT));
    return sets.union(others, sets.ofPorts(ICMPV6, codepoints));
  }

  #groups(stage: Stage, at: StageId, packets: SetsInFlight): StageId {
    const isIn = stage.role === 'security-group-in';
    const direction = isIn ? 0 : 1;
    // Answers to what an interface admitted pass it; untracked flows too, whose rules are open by definition (CT-03).
    if (packets.isAnswer && packets.isExpectedBy(stage.host, direction)) return stage.next;
    if (isIn && !packets.isAnswer && packets.openHost === stage.host && isAsSent(packets)) {
      packets.timesOpen++;
      packets.admit(stage.host, direction);
      return stage.next;
    }
    const { rules, identities } = stage;
    const rank = rankFor(rules, packets);
    packets.consulted?.table(rules, packets.isAnswer);
    if (rules.hasGroups && !isIn) packets.consulted?.lookup(identities, DESTINATION, packets.isAnswer);
    const holder = !rules.hasGroups ? NOBODY : isIn ? packets.sender : find(identities, rank);
    this.#constrain(packets, at, this.#maps.any(rules, rank, holder));
    if (!packets.isAnswer) packets.admit(stage.host, direction);
    return stage.next;
  }

  #lookup(stage: Stage, packets: SetsInFlight, ways: Choices): StageId {
    const bySource = stage.end === SOURCE;
    if ((stage.effects & (ROUTES | LEAVES_INTERFACE)) !== 0 && packets.isAnswer && packets.returnWay >= 0) {
      const { ways, firstNodeWay } = this.#compiled.entrances;
      const way = packets.returnWay;
      if (((stage.effects & ROUTES) !== 0) === way < firstNodeWay) {
        packets.returnWay = -1;
        return ways[way]!;
      }
    }
    packets.consulted?.lookup(stage.lookup, stage.end, packets.isAnswer);
    const found = find(stage.lookup, bySource ? packets.sourceRank : packets.destinationRank);
    if (found === NOTHING) return stage.next;
    let entry = stage.entries[found]!;
    packets.assumptions |= entry.assumptions;
    if (entry.alternatives.length > 0) {
      const option = ways.take(entry, 1 + entry.alternatives.length, entry.fact);
      if (option > 0) {
        entry = stage.entries[entry.alternatives[option - 1]!]!;
        ways.note(entry.fact);
        packets.assumptions |= entry.assumptions;
      }
    }
    if (entry.rewrite === null) return entry.next;
    packets.consulted?.replaced(stage.end, packets.isAnswer);
    if (bySource) {
      packets.source = entry.rewrite;
      packets.sourceRank = entry.rewriteRank;
    } else {
      packets.destination = entry.rewrite;
      packets.destinationRank = entry.rewriteRank;
    }
    return entry.next;
  }

  #gatewayOut(stage: Stage, at: StageId, packets: SetsInFlight, ways: Choices): StageId {
    if ((stage.effects & NEEDS_REQUEST) !== 0 && packets.isAnswer) {
      this.#kill(packets, at, EMPTY, EMPTY);
      return -1;
    }
    const gateway = this.#compiled.gateways[stage.host]!;
    const { source, sourceRank, destination, destinationRank } = packets;
    let outside = source;
    if (gateway.kind === 'nat') {
      if (destination.family === 6 && prefixContains(NAT64_PREFIX, destination)) {
        packets.destination = v4(destination.w3);
        packets.destinationRank = rankOf(this.#compiled.space, packets.destination);
        packets.isNat64 = true;
        packets.consulted?.replaced(DESTINATION, packets.isAnswer);
      }
      const own =
        gateway.addresses[
          gateway.addresses.length > 1 ? ways.take(gateway, gateway.addresses.length, gateway.addressFact) : 0
        ]!;
      outside = own.address;
      packets.source = own.address;
      packets.sourceRank = own.rank;
      packets.translatedBy = stage.host;
    }
    packets.translations.push({
      gateway: stage.host,
      inside: source,
      insideRank: sourceRank,
      outside,
      remote: packets.destination,
      remoteInside: destination,
      remoteInsideRank: destinationRank,
      portChosenBefore: NO_GATEWAY,
      returnWayBefore: packets.returnWay,
    });
    return stage.next;
  }
}

/** No gateway has made other packets of them, so that rules mean what they say. */
function isAsSent({ isNat64, portChosenBy }: SetsInFlight): boolean {
  return !isNat64 && portChosenBy === NO_GATEWAY;
}

function rankFor(table: RuleTable, packets: SetsInFlight): number {
  return table.peer === SOURCE ? packets.sourceRank : packets.destinationRank;
}

/** A packet for a stateful gateway: back to who sent the flow, if the gateway took it out; false otherwise (NAT-01, NAT-11). */
function gatewayIn({ kind, sender }: CompiledGateway, stage: Stage, packets: SetsInFlight): boolean {
  if (!packets.isAnswer) return false;
  const { source, destination } = packets;
  const flow = packets.translations.find(
    ({ gateway, outside, remote }) =>
      gateway === stage.host && sameAddress(outside, destination) && sameAddress(remote, source),
  );
  if (flow === undefined) return false;
  packets.destination = flow.inside;
  packets.destinationRank = flow.insideRank;
  packets.source = flow.remoteInside;
  packets.sourceRank = flow.remoteInsideRank;
  packets.portChosenBy = flow.portChosenBefore;
  packets.isNat64 = false;
  if (kind !== 'balancer') return true;
  packets.sender = sender;
  packets.returnWay = flow.returnWayBefore;
  return true;
}
