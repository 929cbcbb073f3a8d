/**
 * Records of one kind, one for each id. Shared objects are described once by every account that sees them, and the view of
 * their owner is the whole one.
 */

import { formatOrigin } from '../model/origin.ts';
import type { Resource } from '../model/resource.ts';
import { quote } from '../net/quote.ts';
import { placeOfFile } from './place.ts';
import type { Reading } from './reading.ts';

export class Collected<T extends Resource> {
  readonly #noun: string;
  /** Joins two views that differ in what they leave out; the first is the better one. */
  readonly #merge: (better: T, worse: T) => T;
  /** In the order of reading; sorting brings the views of one record together, which costs less than a map of all ids. */
  readonly #views: T[] = [];
  /** Ids of the first `counted` views. */
  readonly #ids = { known: new Set<string>(), counted: 0 };

  constructor(noun: string, merge: (better: T, worse: T) => T = (better) => better) {
    this.#noun = noun;
    this.#merge = merge;
  }

  get isEmpty(): boolean {
    return this.#views.length === 0;
  }

  /** The ids that were met so far. */
  ids(): ReadonlySet<string> {
    for (const { id } of this.#views.slice(this.#ids.counted)) this.#ids.known.add(id);
    this.#ids.counted = this.#views.length;
    return this.#ids.known;
  }

  add(record: T): void {
    this.#views.push(record);
  }

  /** One record for each id, sorted by id. Those in `except` are left out. */
  merged(reading: Reading, except: ReadonlySet<string> = NONE): readonly T[] {
    const wanted = except.size === 0 ? this.#views : this.#views.filter(({ id }) => !except.has(id));
    const views = wanted.sort((a, b) => compareTexts(a.id, b.id));
    const records: T[] = [];
    for (let start = 0; start < views.length; ) {
      const { id } = views[start]!;
      let end = start + 1;
      while (end < views.length && views[end]!.id === id) end++;
      if (end === start + 1) records.push(views[start]!);
      else records.push(this.#joined(reading, views.slice(start, end)));
      start = end;
    }
    return records;
  }

  #joined(reading: Reading, views: readonly T[]): T {
    const ranked = views.map((view) => ({ view, isOwners: seenByOwner(view), said: contentOf(view).length }));
    ranked.sort(betterFirst);
    return ranked.map(({ view }) => view).reduce((better, worse) => this.#join(reading, better, worse));
  }

  #join(reading: Reading, better: T, worse: T): T {
    const merged = this.#merge(better, worse);
    // Where neither view contradicts the other, it does not matter which one is joined to which.
    const differing = seenByOwner(better) && !seenByOwner(worse) ? [] : conflicts(merged, this.#merge(worse, better));
    if (differing.length > 0) {
      reading.warning(
        `${this.#noun} ${quote(better.id)} is described differently in ${formatOrigin(better.origin)}, which is used (${differing.join(', ')})`,
        worse.origin,
        'collect everything at the same time, and each record once',
      );
    }
    return merged;
  }
}

const NONE: ReadonlySet<string> = new Set();

export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Reports whether the record was read in the folder of the account that owns it. */
function seenByOwner(record: Resource): boolean {
  return record.account !== null && placeOfFile(record.origin.file).account === record.account;
}

interface Ranked {
  readonly view: Resource;
  readonly isOwners: boolean;
  /** Length of what it says. */
  readonly said: number;
}

/** The owner's view, then the one that says more, then by place in the input, so that the order of files changes nothing. */
function betterFirst(a: Ranked, b: Ranked): number {
  return (
    Number(b.isOwners) - Number(a.isOwners) ||
    b.said - a.said ||
    compareTexts(formatOrigin(a.view.origin), formatOrigin(b.view.origin))
  );
}

/** Members that tell where and by whom a record was seen, not what it is. */
const CIRCUMSTANCES = new Set(['origin', 'account', 'region', 'name', 'tags']);

/** The members in which two views contradict each other: both say something, and not the same. */
function conflicts(a: Resource, b: Resource): readonly string[] {
  const other = new Map<string, unknown>(Object.entries(b));
  const names: string[] = [];
  for (const [name, value] of Object.entries(a)) {
    if (CIRCUMSTANCES.has(name)) continue;
    const mine = contentOf(value);
    const theirs = contentOf(other.get(name));
    if (mine !== theirs && !isEmpty(mine) && !isEmpty(theirs)) names.push(name);
  }
  return names;
}

/** A record or member as text, without the places where its parts were read and without what could not be. */
function contentOf(value: unknown): string {
  return (
    JSON.stringify(value, (key, member: unknown) => (key === 'origin' || key === 'fact' ? undefined : member)) ?? ''
  );
}

function isEmpty(text: string): boolean {
  return text === '' || text === 'null' || text === '[]';
}
