/** Which addresses of the internet fare alike with one interface: each way they may fare is walked once. */

import type { Connection } from '../reach/connection.ts';
import { Consulted, KnownRuns } from '../reach/consulted.ts';
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
  return mergedByFate(classes, known, walkedStrangers(classes, how), how.fateOf);
}

/** Classes of pieces, by index, and what one of them was told. */
export interface WalkedStrangers<R> {
  /** Address that was walked. */
  readonly rank: number;
  readonly result: R;
  readonly indices: readonly number[];
}

/** Pieces that were told the same on their way together. */
export function walkedStrangers<T extends Sender | Target, R>(
  classes: readonly EndClass<T>[],
  how: Omit<StrangerWalk<T, R>, 'fateOf'>,
): readonly WalkedStrangers<R>[] {
  const walked: { columns: readonly Int32Array[] | null; rank: number; result: R; indices: number[] }[] = [];
  const runs = runsOf(classes, how);
  classes.forEach(([piece], index) => {
    const alike = walked.find(
      ({ columns, indices }) => columns?.every((column) => column[index] === column[indices[0]!]) ?? false,
    );
    if (alike !== undefined) {
      alike.indices.push(index);
      return;
    }
    const consulted = new Consulted(how.watched);
    const result = how.walk(piece!, consulted);
    walked.push({ columns: consulted.columnsOf(runs), rank: how.rankOf(piece!), result, indices: [index] });
  });
  return walked;
}

const RUNS = new WeakMap<readonly EndClass<Sender | Target>[], KnownRuns>();

/** What tables say of pieces outlives a question about one interface. */
export function runsOf<T extends Sender | Target>(
  classes: readonly EndClass<T>[],
  { rankOf }: Pick<StrangerWalk<T, unknown>, 'rankOf'>,
): KnownRuns {
  const known = RUNS.get(classes) ?? new KnownRuns(Int32Array.from(classes, ([piece]) => rankOf(piece!)));
  RUNS.set(classes, known);
  return known;
}

/** Those of one fate together, in the order of their first pieces walked. */
export function mergedByFate<T extends Sender | Target, R>(
  classes: readonly EndClass<T>[],
  known: Map<string, EndClass<T>>,
  walked: readonly WalkedStrangers<R>[],
  fateOf: (result: R) => string,
): readonly Strangers<T, R>[] {
  const byFate = new Map<string, { result: R; indices: number[] }>();
  for (const { result, indices } of walked) {
    const fate = fateOf(result);
    const alike = byFate.get(fate);
    if (alike === undefined) byFate.set(fate, { result, indices: [...indices] });
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
