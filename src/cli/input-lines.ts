/** Standard input as lines, as they come in. */

import type { Readable } from 'node:stream';

/** A line longer than this is reported and skipped, so that a stream without line feeds cannot fill the memory. */
export const LONGEST_LINE = 1_048_576;

export interface InputLine {
  /** Counted from one. */
  readonly number: number;
  /** Without its line feed; null when it was longer than LONGEST_LINE characters. */
  readonly text: string | null;
}

/** The lines that each chunk of input completes, together; empty groups are left out. A last line needs no line feed. */
export async function* inputLines(input: Readable): AsyncGenerator<readonly InputLine[]> {
  const decoder = new TextDecoder();
  let number = 0;
  let begun = '';
  let isOverlong = false;

  const take = (text: string): string => {
    if (isOverlong || begun.length + text.length > LONGEST_LINE) {
      isOverlong = true;
      return '';
    }
    return begun + text;
  };
  const complete = (text: string): InputLine => {
    const whole = take(text);
    const line = { number: ++number, text: isOverlong ? null : whole.replace(/\r$/, '') };
    begun = '';
    isOverlong = false;
    return line;
  };

  for await (const chunk of input) {
    const pieces = (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })).split('\n');
    const rest = pieces.pop()!;
    const lines = pieces.map(complete);
    begun = take(rest);
    if (lines.length > 0) yield lines;
  }
  begun = take(decoder.decode());
  if (begun !== '' || isOverlong) yield [complete('')];
}
