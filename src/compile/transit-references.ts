/** Whether rules may name security groups of senders behind a transit gateway (SG-15). */

import type { TransitGatewayAttachment } from '../model/transit-gateway.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { transitIndex } from './transit-index.ts';

/** `untold` where the snapshot does not hold the gateway's setting. */
export type Keeps = boolean | 'untold';

/** For packets that come in by an attachment: the gateway and the attachments at both ends must support references. */
export function keepsReferences(b: GraphBuilder, { transitGatewayId, vpc }: TransitGatewayAttachment): Keeps {
  if (vpc?.securityGroupReferencing !== true) return false;
  const gateway = transitIndex(b).gateway.get(transitGatewayId);
  const said = gateway === undefined ? null : b.network.transitGateways[gateway]!.securityGroupReferencing;
  return said ?? 'untold';
}

/** Whether an inbound rule of a VPC names a group of another VPC, or one that the snapshot lacks. Others match no sender elsewhere. */
export function refersElsewhere(b: GraphBuilder, vpcId: string): boolean {
  return b
    .shared('VPCs whose rules name groups elsewhere', () => {
      const { securityGroups } = b.network;
      const vpcs = new Set<string | null>();
      for (const group of securityGroups) {
        const refers = group.rules.some(({ direction, peer }) => {
          if (direction !== 'in' || peer.kind !== 'group') return false;
          const index = b.names.group.get(peer.groupId);
          return index === undefined || securityGroups[index]!.vpcId !== group.vpcId;
        });
        if (refers) vpcs.add(group.vpcId);
      }
      return vpcs;
    })
    .has(vpcId);
}
