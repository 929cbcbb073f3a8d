/** The first lines of an answer about sets: what was asked, how much of it gets through, and how the pairs divide. */

import type { ReachAnswer, ReachVerdict } from '../explain/reach-answer.ts';
import { type Line, line, type Span, span } from './layout.ts';
import type { Role } from './palette.ts';

/** In the order in which they are counted. */
const VERDICTS: readonly ReachVerdict[] = ['all', 'some', 'unknown', 'none'];

/** Every mark differs in shape, so that nothing depends on colour. */
const MARKS: Readonly<Record<ReachVerdict, readonly [mark: string, role: Role]>> = {
  all: ['✓', 'good'],
  some: ['◐', 'doubt'],
  none: ['✗', 'bad'],
  unknown: ['?', 'doubt'],
};

export function reachMark(verdict: ReachVerdict): Span {
  return span(...MARKS[verdict]);
}

export function reachVerdictSpan(verdict: ReachVerdict): Span {
  return span(verdict, MARKS[verdict][1]);
}

/** `some  internet -> tag:role=web : tcp/443`, below it the sentence, and how many pairs behave how. */
export function reachVerdictLines(answer: ReachAnswer): readonly Line[] {
  const { from, to, service } = answer.question;
  return [
    line(0, reachVerdictSpan(answer.verdict), '  ', span(`${from} -> ${to} : ${service}`, 'strong')),
    line(2, verdictSentence(answer)),
    line(2, span(tally(answer), 'faint')),
  ];
}

function verdictSentence({ verdict, groups }: ReachAnswer): string {
  const returns = groups.some(({ roundTrip }) => roundTrip.length > 0);
  switch (verdict) {
    case 'all':
      return 'everything asked about arrives, and its answers come back';
    case 'some':
      return returns ? 'part of what is asked about arrives and is answered' : 'what arrives of it is not answered';
    case 'none':
      return 'nothing of it arrives';
    case 'unknown':
      return returns
        ? 'part of it arrives and is answered; for the rest the snapshot lacks what decides'
        : 'the snapshot lacks what decides';
  }
}

/** `6 pairs of addresses, in 3 groups that behave alike: 1 all, 2 none` */
function tally({ pairs, groups }: ReachAnswer): string {
  const looked = `${pairs} ${pairs === 1 ? 'pair' : 'pairs'} of addresses`;
  if (groups.length < 2) return pairs < 2 ? looked : `${looked}, all alike`;
  const counts = VERDICTS.flatMap((verdict) => {
    const count = groups.filter((group) => group.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdict}`];
  });
  return `${looked}, in ${groups.length} groups that behave alike: ${counts.join(', ')}`;
}
