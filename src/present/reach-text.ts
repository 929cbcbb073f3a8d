/** An answer about sets of packets as text: verdict, groups of pairs that behave alike, and what the answer rests on. */

import type { ReachAnswer } from '../explain/reach-answer.ts';
import { A_SCREENFUL, EVERYTHING, moreLine } from './alike.ts';
import { closingLines } from './closing-text.ts';
import { internetAskedAbout } from './internet-text.ts';
import { EMPTY_LINE, type Line } from './layout.ts';
import { type GroupDetail, groupLines } from './reach-group-text.ts';
import { reachVerdictLines } from './reach-verdict-text.ts';
import { NO_NAMES, type ResourceNames } from './resource-names.ts';

export interface ReachDetail {
  /** List every group, place, prefix and blocker, not a screenful. */
  readonly all?: boolean;
  /** What to call ACLs, groups and route tables; by their ids where left out. */
  readonly names?: ResourceNames;
}

export function reachLines(answer: ReachAnswer, options: ReachDetail = {}): readonly Line[] {
  const { all = false, names = NO_NAMES } = options;
  const limits = all ? EVERYTHING : A_SCREENFUL;
  const { question, groups } = answer;
  const internet = {
    from: internetAskedAbout(
      question.from,
      groups.flatMap(({ fromAddresses }) => fromAddresses),
    ),
    to: internetAskedAbout(
      question.to,
      groups.flatMap(({ toAddresses }) => toAddresses),
    ),
  };
  const detail: GroupDetail = { indent: 2, all, names, internet };
  const hidden = Math.max(0, groups.length - limits.groups);
  return [
    ...reachVerdictLines(answer),
    ...groups.slice(0, limits.groups).flatMap((group) => [EMPTY_LINE, ...groupLines(group, detail)]),
    ...(hidden === 0 ? [] : [EMPTY_LINE, moreLine(hidden, hidden === 1 ? 'group' : 'groups', 2)]),
    ...closingLines(answer, limits),
  ];
}
