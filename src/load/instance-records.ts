/** describe-instances (`Reservations`, or the plain `Instances` of a query) and describe-addresses. */

import { z } from 'zod';
import type { ElasticAddress, Instance } from '../model/instance.ts';
import type { NetworkInterface } from '../model/network-interface.ts';
import { type Origin, originOf } from '../model/origin.ts';
import { itemOrigin } from './item-origin.ts';
import { memberOf } from './json-value.ts';
import { ANYTHING, accountOf, ID, OPTIONAL_TEXT } from './members.ts';
import { readNetworkInterface } from './network-interface-records.ts';
import { type Place, regionOfZone } from './place.ts';
import type { Reading } from './reading.ts';
import { nameOf, readTags } from './tags.ts';

const RESERVATION = z.object({ OwnerId: OPTIONAL_TEXT, Instances: ANYTHING });
const INSTANCE = z.object({
  InstanceId: ID,
  State: z.object({ Name: OPTIONAL_TEXT }).nullish(),
  InstanceType: OPTIONAL_TEXT,
  VpcId: OPTIONAL_TEXT,
  SubnetId: OPTIONAL_TEXT,
  Placement: z.object({ AvailabilityZone: OPTIONAL_TEXT }).nullish(),
  NetworkInterfaces: ANYTHING,
  Tags: ANYTHING,
});
const REMEDY = 'correct it, or collect it again: aws ec2 describe-instances';

/** An instance, with the interfaces that its own record holds. */
export interface InstanceRead {
  readonly instance: Instance;
  readonly interfaces: readonly NetworkInterface[];
}

/**
 * The instances of one reservation, without those that are gone. Interfaces that are `known` from records of their own are not
 * read again.
 */
export function readReservation(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
  known: ReadonlySet<string>,
): readonly InstanceRead[] {
  const record = reading.record(RESERVATION, value, origin, REMEDY);
  const isMissing = record?.Instances === null || record?.Instances === undefined;
  if (record !== null && isMissing) reading.error('Instances is missing', originOf(origin, 'Instances'), REMEDY);
  const items = isMissing ? null : reading.items(record.Instances, origin, ['Instances'], REMEDY);
  if (record === null || items === null) {
    reading.listIsWhole = false;
    return [];
  }
  const owner = { account: accountOf(record.OwnerId, place), region: place.region };
  const instances: InstanceRead[] = [];
  for (const [i, item] of items.entries()) {
    const read = readInstance(reading, item, itemOrigin(origin, 'Instances', i), owner, known);
    if (read === null) reading.listIsWhole = false;
    else if (read !== GONE) instances.push(read);
  }
  return instances;
}

/** Stands for a terminated instance, which AWS lists for an hour without VPC, subnet or interfaces. */
export const GONE = 'gone';

export function readInstance(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
  known: ReadonlySet<string>,
): InstanceRead | typeof GONE | null {
  const record = reading.record(INSTANCE, value, origin, REMEDY, ['InstanceType']);
  if (record === null) return null;
  const state = reading.shared(record.State?.Name);
  if (state === 'terminated' && !record.VpcId) return GONE;
  if (state === null) reading.warning('instance without a state', origin, 'it is read as running');
  const id = record.InstanceId;
  const here: Place = {
    account: place.account,
    region: regionOfZone(record.Placement?.AvailabilityZone ?? null) ?? place.region,
  };
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  const instance: Instance = {
    id,
    name: nameOf(tags),
    tags,
    account: reading.shared(here.account),
    region: reading.shared(here.region),
    origin,
    state: state ?? 'running',
    instanceType: reading.shared(record.InstanceType),
    vpcId: reading.shared(record.VpcId),
    subnetId: reading.shared(record.SubnetId),
  };
  return { instance, interfaces: readInterfaces(reading, record.NetworkInterfaces, id, origin, here, known) };
}

const NO_INTERFACES: readonly NetworkInterface[] = [];

function readInterfaces(
  reading: Reading,
  value: unknown,
  id: string,
  origin: Origin,
  place: Place,
  known: ReadonlySet<string>,
): readonly NetworkInterface[] {
  const items = reading.items(value, origin, ['NetworkInterfaces'], REMEDY);
  if (items === null) reading.loss(`interfaces:${id}`, `not every interface of ${id} could be read`, REMEDY, origin);
  if (items === null || items.length === 0) return NO_INTERFACES;
  const interfaces: NetworkInterface[] = [];
  for (const [i, item] of items.entries()) {
    const ownId = memberOf(item, ['NetworkInterfaceId']);
    if (typeof ownId === 'string' && known.has(ownId)) continue;
    const read = readNetworkInterface(reading, item, itemOrigin(origin, 'NetworkInterfaces', i), place, id);
    if (read === null) reading.loss(`interfaces:${id}`, `not every interface of ${id} could be read`, REMEDY, origin);
    else interfaces.push(read);
  }
  return interfaces;
}

const ADDRESS = z.object({
  PublicIp: ID,
  AllocationId: OPTIONAL_TEXT,
  PrivateIpAddress: OPTIONAL_TEXT,
  NetworkInterfaceId: OPTIONAL_TEXT,
  NetworkInterfaceOwnerId: OPTIONAL_TEXT,
  NetworkBorderGroup: OPTIONAL_TEXT,
  Tags: ANYTHING,
});
const ADDRESS_REMEDY = 'correct it, or collect it again: aws ec2 describe-addresses';

export function readElasticAddress(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): ElasticAddress | null {
  const record = reading.record(ADDRESS, value, origin, ADDRESS_REMEDY, [
    'NetworkBorderGroup',
    'NetworkInterfaceOwnerId',
  ]);
  if (record === null) return null;
  const publicAddress = reading.address(record.PublicIp, origin, 'PublicIp');
  if (publicAddress === null) return null;
  const id = record.AllocationId || record.PublicIp;
  const inside = record.PrivateIpAddress ? reading.address(record.PrivateIpAddress, origin, 'PrivateIpAddress') : null;
  if (record.PrivateIpAddress && inside === null) {
    reading.loss(
      `address:${id}`,
      `which private address ${id} is paired with could not be read`,
      ADDRESS_REMEDY,
      origin,
    );
  }
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  return {
    id,
    name: nameOf(tags),
    tags,
    account: reading.shared(accountOf(record.NetworkInterfaceOwnerId, place)),
    region: reading.shared(regionOfZone(record.NetworkBorderGroup ?? null) ?? place.region),
    origin,
    publicAddress,
    privateAddress: inside,
    interfaceId: reading.shared(record.NetworkInterfaceId),
  };
}
