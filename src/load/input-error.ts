/** Input of which nothing can be loaded at all. Everything less is a problem that travels with the network. */

import { formatOrigin } from '../model/origin.ts';
import { printable } from '../net/quote.ts';

/**
 * Thrown for a path that does not exist or cannot be read, a lone file that is no JSON, input in which nothing is recognised,
 * and a limit that is passed. The message holds what, where and what to do, a line each.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
  /** Path as the user gave it, or relative to the snapshot. */
  readonly file: string;
  /** RFC 6901 pointer into the file; empty for all of it. */
  readonly pointer: string;
  readonly remedy: string;

  constructor(what: string, file: string, pointer: string, remedy: string) {
    super(`${what}\n  at ${printable(formatOrigin({ file, pointer }))}\n  ${remedy}`);
    this.file = file;
    this.pointer = pointer;
    this.remedy = remedy;
  }
}
