/** One direction of a walk: a line a place, and below it a line a decision, with what decided in a column of its own. */

import type { Blocker, Leg, Place, Step } from '../explain/trace.ts';
import { blockerDecider, deciderText } from './decider-text.ts';
import { endsText } from './header-text.ts';
import { type Line, labelled, line, pad, type Span, span, widestOf, widthOf } from './layout.ts';
import { placeName, placeSpans } from './place-text.ts';
import type { ResourceNames } from './resource-names.ts';
import { LABEL_COLUMNS, MARK_COLUMNS, resultMark, stageLabel } from './stage-text.ts';

export interface LegDetail {
  readonly indent: number;
  /** Adds the place in the input below every step that has one, not only below what stops the packet. */
  readonly sources: boolean;
  readonly names: ResourceNames;
}

/** Steps stand two columns to the right of their place. */
const STEP = 2;
/** The column of deciders starts no further right than this, however long a sentence is. */
const WIDEST_SENTENCE = 40;
/** Columns between a sentence and its decider. */
const GAP = 2;

/** The hops in order, and what else refuses the packet. */
export function legLines(leg: Leg, detail: LegDetail): readonly Line[] {
  const sentence = sentenceColumns(leg);
  const lines: Line[] = startsBefore(leg) ? [placeLine(leg.from, detail)] : [];
  for (const hop of leg.hops) {
    lines.push(placeLine(hop.place, detail));
    for (const step of hop.steps) lines.push(...stepLines(step, sentence, detail));
  }
  return [...lines, ...furtherBlockers(leg, detail)];
}

/** Where the packet starts is a hop only if something is decided there. */
function startsBefore({ from, hops }: Leg): boolean {
  const first = hops[0]?.place;
  return first === undefined || first.kind !== from.kind || first.id !== from.id;
}

function placeLine(place: Place, { indent }: LegDetail): Line {
  return line(indent, ...placeSpans(place));
}

function stepLines(step: Step, sentence: number, { indent, sources, names }: LegDetail): readonly Line[] {
  const stops = step.result === 'deny' || step.result === 'unknown';
  const mark = resultMark(step.result);
  const decider = deciderText(step, names);
  const aside = asideOf(step, decider);
  const text = span(
    aside === '' ? step.text : pad(step.text, Math.max(sentence, widthOf(step.text) + GAP)),
    stops ? mark.role : 'plain',
  );
  const first = decision(mark, step.stage, indent + STEP, [text, span(aside, 'faint')]);
  return stops || sources ? [first, ...evidence(step, decider, indent + STEP)] : [first];
}

/** Columns up to the deciders of this leg. */
function sentenceColumns({ hops }: Leg): number {
  const sentences = hops.flatMap(({ steps }) => steps.map(({ text }) => text));
  return widestOf(sentences.filter((text) => widthOf(text) <= WIDEST_SENTENCE)) + GAP;
}

/** Mark, label and sentence; whatever follows below starts where the sentence does. */
function decision(mark: Span, stage: Step['stage'], indent: number, sentence: readonly Span[]): Line {
  const { spans, hang } = labelled(indent, span(stageLabel(stage)), LABEL_COLUMNS, ...sentence);
  return { indent, spans: [mark, span(' '), ...spans], hang: hang + MARK_COLUMNS };
}

/** What decided, how tracking took part, what the header became, and which readings were used. */
function asideOf({ tracking, header, because }: Step, decider: string | null): string {
  const readings = because.filter((id) => id.startsWith('OPEN-'));
  const words = [
    decider,
    tracking,
    header === null ? null : `now ${endsText(header)}`,
    readings.length === 0 ? null : `assuming ${readings.join(', ')}`,
  ];
  return words.filter((word) => word !== null).join(', ');
}

/** Code and place in the input, with the list's id where the line above calls it by its name. */
function evidence(decision: Step | Blocker, decider: string | null, indent: number): readonly Line[] {
  const { code, resource, source } = decision;
  if (code === null && source === null) return [];
  const id = resource === null || decider === null || decider.includes(resource) ? null : resource;
  const words = [code, id, source].filter((word) => word !== null);
  return [line(indent + MARK_COLUMNS + LABEL_COLUMNS, span(words.join('  '), 'faint'))];
}

/** What else refuses the packet: whoever opens only the first would meet these next (NACL-27). */
function furtherBlockers({ hops, blockers }: Leg, detail: LegDetail): readonly Line[] {
  const last = hops.at(-1)?.steps.at(-1);
  const [first] = blockers;
  const shown = last !== undefined && first !== undefined && isSameDecision(last, first);
  const further = shown ? blockers.slice(1) : blockers;
  if (further.length === 0) return [];
  const heading = shown ? 'and past that, this refuses it too' : 'refused by';
  const inner = { ...detail, indent: detail.indent + STEP };
  return [line(detail.indent, span(heading, 'strong')), ...further.flatMap((one) => blockerLines(one, inner))];
}

function isSameDecision(step: Step, blocker: Blocker): boolean {
  return step.stage === blocker.stage && step.resource === blocker.resource && step.rule === blocker.rule;
}

/** A refusal on its own, away from the walk. */
export function blockerLines(blocker: Blocker, { indent, names }: LegDetail): readonly Line[] {
  const { stage, place, text } = blocker;
  const decider = blockerDecider(blocker, names);
  const aside = [decider, `at ${placeName(place)}`].filter((word) => word !== null).join(', ');
  const sentence = [span(text, 'bad'), span(`  ${aside}`, 'faint')];
  return [decision(resultMark('deny'), stage, indent, sentence), ...evidence(blocker, decider, indent)];
}
