/** A session as text: a line an event with the time before it, and below a packet what became of it. */

import type { Step } from '../explain/trace.ts';
import { EVERYTHING } from './alike.ts';
import { connectionLines } from './connection-table.ts';
import { duration } from './duration-text.ts';
import { factLines } from './fact-text.ts';
import { headerText } from './header-text.ts';
import { type Line, line, type Span, span } from './layout.ts';
import { blockerLines, type LegDetail, legLines } from './leg-text.ts';
import { placeName } from './place-text.ts';
import { problemLines } from './problem-text.ts';
import type { ResourceNames } from './resource-names.ts';
import { isAsExpected, isUnexpected, type SessionEvent } from './session-event.ts';
import { stageLabel } from './stage-text.ts';
import { verdictSpan } from './verdict-text.ts';

/** Columns of the time, right-aligned: `350s`, `1h 30m`. */
const TIME_COLUMNS = 7;
const TEXT_INDENT = TIME_COLUMNS + 2;

export interface SessionDetail {
  /** Show every hop of every packet. */
  readonly hops: boolean;
  readonly names: ResourceNames;
}

export function sessionLines(event: SessionEvent, { hops, names }: SessionDetail): readonly Line[] {
  switch (event.kind) {
    case 'packet':
      return packetLines(event, hops, { indent: TEXT_INDENT, sources: false, names });
    case 'wait':
      return [timed(event.at, span(`${duration(event.seconds)} later`, 'faint'))];
    case 'remove':
      return [timed(event.at, span('removed', 'change'), ` ${event.rule}`)];
    case 'update':
      return [
        timed(event.at, span('updated', 'change'), ` ${event.ids.join(', ')}`),
        ...problemLines(event.problems, TEXT_INDENT, EVERYTHING),
      ];
    case 'connections':
      return [timed(event.at, span('connections', 'strong')), ...connectionLines(event.rows, TEXT_INDENT)];
  }
}

function timed(at: number, ...what: readonly (string | Span)[]): Line {
  return line(0, span(duration(at).padStart(TIME_COLUMNS), 'faint'), '  ', ...what);
}

type PacketEvent = Extract<SessionEvent, { kind: 'packet' }>;

function packetLines(event: PacketEvent, hops: boolean, detail: LegDetail): readonly Line[] {
  const { result, role } = event;
  const { verdict, leg, assumptions, unknowns, notes, at } = result;
  const packet = span(headerText(leg.sent), 'strong');
  const readings = assumptions.length === 0 ? [] : [span(`  [${assumptions.join(', ')}]`, 'faint')];
  return [
    timed(at, verdictSpan(verdict), role === 'answer' ? '  answer  ' : '  ', packet),
    line(TEXT_INDENT, whatBecame(event), span(isAsExpected(event) ? ', as expected' : '', 'faint'), ...readings),
    ...(hops ? legLines(leg, detail) : leg.blockers.flatMap((blocker) => blockerLines(blocker, detail))),
    ...factLines(unknowns, TEXT_INDENT),
    ...notes.map((note) => line(TEXT_INDENT, note)),
    ...(isUnexpected(event) ? [line(TEXT_INDENT, span(`expected ${event.expected}`, 'bad'))] : []),
  ];
}

function whatBecame({ result: { verdict, leg } }: PacketEvent): string {
  const where = placeName(leg.to);
  switch (verdict) {
    case 'delivered':
      return `reaches ${where}${trackingText(leg.hops.flatMap(({ steps }) => steps))}`;
    case 'dropped':
      return `dropped at ${where}`;
    case 'unknown':
      return `gets as far as ${where}: the snapshot lacks what decides there`;
  }
}

/** `; group out new, group in established`: what the groups on the way make of the packet. */
function trackingText(steps: readonly Step[]): string {
  const words = steps.flatMap(({ stage, tracking }) => (tracking === null ? [] : [`${stageLabel(stage)} ${tracking}`]));
  return words.length === 0 ? '' : `; ${words.join(', ')}`;
}
