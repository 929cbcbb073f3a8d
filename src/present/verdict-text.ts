/** The first two lines of every answer: what became of the packet, in a word and in a sentence. */

import type { Leg, Trace, Verdict } from '../explain/trace.ts';
import { refusalClause } from './decider-text.ts';
import { headerText } from './header-text.ts';
import { type Line, line, type Span, span } from './layout.ts';
import type { Role } from './palette.ts';
import { placeName } from './place-text.ts';
import type { ResourceNames } from './resource-names.ts';

const ROLES: Readonly<Record<Verdict, Role>> = {
  delivered: 'good',
  'one-way': 'doubt',
  dropped: 'bad',
  unknown: 'doubt',
};

/** The verdict in the colour of what it means. */
export function verdictSpan(verdict: Verdict): Span {
  return span(verdict, ROLES[verdict]);
}

/** `delivered  tcp 203.0.113.7:40000 > 198.51.100.10:443`, and below it the sentence. */
export function verdictLines(trace: Trace, names: ResourceNames): readonly Line[] {
  const headline = line(0, verdictSpan(trace.verdict), '  ', span(headerText(trace.forward.sent), 'strong'));
  return [headline, line(2, verdictSentence(trace, names))];
}

/** What is told is one of the ways that are possible; where no leg of it is open itself, another way ends otherwise. */
function verdictSentence(trace: Trace, names: ResourceNames): string {
  const { verdict, forward, reply } = trace;
  const isOpenItself = forward.outcome === 'unknown' || reply?.outcome === 'unknown';
  const way = wayText(trace, names);
  return verdict === 'unknown' && !isOpenItself
    ? `by one of the possible ways ${way}; by another it fares otherwise`
    : way;
}

/** `reaches web-1 as tcp 203.0.113.7:40000 > 10.0.1.10:443, and the answer comes back` */
function wayText({ forward, reply }: Trace, names: ResourceNames): string {
  switch (forward.outcome) {
    case 'dropped':
      return dropText(forward, names);
    case 'unknown':
      return `gets as far as ${placeName(forward.to)}: the snapshot lacks what decides there`;
    case 'delivered':
      return `reaches ${placeName(forward.to)}${translation(forward)}, ${answerClause(reply, names)}`;
  }
}

/** `dropped at public-a by entry 50 of public-acl`, `dropped at web-1: no inbound rule matches` */
function dropText({ to, blockers }: Leg, names: ResourceNames): string {
  return `dropped at ${placeName(to)}${refusalClause(blockers[0], names)}`;
}

function translation({ sent, received }: Leg): string {
  const before = headerText(sent);
  const after = headerText(received);
  return before === after ? '' : ` as ${after}`;
}

function answerClause(reply: Leg | null, names: ResourceNames): string {
  if (reply === null) return 'and packets of its kind are not answered';
  switch (reply.outcome) {
    case 'delivered':
      return 'and the answer comes back';
    case 'dropped':
      return `but the answer is ${dropText(reply, names)}`;
    case 'unknown':
      return `but whether the answer gets past ${placeName(reply.to)} is unknown`;
  }
}
