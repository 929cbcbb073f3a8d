/** Problems of the input: what is wrong, where, and what to do; alike ones together, so that a thousand of them stay readable. */

import { formatOrigin } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';
import { type Line, line, type Span, span } from './layout.ts';

/** How much is shown before `and N more`. */
export interface Limits {
  readonly groups: number;
  readonly perGroup: number;
}

export const EVERYTHING: Limits = { groups: Number.POSITIVE_INFINITY, perGroup: Number.POSITIVE_INFINITY };
export const A_SCREENFUL: Limits = { groups: 12, perGroup: 3 };

/** Errors first, then warnings; within them groups in the order in which the input shows their first member. */
export function problemLines(problems: readonly Problem[], indent: number, limits: Limits): readonly Line[] {
  const groups = groupsOf(problems);
  const shown = groups.slice(0, limits.groups);
  const lines = shown.flatMap((group) => groupLines(group, indent, limits.perGroup));
  const hidden = groups.slice(limits.groups).reduce((sum, group) => sum + group.length, 0);
  if (hidden > 0) lines.push(line(indent, span(`and ${hidden} more of other kinds; --all lists them`, 'faint')));
  return lines;
}

function groupsOf(problems: readonly Problem[]): readonly (readonly Problem[])[] {
  const groups = new Map<string, Problem[]>();
  for (const severity of ['error', 'warning'] as const) {
    for (const problem of problems) {
      if (problem.severity !== severity) continue;
      const key = `${severity} ${likeness(problem.what)} ${likeness(problem.remedy)}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [problem]);
      else group.push(problem);
    }
  }
  return [...groups.values()];
}

/** The sentence without what it quotes: two problems that differ only in ids, names and numbers are alike. */
function likeness(sentence: string): string {
  return sentence
    .replace(/"[^"]*"/g, '#')
    .split(' ')
    .map((word) => (/\d/.test(word) ? '#' : word))
    .join(' ')
    .replace(/#( #)+/g, '#');
}

function groupLines(group: readonly Problem[], indent: number, limit: number): readonly Line[] {
  const lines = group
    .slice(0, limit)
    .flatMap((problem) => [
      line(indent, severitySpan(problem), problem.what),
      line(indent + 2, span(`at ${formatOrigin(problem.origin)}`, 'faint')),
    ]);
  if (group.length > limit) {
    lines.push(line(indent + 2, span(`and ${group.length - limit} more like it; --all lists them`, 'faint')));
  }
  return [...lines, line(indent + 2, group[0]!.remedy)];
}

function severitySpan({ severity }: Problem): Span {
  return severity === 'error' ? span('error    ', 'bad') : span('warning  ', 'doubt');
}
