/** What rule tables let through, as sets, against every completion of what is not known, for every packet of a small universe. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NOBODY, unknownHolder } from '../../src/compile/identity.ts';
import {
  ALLOW,
  CERTAIN,
  DENY,
  EITHER,
  NO_GROUP,
  type RuleRow,
  type RuleTable,
  ruleTable,
  SOURCE,
} from '../../src/compile/rule-table.ts';
import { type Allowed, allowedByAny, allowedInOrder } from '../../src/reach/allowed.ts';
import { EMPTY, L4Sets } from '../../src/reach/l4-sets.ts';
import { anyMatchOf, firstMatchOf, type Question } from '../evaluate/completions.ts';
import { pointsOf } from './small-universe.ts';

const RANKS = 3;
const PROTOCOLS = 3;
const PORTS = 4;
const HOLDER_FACT = 77;
const GROUPS_OF = [Int32Array.of(0), Int32Array.of(0, 1), Int32Array.of()];

/** Rows of a network ACL, or of groups: those only allow, and may name a group. */
function rows(ofGroups: boolean): fc.Arbitrary<RuleRow> {
  const range = (size: number): fc.Arbitrary<readonly [number, number]> =>
    fc.tuple(fc.nat(size - 1), fc.nat(size - 1)).map(([a, b]) => (a < b ? ([a, b] as const) : ([b, a] as const)));
  return fc
    .record({
      ranks: range(RANKS),
      ports: range(PORTS),
      protocol: fc.integer({ min: -1, max: PROTOCOLS - 1 }),
      group: ofGroups ? fc.constantFrom(NO_GROUP, NO_GROUP, 0, 1) : fc.constant(NO_GROUP),
      action: ofGroups ? fc.constant(ALLOW) : fc.constantFrom(ALLOW, DENY),
      doubt: fc.constantFrom('none', 'none', 'whether', 'what'),
      fact: fc.nat(9),
    })
    .map(({ ranks, ports, action, doubt, fact, ...more }) => ({
      ...more,
      firstRank: ranks[0],
      lastRank: ranks[1],
      firstPortOrIcmp: ports[0],
      lastPortOrIcmp: ports[1],
      action: doubt === 'what' && !ofGroups ? EITHER : action,
      fact: doubt === 'none' ? CERTAIN : fact,
      anywhere: false,
      assumptions: 0,
      origin: 0,
    }));
}

const tableOf = (list: readonly RuleRow[]): RuleTable => ruleTable(SOURCE, list, [], [], 1000);

/** Packets of which the sets say anything else than trying every completion does. */
function disagreements(
  list: readonly RuleRow[],
  allowedAt: (sets: L4Sets, rank: number) => Allowed,
  expected: (question: Question) => number,
  possibleFacts: readonly number[],
): string[] {
  const sets = new L4Sets({ lastProtocol: PROTOCOLS - 1, lastPort: PORTS - 1 });
  return pointsOf([RANKS]).flatMap(([rank]) => {
    const { must, may, facts } = allowedAt(sets, rank!);
    if (must !== may) expect(facts).not.toEqual([]);
    expect(possibleFacts).toEqual(expect.arrayContaining([...facts]));
    expect(sets.subtract(must, may)).toBe(EMPTY);
    return (pointsOf([PROTOCOLS, PORTS]) as readonly (readonly [number, number])[]).flatMap(([protocol, port]) => {
      const question = { rows: list, rank: rank!, protocol, firstPort: port, lastPort: port };
      const [sure, possible] = [must, may].map((set) => sets.contains(set, protocol, port));
      const said = sure ? ALLOW : possible ? EITHER : DENY;
      return said === expected(question) ? [] : [`rank ${rank}, protocol ${protocol}, port ${port}: ${said}`];
    });
  });
}

const factsOf = (list: readonly RuleRow[]): number[] => list.map(({ fact }) => fact).filter((fact) => fact !== CERTAIN);

describe('for every peer, protocol and port', () => {
  test('NACL-02: an ordered list certainly allows what every completion allows, and may allow what some does', () => {
    fc.assert(
      fc.property(fc.array(rows(false), { maxLength: 6, size: 'max' }), (list) => {
        const allowedAt = (sets: L4Sets, rank: number): Allowed => allowedInOrder(sets, tableOf(list), rank);
        expect(disagreements(list, allowedAt, firstMatchOf, factsOf(list))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('SG-01, SG-02: groups certainly allow what every completion allows, and may allow what some does', () => {
    const holders = fc.constantFrom(NOBODY, 0, 1, 2, unknownHolder(HOLDER_FACT));
    fc.assert(
      fc.property(fc.array(rows(true), { maxLength: 6, size: 'max' }), holders, (list, holder) => {
        const allowedAt = (sets: L4Sets, rank: number): Allowed =>
          allowedByAny(sets, tableOf(list), rank, holder, { groupsOfInterface: GROUPS_OF, doubtfulHolders: [] });
        const expected = (question: Question): number => anyMatchOf(question, holder, GROUPS_OF);
        expect(disagreements(list, allowedAt, expected, [HOLDER_FACT, ...factsOf(list)])).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
