/** Internet gateways, egress-only internet gateways, NAT gateways, and peering connections. */

import type { Address } from '../net/address.ts';
import type { Prefix } from '../net/prefix.ts';
import type { Resource } from './resource.ts';

export interface InternetGateway extends Resource {
  /** VPCs it is attached to (at most one), with the attachment's state: `available` (or `attached`) is usable (IGW-01). */
  readonly attachments: readonly GatewayAttachment[];
}

export interface EgressOnlyGateway extends Resource {
  readonly attachments: readonly GatewayAttachment[];
}

export interface GatewayAttachment {
  readonly vpcId: string;
  readonly state: string;
}

/** One address of a NAT gateway. */
export interface NatAddress {
  readonly privateAddress: Address | null;
  readonly publicAddress: Address | null;
  readonly interfaceId: string | null;
  readonly isPrimary: boolean;
}

export interface NatGateway extends Resource {
  readonly vpcId: string;
  /** Null for a regional gateway (NAT-08). */
  readonly subnetId: string | null;
  readonly connectivity: 'public' | 'private';
  readonly availability: 'zonal' | 'regional';
  /** `pending`, `failed`, `available`, `deleting` or `deleted` (NAT-03). */
  readonly state: string;
  readonly addresses: readonly NatAddress[];
}

/** One end of a peering connection, as either side describes it. */
export interface PeeringEnd {
  readonly vpcId: string;
  readonly account: string | null;
  readonly region: string | null;
  /** v4 and v6 blocks as the connection lists them; empty where it does not (a deleted connection, another account's view). */
  readonly cidrs: readonly Prefix[];
}

export interface Peering extends Resource {
  /** `active` forwards, nothing else does (PCX-01). */
  readonly state: string;
  readonly requester: PeeringEnd;
  readonly accepter: PeeringEnd;
}
