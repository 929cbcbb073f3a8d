/**
 * What a list of rules says, by trying everything that is not known: each row in doubt stands or not, an unreadable action allows
 * or denies, a port that a gateway chose is each port of its range, and somebody unknown carries any of the groups. ALLOW or DENY if
 * all agree, else EITHER.
 */

import { NOBODY } from '../../src/compile/identity.ts';
import { ALLOW, CERTAIN, DENY, EITHER, NO_GROUP, type RuleRow } from '../../src/compile/rule-table.ts';

export interface Question {
  readonly rows: readonly RuleRow[];
  readonly rank: number;
  readonly protocol: number;
  readonly firstPort: number;
  readonly lastPort: number;
}

/** One completion of what is not known. */
interface Completion {
  readonly port: number;
  /** By row: null where it does not stand, else its action. */
  readonly actions: readonly (number | null)[];
}

function* completions({ rows, firstPort, lastPort }: Question): Generator<Completion> {
  const options = rows.map(({ action, fact }) => {
    const actions = action === EITHER ? [ALLOW, DENY] : [action];
    return fact === CERTAIN ? actions : [null, ...actions];
  });
  for (let port = firstPort; port <= lastPort; port++) {
    const picked = options.map(() => 0);
    for (;;) {
      yield { port, actions: options.map((option, i) => option[picked[i]!]!) };
      let at = 0;
      while (at < picked.length && ++picked[at]! === options[at]!.length) picked[at++] = 0;
      if (at === picked.length) break;
    }
  }
}

export function covers(row: RuleRow, { rank, protocol }: Question, port: number): boolean {
  return (
    row.firstRank <= rank &&
    rank <= row.lastRank &&
    (row.protocol === -1 || row.protocol === protocol) &&
    row.firstPortOrIcmp <= port &&
    port <= row.lastPortOrIcmp
  );
}

function verdictOf(verdicts: ReadonlySet<number>): number {
  return verdicts.size === 1 ? [...verdicts][0]! : EITHER;
}

/** A network ACL's list: the first row that stands and covers the packet decides, and without one it is denied. */
export function firstMatchOf(question: Question): number {
  const verdicts = new Set<number>();
  for (const { port, actions } of completions(question)) {
    const first = question.rows.findIndex((row, i) => actions[i] !== null && covers(row, question, port));
    verdicts.add(first < 0 ? DENY : actions[first]!);
  }
  return verdictOf(verdicts);
}

/** Groups carried by whoever is at the other end: those of the interface, none, or, for somebody unknown, each subset of `groups`. */
function possibleGroups(holder: number, groupsOf: readonly Int32Array[], groups: readonly number[]): number[][] {
  if (holder === NOBODY) return [[]];
  if (holder >= 0) return [[...groupsOf[holder]!]];
  const subsets: number[][] = [[]];
  for (const group of groups) subsets.push(...subsets.map((subset) => [...subset, group]));
  return subsets;
}

/** Security groups: any row that stands, covers the packet and finds its group at the other end allows it. */
export function anyMatchOf(question: Question, holder: number, groupsOf: readonly Int32Array[]): number {
  const named = [...new Set(question.rows.map(({ group }) => group))].filter((group) => group !== NO_GROUP);
  const verdicts = new Set<number>();
  for (const carried of possibleGroups(holder, groupsOf, named)) {
    for (const { port, actions } of completions(question)) {
      const allows = (row: RuleRow, i: number): boolean =>
        actions[i] !== null && covers(row, question, port) && (row.group === NO_GROUP || carried.includes(row.group));
      verdicts.add(question.rows.some(allows) ? ALLOW : DENY);
    }
  }
  return verdictOf(verdicts);
}
