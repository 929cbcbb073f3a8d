/** Which addresses of the internet fare alike with one interface: each way they may fare is walked once. */

import type { Connection } from '../reach/connection.ts';
import { Consulted } from '../reach/consulted.ts';
import type { EndClass } from './end-classes.ts';
import { familyOf, type Sender, type Target } from './reach-ends.ts';

export interface Strangers<T extends Sender | Target, R> {
  /** Pieces of the internet, the familiar ones first. */
  readonly members: EndClass<T>;
  readonly result: R;
}

/** How one piece of the internet is walked, and what counts as faring alike. */
export interface StrangerWalk<T extends Sender | Target, R> {
  /** The end that strangers are at: SOURCE or DESTINATION. */
  readonly watched: number;
  rankOf(piece: T): number;
  walk(piece: T, consulted: Consulted): R;
  fateOf(result: R): string;
}

/** Classes of pieces of the internet by how they fare. Equal members are one array, which `known` holds. */
export function strangersByFate<T extends Sender | Target, R>(
  classes: readonly EndClass<T>[],
  known: Map<string, EndClass<T>>,
  how: StrangerWalk<T, R>,
): readonly Strangers<T, R>[] {
  const walked: { consulted: Consulted; rank: number; result: R; indices: number[] }[] = [];
  classes.forEach(([piece], index) => {
    const rank = how.rankOf(piece!);
    const alike = walked.find((other) => other.consulted.isAlike(other.rank, rank));
    if (alike !== undefined) {
      alike.indices.push(index);
      return;
    }
    const consulted = new Consulted(how.watched);
    walked.push({ consulted, rank, result: how.walk(piece!, consulted), indices: [index] });
  });
  const byFate = new Map<string, { result: R; indices: number[] }>();
  for (const { result, indices } of walked) {
    const fate = how.fateOf(result);
    const alike = byFate.get(fate);
    if (alike === undefined) byFate.set(fate, { result, indices });
    else alike.indices.push(...indices);
  }
  return [...byFate.values()].map(({ result, indices }) => {
    indices.sort((a, b) => a - b);
    const key = `${familyOf(classes[indices[0]!]![0]!)} ${indices.join()}`;
    const members = known.get(key) ?? indices.flatMap((index) => classes[index]!);
    known.set(key, members);
    return { result, members };
  });
}

/** Connections with equal sets are one fate. */
export function fateOfConnection({ forward, reply }: Connection): string {
  return [forward.must, forward.may, reply.must, reply.may].join();
}
