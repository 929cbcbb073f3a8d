/** Elastic network interfaces: where security groups apply and addresses live. */

import type { Address } from '../net/address.ts';
import type { Prefix } from '../net/prefix.ts';
import type { Resource } from './resource.ts';

/** A private v4 address and the public one paired with it (IGW-04). */
export interface PrivateAddress {
  readonly address: Address;
  readonly isPrimary: boolean;
  readonly publicAddress: Address | null;
}

/**
 * What kind of thing the interface belongs to, from `InterfaceType` and, where that says only `interface`, from owner and
 * description. Only `instance` (and `other`, with a note) is walked as a host; the rest decide who answers there.
 */
export type InterfaceOwner =
  | 'instance'
  | 'nat-gateway'
  | 'load-balancer'
  | 'network-load-balancer'
  | 'gateway-load-balancer'
  | 'endpoint'
  | 'gateway-load-balancer-endpoint'
  | 'transit-gateway'
  | 'lambda'
  | 'other';

/** Idle times in seconds; null where the interface does not set one (CT-09, CT-10, CT-12). */
export interface TrackingConfiguration {
  readonly tcpEstablished: number | null;
  readonly udpStream: number | null;
  readonly udp: number | null;
}

export interface NetworkInterface extends Resource {
  readonly vpcId: string;
  readonly subnetId: string;
  /** `in-use`, `available`, ... (CMP-01). */
  readonly status: string;
  readonly owner: InterfaceOwner;
  /** AWS's own words: `InterfaceType`, `Description` and `RequesterId`, for explanations. */
  readonly interfaceType: string | null;
  readonly description: string | null;
  readonly instanceId: string | null;
  /** Zero for the primary interface of its instance; null where unattached or unsaid. */
  readonly deviceIndex: number | null;
  readonly privateAddresses: readonly PrivateAddress[];
  readonly ipv6Addresses: readonly Address[];
  /** Delegated prefixes, v4 and v6. */
  readonly delegated: readonly Prefix[];
  readonly groupIds: readonly string[];
  readonly sourceDestCheck: boolean;
  readonly tracking: TrackingConfiguration;
  /** IGW-05. */
  readonly denyAllIgwTraffic: boolean;
}
