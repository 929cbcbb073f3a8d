/** Errors as text: what is wrong, where, what to do, and what was perhaps meant. */

import { type Line, line, span } from './layout.ts';

/** The lines of the message under one another; further lines and carets keep their columns. */
export function errorLines(message: string, suggestions: readonly string[] = []): readonly Line[] {
  const [first = '', ...rest] = message.split('\n');
  return [
    line(0, span('error: ', 'bad'), first),
    ...rest.map((text) => ({ ...line(0, text), hang: Number.POSITIVE_INFINITY })),
    ...(suggestions.length === 0 ? [] : [line(2, `did you mean ${alternatives(suggestions)}?`)]),
  ];
}

/** `a`, `a or b`, `a, b or c`. */
export function alternatives(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
