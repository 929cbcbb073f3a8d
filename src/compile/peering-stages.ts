/** VPC peering: private addresses, between two VPCs and no further (W6, PCX-01 to PCX-05). */

import type { Prefix } from '../net/prefix.ts';
import { allowLine, checkRules, denyLine } from './check-rules.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { peeringCidrs, targetOf, vpcOf } from './missing-facts.ts';
import { NONE } from './names.ts';
import { farEnd, sameRegion } from './peering-ends.ts';
import { DESTINATION } from './rule-table.ts';
import { FILTER, FORGETS_SENDER, RETURNS_TO_GATEWAY, type StageId, stage } from './stage.ts';
import { deliverInVpc } from './vpc-stages.ts';

/** A way over a peering: the connection, and whether towards its accepter (0) or its requester (1). */
export function wayOver(peering: number, towardsRequester: boolean): number {
  return peering * 2 + (towardsRequester ? 1 : 0);
}

export function crossPeering(b: GraphBuilder, vpc: number, id: string, place: number): StageId {
  const index = b.names.peering.get(id) ?? NONE;
  if (index === NONE) return b.unknown(place, 'route', targetOf('peering', id, 'ec2 describe-vpc-peering-connections'));
  const peering = b.network.peerings[index]!;
  const near = b.network.vpcs[vpc]!.id;
  if (farEnd(peering, near) === null) {
    const peeringPlace = b.place({ kind: 'peering', id, name: peering.name });
    return b.drop(peeringPlace, 'gateway-check', 'BAD_STATE_ROUTE', `${id} does not touch ${near}`);
  }
  return enterPeering(b, index, peering.requester.vpcId !== near);
}

/** Into the peering, towards one of its ends. */
export function enterPeering(b: GraphBuilder, index: number, towardsRequester: boolean): StageId {
  const peering = b.network.peerings[index]!;
  const place = b.place({ kind: 'peering', id: peering.id, name: peering.name });
  if (peering.state !== 'active') {
    return b.drop(place, 'gateway-check', 'BAD_STATE', `the peering is ${peering.state}, not active (PCX-01)`, {
      resource: peering.id,
      source: peering.origin,
    });
  }
  const far = towardsRequester ? peering.requester : peering.accepter;
  const farVpc = b.names.vpc.get(far.vpcId) ?? NONE;
  const cidrs: readonly Prefix[] = farVpc === NONE ? far.cidrs : b.network.vpcs[farVpc]!.cidrs;
  const gap = b.gap(`cidrs:${far.vpcId}`) ?? b.gap(`cidrs:${peering.id}`);
  if (cidrs.length === 0) return b.unknown(place, 'gateway-check', peeringCidrs(peering.id));
  return b.once(`peering ${index} ${towardsRequester}`, () =>
    stage(FILTER, 'gateway-check', place, {
      rules: checkRules(b, peering.id, DESTINATION, [
        allowLine(`an address of ${far.vpcId}`, cidrs),
        ...(gap === null ? [] : [{ ...denyLine(gap.what, 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR', null), fact: gap }]),
        denyLine(
          `no address of ${far.vpcId}: a peering reaches the VPC at its far end and nothing behind it (PCX-01, PCX-03)`,
          'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR',
          null,
        ),
      ]),
      next: farVpc === NONE ? b.unknown(place, 'deliver', vpcOf(far.vpcId)) : deliverInVpc(b, farVpc),
      effects: RETURNS_TO_GATEWAY | (sameRegion(peering) ? 0 : FORGETS_SENDER),
      host: wayOver(index, !towardsRequester),
    }),
  );
}
