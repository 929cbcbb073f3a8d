/** What every command is handed: its surroundings, how to lay out text for them, and where to leave its exit code. */

import { type Line, type Rendering, render } from '../present/layout.ts';
import { paletteFor } from './colours.ts';
import { HOLDS } from './exit-code.ts';
import { type Io, terminalOf } from './io.ts';
import { Output } from './output.ts';

export class Context {
  readonly io: Io;
  readonly out: Output;
  readonly err: Output;
  /** Whether `--no-color` is absent; known once the arguments are parsed. */
  colourAllowed = true;
  exitCode: number = HOLDS;

  constructor(io: Io) {
    this.io = io;
    this.out = new Output(io.stdout);
    this.err = new Output(io.stderr);
  }

  /** Data: to standard output. */
  async print(lines: readonly Line[]): Promise<void> {
    await this.out.write(render(lines, this.#renderingFor(this.io.stdout)));
  }

  /** Everything else: to standard error. */
  async remark(lines: readonly Line[]): Promise<void> {
    await this.err.write(render(lines, this.#renderingFor(this.io.stderr)));
  }

  #renderingFor(stream: Io['stdout']): Rendering {
    const palette = paletteFor(stream, this.io.env, this.colourAllowed);
    return { palette, width: terminalOf(stream)?.columns ?? null };
  }
}
