/**
 * describe-security-group-rules: each rule alone, with the id that AWS gives it (`sgr-...`).
 *
 * Where the groups themselves were read, the rules only lend them their ids. Where a group is known by its rules alone, it is
 * built from them.
 */

import { z } from 'zod';
import type { Origin } from '../model/origin.ts';
import type { RulePeer, SecurityGroup, SecurityGroupRule } from '../model/security-group.ts';
import { formatPrefix } from '../net/address-text.ts';
import { ANYTHING, accountOf, ID, OPTIONAL_TEXT } from './members.ts';
import type { Place } from './place.ts';
import type { Reading } from './reading.ts';
import { readRuleTraffic } from './rule-traffic.ts';
import { groupPeer, unreadablePeer } from './security-group-records.ts';

const RULE = z.object({
  SecurityGroupRuleId: ID,
  GroupId: ID,
  GroupOwnerId: OPTIONAL_TEXT,
  IsEgress: z.boolean(),
  IpProtocol: ANYTHING,
  FromPort: ANYTHING,
  ToPort: ANYTHING,
  CidrIpv4: OPTIONAL_TEXT,
  CidrIpv6: OPTIONAL_TEXT,
  PrefixListId: OPTIONAL_TEXT,
  ReferencedGroupInfo: z
    .object({
      GroupId: ID,
      UserId: OPTIONAL_TEXT,
      VpcId: OPTIONAL_TEXT,
      VpcPeeringConnectionId: OPTIONAL_TEXT,
      PeeringStatus: OPTIONAL_TEXT,
    })
    .nullish(),
  Description: OPTIONAL_TEXT,
});
const REMEDY = 'correct it, or collect it again: aws ec2 describe-security-group-rules';

/** A rule and the group it belongs to. */
export interface LooseRule {
  readonly groupId: string;
  readonly account: string | null;
  readonly region: string | null;
  readonly rule: SecurityGroupRule;
}

export function readSecurityGroupRule(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): LooseRule | null {
  const record = reading.record(RULE, value, origin, REMEDY, ['Description']);
  if (record === null) return null;
  const account = reading.shared(accountOf(record.GroupOwnerId, place));
  const id = record.SecurityGroupRuleId;
  return {
    groupId: reading.shared(record.GroupId),
    account,
    region: place.region,
    rule: {
      id,
      direction: record.IsEgress ? 'out' : 'in',
      traffic: readRuleTraffic(reading, record.IpProtocol, record.FromPort, record.ToPort, origin),
      peer: readPeer(reading, record, account, origin) ?? unreadablePeer(reading, id, origin),
      description: reading.shared(record.Description),
      origin,
    },
  };
}

function readPeer(
  reading: Reading,
  record: z.infer<typeof RULE>,
  account: string | null,
  origin: Origin,
): RulePeer | null {
  if (record.PrefixListId) return { kind: 'prefix-list', id: reading.shared(record.PrefixListId) };
  if (record.ReferencedGroupInfo) return groupPeer(reading, record.ReferencedGroupInfo, account);
  const member = record.CidrIpv6 ? 'CidrIpv6' : 'CidrIpv4';
  const text = record[member];
  if (!text) {
    reading.error('rule without a peer', origin, REMEDY);
    return null;
  }
  const prefix = reading.prefix(text, origin, member);
  return prefix === null ? null : { kind: 'cidr', prefix };
}

/** Gives the rules of a group the ids of those that say the same. What only the rules tell leaves the group open. */
export function withRuleIds(reading: Reading, group: SecurityGroup, loose: readonly LooseRule[]): SecurityGroup {
  const idsByContent = new Map<string, string[]>();
  // Backwards, so that the last of equal ones is the first to be taken again.
  for (const { rule } of [...loose].reverse()) {
    const content = contentOf(rule);
    const ids = idsByContent.get(content);
    if (ids === undefined) idsByContent.set(content, [rule.id]);
    else ids.push(rule.id);
  }
  const rules = group.rules.map((rule) => {
    const id = idsByContent.get(contentOf(rule))?.pop();
    return id === undefined ? rule : { ...rule, id };
  });
  const unmatched = new Set([...idsByContent.values()].flat());
  const gaps = [...group.gaps];
  for (const { rule } of loose) {
    if (!unmatched.has(rule.id)) continue;
    const what = `${rule.id} is not among the permissions of ${group.id}`;
    reading.warning(what, rule.origin, 'collect groups and rules at the same time');
    gaps.push({ direction: rule.direction, fact: reading.fact(`rule:${rule.id}`, what, REMEDY, rule.origin) });
  }
  return { ...group, rules, gaps };
}

/** What two descriptions of one rule agree on. */
function contentOf(rule: SecurityGroupRule): string {
  const traffic = rule.traffic === null ? '?' : Object.values(rule.traffic).join(' ');
  return `${rule.direction} ${traffic} ${peerText(rule.peer)}`;
}

function peerText(peer: RulePeer): string {
  switch (peer.kind) {
    case 'cidr':
      return formatPrefix(peer.prefix);
    case 'prefix-list':
      return peer.id;
    case 'group':
      return peer.groupId;
    case 'unreadable':
      return '?';
  }
}

/** A group that only its rules tell of. `whole` says whether all rules of the place were read. */
export function groupOfRules(reading: Reading, loose: readonly LooseRule[], whole: boolean): SecurityGroup {
  const { groupId, account, region, rule } = loose[0]!;
  const gaps: SecurityGroup['gaps'][number][] = [];
  if (!whole) {
    const fact = reading.fact(`rules:${groupId}`, `not every rule of ${groupId} could be read`, REMEDY, rule.origin);
    gaps.push({ direction: 'in', fact }, { direction: 'out', fact });
  }
  return {
    id: groupId,
    name: null,
    tags: [],
    account,
    region,
    origin: rule.origin,
    groupName: null,
    vpcId: null,
    rules: loose.map((each) => each.rule),
    gaps,
  };
}
