/** EC2 instances and Elastic IP addresses. */

import type { Address } from '../net/address.ts';
import type { Resource } from './resource.ts';

export interface Instance extends Resource {
  /** `running`, `stopped`, `terminated`, ... (CMP-01). */
  readonly state: string;
  /** Such as `m5.large`; decides the default TCP time-out (CT-09). */
  readonly instanceType: string | null;
  readonly vpcId: string | null;
  readonly subnetId: string | null;
}

export interface ElasticAddress extends Resource {
  readonly publicAddress: Address;
  readonly privateAddress: Address | null;
  readonly interfaceId: string | null;
}
