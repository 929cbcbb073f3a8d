/** describe-vpcs and describe-subnets, and the answers of describe-vpc-attribute. */

import { z } from 'zod';
import { type Origin, originOf } from '../model/origin.ts';
import type { Subnet, Vpc } from '../model/vpc.ts';
import type { Prefix } from '../net/prefix.ts';
import { samePrefix } from '../net/prefix.ts';
import { quote } from '../net/quote.ts';
import { isObject } from './json-value.ts';
import { MAX_BLOCKS } from './limits.ts';
import { ANYTHING, accountOf, ID, OPTIONAL_FLAG, OPTIONAL_TEXT } from './members.ts';
import { type Place, regionNamed, regionOfArn, regionOfZone } from './place.ts';
import type { Reading } from './reading.ts';
import { nameOf, readTags } from './tags.ts';

const VPC = z.object({
  VpcId: ID,
  CidrBlock: OPTIONAL_TEXT,
  CidrBlockAssociationSet: ANYTHING,
  Ipv6CidrBlockAssociationSet: ANYTHING,
  IsDefault: OPTIONAL_FLAG,
  OwnerId: OPTIONAL_TEXT,
  Region: OPTIONAL_TEXT,
  Tags: ANYTHING,
});
const VPC_REMEDY = 'correct it, or collect it again: aws ec2 describe-vpcs';

export function readVpc(reading: Reading, value: unknown, origin: Origin, place: Place): Vpc | null {
  const record = reading.record(VPC, value, origin, VPC_REMEDY, ['Region']);
  if (record === null) return null;
  const cidrs: Prefix[] = [];
  if (record.CidrBlock) addCidr(reading, cidrs, record.CidrBlock, origin, record.VpcId, VPC_REMEDY, ['CidrBlock']);
  addAssociated(reading, cidrs, record.CidrBlockAssociationSet, 'CidrBlock', origin, record.VpcId, VPC_REMEDY);
  addAssociated(reading, cidrs, record.Ipv6CidrBlockAssociationSet, 'Ipv6CidrBlock', origin, record.VpcId, VPC_REMEDY);
  if (cidrs.length === 0) loseAll(reading, record.VpcId, origin, VPC_REMEDY);
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  return {
    id: reading.shared(record.VpcId),
    name: nameOf(tags),
    tags,
    account: reading.shared(accountOf(record.OwnerId, place)),
    region: reading.shared(regionNamed(record.Region ?? null) ?? place.region),
    origin,
    cidrs,
    isDefault: record.IsDefault ?? false,
    dnsSupport: null,
  };
}

const SUBNET = z.object({
  SubnetId: ID,
  VpcId: ID,
  CidrBlock: OPTIONAL_TEXT,
  Ipv6CidrBlockAssociationSet: ANYTHING,
  AvailabilityZone: OPTIONAL_TEXT,
  AvailabilityZoneId: OPTIONAL_TEXT,
  MapPublicIpOnLaunch: OPTIONAL_FLAG,
  EnableDns64: OPTIONAL_FLAG,
  OwnerId: OPTIONAL_TEXT,
  SubnetArn: OPTIONAL_TEXT,
  Tags: ANYTHING,
});
const SUBNET_REMEDY = 'correct it, or collect it again: aws ec2 describe-subnets';

export function readSubnet(reading: Reading, value: unknown, origin: Origin, place: Place): Subnet | null {
  const record = reading.record(SUBNET, value, origin, SUBNET_REMEDY, ['SubnetArn', 'MapPublicIpOnLaunch']);
  if (record === null) return null;
  const cidrs: Prefix[] = [];
  if (record.CidrBlock)
    addCidr(reading, cidrs, record.CidrBlock, origin, record.SubnetId, SUBNET_REMEDY, ['CidrBlock']);
  addAssociated(
    reading,
    cidrs,
    record.Ipv6CidrBlockAssociationSet,
    'Ipv6CidrBlock',
    origin,
    record.SubnetId,
    SUBNET_REMEDY,
  );
  if (cidrs.length === 0) loseAll(reading, record.SubnetId, origin, SUBNET_REMEDY);
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  const zone = reading.shared(record.AvailabilityZone);
  return {
    id: reading.shared(record.SubnetId),
    name: nameOf(tags),
    tags,
    account: reading.shared(accountOf(record.OwnerId, place)),
    region: reading.shared(regionOfZone(zone) ?? regionOfArn(record.SubnetArn ?? null) ?? place.region),
    origin,
    vpcId: reading.shared(record.VpcId),
    cidrs,
    availabilityZone: zone,
    availabilityZoneId: reading.shared(record.AvailabilityZoneId),
    mapPublicIpOnLaunch: record.MapPublicIpOnLaunch ?? false,
    dns64: record.EnableDns64 ?? false,
  };
}

/** Reports a record without any block, unless a block that could not be read has been reported. */
function loseAll(reading: Reading, id: string, origin: Origin, remedy: string): void {
  if (reading.knows(`cidrs:${id}`)) return;
  reading.error(`${quote(id)} has no CIDR block`, origin, remedy);
  reading.loss(`cidrs:${id}`, `the CIDR blocks of ${quote(id)} are not known`, remedy, origin);
}

/** Adds a block that is not the primary one, which is listed twice. One that cannot be read leaves open what belongs to the VPC or subnet. */
function addCidr(
  reading: Reading,
  cidrs: Prefix[],
  text: unknown,
  origin: Origin,
  id: string,
  remedy: string,
  path: readonly (string | number)[],
): void {
  const prefix = reading.prefix(text, origin, ...path);
  if (prefix === null) {
    reading.loss(`cidrs:${id}`, `not every CIDR block of ${id} could be read`, remedy, origin);
  } else if (cidrs[0] === undefined || !samePrefix(cidrs[0], prefix)) {
    cidrs.push(prefix);
  }
}

/** States in which a block does not (or not any more) belong to its VPC or subnet. */
const GONE = new Set(['disassociated', 'failed', 'associating', 'failing']);

/** Adds the blocks of a `CidrBlockAssociationSet`, or its IPv6 twin, that are associated. */
function addAssociated(
  reading: Reading,
  cidrs: Prefix[],
  value: unknown,
  member: 'CidrBlock' | 'Ipv6CidrBlock',
  origin: Origin,
  id: string,
  remedy: string,
): void {
  const set = `${member}AssociationSet`;
  const items = reading.items(value, origin, [set], remedy);
  if (items === null) reading.loss(`cidrs:${id}`, `not every CIDR block of ${id} could be read`, remedy, origin);
  if (items !== null && items.length > MAX_BLOCKS) {
    reading.error(`${items.length} CIDR blocks, read are ${MAX_BLOCKS}`, originOf(origin, set), remedy);
    reading.loss(`cidrs:${id}`, `not every CIDR block of ${id} was read`, remedy, origin);
  }
  for (const [i, item] of (items ?? []).slice(0, MAX_BLOCKS).entries()) {
    const association = isObject(item) ? item : {};
    const state = association[`${member}State`];
    if (isObject(state) && typeof state.State === 'string' && GONE.has(state.State)) continue;
    addCidr(reading, cidrs, association[member], origin, id, remedy, [set, i, member]);
  }
}

/** The `enableDnsSupport` attribute of a VPC. */
export interface DnsSupport {
  readonly vpcId: string;
  readonly enabled: boolean;
}

const ATTRIBUTE = z.object({
  VpcId: ID,
  EnableDnsSupport: z.object({ Value: OPTIONAL_FLAG }).nullish(),
});

/** An answer of describe-vpc-attribute. Null where it tells of another attribute. */
export function readVpcAttribute(reading: Reading, value: unknown, origin: Origin): DnsSupport | null {
  const remedy = 'correct it, or collect it again: aws ec2 describe-vpc-attribute';
  const record = reading.record(ATTRIBUTE, value, origin, remedy);
  const enabled = record?.EnableDnsSupport?.Value;
  return record === null || enabled === null || enabled === undefined ? null : { vpcId: record.VpcId, enabled };
}
