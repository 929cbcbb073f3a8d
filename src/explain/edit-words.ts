/** The words of an edit, each with its place in the text. */

import { closingQuote } from './place-words.ts';
import { questionErrorAt } from './question-caret.ts';
import type { QuestionError } from './question-error.ts';
import { suggestionsFor } from './suggestions.ts';

export interface EditWord {
  /** Without its quotes. */
  readonly text: string;
  /** Offsets into the edit; `end` is behind the last sign. */
  readonly at: number;
  readonly end: number;
}

/** Reads word after word. */
export class EditWords {
  readonly text: string;
  #at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Throws a QuestionError where the text is at its end. */
  next(expected: string): EditWord {
    const word = this.#read();
    if (word === null) throw questionErrorAt(this.text, this.text.trimEnd().length, `expected ${expected}`);
    return word;
  }

  /** A word of these, in any case. */
  oneOf<W extends string>(words: readonly W[]): W {
    const expected = words.map((word) => `"${word}"`).join(' or ');
    const word = this.next(expected);
    const found = words.find((known) => known === word.text.toLowerCase());
    if (found === undefined) throw this.errorAt(word, `expected ${expected}`, suggestionsFor(word.text, words));
    return found;
  }

  /** Throws a QuestionError where a word is left. */
  end(): void {
    const word = this.#read();
    if (word !== null) throw this.errorAt(word, 'expected nothing more: write one edit at a time');
  }

  errorAt({ at }: EditWord, problem: string, suggestions: readonly string[] = []): QuestionError {
    return questionErrorAt(this.text, at, problem, suggestions);
  }

  #read(): EditWord | null {
    const { text } = this;
    let at = this.#at;
    while (at < text.length && /\s/.test(text[at]!)) at++;
    if (at === text.length) return null;
    if (text[at] === '"') {
      const close = closingQuote(text, at, text.length);
      this.#at = close + 1;
      return { text: text.slice(at + 1, close).replaceAll(/\\(["\\])/g, '$1'), at, end: close + 1 };
    }
    let end = at;
    while (end < text.length && !/\s/.test(text[end]!)) end++;
    this.#at = end;
    return { text: text.slice(at, end), at, end };
  }
}
