/** Errors of loading in the words of the command line. */

import type { InputError } from '../load/input-error.ts';
import { originText } from '../present/origin-text.ts';
import { inFlags } from './limit-options.ts';

/** What, where and what to do, a line each. */
export function inputErrorText({ message, file, pointer, remedy }: InputError): string {
  const [what] = message.split('\n', 1);
  return `${what}\n  at ${originText({ file, pointer })}\n  ${inFlags(remedy)}`;
}
