/** AWS Network Firewall: firewalls, policies, rule groups, as far as rules over headers go (NFW-01 to NFW-10). */

import type { IntervalSet } from '../net/interval-set.ts';
import type { Prefix } from '../net/prefix.ts';
import type { Origin } from './origin.ts';
import type { Resource } from './resource.ts';

export interface Firewall extends Resource {
  readonly arn: string;
  readonly firewallName: string;
  readonly policyArn: string;
  readonly vpcId: string | null;
  /** Its endpoints, one a subnet; null where the status was not read. */
  readonly endpoints: readonly { readonly subnetId: string; readonly endpointId: string }[] | null;
}

/** `pass`, `drop`, or `forward` to the stateful engine. */
export type StatelessAction = 'pass' | 'drop' | 'forward';

export interface FirewallPolicy extends Resource {
  readonly arn: string;
  /** Null where an action could not be read. */
  readonly statelessDefault: StatelessAction | null;
  readonly statelessFragmentDefault: StatelessAction | null;
  /** By ascending priority. */
  readonly statelessGroups: readonly { readonly priority: number; readonly arn: string }[];
  readonly order: 'action' | 'strict';
  /** `aws:drop_strict`, `aws:drop_established`, ... */
  readonly statefulDefaults: readonly string[];
  readonly statefulGroups: readonly { readonly priority: number | null; readonly arn: string }[];
}

export interface FirewallRuleGroup extends Resource {
  readonly arn: string;
  readonly rules:
    | { readonly kind: 'stateless'; readonly rules: readonly StatelessRule[] }
    | { readonly kind: 'stateful'; readonly rules: readonly StatefulRule[] }
    /** Domain lists, raw rules, and what could not be read: what they do to a packet is not known (NFW-10). */
    | { readonly kind: 'opaque'; readonly why: string };
}

/** Empty lists match anything (NFW-03). */
export interface StatelessRule {
  readonly priority: number;
  readonly action: StatelessAction | null;
  readonly protocols: readonly number[];
  readonly sources: readonly Prefix[];
  readonly destinations: readonly Prefix[];
  readonly sourcePorts: IntervalSet | null;
  readonly destinationPorts: IntervalSet | null;
  /** Within `mask` exactly the bits of `set` are set; null: any flags. */
  readonly flags: readonly { readonly set: number; readonly mask: number }[] | null;
  readonly origin: Origin;
}

export interface StatefulRule {
  readonly action: 'pass' | 'drop' | 'reject' | 'alert';
  /** IP protocol, ANY for `IP`; null where it is one of a payload (`HTTP`, `TLS`, ...). */
  readonly protocol: number | null;
  readonly source: Prefix | null;
  readonly destination: Prefix | null;
  readonly sourcePorts: IntervalSet | null;
  readonly destinationPorts: IntervalSet | null;
  readonly direction: 'forward' | 'any';
  readonly origin: Origin;
}
