/** Transit gateways by name: whose attachments hang on which gateway, and which table each of them asks. */

import type { TransitGatewayAttachment, TransitGatewayRouteTable } from '../model/transit-gateway.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { NONE } from './names.ts';

export interface TransitIndex {
  readonly gateway: ReadonlyMap<string, number>;
  readonly table: ReadonlyMap<string, number>;
  /** Attachments by AWS's id: the two ends of a peering share one. */
  readonly byAttachmentId: ReadonlyMap<string, readonly number[]>;
  /** Attachments of VPCs that are not gone, by gateway and VPC. */
  readonly ofVpc: ReadonlyMap<string, number>;
}

/** States of an attachment that is no more, or never was (its id may be listed for an hour). */
const GONE: ReadonlySet<string> = new Set(['deleted', 'deleting', 'failed', 'failing', 'rejected', 'rejecting']);

/** TGW-10. */
export function forwards(state: string): boolean {
  return state === 'available' || state === 'modifying';
}

export function transitIndex(b: GraphBuilder): TransitIndex {
  return b.shared('transit gateways', () => {
    const { transitGateways, transitGatewayAttachments, transitGatewayRouteTables } = b.network;
    const byAttachmentId = new Map<string, number[]>();
    const ofVpc = new Map<string, number>();
    transitGatewayAttachments.forEach((attachment, index) => {
      const { attachmentId, transitGatewayId, attached, state } = attachment;
      const ends = byAttachmentId.get(attachmentId);
      if (ends === undefined) byAttachmentId.set(attachmentId, [index]);
      else ends.push(index);
      if (attached.kind !== 'vpc' || attached.id === null || GONE.has(state)) return;
      const key = vpcKey(transitGatewayId, attached.id);
      const known = ofVpc.get(key);
      if (known === undefined || forwards(state)) ofVpc.set(key, index);
    });
    return {
      gateway: new Map(transitGateways.map(({ id }, index) => [id, index])),
      table: new Map(transitGatewayRouteTables.map(({ id }, index) => [id, index])),
      byAttachmentId,
      ofVpc,
    };
  });
}

function vpcKey(gateway: string, vpc: string): string {
  return `${gateway} ${vpc}`;
}

/** The attachment by which a VPC hangs on a gateway, or NONE. */
export function attachmentOfVpc(b: GraphBuilder, gateway: string, vpc: string): number {
  return transitIndex(b).ofVpc.get(vpcKey(gateway, vpc)) ?? NONE;
}

/** The other end of a peering of two gateways, or null where the snapshot lacks it. */
export function otherEnd(b: GraphBuilder, near: TransitGatewayAttachment): TransitGatewayAttachment | null {
  const ends = transitIndex(b).byAttachmentId.get(near.attachmentId) ?? [];
  const other = ends.find((index) => b.network.transitGatewayAttachments[index]!.transitGatewayId === near.attached.id);
  return other === undefined ? null : b.network.transitGatewayAttachments[other]!;
}

/** What a gateway calls an attachment: the end of it that is its own. */
export function attachmentAt(b: GraphBuilder, gateway: string, attachmentId: string): TransitGatewayAttachment | null {
  const ends = transitIndex(b).byAttachmentId.get(attachmentId) ?? [];
  const own = ends.find((index) => b.network.transitGatewayAttachments[index]!.transitGatewayId === gateway);
  return own === undefined ? null : b.network.transitGatewayAttachments[own]!;
}

export function transitTable(b: GraphBuilder, id: string): TransitGatewayRouteTable | null {
  const index = transitIndex(b).table.get(id);
  return index === undefined ? null : b.network.transitGatewayRouteTables[index]!;
}
