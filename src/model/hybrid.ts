/** What leads out of AWS: virtual private gateways, VPN connections, Direct Connect (HYB-01 to HYB-07). */

import type { Prefix } from '../net/prefix.ts';
import type { GatewayAttachment } from './gateway.ts';
import type { Resource } from './resource.ts';

export interface VirtualPrivateGateway extends Resource {
  readonly state: string;
  readonly attachments: readonly GatewayAttachment[];
}

export interface VpnConnection extends Resource {
  readonly state: string;
  /** Where it ends on the side of AWS; both null for one that ends at neither. */
  readonly virtualPrivateGatewayId: string | null;
  readonly transitGatewayId: string | null;
  readonly customerGatewayId: string | null;
  /** True: only `staticRoutes` count. False: BGP, whose prefixes a snapshot does not hold. */
  readonly staticRoutesOnly: boolean;
  readonly staticRoutes: readonly Prefix[];
}

export interface DirectConnectGateway extends Resource {
  readonly state: string;
}

/** A Direct Connect gateway's tie to a virtual private or transit gateway. */
export interface DirectConnectAssociation extends Resource {
  readonly directConnectGatewayId: string;
  readonly associated: { readonly kind: 'virtual-private-gateway' | 'transit-gateway'; readonly id: string };
  /** `associated` forwards. */
  readonly state: string;
  /** What is announced to the customer's side; empty where the record does not tell. */
  readonly allowedPrefixes: readonly Prefix[];
}

export interface VirtualInterface extends Resource {
  readonly kind: 'private' | 'public' | 'transit';
  /** `available` carries traffic. */
  readonly state: string;
  readonly virtualPrivateGatewayId: string | null;
  readonly directConnectGatewayId: string | null;
}
