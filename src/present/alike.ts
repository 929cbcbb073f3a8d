/** Things of one kind together: a thousand problems of one cause are one thing to read. */

import { type Line, line, span } from './layout.ts';

/** Something to tell: its sentence, and what to do about it. */
interface Remediable {
  readonly what: string;
  readonly remedy: string;
}

/** How much is shown before `and N more`. */
export interface Limits {
  readonly groups: number;
  readonly perGroup: number;
}

export const EVERYTHING: Limits = { groups: Number.POSITIVE_INFINITY, perGroup: Number.POSITIVE_INFINITY };
export const A_SCREENFUL: Limits = { groups: 12, perGroup: 3 };

/**
 * The items in groups that differ only in what their sentences quote: the first few of each as `linesOf` tells them, how many
 * more there are, and once what to do about them.
 */
export function alikeLines<T extends Remediable>(
  items: readonly T[],
  indent: number,
  limits: Limits,
  linesOf: (item: T) => readonly Line[],
): readonly Line[] {
  const groups = groupAlike(items);
  const lines = groups
    .slice(0, limits.groups)
    .flatMap((group) => [
      ...group.slice(0, limits.perGroup).flatMap((item) => linesOf(item)),
      ...(group.length > limits.perGroup ? [moreLine(group.length - limits.perGroup, 'like it', indent + 2)] : []),
      line(indent + 2, group[0]!.remedy),
    ]);
  const hidden = groups.slice(limits.groups).reduce((sum, group) => sum + group.length, 0);
  return hidden === 0 ? lines : [...lines, moreLine(hidden, 'of other kinds', indent)];
}

/** `and 7 more like it; --all lists them`. */
export function moreLine(count: number, ofWhat: string, indent: number): Line {
  return line(indent, span(`and ${count} more ${ofWhat}; --all lists them`, 'faint'));
}

/** Groups and members in the order of the input. */
function groupAlike<T extends Remediable>(items: readonly T[]): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = `${likeness(item.what)} ${likeness(item.remedy)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/** The sentence without quotations, and without words that hold a digit: ids, addresses, numbers. */
function likeness(sentence: string): string {
  return sentence
    .replace(/"[^"]*"/g, '#')
    .split(' ')
    .map((word) => (/\d/.test(word) ? '#' : word))
    .join(' ')
    .replace(/#( #)+/g, '#');
}
