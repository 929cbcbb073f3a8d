/** Whether an internet gateway is attached to a VPC, and which (IGW-01). */

import type { GraphBuilder } from './graph-builder.ts';
import { NONE } from './names.ts';

export type Attachment =
  | { readonly kind: 'attached'; readonly id: string }
  | { readonly kind: 'unusable'; readonly text: string }
  /** `id` is the gateway that the VPC's tables speak of, or what to call it where none does. */
  | { readonly kind: 'unknown'; readonly id: string };

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
  for (const index of b.names.internetGatewaysOfVpc[vpc]!) {
    const gateway = b.network.internetGateways[index]!;
    if (id !== null && gateway.id !== id) continue;
    for (const { vpcId, state } of gateway.attachments) {
      if (vpcId !== record.id) continue;
      if (state === 'available' || state === 'attached') return { kind: 'attached', id: gateway.id };
      unusable = { kind: 'unusable', text: `attachment of ${gateway.id} to ${record.id} is ${state} (IGW-01)` };
    }
  }
  if (unusable !== null) return unusable;
  if (id !== null && b.names.internetGateway.has(id)) {
    return { kind: 'unusable', text: `${id} is not attached to ${record.id} (IGW-01)` };
  }
  const isComplete = b.isComplete('internetGateways', record);
  const routed = activeGatewayOf(b, record.id, id);
  if (routed !== null) return { kind: isComplete ? 'unknown' : 'attached', id: routed };
  return isComplete
    ? { kind: 'unusable', text: `no internet gateway is attached to ${record.id} (IGW-01)` }
    : { kind: 'unknown', id: id ?? `the internet gateway of ${record.id}` };
}

/**
 * A gateway that the VPC has an active route to and the snapshot does not describe. AWS reports a route as active only while its
 * gateway is attached (IGW-01), so it is there, unless a whole list of gateways says otherwise.
 */
function activeGatewayOf(b: GraphBuilder, vpcId: string, id: string | null): string | null {
  for (const table of b.network.routeTables) {
    if (table.vpcId !== vpcId) continue;
    // RT-15: a table that serves a gateway names one that is there.
    const served = table.gatewayIds.find(
      (gateway) => gateway.startsWith('igw-') && !b.names.internetGateway.has(gateway),
    );
    if (served !== undefined && (id === null || id === served)) return served;
    for (const { target, state } of table.routes) {
      if (target.kind !== 'internet-gateway' || state !== 'active' || b.names.internetGateway.has(target.id)) continue;
      if (id === null || target.id === id) return target.id;
    }
  }
  return null;
}
