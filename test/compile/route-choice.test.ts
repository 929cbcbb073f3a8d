/** Which route of a table serves an address: RT-04 (length), RT-05 (kind), RT-06 (local first), and what AWS does not follow. */

import { describe, expect, test } from 'vitest';
import { assumptionIds } from '../../src/compile/assumption.ts';
import { find, NOTHING } from '../../src/compile/lookup.ts';
import { chosenRoutes, destinationWords, targetWords } from '../../src/compile/route-choice.ts';
import { parseAddress } from '../../src/net/address-text.ts';
import type { Drawing, Routes } from '../support/drawing.ts';
import { builderOf } from './drawn-builder.ts';

const PREFIX_LISTS = {
  b: ['203.0.113.0/24', '10.0.5.0/24'],
  a: ['203.0.113.0/25', '203.0.113.0/24'],
  same: ['203.0.113.0/24'],
  lost: null,
};

function drawn(routes: Routes, more: Drawing = {}): Drawing {
  return {
    vpc: ['10.0.0.0/16', '2001:db8:1::/56'],
    subnets: { P: { cidr: '10.0.1.0/24', routes } },
    prefixLists: PREFIX_LISTS,
    ...more,
  };
}

/** `0.0.0.0/0 igw-1`, with `or DESTINATION TARGET` for each rival and the readings that the choice rests on. */
function serving(routes: Routes, address: string, more: Drawing = {}): string {
  const b = builderOf(drawn(routes, more));
  const chosen = chosenRoutes(b, b.names.subnet.get('subnet-p')!)!;
  const index = find(chosen.lookup, b.rank(parseAddress(address)));
  if (index === NOTHING) return 'none';
  const { route, rivals, assumptions } = chosen.choices[index]!;
  if (route === null) return ['nothing left', ...assumptionIds(assumptions)].join(' ');
  const told = [route, ...rivals].map((r) => `${destinationWords(r)} ${targetWords(r)}`).join(' or ');
  return [told, ...assumptionIds(assumptions)].join(' ');
}

describe('RT-04: the longest prefix wins', () => {
  const routes = { '0.0.0.0/0': 'igw', '172.31.0.0/16': 'pcx-1', '172.31.5.0/24': 'nat-g' };
  test.each([
    ['172.31.5.5', '172.31.5.0/24 nat-g'],
    ['172.31.6.5', '172.31.0.0/16 pcx-1'],
    ['172.32.0.1', '0.0.0.0/0 igw-1'],
    ['10.0.2.2', '10.0.0.0/16 local'],
    ['2001:db8:1::5', '2001:db8:1::/56 local'],
    ['2001:db8:2::5', 'none'],
  ])('%s by %s', (address, route) => expect(serving(routes, address)).toBe(route));

  test('PKT-01: a v4 default route serves no v6 address', () => {
    expect(serving({ '0.0.0.0/0': 'igw' }, '2001:db8:ffff::1')).toBe('none');
    expect(serving({ '::/0': 'eigw' }, '203.0.113.1')).toBe('none');
  });
});

describe('RT-05: of equal prefixes', () => {
  test.each<readonly [routes: Routes, route: string]>([
    [{ '203.0.113.0/24': ['vgw-1 propagated', 'igw'] }, '203.0.113.0/24 igw-1'],
    [{ 'pl-same': 'nat-g', '203.0.113.0/24': 'vgw-1 propagated' }, 'pl-same nat-g'],
    [{ 'pl-same': 'nat-g', '203.0.113.0/24': 'igw' }, '203.0.113.0/24 igw-1'],
    [{ '203.0.113.0/24': 'vgw-1 propagated' }, '203.0.113.0/24 vgw-1'],
  ])('%j: %s', (routes, route) => expect(serving(routes, '203.0.113.200')).toBe(route));
});

describe('RT-10, OPEN-13: a prefix list stands for a route an entry', () => {
  test('and entries of two lists that are equal prefixes are rivals, the lowest id first', () => {
    expect(serving({ 'pl-b': 'nat-g', 'pl-a': 'igw' }, '203.0.113.200')).toBe('pl-a igw-1 or pl-b nat-g');
    expect(serving({ 'pl-b': 'nat-g', 'pl-a': 'igw', 'pl-same': 'pcx-1' }, '203.0.113.200')).toBe(
      'pl-a igw-1 or pl-b nat-g or pl-same pcx-1',
    );
  });

  test('of which the longer prefix wins as always', () => {
    expect(serving({ 'pl-b': 'nat-g', 'pl-a': 'igw' }, '203.0.113.7')).toBe('pl-a igw-1');
  });

  test('and lists that lead to the same target are no rivals', () => {
    expect(serving({ 'pl-b': 'igw', 'pl-a': 'igw' }, '203.0.113.200')).toBe('pl-a igw-1');
    expect(serving({ 'pl-b': 'igw blackhole', 'pl-a': 'igw' }, '203.0.113.200')).toBe('pl-a igw-1 or pl-b igw-1');
  });

  test('and one whose entries are not known may serve anything', () => {
    const b = builderOf(drawn({ 'pl-lost': 'igw', 'pl-nowhere': 'nat-g', unreadable: 'pcx-1' }));
    const { maybes, lookup } = chosenRoutes(b, 0)!;
    expect(maybes.map(({ route, fact }) => [targetWords(route), b.facts[fact]!.key])).toEqual([
      ['igw-1', 'prefix-list:pl-lost'],
      ['nat-g', 'prefix-list:pl-nowhere'],
      ['pcx-1', 'route-match:rtb-p:at drawing.json#/rtb-p/routes/4'],
    ]);
    expect(find(lookup, b.rank(parseAddress('203.0.113.7')))).toBe(NOTHING);
  });
});

describe('RT-06, OPEN-12: a propagated route never beats the local one', () => {
  test.each([
    ['10.0.2.0/24', '10.0.2.20', '10.0.0.0/16 local OPEN-12'],
    ['10.0.0.0/16', '10.0.2.20', '10.0.0.0/16 local'],
    ['2001:db8:1:2::/64', '2001:db8:1:2::5', '2001:db8:1::/56 local OPEN-12'],
    // Wider than the VPC it serves what is not local.
    ['10.0.0.0/8', '10.0.2.20', '10.0.0.0/16 local'],
    ['10.0.0.0/8', '10.9.0.1', '10.0.0.0/8 vgw-1'],
  ])('%s propagated, %s: %s', (destination, address, route) => {
    expect(serving({ [destination]: 'vgw-1 propagated' }, address)).toBe(route);
  });

  test('and is no other name for it: beside a propagated route to the block the local one is there', () => {
    expect(serving({ '10.0.0.0/16': ['local', 'vgw-1 propagated'] }, '10.0.2.20')).toBe('10.0.0.0/16 local');
  });

  test('RT-07: a static route to a subnet does', () => {
    expect(serving({ '10.0.2.0/24': 'eni-f' }, '10.0.2.20')).toBe('10.0.2.0/24 eni-f');
  });

  test('also a static route that is as long as a propagated one', () => {
    expect(serving({ '10.0.2.0/24': ['vgw-1 propagated', 'eni-f'] }, '10.0.2.20')).toBe('10.0.2.0/24 eni-f');
  });
});

describe('OPEN-14', () => {
  test('a blackhole serves its destinations, and that nothing wider takes over is a reading', () => {
    expect(serving({ '203.0.113.0/24': 'nat-g blackhole', '0.0.0.0/0': 'igw' }, '203.0.113.7')).toBe(
      '203.0.113.0/24 nat-g OPEN-14',
    );
    expect(serving({ '203.0.113.0/24': 'nat-g blackhole' }, '203.0.113.7')).toBe('203.0.113.0/24 nat-g');
  });

  test('a filtered route is not followed: what is wider takes over, and that is a reading', () => {
    expect(serving({ '203.0.113.0/24': 'nat-g filtered', '0.0.0.0/0': 'igw' }, '203.0.113.7')).toBe(
      '0.0.0.0/0 igw-1 OPEN-14',
    );
    expect(serving({ '203.0.113.0/24': 'nat-g filtered', '0.0.0.0/0': 'igw' }, '203.0.114.7')).toBe('0.0.0.0/0 igw-1');
    expect(serving({ '203.0.113.0/24': 'nat-g filtered' }, '203.0.113.7')).toBe('nothing left OPEN-14');
  });

  test('a filtered route beside one that is followed changes nothing', () => {
    expect(serving({ '203.0.113.0/24': ['nat-g filtered', 'igw'] }, '203.0.113.7')).toBe('203.0.113.0/24 igw-1');
  });

  test('a filtered route of a prefix list is not followed for any of its entries', () => {
    const routes = { 'pl-b': 'nat-g filtered', '0.0.0.0/0': 'igw' };
    expect(serving(routes, '203.0.113.7')).toBe('0.0.0.0/0 igw-1 OPEN-14');
    expect(serving(routes, '10.0.5.5')).toBe('10.0.0.0/16 local OPEN-14');
    expect(serving(routes, '198.51.100.1')).toBe('0.0.0.0/0 igw-1');
    expect(chosenRoutes(builderOf(drawn({ 'pl-lost': 'igw filtered' })), 0)!.maybes).toEqual([]);
  });
});

describe('RT-03: local routes', () => {
  test('that the input leaves out are there, one for each block (LDR-06)', () => {
    const b = builderOf(drawn({}));
    const routeTables = b.network.routeTables.map((table) => ({ ...table, routes: [] }));
    const bare = builderOf(drawn({}));
    const { choices } = chosenRoutes(Object.assign(bare, { network: { ...b.network, routeTables } }), 0)!;
    expect(choices.map(({ route }) => `${destinationWords(route!)} ${targetWords(route!)}`)).toEqual([
      '10.0.0.0/16 local',
      '2001:db8:1::/56 local',
    ]);
  });

  test('RT-08: one whose target was replaced is not added again', () => {
    expect(serving({ '10.0.0.0/16': 'eni-f' }, '10.0.2.20')).toBe('10.0.0.0/16 eni-f');
  });
});

describe('RT-01: the table of a subnet', () => {
  const unnamed: Drawing = {
    vpc: '10.0.0.0/16',
    subnets: { P: { cidr: '10.0.1.0/24' } },
    mainRoutes: { '0.0.0.0/0': 'igw' },
  };

  test('is the main one where no table names the subnet', () => {
    expect(chosenRoutes(builderOf(unnamed), 0)?.table.id).toBe('rtb-main-1');
  });

  test('is not known where the list of tables was cut off: one that is missing may name the subnet', () => {
    expect(chosenRoutes(builderOf({ ...unnamed, incomplete: ['routeTables'] }), 0)).toBeNull();
    expect(chosenRoutes(builderOf({ ...unnamed, unread: ['routeTables'] }), 0)).toBeNull();
    expect(chosenRoutes(builderOf(drawn({}, { incomplete: ['routeTables'] })), 0)?.table.id).toBe('rtb-p');
  });
});
