/** The ports that clients send from, by operating system or as a range (PKT-11). */

import { type IntervalSet, intervalSet } from '../net/interval-set.ts';
import { LAST_PORT } from '../net/protocol.ts';
import { QuestionError } from './question-error.ts';
import { suggestionsFor } from './suggestions.ts';

const PROFILES = new Map<string, IntervalSet>([
  ['any', intervalSet([{ first: 1024, last: LAST_PORT }])],
  ['linux', intervalSet([{ first: 32768, last: 61000 }])],
  ['windows', intervalSet([{ first: 49152, last: LAST_PORT }])],
  ['nat', intervalSet([{ first: 1024, last: LAST_PORT }])],
  ['load-balancer', intervalSet([{ first: 1024, last: LAST_PORT }])],
  ['lambda', intervalSet([{ first: 1024, last: LAST_PORT }])],
]);

/** What checks of answers assume unless told the client. */
export const ANY_CLIENT: IntervalSet = PROFILES.get('any')!;

/** `linux`, `windows`, `nat`, `load-balancer`, `lambda`, or `32768-60999`. Throws a QuestionError on anything else. */
export function parseClientPorts(text: string): IntervalSet {
  const profile = PROFILES.get(text.toLowerCase());
  if (profile !== undefined) return profile;
  const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  if (first === undefined || last === undefined || Number(first) > Number(last) || Number(last) > LAST_PORT) {
    throw new QuestionError(
      `client ports "${text}": write linux, windows, nat, load-balancer, lambda or a range such as 32768-60999`,
      null,
      suggestionsFor(text, PROFILES.keys()),
    );
  }
  return intervalSet([{ first: Number(first), last: Number(last) }]);
}
