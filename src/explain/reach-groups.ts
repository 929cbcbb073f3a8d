/** Pairs that behave alike, told as groups of places. */

import type { Compiled } from '../compile/compile.ts';
import { NO_ADDRESSES, prefixesOf, unionAddresses } from '../net/address-set.ts';
import { formatPrefix } from '../net/address-text.ts';
import type { Connection } from '../reach/connection.ts';
import type { EndClass } from './end-classes.ts';
import { interfaceAsPlace } from './packet-question.ts';
import { familiarAddress, isFamiliar, type Sender, type Target } from './reach-ends.ts';
import type { Asked, PairAnswer } from './reach-pair.ts';
import type { Place } from './trace.ts';

/** A pair of ends, and all that fare like it. */
export interface Pair {
  readonly sender: Sender;
  readonly target: Target;
  readonly from: EndClass<Sender>;
  readonly to: EndClass<Target>;
  readonly connection: Connection;
  /** The question's packets, or what exceptions leave of them. */
  readonly asked: Asked;
  readonly answer: PairAnswer;
}

/** Pairs of equal signature together; inside, senders with equal targets, so that a group is a true product of its two sides. */
export function groupsOfPairs(
  pairs: readonly Pair[],
  signatureOf: (pair: Pair) => string,
): readonly (readonly Pair[])[] {
  return [...groupBy(pairs, signatureOf).values()].flatMap((alike) => {
    const bySender = groupBy(alike, ({ from }) => from);
    const products = groupBy([...bySender.values()], (own) => own.map(({ to }) => endName(to[0]!)).join());
    return [...products.values()].map((rows) => rows.flat());
  });
}

/** The pair that a group is shown by: one with an address that people recognise, which behaves like the whole piece it is in. */
export function exampleOf(group: readonly Pair[]): Pair {
  const pair = group.find(({ sender, target }) => isFamiliar(sender.piece) || isFamiliar(target.piece)) ?? group[0]!;
  const { sender, target } = pair;
  return {
    ...pair,
    sender: sender.piece === null ? sender : { ...sender, address: familiarAddress(sender.piece) },
    target: target.piece === null ? target : { ...target, fromInside: familiarAddress(target.piece) },
  };
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function endName({ held, piece }: Sender | Target): string {
  const address = held?.prefix.address ?? piece!.first;
  const { family, w0, w1, w2, w3 } = address;
  return `${held?.eni ?? 'internet'} ${family} ${w0} ${w1} ${w2} ${w3}`;
}

/** All ends of these classes, each once. */
export function membersOf<T extends Sender | Target>(classes: readonly EndClass<T>[]): readonly T[] {
  return [...new Set(classes)].flat();
}

export const INTERNET: Place = { kind: 'internet', id: 'internet', name: null };

/** The places of these ends, each once: the internet first, then interfaces by id. */
export function placesOfEnds(compiled: Compiled, ends: readonly (Sender | Target)[]): readonly Place[] {
  const held = ends.flatMap((end) => (end.held === null ? [] : [end.held.eni]));
  const places = [...new Set(held)]
    .sort((a, b) => a - b)
    .map((eni) => interfaceAsPlace(compiled, compiled.network.networkInterfaces[eni]!));
  return ends.some(({ piece }) => piece !== null) ? [INTERNET, ...places] : places;
}

/** The pieces of the internet among these ends, as the fewest prefixes. */
export function addressesOf(ends: readonly (Sender | Target)[]): readonly string[] {
  const pieces = ends.flatMap(({ piece }) => (piece === null ? [] : [piece]));
  const set = pieces.reduce((all, piece) => unionAddresses(all, [piece]), NO_ADDRESSES);
  return prefixesOf(set).map(formatPrefix);
}
