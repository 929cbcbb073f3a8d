/** describe-security-groups: permissions flattened, one rule for each permission and peer (SG-07). */

import { z } from 'zod';
import { type Origin, originOf } from '../model/origin.ts';
import type { Fact } from '../model/problem.ts';
import type { RulePeer, SecurityGroup, SecurityGroupRule } from '../model/security-group.ts';
import { itemOrigin } from './item-origin.ts';
import { isObject } from './json-value.ts';
import { ANYTHING, accountOf, ID, OPTIONAL_TEXT } from './members.ts';
import type { Place } from './place.ts';
import type { Reading } from './reading.ts';
import { readRuleTraffic } from './rule-traffic.ts';
import { nameOf, readTags } from './tags.ts';

const GROUP = z.object({
  GroupId: ID,
  GroupName: OPTIONAL_TEXT,
  VpcId: OPTIONAL_TEXT,
  OwnerId: OPTIONAL_TEXT,
  SecurityGroupArn: OPTIONAL_TEXT,
  IpPermissions: ANYTHING,
  IpPermissionsEgress: ANYTHING,
  Tags: ANYTHING,
});
const REMEDY = 'correct it, or collect it again: aws ec2 describe-security-groups';

export function readSecurityGroup(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): SecurityGroup | null {
  const record = reading.record(GROUP, value, origin, REMEDY, ['GroupName', 'SecurityGroupArn']);
  if (record === null) return null;
  const id = reading.shared(record.GroupId);
  const account = reading.shared(accountOf(record.OwnerId, place));
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  const flattening: Flattening = { reading, id, account, rules: [], gaps: [] };
  flatten(flattening, record.IpPermissions, 'in', 'IpPermissions', origin);
  flatten(flattening, record.IpPermissionsEgress, 'out', 'IpPermissionsEgress', origin);
  return {
    id,
    name: nameOf(tags),
    tags,
    account,
    region: reading.shared(place.region),
    origin,
    groupName: reading.shared(record.GroupName),
    vpcId: reading.shared(record.VpcId),
    rules: flattening.rules,
    gaps: flattening.gaps,
  };
}

type Direction = 'in' | 'out';

interface Flattening {
  readonly reading: Reading;
  readonly id: string;
  readonly account: string | null;
  readonly rules: SecurityGroupRule[];
  readonly gaps: { readonly direction: Direction; readonly fact: Fact }[];
}

/** The lists of peers in a permission, in the order in which peers are counted, and the member of each that names the peer. */
const PEER_LISTS = [
  ['IpRanges', 'CidrIp'],
  ['Ipv6Ranges', 'CidrIpv6'],
  ['PrefixListIds', 'PrefixListId'],
  ['UserIdGroupPairs', 'GroupId'],
] as const;

function flatten(group: Flattening, value: unknown, direction: Direction, member: string, origin: Origin): void {
  const permissions = group.reading.items(value, origin, [member], REMEDY);
  if (permissions === null) addGap(group, direction, originOf(origin, member), `rules:${group.id}/${direction}`);
  for (const [i, permission] of (permissions ?? []).entries()) {
    const at = itemOrigin(origin, member, i);
    if (!isObject(permission)) {
      group.reading.error('permission is no object', at, REMEDY);
      addGap(group, direction, at, `rules:${group.id}/${direction}/${i}`);
      continue;
    }
    const { IpProtocol, FromPort, ToPort } = permission;
    const traffic = readRuleTraffic(group.reading, IpProtocol, FromPort, ToPort, at);
    let count = 0;
    for (const [list, member] of PEER_LISTS) {
      const peers = group.reading.items(permission[list], at, [list], REMEDY);
      if (peers === null) addGap(group, direction, originOf(at, list), `rules:${group.id}/${direction}/${i}/${list}`);
      for (const [j, item] of (peers ?? []).entries()) {
        const id = `${group.id}/${direction}/${i}.${count++}`;
        const origin = itemOrigin(at, list, j);
        const peer = readPeer(group, item, member, id, origin);
        group.rules.push({ id, direction, traffic, peer, description: descriptionOf(group.reading, item), origin });
      }
    }
  }
}

function addGap(group: Flattening, direction: Direction, origin: Origin, key: string): void {
  const what = `not every ${direction === 'in' ? 'inbound' : 'outbound'} rule of ${group.id} could be read`;
  group.gaps.push({ direction, fact: group.reading.fact(key, what, REMEDY, origin) });
}

function descriptionOf(reading: Reading, item: unknown): string | null {
  return isObject(item) && typeof item.Description === 'string' ? reading.shared(item.Description) : null;
}

function readPeer(
  group: Flattening,
  value: unknown,
  member: (typeof PEER_LISTS)[number][1],
  id: string,
  origin: Origin,
): RulePeer {
  const { reading } = group;
  const item = isObject(value) ? value : {};
  switch (member) {
    case 'CidrIp':
    case 'CidrIpv6': {
      const prefix = reading.prefix(item[member], origin, member);
      if (prefix !== null) return { kind: 'cidr', prefix };
      break;
    }
    case 'PrefixListId': {
      const list = reading.record(PREFIX_LIST, value, origin, REMEDY);
      if (list !== null) return { kind: 'prefix-list', id: reading.shared(list.PrefixListId) };
      break;
    }
    case 'GroupId': {
      const pair = reading.record(PAIR, value, origin, REMEDY);
      if (pair !== null) return groupPeer(reading, pair, group.account);
      break;
    }
  }
  return unreadablePeer(reading, id, origin);
}

const PREFIX_LIST = z.object({ PrefixListId: ID });
const PAIR = z.object({
  GroupId: ID,
  UserId: OPTIONAL_TEXT,
  VpcId: OPTIONAL_TEXT,
  VpcPeeringConnectionId: OPTIONAL_TEXT,
  PeeringStatus: OPTIONAL_TEXT,
});

/** The members of a `UserIdGroupPair`, or of the `ReferencedGroupInfo` of a rule, that say which group is meant. */
export interface GroupReference {
  readonly GroupId: string;
  readonly UserId?: string | null | undefined;
  readonly VpcId?: string | null | undefined;
  readonly VpcPeeringConnectionId?: string | null | undefined;
  readonly PeeringStatus?: string | null | undefined;
}

/** AWS repeats the owner of the rule in `UserId`; only another account is worth telling. */
export function groupPeer(reading: Reading, reference: GroupReference, owner: string | null): RulePeer {
  const account = accountOf(reference.UserId, { account: null, region: null });
  return {
    kind: 'group',
    groupId: reading.shared(reference.GroupId),
    account: account === owner && !reference.VpcPeeringConnectionId ? null : reading.shared(account),
    vpcId: reading.shared(reference.VpcId),
    peeringId: reading.shared(reference.VpcPeeringConnectionId),
    peeringStatus: reading.shared(reference.PeeringStatus),
  };
}

export function unreadablePeer(reading: Reading, id: string, origin: Origin): RulePeer {
  return {
    kind: 'unreadable',
    fact: reading.fact(`rule:${id}`, `whom rule ${id} names could not be read`, REMEDY, origin),
  };
}
