/** One record described more than once: by several accounts that share it, in several files, or twice by mistake. */

import { describe, expect, test } from 'vitest';
import { load, loadFiles, problemsOf, routeTable, subnet } from '../support/documents.ts';

const OWNER = '111122223333';
const GUEST = '444455556666';

test('equal descriptions are one record', () => {
  const network = load({ Subnets: [subnet(), subnet()] });
  expect(network.subnets).toHaveLength(1);
  expect(problemsOf(network)).toEqual([]);
});

test('of a shared subnet the owner’s view counts, and a guest’s poorer one is no problem', () => {
  for (const [owner, guest] of [
    ['a', 'b'],
    ['b', 'a'],
  ] as const) {
    const network = loadFiles({
      [`${owner}/${OWNER}/s.json`]: { Subnets: [subnet({ OwnerId: OWNER, CidrBlock: '10.0.1.0/24' })] },
      [`${guest}/${GUEST}/s.json`]: {
        Subnets: [
          subnet({
            OwnerId: OWNER,
            CidrBlock: '10.0.1.0/25',
            Tags: [{ Key: 'Name', Value: 'a long name that makes it longer' }],
          }),
        ],
      },
    });
    expect(network.subnets).toMatchObject([
      { account: OWNER, cidrs: [{ length: 24 }], origin: { file: `${owner}/${OWNER}/s.json` } },
    ]);
    expect(problemsOf(network)).toEqual([]);
  }
});

test('where no view is the owner’s, the one that says more counts', () => {
  const routes = [{ DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local' }];
  const network = loadFiles({
    'a.json': { RouteTables: [routeTable({ Routes: [] })] },
    'b.json': { RouteTables: [routeTable({ Routes: routes })] },
  });
  expect(network.routeTables[0]?.routes).toHaveLength(1);
  expect(problemsOf(network)).toEqual([]);
});

describe('a contradiction', () => {
  const files = {
    'a.json': { Subnets: [subnet({ CidrBlock: '10.0.1.0/24' })] },
    'b.json': { Subnets: [subnet({ CidrBlock: '10.0.2.0/24' })] },
  };

  test('is a warning that names both places and what differs', () => {
    expect(problemsOf(loadFiles(files))).toEqual([
      'warning subnet "subnet-1" is described differently in a.json#/Subnets/0, which is used (cidrs) at b.json#/Subnets/0',
    ]);
  });

  test('is settled the same way in any order of files', () => {
    const backwards = { 'b.json': files['b.json'], 'a.json': files['a.json'] };
    expect(JSON.stringify(loadFiles(backwards))).toBe(JSON.stringify(loadFiles(files)));
  });
});
