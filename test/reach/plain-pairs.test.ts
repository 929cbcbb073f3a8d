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

const BASE = {
  vpc: '10.0.0.0/16',
  groups: { open: { in: ['all from 0.0.0.0/0'] } },
  enis: {
    A: { subnet: 'P', address: '10.0.1.10', groups: ['open'] },
    B: { subnet: 'P', address: '10.0.1.11', groups: ['open'] },
    C: { subnet: 'P', address: '10.0.1.12', groups: ['open'] },
    D: { subnet: 'Q', address: '10.0.2.10', groups: ['open'] },
  },
} as const;

test.each([
  // what the list says                           districts of A, B, C and D
  ['nothing of single addresses', '10.0.0.0/8', [0, 0, 0, 1]],
  ['something of the first interface alone', '10.0.1.10/32', [0, 1, 1, 2]],
  ['something of the second', '10.0.1.11/32', [0, 1, 2, 3]],
] as const)('a network ACL cuts districts where it says %s', (_, refused, expected) => {
  const network = networkOf({
    ...BASE,
    subnets: {
      P: { cidr: '10.0.1.0/24' },
      Q: { cidr: '10.0.2.0/24', nacl: { in: [`50 deny tcp/443 ${refused}`, '100 allow all 0.0.0.0/0'] } },
    },
  });
  const compiled = compile(network);
  const held = heldAddresses(compiled);
  const connections = new Connections(compiled, new L4Sets());
  const { districts } = new PlainPairs(compiled, connections, interfaceClasses(compiled), held);
  expect([...districts.of]).toEqual(expected);
  expect(differences(network, { passing: 0, stopped: 0 })).toEqual([]);
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
