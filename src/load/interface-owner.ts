/** Who answers at a network interface: from its type, and where that says only `interface`, from its attachment and description. */

import type { InterfaceOwner } from '../model/network-interface.ts';

export interface InterfaceSigns {
  readonly interfaceType: string | null;
  readonly description: string | null;
  /** `service` where AWS made it for a service; anybody may write `ELB app/x` on an interface of their own. */
  readonly requester: 'service' | 'user';
  /** `Attachment.InstanceOwnerId`: an account, or `amazon-elb` and the like. */
  readonly attachmentOwner: string | null;
  readonly instanceId: string | null;
}

/** `InterfaceType` values that name a service. Both spellings of NAT gateway occur. Those not here say too little. */
const BY_TYPE = new Map<string, InterfaceOwner>([
  ['nat_gateway', 'nat-gateway'],
  ['natGateway', 'nat-gateway'],
  ['load_balancer', 'load-balancer'],
  ['network_load_balancer', 'network-load-balancer'],
  ['gateway_load_balancer', 'gateway-load-balancer'],
  ['gateway_load_balancer_endpoint', 'gateway-load-balancer-endpoint'],
  ['vpc_endpoint', 'endpoint'],
  ['transit_gateway', 'transit-gateway'],
  ['lambda', 'lambda'],
]);

/** How the descriptions that services write begin, the longer ones first. */
const BY_DESCRIPTION: readonly (readonly [string, InterfaceOwner])[] = [
  ['ELB net/', 'network-load-balancer'],
  ['ELB gwy/', 'gateway-load-balancer'],
  ['ELB ', 'load-balancer'],
  ['Interface for NAT Gateway ', 'nat-gateway'],
  ['VPC Endpoint Interface ', 'endpoint'],
  ['AWS Lambda VPC ENI', 'lambda'],
  ['Network Interface for Transit Gateway Attachment ', 'transit-gateway'],
];

export function ownerOf(signs: InterfaceSigns): InterfaceOwner {
  const byType = BY_TYPE.get(signs.interfaceType ?? '');
  if (byType !== undefined) return byType;
  if (signs.instanceId !== null) return 'instance';
  if (signs.requester === 'service' || signs.attachmentOwner?.startsWith('amazon-')) {
    for (const [start, owner] of BY_DESCRIPTION) {
      if (signs.description?.startsWith(start)) return owner;
    }
    if (signs.attachmentOwner === 'amazon-elb') return 'load-balancer';
  }
  return 'other';
}
