/** Which addresses of the internet fare alike with one interface: each way they may fare is walked once. */

import type { Connection } from '../reach/connection.ts';
import { Consulted } from '../reach/consulted.ts';
import type { EndClass } from './end-classes.ts';
import { familyOf, type Sender, type Target } from './reach-ends.ts';

export interface Strangers<T extends Sender | Target> {
  /** Pieces of the internet, the familiar ones first. */
  readonly members: EndClass<T>;
  readonly connection: Connection;
}

/**
 * Classes of pieces of the internet by how they fare. `watched` is the end that they are at: SOURCE or DESTINATION. Equal members are
 * one array, which `known` holds.
 */
export function strangersByFate<T extends Sender | Target>(
  classes: readonly EndClass<T>[],
  known: Map<string, EndClass<T>>,
  watched: number,
  rankOfPiece: (piece: T) => number,
  walk: (piece: T, consulted: Consulted) => Connection,
): readonly Strangers<T>[] {
  const walked: { consulted: Consulted; rank: number; connection: Connection; classes: EndClass<T>[] }[] = [];
  for (const members of classes) {
    const [piece] = members;
    const rank = rankOfPiece(piece!);
    const alike = walked.find((other) => other.consulted.isAlike(other.rank, rank));
    if (alike !== undefined) {
      alike.classes.push(members);
      continue;
    }
    const consulted = new Consulted(watched);
    walked.push({ consulted, rank, connection: walk(piece!, consulted), classes: [members] });
  }
  const byFate = new Map<string, { connection: Connection; classes: EndClass<T>[] }>();
  for (const { connection, classes: found } of walked) {
    const { forward, reply } = connection;
    const fate = [forward.must, forward.may, reply.must, reply.may].join();
    const alike = byFate.get(fate);
    if (alike === undefined) byFate.set(fate, { connection, classes: found });
    else alike.classes.push(...found);
  }
  return [...byFate.values()].map(({ connection, classes: found }) => {
    const indices = found.map((members) => classes.indexOf(members)).sort((a, b) => a - b);
    const family = familyOf(found[0]![0]!);
    const key = `${family} ${indices.join()}`;
    const members = known.get(key) ?? indices.flatMap((index) => classes[index]!);
    known.set(key, members);
    return { connection, members };
  });
}
