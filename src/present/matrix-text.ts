/** All pairs of places as text: how many let something through, then the groups that behave alike, the largest first. */

import type { MatrixAnswer, MatrixEnd, MatrixGroup } from '../explain/matrix-answer.ts';
import type { Place } from '../explain/trace.ts';
import { A_SCREENFUL, EVERYTHING, moreLine } from './alike.ts';
import { closingLines } from './closing-text.ts';
import { WHOLE_INTERNET } from './internet-text.ts';
import { EMPTY_LINE, type Line, line, span } from './layout.ts';
import { endText } from './place-list-text.ts';
import { trafficLines } from './reach-group-text.ts';
import { reachMark, reachVerdictSpan } from './reach-verdict-text.ts';

const NAMES = 4;

export function matrixLines(answer: MatrixAnswer, all = false): readonly Line[] {
  const limits = all ? EVERYTHING : A_SCREENFUL;
  const { question, groups, assumptions, unknowns } = answer;
  const hidden = Math.max(0, groups.length - limits.groups);
  return [
    line(0, span(`${question.from} -> ${question.to} : ${question.service}`, 'strong')),
    line(2, tally(answer)),
    ...groups.slice(0, limits.groups).flatMap((group) => [EMPTY_LINE, ...groupLines(answer, group, all)]),
    ...(hidden === 0 ? [] : [EMPTY_LINE, moreLine(hidden, hidden === 1 ? 'group' : 'groups', 2)]),
    ...closingLines({ unknowns, assumptions, notes: [] }, limits),
  ];
}

/** `64 of 110 pairs of addresses let something through, in 28 groups that behave alike` */
function tally({ pairs, reaching, open, groups }: MatrixAnswer): string {
  const counted = `${reaching} of ${pairs} pairs of addresses let something through`;
  const left = open === 0 ? '' : `, ${open} are open for facts that are missing`;
  return groups.length < 2 ? counted + left : `${counted}${left}; ${groups.length} groups of pairs behave alike`;
}

function groupLines(answer: MatrixAnswer, group: MatrixGroup, all: boolean): readonly Line[] {
  const behaviour = answer.behaviours[group.behaviour]!;
  const from = sideText(
    group.from.map((index) => answer.senders[index]!),
    all,
  );
  const to = sideText(
    group.to.map((index) => answer.targets[index]!),
    all,
  );
  const pairs = `${group.pairs} ${group.pairs === 1 ? 'pair' : 'pairs'}`;
  const { family } = answer.senders[group.from[0]!]!;
  return [
    line(
      2,
      reachMark(behaviour.verdict),
      ' ',
      reachVerdictSpan(behaviour.verdict),
      '  ',
      span(from, 'strong'),
      ' → ',
      span(to, 'strong'),
      span(`  IPv${family}, ${pairs}`, 'faint'),
    ),
    ...trafficLines({ ...behaviour, witness: null }, { indent: 2, all }),
  ];
}

function sideText(ends: readonly MatrixEnd[], all: boolean): string {
  const places: readonly Place[] = [
    ...new Map(ends.flatMap((end) => end.places).map((place) => [place.id, place])).values(),
  ];
  const addresses = ends.flatMap((end) => end.addresses);
  return endText({ places, addresses, internet: WHOLE_INTERNET }, all ? Number.POSITIVE_INFINITY : NAMES);
}
