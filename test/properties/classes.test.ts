/** Interfaces of one class cannot be told apart: exchanging one for the other changes no answer. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankOf } from '../../src/compile/address-space.ts';
import { type Compiled, compile } from '../../src/compile/compile.ts';
import { NOBODY } from '../../src/compile/identity.ts';
import { interfaceClasses } from '../../src/compile/interface-classes.ts';
import type { Network } from '../../src/model/network.ts';
import type { NetworkInterface } from '../../src/model/network-interface.ts';
import type { Address } from '../../src/net/address.ts';
import { formatAddress, parseAddress } from '../../src/net/address-text.ts';
import { Connections, type EndPoint } from '../../src/reach/connection.ts';
import { L4Sets } from '../../src/reach/l4-sets.ts';
import { drawings } from '../support/arbitrary-networks.ts';
import { networkOf } from '../support/network.ts';
import { withTwins } from '../support/twins.ts';

const STRANGERS = ['203.0.113.7', '192.0.2.1', '8.8.8.8', '2001:db8:ffff::1'].map(parseAddress);

test('what passes for one member of a class passes for every other', () => {
  let compared = 0;
  fc.assert(
    fc.property(drawings({ hasGaps: true }), (drawing) => {
      const network = withTwins(networkOf(drawing));
      const compiled = compile(network);
      const { members } = interfaceClasses(compiled);
      const pairs = members.flatMap(([one, ...others]) => others.map((other) => [one!, other] as const));
      compared += pairs.length;
      expect(pairs.flatMap(([one, other]) => differences(compiled, one, other))).toEqual([]);
    }),
    { numRuns: 100 },
  );
  expect(compared).toBeGreaterThan(100);
});

test.each([
  // what is different                       how
  ['an address that a rule names', { groups: { open: { in: ['all from 0.0.0.0/0', 'tcp/22 from 10.0.1.10/32'] } } }],
  ['an interface that a route leads to', { mainRoutes: { '10.9.0.0/16': 'eni-a' } }],
])('%s sets an interface apart', (_, changes) => {
  const base = {
    vpc: '10.0.0.0/16',
    subnets: { P: { cidr: '10.0.1.0/24' } },
    groups: { open: { in: ['all from 0.0.0.0/0'] } },
    enis: {
      A: { subnet: 'P', address: '10.0.1.10', groups: ['open'] },
      B: { subnet: 'P', address: '10.0.1.11', groups: ['open'] },
      C: { subnet: 'P', address: '10.0.1.12', groups: ['open'] },
    },
  };
  const classes = (drawing: object): readonly (readonly number[])[] =>
    interfaceClasses(compile(networkOf(drawing))).members;
  expect(classes(base)).toEqual([[0, 1, 2]]);
  expect(classes({ ...base, ...changes })).toEqual([[0], [1, 2]]);
});

/** Where packets of the one and the other interface fare differently, to and from everyone else. */
function differences(compiled: Compiled, one: number, other: number): readonly string[] {
  const { network } = compiled;
  const sets = new L4Sets();
  const connections = new Connections(compiled, sets);
  const ask = (from: EndPoint, to: Address): string => {
    const { forward, reply } = connections.between(from, to, rankOf(compiled.space, to));
    return [forward.must, forward.may, reply.must, reply.may].join();
  };
  const mine = addressPairs(network.networkInterfaces[one]!, network.networkInterfaces[other]!);
  const others = network.networkInterfaces.flatMap((eni, index) =>
    index === one || index === other ? [] : addressesOf(eni).map((address) => insider(compiled, index, address)),
  );
  const strangers = STRANGERS.map((address) => outsider(compiled, address));
  return mine.flatMap(([a, b]) => [
    ...[...others, ...strangers]
      .filter(({ address }) => address.family === a.family)
      .flatMap((peer) => {
        const out = ask(insider(compiled, one, a), peer.address) === ask(insider(compiled, other, b), peer.address);
        const back = ask(peer, a) === ask(peer, b);
        const names = `${formatAddress(a)} ${formatAddress(b)} ${formatAddress(peer.address)}`;
        return [...(out ? [] : [`to: ${names}`]), ...(back ? [] : [`from: ${names}`])];
      }),
    ...publicPairs(network, one, other).flatMap(([p, q]) =>
      strangers
        .filter(({ address }) => address.family === 4)
        .filter((peer) => ask(peer, p) !== ask(peer, q))
        .map((peer) => `public: ${formatAddress(p)} ${formatAddress(q)} ${formatAddress(peer.address)}`),
    ),
  ]);
}

function insider({ space, entrances }: Compiled, eni: number, address: Address): EndPoint {
  return { address, rank: rankOf(space, address), start: entrances.leaveAsItself[eni]!, sender: eni };
}

function outsider({ space, entrances }: Compiled, address: Address): EndPoint {
  return { address, rank: rankOf(space, address), start: entrances.internet, sender: NOBODY };
}

function addressesOf({ privateAddresses, ipv6Addresses }: NetworkInterface): readonly Address[] {
  return [...privateAddresses.map(({ address }) => address), ...ipv6Addresses];
}

/** Twins have their addresses in one order. */
function addressPairs(a: NetworkInterface, b: NetworkInterface): readonly (readonly [Address, Address])[] {
  const others = addressesOf(b);
  return addressesOf(a).map((address, i) => [address, others[i]!] as const);
}

function publicPairs(network: Network, one: number, other: number): readonly (readonly [Address, Address])[] {
  const publics = (eni: number): readonly Address[] =>
    network.networkInterfaces[eni]!.privateAddresses.flatMap(({ publicAddress }) =>
      publicAddress === null ? [] : [publicAddress],
    );
  return publics(one).map((address, i) => [address, publics(other)[i]!] as const);
}
