/**
 * The network as people draw it: VPCs, what is attached to them, and what joins them. The only file that knows graphlib.
 *
 * Node names are prefixed with their kind, so that no text of the input is ever a node's whole name (graphlib keeps nodes in
 * plain objects), and parts are found by our own loop (its depth-first walks recurse).
 */

import { Graph } from 'graphlib';
import type { Network } from '../model/network.ts';
import type { Resource } from '../model/resource.ts';

export type TopologyKind = 'vpc' | 'internet-gateway' | 'egress-only-gateway' | 'nat-gateway' | 'peering';

export interface TopologyNode {
  readonly kind: TopologyKind;
  readonly id: string;
  readonly name: string | null;
}

/** VPCs that packets can pass between without the internet, and how they get out. */
export interface NetworkPart {
  readonly vpcs: readonly TopologyNode[];
  /** Active peerings that join them. */
  readonly peerings: readonly TopologyNode[];
  /** Gateways that lead to the internet. */
  readonly gateways: readonly TopologyNode[];
}

export class Topology {
  readonly #graph = new Graph<unknown, TopologyNode, unknown>({ directed: false });

  constructor(network: Network) {
    for (const vpc of network.vpcs) this.#add('vpc', vpc);
    for (const gateway of network.internetGateways) {
      this.#attach(
        'internet-gateway',
        gateway,
        gateway.attachments.map(({ vpcId }) => vpcId),
      );
    }
    for (const gateway of network.egressOnlyGateways) {
      this.#attach(
        'egress-only-gateway',
        gateway,
        gateway.attachments.map(({ vpcId }) => vpcId),
      );
    }
    for (const nat of network.natGateways) {
      if (nat.state === 'available') this.#attach('nat-gateway', nat, [nat.vpcId]);
    }
    for (const peering of network.peerings) {
      if (peering.state === 'active')
        this.#attach('peering', peering, [peering.requester.vpcId, peering.accepter.vpcId]);
    }
  }

  #add(kind: TopologyKind, { id, name }: Pick<Resource, 'id' | 'name'>): string {
    const key = `${kind}:${id}`;
    if (!this.#graph.hasNode(key)) this.#graph.setNode(key, { kind, id, name });
    return key;
  }

  #attach(kind: TopologyKind, resource: Resource, vpcIds: readonly string[]): void {
    const key = this.#add(kind, resource);
    for (const id of vpcIds) this.#graph.setEdge(key, this.#add('vpc', { id, name: null }));
  }

  /** Connected parts, the one with most VPCs first, then by id. A gateway that is attached to nothing belongs to none. */
  parts(): readonly NetworkPart[] {
    const seen = new Set<string>();
    const parts: NetworkPart[] = [];
    for (const start of this.#graph.nodes().sort()) {
      if (seen.has(start) || !start.startsWith('vpc:')) continue;
      const members = this.#reachableFrom(start, seen).map((key) => this.#graph.node(key)!);
      const ofKind = (...kinds: readonly TopologyKind[]): readonly TopologyNode[] =>
        members.filter(({ kind }) => kinds.includes(kind)).sort((a, b) => (a.id < b.id ? -1 : 1));
      parts.push({
        vpcs: ofKind('vpc'),
        peerings: ofKind('peering'),
        gateways: ofKind('internet-gateway', 'egress-only-gateway', 'nat-gateway'),
      });
    }
    return parts.sort((a, b) => b.vpcs.length - a.vpcs.length);
  }

  #reachableFrom(start: string, seen: Set<string>): readonly string[] {
    const found = [start];
    seen.add(start);
    for (let i = 0; i < found.length; i++) {
      for (const neighbour of this.#graph.neighbors(found[i]!) ?? []) {
        if (seen.has(neighbour)) continue;
        seen.add(neighbour);
        found.push(neighbour);
      }
    }
    return found;
  }
}
