/** What is wrong with a packet's text, and where. */

import { printable } from './quote.ts';

/** Characters of the text that are shown on either side of the place. */
const CONTEXT = 50;

/** The message shows the text, or fifty characters of it on either side of the place, with a caret under the place. */
export class PacketTextError extends Error {
  override readonly name = 'PacketTextError';
  /** Offset into the text, from zero, in UTF-16 units; the text's length when something is missing at its end. */
  readonly position: number;
  /** What should stand there: `a port from 0 to 65535`. */
  readonly expected: string;

  constructor(text: string, position: number, expected: string) {
    const before = (position > CONTEXT ? '…' : '') + printable(text.slice(Math.max(0, position - CONTEXT), position));
    const after = printable(text.slice(position, position + CONTEXT)) + (text.length > position + CONTEXT ? '…' : '');
    super(`packet: expected ${expected}\n  ${before}${after}\n  ${' '.repeat(before.length)}^`);
    this.position = position;
    this.expected = expected;
  }
}
