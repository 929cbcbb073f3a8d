/** SG-10 to SG-14: whom an outbound rule that names a group means, where it is not known who is there or which way the packet goes. */

import { expect, test } from 'vitest';
import type { Drawing, Routes } from '../support/drawing.ts';
import { blockers, walk } from './walks.ts';

const IN = ['all from 0.0.0.0/0'];

/**
 * A in P may send to members of `a` and `y` only. VPC X has the routes given for P, M and N (`a`), and nobody at .99. VPC Y, behind the
 * peering `xy`, has C (`y`) and D (`z`, with 10.1.1.64/28), and nobody at .99. The appliances M and N do nobody knows what.
 */
function peered(routes: Routes, more: Drawing = {}, region = 'us-east-1'): Drawing {
  return {
    vpcs: {
      X: {
        vpc: '10.0.0.0/16',
        region: 'us-east-1',
        subnets: { P: { cidr: '10.0.1.0/24', routes }, Q: { cidr: '10.0.2.0/24' } },
        groups: { a: { in: IN, out: ['all to sg-y', 'all to sg-a'] } },
        nats: { G: { subnet: 'Q', address: '10.0.2.5' } },
        enis: {
          A: { subnet: 'P', address: '10.0.1.10', groups: ['a'] },
          M: { subnet: 'Q', address: '10.0.2.10', groups: ['a'], check: false },
          N: { subnet: 'Q', address: '10.0.2.11', groups: ['a'], check: false },
        },
      },
      Y: {
        vpc: '10.1.0.0/16',
        region,
        subnets: { R: { cidr: '10.1.1.0/24', routes: { '10.0.0.0/16': 'pcx-xy' } } },
        groups: { y: { in: IN }, z: { in: IN } },
        enis: {
          C: { subnet: 'R', address: '10.1.1.30', groups: ['y'] },
          D: { subnet: 'R', address: '10.1.1.31', delegated: '10.1.1.64/28', groups: ['z'] },
        },
      },
    },
    peerings: { XY: { from: 'X', to: 'Y' } },
    ...more,
  };
}

const PEERING = { '10.1.0.0/16': 'pcx-xy' };
const UNLISTED: Drawing = { incomplete: ['networkInterfaces'] };
const NO_TABLE: Drawing = { absent: ['rtb-p'], incomplete: ['routeTables'] };
const LISTS: Drawing = { prefixLists: { one: ['10.1.0.0/16'], two: ['10.1.0.0/16'] } };

const cases: readonly (readonly [string, Drawing, string, 'delivered' | 'dropped' | 'unknown'])[] = [
  ['SG-10: to a listed neighbour', peered({}, UNLISTED), '10.0.2.11', 'delivered'],
  ['SG-10: to one who may be left out of the list', peered({}, UNLISTED), '10.0.2.99', 'unknown'],
  [
    'SG-10: to one of the own subnet who may be left out',
    peered({ '10.0.1.0/24': 'eni-m' }, UNLISTED),
    '10.0.1.99',
    'unknown',
  ],
  ['SG-11: by an appliance, whoever is there', peered({ '10.0.2.0/24': 'eni-m' }, UNLISTED), '10.0.2.99', 'dropped'],
  ['SG-11: perhaps by an appliance', peered({ unreadable: 'eni-m' }), '10.0.2.11', 'unknown'],
  ['SG-11: perhaps by an appliance that is the target', peered({ unreadable: 'eni-n' }), '10.0.2.11', 'unknown'],
  ['SG-12: perhaps by a NAT gateway', peered({ unreadable: 'nat-g' }), '10.0.2.11', 'unknown'],
  ['SG-12: by a NAT gateway, whoever is there', peered({ '10.1.0.0/16': 'nat-g' }, UNLISTED), '10.1.1.99', 'dropped'],
  ['SG-14: over the peering', peered(PEERING, UNLISTED), '10.1.1.30', 'delivered'],
  [
    'SG-14: over the peering, to one who may be left out of the list',
    peered(PEERING, UNLISTED),
    '10.1.1.99',
    'unknown',
  ],
  ['SG-14: to another Region, whoever is there', peered(PEERING, UNLISTED, 'eu-west-1'), '10.1.1.99', 'dropped'],
  ['SG-14: perhaps over the peering', peered({ unreadable: 'pcx-xy' }), '10.1.1.30', 'unknown'],
  ['SG-14: perhaps over the peering, by a list', peered({ 'pl-lost': 'pcx-xy' }), '10.1.1.30', 'unknown'],
  [
    'SG-14, OPEN-13: over the peering or not',
    peered({ 'pl-one': 'nat-g', 'pl-two': 'pcx-xy' }, LISTS),
    '10.1.1.30',
    'unknown',
  ],
  [
    'SG-10: perhaps over the peering, to one who is in neither group',
    peered({ unreadable: 'pcx-xy' }),
    '10.1.1.31',
    'dropped',
  ],
  [
    'SG-10: to one of the own subnet who may be left out, whatever list a route names',
    peered({ 'pl-part': 'eni-m' }, { ...UNLISTED, prefixLists: { part: ['10.0.1.96/28'] } }),
    '10.0.1.99',
    'unknown',
  ],
  [
    'OPEN-06: to a delegated prefix of one in neither group, of which a route names a part',
    peered({ ...PEERING, 'pl-part': 'pcx-xy' }, { ...UNLISTED, prefixLists: { part: ['10.1.1.68/30'] } }),
    '10.1.1.69',
    'dropped',
  ],
  ['SG-10: by a table that is not there, to a member', peered(PEERING, NO_TABLE), '10.1.1.30', 'unknown'],
  [
    'SG-10: by a table that is not there, to one who is in neither group',
    peered(PEERING, NO_TABLE),
    '10.1.1.31',
    'dropped',
  ],
];

for (const [name, drawing, destination, expected] of cases) {
  test(`${name}: ${expected}`, () => {
    const trace = walk(drawing, `tcp 10.0.1.10:40000 > ${destination}:443`);
    expect(trace.verdict).toBe(expected);
    if (expected === 'dropped') {
      expect(blockers(trace.forward)[0]).toBe('security-group-out sg-a ENI_SG_RULES_MISMATCH');
    }
  });
}
