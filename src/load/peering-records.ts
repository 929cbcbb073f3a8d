/** describe-vpc-peering-connections. Both accounts may describe one connection, each with what it is allowed to see. */

import { z } from 'zod';
import type { Peering, PeeringEnd } from '../model/gateway.ts';
import { type Origin, originOf } from '../model/origin.ts';
import { type Prefix, samePrefix } from '../net/prefix.ts';
import { memberOf } from './json-value.ts';
import { MAX_BLOCKS } from './limits.ts';
import { ANYTHING, accountOf, ID, OPTIONAL_TEXT } from './members.ts';
import { type Place, regionNamed } from './place.ts';
import type { Reading } from './reading.ts';
import { nameOf, readTags } from './tags.ts';

const END = z.object({
  VpcId: ID,
  OwnerId: OPTIONAL_TEXT,
  Region: OPTIONAL_TEXT,
  CidrBlock: OPTIONAL_TEXT,
  CidrBlockSet: ANYTHING,
  Ipv6CidrBlockSet: ANYTHING,
});
const PEERING = z.object({
  VpcPeeringConnectionId: ID,
  Status: z.object({ Code: OPTIONAL_TEXT }).nullish(),
  RequesterVpcInfo: END,
  AccepterVpcInfo: END,
  Tags: ANYTHING,
});
const REMEDY = 'correct it, or collect it again: aws ec2 describe-vpc-peering-connections';

export function readPeering(reading: Reading, value: unknown, origin: Origin, place: Place): Peering | null {
  const record = reading.record(PEERING, value, origin, REMEDY);
  if (record === null) return null;
  const id = reading.shared(record.VpcPeeringConnectionId);
  const state = reading.shared(record.Status?.Code);
  if (state === null) reading.warning('peering connection without a status', origin, 'it is read as active');
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  return {
    id,
    name: nameOf(tags),
    tags,
    account: reading.shared(place.account),
    region: reading.shared(place.region),
    origin,
    state: state ?? 'active',
    requester: readEnd(reading, record.RequesterVpcInfo, id, originOf(origin, 'RequesterVpcInfo')),
    accepter: readEnd(reading, record.AccepterVpcInfo, id, originOf(origin, 'AccepterVpcInfo')),
  };
}

function readEnd(reading: Reading, end: z.infer<typeof END>, id: string, origin: Origin): PeeringEnd {
  const cidrs: Prefix[] = [];
  const add = (text: unknown, ...path: (string | number)[]): void => {
    const prefix = reading.prefix(text, origin, ...path);
    if (prefix === null) lost();
    else if (cidrs[0] === undefined || !samePrefix(cidrs[0], prefix)) cidrs.push(prefix);
  };
  const lost = (): void => reading.loss(`cidrs:${id}`, `not every CIDR block of ${id} could be read`, REMEDY, origin);
  if (end.CidrBlock) add(end.CidrBlock, 'CidrBlock');
  for (const [set, member] of [
    ['CidrBlockSet', 'CidrBlock'] as const,
    ['Ipv6CidrBlockSet', 'Ipv6CidrBlock'] as const,
  ]) {
    const items = reading.items(end[set], origin, [set], REMEDY);
    if (items === null) lost();
    if (items !== null && items.length > MAX_BLOCKS) {
      reading.error(`${items.length} CIDR blocks, read are ${MAX_BLOCKS}`, originOf(origin, set), REMEDY);
      lost();
    }
    for (const [i, item] of (items ?? []).slice(0, MAX_BLOCKS).entries()) add(memberOf(item, [member]), set, i, member);
  }
  return {
    vpcId: reading.shared(end.VpcId),
    account: reading.shared(accountOf(end.OwnerId, { account: null, region: null })),
    region: reading.shared(regionNamed(end.Region ?? null)),
    cidrs,
  };
}

/** Two descriptions of one connection as one: what the first leaves open, the second may tell. */
export function mergePeerings(a: Peering, b: Peering): Peering {
  return {
    ...a,
    name: a.name ?? b.name,
    tags: a.tags.length > 0 ? a.tags : b.tags,
    requester: mergeEnds(a.requester, b.requester),
    accepter: mergeEnds(a.accepter, b.accepter),
  };
}

function mergeEnds(a: PeeringEnd, b: PeeringEnd): PeeringEnd {
  return {
    vpcId: a.vpcId,
    account: a.account ?? b.account,
    region: a.region ?? b.region,
    cidrs: a.cidrs.length > 0 ? a.cidrs : b.cidrs,
  };
}
