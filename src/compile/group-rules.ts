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
  DESTINATION,
  type RuleOrigin,
  type RuleRow,
  type RuleTable,
  row,
  ruleTable,
  SOURCE,
} from './rule-table.ts';
import { peerWords, trafficWords } from './rule-words.ts';

/** Interfaces with equal groups share one table. */
export function groupRules(
  b: GraphBuilder,
  groupIds: readonly string[],
  interfaceId: string,
  direction: Direction,
): RuleTable {
  const ids = [...new Set(groupIds)].sort();
  const key = ids.length === 0 ? `groups of ${interfaceId} ${direction}` : `groups ${JSON.stringify(ids)} ${direction}`;
  return b.shared(key, () => {
    const rows: RuleRow[] = [];
    const origins: RuleOrigin[] = [];
    if (ids.length === 0) addMaybeAnything(b, rows, origins, b.fact(groupsOf(interfaceId)), 'its groups');
    for (const id of ids) {
      const group = b.securityGroup(id);
      if (group === null) addMaybeAnything(b, rows, origins, b.fact(rulesOf(id)), id);
      else addGroup(b, rows, origins, group, direction);
    }
    return ruleTable(direction === 'in' ? SOURCE : DESTINATION, rows, origins, ids, b.space.firstV6);
  });
}

function addGroup(
  b: GraphBuilder,
  rows: RuleRow[],
  origins: RuleOrigin[],
  group: SecurityGroup,
  direction: Direction,
): void {
  for (const rule of group.rules) {
    if (rule.direction !== direction) continue;
    const ruleRows = rowsOf(b, rule, origins.length);
    if (ruleRows.length === 0) continue;
    rows.push(...ruleRows);
    origins.push({
      resource: group.id,
      rule: rule.id,
      text: ruleWords(rule),
      source: rule.origin,
      code: 'ENI_SG_RULES_MISMATCH',
    });
  }
  for (const gap of group.gaps) {
    if (gap.direction === direction) addMaybeAnything(b, rows, origins, b.fact(gap.fact), group.id);
  }
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
  const fact = rule.traffic === null ? { fact: b.fact(unreadable(rule)) } : {};
  const { peer } = rule;
  switch (peer.kind) {
    case 'cidr':
      return [
        row(ranksOf(b.space, peer.prefix), traffic, ALLOW, origin, {
          ...fact,
          anywhere: peer.prefix.length === 0 && rule.traffic !== null,
        }),
      ];
    case 'prefix-list': {
      const index = b.names.prefixList.get(peer.id) ?? NONE;
      const entries = index === NONE ? null : b.network.prefixLists[index]!.entries;
      if (entries === null)
        return [row(allRanks(b.space), traffic, ALLOW, origin, { fact: b.fact(entriesOf(peer.id)) })];
      return entries.map((prefix) => row(ranksOf(b.space, prefix), traffic, ALLOW, origin, fact));
    }
    case 'group':
      if (peer.peeringStatus !== null && peer.peeringStatus !== 'active') return [];
      return [row(allRanks(b.space), traffic, ALLOW, origin, { ...fact, group: b.names.group.get(peer.groupId)! })];
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
export function ruleWords(rule: SecurityGroupRule): string {
  const traffic = rule.traffic === null ? 'traffic that could not be read' : trafficWords(rule.traffic);
  return `${traffic} ${peerWords(rule.direction, peerName(rule.peer))}`;
}
