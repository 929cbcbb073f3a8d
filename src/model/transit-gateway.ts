/** Transit gateways: who is attached, which table each attachment's packets ask, and what the tables say (TGW-01 to TGW-10). */

import type { Prefix } from '../net/prefix.ts';
import type { Origin } from './origin.ts';
import type { Resource } from './resource.ts';

export interface TransitGateway extends Resource {
  /** `available` and `modifying` forward (TGW-10). */
  readonly state: string;
  /** SG-15: off unless the gateway says otherwise; null where the snapshot does not tell. */
  readonly securityGroupReferencing: boolean | null;
}

/** What hangs on a transit gateway. `id` is null where the record does not tell. */
export interface Attached {
  readonly kind: 'vpc' | 'vpn' | 'direct-connect-gateway' | 'peering' | 'connect' | 'firewall' | 'unrecognised';
  /** VPC, VPN connection, Direct Connect gateway, the *other* transit gateway, firewall. */
  readonly id: string | null;
  /** Who owns it; left out where the record does not tell. */
  readonly account?: string;
}

/** Which table the packets that come in by an attachment ask (TGW-02). */
export type Association =
  | { readonly kind: 'table'; readonly id: string }
  | { readonly kind: 'none' }
  /** No record that was read tells. */
  | { readonly kind: 'unsaid' };

/** What only attachments of VPCs have. */
export interface VpcAttachmentOptions {
  /** One subnet for each zone that is served (TGW-01). */
  readonly subnetIds: readonly string[];
  readonly applianceMode: boolean;
  readonly ipv6: boolean;
  /** SG-15: on unless it says otherwise. */
  readonly securityGroupReferencing: boolean;
}

/** One end of an attachment as its transit gateway sees it. A peering of two gateways is two of these. */
export interface TransitGatewayAttachment extends Resource {
  /** AWS's id. `id` is the same, except for a peering, whose ends share it: there it is `tgw-attach-1/tgw-1`. */
  readonly attachmentId: string;
  readonly transitGatewayId: string;
  readonly attached: Attached;
  /** `available` and `modifying` forward (TGW-10). */
  readonly state: string;
  readonly association: Association;
  /** Null for other kinds, and for a VPC's where the snapshot lacks `describe-transit-gateway-vpc-attachments`. */
  readonly vpc: VpcAttachmentOptions | null;
}

export interface TransitGatewayRoute {
  readonly destination:
    | { readonly kind: 'cidr'; readonly prefix: Prefix }
    | { readonly kind: 'prefix-list'; readonly id: string };
  readonly state: 'active' | 'blackhole';
  readonly source: 'static' | 'propagated';
  /** AWS's attachment ids; several where equal paths share the load. Empty for a blackhole. */
  readonly attachmentIds: readonly string[];
  readonly origin: Origin;
}

export interface TransitGatewayRouteTable extends Resource {
  readonly transitGatewayId: string;
  readonly state: string;
  /** Null where no search for static routes was read. */
  readonly staticRoutes: readonly TransitGatewayRoute[] | null;
  /** Routes that attachments brought, as a search showed them; null where none was read. */
  readonly propagatedRoutes: readonly TransitGatewayRoute[] | null;
  /** AWS's ids of the attachments whose prefixes are taken over (TGW-03); null where that was not read. */
  readonly propagatingIds: readonly string[] | null;
}
