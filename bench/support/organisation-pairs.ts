/** Pairs of hosts of an organisation to ask about: half in one VPC, half over a peering. */

import type { Network } from '../../src/model/network.ts';
import type { NetworkInterface } from '../../src/model/network-interface.ts';
import type { Random } from './random.ts';

/** Who asks, and who is asked: two different interfaces of instances. */
export type Pair = readonly [from: NetworkInterface, to: NetworkInterface];

/** Throws a RangeError where no VPC has two hosts, or none is peered. */
export function drawPairs(random: Random, network: Network, count: number): readonly Pair[] {
  const hosts = hostsByVpc(network);
  const vpcs = [...hosts.values()].filter(({ length }) => length > 1);
  if (vpcs.length === 0 || network.peerings.length === 0) throw new RangeError('too few hosts to make pairs of');
  return Array.from({ length: count }, (_, i) => {
    if (i % 2 === 1) {
      const { requester, accepter } = random.pick(network.peerings);
      const [from, to] = random.oneIn(2) ? [requester, accepter] : [accepter, requester];
      return [random.pick(hosts.get(from.vpcId)!), random.pick(hosts.get(to.vpcId)!)];
    }
    const vpc = random.pick(vpcs);
    const from = random.integer(0, vpc.length - 1);
    return [vpc[from]!, vpc[(from + random.integer(1, vpc.length - 1)) % vpc.length]!];
  });
}

function hostsByVpc(network: Network): ReadonlyMap<string, readonly NetworkInterface[]> {
  const hosts = new Map<string, NetworkInterface[]>(network.vpcs.map(({ id }) => [id, []]));
  for (const eni of network.networkInterfaces) if (eni.instanceId !== null) hosts.get(eni.vpcId)!.push(eni);
  return hosts;
}
