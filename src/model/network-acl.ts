/** Network ACLs: numbered, stateless, first match decides. */

import type { Prefix } from '../net/prefix.ts';
import type { Traffic } from '../net/traffic.ts';
import type { Origin } from './origin.ts';
import type { Fact } from './problem.ts';
import type { Resource } from './resource.ts';

/** Number of the closing `*` entry for v4; the one for v6 is one higher (NACL-04). */
export const CLOSING_V4 = 32767;
export const CLOSING_V6 = 32768;

/** One entry. Entries are tried by ascending `number`; the first that covers a packet decides (NACL-02). */
export interface NaclEntry {
  /** 1 to 32766, CLOSING_V4 or CLOSING_V6. */
  readonly number: number;
  readonly direction: 'in' | 'out';
  readonly action: 'allow' | 'deny';
  readonly traffic: Traffic;
  /** Source when inbound, destination when outbound. */
  readonly peer: Prefix;
  /** Null for an entry that AWS adds and the input leaves out (NACL-05). */
  readonly origin: Origin | null;
}

/** An entry that could not be read whole. It may match anything from its place in the order on. */
export interface UnreadableNaclEntry {
  /** Zero where the number itself could not be read: the entry may then stand first. */
  readonly number: number;
  /** Null where it may stand in either list. */
  readonly direction: 'in' | 'out' | null;
  /** Null where the action could not be read. */
  readonly action: 'allow' | 'deny' | null;
  readonly fact: Fact;
  readonly origin: Origin;
}

export interface NetworkAcl extends Resource {
  readonly vpcId: string;
  readonly isDefault: boolean;
  readonly subnetIds: readonly string[];
  /** Sorted by direction, then number; always with the closing entries of both directions and families. */
  readonly entries: readonly NaclEntry[];
  readonly unreadable: readonly UnreadableNaclEntry[];
}
