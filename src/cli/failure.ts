/** What is told about an error that ended the run. */

import { QuestionError } from '../explain/question-error.ts';
import { InputError } from '../load/input-error.ts';
import { errorLines } from '../present/error-text.ts';
import { type Line, line } from '../present/layout.ts';
import { inputErrorText } from './input-error-text.ts';
import { ScriptError } from './script-error.ts';
import { UsageError } from './usage-error.ts';

/** Errors that a user can act on are told as they are; all others are faults of igwalk's own, told with where they happened. */
export function failureLines(error: unknown): readonly Line[] {
  if (error instanceof QuestionError || error instanceof UsageError || error instanceof ScriptError) {
    return errorLines(error.message, error.suggestions);
  }
  if (error instanceof InputError) return errorLines(inputErrorText(error));
  if (isSystemError(error)) return errorLines(error.message);
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return [
    ...errorLines(`${message} (a fault of igwalk's own: please report it with the lines below)`),
    ...traceOf(stack),
  ];
}

/** What the operating system refuses: a full disk, standard input that is a folder. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

function traceOf(stack: string | undefined): readonly Line[] {
  return (stack ?? '')
    .split('\n')
    .filter((row) => row.startsWith('    at '))
    .map((row) => line(2, row.trim()));
}
