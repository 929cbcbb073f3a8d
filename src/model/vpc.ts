/** VPCs and their subnets. */

import type { Prefix } from '../net/prefix.ts';
import type { Resource } from './resource.ts';

export interface Vpc extends Resource {
  /** Every associated block, v4 and v6, the primary v4 block first. */
  readonly cidrs: readonly Prefix[];
  readonly isDefault: boolean;
  /** The `enableDnsSupport` attribute; null where it was not read (AWS's default is true). */
  readonly dnsSupport: boolean | null;
}

export interface Subnet extends Resource {
  readonly vpcId: string;
  /** v4 block (none for an IPv6-only subnet), then v6 blocks. */
  readonly cidrs: readonly Prefix[];
  readonly availabilityZone: string | null;
  readonly availabilityZoneId: string | null;
  /** What new interfaces get; never decides about a packet. */
  readonly mapPublicIpOnLaunch: boolean;
  /** DNS64, a subnet attribute (NAT-09). */
  readonly dns64: boolean;
}
