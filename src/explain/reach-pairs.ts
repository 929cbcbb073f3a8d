/** The pairs of ends that a question about sets is about, each class of pairs with its answer. */

import { rankOf } from '../compile/address-space.ts';
import type { Address } from '../net/address.ts';
import type { IntervalSet } from '../net/interval-set.ts';
import { ICMP, ICMPV6, LAST_PORT } from '../net/protocol.ts';
import type { L4Sets } from '../reach/l4-sets.ts';
import { classesOfEnds, type EndClass, examplePair } from './end-classes.ts';
import type { PlacePart } from './place-parts.ts';
import { NothingAskedError, QuestionError } from './question-error.ts';
import type { ReachAnswer } from './reach-answer.ts';
import { destinationFor, receiverOf, type Sender, sendersOf, type Target, targetsOf } from './reach-ends.ts';
import type { Pair } from './reach-groups.ts';
import { type Asked, answerPair, askedOf, askedWithout } from './reach-pair.ts';
import type { Service } from './service-text.ts';
import type { SetEngine } from './set-engine.ts';

/** More pairs of addresses than this are not looked at unless the asker raises the limit. */
export const MAX_PAIRS = 500_000;
const FEW_PAIRS = 100;

export interface SetQuestion {
  /** Cut along what is excepted. */
  readonly from: readonly PlacePart[];
  readonly to: readonly PlacePart[];
  readonly service: Service;
  /** What is not asked about between parts that are both inside of the exception of this number. */
  readonly excepted: readonly Service[];
  /** Ports that clients send from. */
  readonly clientPorts: IntervalSet;
  readonly maxPairs: number;
  readonly texts: ReachAnswer['question'];
  readonly notes: readonly string[];
}

/** Throws a QuestionError when the question has no pair of addresses to ask about, or more than its limit. */
export function pairsOf({ compiled, sets, connections }: SetEngine, question: SetQuestion): readonly Pair[] {
  const sources = question.from.map(({ places, inside }) => ({ ends: sendersOf(compiled, places), inside }));
  const destinations = question.to.map(({ places, inside }) => ({ ends: targetsOf(compiled, places), inside }));
  // Classes are worked out for the whole network: not worth it for a few pairs.
  const areFew = countEnds(sources) * countEnds(destinations) <= FEW_PAIRS;
  const classed = <T extends Sender | Target>({ ends, inside }: Part<T>): readonly PartClass<T>[] => {
    const classes = areFew ? ends.map((end): EndClass<T> => [end]) : classesOfEnds(compiled, ends);
    return classes.map((members) => ({ members, inside }));
  };
  const senders = sources.flatMap(classed);
  const targets = destinations.flatMap(classed);
  const candidates = senders.length * targets.length;
  if (candidates > question.maxPairs) {
    throw new QuestionError(
      `the question is about ${candidates} pairs of places that may differ, over the limit of ${question.maxPairs}: narrow it, or raise --max-pairs`,
    );
  }
  const asking = new ByExceptions(sets, question);
  const pairs: Pair[] = [];
  for (const { members: from, inside } of senders) {
    for (const { members: to, inside: alsoInside } of targets) {
      const example = examplePair(from, to);
      if (example === null) continue;
      const [sender, target] = example;
      const destination = destinationFor(sender, target);
      const asked = asking.between(inside, alsoInside);
      if (destination === null || isOfOtherFamily(sets, asked, destination)) continue;
      const rank = rankOf(compiled.space, destination);
      const connection = connections.between(sender, destination, rank, null, receiverOf(target));
      pairs.push({ sender, target, from, to, connection, asked, answer: answerPair(sets, connection, asked) });
    }
  }
  if (pairs.length > 0) return pairs;
  throw new NothingAskedError(
    question.excepted.length > 0
      ? 'no packet to ask about: nothing is left when the exceptions are taken out'
      : 'no packet to ask about: the two sides share no address family, or are the same interface, or both on the internet',
  );
}

/** Ends that the same exceptions hold. */
interface Part<T> extends Pick<PlacePart, 'inside'> {
  readonly ends: readonly T[];
}

interface PartClass<T extends Sender | Target> extends Pick<PlacePart, 'inside'> {
  readonly members: EndClass<T>;
}

function countEnds(parts: readonly Part<unknown>[]): number {
  return parts.reduce((sum, { ends }) => sum + ends.length, 0);
}

/** What exceptions leave of the packets that are asked about. */
class ByExceptions {
  readonly #sets: L4Sets;
  readonly #whole: Asked;
  readonly #excepted: readonly Service[];
  readonly #known = new Map<string, Asked>();

  constructor(sets: L4Sets, { service, clientPorts, excepted }: SetQuestion) {
    this.#sets = sets;
    this.#whole = askedOf(sets, service, clientPorts);
    this.#excepted = excepted;
  }

  /** Between two parts, by the exceptions that each is inside of. */
  between(inside: PlacePart['inside'], alsoInside: PlacePart['inside']): Asked {
    if (inside.length === 0 || alsoInside.length === 0) return this.#whole;
    const both = inside.filter((number) => alsoInside.includes(number));
    const key = both.join();
    const services = both.map((number) => this.#excepted[number]!);
    const asked = this.#known.get(key) ?? askedWithout(this.#sets, this.#whole, services);
    this.#known.set(key, asked);
    return asked;
  }
}

/** ICMP is no question between v6 addresses, nor ICMPv6 between v4 ones. */
function isOfOtherFamily(sets: L4Sets, { packets }: Asked, { family }: Address): boolean {
  return sets.isSubset(packets, sets.box(family === 6 ? ICMP : ICMPV6, 0, LAST_PORT));
}
