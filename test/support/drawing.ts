/**
 * The words in which a test draws a network. `networkOf` in `network.ts` turns a drawing into a model `Network`.
 *
 * Names become ids by one rule, a prefix and the name in lower case, so that a test can name everything it drew:
 *
 * | drawn                    | id                                                   |
 * | ------------------------ | ---------------------------------------------------- |
 * | VPC `1` (the top level)  | `vpc-1`, and its `igw-1`, `eigw-1`                   |
 * | ... what AWS adds to it  | `rtb-main-1`, `acl-default-1`, `sg-default-1`        |
 * | subnet `P`               | `subnet-p`, its own table `rtb-p`, its own `acl-p`   |
 * | group `web`              | `sg-web`, rules `sg-web/in/0.0`, `sg-web/out/0.0`    |
 * | interface `A`            | `eni-a`, on instance `i-a`                           |
 * | NAT gateway `G`          | `nat-g`, its interface `eni-nat-g`                   |
 * | peering `AB`             | `pcx-ab`                                             |
 * | prefix list `office`     | `pl-office`                                          |
 * | transit gateway `T`      | `tgw-t`, its default table `tgw-rtb-t`               |
 * | ... its attachment `X`   | `tgw-attach-x`                                       |
 * | ... its further table `R`| `tgw-rtb-r`                                          |
 * | transit peering `TU`     | `tgw-attach-tu/tgw-t` and `tgw-attach-tu/tgw-u`      |
 * | VPN connection `V`       | `vpn-v`                                              |
 * | balancer `web`           | `app/web/1`, `net/web/1`, `gwy/web/1`; classic `web` |
 * | ... its node in `P`      | `eni-web-p`                                          |
 * | target group `blue`      | `blue/1`                                             |
 * | ... of a classic `web`   | `web:80`, by the listener's port                     |
 *
 * Names are unique over the whole drawing, whatever VPC they are in. Where text names a thing (a route's target, a rule's peer) it
 * uses the id. What a drawing leaves out is as AWS has it by default.
 */

import type { Kind } from '../../src/model/network.ts';
import type { InterfaceOwner } from '../../src/model/network-interface.ts';
import type { BalancerDrawing, TargetGroupDrawing } from './balancer-drawing.ts';
import type { TransitGatewayDrawing, TransitPeeringDrawing, VpnDrawing } from './transit-drawing.ts';

/** One VPC, and all else that a snapshot holds. The VPC at the top level is called `1`; `vpcs` holds further ones. */
export interface Drawing extends VpcDrawing {
  readonly vpcs?: Readonly<Record<string, VpcDrawing>>;
  readonly peerings?: Readonly<Record<string, PeeringDrawing>>;
  readonly transitGateways?: Readonly<Record<string, TransitGatewayDrawing>>;
  readonly transitPeerings?: Readonly<Record<string, TransitPeeringDrawing>>;
  readonly vpns?: Readonly<Record<string, VpnDrawing>>;
  /** Entries of one family, or null for a list whose entries the snapshot lacks. */
  readonly prefixLists?: Readonly<Record<string, readonly string[] | null>>;
  /** Kinds whose list was cut off: absence proves nothing. */
  readonly incomplete?: readonly Kind[];
  /** Kinds that were not read at all: their records are left out, and no list speaks for them. */
  readonly unread?: readonly Kind[];
  /** Ids of records to leave out although others refer to them. */
  readonly absent?: readonly string[];
}

export interface VpcDrawing {
  /** CIDR blocks, v4 and v6, the primary v4 block first. Left out at the top level: no VPC `1`. */
  readonly vpc?: string | readonly string[];
  readonly account?: string;
  readonly region?: string;
  readonly dnsSupport?: boolean | null;
  /** An attached internet gateway; `detached` exists and is attached to nothing; any other text is the attachment's state. */
  readonly igw?: boolean | string;
  /** An attached egress-only internet gateway. */
  readonly eigw?: boolean;
  /** A table associated with the internet gateway (RT-15): `rtb-igw-1`. */
  readonly igwRoutes?: Routes;
  /** The main table besides its local routes. */
  readonly mainRoutes?: Routes;
  /** Tables that several subnets share: `rtb-NAME`. */
  readonly tables?: Readonly<Record<string, Routes>>;
  /** The VPC's default ACL; left out it allows everything (NACL-06). */
  readonly defaultNacl?: NaclDrawing;
  /** ACLs that several subnets share: `acl-NAME`. */
  readonly nacls?: Readonly<Record<string, NaclDrawing>>;
  readonly subnets?: Readonly<Record<string, SubnetDrawing>>;
  readonly groups?: Readonly<Record<string, GroupDrawing>>;
  readonly enis?: Readonly<Record<string, InterfaceDrawing>>;
  readonly nats?: Readonly<Record<string, NatDrawing>>;
  readonly balancers?: Readonly<Record<string, BalancerDrawing>>;
  readonly targetGroups?: Readonly<Record<string, TargetGroupDrawing>>;
}

/**
 * Destination (`0.0.0.0/0`, `::/0`, `pl-office`, `unreadable`) to target: an id, or `local`, `igw` and `eigw` for the VPC's own.
 * A word after the target says more: `nat-g blackhole`, `igw filtered`, `vgw-1 propagated`. Several targets for one destination
 * make several routes. The local routes of the VPC's blocks are there unless a destination replaces them (RT-03, RT-08).
 */
export type Routes = Readonly<Record<string, string | readonly string[]>>;

export interface SubnetDrawing {
  /** v4 and v6 blocks. */
  readonly cidr: string | readonly string[];
  /** Availability zone, `us-east-1a` unless told; null: the record does not tell. */
  readonly zone?: string | null;
  readonly zoneId?: string;
  /** An own table, or the id of one of `tables`; left out, the main table. */
  readonly routes?: Routes | string;
  /** An own ACL, or the id of one of `nacls`; left out, the VPC's default ACL. */
  readonly nacl?: NaclDrawing | string;
}

/**
 * Entries as `100 allow tcp/443 0.0.0.0/0`: number, action, traffic, peer. `100 deny unreadable` is an entry that could not be read
 * whole, `100 unreadable` one whose action could not be read either. A direction left out allows everything (both families); an
 * empty one denies everything. The closing entries are added.
 */
export interface NaclDrawing {
  readonly in?: readonly string[];
  readonly out?: readonly string[];
}

/**
 * Rules as `tcp/443 from 0.0.0.0/0`, `icmp/3.4 from sg-web`, `all to pl-office`; inbound ones say `from`, outbound ones `to`.
 * Traffic is `tcp/80`, `udp/1024-2048`, `icmp`, `icmp/8`, `icmpv6`, `50`, `all`, or `unreadable`; so may be the peer.
 * After a group: `via pcx-ab` (its peering, active), `via pcx-ab deleted`, `of 222222222222` (its account).
 * No `in`: no inbound rule. No `out`: everything may leave (SG-04).
 */
export interface GroupDrawing {
  readonly in?: readonly string[];
  readonly out?: readonly string[];
  /** Directions whose rules the snapshot does not hold whole. */
  readonly gaps?: readonly ('in' | 'out')[];
}

export interface InterfaceDrawing {
  readonly subnet: string;
  /** Private v4 addresses, the primary one first. */
  readonly address?: string | readonly string[];
  /** The public address of the primary private one, or of each private address by name. */
  readonly public?: string | Readonly<Record<string, string>>;
  readonly v6?: string | readonly string[];
  /** Delegated prefixes, v4 and v6. */
  readonly delegated?: string | readonly string[];
  /** Names of groups; left out, the VPC's default group. */
  readonly groups?: readonly string[];
  /** Source/destination check; true unless switched off. */
  readonly check?: boolean;
  readonly tracking?: { readonly tcpEstablished?: number; readonly udpStream?: number; readonly udp?: number };
  readonly status?: string;
  readonly owner?: InterfaceOwner;
  /** AWS's description, which names what it was made for: `ELB net/NAME/HASH`. */
  readonly description?: string;
  /** Name of the instance it belongs to; left out, one of its own with the interface's name; null: none. */
  readonly instance?: string | null;
  readonly instanceType?: string;
  readonly instanceState?: string;
  readonly denyAllIgwTraffic?: boolean;
}

export interface NatDrawing {
  /** Left out for a regional gateway (NAT-08), which has no interface either. */
  readonly subnet?: string;
  /** Private addresses, the primary one first. */
  readonly address?: string | readonly string[];
  /** Public addresses in the order of the private ones; left out, the gateway is private (NAT-04). */
  readonly public?: string | readonly string[];
  readonly state?: string;
}

/** Ends are names of VPCs, drawn or not. A VPC that is not drawn lies in `foreign`. */
export interface PeeringDrawing {
  readonly from: string;
  readonly to: string;
  readonly state?: string;
  /** What the connection says of an end that is not drawn. */
  readonly foreign?: { readonly cidrs?: readonly string[]; readonly account?: string; readonly region?: string };
}
