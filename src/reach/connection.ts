/**
 * Everything that may pass between two addresses, and back: exactly which packets, for every protocol and port at once.
 *
 * On a fixed path rules constrain protocol and destination port on the way there, and on the way back the port that the client chose.
 * So the packets whose answers return are, per protocol, a product: destination ports (`forward`) times source ports (`reply`).
 */

import { Choices, MAX_WAYS } from '../compile/choices.ts';
import type { Compiled } from '../compile/compile.ts';
import { NOBODY } from '../compile/identity.ts';
import { BALANCE, DELIVER, type Stage, type StageId, UNKNOWN } from '../compile/stage.ts';
import { type Address, sameAddress } from '../net/address.ts';
import { answerOf } from '../net/icmp.ts';
import { type IntervalSet, intervalSet } from '../net/interval-set.ts';
import { ICMP, ICMPV6 } from '../net/protocol.ts';
import type { Consulted } from './consulted.ts';
import { EMPTY, EVERYTHING, type L4Id, type L4Sets } from './l4-sets.ts';
import { eitherOf, inClientTerms, together } from './listeners-together.ts';
import { SetWalker } from './set-walker.ts';
import { type Kill, type Passage, SetsInFlight } from './sets-in-flight.ts';
import { takeBy } from './through-balancer.ts';

/** What certainly passes, and what may. */
export interface Passing {
  readonly must: L4Id;
  readonly may: L4Id;
}

export interface Connection {
  /** Packets that arrive, by protocol and destination port (or ICMP type * 256 + code). */
  readonly forward: Passing;
  /**
   * Packets whose answer comes back. TCP and UDP: by the *source* port of the packet. ICMP: by the packet's own type and code.
   * Others: all or nothing.
   */
  readonly reply: Passing;
  /** Facts behind what lies between `must` and `may`, by index. */
  readonly facts: readonly number[];
  readonly assumptions: number;
  /** What stopped packets on the way there, and answers on the way back, along the first way. */
  readonly forwardKills: readonly Kill[];
  readonly replyKills: readonly Kill[];
  /**
   * Where packets go by several listeners of a balancer whose answers come back differently: each listener by itself. `forward` and
   * `reply` then say what is true of all of them together, and a fact says so. Null otherwise.
   */
  readonly apart: readonly Connection[] | null;
}

/** The filters between two addresses, each by itself. */
export interface Survey {
  readonly forward: readonly Passage[];
  /** Where packets end. */
  readonly arrival: Stage;
  /** Packets whose answers all filters on the way back let through, in the terms of `Connection.reply`. */
  readonly answered: L4Id;
  /** Where answers end; null where packets do not arrive. */
  readonly returned: Stage | null;
  /** How often packets came to groups that were left out. */
  readonly timesOpen: number;
}

/** One end of a connection: an address and where its packets enter the network. */
export interface EndPoint {
  readonly address: Address;
  readonly rank: number;
  readonly start: StageId;
  /** Interface index, NOBODY for the internet, or a missing fact. */
  readonly sender: number;
}

/** Whoever has the address may receive. */
export const ANYBODY = -2;

const NOTHING_PASSES: Passing = { must: EMPTY, may: EMPTY };

export class Connections {
  readonly #compiled: Compiled;
  /** The arena that all sets are of. */
  readonly sets: L4Sets;
  readonly #walker: SetWalker;
  readonly #choices = new Choices();
  /** Reply sets in the terms of requests, by the answer's set. */
  readonly #asRequests = new Map<L4Id, L4Id>();

  constructor(compiled: Compiled, sets: L4Sets) {
    this.#compiled = compiled;
    this.sets = sets;
    this.#walker = new SetWalker(compiled, sets);
  }

  /**
   * Packets that open flows from one end to an address, over every way that AWS may choose. With a receiver (interface index) only what
   * arrives at that interface counts: VPCs may have the same addresses.
   */
  between(
    from: EndPoint,
    to: Address,
    toRank: number,
    consulted: Consulted | null = null,
    receiver: number = ANYBODY,
  ): Connection {
    const choices = this.#choices;
    const { sets } = this;
    choices.reset();
    const first = this.#oneWay(from, to, toRank, consulted, receiver);
    if (!choices.any) return first;
    let { forward, reply, assumptions } = first;
    const facts = new Set([...first.facts, ...choices.facts]);
    for (let ways = 1; choices.next(); ways++) {
      const way =
        ways < MAX_WAYS
          ? this.#oneWay(from, to, toRank, consulted, receiver)
          : { ...first, forward: OPEN, reply: OPEN };
      forward = { must: sets.intersect(forward.must, way.forward.must), may: sets.union(forward.may, way.forward.may) };
      reply = { must: sets.intersect(reply.must, way.reply.must), may: sets.union(reply.may, way.reply.may) };
      for (const fact of [...way.facts, ...choices.facts]) facts.add(fact);
      assumptions |= way.assumptions;
      if (ways >= MAX_WAYS) break;
    }
    const isOpen = forward.must !== forward.may || reply.must !== reply.may;
    return { ...first, forward, reply, assumptions, facts: isOpen ? [...facts] : [], apart: null };
  }

  /**
   * The same as if the inbound groups of the receiver let everything pass, and whether the packets come to them. Null where what
   * the groups say cannot simply be put on top: the way itself is in doubt, or there is more than one.
   */
  besidesGroups(
    from: EndPoint,
    to: Address,
    toRank: number,
    consulted: Consulted,
    receiver: number,
  ): { readonly connection: Connection; readonly meetsGroups: boolean } | null {
    const choices = this.#choices;
    choices.reset();
    const packets = new SetsInFlight(from.address, from.rank, to, toRank, from.sender, consulted);
    packets.openHost = receiver;
    const connection = this.#roundTrip(packets, from, to, receiver);
    const { must, may } = connection.forward;
    const isBalanced = packets.end !== null && packets.end.kind === BALANCE;
    if (choices.any || must !== may || packets.timesOpen > 1 || isBalanced) return null;
    return { connection, meetsGroups: packets.timesOpen === 1 };
  }

  /**
   * What each filter on the way there and back would let through by itself, and where the ways end. Null where missing facts leave the
   * way itself open. The inbound groups of `openHost` are left out, and counted.
   */
  survey(
    from: EndPoint,
    to: Address,
    toRank: number,
    consulted: Consulted | null = null,
    openHost: number = NOBODY,
  ): Survey | null {
    const choices = this.#choices;
    choices.reset();
    const packets = new SetsInFlight(from.address, from.rank, to, toRank, from.sender, consulted);
    packets.openHost = openHost;
    const forward: Passage[] = [];
    packets.passages = forward;
    this.#walker.walk(from.start, packets, choices);
    const arrival = packets.end;
    if (choices.any || arrival === null || arrival.kind === UNKNOWN) return null;
    if (arrival.kind !== DELIVER) {
      return { forward, arrival, answered: EMPTY, returned: null, timesOpen: packets.timesOpen };
    }
    packets.turnRound(arrival.host >= 0 ? arrival.host : NOBODY);
    const reply: Passage[] = [];
    packets.passages = reply;
    this.#walker.walk(arrival.next, packets, choices);
    if (choices.any || packets.end === null) return null;
    const passing = reply.reduce<L4Id>((all, { must }) => this.sets.intersect(all, must), EVERYTHING);
    return {
      forward,
      arrival,
      answered: this.requestsOf(passing),
      returned: packets.end,
      timesOpen: packets.timesOpen,
    };
  }

  #oneWay(from: EndPoint, to: Address, toRank: number, consulted: Consulted | null, receiver: number): Connection {
    const packets = new SetsInFlight(from.address, from.rank, to, toRank, from.sender, consulted);
    return this.#roundTrip(packets, from, to, receiver);
  }

  #roundTrip(packets: SetsInFlight, from: EndPoint, to: Address, receiver: number): Connection {
    this.#walker.walk(from.start, packets, this.#choices);
    return this.#arrived(packets, from, to, receiver);
  }

  /** What comes of packets that were walked to their end. */
  #arrived(packets: SetsInFlight, from: EndPoint, to: Address, receiver: number): Connection {
    const forward: Passing = { must: packets.must, may: packets.may };
    const forwardKills = packets.kills;
    const arrival = packets.end;
    if (arrival !== null && arrival.kind === BALANCE) {
      return this.#throughListeners(arrival, packets, from, to, receiver);
    }
    if (forward.may === EMPTY || arrival === null || arrival.kind !== DELIVER) {
      const reply = forward.may === EMPTY ? NOTHING_PASSES : OPEN;
      return {
        forward,
        reply,
        facts: this.#open(packets, forward, reply),
        assumptions: packets.assumptions,
        forwardKills,
        replyKills: [],
        apart: null,
      };
    }
    if (receiver !== ANYBODY && arrival.host !== receiver && packets.front !== receiver) {
      const arrived: Kill = { stage: packets.path.at(-1)!, killed: packets.may };
      return {
        forward: NOTHING_PASSES,
        reply: NOTHING_PASSES,
        facts: [],
        assumptions: packets.assumptions,
        forwardKills: [...forwardKills, arrived],
        replyKills: [],
        apart: null,
      };
    }
    packets.turnRound(arrival.host >= 0 ? arrival.host : NOBODY);
    this.#walker.walk(arrival.next, packets, this.#choices);
    const reply = this.#comesBack(packets, from, to)
      ? { must: this.requestsOf(packets.must), may: this.requestsOf(packets.may) }
      : this.#withoutAnswer();
    return {
      forward,
      reply,
      facts: this.#open(packets, forward, reply),
      assumptions: packets.assumptions,
      forwardKills,
      replyKills: packets.kills,
      apart: null,
    };
  }

  /** A balancer's node: each listener leads its own packets on, and what comes of them is told in the client's terms. */
  #throughListeners(stage: Stage, packets: SetsInFlight, from: EndPoint, to: Address, receiver: number): Connection {
    const sets = this.sets;
    const parts: Connection[] = [];
    let rest = packets.may;
    for (const listener of stage.listeners) {
      // Which target the balancer picks is nobody's to know: what is certain is so for each of them.
      let taken: Connection | null = null;
      for (const target of listener.targets.length === 0 ? [null] : listener.targets) {
        const packetsFor = takeBy(this.#compiled, sets, stage, listener, target, packets);
        if (packetsFor === null) break;
        this.#walker.walk(packetsFor.next, packetsFor.packets, this.#choices);
        const arrived = this.#arrived(packetsFor.packets, from, to, receiver);
        const part = inClientTerms(sets, arrived, packetsFor, listener.protocol, packets.must);
        rest = sets.subtract(rest, packetsFor.front);
        taken = taken === null ? part : eitherOf(sets, taken, part, listener.fact);
      }
      if (taken !== null) parts.push(taken);
    }
    if (rest !== EMPTY) {
      const others = packets.fork();
      others.must = sets.intersect(packets.must, rest);
      others.may = rest;
      this.#walker.walk(stage.otherwise, others, this.#choices);
      parts.push(this.#arrived(others, from, to, receiver));
    }
    return together(sets, parts, packets, this.#compiled.gateways[stage.host]!.listenersFact);
  }

  #open(packets: SetsInFlight, forward: Passing, reply: Passing): readonly number[] {
    return forward.must === forward.may && reply.must === reply.may ? [] : [...packets.facts];
  }

  /** An answer counts if it reaches who asked, from the address that was asked; one that may still do so stays in doubt. */
  #comesBack(packets: SetsInFlight, from: EndPoint, to: Address): boolean {
    const { end, source, destination } = packets;
    // What a listener takes is no answer to anyone.
    if (end === null || end.kind === BALANCE) return false;
    if (end.kind !== DELIVER) return packets.may !== EMPTY;
    const host = end.host >= 0 ? end.host : NOBODY;
    return host === from.sender && sameAddress(source, to) && sameAddress(destination, from.address);
  }

  /** No answer arrives: that is as it should be for what is never answered. */
  #withoutAnswer(): Passing {
    const unanswered = this.requestsOf(EMPTY);
    return { must: unanswered, may: unanswered };
  }

  /**
   * From answers to what they answer. TCP and UDP: the answer's destination port is the packet's source port, so the set stands as it
   * is. ICMP: a request passes if its answer does, and a message that is never answered passes anyway.
   */
  requestsOf(answers: L4Id): L4Id {
    const known = this.#asRequests.get(answers);
    if (known !== undefined) return known;
    const { sets } = this;
    let requests = answers;
    for (const protocol of [ICMP, ICMPV6]) {
      const codepoints: IntervalSet = intervalSet(
        Array.from({ length: 256 }, (_, type) => type)
          .filter((type) => {
            const answer = answerOf(protocol, type);
            return answer === null || sets.contains(answers, protocol, answer << 8);
          })
          .map((type) => ({ first: type << 8, last: (type << 8) | 255 })),
      );
      const whole = sets.box(protocol, 0, 65535);
      requests = sets.union(sets.subtract(requests, whole), sets.ofPorts(protocol, codepoints));
    }
    this.#asRequests.set(answers, requests);
    return requests;
  }
}

const OPEN: Passing = { must: EMPTY, may: EVERYTHING };
