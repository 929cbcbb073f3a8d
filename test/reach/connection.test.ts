/** What certainly passes between two addresses, and what may. */

import { expect, test } from 'vitest';
import { rankOf } from '../../src/compile/address-space.ts';
import { type Compiled, compile } from '../../src/compile/compile.ts';
import { parseAddress } from '../../src/net/address-text.ts';
import { type Connection, Connections } from '../../src/reach/connection.ts';
import { EMPTY, EVERYTHING, L4Sets } from '../../src/reach/l4-sets.ts';
import { networkOf } from '../support/network.ts';

test('CT-02: an appliance knows answers by their addresses, not by having sent anything', () => {
  // B reaches A at its public address; A's answer to B's public address is routed to B itself, which never saw such a flow.
  const compiled = compile(
    networkOf({
      vpc: '10.0.0.0/16',
      igw: true,
      mainRoutes: { '0.0.0.0/0': 'igw' },
      subnets: { P: { cidr: '10.0.1.0/24' }, Q: { cidr: '10.0.2.0/24', routes: { '0.0.0.0/0': 'eni-b' } } },
      groups: { open: { in: ['all from 0.0.0.0/0'] }, quiet: { in: [] } },
      enis: {
        A: { subnet: 'Q', address: '10.0.2.10', public: '198.51.100.20', groups: ['open'] },
        B: { subnet: 'P', address: '10.0.1.10', public: '198.51.100.10', groups: ['quiet'], check: false },
      },
    }),
  );
  const { forward, reply, facts } = between(compiled, 'eni-b', '10.0.1.10', '198.51.100.20');
  expect(forward).toEqual({ must: EVERYTHING, may: EVERYTHING });
  expect(reply.must).toBe(reply.may);
  expect(facts).toEqual([]);
  expect(reply.must).not.toBe(EMPTY);
});

function between(compiled: Compiled, eni: string, from: string, to: string): Connection {
  const { space, entrances, names } = compiled;
  const sender = names.eni.get(eni)!;
  const address = parseAddress(from);
  const destination = parseAddress(to);
  const end = { address, rank: rankOf(space, address), start: entrances.leaveAsItself[sender]!, sender };
  return new Connections(compiled, new L4Sets()).between(end, destination, rankOf(space, destination));
}
