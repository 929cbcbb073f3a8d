/** Whether an internet gateway is attached to a VPC, and which (IGW-01). */

import type { GraphBuilder } from './graph-builder.ts';
import { NONE } from './names.ts';

export type Attachment =
  | { readonly kind: 'attached'; readonly id: string }
  | { readonly kind: 'unusable'; readonly text: string }
  | { readonly kind: 'unknown' };

export function gatewayPlace(b: GraphBuilder, id: string): number {
  const index = b.names.internetGateway.get(id) ?? NONE;
  return b.place({
    kind: 'internet-gateway',
    id,
    name: index === NONE ? null : b.network.internetGateways[index]!.name,
  });
}

/** The VPC's gateway; with `id`, that one gateway as seen by a route of the VPC. */
export function attachmentOf(b: GraphBuilder, vpc: number, id: string | null): Attachment {
  const record = b.network.vpcs[vpc]!;
  let unusable: Attachment | null = null;
  for (const gateway of b.network.internetGateways) {
    if (id !== null && gateway.id !== id) continue;
    for (const { vpcId, state } of gateway.attachments) {
      if (vpcId !== record.id) continue;
      if (state === 'available' || state === 'attached') return { kind: 'attached', id: gateway.id };
      unusable = { kind: 'unusable', text: `attachment of ${gateway.id} to ${record.id} is ${state} (IGW-01)` };
    }
  }
  if (unusable !== null) return unusable;
  const known = id === null ? b.isComplete('internetGateways', record) : b.names.internetGateway.has(id);
  if (known) {
    return {
      kind: 'unusable',
      text: `${id ?? 'no internet gateway'} is${id === null ? '' : ' not'} attached to ${record.id} (IGW-01)`,
    };
  }
  // A route that AWS reports as active proves that its gateway is attached: otherwise it would be a blackhole (IGW-01).
  for (const table of b.network.routeTables) {
    if (table.vpcId !== record.id) continue;
    for (const { target, state } of table.routes) {
      if (target.kind === 'internet-gateway' && state === 'active' && (id === null || target.id === id)) {
        return { kind: 'attached', id: target.id };
      }
    }
  }
  return { kind: 'unknown' };
}
