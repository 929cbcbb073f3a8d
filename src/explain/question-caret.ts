/** What is wrong with a question, and where: the question with a caret under the place. */

import { printable } from '../net/quote.ts';
import { QuestionError } from './question-error.ts';

/** Characters of the question that are shown on either side of the place. */
const CONTEXT = 50;

/**
 * The error whose message shows the question, or fifty characters of it on either side of the place, with a caret under the place.
 * `problem` is a lowercase phrase: `expected a port from 0 to 65535`.
 */
export function questionErrorAt(
  question: string,
  position: number,
  problem: string,
  suggestions: readonly string[] = [],
): QuestionError {
  const start = Math.max(0, position - CONTEXT);
  const before = (start > 0 ? '…' : '') + printable(question.slice(start, position));
  const rest = question.length > position + CONTEXT ? '…' : '';
  const after = printable(question.slice(position, position + CONTEXT)) + rest;
  const caret = `${' '.repeat(before.length)}^`;
  return new QuestionError(`question: ${problem}\n  ${before}${after}\n  ${caret}`, position, suggestions);
}
