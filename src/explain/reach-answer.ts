/** Which packets get from one set of places to another, and whose answers come back: as data that survives JSON. */

import type { Fact } from '../model/problem.ts';
import type { Place } from './trace.ts';

export type ReachVerdict = 'all' | 'some' | 'none' | 'unknown';

export interface ReachAnswer {
  /**
   * `all`: every packet asked about arrives, and its answer comes back for every port that a client would use. `some`: part of it
   * does, or arrives without an answer. `none`: nothing arrives. `unknown`: facts are missing that decide between them.
   */
  readonly verdict: ReachVerdict;
  readonly question: { readonly from: string; readonly to: string; readonly service: string };
  /** Pairs of places with equal answers, the ones that let most through first. */
  readonly groups: readonly ReachGroup[];
  /** Pairs of addresses that were looked at, each for every packet. */
  readonly pairs: number;
  readonly assumptions: readonly string[];
  readonly unknowns: readonly Fact[];
  readonly notes: readonly string[];
}

export interface ReachGroup {
  readonly verdict: ReachVerdict;
  readonly from: readonly Place[];
  /** Addresses of the internet among the sources, as prefixes; empty where the sources are interfaces. */
  readonly fromAddresses: readonly string[];
  readonly to: readonly Place[];
  readonly toAddresses: readonly string[];
  /** What was asked and arrives, as people write rules: `tcp 443`, `udp 53,123`, `icmp echo`, `all traffic`. */
  readonly forward: readonly string[];
  /** What arrives and is answered. */
  readonly roundTrip: readonly string[];
  /** TCP and UDP whose answers return to some client ports only: `tcp to client ports 1024-61000`. */
  readonly clientPorts: readonly string[];
  /** What may or may not arrive and be answered, for facts that are missing. */
  readonly open: readonly string[];
  /** One packet that is delivered (replayed by the walker before it is shown), or the most telling one that is not. */
  readonly witness: { readonly packet: string; readonly verdict: string } | null;
  /** What stops the rest, the first stage first. */
  readonly blockers: readonly ReachBlocker[];
}

export interface ReachBlocker {
  readonly direction: 'forward' | 'reply';
  readonly stage: string;
  readonly code: string | null;
  readonly place: Place;
  readonly resource: string | null;
  /** Which packets it stops. */
  readonly kills: readonly string[];
  readonly text: string;
}
