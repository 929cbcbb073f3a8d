/** Facts that the snapshot lacks: what, where, and what would supply them. */

import type { Fact } from '../model/problem.ts';
import { alikeLines, EVERYTHING, type Limits } from './alike.ts';
import { type Line, labelled, line, span } from './layout.ts';
import { originText } from './origin-text.ts';

export function factLines(facts: readonly Fact[], indent: number, limits: Limits = EVERYTHING): readonly Line[] {
  return alikeLines(facts, indent, limits, ({ what, origin }) => [
    labelled(indent, span('?', 'doubt'), 2, span(what, 'doubt')),
    ...(origin === null ? [] : [line(indent + 2, span(`at ${originText(origin)}`, 'faint'))]),
  ]);
}
