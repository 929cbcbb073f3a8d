/** Which VPC lies on the other side of a peering connection. */

import type { Peering, PeeringEnd } from '../model/gateway.ts';

/** The end that is not this VPC, or null when the VPC is on neither side. */
export function farEnd(peering: Peering, vpcId: string): PeeringEnd | null {
  if (peering.requester.vpcId === vpcId) return peering.accepter;
  if (peering.accepter.vpcId === vpcId) return peering.requester;
  return null;
}

/** SG-14: references hold inside one Region. A Region that neither end names is taken to be the same. */
export function sameRegion(peering: Peering): boolean {
  const { requester, accepter } = peering;
  return requester.region === null || accepter.region === null || requester.region === accepter.region;
}
