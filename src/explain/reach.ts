/** Answers questions about sets of packets: exactly what gets from here to there and back, and what stops the rest. */

import { assumptionIds } from '../compile/assumption.ts';
import type { Compiled } from '../compile/compile.ts';
import { DELIVER } from '../compile/stage.ts';
import { ARRIVES_AND_RETURNS, RoundTrips } from '../evaluate/round-trip.ts';
import { formatIntervals, type IntervalSet, noIntervals } from '../net/interval-set.ts';
import { formatPacket } from '../net/packet-text.ts';
import { TCP, UDP } from '../net/protocol.ts';
import type { Connection } from '../reach/connection.ts';
import { EMPTY, type L4Id, type L4Sets } from '../reach/l4-sets.ts';
import { pairsBetween } from './end-classes.ts';
import { explainLeg } from './explain-leg.ts';
import { QuestionError } from './question-error.ts';
import type { ReachAnswer, ReachBlocker, ReachGroup, ReachVerdict } from './reach-answer.ts';
import { destinationFor } from './reach-ends.ts';
import { addressesOf, exampleOf, groupsOfPairs, INTERNET, membersOf, type Pair, placesOfEnds } from './reach-groups.ts';
import { packetsOfPairs, type ReachPackets } from './reach-packets.ts';
import { type Asked, clientPortWords, type PairAnswer, portsThatReturn } from './reach-pair.ts';
import { pairsOf, type SetQuestion } from './reach-pairs.ts';
import { VERDICT_WORDS, witnessOf } from './reach-witness.ts';
import { wordsOf } from './reach-words.ts';
import type { SetEngine } from './set-engine.ts';

export class ReachEngine {
  readonly #engine: SetEngine;
  readonly #compiled: Compiled;
  readonly #sets: L4Sets;
  readonly #trips: RoundTrips;

  constructor(engine: SetEngine) {
    const { compiled, sets } = engine;
    this.#engine = engine;
    this.#compiled = compiled;
    this.#sets = sets;
    this.#trips = new RoundTrips(compiled);
    this.#trips.findsAllBlockers = true;
  }

  /** Throws a QuestionError when the question has no pair of addresses to ask about, or more than its limit. */
  answer(question: SetQuestion): ReachAnswer {
    const pairs = pairsOf(this.#engine, question);
    const facts = new Set<number>();
    let assumptions = 0;
    for (const { connection, answer } of pairs) {
      assumptions |= connection.assumptions;
      if (answer.open !== EMPTY) for (const fact of connection.facts) facts.add(fact);
    }
    const verdict = combined(pairs.map(({ answer }) => answer));
    return {
      verdict,
      question: question.texts,
      groups: this.#groups(pairs),
      pairs: pairs.reduce((sum, { from, to }) => sum + pairsBetween(from, to), 0),
      assumptions: assumptionIds(assumptions),
      unknowns: [...facts].sort((a, b) => a - b).map((index) => this.#compiled.facts[index]!),
      notes: question.notes,
    };
  }

  /** The same as exact sets. Throws as `answer` does, and when so many pairs of addresses have something that arrives. */
  packets(question: SetQuestion): ReachPackets {
    const pairs = pairsOf(this.#engine, question).filter(({ answer }) => answer.forward !== EMPTY);
    const count = pairs.reduce((sum, { from, to }) => sum + pairsBetween(from, to), 0);
    if (count > question.maxPairs) {
      throw new QuestionError(
        `the sets are about ${count} pairs of addresses, over the limit of ${question.maxPairs}: narrow the question, or raise maxPairs`,
      );
    }
    const isPinned = question.service.parts.some(({ clientPorts }) => clientPorts !== null);
    return packetsOfPairs(this.#sets, pairs, isPinned);
  }

  #groups(pairs: readonly Pair[]): readonly ReachGroup[] {
    return groupsOfPairs(pairs, (pair) => this.#signature(pair))
      .map((group) => this.#describe(group))
      .sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
  }

  #signature({ asked, answer, connection }: Pair): string {
    const { verdict, forward, answered, partly, open } = answer;
    const ports =
      partly === EMPTY ? '' : `${formatIntervals(answer.tcpClientPorts)}/${formatIntervals(answer.udpClientPorts)}`;
    const kills = [...connection.forwardKills, ...connection.replyKills].map(({ stage }) => this.#resourceOf(stage));
    return [asked.packets, verdict, forward, answered, partly, open, ports, ...new Set(kills)].join('|');
  }

  /** Stages of different interfaces that ask the same list are one blocker to people. */
  #resourceOf(stage: number): string {
    const { role, rules, origin, code } = this.#compiled.stages[stage]!;
    return `${role} ${code} ${rules.resources.join(',')} ${origin?.resource}`;
  }

  #describe(group: readonly Pair[]): ReachGroup {
    const sets = this.#sets;
    const { answer } = group[0]!;
    const from = membersOf(group.map((pair) => pair.from));
    const to = membersOf(group.map((pair) => pair.to));
    const example = exampleOf(group);
    return {
      verdict: answer.verdict,
      from: placesOfEnds(this.#compiled, from),
      fromAddresses: addressesOf(from),
      to: placesOfEnds(this.#compiled, to),
      toAddresses: addressesOf(to),
      forward: wordsOf(sets, answer.forward),
      roundTrip: wordsOf(sets, sets.union(answer.answered, answer.partly)),
      clientPorts: clientPortWords(sets, answer),
      open: wordsOf(sets, answer.open),
      witness: this.#witness(example),
      blockers: this.#blockers(example),
    };
  }

  /** A packet that shows the verdict, replayed before it is shown: the two readers must agree about it. */
  #witness(pair: Pair): ReachGroup['witness'] {
    const { asked, answer, sender, target } = pair;
    const destination = destinationFor(sender, target)!;
    const answered = this.#sets.union(answer.answered, answer.partly);
    const set = [answered, answer.open, answer.forward, asked.packets].find((candidate) => candidate !== EMPTY)!;
    const clientPorts = set === answered ? portsThatReturn(this.#sets, answer, asked) : () => asked.clientPorts;
    const packet = witnessOf(this.#sets, set, sender.address, destination, clientPorts);
    if (packet === null) return null;
    const trip = this.#trips.walk(packet, { stage: sender.start, sender: sender.sender });
    if (set === answered && trip.verdict !== ARRIVES_AND_RETURNS) {
      throw new Error(`the sets say that ${formatPacket(packet)} is answered and the walker does not`);
    }
    return { packet: formatPacket(packet), verdict: VERDICT_WORDS[trip.verdict]! };
  }

  /** Every stage that stops packets that were asked about: one packet of each kind, walked, names the rule. */
  #blockers(pair: Pair): readonly ReachBlocker[] {
    const sets = this.#sets;
    const { asked, connection, sender, target } = pair;
    const destination = destinationFor(sender, target)!;
    const blockers: ReachBlocker[] = [];
    for (const { killed, stage: at } of connection.forwardKills) {
      const kills = sets.intersect(killed, asked.packets);
      if (this.#compiled.stages[at]!.kind === DELIVER) {
        if (kills !== EMPTY) blockers.push(this.#elsewhere(at, kills));
        continue;
      }
      const packet = witnessOf(sets, kills, sender.address, destination, () => asked.clientPorts);
      if (packet === null) continue;
      const trip = this.#trips.walk(packet, { stage: sender.start, sender: sender.sender });
      const from = sender.held === null ? INTERNET : placesOfEnds(this.#compiled, [sender])[0]!;
      const leg = explainLeg(this.#compiled, trip.forward, { sent: packet, received: trip.received!, from });
      const first = leg.blockers[0];
      if (first === undefined) continue;
      const { stage, code, place, resource, text } = first;
      blockers.push({ direction: 'forward', stage, code, place, resource, text, kills: wordsOf(sets, kills) });
    }
    return [...blockers, ...this.#replyBlockers(pair)];
  }

  /** Packets that arrive at somebody else: another VPC has the same address. */
  #elsewhere(at: number, kills: L4Id): ReachBlocker {
    const { place, role } = this.#compiled.stages[at]!;
    const { kind, id, name } = this.#compiled.places[place]!;
    return {
      direction: 'forward',
      stage: role,
      code: null,
      place: { kind, id, name },
      resource: id,
      text: `the address is also that of ${name ?? id}, where these packets arrive`,
      kills: wordsOf(this.#sets, kills),
    };
  }

  #replyBlockers({ connection, sender, target, asked, answer }: Pair): readonly ReachBlocker[] {
    const sets = this.#sets;
    const unanswered = sets.subtract(answer.forward, answer.answered);
    if (unanswered === EMPTY || connection.replyKills.length === 0) return [];
    const destination = destinationFor(sender, target)!;
    const stopped = this.#stoppedClientPorts(connection, asked, unanswered);
    const packet = witnessOf(sets, unanswered, sender.address, destination, () => stopped);
    if (packet === null) return [];
    const trip = this.#trips.walk(packet, { stage: sender.start, sender: sender.sender });
    if (!trip.hasReply) return [];
    const leg = explainLeg(this.#compiled, trip.reply, {
      sent: trip.answer!,
      received: trip.answered!,
      from: INTERNET,
      mismatch: trip.isMismatched ? packet : null,
    });
    return leg.blockers.map(({ stage, code, place, resource, text }) => ({
      direction: 'reply' as const,
      stage,
      code,
      place,
      resource,
      text,
      kills: wordsOf(sets, unanswered),
    }));
  }

  /** Client ports whose answers do not return. */
  #stoppedClientPorts({ reply }: Connection, asked: Asked, unanswered: L4Id): IntervalSet {
    const sets = this.#sets;
    const protocol = noIntervals(sets.ports(unanswered, TCP)) ? UDP : TCP;
    const whole = sets.ofPorts(protocol, asked.clientPorts);
    const stopped = sets.ports(sets.subtract(whole, reply.must), protocol);
    return noIntervals(stopped) ? asked.clientPorts : stopped;
  }
}

const ORDER: readonly ReachVerdict[] = ['all', 'some', 'unknown', 'none'];

/** All pairs `all`: all. All `none`: none. Unknown where missing facts could make it one or the other. */
function combined(answers: readonly PairAnswer[]): ReachVerdict {
  const verdicts = new Set(answers.map(({ verdict }) => verdict));
  if (verdicts.size === 1) return answers[0]!.verdict;
  if (!verdicts.has('unknown') || verdicts.has('some')) return 'some';
  return verdicts.has('all') && verdicts.has('none') ? 'some' : 'unknown';
}
