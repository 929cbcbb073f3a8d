/** describe-network-acls. */

import { z } from 'zod';
import {
  CLOSING_V4,
  CLOSING_V6,
  type NaclEntry,
  type NetworkAcl,
  type UnreadableNaclEntry,
} from '../model/network-acl.ts';
import { type Origin, originOf } from '../model/origin.ts';
import { type Prefix, samePrefix, wholeFamily } from '../net/prefix.ts';
import { ALL_TRAFFIC } from '../net/traffic.ts';
import { itemOrigin } from './item-origin.ts';
import { describeValue, isObject, memberOf } from './json-value.ts';
import { ANYTHING, accountOf, ID, OPTIONAL_FLAG, OPTIONAL_TEXT } from './members.ts';
import { compareTexts } from './merge.ts';
import { readNaclTraffic } from './nacl-traffic.ts';
import type { Place } from './place.ts';
import type { Reading } from './reading.ts';
import { nameOf, readTags } from './tags.ts';

const ACL = z.object({
  NetworkAclId: ID,
  VpcId: ID,
  OwnerId: OPTIONAL_TEXT,
  IsDefault: OPTIONAL_FLAG,
  Associations: ANYTHING,
  Entries: ANYTHING,
  Tags: ANYTHING,
});
const REMEDY = 'correct it, or collect it again: aws ec2 describe-network-acls';

export function readNetworkAcl(reading: Reading, value: unknown, origin: Origin, place: Place): NetworkAcl | null {
  const record = reading.record(ACL, value, origin, REMEDY);
  if (record === null) return null;
  const id = reading.shared(record.NetworkAclId);
  const { entries, unreadable } = readEntries(reading, record.Entries, id, origin);
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  return {
    id,
    name: nameOf(tags),
    tags,
    account: reading.shared(accountOf(record.OwnerId, place)),
    region: reading.shared(place.region),
    origin,
    vpcId: reading.shared(record.VpcId),
    isDefault: record.IsDefault ?? false,
    subnetIds: readSubnetIds(reading, record.Associations, id, origin),
    entries,
    unreadable,
  };
}

/** The subnets that use the list. An association that cannot be read may be any subnet's. */
function readSubnetIds(reading: Reading, value: unknown, id: string, origin: Origin): readonly string[] {
  const lost = (): void =>
    reading.loss(
      `associations:${id}`,
      `not every association of ${id} could be read`,
      REMEDY,
      originOf(origin, 'Associations'),
    );
  const subnetIds: string[] = [];
  const items = reading.items(value, origin, ['Associations'], REMEDY);
  if (items === null) lost();
  for (const [i, item] of (items ?? []).entries()) {
    const subnetId = isObject(item) ? item.SubnetId : undefined;
    if (typeof subnetId === 'string' && subnetId !== '') {
      subnetIds.push(reading.shared(subnetId));
    } else {
      const what = isObject(item) ? `SubnetId is ${describeValue(subnetId)}` : `association is ${describeValue(item)}`;
      reading.error(`${what}, not the id of a subnet`, originOf(origin, 'Associations', i), REMEDY);
      lost();
    }
  }
  return subnetIds;
}

interface Entries {
  readonly entries: readonly NaclEntry[];
  readonly unreadable: readonly UnreadableNaclEntry[];
}

function readEntries(reading: Reading, value: unknown, id: string, origin: Origin): Entries {
  const entries: NaclEntry[] = [];
  const unreadable: UnreadableNaclEntry[] = [];
  // Every list has its closing entries, so one without any member `Entries` was filtered.
  const isMissing = value === null || value === undefined;
  if (isMissing) reading.error('Entries is missing', originOf(origin, 'Entries'), REMEDY);
  const items = isMissing ? null : reading.items(value, origin, ['Entries'], REMEDY);
  if (items === null) {
    const at = originOf(origin, 'Entries');
    const fact = reading.fact(`entries:${id}`, `the entries of ${id} could not be read`, REMEDY, at);
    unreadable.push({ number: 0, direction: null, action: null, fact, origin: at });
  }
  const taken = new Map<string, NaclEntry>();
  for (const [i, item] of (items ?? []).entries()) {
    const at = itemOrigin(origin, 'Entries', i);
    const known = knownParts(item);
    const entry = readEntry(reading, item, at);
    const place = `${known.direction} ${known.number}`;
    const first = taken.get(place);
    if (entry !== null && first === undefined) {
      taken.set(place, entry);
      entries.push(entry);
      continue;
    }
    if (entry !== null && first !== undefined) {
      // NACL-03: direction and number identify an entry.
      const what = `entry number ${entry.number} is there twice in direction ${entry.direction}, the first is used`;
      reading.error(what, originOf(at, 'RuleNumber'), 'give each entry of a direction its own number');
      if (saysTheSame(entry, first)) continue;
    }
    const noun = `entry ${known.number === 0 ? `at place ${i}` : known.number} of ${id}`;
    const fact = reading.fact(`nacl-entry:${id}/${i}`, `${noun} could not be read`, REMEDY, at);
    unreadable.push({ ...known, fact, origin: at });
  }
  addClosingEntries(entries);
  entries.sort((a, b) => compareTexts(a.direction, b.direction) || a.number - b.number);
  unreadable.sort((a, b) => a.number - b.number);
  return { entries, unreadable };
}

function saysTheSame(a: NaclEntry, b: NaclEntry): boolean {
  const { protocol, firstPortOrIcmp, lastPortOrIcmp } = a.traffic;
  return (
    a.action === b.action &&
    samePrefix(a.peer, b.peer) &&
    protocol === b.traffic.protocol &&
    firstPortOrIcmp === b.traffic.firstPortOrIcmp &&
    lastPortOrIcmp === b.traffic.lastPortOrIcmp
  );
}

/** NACL-05: both closing denies of both directions, where the input leaves them out. */
function addClosingEntries(entries: NaclEntry[]): void {
  for (const direction of ['in', 'out'] as const) {
    for (const [number, family] of [[CLOSING_V4, 4] as const, [CLOSING_V6, 6] as const]) {
      if (entries.some((entry) => entry.number === number && entry.direction === direction)) continue;
      entries.push({
        number,
        direction,
        action: 'deny',
        traffic: ALL_TRAFFIC,
        peer: wholeFamily(family),
        origin: null,
      });
    }
  }
}

/** What an entry says about its place in the order, as far as that can be read: the place counts even if the rest is lost. */
function knownParts(value: unknown): Pick<UnreadableNaclEntry, 'number' | 'direction' | 'action'> {
  const number = memberOf(value, ['RuleNumber']);
  const egress = memberOf(value, ['Egress']);
  const action = memberOf(value, ['RuleAction']);
  return {
    number: isRuleNumber(number) ? number : 0,
    direction: egress === true ? 'out' : egress === false ? 'in' : null,
    action: action === 'allow' || action === 'deny' ? action : null,
  };
}

/** NACL-03, NACL-04. */
function isRuleNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= CLOSING_V6;
}

const ENTRY = z.object({
  RuleNumber: z.number(),
  Egress: z.boolean(),
  RuleAction: z.enum(['allow', 'deny']),
  Protocol: z.union([z.string(), z.number()]),
  CidrBlock: OPTIONAL_TEXT,
  Ipv6CidrBlock: OPTIONAL_TEXT,
  PortRange: ANYTHING,
  IcmpTypeCode: ANYTHING,
});
type EntryRecord = z.infer<typeof ENTRY>;

/** The entry, or null after a problem. */
function readEntry(reading: Reading, value: unknown, origin: Origin): NaclEntry | null {
  const record = reading.record(ENTRY, value, origin, REMEDY);
  if (record === null) return null;
  const number = record.RuleNumber;
  if (!isRuleNumber(number)) {
    reading.error(`rule number ${number} is not from 1 to 32766`, originOf(origin, 'RuleNumber'), REMEDY);
    return null;
  }
  const peer = readPeer(reading, record, origin);
  if (peer === null) return null;
  const traffic = readNaclTraffic(reading, record, peer, origin);
  if (traffic === null) return null;
  const entry: NaclEntry = {
    number,
    direction: record.Egress ? 'out' : 'in',
    action: record.RuleAction,
    traffic,
    peer,
    origin,
  };
  if (number >= CLOSING_V4 && !closes(entry)) {
    reading.error(
      `closing entry ${number} does more than deny everything`,
      origin,
      'AWS reserves its number (NACL-04); use one up to 32766',
    );
    return null;
  }
  return entry;
}

/** Reports whether the entry is what AWS puts under its reserved number: deny all of a family. */
function closes(entry: NaclEntry): boolean {
  const family = entry.number === CLOSING_V4 ? 4 : 6;
  return (
    entry.action === 'deny' &&
    entry.traffic.protocol === ALL_TRAFFIC.protocol &&
    entry.peer.length === 0 &&
    entry.peer.address.family === family
  );
}

/** The one CIDR block of an entry (NACL-08). */
function readPeer(reading: Reading, record: EntryRecord, origin: Origin): Prefix | null {
  if (record.CidrBlock && record.Ipv6CidrBlock) {
    reading.error('entry with both CidrBlock and Ipv6CidrBlock', origin, 'write an entry for each family (NACL-08)');
    return null;
  }
  const member = record.Ipv6CidrBlock ? 'Ipv6CidrBlock' : 'CidrBlock';
  const text = record[member];
  if (!text) {
    reading.error('entry with neither CidrBlock nor Ipv6CidrBlock', origin, REMEDY);
    return null;
  }
  return reading.prefix(text, origin, member);
}
