/** Problems of the input: what is wrong, where, and what to do. */

import type { Problem } from '../model/problem.ts';
import { alikeLines, type Limits } from './alike.ts';
import { type Line, line, type Span, span } from './layout.ts';
import { originText } from './origin-text.ts';

/** Errors first, then warnings; alike ones together. */
export function problemLines(problems: readonly Problem[], indent: number, limits: Limits): readonly Line[] {
  const sorted = [
    ...problems.filter(({ severity }) => severity === 'error'),
    ...problems.filter(({ severity }) => severity === 'warning'),
  ];
  return alikeLines(sorted, indent, limits, (problem) => [
    line(indent, severitySpan(problem), problem.what),
    line(indent + 2, span(`at ${originText(problem.origin)}`, 'faint')),
  ]);
}

function severitySpan({ severity }: Problem): Span {
  return severity === 'error' ? span('error    ', 'bad') : span('warning  ', 'doubt');
}
