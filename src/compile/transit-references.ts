/** Whether rules may name security groups of senders behind a transit gateway (SG-15). */

import type { Network } from '../model/network.ts';
import type { SecurityGroup } from '../model/security-group.ts';
import type { TransitGatewayAttachment } from '../model/transit-gateway.ts';
import type { GraphBuilder } from './graph-builder.ts';
import type { Names } from './names.ts';
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
      const naming = b.network.securityGroups.filter((group) => namesElsewhere(b.network, b.names, group));
      return new Set(naming.map((group) => group.vpcId));
    })
    .has(vpcId);
}

/** The same of one group. */
export function namesElsewhere(
  { securityGroups }: Pick<Network, 'securityGroups'>,
  names: Pick<Names, 'group'>,
  { rules, vpcId }: SecurityGroup,
): boolean {
  return rules.some(({ direction, peer }) => {
    if (direction !== 'in' || peer.kind !== 'group') return false;
    const index = names.group.get(peer.groupId);
    // Groups that rules name and the snapshot lacks are numbered after those that it has.
    return index === undefined || securityGroups[index]?.vpcId !== vpcId;
  });
}
