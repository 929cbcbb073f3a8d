/** Facts that the snapshot lacks: what, where, and what would supply them. */

import { formatOrigin } from '../model/origin.ts';
import type { Fact } from '../model/problem.ts';
import { type Line, labelled, line, span } from './layout.ts';

export function factLines(fact: Fact, indent: number): readonly Line[] {
  const lines = [withQuestionMark(fact, indent), line(indent + 2, fact.remedy)];
  if (fact.origin !== null) lines.push(line(indent + 2, span(formatOrigin(fact.origin), 'faint')));
  return lines;
}

function withQuestionMark(fact: Fact, indent: number): Line {
  return labelled(indent, span('?', 'doubt'), 2, span(fact.what, 'doubt'));
}
