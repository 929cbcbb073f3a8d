/**
 * What a list of rules says about a packet: first match for network ACLs and checks, any match for security groups.
 *
 * Three answers: ALLOW, DENY, or EITHER when a missing fact decides. A row that may or may not stand only matters if the answer
 * differs with and without it.
 */

import { type Holders, holderFact, mayCarry } from '../compile/identity.ts';
import { ALLOW, CERTAIN, DENY, EITHER, NO_GROUP, type RuleRow, type RuleTable, SOURCE } from '../compile/rule-table.ts';
import { ALL_PROTOCOLS } from '../net/protocol.ts';
import type { InFlight } from './in-flight.ts';

/** No row matched. */
export const NO_ROW = -1;

/** Filled in by `firstMatch` and `anyMatch`; one record, reused. */
export interface Decision {
  /** ALLOW, DENY or EITHER. */
  verdict: number;
  /** Index of the deciding row (for EITHER: of the row in doubt), or NO_ROW. */
  row: number;
  /** The missing fact when the verdict is EITHER, else CERTAIN. */
  fact: number;
  /** Security groups: a matching row is literally from or to anywhere (CT-03). */
  anywhere: boolean;
}

export function newDecision(): Decision {
  return { verdict: DENY, row: NO_ROW, fact: CERTAIN, anywhere: false };
}

function decide(decision: Decision, verdict: number, row: number, fact: number): void {
  decision.verdict = verdict;
  decision.row = row;
  decision.fact = fact;
}

/** Address and protocol of the row admit the packet; ports and groups are still to be asked. */
function coversEnds(row: RuleRow, rank: number, protocol: number): boolean {
  return row.firstRank <= rank && rank <= row.lastRank && (row.protocol === ALL_PROTOCOLS || row.protocol === protocol);
}

/**
 * The first row that covers the packet decides. `portFact` is the fact behind a range of ports (a NAT gateway's choice); for
 * an ordinary packet the range is one port and the fact is never used.
 */
export function firstMatch(table: RuleTable, packet: InFlight, portFact: number, decision: Decision): void {
  const rank = table.peer === SOURCE ? packet.sourceRank : packet.destinationRank;
  firstMatchOfPorts(table, rank, packet.protocol, packet.firstPortOrIcmp, packet.lastPortOrIcmp, portFact, decision);
}

function firstMatchOfPorts(
  table: RuleTable,
  rank: number,
  protocol: number,
  first: number,
  last: number,
  portFact: number,
  decision: Decision,
): void {
  const { rows } = table;
  let maybeAllow = false;
  let maybeDeny = false;
  let maybeRow = NO_ROW;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (!coversEnds(row, rank, protocol) || row.lastPortOrIcmp < first || last < row.firstPortOrIcmp) continue;
    if (row.firstPortOrIcmp > first || last > row.lastPortOrIcmp) {
      // Only some of the ports are the row's: judge them apart.
      const cut = row.firstPortOrIcmp > first ? row.firstPortOrIcmp : row.lastPortOrIcmp + 1;
      firstMatchOfPorts(table, rank, protocol, first, cut - 1, portFact, decision);
      const { verdict, row: deciding } = decision;
      firstMatchOfPorts(table, rank, protocol, cut, last, portFact, decision);
      if (decision.verdict !== verdict) decide(decision, EITHER, verdict === DENY ? deciding : decision.row, portFact);
      return;
    }
    if (row.fact !== CERTAIN) {
      if (maybeRow === NO_ROW) maybeRow = i;
      if (row.action !== DENY) maybeAllow = true;
      if (row.action !== ALLOW) maybeDeny = true;
      continue;
    }
    if (row.action === ALLOW ? maybeDeny : maybeAllow) decide(decision, EITHER, maybeRow, rows[maybeRow]!.fact);
    else decide(decision, row.action, i, CERTAIN);
    return;
  }
  if (maybeAllow) decide(decision, EITHER, maybeRow, rows[maybeRow]!.fact);
  else decide(decision, DENY, NO_ROW, CERTAIN);
}

/**
 * Any row that covers the packet allows it (SG-01, SG-02). `holder` says who is at the peer's end, for rows that name a group:
 * an interface index, NOBODY, or a missing fact (`identity.ts`).
 */
export function anyMatch(
  table: RuleTable,
  packet: InFlight,
  holder: number,
  holders: Holders,
  portFact: number,
  decision: Decision,
): void {
  const rank = table.peer === SOURCE ? packet.sourceRank : packet.destinationRank;
  const { rows } = table;
  const { protocol, firstPortOrIcmp: first, lastPortOrIcmp: last } = packet;
  let matched = NO_ROW;
  let maybeRow = NO_ROW;
  let fact = CERTAIN;
  decision.anywhere = false;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (!coversEnds(row, rank, protocol) || row.lastPortOrIcmp < first || last < row.firstPortOrIcmp) continue;
    const wholeRange = row.firstPortOrIcmp <= first && last <= row.lastPortOrIcmp;
    let doubt = row.fact === CERTAIN && !wholeRange ? portFact : row.fact;
    if (row.group !== NO_GROUP) {
      if (!mayCarry(holders, holder, row.group)) continue;
      if (holder < 0 && doubt === CERTAIN) doubt = holderFact(holders, holder);
    }
    if (doubt === CERTAIN) {
      if (matched === NO_ROW) matched = i;
      if (row.anywhere) decision.anywhere = true;
      // A later rule from anywhere can still make the flow untracked (OPEN-07).
      if (!table.hasAnywhere || decision.anywhere) break;
    } else if (maybeRow === NO_ROW) {
      maybeRow = i;
      fact = doubt;
    }
  }
  if (matched !== NO_ROW) decide(decision, ALLOW, matched, CERTAIN);
  else if (maybeRow === NO_ROW) decide(decision, DENY, NO_ROW, CERTAIN);
  else {
    const together = first < last ? rowOfEveryPort(rows, rank, packet, holder, holders) : NO_ROW;
    if (together !== NO_ROW) decide(decision, ALLOW, together, CERTAIN);
    else decide(decision, EITHER, maybeRow, fact);
  }
}

/** Rows that each cover a part of the ports may cover all of them together: the row of the first port then, else NO_ROW. */
function rowOfEveryPort(
  rows: readonly RuleRow[],
  rank: number,
  packet: InFlight,
  holder: number,
  holders: Holders,
): number {
  const { protocol, firstPortOrIcmp, lastPortOrIcmp } = packet;
  const allows = ({ fact, group, firstPortOrIcmp: first, lastPortOrIcmp: last }: RuleRow, port: number): boolean =>
    fact === CERTAIN &&
    first <= port &&
    port <= last &&
    (group === NO_GROUP || (holder >= 0 && mayCarry(holders, holder, group)));
  let rowOfFirst = NO_ROW;
  for (let port = firstPortOrIcmp; port <= lastPortOrIcmp; ) {
    const index = rows.findIndex((row) => coversEnds(row, rank, protocol) && allows(row, port));
    if (index < 0) return NO_ROW;
    if (rowOfFirst === NO_ROW) rowOfFirst = index;
    port = rows[index]!.lastPortOrIcmp + 1;
  }
  return rowOfFirst;
}

/** Reports whether a group rule would have matched had the sender still been visible (SG-11, SG-12, SG-13). */
export function lostReference(table: RuleTable, packet: InFlight, holders: Holders): boolean {
  const { forgottenSender, protocol, firstPortOrIcmp, lastPortOrIcmp, sourceRank } = packet;
  if (table.peer !== SOURCE || forgottenSender < 0) return false;
  return table.rows.some(
    (row) =>
      row.group !== NO_GROUP &&
      coversEnds(row, sourceRank, protocol) &&
      row.firstPortOrIcmp <= firstPortOrIcmp &&
      lastPortOrIcmp <= row.lastPortOrIcmp &&
      mayCarry(holders, forgottenSender, row.group),
  );
}
