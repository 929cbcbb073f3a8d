/** Security groups: stateful, allow only, unordered. One model rule is one permission with one peer (SG-07). */

import type { Prefix } from '../net/prefix.ts';
import type { Traffic } from '../net/traffic.ts';
import type { Origin } from './origin.ts';
import type { Fact } from './problem.ts';
import type { Resource } from './resource.ts';

/** Whom a rule names: the source of an inbound rule, the destination of an outbound rule. */
export type RulePeer =
  | { readonly kind: 'cidr'; readonly prefix: Prefix }
  | { readonly kind: 'prefix-list'; readonly id: string }
  | {
      readonly kind: 'group';
      readonly groupId: string;
      /** Set for a group of a peered VPC or of another account. */
      readonly account: string | null;
      readonly vpcId: string | null;
      readonly peeringId: string | null;
      /** A rule whose peering status is set and not `active` is stale and matches nothing (SG-16). */
      readonly peeringStatus: string | null;
    }
  /** The peer could not be read: it may be anyone. */
  | { readonly kind: 'unreadable'; readonly fact: Fact };

export interface SecurityGroupRule {
  /** `sgr-...` where AWS told it, else `GROUP/in/PERMISSION.PEER`, counted from zero in the order of the input. */
  readonly id: string;
  readonly direction: 'in' | 'out';
  /** Null where protocol or ports could not be read: the rule may allow anything from its peer. */
  readonly traffic: Traffic | null;
  readonly peer: RulePeer;
  readonly description: string | null;
  readonly origin: Origin;
}

export interface SecurityGroup extends Resource {
  readonly groupName: string | null;
  readonly vpcId: string | null;
  readonly rules: readonly SecurityGroupRule[];
  /** Facts that leave the rule list of a direction incomplete: anything may be allowed besides what `rules` says. */
  readonly gaps: readonly { readonly direction: 'in' | 'out'; readonly fact: Fact }[];
}
