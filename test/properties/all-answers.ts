/** What passes between any two addresses of a network, and between each of them and strangers: every answer that rules can change. */

import { rankOf } from '../../src/compile/address-space.ts';
import { type Compiled, compile } from '../../src/compile/compile.ts';
import { NOBODY } from '../../src/compile/identity.ts';
import type { Network } from '../../src/model/network.ts';
import type { Address } from '../../src/net/address.ts';
import { formatAddress, parseAddress } from '../../src/net/address-text.ts';
import { Connections, type EndPoint } from '../../src/reach/connection.ts';
import type { L4Sets } from '../../src/reach/l4-sets.ts';
import { HOSTS_V4, HOSTS_V6 } from '../support/arbitrary-rules.ts';

const STRANGERS = [...HOSTS_V4, ...HOSTS_V6, '8.8.8.8'].map(parseAddress);

/** One line for each ordered pair of addresses of a family, in an order that depends on the interfaces alone. */
export function allAnswers(network: Network, sets: L4Sets): readonly string[] {
  const compiled = compile(network);
  const connections = new Connections(compiled, sets);
  const senders = sendersIn(compiled);
  const targets = targetsIn(network);
  return senders.flatMap((from) =>
    targets
      .filter(({ family }) => family === from.address.family)
      .map((to) => {
        const { forward, reply } = connections.between(from, to, rankOf(compiled.space, to));
        const passing = [forward.must, forward.may, reply.must, reply.may].join(' ');
        return `${from.sender} ${formatAddress(from.address)} > ${formatAddress(to)}: ${passing}`;
      }),
  );
}

function sendersIn({ network, entrances, space }: Compiled): readonly EndPoint[] {
  const inside = network.networkInterfaces.flatMap((eni, sender) =>
    [...eni.privateAddresses.map(({ address }) => address), ...eni.ipv6Addresses].map((address) => ({
      address,
      rank: rankOf(space, address),
      start: entrances.leaveAsItself[sender]!,
      sender,
    })),
  );
  const outside = STRANGERS.map((address) => ({
    address,
    rank: rankOf(space, address),
    start: entrances.internet,
    sender: NOBODY,
  }));
  return [...inside, ...outside];
}

function targetsIn(network: Network): readonly Address[] {
  const own = network.networkInterfaces.flatMap(({ privateAddresses, ipv6Addresses }) => [
    ...privateAddresses.flatMap(({ address, publicAddress }) =>
      publicAddress === null ? [address] : [address, publicAddress],
    ),
    ...ipv6Addresses,
  ]);
  return [...own, ...STRANGERS];
}
