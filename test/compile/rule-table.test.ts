/** What a table knows of its rows as a whole: which flows it leaves untracked (CT-03), and whether anyone's groups matter. */

import { describe, expect, test } from 'vitest';
import { groupRules } from '../../src/compile/group-rules.ts';
import { naclRules } from '../../src/compile/nacl-rules.ts';
import { ALLOW, CERTAIN, DENY, EITHER, NO_GROUP, openBit, type RuleTable } from '../../src/compile/rule-table.ts';
import type { GroupDrawing, NaclDrawing } from '../support/drawing.ts';
import { builderOf } from './drawn-builder.ts';

function outbound(out: readonly string[], more: Partial<GroupDrawing> = {}): RuleTable {
  const b = builderOf({
    vpc: '10.0.0.0/16',
    groups: { a: { out, ...more }, web: {} },
    prefixLists: { office: ['198.51.100.0/24', '203.0.113.0/24'], unlisted: null },
  });
  return groupRules(b, ['sg-a'], 'eni-a', 'out');
}

const TCP4 = openBit(false, false);
const UDP4 = openBit(false, true);
const TCP6 = openBit(true, false);
const UDP6 = openBit(true, true);

describe('CT-03, CT-05: what is open to anywhere on all ports', () => {
  test.each<readonly [rules: readonly string[], bits: number]>([
    [['all to 0.0.0.0/0'], TCP4 | UDP4],
    [['all to ::/0'], TCP6 | UDP6],
    [['tcp/0-65535 to 0.0.0.0/0'], TCP4],
    [['tcp to 0.0.0.0/0', 'udp to ::/0'], TCP4 | UDP6],
    [['tcp/1-65535 to 0.0.0.0/0'], 0],
    [['tcp/0-65534 to 0.0.0.0/0'], 0],
    [['icmp to 0.0.0.0/0', '50 to 0.0.0.0/0'], 0],
    // OPEN-07: one literal rule with all ports, nothing that only amounts to it.
    [['all to 0.0.0.0/1', 'all to 128.0.0.0/1'], 0],
    [['tcp/0-1023 to 0.0.0.0/0', 'tcp/1024-65535 to 0.0.0.0/0'], 0],
    [['all to pl-office', 'all to sg-web'], 0],
    [[], 0],
  ])('%j', (rules, bits) => {
    expect(outbound(rules).openToAll).toBe(bits);
  });

  test('a rule that could not be read opens nothing for certain', () => {
    expect(outbound(['unreadable to 0.0.0.0/0']).openToAll).toBe(0);
    expect(outbound([], { gaps: ['out'] }).openToAll).toBe(0);
  });
});

test('SG-20: a prefix list is a row an entry, and one row on a missing fact where its entries are not known', () => {
  const known = outbound(['tcp/443 to pl-office']);
  expect(known.rows).toHaveLength(2);
  expect(known.rows.every(({ fact, anywhere }) => fact === CERTAIN && !anywhere)).toBe(true);
  const unknown = outbound(['tcp/443 to pl-unlisted']);
  expect(unknown.rows).toMatchObject([{ firstPortOrIcmp: 443, lastPortOrIcmp: 443 }]);
  expect(unknown.rows[0]!.fact).not.toBe(CERTAIN);
});

test('SG-16: a stale rule has no row', () => {
  expect(outbound(['tcp/443 to sg-web via pcx-1 deleted']).rows).toEqual([]);
  expect(outbound(['tcp/443 to sg-web via pcx-1 active']).hasGroups).toBe(true);
});

test('SG-10: only rules that name a group ask who is at the other end', () => {
  expect(outbound(['tcp/443 to sg-web']).rows[0]!.group).not.toBe(NO_GROUP);
  expect(outbound(['all to 0.0.0.0/0']).hasGroups).toBe(false);
});

test('a group that the snapshot lacks may allow anything, and so may whatever groups an interface has', () => {
  const b = builderOf({ vpc: '10.0.0.0/16' });
  for (const table of [groupRules(b, ['sg-nowhere'], 'eni-a', 'in'), groupRules(b, [], 'eni-a', 'in')]) {
    expect(table.rows).toHaveLength(1);
    expect(table.rows[0]).toMatchObject({ firstRank: 0, lastRank: b.space.size - 1, action: ALLOW });
    expect(table.rows[0]!.fact).not.toBe(CERTAIN);
  }
  expect(b.facts.map(({ key }) => key)).toEqual(['group-rules:sg-nowhere', 'groups-of:eni-a']);
});

test('groups whose ids contain each other are different groups', () => {
  const b = builderOf({
    vpc: '10.0.0.0/16',
    groups: { 'a sg-b': { in: ['tcp/1 from 0.0.0.0/0'] }, a: {}, b: {} },
  });
  const one = groupRules(b, ['sg-a sg-b'], 'eni-a', 'in');
  const two = groupRules(b, ['sg-a', 'sg-b'], 'eni-b', 'in');
  expect(one.rows).toHaveLength(1);
  expect(two.rows).toHaveLength(0);
});

function inbound(nacl: NaclDrawing): RuleTable {
  const b = builderOf({ vpc: '10.0.0.0/16', subnets: { P: { cidr: '10.0.1.0/24', nacl } } });
  return naclRules(b, b.network.networkAcls.find(({ id }) => id === 'acl-p')!, 'in');
}

const rules = (table: RuleTable): string[] => table.rows.map(({ origin }) => table.origins[origin]!.rule);

test('NACL-02, NACL-04: entries stand in the order of their numbers, the hidden closing ones are called *', () => {
  const table = inbound({ in: ['200 allow all 0.0.0.0/0', '90 deny tcp/22 0.0.0.0/0'] });
  expect(rules(table)).toEqual(['90', '200', '*', '*']);
  expect(table.rows.map(({ action }) => action)).toEqual([DENY, ALLOW, DENY, DENY]);
});

test('an entry that could not be read stands in its place, before a readable one of its number', () => {
  const table = inbound({
    in: ['50 unreadable', '100 allow all 0.0.0.0/0', '100 deny unreadable', '300 allow unreadable'],
  });
  expect(rules(table)).toEqual(['50', '100', '100', '300', '*', '*']);
  expect(table.rows.map(({ action }) => action)).toEqual([EITHER, DENY, ALLOW, ALLOW, DENY, DENY]);
  expect(table.rows.map(({ fact }) => fact === CERTAIN)).toEqual([false, false, true, false, true, true]);
});

test('an entry whose number could not be read stands first', () => {
  expect(rules(inbound({ in: ['0 deny unreadable', '1 allow all 0.0.0.0/0'] }))).toEqual(['?', '1', '*', '*']);
});
