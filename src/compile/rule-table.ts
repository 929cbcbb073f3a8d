/**
 * Rules as boxes of integers: one shape for network ACL entries, security group rules and the checks that gateways make.
 *
 * A row says of one end of the packet (its *peer*: the source for an inbound list, the destination for an outbound one) and of
 * protocol and destination port which packets it means. What a row matches is decided here and nowhere else: `covers` for one
 * packet; the set engine intersects the same ranges.
 *
 * A row that stands on a missing fact *may* match whatever its box covers. Both readers treat such rows alike: they decide
 * only when the answer is the same with and without them.
 */

import type { Origin } from '../model/origin.ts';
import { ALL_PROTOCOLS, LAST_PORT } from '../net/protocol.ts';
import type { Traffic } from '../net/traffic.ts';
import type { Ranks } from './address-space.ts';
import type { ExplanationCode } from './explanation-code.ts';

export const DENY = 0;
export const ALLOW = 1;
/** The action could not be read. */
export const EITHER = 2;

/** Row without a group condition. */
export const NO_GROUP = -1;
/** Row that certainly stands. */
export const CERTAIN = -1;

export interface RuleRow {
  /** Ranks of the peer address, inclusive. */
  readonly firstRank: number;
  readonly lastRank: number;
  /** Index of the security group that the peer must carry, or NO_GROUP. */
  readonly group: number;
  /** IANA number, or ALL_PROTOCOLS. */
  readonly protocol: number;
  readonly firstPortOrIcmp: number;
  readonly lastPortOrIcmp: number;
  /** ALLOW, DENY or EITHER. */
  readonly action: number;
  /** Index of the fact under which the row may match, or CERTAIN. */
  readonly fact: number;
  /** The rule names 0.0.0.0/0 or ::/0 literally: what decides whether a flow is tracked (CT-03, OPEN-07). */
  readonly anywhere: boolean;
  /** Assumption bits of a decision by this row. */
  readonly assumptions: number;
  /** What to call the row: index into the table's `origins`. */
  readonly origin: number;
}

/** The rule of the snapshot that a row came from, for explanations. */
export interface RuleOrigin {
  /** The list: `acl-1`, `sg-1`; the gateway whose check it is. */
  readonly resource: string;
  /** `100`, `*`, `sgr-1`, or what a check is called. */
  readonly rule: string;
  /** The rule in words: `tcp 443 from 0.0.0.0/0`. */
  readonly text: string;
  readonly source: Origin | null;
  /** Code of a denial by this rule. */
  readonly code: ExplanationCode;
}

/** Which end of the packet the rows speak of. */
export const SOURCE = 0;
export const DESTINATION = 1;

export interface RuleTable {
  /** SOURCE or DESTINATION. */
  readonly peer: number;
  readonly rows: readonly RuleRow[];
  readonly origins: readonly RuleOrigin[];
  /** Any row names a group: the peer's identity is needed. */
  readonly hasGroups: boolean;
  /** Any row is literally from or to anywhere (see `RuleRow.anywhere`). */
  readonly hasAnywhere: boolean;
  /** Security groups: which (family, protocol) may go anywhere on all ports, by `openBit`. */
  readonly openToAll: number;
  /** Resources asked, for "no rule of sg-1, sg-2 matches". */
  readonly resources: readonly string[];
}

/** Bit of `openToAll` for TCP or UDP of a family. */
export function openBit(isV6: boolean, isUdp: boolean): number {
  return 1 << ((isV6 ? 2 : 0) + (isUdp ? 1 : 0));
}

export function row(
  ranks: Ranks,
  traffic: Traffic,
  action: number,
  origin: number,
  more: { group?: number; fact?: number; anywhere?: boolean; assumptions?: number } = {},
): RuleRow {
  return {
    firstRank: ranks.first,
    lastRank: ranks.last,
    group: more.group ?? NO_GROUP,
    protocol: traffic.protocol,
    firstPortOrIcmp: traffic.firstPortOrIcmp,
    lastPortOrIcmp: traffic.lastPortOrIcmp,
    action,
    fact: more.fact ?? CERTAIN,
    anywhere: more.anywhere ?? false,
    assumptions: more.assumptions ?? 0,
    origin,
  };
}

/** The same row with another origin. Written out, like every object that there are many of: spreading keeps fields apart. */
export function withOrigin(like: RuleRow, origin: number): RuleRow {
  return {
    firstRank: like.firstRank,
    lastRank: like.lastRank,
    group: like.group,
    protocol: like.protocol,
    firstPortOrIcmp: like.firstPortOrIcmp,
    lastPortOrIcmp: like.lastPortOrIcmp,
    action: like.action,
    fact: like.fact,
    anywhere: like.anywhere,
    assumptions: like.assumptions,
    origin,
  };
}

export function ruleTable(
  peer: number,
  rows: readonly RuleRow[],
  origins: readonly RuleOrigin[],
  resources: readonly string[],
  firstV6: number,
): RuleTable {
  let openToAll = 0;
  for (const { anywhere, fact, protocol, firstPortOrIcmp, lastPortOrIcmp, firstRank } of rows) {
    // A row in doubt opens nothing for certain; tracked or not, what it may open to anywhere is answered (CT-01, CT-03).
    if (!anywhere || fact !== CERTAIN || firstPortOrIcmp !== 0 || lastPortOrIcmp !== LAST_PORT) continue;
    const isV6 = firstRank >= firstV6;
    if (protocol === ALL_PROTOCOLS || protocol === 6) openToAll |= openBit(isV6, false);
    if (protocol === ALL_PROTOCOLS || protocol === 17) openToAll |= openBit(isV6, true);
  }
  return {
    peer,
    // Copies, because lists that grew keep room for more, and there are tables by the hundred thousand.
    rows: rows.slice(),
    origins: origins.slice(),
    hasGroups: rows.some((r) => r.group !== NO_GROUP),
    hasAnywhere: rows.some((r) => r.anywhere),
    openToAll,
    resources,
  };
}

/** A table that nothing asks, so that every stage has the same shape. */
export const NO_RULES: RuleTable = {
  peer: SOURCE,
  rows: [],
  origins: [],
  hasGroups: false,
  hasAnywhere: false,
  openToAll: 0,
  resources: [],
};
