/**
 * Questions about sets of packets: `FROM -> TO : SERVICE`.
 *
 *     internet -> tag:Name=web : tcp/443
 *     vpc-1 & !sg-7 -> 10.8.0.0/16 : postgres
 *     ::/0 -> subnet-1
 *
 * FROM and TO are place expressions, SERVICE is as in `service-text.ts`; without one the question is about any packet. The colon
 * needs a space before it, since addresses and tags hold colons.
 */

import { type PlaceExpression, parsePlaceExpression } from './place-expression.ts';
import { closingQuote } from './place-words.ts';
import { questionErrorAt } from './question-caret.ts';
import { ANY_SERVICE, parseService, type Service } from './service-text.ts';

export interface ReachQuestion {
  readonly from: PlaceExpression;
  readonly to: PlaceExpression;
  readonly service: Service;
}

/** A question in its parts, as scripts have it. */
export interface ReachQuestionParts {
  readonly from: string;
  readonly to: string;
  /** Any packet unless given. */
  readonly service?: string | undefined;
}

/** Throws a QuestionError that points at the first place that is wrong. */
export function parseReachQuestion(text: string): ReachQuestion {
  const arrow = findOutsideQuotes(text, 0, (at) => text.startsWith('->', at));
  if (arrow < 0) throw questionErrorAt(text, text.trimEnd().length, 'expected "->" and where to: FROM -> TO : SERVICE');
  const from = parsePlaceExpression(text, 0, arrow, '"->"');
  const start = arrow + '->'.length;
  const colon = findOutsideQuotes(text, start, (at) => isServiceColon(text, at));
  if (colon < 0)
    return { from, to: parsePlaceExpression(text, start, text.length, '" : SERVICE"'), service: ANY_SERVICE };
  const to = parsePlaceExpression(text, start, colon, '":"');
  return { from, to, service: parseService(text, colon + 1) };
}

/** The same from parts given apart; offsets of errors count in the part that is wrong. */
export function reachQuestionOf({ from, to, service }: ReachQuestionParts): ReachQuestion {
  return {
    from: parsePlaceExpression(from),
    to: parsePlaceExpression(to),
    service: service === undefined ? ANY_SERVICE : parseService(service),
  };
}

/** A colon behind a space; `::` begins an address. */
function isServiceColon(text: string, at: number): boolean {
  return text[at] === ':' && text[at + 1] !== ':' && /\s/.test(text[at - 1]!);
}

/** The first offset that fits and is not in double quotes, or -1. */
function findOutsideQuotes(text: string, start: number, fits: (at: number) => boolean): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === '"') at = closingQuote(text, at, text.length);
    else if (fits(at)) return at;
  }
  return -1;
}
