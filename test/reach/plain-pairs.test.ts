/** What is put together for two plain interfaces is what the walker of the sets finds for them. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankOf } from '../../src/compile/address-space.ts';
import { type Compiled, compile } from '../../src/compile/compile.ts';
import { interfaceClasses } from '../../src/compile/interface-classes.ts';
import type { Network } from '../../src/model/network.ts';
import type { Address } from '../../src/net/address.ts';
import { formatAddress } from '../../src/net/address-text.ts';
import { type Connection, Connections } from '../../src/reach/connection.ts';
import { EMPTY, L4Sets } from '../../src/reach/l4-sets.ts';
import { NO_WAY, PlainPairs, TO_WALK } from '../../src/reach/plain-pairs.ts';
import { drawings } from '../support/arbitrary-networks.ts';
import { networkOf } from '../support/network.ts';
import { withTwins } from '../support/twins.ts';

test.each([{ hasGaps: false }, { hasGaps: true }])('all pairs of plain interfaces: %j', (shape) => {
  const seen = { passing: 0, stopped: 0 };
  fc.assert(
    fc.property(drawings(shape), (drawing) => {
      expect(differences(withTwins(networkOf(drawing)), seen)).toEqual([]);
    }),
    { numRuns: 25 },
  );
  expect(seen.passing).toBeGreaterThan(20);
  expect(seen.stopped).toBeGreaterThan(20);
});

function differences(network: Network, seen: { passing: number; stopped: number }): readonly string[] {
  const compiled = compile(network);
  const connections = new Connections(compiled, new L4Sets());
  const held = heldAddresses(compiled);
  const pairs = new PlainPairs(compiled, connections, interfaceClasses(compiled), held);
  const wrong: string[] = [];
  for (const { eni, address, rank } of held) {
    for (const other of held) {
      const [from, to] = [pairs.addressOf(eni, rank), pairs.addressOf(other.eni, other.rank)];
      if (from === null || to === null || eni === other.eni || address.family !== other.address.family) continue;
      const told = pairs.between(from, eni, to, other.eni);
      if (told === TO_WALK) continue;
      const start = compiled.entrances.leaveAsItself[eni]!;
      const found = connections.between(
        { address, rank, start, sender: eni },
        other.address,
        other.rank,
        null,
        other.eni,
      );
      const passes = found.forward.may !== EMPTY;
      if (passes) seen.passing++;
      else seen.stopped++;
      const isSame = told === NO_WAY ? !passes : fateOf(told) === fateOf(found);
      if (!isSame || (passes && !pairs.mayPass(from, to))) {
        wrong.push(`${formatAddress(address)} > ${formatAddress(other.address)}`);
      }
    }
  }
  return wrong;
}

function heldAddresses({ network, space }: Compiled): readonly { eni: number; address: Address; rank: number }[] {
  return network.networkInterfaces.flatMap(({ privateAddresses, ipv6Addresses }, eni) =>
    [...privateAddresses.map(({ address }) => address), ...ipv6Addresses].map((address) => ({
      eni,
      address,
      rank: rankOf(space, address),
    })),
  );
}

function fateOf({ forward, reply, facts, assumptions }: Connection): string {
  return JSON.stringify([forward, reply, facts, assumptions]);
}
