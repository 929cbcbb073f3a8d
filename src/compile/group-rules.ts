/** The rules of all security groups of an interface as one list without order (SG-01, SG-02). */

import type { RulePeer, SecurityGroup, SecurityGroupRule } from '../model/security-group.ts';
import { formatPrefix } from '../net/address-text.ts';
import { ALL_TRAFFIC } from '../net/traffic.ts';
import { allRanks, ranksOf } from './address-space.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { entriesOf, groupsOf, rulesOf } from './missing-facts.ts';
import type { Direction } from './nacl-rules.ts';
import { NONE } from './names.ts';
import {
  ALLOW,
  CERTAIN,
  DESTINATION,
  type RuleOrigin,
  type RuleRow,
  type RuleTable,
  row,
  ruleTable,
  SOURCE,
  withOrigin,
} from './rule-table.ts';
import { ruleWords, trafficWords } from './rule-words.ts';

/** Interfaces with equal groups share one table. */
export function groupRules(
  b: GraphBuilder,
  groupIds: readonly string[],
  interfaceId: string,
  direction: Direction,
): RuleTable {
  const ids = groupIds.length < 2 ? groupIds : [...new Set(groupIds)].sort();
  // Numbers stand for the ids that any record has; another id is told from them, and from two, by its quotes.
  const key = ids.map((id) => b.names.group.get(id) ?? JSON.stringify(id)).join();
  return b.shared(`groups ${ids.length === 0 ? `of ${interfaceId}` : key} ${direction}`, () => {
    const peer = direction === 'in' ? SOURCE : DESTINATION;
    if (ids.length === 0) {
      const { rows, origins } = maybeAnything(b, b.fact(groupsOf(interfaceId)), 'its groups');
      return ruleTable(peer, rows, origins, ids, b.space.firstV6);
    }
    const rows: RuleRow[] = [];
    const origins: RuleOrigin[] = [];
    for (const id of ids) {
      const lines = linesOf(b, id, direction);
      const first = origins.length;
      for (const line of lines.rows) rows.push(first === 0 ? line : withOrigin(line, first + line.origin));
      origins.push(...lines.origins);
    }
    return ruleTable(peer, rows, origins, ids, b.space.firstV6);
  });
}

/** Rows with their origins. */
interface Lines {
  readonly rows: RuleRow[];
  readonly origins: RuleOrigin[];
}

/** The rules of one group: tables of several begin with those of their first, and copy the rows of the others. */
function linesOf(b: GraphBuilder, id: string, direction: Direction): Lines {
  const known = b.shared(`groups one by one ${direction}`, () => new Map<string, Lines>());
  let lines = known.get(id);
  if (lines === undefined) {
    const group = b.securityGroup(id);
    lines = group === null ? maybeAnything(b, b.fact(rulesOf(id)), id) : linesOfGroup(b, group, direction);
    known.set(id, lines);
  }
  return lines;
}

function linesOfGroup(b: GraphBuilder, group: SecurityGroup, direction: Direction): Lines {
  const rows: RuleRow[] = [];
  const origins: RuleOrigin[] = [];
  for (const rule of group.rules) {
    if (rule.direction !== direction) continue;
    const ruleRows = rowsOf(b, rule, origins.length);
    if (ruleRows.length === 0) continue;
    rows.push(...ruleRows);
    origins.push({
      resource: group.id,
      rule: rule.id,
      text: groupRuleWords(rule),
      source: rule.origin,
      code: 'ENI_SG_RULES_MISMATCH',
    });
  }
  for (const gap of group.gaps) {
    if (gap.direction === direction) addMaybeAnything(b, rows, origins, b.fact(gap.fact), group.id);
  }
  return { rows, origins };
}

function maybeAnything(b: GraphBuilder, fact: number, resource: string): Lines {
  const lines: Lines = { rows: [], origins: [] };
  addMaybeAnything(b, lines.rows, lines.origins, fact, resource);
  return lines;
}

/** A group that the snapshot does not show whole may allow anything besides what is read. */
function addMaybeAnything(
  b: GraphBuilder,
  rows: RuleRow[],
  origins: RuleOrigin[],
  fact: number,
  resource: string,
): void {
  rows.push(row(allRanks(b.space), ALL_TRAFFIC, ALLOW, origins.length, { fact }));
  origins.push({ resource, rule: '?', text: 'not in the snapshot', source: null, code: 'ENI_SG_RULES_MISMATCH' });
}

/** The rows of one rule; none for a stale one, which matches nothing (SG-16). */
function rowsOf(b: GraphBuilder, rule: SecurityGroupRule, origin: number): readonly RuleRow[] {
  const traffic = rule.traffic ?? ALL_TRAFFIC;
  // A rule whose protocol or ports could not be read stands on the fact that loading recorded for it.
  const fact = rule.traffic === null ? b.fact(unreadable(rule)) : CERTAIN;
  const { peer } = rule;
  switch (peer.kind) {
    case 'cidr':
      return [
        row(ranksOf(b.space, peer.prefix), traffic, ALLOW, origin, {
          fact,
          anywhere: peer.prefix.length === 0 && rule.traffic !== null,
        }),
      ];
    case 'prefix-list': {
      const index = b.names.prefixList.get(peer.id) ?? NONE;
      const entries = index === NONE ? null : b.network.prefixLists[index]!.entries;
      if (entries === null)
        return [row(allRanks(b.space), traffic, ALLOW, origin, { fact: b.fact(entriesOf(peer.id)) })];
      return entries.map((prefix) => row(ranksOf(b.space, prefix), traffic, ALLOW, origin, { fact }));
    }
    case 'group':
      if (peer.peeringStatus !== null && peer.peeringStatus !== 'active') return [];
      return [row(allRanks(b.space), traffic, ALLOW, origin, { fact, group: b.names.group.get(peer.groupId)! })];
    case 'unreadable':
      return [row(allRanks(b.space), traffic, ALLOW, origin, { fact: b.fact(peer.fact) })];
  }
}

function unreadable(rule: SecurityGroupRule): {
  key: string;
  what: string;
  remedy: string;
  origin: typeof rule.origin;
} {
  return {
    key: `unreadable:${rule.id}`,
    what: `what rule ${rule.id} allows: its protocol or ports could not be read`,
    remedy: 'mend the record, see the problems of the snapshot',
    origin: rule.origin,
  };
}

function peerName(peer: RulePeer): string {
  switch (peer.kind) {
    case 'cidr':
      return formatPrefix(peer.prefix);
    case 'prefix-list':
      return peer.id;
    case 'group':
      return peer.groupId;
    case 'unreadable':
      return 'a peer that could not be read';
  }
}

/** The rule in the words of the console: `tcp 443 from sg-1`. */
export function groupRuleWords(rule: SecurityGroupRule): string {
  const traffic = rule.traffic === null ? 'traffic that could not be read' : trafficWords(rule.traffic);
  return ruleWords(traffic, rule.direction, peerName(rule.peer));
}
