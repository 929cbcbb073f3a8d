/** All pairs by kinds of ends say the same as every pair of addresses asked by itself. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankOf } from '../../src/compile/address-space.ts';
import { compile } from '../../src/compile/compile.ts';
import { allPairs } from '../../src/explain/all-pairs.ts';
import { parsePlaceExpression } from '../../src/explain/place-expression.ts';
import { placesOf } from '../../src/explain/place-set.ts';
import {
  destinationFor,
  receiverOf,
  type Sender,
  sendersOf,
  type Target,
  targetsOf,
} from '../../src/explain/reach-ends.ts';
import { setEngineOf } from '../../src/explain/set-engine.ts';
import type { Network } from '../../src/model/network.ts';
import { formatAddress } from '../../src/net/address-text.ts';
import type { Connection } from '../../src/reach/connection.ts';
import { EMPTY } from '../../src/reach/l4-sets.ts';
import { drawings } from '../support/arbitrary-networks.ts';
import { networkOf } from '../support/network.ts';
import { withCopiedGroups, withTwins } from '../support/twins.ts';

test.each([{ hasGaps: false }, { hasGaps: true }])(
  'kinds of pairs leave nothing out and mix nothing up: %j',
  (shape) => {
    fc.assert(
      fc.property(drawings(shape), (drawing) => {
        expect(differencesIn(withCopiedGroups(withTwins(networkOf(drawing))))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  },
);

function differencesIn(network: Network): readonly string[] {
  const compiled = compile(network);
  const { connections } = setEngineOf(compiled);
  const everywhere = placesOf(compiled, parsePlaceExpression('internet | !internet'));
  const told = new Map<string, string>();
  for (const { from, to, connection } of allPairs(compiled, connections, everywhere, everywhere, true)) {
    for (const sender of from) for (const target of to) told.set(pairName(sender, target), fateOf(connection));
  }
  const wrong: string[] = [];
  const asked = new Set<string>();
  const targets = targetsOf(compiled, everywhere);
  for (const sender of sendersOf(compiled, everywhere)) {
    for (const target of targets) {
      const destination = destinationFor(sender, target);
      if (destination === null) continue;
      const rank = rankOf(compiled.space, destination);
      const connection = connections.between(sender, destination, rank, null, receiverOf(target));
      const name = pairName(sender, target);
      asked.add(name);
      const fate = told.get(name) ?? 'nothing';
      const expected = connection.forward.may === EMPTY && !told.has(name) ? 'nothing' : fateOf(connection);
      if (fate !== expected) wrong.push(`${name}: told ${fate}, found ${expected}`);
    }
  }
  for (const [name, fate] of told)
    if (!asked.has(name) && !isOfOneInterface(name)) wrong.push(`${name}: told ${fate}, is no question`);
  return wrong;
}

/** Kinds of ends may share members: an interface is no pair with itself. */
function isOfOneInterface(name: string): boolean {
  const [from, to] = name.split(' > ').map((end) => end.split('/'));
  return from!.length === 2 && from![0] === to![0];
}

function fateOf({ forward, reply }: Connection): string {
  return [forward.must, forward.may, reply.must, reply.may].join();
}

function pairName(sender: Sender, target: Target): string {
  const name = ({ held, piece }: Sender | Target): string =>
    held === null ? formatAddress(piece!.first) : `${held.eni}/${formatAddress(held.prefix.address)}`;
  return `${name(sender)} > ${name(target)}`;
}
