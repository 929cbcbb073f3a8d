/** The words of drawings for transit gateways; see `drawing.ts` for how names become ids. */

/** A gateway has a default table of its own name, with which attachments are associated and to which they propagate (TGW-03). */
export interface TransitGatewayDrawing {
  readonly account?: string;
  readonly region?: string;
  readonly state?: string;
  /** Security group referencing (SG-15): off; null: the record does not tell. */
  readonly groups?: boolean | null;
  /** What hangs on it, besides peerings. */
  readonly attachments?: Readonly<Record<string, AttachmentDrawing>>;
  /** The default table, by the gateway's name, and further ones. */
  readonly tables?: Readonly<Record<string, TransitTableDrawing>>;
}

export interface AttachmentDrawing extends AssociationDrawing {
  /** Name of the VPC; left out, that of the attachment. */
  readonly vpc?: string;
  /** Something else than a VPC, as kind and id: `vpn vpn-v`, `direct-connect-gateway dxgw-1`, `connect`. */
  readonly to?: string;
  /** Names of subnets, one in each zone served; left out, the first that is drawn in each zone. Null: they and the options were not read. */
  readonly subnets?: readonly string[] | null;
  readonly applianceMode?: boolean;
  readonly ipv6?: boolean;
  /** Security group referencing (SG-15): on. */
  readonly groups?: boolean;
  readonly state?: string;
}

interface AssociationDrawing {
  /** Name of the associated table; left out, the default table. Null: none. `unsaid`: no record tells. */
  readonly table?: string | null;
  /** Names of the tables that take over its prefixes; left out, the default table, and for a peering none (TGW-06). */
  readonly propagates?: readonly string[];
}

/**
 * Destination (a prefix, or `pl-office`) to target: `tgw-attach-x`, or `blackhole`. Several targets for one destination are one
 * route over equal paths. A peering goes by the id that both ends share, `tgw-attach-tu`.
 */
export type TransitRoutes = Readonly<Record<string, string | readonly string[]>>;

export interface TransitTableDrawing {
  readonly state?: string;
  /** Null: no search for static routes was read. */
  readonly routes?: TransitRoutes | null;
  /** Propagated routes as a search showed them; left out, there was no such search, and the propagations tell. */
  readonly learned?: TransitRoutes;
  /** False: which attachments propagate was not read. */
  readonly propagationsRead?: boolean;
}

/** Two transit gateways, by name, joined; each end may have an association of its own. A gateway that is not drawn has no end. */
export interface TransitPeeringDrawing {
  readonly from: string;
  readonly to: string;
  readonly state?: string;
  readonly ends?: Readonly<Record<string, AssociationDrawing>>;
}

/** A VPN connection with static routes, or one that speaks BGP. */
export interface VpnDrawing {
  /** Name of the transit gateway it ends at. */
  readonly gateway: string;
  /** Prefixes of its static routes; left out, it learns them by BGP. */
  readonly routes?: readonly string[];
  readonly state?: string;
}
