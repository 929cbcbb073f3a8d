/**
 * The network as people draw it: VPCs, what is attached to them, and what joins them. The only file that knows graphlib.
 *
 * Node names are prefixed with their kind, so that no text of the input is ever a node's whole name (graphlib keeps nodes in
 * plain objects), and parts are found by our own loop (its depth-first walks recurse).
 */

import { Graph } from 'graphlib';
import type { Network } from '../model/network.ts';
import type { Resource } from '../model/resource.ts';
import type { Attached } from '../model/transit-gateway.ts';
import { forwards } from './transit-index.ts';

export type TopologyKind =
  | 'vpc'
  | 'internet-gateway'
  | 'egress-only-gateway'
  | 'nat-gateway'
  | 'virtual-private-gateway'
  | 'vpn-connection'
  | 'direct-connect-gateway'
  | 'transit-gateway'
  | 'peering';

export interface TopologyNode {
  readonly kind: TopologyKind;
  readonly id: string;
  readonly name: string | null;
}

/** VPCs that packets can pass between without the internet, and how they get out. */
export interface NetworkPart {
  readonly vpcs: readonly TopologyNode[];
  /** Active peerings and transit gateways that join them. */
  readonly peerings: readonly TopologyNode[];
  /** Gateways that lead to the internet or to networks on the customer's side. */
  readonly gateways: readonly TopologyNode[];
}

const WAYS_OUT: readonly TopologyKind[] = [
  'internet-gateway',
  'egress-only-gateway',
  'nat-gateway',
  'virtual-private-gateway',
  'vpn-connection',
  'direct-connect-gateway',
];

/** What hangs on a transit gateway, as far as it is drawn. */
const ATTACHED: Partial<Record<Attached['kind'], TopologyKind>> = {
  vpc: 'vpc',
  vpn: 'vpn-connection',
  'direct-connect-gateway': 'direct-connect-gateway',
  peering: 'transit-gateway',
};

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
    for (const gateway of network.virtualPrivateGateways) {
      if (gateway.state !== 'available') continue;
      const attached = gateway.attachments.filter(({ state }) => state === 'attached');
      this.#attach(
        'virtual-private-gateway',
        gateway,
        attached.map(({ vpcId }) => vpcId),
      );
    }
    this.#joinByTransit(network);
  }

  #joinByTransit({ transitGateways, transitGatewayAttachments }: Network): void {
    const known = new Map(transitGateways.map((gateway) => [gateway.id, gateway]));
    const keyOf = (id: string): string => this.#add('transit-gateway', known.get(id) ?? { id, name: null });
    for (const { transitGatewayId, attached, state } of transitGatewayAttachments) {
      const kind = ATTACHED[attached.kind];
      if (!forwards(state) || attached.id === null || kind === undefined) continue;
      const end = kind === 'transit-gateway' ? keyOf(attached.id) : this.#add(kind, { id: attached.id, name: null });
      this.#graph.setEdge(keyOf(transitGatewayId), end);
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
        peerings: ofKind('peering', 'transit-gateway'),
        gateways: ofKind(...WAYS_OUT),
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
