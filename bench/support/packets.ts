/** Packets that a busy estate sees, most of them allowed, in the notation of the command line. */

import type { Network } from '../../src/model/network.ts';
import type { NetworkInterface } from '../../src/model/network-interface.ts';
import { formatAddress } from '../../src/net/address-text.ts';
import { TIERS, type Tier } from './plan.ts';
import type { Random } from './random.ts';

/** As the application would: clients to the public tier, tier to tier, updates through the gateways; and a tenth of them strays. */
export function drawPackets(random: Random, network: Network, count: number): readonly string[] {
  const hosts = hostsByTier(network);
  return Array.from({ length: count }, () => drawPacket(random, hosts));
}

function drawPacket(random: Random, hosts: Hosts): string {
  const clientPort = random.integer(32768, 60999);
  const client = `203.0.113.${random.integer(1, 254)}`;
  const vpc = random.pick([...hosts.values()]);
  const host = (tier: Tier): NetworkInterface => random.pick(vpc[tier]);
  switch (random.integer(0, 9)) {
    case 0:
    case 1:
    case 2:
      return `tcp ${client}:${clientPort} > ${publicOf(host('public'))}:${random.pick([443, 443, 443, 80, 22])}`;
    case 3:
      return `tcp [2001:db8:ffff::${random.hex(4)}]:${clientPort} > [${v6Of(host('public'))}]:443`;
    case 4:
    case 5:
      return `tcp ${v4Of(host('public'))}:${clientPort} > ${v4Of(host('app'))}:8080`;
    case 6:
      return `tcp ${v4Of(host('app'))}:${clientPort} > ${v4Of(host('db'))}:5432`;
    case 7:
      return `tcp ${v4Of(host('app'))}:${clientPort} > ${client}:443`;
    case 8:
      return `tcp ${v4Of(host('app'))}:${clientPort} > ${v4Of(random.pick(random.pick([...hosts.values()]).app))}:22`;
    default:
      return `udp ${v4Of(host(random.pick(TIERS)))}:${clientPort} > ${v4Of(host(random.pick(TIERS)))}:${random.integer(1, 65535)}`;
  }
}

type Hosts = ReadonlyMap<string, Readonly<Record<Tier, NetworkInterface[]>>>;

/** Interfaces of instances, by VPC, told apart by the tier in their names. */
function hostsByTier(network: Network): Hosts {
  const hosts = new Map<string, Record<Tier, NetworkInterface[]>>();
  for (const eni of network.networkInterfaces) {
    if (eni.instanceId === null) continue;
    const vpc = hosts.get(eni.vpcId) ?? { public: [], app: [], db: [] };
    hosts.set(eni.vpcId, vpc);
    vpc[TIERS.find((tier) => eni.name!.includes(`-${tier}-`))!].push(eni);
  }
  return hosts;
}

function v4Of(eni: NetworkInterface): string {
  return formatAddress(eni.privateAddresses[0]!.address);
}

function publicOf(eni: NetworkInterface): string {
  return formatAddress(eni.privateAddresses[0]!.publicAddress!);
}

function v6Of(eni: NetworkInterface): string {
  return formatAddress(eni.ipv6Addresses[0]!);
}
