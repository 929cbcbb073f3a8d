/** Which addresses of the internet fare alike with one interface: each way they may fare is walked once. */

import type { Connection } from '../reach/connection.ts';
import { Consulted, KnownRuns } from '../reach/consulted.ts';
import type { EndClass } from './end-classes.ts';
import type { Sender, Target } from './reach-ends.ts';

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
  known: KnownMembers<T>,
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
  const alikeTo = (index: number): (typeof walked)[number] | undefined => {
    for (const known of walked) if (saySame(known.columns, known.indices[0]!, index)) return known;
    return undefined;
  };
  classes.forEach(([piece], index) => {
    const alike = alikeTo(index);
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

function saySame(columns: readonly Int32Array[] | null, index: number, other: number): boolean {
  if (columns === null) return false;
  for (const column of columns) if (column[index] !== column[other]) return false;
  return true;
}

const RUNS = new WeakMap<readonly EndClass<Sender | Target>[], KnownRuns>();

/** What tables say of pieces outlives a question about one interface. */
function runsOf<T extends Sender | Target>(
  classes: readonly EndClass<T>[],
  { rankOf }: Pick<StrangerWalk<T, unknown>, 'rankOf'>,
): KnownRuns {
  const known = RUNS.get(classes) ?? new KnownRuns(Int32Array.from(classes, ([piece]) => rankOf(piece!)));
  RUNS.set(classes, known);
  return known;
}

/** Those of one fate together, in the order of their first pieces walked. Every piece was walked, or stands with one that was. */
export function mergedByFate<T extends Sender | Target, R>(
  classes: readonly EndClass<T>[],
  known: KnownMembers<T>,
  walked: readonly WalkedStrangers<R>[],
  fateOf: (result: R) => string,
): readonly Strangers<T, R>[] {
  const numbers = new Map<string, number>();
  const results: R[] = [];
  const fateAt = new Int32Array(classes.length);
  for (const { result, indices } of walked) {
    const fate = fateOf(result);
    let number = numbers.get(fate);
    if (number === undefined) {
      number = results.push(result) - 1;
      numbers.set(fate, number);
    }
    for (const index of indices) fateAt[index] = number;
  }
  const indices: number[][] = results.map(() => []);
  fateAt.forEach((number, index) => void indices[number]!.push(index));
  return results.map((result, number) => ({ result, members: known.of(classes, indices[number]!) }));
}

/** Unions of classes of pieces, each one array: answers ask for the same again and again. */
export class KnownMembers<T extends Sender | Target> {
  readonly #byHash = new Map<
    number,
    { classes: readonly EndClass<T>[]; indices: readonly number[]; members: EndClass<T> }[]
  >();

  of(classes: readonly EndClass<T>[], indices: readonly number[]): EndClass<T> {
    let hash = indices.length;
    for (const index of indices) hash = (Math.imul(hash, 31) + index) | 0;
    const alike = this.#byHash.get(hash) ?? [];
    this.#byHash.set(hash, alike);
    const same = alike.find((one) => one.classes === classes && sameNumbers(one.indices, indices));
    if (same !== undefined) return same.members;
    const members = indices.flatMap((index) => classes[index]!);
    alike.push({ classes, indices, members });
    return members;
  }
}

function sameNumbers(some: readonly number[], others: readonly number[]): boolean {
  if (some.length !== others.length) return false;
  for (let i = 0; i < some.length; i++) if (some[i] !== others[i]) return false;
  return true;
}

/** Connections with equal sets are one fate. */
export function fateOfConnection({ forward, reply }: Connection): string {
  return [forward.must, forward.may, reply.must, reply.may].join();
}
