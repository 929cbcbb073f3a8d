/**
 * JSON text into its lists, record by record.
 *
 * JSON.parse of a file of 90 MB takes four times its size in memory before anything is made of it. So one pass over the bytes
 * finds where records start and end, and each is parsed alone when it is read, and forgotten after: the file itself stays the
 * largest thing in memory. The pass also counts nesting and values, which keeps hostile text (a hundred million brackets) from
 * exhausting memory before anyone can refuse it.
 *
 *     {"NetworkInterfaces": [ {...}, {...} ], "NextToken": "abc"}
 *                             ^----^ ^----^                        sliced: parsed one at a time
 *                                                          ^---^   parsed at once
 */

import { quote } from '../net/quote.ts';
import { JsonTextError } from './json-text-error.ts';
import { type Limits, MAX_VALUES_PER_RECORD } from './limits.ts';
import { LineCounter, SlicedList } from './sliced-list.ts';

/** What could be read of a text. */
export interface Skimmed {
  /** As JSON.parse gives it, but with SlicedLists for the lists of a document, and objects without a prototype. */
  readonly value: unknown;
  /** Where reading had to stop; the value holds what came before. */
  readonly error: JsonTextError | null;
  /** The list in which it stopped: its end is missing. */
  readonly cutOff: SlicedList | null;
}

/** Members that wrap a document: `{"status_code": 200, "data": {"Vpcs": [...]}}`. */
export const ENVELOPE = 'data';

const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

function isSpace(byte: number | undefined): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9;
}

/** Reads one document, or a list of documents. Never throws. */
export function skim(bytes: Buffer, limits: Limits): Skimmed {
  return new Skimmer(bytes, limits).skim();
}

class Skimmer {
  readonly #bytes: Buffer;
  readonly #limits: Limits;
  #at = 0;
  #count = 0;
  /** Containers around `#at` that are read member by member. */
  #depth = 0;
  #openList: SlicedList | null = null;
  #value: unknown;
  /** Set by `#skip` when what it passed over is well-formed but too much. */
  #refused: JsonTextError | null = null;

  constructor(bytes: Buffer, limits: Limits) {
    this.#bytes = bytes;
    this.#limits = limits;
  }

  skim(): Skimmed {
    let error: JsonTextError | null = null;
    try {
      this.#document((value) => {
        this.#value = value;
      });
      this.#space();
      if (this.#at < this.#bytes.length) throw this.#syntax('text after the end of the document');
    } catch (caught) {
      if (!(caught instanceof JsonTextError)) throw caught;
      error = caught;
    }
    return { value: this.#value, error, cutOff: this.#openList };
  }

  /** Reads a document, and hands it over before its members are read, so that a later error leaves the earlier ones. */
  #document(keep: (value: unknown) => void): void {
    this.#space();
    const byte = this.#bytes[this.#at];
    if (byte !== OPEN_OBJECT && byte !== OPEN_LIST) {
      keep(this.#parsed());
      return;
    }
    this.#depth++;
    if (this.#depth > this.#limits.maxDepth) throw this.#tooDeep();
    if (byte === OPEN_OBJECT) this.#members(keep);
    else this.#documents(keep);
    this.#depth--;
  }

  #members(keep: (value: unknown) => void): void {
    const members: Record<string, unknown> = Object.create(null);
    keep(members);
    this.#items(CLOSE_OBJECT, () => {
      if (this.#bytes[this.#at] !== QUOTE) throw this.#syntax('a member without a name in quotes');
      const key = String(this.#parsed());
      // JSON.parse keeps the last of two, and what the first one held would be lost without a word.
      if (key in members) {
        if (members[key] instanceof SlicedList) this.#openList = members[key];
        throw this.#syntax(`a second member ${quote(key)}`);
      }
      this.#space();
      if (this.#bytes[this.#at] !== COLON) throw this.#syntax(`no colon after ${quote(key)}`);
      this.#at++;
      this.#space();
      const byte = this.#bytes[this.#at];
      if (key === ENVELOPE && (byte === OPEN_OBJECT || byte === OPEN_LIST)) {
        this.#document((value) => {
          members[key] = value;
        });
      } else if (byte === OPEN_LIST) {
        this.#list((list) => {
          members[key] = list;
        });
      } else {
        members[key] = this.#parsed();
      }
    });
  }

  #documents(keep: (value: unknown) => void): void {
    const documents: unknown[] = [];
    keep(documents);
    this.#items(CLOSE_LIST, () => {
      this.#document((value) => documents.push(value));
    });
  }

  #list(keep: (list: SlicedList) => void): void {
    const list = new SlicedList(this.#bytes);
    this.#openList = list;
    keep(list);
    this.#items(CLOSE_LIST, () => {
      const start = this.#at;
      this.#skip();
      list.add(start, this.#at, this.#refused);
    });
    this.#openList = null;
  }

  /** Reads what stands between the bracket at `#at` and its closing one, an item at a time. */
  #items(close: number, item: () => void): void {
    this.#at++;
    this.#space();
    if (this.#bytes[this.#at] === close) {
      this.#at++;
      return;
    }
    for (;;) {
      if (++this.#count > this.#limits.maxRecords) throw tooMany(this.#limits);
      item();
      this.#space();
      const byte = this.#bytes[this.#at++];
      if (byte === close) return;
      if (byte !== COMMA) {
        this.#at--;
        throw this.#syntax(`no comma or ${String.fromCharCode(close)}`);
      }
      this.#space();
    }
  }

  /** The value at `#at`, parsed. */
  #parsed(): unknown {
    const start = this.#at;
    this.#skip();
    if (this.#refused !== null) throw this.#refused;
    try {
      return JSON.parse(this.#bytes.toString('utf8', start, this.#at));
    } catch {
      this.#at = start;
      throw this.#syntax('a value that is no JSON');
    }
  }

  /** Moves `#at` past the value there: brackets balance, strings end. Whether it is JSON shows when it is parsed. */
  #skip(): void {
    const bytes = this.#bytes;
    const end = bytes.length;
    this.#refused = null;
    const first = bytes[this.#at];
    let i = this.#at;
    if (first !== OPEN_OBJECT && first !== OPEN_LIST && first !== QUOTE) {
      while (i < end && !isSpace(bytes[i]) && !isPunctuation(bytes[i]!)) i++;
      if (i === this.#at) throw this.#syntax('no value');
      this.#at = i;
      return;
    }
    let depth = 0;
    let deepest = 0;
    let values = 0;
    for (; i < end; i++) {
      const byte = bytes[i]!;
      if (byte <= SPACE) continue;
      if (byte === QUOTE) {
        i++;
        while (i < end && bytes[i] !== QUOTE) {
          if (bytes[i] === BACKSLASH) i++;
          i++;
        }
        if (depth === 0) break;
      } else if (byte === COMMA) {
        values++;
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        depth++;
        values++;
        if (depth > deepest) deepest = depth;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (--depth === 0) break;
      }
    }
    if (i >= end) {
      this.#at = end;
      throw this.#syntax('the file ends in the middle of a value');
    }
    this.#at = i + 1;
    if (this.#depth + deepest > this.#limits.maxDepth) this.#refused = this.#tooDeep();
    else if (values > MAX_VALUES_PER_RECORD) {
      this.#refused = new JsonTextError(`a record of more than ${MAX_VALUES_PER_RECORD} values`, 'values');
    }
  }

  #space(): void {
    while (isSpace(this.#bytes[this.#at])) this.#at++;
  }

  #tooDeep(): JsonTextError {
    return new JsonTextError(`nested deeper than ${this.#limits.maxDepth} levels`, 'depth');
  }

  #syntax(what: string): JsonTextError {
    const where = this.#at >= this.#bytes.length ? 'at its end' : `at ${new LineCounter(this.#bytes).place(this.#at)}`;
    return new JsonTextError(`not JSON ${where}: ${what}`, 'syntax');
  }
}

function isPunctuation(byte: number): boolean {
  return byte === COMMA || byte === COLON || byte === CLOSE_LIST || byte === CLOSE_OBJECT || byte === QUOTE;
}

function tooMany(limits: Limits): JsonTextError {
  return new JsonTextError(`more than ${limits.maxRecords} records`, 'records');
}
