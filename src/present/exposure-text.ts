/** What the internet reaches, what is one change away from it, and what only security groups keep out, as text. */

import type { Exposure, ExposureAnswer, NearExposure, PassedRule, Shielded } from '../explain/exposure-answer.ts';
import type { Place } from '../explain/trace.ts';
import { A_SCREENFUL, EVERYTHING, type Limits, moreLine } from './alike.ts';
import { closingLines } from './closing-text.ts';
import { deciderText } from './decider-text.ts';
import { internetText, WHOLE_INTERNET } from './internet-text.ts';
import { EMPTY_LINE, type Line, labelled, line, span } from './layout.ts';
import { endText } from './place-list-text.ts';
import { trafficLines } from './reach-group-text.ts';
import { NO_NAMES, type ResourceNames } from './resource-names.ts';
import { shortList } from './short-list.ts';
import { LABEL_COLUMNS, MARK_COLUMNS, stageLabel } from './stage-text.ts';

const NAMES = 4;
const PHRASES = 6;
const ROW = 4;

interface Detail {
  readonly all: boolean;
  readonly limits: Limits;
  readonly names: ResourceNames;
}

export function exposureLines(
  answer: ExposureAnswer,
  { all = false, names = NO_NAMES }: { readonly all?: boolean; readonly names?: ResourceNames } = {},
): readonly Line[] {
  const detail = { all, limits: all ? EVERYTHING : A_SCREENFUL, names };
  const { exposed, near, shielded, open, unknowns, assumptions } = answer;
  return [
    ...headLines(answer),
    ...section('reached from the internet', exposed, detail, (one) => exposureGroup(one, detail)),
    ...section('one change away', near, detail, (one) => nearGroup(one, detail)),
    ...section('kept out by security groups alone', shielded, detail, (one) => shieldedGroup(one, detail)),
    ...section('left open by missing facts', open, detail, (one) => [
      heading(one, '?', detail),
      labelled(2 + ROW + MARK_COLUMNS, span('open'), LABEL_COLUMNS, span(phrases(one.packets, detail), 'doubt')),
    ]),
    ...closingLines({ unknowns, assumptions, notes: [] }, detail.limits),
  ];
}

function headLines({ near, open, interfaces, reached, service }: ExposureAnswer): readonly Line[] {
  const others = [
    ...(near.length === 0 ? [] : [`${countPlaces(near)} one change away`]),
    ...(open.length === 0 ? [] : [`${countPlaces(open)} open for facts that are missing`]),
  ];
  const role = reached > 0 ? 'doubt' : 'good';
  return [
    line(0, span(`internet -> everything : ${service}`, 'strong')),
    line(
      2,
      span(`${reached} of ${interfaces} interfaces ${reached === 1 ? 'is' : 'are'} reached from the internet`, role),
      others.length === 0 ? '' : `; ${others.join(', ')}`,
    ),
  ];
}

function countPlaces(findings: readonly { readonly places: readonly Place[] }[]): number {
  return new Set(findings.flatMap(({ places }) => places.map(({ id }) => id))).size;
}

function section<T>(
  title: string,
  findings: readonly T[],
  { limits }: Detail,
  linesOf: (finding: T) => readonly Line[],
): readonly Line[] {
  if (findings.length === 0) return [];
  const hidden = Math.max(0, findings.length - limits.groups);
  return [
    EMPTY_LINE,
    line(2, span(title, 'strong')),
    ...findings.slice(0, limits.groups).flatMap(linesOf),
    ...(hidden === 0 ? [] : [moreLine(hidden, 'of this kind', 4)]),
  ];
}

function heading(
  { places, from }: { readonly places: readonly Place[]; readonly from: readonly string[] },
  mark: string,
  { all }: Detail,
): Line {
  const limit = all ? Number.POSITIVE_INFINITY : NAMES;
  return line(
    4,
    span(mark, mark === '✓' ? 'good' : 'doubt'),
    ' ',
    span(endText({ places, addresses: [], internet: WHOLE_INTERNET }, limit), 'strong'),
    span(`  from ${internetText(from, limit, WHOLE_INTERNET)}`),
  );
}

function exposureGroup(exposure: Exposure, detail: Detail): readonly Line[] {
  const { through, behind } = exposure;
  return [
    heading(exposure, '◐', detail),
    ...trafficLines({ ...exposure, open: [] }, { indent: 4, all: detail.all }),
    ...(detail.all ? behind : behind.slice(0, NAMES)).map(({ place, packets, by }, index) =>
      labelled(
        4 + ROW + MARK_COLUMNS,
        span(index === 0 ? 'sent on to' : ''),
        LABEL_COLUMNS,
        span(place.name ?? place.id, 'strong'),
        `  ${phrases(packets, detail)}`,
        span(`  ${by}`, 'faint'),
      ),
    ),
    ...(detail.all || behind.length <= NAMES
      ? []
      : [moreLine(behind.length - NAMES, 'behind it', 4 + ROW + MARK_COLUMNS)]),
    ...through.map((rule, index) =>
      labelled(
        4 + ROW + MARK_COLUMNS,
        span(index === 0 ? 'through' : ''),
        LABEL_COLUMNS,
        ...passedText(rule, detail.names),
      ),
    ),
  ];
}

function passedText(
  { stage, text, resource, rule }: PassedRule,
  names: ResourceNames,
): readonly (string | ReturnType<typeof span>)[] {
  const decider = deciderText({ stage, result: 'allow', resource, rule }, names) ?? resource ?? '';
  return [`${stageLabel(stage)}: ${text}`, span(`  ${decider}`, 'faint')];
}

function nearGroup(finding: NearExposure, detail: Detail): readonly Line[] {
  const { packets, obstacle, resource } = finding;
  const what =
    obstacle === 'public-address'
      ? 'it has no public address'
      : `network ACL ${resource === null ? '' : (detail.names.get(resource) ?? resource)} refuses it`;
  return [heading(finding, '!', detail), wouldLine(packets, `would be answered, but ${what}`, detail)];
}

function shieldedGroup(finding: Shielded, detail: Detail): readonly Line[] {
  const groups = finding.groups.map((id) => detail.names.get(id) ?? id);
  return [
    heading(finding, '!', detail),
    wouldLine(finding.packets, `stopped by ${groups.join(', ')} and nothing else`, detail),
  ];
}

function wouldLine(packets: readonly string[], why: string, detail: Detail): Line {
  return line(4 + 2, phrases(packets, detail), span(`  ${why}`, 'faint'));
}

function phrases(words: readonly string[], { all }: Detail): string {
  return shortList(words, all ? words.length : PHRASES, '; ');
}
