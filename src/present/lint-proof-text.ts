/** What proves a finding of `lint`, in lines below it. */

import type { LintProof, LintStop, LintSubject } from '../explain/lint-finding.ts';
import { deciderText } from './decider-text.ts';
import { type Line, labelled, line, type Span, span } from './layout.ts';
import { originText } from './origin-text.ts';
import type { ResourceNames } from './resource-names.ts';
import { isStage } from './stage-text.ts';

const LABEL_COLUMNS = 'stopped'.length + 2;

export function proofLines(
  proof: LintProof,
  subject: LintSubject | null,
  names: ResourceNames,
  indent: number,
): readonly Line[] {
  const row = (label: string, ...text: readonly string[]): Line =>
    labelled(indent, span(label, 'faint'), LABEL_COLUMNS, ...text);
  const own =
    subject === null
      ? []
      : [labelled(indent, span('this', 'faint'), LABEL_COLUMNS, subjectText(subject), ...whereSpans(subject))];
  switch (proof.kind) {
    case 'covered':
      return [
        ...own,
        ...proof.by.map((other, i) => row(i === 0 ? 'by' : '', subjectText(other))),
        ...(proof.contradicted === null
          ? []
          : [row('e.g.', `${proof.contradicted.packet}: ${subjectText(proof.contradicted.by)}`)]),
      ];
    case 'covered-where-used':
      return [
        ...own,
        ...proof.sets.flatMap(({ groups, interfaces, by, ...set }) => [
          row('on', `${set.interface}${interfaces > 1 ? ` and ${interfaces - 1} more` : ''}: ${called(groups, names)}`),
          ...by.map((other, i) =>
            row(i === 0 ? '  by' : '', `${subjectText(other)}, ${called([other.resource], names)}`),
          ),
        ]),
        ...moreOf(proof.more, 'sets of groups', indent),
      ];
    case 'stopped':
      return [
        ...own,
        row('seen at', proof.at),
        ...proof.stops.map((stop, i) => row(i === 0 ? 'stopped' : '', stopText(stop, names))),
        ...moreOf(proof.more, 'kinds of peer', indent),
      ];
    case 'witness':
      return [
        row('packet', `${proof.packet}, from ${proof.from} to ${proof.to}`),
        row('answer', stopText(proof.stop, names)),
      ];
    case 'absent':
      return [...own, row('looked', `at ${proof.looked.join(', and ')}`)];
    case 'state':
      return [
        ...own,
        row('state', `${proof.id}: ${proof.state}`),
        ...(proof.affects.length === 0 ? [] : [row('used by', proof.affects.join(', '))]),
      ];
  }
}

function whereSpans({ origin }: LintSubject): readonly Span[] {
  return origin === null ? [] : [span(`  at ${originText(origin)}`, 'faint')];
}

function subjectText({ rule, text }: LintSubject): string {
  return text.startsWith(rule) ? text : `${rule}  ${text}`;
}

function stopText({ peer, count, stage, code, resource, rule, text }: LintStop, names: ResourceNames): string {
  const who = count > 1 ? `${peer} (${count})` : peer;
  const decider = isStage(stage) ? deciderText({ stage, result: 'deny', resource, rule }, names) : null;
  return `${who}: ${decider === null ? '' : `${decider}: `}${text}${code === null ? '' : ` (${code})`}`;
}

function called(ids: readonly string[], names: ResourceNames): string {
  return ids.map((id) => names.get(id) ?? id).join(', ');
}

function moreOf(count: number, what: string, indent: number): readonly Line[] {
  return count === 0 ? [] : [line(indent, span(`and ${count} more ${what}`, 'faint'))];
}
