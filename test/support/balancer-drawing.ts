/** The words of drawings for load balancers; see `drawing.ts` for how names become ids. */

import type { LoadBalancer, TargetGroup } from '../../src/model/load-balancer.ts';

export interface BalancerDrawing {
  /** `application` unless told. */
  readonly kind?: LoadBalancer['kind'];
  /** `internet-facing` unless told. */
  readonly scheme?: LoadBalancer['scheme'];
  readonly state?: string;
  /** The node in each enabled zone, by the name of its subnet: its private address, or all that it has. */
  readonly nodes: Readonly<Record<string, string | NodeDrawing>>;
  /** Enabled zones whose nodes the snapshot does not show, by subnet. */
  readonly zones?: readonly string[];
  /** Names of groups; left out, the VPC's default group, and none for a network or gateway balancer (SG-23). */
  readonly groups?: readonly string[];
  /** Left out, on for an application balancer and off for the others (ELB-03). Null: the attributes were not read. */
  readonly crossZone?: boolean | null;
  readonly judgesPrivateLink?: boolean;
  /**
   * `TCP 443` to the names of the target groups that its actions forward to, or `[]` for one that forwards nowhere. A classic
   * balancer's go to a protocol and port of its instances: `TCP 8080`. Null: they were not read.
   */
  readonly listeners?: Readonly<Record<string, string | readonly string[]>> | null;
  /** Ids of the instances of a classic balancer. */
  readonly instances?: readonly string[];
}

export interface NodeDrawing {
  readonly address?: string;
  readonly public?: string;
  readonly v6?: string;
}

export interface TargetGroupDrawing {
  /** `instance` unless told. */
  readonly type?: TargetGroup['targetType'];
  /** Protocol and port, `TCP 8080`; a group of functions has neither. */
  readonly to?: string;
  /**
   * Left out, as AWS has it by default (ELB-08): on for groups of instances and for UDP, off for others, and unsaid for the protocols
   * of application balancers. Null: the attributes were not read.
   */
  readonly preserveClient?: boolean | null;
  /** Left out, as the balancer has it. */
  readonly crossZone?: boolean;
  /**
   * What is registered, `i-b`, `10.0.2.20`, `app/inner/1` or the ARN of a function; then `:8080` for a port of its own (after brackets
   * around a v6 address), `in us-east-1b` or `in all` for the zone of an address outside the VPC, and a word for its health, which is
   * `healthy` unless told: `10.9.0.5:8080 in all unhealthy`. Null: they were not read.
   */
  readonly targets?: readonly string[] | null;
}
