/** What happened to a packet and its answer, as data that survives JSON. Names and sentences; no indices of compiled tables. */

import type { GraphPlace, StageRole } from '../compile/stage.ts';
import type { Fact } from '../model/problem.ts';

/** The question's verdict: the packet and its answer together. */
export type Verdict = 'delivered' | 'one-way' | 'dropped' | 'unknown';

export interface Trace {
  /**
   * `delivered`: the packet arrives and so does its answer (or its kind has no answer). `one-way`: it arrives, the answer does
   * not. `dropped`: it does not arrive. `unknown`: the snapshot lacks a fact that decides.
   */
  readonly verdict: Verdict;
  readonly forward: Leg;
  /** Null when the packet did not arrive, or when its kind is never answered. */
  readonly reply: Leg | null;
  /** Ids of the readings of undocumented behaviour that the verdict used: `OPEN-16`. Sorted. */
  readonly assumptions: readonly string[];
  /** Facts that the snapshot lacks and that decide. Empty unless the verdict is `unknown`. */
  readonly unknowns: readonly Fact[];
  /** Things a reader should know that do not change the verdict. */
  readonly notes: readonly string[];
}

/** One direction of a walk. */
export interface Leg {
  readonly outcome: 'delivered' | 'dropped' | 'unknown';
  readonly from: Place;
  /** Where the packet ended: where it was delivered or dropped. */
  readonly to: Place;
  /** As the sender sent it and as it ended. */
  readonly sent: Header;
  readonly received: Header;
  readonly hops: readonly Hop[];
  /** Every filter that refuses the packet, the first one first (NACL-27). Empty unless dropped. */
  readonly blockers: readonly Blocker[];
}

/** What a place is; `stage.ts` lists the kinds. */
export type PlaceKind = GraphPlace['kind'];

export interface Place {
  readonly kind: PlaceKind;
  /** AWS id, or `internet`, or the service's name. */
  readonly id: string;
  /** Name tag of the thing (for an interface: of its instance), or null. */
  readonly name: string | null;
}

/** Addresses as text; ports null where the protocol has none; ICMP fields null where it is not ICMP. */
export interface Header {
  readonly protocol: string;
  readonly source: string;
  readonly destination: string;
  /** A NAT gateway's choice is a range: `1024-65535`. */
  readonly sourcePort: string | null;
  readonly destinationPort: string | null;
  readonly icmpType: number | null;
  readonly icmpCode: number | null;
  readonly tcpFlags: string | null;
}

/** One place on the way and what was decided there. */
export interface Hop {
  readonly place: Place;
  readonly steps: readonly Step[];
}

/** One filter, lookup or translation. `text` says it in a sentence; the other fields let a program use it. */
export interface Step {
  readonly stage: StageRole;
  readonly result: 'allow' | 'deny' | 'unknown' | 'forward' | 'rewrite' | 'arrive';
  readonly text: string;
  /** The list that was asked: an ACL, a group, a route table. */
  readonly resource: string | null;
  /** What decided: entry number or `*` of an ACL, id of a group's rule, destination of a route; null when nothing matched. */
  readonly rule: string | null;
  /** `file#pointer` of the deciding record. */
  readonly source: string | null;
  /** Reachability Analyzer's explanation code, on steps that stop the packet. */
  readonly code: string | null;
  /** For a security group: how connection tracking took part. */
  readonly tracking: 'new' | 'untracked' | 'established' | 'reply' | 'related' | null;
  /** The header after a rewrite. */
  readonly header: Header | null;
  /** Assumptions and missing facts of this step: `OPEN-05`, or a fact's key. */
  readonly because: readonly string[];
}

export interface Blocker {
  readonly stage: Step['stage'];
  readonly code: string;
  readonly place: Place;
  readonly resource: string | null;
  readonly rule: string | null;
  readonly source: string | null;
  readonly text: string;
}
