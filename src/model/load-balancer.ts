/** Load balancers of the second generation and the classic ones: nodes, listeners, target groups (ELB-01 to ELB-19). */

import type { Address } from '../net/address.ts';
import type { Resource } from './resource.ts';

export interface LoadBalancer extends Resource {
  /** ARN; for a classic balancer, which has none, its name. `id` is the part of the ARN after `loadbalancer/`, or the name. */
  readonly arn: string;
  readonly balancerName: string;
  readonly kind: 'network' | 'application' | 'gateway' | 'classic';
  readonly scheme: 'internet-facing' | 'internal';
  /** `active` (and `active_impaired`) forwards. */
  readonly state: string;
  readonly vpcId: string | null;
  readonly dnsName: string | null;
  /** Enabled zones (ELB-02). */
  readonly zones: readonly BalancerZone[];
  readonly groupIds: readonly string[];
  /** Null where the attributes were not read (ELB-03 gives the default of each kind). */
  readonly crossZone: boolean | null;
  /** ELB-12. Null where unsaid: on. */
  readonly judgesPrivateLink: boolean | null;
  /** Null where the listeners were not read. */
  readonly listeners: readonly Listener[] | null;
}

export interface BalancerZone {
  readonly zone: string | null;
  readonly subnetId: string;
  /** Fixed addresses of the node, public and private, as far as the record names them. */
  readonly addresses: readonly Address[];
}

export interface Listener {
  /** In AWS's words: `TCP`, `UDP`, `TCP_UDP`, `TLS`, `HTTP`, `HTTPS`, `GENEVE`, `QUIC`, `TCP_QUIC`, `SSL`. */
  readonly protocol: string;
  /** Null for a gateway load balancer's. */
  readonly port: number | null;
  /** ARNs of the target groups that some action of some rule forwards to, each once; empty for one that forwards nowhere. */
  readonly targetGroupArns: readonly string[];
}

export interface TargetGroup extends Resource {
  readonly arn: string;
  readonly groupName: string;
  readonly targetType: 'instance' | 'ip' | 'lambda' | 'alb' | 'unrecognised';
  readonly protocol: string | null;
  readonly port: number | null;
  readonly vpcId: string | null;
  /** ARNs of the balancers whose listeners forward to it, as its own record names them. */
  readonly balancerArns: readonly string[];
  /** ELB-08. Null where the attributes were not read or do not say. */
  readonly preservesClientAddress: boolean | null;
  /** ELB-03. Null where unsaid: as the balancer has it. */
  readonly crossZone: boolean | null;
  /** Null where the targets were not read (`describe-target-health`). */
  readonly targets: readonly Target[] | null;
  readonly healthCheck: HealthCheck | null;
}

export interface Target {
  /** Instance, address, function or balancer, in AWS's words. */
  readonly id: string;
  /** Null: the group's port. */
  readonly port: number | null;
  /** Zone of an address outside the VPC, or `all`; null where unsaid. */
  readonly zone: string | null;
  /** `healthy`, `unhealthy`, `initial`, `unused`, `draining`, ...; null where unsaid. */
  readonly health: string | null;
}

export interface HealthCheck {
  readonly protocol: string;
  /** Null: the target's own port. */
  readonly port: number | null;
}
