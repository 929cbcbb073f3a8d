/** Laws of the difference of two networks: what it says of every packet, and how differences relate to each other. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DiffOptions } from '../../src/explain/diff.ts';
import type { DiffAnswer, DiffGroup } from '../../src/explain/diff-answer.ts';
import { changeBetween } from '../../src/explain/diff-records.ts';
import { createNet } from '../../src/explain/net.ts';
import { KINDS, type Network } from '../../src/model/network.ts';
import { mutated, mutations } from '../support/arbitrary-mutations.ts';
import { drawings } from '../support/arbitrary-networks.ts';
import { networkOf } from '../support/network.ts';
import { withTwins } from '../support/twins.ts';
import { disagreements } from './diff-agreement.ts';

/** A random network, and the same after a few random edits. */
const pairs = fc
  .tuple(drawings({ hasGaps: true }), mutations())
  .map(([drawing, plans]): readonly [Network, Network] => {
    const network = networkOf(drawing);
    return [network, mutated(network, plans)];
  });

function difference([before, after]: readonly [Network, Network], options?: DiffOptions): DiffAnswer {
  return createNet(before).diff(createNet(after), options);
}

test('a network does not differ from itself', () => {
  fc.assert(
    fc.property(drawings({ hasGaps: true }), (drawing) => {
      const network = networkOf(drawing);
      const answer = difference([network, networkOf(drawing)], { exhaustive: true });
      expect([answer.groups, answer.resources]).toEqual([[], []]);
      expect(answer.pairs.changed).toBe(0);
    }),
    { numRuns: 15 },
  );
});

test('the other way round, what was opened is closed', () => {
  let seen = 0;
  fc.assert(
    fc.property(pairs, ([before, after]) => {
      const there = difference([before, after]).groups;
      seen += there.length;
      expect(difference([after, before]).groups.map(mirrored).sort(byText)).toEqual(there.map(essence).sort(byText));
    }),
    { numRuns: 25 },
  );
  expect(seen).toBeGreaterThan(3);
});

test('places that no difference can touch need no comparison', () => {
  fc.assert(
    fc.property(pairs, (pair) => {
      const everything = difference(pair, { exhaustive: true });
      const narrowed = difference(pair);
      expect(narrowed.groups.map(essence)).toEqual(everything.groups.map(essence));
      expect(narrowed.pairs.changed).toBe(everything.pairs.changed);
    }),
    { numRuns: 30 },
  );
});

test('so it is between edits of rules, one after the other', () => {
  let changed = 0;
  const edits = fc.array(fc.record({ rule: fc.nat(), group: fc.nat(), isRemoved: fc.boolean() }), {
    minLength: 2,
    maxLength: 4,
  });
  fc.assert(
    fc.property(drawings({ hasGaps: false }), edits, (drawing, plans) => {
      const network = withTwins(networkOf(drawing));
      const rules = network.securityGroups.flatMap((group) => group.rules);
      if (rules.length === 0) return;
      const nets = [createNet(network)];
      for (const { rule, group, isRemoved } of plans) {
        const before = nets.at(-1)!;
        const { id, direction, traffic, peer } = rules[rule % rules.length]!;
        if (traffic === null) continue;
        const isThere = before.network.securityGroups.some((one) => one.rules.some((other) => other.id === id));
        const to = network.securityGroups[group % network.securityGroups.length]!.id;
        nets.push(
          before.edit(
            isRemoved && isThere
              ? { kind: 'remove-rule', rule: id }
              : { kind: 'add-group-rule', group: to, rule: { direction, traffic, peer } },
          ),
        );
      }
      for (const [index, net] of nets.entries()) {
        for (const other of [nets[0]!, nets[index - 1] ?? net]) {
          const [narrowed, everything] = [other.diff(net), other.diff(net, { exhaustive: true })];
          expect(narrowed.groups.map(essence)).toEqual(everything.groups.map(essence));
          expect(narrowed.pairs.changed).toBe(everything.pairs.changed);
          changed += narrowed.pairs.changed;
        }
      }
    }),
    { numRuns: 15 },
  );
  expect(changed).toBeGreaterThan(20);
});

test('the verdict of a packet differs exactly where a group says so', () => {
  let differing = 0;
  fc.assert(
    fc.property(pairs, fc.boolean(), fc.nat(), ([before, after], hasTwins, seed) => {
      const pair = hasTwins ? ([withTwins(before), withTwins(after)] as const) : ([before, after] as const);
      const answer = difference(pair);
      const { wrong, changed } = disagreements(pair, answer, seed);
      differing += changed;
      expect(wrong).toEqual([]);
    }),
    { numRuns: 25 },
  );
  expect(differing).toBeGreaterThan(5);
});

test('the change between two networks makes every record of the one as in the other', () => {
  const records = (network: Network): object => Object.fromEntries(KINDS.map((kind) => [kind, network[kind]]));
  const both = fc.oneof(
    pairs,
    fc
      .tuple(drawings({ hasGaps: true }), drawings({ hasGaps: false }))
      .map(([a, b]) => [networkOf(a), networkOf(b)] as const),
  );
  fc.assert(
    fc.property(both, ([before, after]) => {
      const change = changeBetween(before, after);
      expect(records(createNet(before).edit(change).network)).toEqual(records(after));
    }),
    { numRuns: 60 },
  );
});

test('the order of records makes no difference', () => {
  fc.assert(
    fc.property(pairs, ([before, after]) => {
      const reversed = { ...after, ...Object.fromEntries(KINDS.map((kind) => [kind, [...after[kind]].reverse()])) };
      const sorted = (answer: DiffAnswer): readonly object[] => answer.groups.map(essence).sort(byText);
      const [inOrder, outOfOrder] = [difference([before, after]), difference([before, reversed])];
      expect(sorted(outOfOrder)).toEqual(sorted(inOrder));
      expect(outOfOrder.resources).toEqual(inOrder.resources);
    }),
    { numRuns: 15 },
  );
});

/** A group without its witness and its cause, which are of the direction in which one looks. */
function essence({
  kind,
  before,
  after,
  from,
  fromAddresses,
  to,
  toAddresses,
  packets,
  clientPorts,
}: DiffGroup): object {
  const ids = (places: DiffGroup['from']): readonly string[] =>
    places.map(({ id, addresses }) => [id, ...[...addresses].sort()].join(' ')).sort();
  return { kind, before, after, from: ids(from), fromAddresses, to: ids(to), toAddresses, packets, clientPorts };
}

const MIRRORED: Readonly<Record<DiffGroup['kind'], DiffGroup['kind']>> = {
  opened: 'closed',
  closed: 'opened',
  'became-known': 'became-unknown',
  'became-unknown': 'became-known',
};

function mirrored(group: DiffGroup): object {
  return essence({ ...group, kind: MIRRORED[group.kind], before: group.after, after: group.before });
}

function byText(a: object, b: object): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
