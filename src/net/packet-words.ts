/** The words of a packet's text, taken one after the other, each with its place for error messages. */

import { PacketTextError } from './packet-text-error.ts';

/** A word and its offset. The end of the text is the empty word. */
export interface Word {
  readonly text: string;
  readonly at: number;
}

export interface Words {
  readonly text: string;
  readonly list: readonly Word[];
  /** Index into `list` of the word that is read next. */
  next: number;
}

/** The words of a text, read from the first. `>` and parentheses are words wherever they stand. */
export function wordsOf(text: string): Words {
  const list: Word[] = [];
  for (const match of text.matchAll(/[()>]|[^\s()>]+/g)) list.push({ text: match[0], at: match.index });
  return { text, list, next: 0 };
}

export function peek(words: Words): Word {
  return words.list[words.next] ?? { text: '', at: words.text.trimEnd().length };
}

export function take(words: Words): Word {
  const word = peek(words);
  words.next++;
  return word;
}

/** The error that points at a word, or `offset` characters into it. */
export function errorAt(words: Words, word: Word, expected: string, offset = 0): PacketTextError {
  return new PacketTextError(words.text, word.at + offset, expected);
}

/** The number that a word is; `what` names it where it is none. Throws a PacketTextError. */
export function readNumber(words: Words, word: Word, last: number, what: string): number {
  const number = numberUpTo(last, word.text);
  if (number === null) throw errorAt(words, word, `${what} from 0 to ${last}`);
  return number;
}

/** A decimal number without leading zeros, or null. */
export function numberUpTo(last: number, text: string): number | null {
  return /^(0|[1-9]\d{0,4})$/.test(text) && Number(text) <= last ? Number(text) : null;
}
