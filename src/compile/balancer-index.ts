/** Balancers by name, and the interfaces that are their nodes. */

import type { LoadBalancer, TargetGroup } from '../model/load-balancer.ts';
import type { NetworkInterface } from '../model/network-interface.ts';
import type { GraphBuilder } from './graph-builder.ts';

interface BalancerIndex {
  readonly byId: ReadonlyMap<string, LoadBalancer>;
  readonly byArn: ReadonlyMap<string, LoadBalancer>;
  readonly groupByArn: ReadonlyMap<string, TargetGroup>;
  /** Interface indices by the balancer's id. */
  readonly nodes: ReadonlyMap<string, readonly number[]>;
}

/** How AWS describes the interfaces of its balancers: `ELB net/name/hash`, `ELB app/name/hash`, `ELB name` for a classic one. */
const DESCRIPTION = /^ELB (.+)$/;

function balancerIndex(b: GraphBuilder): BalancerIndex {
  return b.shared('balancers', () => {
    const { loadBalancers, targetGroups, networkInterfaces } = b.network;
    const nodes = new Map<string, number[]>();
    networkInterfaces.forEach((eni, index) => {
      const id = balancerIdOf(eni);
      if (id === null) return;
      const known = nodes.get(id);
      if (known === undefined) nodes.set(id, [index]);
      else known.push(index);
    });
    return {
      byId: new Map(loadBalancers.map((balancer) => [balancer.id, balancer])),
      byArn: new Map(loadBalancers.map((balancer) => [balancer.arn, balancer])),
      groupByArn: new Map(targetGroups.map((group) => [group.arn, group])),
      nodes,
    };
  });
}

const OWNERS: ReadonlySet<NetworkInterface['owner']> = new Set(['load-balancer', 'network-load-balancer']);

/** The id of the balancer that an interface is a node of, in the snapshot or not; null where it is none. */
export function balancerIdOf({ owner, description }: NetworkInterface): string | null {
  return OWNERS.has(owner) ? (DESCRIPTION.exec(description ?? '')?.[1] ?? null) : null;
}

/** The balancer that an interface is a node of; null where the snapshot lacks it. */
export function balancerOf(b: GraphBuilder, eni: number): LoadBalancer | null {
  const id = balancerIdOf(b.network.networkInterfaces[eni]!);
  return id === null ? null : (balancerIndex(b).byId.get(id) ?? null);
}

export function balancerByArn(b: GraphBuilder, arn: string): LoadBalancer | null {
  return balancerIndex(b).byArn.get(arn) ?? null;
}

export function targetGroupOf(b: GraphBuilder, arn: string): TargetGroup | null {
  return balancerIndex(b).groupByArn.get(arn) ?? null;
}

export function nodesOf(b: GraphBuilder, { id }: LoadBalancer): readonly number[] {
  return balancerIndex(b).nodes.get(id) ?? [];
}
