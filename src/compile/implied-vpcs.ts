/**
 * VPCs that a snapshot names without describing: its subnets, interfaces or tables say which VPC they are in. Their blocks are
 * those of the `local` routes (RT-03), or, without a table, of the subnets that are known.
 */

import type { Network } from '../model/network.ts';
import type { Resource } from '../model/resource.ts';
import type { Vpc } from '../model/vpc.ts';
import { formatPrefix } from '../net/address-text.ts';
import type { Prefix } from '../net/prefix.ts';

export function withImpliedVpcs(network: Network): Network {
  const known = new Set(network.vpcs.map(({ id }) => id));
  const implied = new Map<string, Resource>();
  for (const record of [...network.subnets, ...network.routeTables, ...network.networkInterfaces]) {
    if (record.vpcId !== '' && !known.has(record.vpcId) && !implied.has(record.vpcId))
      implied.set(record.vpcId, record);
  }
  if (implied.size === 0) return network;
  const vpcs = [...implied].map(([id, witness]) => impliedVpc(network, id, witness));
  return { ...network, vpcs: [...network.vpcs, ...vpcs].sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

function impliedVpc(network: Network, id: string, { account, region, origin }: Resource): Vpc {
  const locals = network.routeTables
    .filter(({ vpcId }) => vpcId === id)
    .flatMap(({ routes }) => routes)
    .flatMap(({ target, destination }) =>
      target.kind === 'local' && destination.kind === 'cidr' ? [destination.prefix] : [],
    );
  const blocks =
    locals.length > 0 ? locals : network.subnets.filter((s) => s.vpcId === id).flatMap(({ cidrs }) => cidrs);
  return {
    id,
    name: null,
    tags: [],
    account,
    region,
    origin,
    cidrs: distinct(blocks),
    isDefault: false,
    dnsSupport: null,
  };
}

function distinct(prefixes: readonly Prefix[]): readonly Prefix[] {
  return [...new Map(prefixes.map((prefix) => [formatPrefix(prefix), prefix])).values()];
}
