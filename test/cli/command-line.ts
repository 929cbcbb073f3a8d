/** Runs the command line in this process, with streams of the test's own. */

import { PassThrough, Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/cli/main.ts';

export const SAMPLE: string = fileURLToPath(new URL('../../corpus/sample', import.meta.url));

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly stdin?: string | Readable;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Makes standard output a terminal of this many columns. */
  readonly columns?: number;
}

export async function igwalk(argv: readonly string[], surroundings: Surroundings = {}): Promise<Ran> {
  const { stdin = '', env = {}, columns } = surroundings;
  const stdout = new Sink(columns);
  const stderr = new Sink();
  const input = typeof stdin === 'string' ? Readable.from(stdin === '' ? [] : [stdin]) : stdin;
  const code = await run(argv, { stdin: input, stdout, stderr, env });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

export class Sink extends Writable {
  readonly isTTY: boolean;
  readonly columns: number | undefined;
  text = '';

  constructor(columns?: number) {
    super({ decodeStrings: false });
    this.isTTY = columns !== undefined;
    this.columns = columns;
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Lines of a conversation: writes questions and waits for the answer to each before the next. */
export class Conversation {
  readonly stdin: PassThrough = new PassThrough();
  readonly stdout: PassThrough = new PassThrough();
  readonly code: Promise<number>;
  readonly #answers: AsyncIterator<string>;

  constructor(argv: readonly string[]) {
    const { stdin, stdout } = this;
    this.code = run(argv, { stdin, stdout, stderr: new Sink(), env: {} });
    this.#answers = linesOf(stdout);
  }

  async ask(line: string): Promise<unknown> {
    this.stdin.write(`${line}\n`);
    return JSON.parse((await this.#answers.next()).value);
  }

  async end(): Promise<number> {
    this.stdin.end();
    return this.code;
  }
}

async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream) {
    const pieces = `${rest}${chunk}`.split('\n');
    rest = pieces.pop()!;
    yield* pieces;
  }
}
