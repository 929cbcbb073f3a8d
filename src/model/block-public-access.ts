/** VPC Block Public Access: the account's mode in a Region, and its exclusions (BPA-01 to BPA-07). */

import type { Resource } from './resource.ts';

/** One for each account and Region; `id` is `bpa-` and both. */
export interface BlockPublicAccess extends Resource {
  readonly mode: 'off' | 'block-bidirectional' | 'block-ingress';
  /** False where the mode is still being changed. */
  readonly settled: boolean;
}

export interface BlockPublicAccessExclusion extends Resource {
  /** Exactly one of the two. */
  readonly vpcId: string | null;
  readonly subnetId: string | null;
  readonly mode: 'allow-bidirectional' | 'allow-egress';
  /** `create-complete` and `update-complete` count. */
  readonly state: string;
}
