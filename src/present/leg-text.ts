/** One direction of a walk: a line a place, and below it a line a decision. */

import type { Blocker, Leg, Step } from '../explain/trace.ts';
import { type Line, labelled, line, type Span, span } from './layout.ts';
import { placeName, placeSpans } from './place-text.ts';
import { LABEL_COLUMNS, MARK_COLUMNS, resultMark, stageLabel } from './stage-text.ts';

const PLACE_INDENT = 4;
const STEP_INDENT = PLACE_INDENT + 2;
/** Where the sentence of a step starts. */
const TEXT_INDENT = STEP_INDENT + MARK_COLUMNS + LABEL_COLUMNS;

/** The hops in order. `sources` adds the place in the input below every step that has one, not only below what stops the packet. */
export function legLines(leg: Leg, sources: boolean): readonly Line[] {
  const lines: Line[] = [];
  for (const hop of leg.hops) {
    lines.push(line(PLACE_INDENT, ...placeSpans(hop.place)));
    for (const step of hop.steps) lines.push(...stepLines(step, sources));
  }
  return [...lines, ...furtherBlockers(leg)];
}

function stepLines(step: Step, sources: boolean): readonly Line[] {
  const mark = resultMark(step.result);
  const label = span(stageLabel(step.stage));
  const stops = step.result === 'deny' || step.result === 'unknown';
  const text = span(step.text, stops ? mark.role : 'plain');
  const first = withMark(mark, labelled(STEP_INDENT, label, LABEL_COLUMNS, text, ...asides(step)));
  return stops || sources ? [first, ...evidence(step.code, step.source)] : [first];
}

function withMark(mark: Span, { indent, spans, hang }: Line): Line {
  return { indent, spans: [mark, span(' '), ...spans], hang: hang + MARK_COLUMNS };
}

/** How tracking took part and which readings were used, after the sentence. */
function asides({ tracking, because }: Step): readonly Span[] {
  const words = [...(tracking === null ? [] : [tracking]), ...because];
  return words.length === 0 ? [] : [span(`  [${words.join(', ')}]`, 'faint')];
}

function evidence(code: string | null, source: string | null): readonly Line[] {
  const words = [code, source].filter((word) => word !== null);
  return words.length === 0 ? [] : [line(TEXT_INDENT, span(words.join('  '), 'faint'))];
}

/** What else refuses the packet: whoever opens only the first would meet these next (NACL-27). */
function furtherBlockers({ hops, blockers }: Leg): readonly Line[] {
  const last = hops.at(-1)?.steps.at(-1);
  const [first] = blockers;
  const shown = last !== undefined && first !== undefined && isSameDecision(last, first);
  const further = shown ? blockers.slice(1) : blockers;
  if (further.length === 0) return [];
  const heading = shown ? 'and past that, these refuse it too' : 'refused by';
  return [line(PLACE_INDENT, span(heading, 'strong')), ...further.flatMap(blockerLines)];
}

function isSameDecision(step: Step, blocker: Blocker): boolean {
  return step.stage === blocker.stage && step.resource === blocker.resource && step.rule === blocker.rule;
}

/** A refusal on its own, away from the walk. */
export function blockerLines(blocker: Blocker): readonly Line[] {
  const label = span(stageLabel(blocker.stage));
  const text = [span(blocker.text, 'bad'), span(`  at ${placeName(blocker.place)}`, 'faint')];
  const first = withMark(resultMark('deny'), labelled(STEP_INDENT, label, LABEL_COLUMNS, ...text));
  return [first, ...evidence(blocker.code, blocker.source)];
}
