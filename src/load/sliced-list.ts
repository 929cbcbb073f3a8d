/** Lists in JSON text whose items are parsed one at a time. */

import { JsonTextError } from './json-text-error.ts';

/** A list whose items are parsed when asked for. */
export class SlicedList {
  readonly #bytes: Buffer;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #refused = new Map<number, JsonTextError>();
  readonly #lines: LineCounter;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#lines = new LineCounter(bytes);
  }

  get length(): number {
    return this.#starts.length;
  }

  /** The item, parsed. Throws a JsonTextError where its text is no JSON or goes beyond a limit. */
  at(index: number): unknown {
    const refused = this.#refused.get(index);
    if (refused !== undefined) throw refused;
    const start = this.#starts[index]!;
    try {
      return JSON.parse(this.#bytes.toString('utf8', start, this.#ends[index]!));
    } catch {
      throw new JsonTextError(`not JSON: the value that starts at ${this.#lines.place(start)}`, 'syntax');
    }
  }

  add(start: number, end: number, refused: JsonTextError | null): void {
    if (refused !== null) this.#refused.set(this.#starts.length, refused);
    this.#starts.push(start);
    this.#ends.push(end);
  }
}

/** At most so many items of a list in place; one that is no JSON stands as text, and will be reported as that. */
export function parsedItems(value: unknown, most: number = Number.POSITIVE_INFINITY): unknown {
  if (!(value instanceof SlicedList)) return value;
  return Array.from({ length: Math.min(value.length, most) }, (_, i) => {
    try {
      return value.at(i);
    } catch (error) {
      if (!(error instanceof JsonTextError)) throw error;
      return error.message;
    }
  });
}

/** Lines and columns of offsets. Asked in ascending order it reads the text once, however many places are asked for. */
export class LineCounter {
  readonly #bytes: Buffer;
  #line = 1;
  #lineStart = 0;
  /** Everything before it has been counted. */
  #counted = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** `line 3, column 7`, both from one, columns in bytes. */
  place(offset: number): string {
    if (offset < this.#counted) {
      this.#line = 1;
      this.#lineStart = 0;
      this.#counted = 0;
    }
    const between = this.#bytes.subarray(this.#counted, offset);
    for (let i = between.indexOf(NEWLINE); i >= 0; i = between.indexOf(NEWLINE, i + 1)) {
      this.#line++;
      this.#lineStart = this.#counted + i + 1;
    }
    this.#counted = offset;
    return `line ${this.#line}, column ${offset - this.#lineStart + 1}`;
  }
}

const NEWLINE = 10;
