/** What holds of every compiled network: no stage is missing, none lacks a field, no bound is forgotten. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Compiled, compile } from '../../src/compile/compile.ts';
import { CERTAIN } from '../../src/compile/rule-table.ts';
import {
  DELIVER,
  DROP,
  FILTER,
  GATEWAY_IN,
  GATEWAY_OUT,
  GROUPS,
  LOOKUP,
  NO_STAGE,
  type Stage,
  UNKNOWN,
} from '../../src/compile/stage.ts';
import { drawings } from '../support/arbitrary-networks.ts';
import { networkOf } from '../support/network.ts';

const FIELDS = [
  'kind',
  'role',
  'place',
  'next',
  'otherwise',
  'rules',
  'opposite',
  'identities',
  'lookup',
  'entries',
  'end',
  'host',
  'effects',
  'assumptions',
  'code',
  'origin',
  'text',
] as const satisfies readonly (keyof Stage)[];

/** Everything about the graph that should not be so. */
function faults(compiled: Compiled): readonly string[] {
  const { stages, places, facts, space, entrances, network, gateways } = compiled;
  const shapes = new Map<number, string>();
  const isStage = (id: number): boolean => id >= 0 && id < stages.length;
  const isFact = (fact: number): boolean => fact >= 0 && fact < facts.length;
  const found: string[] = [];
  for (const [id, it] of stages.entries()) {
    const must = (holds: boolean, what: string): void => {
      if (!holds) found.push(`stage ${id}, ${it.role} of kind ${it.kind}: ${what}`);
    };
    const shape = Object.keys(it).join();
    must((shapes.get(it.kind) ?? shape) === shape, 'another shape than others of its kind');
    shapes.set(it.kind, shape);
    for (const field of FIELDS) must(it[field] !== undefined, `no ${field}`);
    must(it.text !== 'a stage that was never written', 'never written');
    must(places[it.place] !== undefined, 'no place');
    must(nextOf(it).every(isStage), 'leads nowhere');
    for (const { firstRank, lastRank, fact, origin } of it.rules.rows) {
      must(0 <= firstRank && firstRank <= lastRank && lastRank < space.size, `row of ranks ${firstRank}-${lastRank}`);
      must(fact === CERTAIN || isFact(fact), `row on fact ${fact}`);
      must(it.rules.origins[origin] !== undefined, `row from ${origin}`);
    }
    must(
      it.lookup.values.every((value) => value < it.entries.length),
      'finds no entry',
    );
    for (const { alternatives, fact } of it.entries) {
      must(
        alternatives.every((other) => it.entries[other] !== undefined),
        'alternative that is no entry',
      );
      must(alternatives.length === 0 || isFact(fact), 'alternatives on no fact');
    }
    must(it.kind !== UNKNOWN || isFact(it.host), 'no fact');
    must(it.kind !== GROUPS || network.networkInterfaces[it.host] !== undefined, 'no interface');
    must((it.kind !== GATEWAY_IN && it.kind !== GATEWAY_OUT) || gateways[it.host] !== undefined, 'no gateway');
    must(it.kind !== DROP || it.code !== null, 'no code');
  }
  const { internet, leaveInterface, leaveAsItself, ways } = entrances;
  const starts = [internet, ...leaveInterface, ...leaveAsItself, ...ways];
  return [...found, ...starts.filter((start) => !isStage(start)).map((start) => `starts at ${start}`)];
}

/** Where a stage may send a packet on. */
function nextOf(it: Stage): readonly number[] {
  switch (it.kind) {
    case FILTER:
    case GROUPS:
    case GATEWAY_OUT:
      return [it.next];
    case GATEWAY_IN:
      return [it.next, it.otherwise];
    case LOOKUP:
      return [it.next, ...it.entries.map(({ next }) => next)];
    case DELIVER:
      return it.next === NO_STAGE ? [] : [it.next];
    default:
      return [];
  }
}

test('an empty network compiles', () => {
  expect(faults(compile(networkOf({})))).toEqual([]);
});

describe.each([false, true])('a random network (facts missing: %s)', (hasGaps) => {
  test('compiles to stages of whole fields that lead to stages, rows within the space, and facts that exist', () => {
    fc.assert(
      fc.property(drawings({ hasGaps }), (drawing) => {
        expect(faults(compile(networkOf(drawing)))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

test('interfaces with equal groups share one list of them, in ascending order', () => {
  const { groupsOfInterface, names } = compile(
    networkOf({
      vpc: '10.0.0.0/16',
      subnets: { P: { cidr: '10.0.1.0/24' } },
      groups: { web: {}, db: {} },
      enis: {
        A: { subnet: 'P', address: '10.0.1.10', groups: ['web', 'db'] },
        B: { subnet: 'P', address: '10.0.1.11', groups: ['db', 'web'] },
        C: { subnet: 'P', address: '10.0.1.12', groups: ['db'] },
      },
    }),
  );
  expect(groupsOfInterface[0]).toBe(groupsOfInterface[1]);
  expect(groupsOfInterface[2]).not.toBe(groupsOfInterface[0]);
  expect([...groupsOfInterface[0]!]).toEqual([names.group.get('sg-db')!, names.group.get('sg-web')!].sort());
});

test('NAT-02: a gateway offers its primary address first, a regional one its public addresses', () => {
  const network = networkOf({
    vpc: '10.0.0.0/16',
    igw: true,
    subnets: {
      Q: { cidr: '10.0.2.0/24', routes: { '0.0.0.0/0': 'nat-z', '203.0.113.0/24': 'nat-r' } },
      N: { cidr: '10.0.9.0/24' },
    },
    nats: {
      Z: { subnet: 'N', address: ['10.0.9.5', '10.0.9.6'] },
      R: { public: ['198.51.100.1', '198.51.100.2'] },
    },
  });
  const turned = {
    ...network,
    natGateways: network.natGateways.map((nat) => ({ ...nat, addresses: [...nat.addresses].reverse() })),
  };
  const { gateways, facts } = compile(turned);
  const addresses = new Map(gateways.map(({ id, addresses: own }) => [id, own.map(({ address }) => address.w0 & 255)]));
  expect(addresses.get('nat-z')).toEqual([5, 6]);
  expect(addresses.get('nat-r')).toEqual([1, 2]);
  expect(gateways.map(({ addressFact }) => facts[addressFact]!.key)).toEqual(
    gateways.map(({ id }) => `nat-address:${id}`),
  );
});
