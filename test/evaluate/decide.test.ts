/** First match and any match against every completion of what is not known. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NOBODY, unknownHolder } from '../../src/compile/identity.ts';
import {
  ALLOW,
  CERTAIN,
  DENY,
  DESTINATION,
  EITHER,
  NO_GROUP,
  type RuleRow,
  type RuleTable,
  ruleTable,
  SOURCE,
} from '../../src/compile/rule-table.ts';
import { anyMatch, type Decision, firstMatch, lostReference, NO_ROW, newDecision } from '../../src/evaluate/decide.ts';
import { InFlight } from '../../src/evaluate/in-flight.ts';
import { anyMatchOf, covers, firstMatchOf, type Question } from './completions.ts';

const PORT_FACT = 99;
const HOLDER_FACT = 77;

function tableOf(rows: readonly RuleRow[], peer = SOURCE): RuleTable {
  return ruleTable(peer, rows, [], [], 1000);
}

function packetOf({ rank, protocol, firstPort, lastPort }: Question, peer = SOURCE): InFlight {
  const packet = new InFlight();
  packet.protocol = protocol;
  // Every field its own value: a table that looked at the wrong end would find nothing at 500.
  packet.sourceRank = peer === SOURCE ? rank : 500;
  packet.destinationRank = peer === SOURCE ? 500 : rank;
  packet.sourcePortOrIcmpId = 700;
  packet.portOrIcmp = firstPort;
  packet.firstPortOrIcmp = firstPort;
  packet.lastPortOrIcmp = lastPort;
  return packet;
}

function first(question: Question, peer = SOURCE): Decision {
  const decision = newDecision();
  firstMatch(tableOf(question.rows, peer), packetOf(question, peer), PORT_FACT, decision);
  return decision;
}

function any(question: Question, holder: number, groupsOf: readonly Int32Array[], peer = SOURCE): Decision {
  const decision = newDecision();
  const holders = { groupsOfInterface: groupsOf, doubtfulHolders: [] };
  anyMatch(tableOf(question.rows, peer), packetOf(question, peer), holder, holders, PORT_FACT, decision);
  return decision;
}

const rowOf = (fields: Partial<RuleRow> = {}): RuleRow => ({
  firstRank: 0,
  lastRank: 9,
  group: NO_GROUP,
  protocol: 6,
  firstPortOrIcmp: 0,
  lastPortOrIcmp: 65535,
  action: ALLOW,
  fact: CERTAIN,
  anywhere: false,
  assumptions: 0,
  origin: 0,
  ...fields,
});

const asked = (rows: readonly RuleRow[], firstPort = 443, lastPort = firstPort): Question => ({
  rows,
  rank: 3,
  protocol: 6,
  firstPort,
  lastPort,
});

describe('NACL-02: the first row that covers the packet decides', () => {
  test('an earlier deny hides a later allow, and the other way round', () => {
    const [deny, allow] = [rowOf({ action: DENY, firstPortOrIcmp: 443, lastPortOrIcmp: 443 }), rowOf()];
    expect(first(asked([deny, allow]))).toMatchObject({ verdict: DENY, row: 0, fact: CERTAIN });
    expect(first(asked([allow, deny]))).toMatchObject({ verdict: ALLOW, row: 0, fact: CERTAIN });
    expect(first(asked([deny, allow], 444))).toMatchObject({ verdict: ALLOW, row: 1, fact: CERTAIN });
  });

  test('rows of other addresses, protocols and ports are passed over', () => {
    const others = [
      rowOf({ firstRank: 4 }),
      rowOf({ lastRank: 2 }),
      rowOf({ protocol: 17 }),
      rowOf({ lastPortOrIcmp: 442 }),
      rowOf({ firstPortOrIcmp: 444 }),
    ];
    expect(first(asked([...others, rowOf({ action: DENY, protocol: -1 })]))).toMatchObject({ verdict: DENY, row: 5 });
    expect(first(asked(others))).toMatchObject({ verdict: DENY, row: NO_ROW });
  });

  test('PKT-04: the row speaks of the end that the table names, inbound of the source, outbound of the destination', () => {
    const rows = [rowOf({ firstRank: 3, lastRank: 3 }), rowOf({ action: DENY })];
    for (const peer of [SOURCE, DESTINATION]) {
      expect(first(asked(rows), peer)).toMatchObject({ verdict: ALLOW, row: 0 });
      expect(any(asked(rows.slice(0, 1)), NOBODY, [], peer)).toMatchObject({ verdict: ALLOW, row: 0 });
    }
  });
});

describe('a row that stands on a missing fact', () => {
  const inDoubt = (action: number, fact: number): RuleRow => rowOf({ action, fact });

  test('does not matter where the list says the same without it', () => {
    const rows = [inDoubt(ALLOW, 5), rowOf()];
    expect(first(asked(rows))).toMatchObject({ verdict: ALLOW, row: 1, fact: CERTAIN });
    expect(first(asked([inDoubt(DENY, 5), rowOf({ action: DENY })]))).toMatchObject({ verdict: DENY, row: 1 });
  });

  test('leaves the answer open where it would change it, and names its fact', () => {
    expect(first(asked([inDoubt(DENY, 5), rowOf()]))).toMatchObject({ verdict: EITHER, row: 0, fact: 5 });
    expect(first(asked([inDoubt(EITHER, 6), rowOf()]))).toMatchObject({ verdict: EITHER, row: 0, fact: 6 });
  });

  test('behind a row that decides is never asked', () => {
    expect(first(asked([rowOf(), inDoubt(DENY, 5)]))).toMatchObject({ verdict: ALLOW, row: 0 });
  });

  test('that could only deny what nothing allows changes nothing', () => {
    expect(first(asked([inDoubt(DENY, 5)]))).toMatchObject({ verdict: DENY, row: NO_ROW, fact: CERTAIN });
  });
});

describe('a port that a gateway chose, any from 1024 to 65535', () => {
  const range = (rows: readonly RuleRow[]): Question => asked(rows, 1024, 65535);

  test('is allowed where every port is, by one row or by several', () => {
    const halves = [rowOf({ firstPortOrIcmp: 1000, lastPortOrIcmp: 30000 }), rowOf({ firstPortOrIcmp: 30001 })];
    expect(first(range([rowOf()]))).toMatchObject({ verdict: ALLOW, fact: CERTAIN });
    expect(first(range(halves))).toMatchObject({ verdict: ALLOW, fact: CERTAIN });
    expect(any(range(halves), NOBODY, [])).toMatchObject({ verdict: ALLOW, row: 0, fact: CERTAIN });
  });

  test('NACL-18: is open where only part of the ports is allowed, and the gateway is what is not known', () => {
    const part = rowOf({ firstPortOrIcmp: 32768, lastPortOrIcmp: 61000 });
    expect(first(range([part]))).toMatchObject({ verdict: EITHER, fact: PORT_FACT });
    expect(any(range([part]), NOBODY, [])).toMatchObject({ verdict: EITHER, row: 0, fact: PORT_FACT });
    const hole = rowOf({ action: DENY, firstPortOrIcmp: 3389, lastPortOrIcmp: 3389 });
    expect(first(range([hole, rowOf()]))).toMatchObject({ verdict: EITHER, row: 0, fact: PORT_FACT });
  });

  test('is denied where no port is allowed', () => {
    const below = rowOf({ lastPortOrIcmp: 1023 });
    expect(first(range([below]))).toMatchObject({ verdict: DENY });
    expect(any(range([below]), NOBODY, [])).toMatchObject({ verdict: DENY, row: NO_ROW });
  });

  test('is not allowed by two rows of which one needs a group that nobody carries', () => {
    const halves = [rowOf({ lastPortOrIcmp: 30000 }), rowOf({ firstPortOrIcmp: 30001, group: 2 })];
    expect(any(range(halves), NOBODY, [])).toMatchObject({ verdict: EITHER, fact: PORT_FACT });
    expect(any(range(halves), 0, [Int32Array.of(2)])).toMatchObject({ verdict: ALLOW });
  });
});

describe('SG-10: a row that names a group', () => {
  const rows = [rowOf({ group: 2 })];
  const groupsOf = [Int32Array.of(1, 2), Int32Array.of(1)];

  test('matches an interface that carries it and no other', () => {
    expect(any(asked(rows), 0, groupsOf)).toMatchObject({ verdict: ALLOW, row: 0 });
    expect(any(asked(rows), 1, groupsOf)).toMatchObject({ verdict: DENY, row: NO_ROW });
    expect(any(asked(rows), NOBODY, groupsOf)).toMatchObject({ verdict: DENY, row: NO_ROW });
  });

  test('leaves the answer open where who is there is not known, and names that fact', () => {
    const unknown = unknownHolder(HOLDER_FACT);
    expect(any(asked(rows), unknown, groupsOf)).toMatchObject({ verdict: EITHER, row: 0, fact: HOLDER_FACT });
    expect(any(asked([...rows, rowOf()]), unknown, groupsOf)).toMatchObject({ verdict: ALLOW, row: 1 });
  });
});

test('CT-03, OPEN-07: a rule from anywhere counts also behind a narrower one that matches', () => {
  const narrow = rowOf({ firstRank: 3, lastRank: 3 });
  const anywhere = rowOf({ anywhere: true });
  expect(any(asked([narrow, anywhere]), NOBODY, [])).toMatchObject({ verdict: ALLOW, row: 0, anywhere: true });
  expect(any(asked([narrow]), NOBODY, [])).toMatchObject({ verdict: ALLOW, anywhere: false });
  expect(any(asked([narrow, rowOf({ anywhere: true, fact: 5 })]), NOBODY, [])).toMatchObject({ anywhere: false });
  expect(any(asked([narrow, rowOf({ anywhere: true, protocol: 17 })]), NOBODY, [])).toMatchObject({ anywhere: false });
});

test('SG-12: a reference is lost where the sender that nobody sees any more carries the group', () => {
  const table = tableOf([rowOf({ group: 2, firstPortOrIcmp: 443, lastPortOrIcmp: 443 })]);
  const groupsOf = [Int32Array.of(2), Int32Array.of(1)];
  const seen = (forgottenSender: number, port = 443): boolean => {
    const packet = packetOf(asked([], port));
    packet.forgottenSender = forgottenSender;
    return lostReference(table, packet, { groupsOfInterface: groupsOf, doubtfulHolders: [] });
  };
  expect(seen(0)).toBe(true);
  expect(seen(0, 80)).toBe(false);
  expect(seen(1)).toBe(false);
  expect(seen(NOBODY)).toBe(false);
  expect(seen(unknownHolder(HOLDER_FACT))).toBe(false);
});

const PORTS = 6;
const anyRow = (groups: boolean): fc.Arbitrary<RuleRow> =>
  fc
    .record({
      ranks: fc.tuple(fc.nat(2), fc.nat(2)),
      group: groups ? fc.constantFrom(NO_GROUP, NO_GROUP, 0, 1) : fc.constant(NO_GROUP),
      protocol: fc.constantFrom(-1, 6, 6, 17),
      ports: fc.tuple(fc.nat(PORTS), fc.nat(PORTS)),
      action: fc.constantFrom(ALLOW, DENY),
      doubt: fc.constantFrom(false, false, true),
      isUnreadable: fc.boolean(),
      fact: fc.nat(9),
      anywhere: fc.boolean(),
    })
    .map(({ ranks, ports, doubt, isUnreadable, action, fact, ...row }) =>
      rowOf({
        ...row,
        firstRank: Math.min(...ranks),
        lastRank: Math.max(...ranks),
        firstPortOrIcmp: Math.min(...ports),
        lastPortOrIcmp: Math.max(...ports),
        action: groups ? ALLOW : doubt && isUnreadable ? EITHER : action,
        fact: doubt ? fact : CERTAIN,
      }),
    );

const anyQuestion = (groups: boolean): fc.Arbitrary<Question> =>
  fc
    .record({
      rows: fc.array(anyRow(groups), { maxLength: 5 }),
      rank: fc.nat(2),
      protocol: fc.constantFrom(6, 17),
      firstPort: fc.nat(PORTS),
      width: fc.oneof(fc.constant(0), fc.nat(PORTS)),
    })
    .map(({ firstPort, width, ...more }) => ({ ...more, firstPort, lastPort: Math.min(PORTS, firstPort + width) }));

function namedPorts({ firstPort, lastPort }: Question): number[] {
  return Array.from({ length: lastPort - firstPort + 1 }, (_, i) => firstPort + i);
}

/** Facts that an open answer may name: of rows that cover one of the ports, of the port where there are several, of the holder. */
function namedFacts(question: Question, holder = NOBODY): number[] {
  const ports = namedPorts(question);
  const touching = question.rows.filter((row) => ports.some((port) => covers(row, question, port)));
  return [
    ...touching.map(({ fact }) => fact).filter((fact) => fact !== CERTAIN),
    ...(ports.length > 1 ? [PORT_FACT] : []),
    ...(holder < NOBODY ? [HOLDER_FACT] : []),
  ];
}

test('first match is what every completion of the doubts agrees on, no more and no less', () => {
  fc.assert(
    fc.property(anyQuestion(false), fc.constantFrom(SOURCE, DESTINATION), (question, peer) => {
      const decision = first(question, peer);
      expect(decision.verdict).toBe(firstMatchOf(question));
      if (decision.verdict === EITHER) {
        expect(namedFacts(question)).toContain(decision.fact);
        return;
      }
      expect(decision.fact).toBe(CERTAIN);
      if (question.firstPort !== question.lastPort) return;
      const certain = question.rows.findIndex(
        (row) => row.fact === CERTAIN && covers(row, question, question.firstPort),
      );
      expect(decision.row).toBe(certain);
    }),
    { numRuns: 2000 },
  );
});

const anyHolder = fc.constantFrom(NOBODY, 0, 1, 2, unknownHolder(HOLDER_FACT));
const GROUPS_OF = [Int32Array.of(0), Int32Array.of(0, 1), Int32Array.of()];

test('any match is what every completion of the doubts agrees on, no more and no less', () => {
  fc.assert(
    fc.property(anyQuestion(true), anyHolder, (question, holder) => {
      const decision = any(question, holder, GROUPS_OF);
      expect(decision.verdict).toBe(anyMatchOf(question, holder, GROUPS_OF));
      if (decision.verdict === EITHER) expect(namedFacts(question, holder)).toContain(decision.fact);
      else expect(decision.fact).toBe(CERTAIN);
      if (decision.verdict === ALLOW) {
        const row = question.rows[decision.row]!;
        expect(row.fact).toBe(CERTAIN);
        expect(namedPorts(question).some((port) => covers(row, question, port))).toBe(true);
      }
      const certainly = (row: RuleRow): boolean =>
        row.fact === CERTAIN &&
        [question.firstPort, question.lastPort].every((port) => covers(row, question, port)) &&
        (row.group === NO_GROUP || (holder >= 0 && GROUPS_OF[holder]!.includes(row.group)));
      expect(decision.anywhere).toBe(question.rows.some((row) => row.anywhere && certainly(row)));
    }),
    { numRuns: 2000 },
  );
});
