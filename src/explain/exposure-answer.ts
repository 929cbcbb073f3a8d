/** What the internet can open, on what and through what; and what is one change away from that. */

import type { Fact } from '../model/problem.ts';
import type { Family } from '../net/address.ts';
import type { ReachedBehind } from './behind-balancers.ts';
import type { Place, Step } from './trace.ts';

export interface ExposureAnswer {
  readonly service: string;
  /** Interfaces with an address that was looked at. */
  readonly interfaces: number;
  /** How many of them something from the internet certainly reaches, by itself or through a load balancer. */
  readonly reached: number;
  /** Interfaces that something from the internet certainly reaches. */
  readonly exposed: readonly Exposure[];
  /** What one thing alone keeps from being reached; security groups that do so are in `shielded`. */
  readonly near: readonly NearExposure[];
  /** Interfaces that the internet would reach but for their security groups. */
  readonly shielded: readonly Shielded[];
  /** Interfaces for which facts are missing that decide. */
  readonly open: readonly OpenExposure[];
  readonly assumptions: readonly string[];
  readonly unknowns: readonly Fact[];
}

/** Interfaces alike in what reaches them, from where. */
export interface Exposure {
  readonly family: Family;
  readonly places: readonly Place[];
  /** Addresses of the internet, as prefixes. */
  readonly from: readonly string[];
  /** What arrives, and what of it is answered, as people write rules. */
  readonly forward: readonly string[];
  readonly roundTrip: readonly string[];
  readonly clientPorts: readonly string[];
  /** Replayed by the walker before it is shown. */
  readonly witness: { readonly packet: string; readonly verdict: string };
  /** The rules and routes that the witness passed. */
  readonly through: readonly PassedRule[];
  /** Where they are nodes of a load balancer: who is reached behind them. */
  readonly behind: readonly ReachedBehind[];
}

export type PassedRule = Pick<Step, 'stage' | 'text' | 'resource' | 'rule' | 'source'>;

export interface NearExposure {
  readonly family: Family;
  readonly places: readonly Place[];
  readonly from: readonly string[];
  /** What would arrive and be answered without the obstacle. */
  readonly packets: readonly string[];
  /** `public-address`: the interface has none, and everything else is open. `network-acl`: the inbound list alone refuses. */
  readonly obstacle: 'public-address' | 'network-acl';
  /** The list that refuses, or null. */
  readonly resource: string | null;
}

export interface Shielded {
  readonly family: Family;
  readonly places: readonly Place[];
  readonly from: readonly string[];
  /** What nothing but the groups keeps out. */
  readonly packets: readonly string[];
  readonly groups: readonly string[];
}

export interface OpenExposure {
  readonly family: Family;
  readonly places: readonly Place[];
  readonly from: readonly string[];
  readonly packets: readonly string[];
}
