/** The difference of two networks as text: how much differs, flows opened and closed with the rule behind each, and records. */

import type { DiffAnswer, FlowChangeKind, RecordDifference } from '../explain/diff-answer.ts';
import { A_SCREENFUL, EVERYTHING, type Limits, moreLine } from './alike.ts';
import { closingLines, sectionLines } from './closing-text.ts';
import { alikeGroups, type DiffGroupDetail, diffGroupLines } from './diff-group-text.ts';
import { internetAskedAbout } from './internet-text.ts';
import { kindName } from './kind-name.ts';
import { EMPTY_LINE, type Line, labelled, line, type Span, span, widestOf } from './layout.ts';
import type { Role } from './palette.ts';
import { placeName } from './place-text.ts';
import { NO_NAMES, type ResourceNames } from './resource-names.ts';
import { shortList } from './short-list.ts';

export interface DiffDetail {
  /** List every group, place, prefix and record, not a screenful. */
  readonly all?: boolean;
  /** What to call ACLs, groups and route tables of both networks; by their ids where left out. */
  readonly names?: ResourceNames;
}

const KINDS: readonly FlowChangeKind[] = ['opened', 'closed', 'became-unknown', 'became-known'];
const HEADINGS: Readonly<Record<FlowChangeKind, string>> = {
  opened: 'opened',
  closed: 'closed',
  'became-unknown': 'unknown after, known before',
  'became-known': 'unknown before, known after',
};
const VERDICT_ROLES: Readonly<Record<DiffAnswer['verdict'], Role>> = {
  same: 'good',
  differs: 'change',
  unknown: 'doubt',
};
/** Phrases of one field of a record before `and N more`. */
const PHRASES = 4;
const NAMES = 3;

export function diffLines(answer: DiffAnswer, { all = false, names = NO_NAMES }: DiffDetail = {}): readonly Line[] {
  const limits = all ? EVERYTHING : A_SCREENFUL;
  const internet = {
    from: internetAskedAbout('internet', answer.internet.from),
    to: internetAskedAbout('internet', answer.internet.to),
  };
  const detail: DiffGroupDetail = { indent: 2, all, names, internet };
  return [
    ...headingLines(answer),
    ...KINDS.flatMap((kind) => kindLines(answer, kind, limits, detail)),
    ...resourceLines(answer, limits, all),
    ...closingLines(answer, limits),
  ];
}

function headingLines({ verdict, question, pairs, groups, interfaces }: DiffAnswer): readonly Line[] {
  const { from, to, service } = question;
  const counts = KINDS.flatMap((kind) => {
    const count = groups.filter((group) => group.kind === kind).length;
    return count === 0 ? [] : [`${count} ${HEADINGS[kind]}`];
  });
  const narrowed = pairs.isNarrowed ? ' (all that the change can touch)' : '';
  const howMany = pairs.changed === 0 ? 'none differs' : `${pairs.changed} differ${pairs.changed === 1 ? 's' : ''}`;
  const inGroups =
    counts.length === 0
      ? ''
      : `, in ${groups.length === 1 ? 'one group' : `${groups.length} groups`}: ${counts.join(', ')}`;
  const lone = [
    ...loneText('appears', interfaces.appear),
    ...loneText('vanishes', interfaces.vanish),
    ...(interfaces.byName === 0 ? [] : [`${interfaces.byName} matched by name`]),
    ...(interfaces.byAddress === 0 ? [] : [`${interfaces.byAddress} matched by address`]),
  ];
  const doubt = `${pairs.unknownInBoth} of the unchanged pairs ${pairs.unknownInBoth === 1 ? 'is' : 'are'} unknown in both networks`;
  return [
    line(0, span(verdict, VERDICT_ROLES[verdict]), '  ', span(`${from} -> ${to} : ${service}`, 'strong')),
    line(2, sentence(verdict)),
    line(
      2,
      span(
        `${pairs.all} ${pairs.all === 1 ? 'pair' : 'pairs'} of addresses compared${narrowed}, ${howMany}${inGroups}`,
        'faint',
      ),
    ),
    ...(lone.length === 0 ? [] : [line(2, span(`interfaces: ${lone.join('; ')}`, 'faint'))]),
    ...(pairs.unknownInBoth === 0 ? [] : [line(2, span(doubt, 'faint'))]),
  ];
}

function sentence(verdict: DiffAnswer['verdict']): string {
  switch (verdict) {
    case 'same':
      return 'the same packets pass and are answered in both networks';
    case 'differs':
      return 'what passes or is answered in one network does not in the other';
    case 'unknown':
      return 'what is known to pass is the same, and a snapshot lacks facts that decide about the rest';
  }
}

function loneText(verb: 'appears' | 'vanishes', places: DiffAnswer['interfaces']['appear']): readonly string[] {
  if (places.length === 0) return [];
  const names = shortList(places.map(placeName), NAMES, ', ');
  return [`${names} ${places.length === 1 ? verb : verb.replace(/(es|s)$/, verb === 'vanishes' ? '' : '')}`];
}

function kindLines(
  { groups }: DiffAnswer,
  kind: FlowChangeKind,
  limits: Limits,
  detail: DiffGroupDetail,
): readonly Line[] {
  const found = alikeGroups(groups.filter((group) => group.kind === kind));
  if (found.length === 0) return [];
  const hidden = Math.max(0, found.length - limits.groups);
  return [
    EMPTY_LINE,
    line(0, span(HEADINGS[kind], 'strong')),
    ...found
      .slice(0, limits.groups)
      .flatMap((group, index) => [...(index === 0 ? [] : [EMPTY_LINE]), ...diffGroupLines(group, detail)]),
    ...(hidden === 0 ? [] : [EMPTY_LINE, moreLine(hidden, hidden === 1 ? 'group' : 'groups', 2)]),
  ];
}

const MARKS: Readonly<Record<RecordDifference['change'], Span>> = {
  appears: span('+', 'good'),
  vanishes: span('-', 'bad'),
  changes: span('~', 'change'),
};

function resourceLines({ resources }: DiffAnswer, limits: Limits, all: boolean): readonly Line[] {
  const hidden = Math.max(0, resources.length - limits.groups);
  const shown = resources.slice(0, limits.groups).flatMap((resource) => recordLines(resource, all));
  return sectionLines(line(0, span('resources', 'strong')), [
    ...shown,
    ...(hidden === 0 ? [] : [moreLine(hidden, hidden === 1 ? 'record' : 'records', 2)]),
  ]);
}

function recordLines({ change, kind, id, idBefore, name, fields }: RecordDifference, all: boolean): readonly Line[] {
  const called = name === null ? [span(id, 'strong')] : [span(name, 'strong'), span('  '), span(id, 'faint')];
  const formerly = idBefore === null ? [] : [span(`  was ${idBefore}`, 'faint')];
  const columns = widestOf(fields.map(({ field }) => field)) + 2;
  return [
    line(2, MARKS[change], ` ${kindName(kind, 1)} `, ...called, ...formerly),
    ...fields.flatMap(({ field, removed, added }) => {
      const phrases = [
        ...removed.map((phrase) => [span('- ', 'bad'), span(phrase)]),
        ...added.map((phrase) => [span('+ ', 'good'), span(phrase)]),
      ];
      const most = all || phrases.length === PHRASES + 1 ? phrases.length : PHRASES;
      const rest = phrases.length - Math.min(most, phrases.length);
      return [
        ...phrases.slice(0, most).map((spans, index) => labelled(6, span(index === 0 ? field : ''), columns, ...spans)),
        ...(rest === 0 ? [] : [moreLine(rest, 'like these', 6 + columns)]),
      ];
    }),
  ];
}
