/** Pairs of places that behave alike: who, what gets through, one packet as proof, and what stops the rest. */

import type { ReachBlocker, ReachGroup } from '../explain/reach-answer.ts';
import type { AddressSet } from '../net/address-set.ts';
import { moreLine } from './alike.ts';
import { deciderText } from './decider-text.ts';
import { type Line, labelled, line, type Span, span } from './layout.ts';
import { type End, endText, interfacesAmong } from './place-list-text.ts';
import { placeName, placeSpans } from './place-text.ts';
import { reachMark, reachVerdictSpan } from './reach-verdict-text.ts';
import type { ResourceNames } from './resource-names.ts';
import { shortList } from './short-list.ts';
import { isStage, LABEL_COLUMNS, MARK_COLUMNS, resultMark, stageLabel } from './stage-text.ts';

export interface GroupDetail {
  readonly indent: number;
  /** Leave nothing out, however long. */
  readonly all: boolean;
  readonly names: ResourceNames;
  /** What the question means by the internet, on each side. */
  readonly internet: { readonly from: AddressSet; readonly to: AddressSet };
}

/** How much of a list is shown before `and N more`. */
const NAMES = 3;
const PHRASES = 6;
const BLOCKERS = 6;
/** Facts and blockers stand four columns to the right of the heading, below its first word. */
const ROW = 4;

export function groupLines(group: ReachGroup, detail: GroupDetail): readonly Line[] {
  return [
    headingLine(group, detail),
    ...(detail.all
      ? [...endLines('from', sources(group, detail), detail), ...endLines('to', targets(group, detail), detail)]
      : []),
    ...trafficLines(group, detail),
    ...blockerSection(group, 'forward', 'stopped on the way there', detail),
    ...blockerSection(group, 'reply', 'stopped on the way back', detail),
  ];
}

function sources({ from, fromAddresses }: ReachGroup, { internet }: GroupDetail): End {
  return { places: from, addresses: fromAddresses, internet: internet.from };
}

function targets({ to, toAddresses }: ReachGroup, { internet }: GroupDetail): End {
  return { places: to, addresses: toAddresses, internet: internet.to };
}

function headingLine(group: ReachGroup, detail: GroupDetail): Line {
  const { verdict } = group;
  const from = headingSpans(sources(group, detail));
  const to = headingSpans(targets(group, detail));
  return line(detail.indent, reachMark(verdict), ' ', reachVerdictSpan(verdict), '  ', ...from, ' → ', ...to);
}

/** A place that stands alone is told with its id. */
function headingSpans(end: End): readonly Span[] {
  const [only] = end.places;
  if (end.places.length === 1 && end.addresses.length === 0 && only !== undefined) return placeSpans(only);
  return [span(endText(end, NAMES), 'strong')];
}

/** Every place with its id, and every prefix; nothing where the heading has said it all. */
function endLines(label: string, { places, addresses }: End, { indent }: GroupDetail): readonly Line[] {
  const inside = interfacesAmong(places);
  if (inside.length + addresses.length < 2) return [];
  const rows = [...inside.map(placeSpans), ...addresses.map((prefix) => [span(prefix, 'strong')])];
  return rows.map((spans, index) =>
    labelled(indent + ROW + MARK_COLUMNS, span(index === 0 ? label : ''), LABEL_COLUMNS, ...spans),
  );
}

/** What arrives, what is answered and what is open, and a packet that shows it. */
export function trafficLines(
  group: Pick<ReachGroup, 'forward' | 'roundTrip' | 'clientPorts' | 'open' | 'witness'>,
  detail: Pick<GroupDetail, 'indent' | 'all'>,
): readonly Line[] {
  const { forward, roundTrip, clientPorts, open, witness } = group;
  const phrases = (words: readonly string[]): string => phraseList(words, detail);
  const isUnanswered = roundTrip.length === 0 && clientPorts.length === 0 && open.length === 0;
  const rows: Line[] = [];
  const add = (mark: Span, label: string, ...text: readonly (string | Span)[]): void => {
    rows.push(markedLine(detail.indent + ROW, mark, label, ...text));
  };
  if (roundTrip.length > 0) add(span('✓', 'good'), 'answered', phrases(roundTrip));
  if (forward.length > 0 && !sameWords(forward, roundTrip)) {
    add(span('→', 'faint'), 'arrives', phrases(forward), span(isUnanswered ? ', and is not answered' : '', 'doubt'));
  }
  if (clientPorts.length > 0) add(span('◐', 'doubt'), 'limited', span(`${phrases(clientPorts)} only`, 'doubt'));
  if (open.length > 0) add(span('?', 'doubt'), 'open', span(phrases(open), 'doubt'));
  if (witness !== null) add(span('▸', 'faint'), 'witness', witness.packet, span(`  ${witness.verdict}`, 'faint'));
  return rows;
}

function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, index) => word === b[index]);
}

/** Phrases hold commas of their own. */
function phraseList(phrases: readonly string[], { all }: Pick<GroupDetail, 'all'>): string {
  return shortList(phrases, all ? phrases.length : PHRASES, '; ');
}

function blockerSection(
  { blockers, from, to }: ReachGroup,
  direction: ReachBlocker['direction'],
  heading: string,
  detail: GroupDetail,
): readonly Line[] {
  const found = blockers.filter((blocker) => blocker.direction === direction);
  if (found.length === 0) return [];
  const indent = detail.indent + ROW;
  const shown = detail.all || found.length === BLOCKERS + 1 ? found : found.slice(0, BLOCKERS);
  const hidden = found.length - shown.length;
  const isOneOfMany = from.length + to.length > 2;
  return [
    line(indent, span(heading, 'strong')),
    ...shown.flatMap((blocker) => blockerLines(blocker, isOneOfMany, { ...detail, indent: indent + 2 })),
    ...(hidden === 0 ? [] : [moreLine(hidden, 'that stop packets', indent + 2)]),
  ];
}

/** On the way back, too, it is the packets asked about that are told. */
const STOPS: Readonly<Record<ReachBlocker['direction'], string>> = { forward: 'stops', reply: 'stops answers to' };

/** What refuses, where (or at one place of several), which packets, and under which code and id. */
function blockerLines(blocker: ReachBlocker, isOneOfMany: boolean, detail: GroupDetail): readonly Line[] {
  const { direction, stage, resource, text, place, kills, code } = blocker;
  const { indent, names } = detail;
  const where = isOneOfMany && (place.kind === 'network-interface' || place.kind === 'subnet') ? 'e.g. at' : 'at';
  const decider = isStage(stage) ? deciderText({ stage, result: 'deny', resource, rule: null }, names) : resource;
  const called = decider === null || text.includes(decider) ? null : decider;
  const aside = [called, `${where} ${placeName(place)}`].filter((word) => word !== null).join(', ');
  const id = resource === null || (called ?? text).includes(resource) ? null : resource;
  const stopped = kills.length === 0 ? [] : [`${STOPS[direction]} ${phraseList(kills, detail)}`];
  const evidence = [code, id].filter((word) => word !== null).map((word) => span(word, 'faint'));
  const below = [...stopped, ...evidence].flatMap((word, index) => (index === 0 ? [word] : ['  ', word]));
  const label = isStage(stage) ? stageLabel(stage) : stage;
  return [
    markedLine(indent, resultMark('deny'), label, span(text, 'bad'), span(`  ${aside}`, 'faint')),
    ...(below.length === 0 ? [] : [line(indent + MARK_COLUMNS + LABEL_COLUMNS, ...below)]),
  ];
}

/** Mark, label in its column, and text, which goes on below itself when the line is broken. */
function markedLine(indent: number, mark: Span, label: string, ...text: readonly (string | Span)[]): Line {
  const { spans, hang } = labelled(indent, span(label), LABEL_COLUMNS, ...text);
  return { indent, spans: [mark, span(' '), ...spans], hang: hang + MARK_COLUMNS };
}
