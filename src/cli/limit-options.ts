/** The limits of loading as options of the command line. */

import { type Command, InvalidArgumentError } from 'commander';
import type { LoadOptions } from '../load/limits.ts';

export type LimitOptions = LoadOptions;

/** Each limit of `load` under its flag. */
const FLAGS = [
  ['maxBytes', '--max-bytes', 'largest file to read, in bytes'],
  ['maxRecords', '--max-records', 'most records to read, with the members in them'],
  ['maxDepth', '--max-depth', 'deepest nesting to read'],
] as const;

export function addLimits(command: Command): Command {
  for (const [, flag, meaning] of FLAGS) command.option(`${flag} <number>`, meaning, parseCount);
  return command;
}

export function limitsIn({ maxBytes, maxRecords, maxDepth }: LimitOptions): LoadOptions {
  return {
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(maxRecords === undefined ? {} : { maxRecords }),
    ...(maxDepth === undefined ? {} : { maxDepth }),
  };
}

export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('Write a whole number above zero.');
  return Number(text);
}

/** A remedy of `load`, which names limits as a program gives them, in the words of the command line. */
export function inFlags(remedy: string): string {
  return FLAGS.reduce((text, [name, flag]) => text.replaceAll(name, flag), remedy);
}
