/** What stands at the end of every answer: what it lacks, what it takes for granted, and what else a reader should know. */

import type { Fact } from '../model/problem.ts';
import { EVERYTHING, type Limits } from './alike.ts';
import { assumptionMeaning } from './assumption-text.ts';
import { factLines } from './fact-text.ts';
import { EMPTY_LINE, type Line, labelled, line, span } from './layout.ts';

export interface Closing {
  readonly unknowns: readonly Fact[];
  readonly assumptions: readonly string[];
  readonly notes: readonly string[];
}

export function closingLines({ unknowns, assumptions, notes }: Closing, limits: Limits = EVERYTHING): readonly Line[] {
  return [
    ...sectionLines(heading('missing'), factLines(unknowns, 4, limits)),
    ...sectionLines(heading('assumes'), assumptions.map(assumptionLine)),
    ...sectionLines(
      heading('notes'),
      notes.map((note) => line(4, note)),
    ),
  ];
}

/** A heading and its lines after an empty one, or nothing where there are no lines. */
export function sectionLines(heading: Line, content: readonly Line[]): readonly Line[] {
  return content.length === 0 ? [] : [EMPTY_LINE, heading, ...content];
}

function heading(word: string): Line {
  return line(2, span(word, 'strong'));
}

function assumptionLine(id: string): Line {
  return labelled(4, span(id), 'OPEN-00'.length + 2, assumptionMeaning(id));
}
