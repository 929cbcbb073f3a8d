/** The words and signs of a place expression, each with its place in the question. */

import { questionErrorAt } from './question-caret.ts';

export interface PlaceWord {
  readonly kind: 'word';
  /** Offset into the question. */
  readonly at: number;
  /** The word without its quotes. */
  readonly text: string;
  /** As long as `text`, with `"` in place of every character that stood in quotes: signs in it mean what they say. */
  readonly unquoted: string;
}

export interface PlaceSign {
  readonly kind: '|' | '&' | '!' | '(' | ')' | 'end';
  readonly at: number;
}

export type PlaceToken = PlaceWord | PlaceSign;

const SIGNS = '|&!()';

/**
 * The tokens between two offsets of a question, the end as the last one. A word goes on up to a space or a sign; in double quotes it
 * may hold both, and `\` before a quote or another `\` keeps it. Throws a QuestionError on a quote that is not closed.
 */
export function placeTokens(question: string, start: number, end: number): readonly PlaceToken[] {
  const tokens: PlaceToken[] = [];
  let at = start;
  while (at < end) {
    const character = question[at]!;
    if (isSpace(character)) at++;
    else if (isSign(character)) tokens.push({ kind: character, at: at++ });
    else {
      const read = readWord(question, at, end);
      tokens.push(read.word);
      at = read.end;
    }
  }
  tokens.push({ kind: 'end', at: start + question.slice(start, end).trimEnd().length });
  return tokens;
}

function isSpace(character: string): boolean {
  return /\s/.test(character);
}

function isSign(character: string): character is Exclude<PlaceSign['kind'], 'end'> {
  return SIGNS.includes(character);
}

function readWord(question: string, start: number, end: number): { word: PlaceWord; end: number } {
  let text = '';
  let unquoted = '';
  let at = start;
  while (at < end && !isSpace(question[at]!) && !isSign(question[at]!)) {
    if (question[at] !== '"') {
      text += question[at];
      unquoted += question[at++];
      continue;
    }
    const close = closingQuote(question, at, end);
    const quoted = question.slice(at + 1, close).replaceAll(/\\(["\\])/g, '$1');
    text += quoted;
    unquoted += '"'.repeat(quoted.length);
    at = close + 1;
  }
  return { word: { kind: 'word', at: start, text, unquoted }, end: at };
}

/** Offset of the quote that closes the one at `open`. Throws a QuestionError where there is none before `end`. */
export function closingQuote(question: string, open: number, end: number): number {
  for (let at = open + 1; at < end; at++) {
    if (question[at] === '\\') at++;
    else if (question[at] === '"') return at;
  }
  throw questionErrorAt(question, open, 'expected a second quote that closes this one');
}
