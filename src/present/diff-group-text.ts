/** Pairs of places with an equal difference: who, which packets, one of them as proof, and where the walks part. */

import type { DiffCause, DiffGroup, DiffPlace, DiffStep, FlowChangeKind } from '../explain/diff-answer.ts';
import type { AddressSet } from '../net/address-set.ts';
import { deciderText } from './decider-text.ts';
import { type Line, labelled, line, type Span, span } from './layout.ts';
import type { Role } from './palette.ts';
import { type End, endText, interfacesAmong } from './place-list-text.ts';
import { placeName, placeSpans } from './place-text.ts';
import type { ResourceNames } from './resource-names.ts';
import { shortList } from './short-list.ts';
import { LABEL_COLUMNS, MARK_COLUMNS, resultMark, stageLabel } from './stage-text.ts';

export interface DiffGroupDetail {
  readonly indent: number;
  /** Leave nothing out, however long. */
  readonly all: boolean;
  readonly names: ResourceNames;
  /** What the answer means by the internet, on each side. */
  readonly internet: { readonly from: AddressSet; readonly to: AddressSet };
}

/** How much of a list is shown before `and N more`. */
const NAMES = 3;
const PHRASES = 6;
/** Facts stand four columns to the right of the heading. */
const ROW = 4;

const MARKS: Readonly<Record<FlowChangeKind, readonly [mark: string, role: Role]>> = {
  opened: ['+', 'good'],
  closed: ['-', 'bad'],
  'became-unknown': ['?', 'doubt'],
  'became-known': ['!', 'doubt'],
};

/** Groups with equal ends and an equal cause are told together: they differ in packets and verdicts only. */
export function alikeGroups(groups: readonly DiffGroup[]): readonly (readonly DiffGroup[])[] {
  const together = new Map<string, DiffGroup[]>();
  for (const group of groups) {
    const { from, fromAddresses, to, toAddresses, cause, before, after } = group;
    const isInBoth = before !== null && after !== null;
    const steps = cause === null ? null : [cause.direction, stepName(cause.before), stepName(cause.after)];
    const key = JSON.stringify([isInBoth, from, fromAddresses, to, toAddresses, steps]);
    const known = together.get(key);
    if (known === undefined) together.set(key, [group]);
    else known.push(group);
  }
  return [...together.values()];
}

/** The steps of different interfaces that ask the same are one to people. */
function stepName(step: DiffStep | null): string {
  return step === null ? '' : [step.stage, step.result, step.resource, step.rule, step.text].join(' ');
}

/** What `alikeGroups` put together. */
export function diffGroupLines(groups: readonly DiffGroup[], detail: DiffGroupDetail): readonly Line[] {
  const { kind, from, fromAddresses, to, toAddresses, cause } = groups[0]!;
  const sources: End = { places: from, addresses: fromAddresses, internet: detail.internet.from };
  const targets: End = { places: to, addresses: toAddresses, internet: detail.internet.to };
  return [
    line(detail.indent, span(...MARKS[kind]), ' ', ...headingSpans(sources), ' → ', ...headingSpans(targets)),
    ...(detail.all
      ? [...endLines('from', from, fromAddresses, detail), ...endLines('to', to, toAddresses, detail)]
      : []),
    ...groups.flatMap((group) => trafficLines(group, detail)),
    ...(cause === null ? [] : causeLines(cause, detail)),
  ];
}

/** A place that stands alone is told with its id. */
function headingSpans(end: End): readonly Span[] {
  const [only] = end.places;
  if (end.places.length === 1 && end.addresses.length === 0 && only !== undefined) return placeSpans(only);
  return [span(endText(end, NAMES), 'strong')];
}

/** Every place with its addresses, and every prefix. */
function endLines(
  label: string,
  places: readonly DiffPlace[],
  addresses: readonly string[],
  { indent }: DiffGroupDetail,
): readonly Line[] {
  const own = new Map(places.map((place) => [place.id, place.addresses.join(', ')]));
  const inside = interfacesAmong(places);
  if (inside.length + addresses.length < 2) return [];
  const rows = [
    ...inside.map((place) => [...placeSpans(place), span(`  ${own.get(place.id)}`, 'faint')]),
    ...addresses.map((prefix) => [span(prefix, 'strong')]),
  ];
  return rows.map((spans, index) =>
    labelled(indent + ROW + MARK_COLUMNS, span(index === 0 ? label : ''), LABEL_COLUMNS, ...spans),
  );
}

function trafficLines(group: DiffGroup, { indent, all }: DiffGroupDetail): readonly Line[] {
  const { kind, before, after, packets, clientPorts, witness } = group;
  const [mark, role] = MARKS[kind];
  const limit = clientPorts === null ? '' : `, from client ports ${clientPorts}`;
  const what = `${shortList(packets, all ? packets.length : PHRASES, '; ')}${limit}`;
  const was = witness.packetBefore === null ? '' : `, before as ${witness.packetBefore}`;
  return [
    markedLine(indent + ROW, span(mark, role), 'packets', what, span(`  ${fateText(before, after)}`, 'faint')),
    markedLine(indent + ROW, span('▸', 'faint'), 'witness', witness.packet, span(was, 'faint')),
  ];
}

/** `dropped before, delivered after`; a place that is new or gone has no verdict. */
function fateText(before: DiffGroup['before'], after: DiffGroup['after']): string {
  if (before === null) return `${after}; not in the network before`;
  if (after === null) return `${before} before; not in the network after`;
  return `${before} before, ${after} after`;
}

function causeLines({ direction, before, after, resources }: DiffCause, detail: DiffGroupDetail): readonly Line[] {
  const indent = detail.indent + ROW;
  const heading = direction === 'forward' ? 'the walks part on the way there' : 'the walks part on the way back';
  const because =
    resources.length === 0
      ? ''
      : `, where ${shortList(
          resources.map((id) => detail.names.get(id) ?? id),
          NAMES,
          ', ',
        )} ${resources.length === 1 ? 'differs' : 'differ'}`;
  return [
    line(indent, span(heading, 'strong'), span(because, 'faint')),
    ...stepLines('before', before, { ...detail, indent: indent + 2 }),
    ...stepLines('after', after, { ...detail, indent: indent + 2 }),
  ];
}

function stepLines(
  when: 'before' | 'after',
  step: DiffStep | null,
  { indent, names }: DiffGroupDetail,
): readonly Line[] {
  if (step === null)
    return [markedLine(indent, span('·', 'faint'), when, span('the walk ended before this step', 'faint'))];
  const decider = deciderText(step, names);
  const text = step.text === '' ? stageLabel(step.stage) : step.text;
  const called = decider === null || text.includes(decider) ? null : decider;
  const id = step.resource === null || names.get(step.resource) === undefined ? null : step.resource;
  const aside = [called, `at ${placeName(step.place)}`, id].filter((word) => word !== null).join(', ');
  return [
    markedLine(
      indent,
      resultMark(step.result),
      when,
      span(`${stageLabel(step.stage)}: `, 'faint'),
      span(text, step.result === 'deny' ? 'bad' : 'plain'),
      span(`  ${aside}`, 'faint'),
    ),
  ];
}

/** Mark, label in its column, and text, which goes on below itself when the line is broken. */
function markedLine(indent: number, mark: Span, label: string, ...text: readonly (string | Span)[]): Line {
  const { spans, hang } = labelled(indent, span(label), LABEL_COLUMNS, ...text);
  return { indent, spans: [mark, span(' '), ...spans], hang: hang + MARK_COLUMNS };
}
