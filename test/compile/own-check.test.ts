/** The source/dest check of an interface, written when it is asked (CMP-01, RT-19). */

import { expect, test } from 'vitest';
import { ranksOf } from '../../src/compile/address-space.ts';
import { ownPrefixes } from '../../src/compile/names.ts';
import { ownCheck } from '../../src/compile/own-check.ts';
import { ALLOW, DENY, DESTINATION, SOURCE } from '../../src/compile/rule-table.ts';
import { builderOf } from './drawn-builder.ts';

const drawing = {
  vpc: '10.0.0.0/16',
  subnets: { P: { cidr: '10.0.1.0/24' } },
  groups: { web: {} },
  enis: {
    A: { subnet: 'P', address: '10.0.1.10', groups: ['web'] },
    B: { subnet: 'P', address: '10.0.1.11', groups: ['web'] },
  },
};

test.each([
  ['source', SOURCE],
  ['destination', DESTINATION],
])('allows a %s that is an address of the interface, and denies every other', (called, end) => {
  const b = builderOf(drawing);
  b.network.networkInterfaces.forEach((eni, index) => {
    const { peer, rows, origins, resources } = ownCheck(b, index, end);
    expect(peer).toBe(end);
    expect(resources).toEqual([eni.id]);
    const own = ownPrefixes(eni).map((prefix) => ranksOf(b.space, prefix));
    expect(rows.map(({ firstRank, lastRank, action }) => [firstRank, lastRank, action])).toEqual([
      ...own.map(({ first, last }) => [first, last, ALLOW]),
      [0, b.space.size - 1, DENY],
    ]);
    expect(rows.map(({ origin }) => origins[origin]!.text)).toEqual([
      ...own.map(() => 'its own address'),
      `${called} is not its own address`,
    ]);
  });
});

test('is written once: who asks again gets the same rows', () => {
  const table = ownCheck(builderOf(drawing), 0, SOURCE);
  expect(table.rows).toBe(table.rows);
  expect(table.origins).toBe(table.origins);
});
