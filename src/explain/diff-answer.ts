/** What differs between two networks, as data that survives JSON: flows opened and closed, and records. */

import type { Kind } from '../model/network.ts';
import type { Fact } from '../model/problem.ts';
import type { Place, Step, Verdict } from './trace.ts';

/**
 * How a flow differs. `opened`: it gets further than before (it arrives, or is answered). `closed`: less far. `became-unknown`: the
 * network after lacks a fact that decides, and the one before did not. `became-known`: the other way round.
 */
export type FlowChangeKind = 'opened' | 'closed' | 'became-unknown' | 'became-known';

export interface DiffAnswer {
  /** `same`: no flow differs. `differs`: some were opened or closed. `unknown`: facts are missing that decide whether any was. */
  readonly verdict: 'same' | 'differs' | 'unknown';
  /** What was compared: the places and packets asked about, as they were written. */
  readonly question: { readonly from: string; readonly to: string; readonly service: string };
  /** What of the internet was compared, as prefixes: without addresses that either network has. */
  readonly internet: { readonly from: readonly string[]; readonly to: readonly string[] };
  /** Flows that differ, opened ones first; within a kind those between places of both networks first. */
  readonly groups: readonly DiffGroup[];
  /** Records that appear, vanish or differ in what they say. */
  readonly resources: readonly RecordDifference[];
  /** Interfaces of both networks, by what they were taken to be the same for; and those of one network alone. */
  readonly interfaces: InterfaceAlignment;
  /** Pairs of addresses, each compared for every packet asked about. */
  readonly pairs: PairCounts;
  readonly assumptions: readonly string[];
  /** Facts behind flows that became known or unknown, of either network. */
  readonly unknowns: readonly Fact[];
  readonly notes: readonly string[];
}

export interface PairCounts {
  /** Pairs that were compared. */
  readonly all: number;
  /** Pairs that no difference of the records can touch were left out, and do not count. */
  readonly isNarrowed: boolean;
  readonly changed: number;
  readonly unchanged: number;
  /** Unchanged pairs with packets whose fate is unknown in both networks. */
  readonly unknownInBoth: number;
}

export interface InterfaceAlignment {
  readonly byId: number;
  readonly byName: number;
  readonly byAddress: number;
  readonly appear: readonly Place[];
  readonly vanish: readonly Place[];
}

/** A place, and which of its own addresses are meant, as the network after has them; none for the internet. */
export interface DiffPlace extends Place {
  readonly addresses: readonly string[];
}

/** Pairs of places with an equal difference: every one of `from` with every one of `to` but itself. All are of one address family. */
export interface DiffGroup {
  readonly kind: FlowChangeKind;
  /** What becomes of the packets in each network; null where one of the places is not in it. */
  readonly before: Verdict | null;
  readonly after: Verdict | null;
  readonly family: 4 | 6;
  readonly from: readonly DiffPlace[];
  /** Addresses of the internet among the sources, as prefixes; empty where the sources are interfaces. */
  readonly fromAddresses: readonly string[];
  readonly to: readonly DiffPlace[];
  readonly toAddresses: readonly string[];
  /** Which packets, as people write rules: `tcp 443`, `all traffic`. */
  readonly packets: readonly string[];
  /** TCP and UDP: the client ports that it is true of, `1024-32767`; null for every one asked about. */
  readonly clientPorts: string | null;
  readonly witness: DiffWitness;
  /** Where the way of the witness parts; null where a place is new or gone, or AWS's choice among several ways decides. */
  readonly cause: DiffCause | null;
}

/** One packet of the group, walked in both networks before it is shown. */
export interface DiffWitness {
  /** As it is sent in the network after, or in the one before where a place is gone. */
  readonly packet: string;
  /** The same in the network before, where an address differs; else null. */
  readonly packetBefore: string | null;
  readonly before: Verdict | null;
  readonly after: Verdict | null;
}

/** The first step at which the two walks part. */
export interface DiffCause {
  readonly direction: 'forward' | 'reply';
  /** Null where the walk has no such step. */
  readonly before: DiffStep | null;
  readonly after: DiffStep | null;
  /** Ids of records that differ and have to do with these steps, as in `RecordDifference.id`. */
  readonly resources: readonly string[];
}

export interface DiffStep extends Pick<Step, 'stage' | 'result' | 'resource' | 'rule' | 'text' | 'code' | 'source'> {
  readonly place: Place;
}

export interface RecordDifference {
  readonly change: 'appears' | 'vanishes' | 'changes';
  readonly kind: Kind;
  /** As the network after calls it, or the one before where it vanishes. */
  readonly id: string;
  /** What the network before calls it, where that is something else; else null. */
  readonly idBefore: string | null;
  readonly name: string | null;
  /** What it says no more, and what it says now, field by field and in words; empty unless it changes. */
  readonly fields: readonly FieldDifference[];
}

export interface FieldDifference {
  readonly field: string;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}
