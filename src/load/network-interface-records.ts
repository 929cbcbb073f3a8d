/** describe-network-interfaces, and the interfaces that describe-instances repeats inside its instances. */

import { z } from 'zod';
import type {
  InterfaceOwner,
  NetworkInterface,
  PrivateAddress,
  TrackingConfiguration,
} from '../model/network-interface.ts';
import { type Origin, originOf } from '../model/origin.ts';
import type { Address } from '../net/address.ts';
import type { Prefix } from '../net/prefix.ts';
import { quote } from '../net/quote.ts';
import { ownerOf } from './interface-owner.ts';
import { isObject, memberOf } from './json-value.ts';
import { ANYTHING, accountOf, ID, OPTIONAL_FLAG, OPTIONAL_NUMBER, OPTIONAL_TEXT } from './members.ts';
import { type Place, regionOfZone } from './place.ts';
import type { Reading } from './reading.ts';
import { nameOf, readTags } from './tags.ts';

const SECONDS = z.number().int().min(0).nullish();
const INTERFACE = z.object({
  NetworkInterfaceId: ID,
  VpcId: ID,
  SubnetId: ID,
  Status: OPTIONAL_TEXT,
  InterfaceType: OPTIONAL_TEXT,
  Description: OPTIONAL_TEXT,
  RequesterId: OPTIONAL_TEXT,
  RequesterManaged: OPTIONAL_FLAG,
  OwnerId: OPTIONAL_TEXT,
  AvailabilityZone: OPTIONAL_TEXT,
  Attachment: z
    .object({ InstanceId: OPTIONAL_TEXT, InstanceOwnerId: OPTIONAL_TEXT, DeviceIndex: OPTIONAL_NUMBER })
    .nullish(),
  SourceDestCheck: OPTIONAL_FLAG,
  DenyAllIgwTraffic: OPTIONAL_FLAG,
  PrivateIpAddress: OPTIONAL_TEXT,
  PrivateIpAddresses: ANYTHING,
  Association: ANYTHING,
  Ipv6Addresses: ANYTHING,
  Ipv4Prefixes: ANYTHING,
  Ipv6Prefixes: ANYTHING,
  Groups: ANYTHING,
  ConnectionTrackingConfiguration: z
    .object({ TcpEstablishedTimeout: SECONDS, UdpStreamTimeout: SECONDS, UdpTimeout: SECONDS })
    .nullish(),
  TagSet: ANYTHING,
});
type InterfaceRecord = z.infer<typeof INTERFACE>;

const DISPENSABLE = ['Description', 'RequesterId', 'RequesterManaged', 'AvailabilityZone', 'OwnerId'];
const REMEDY = 'correct it, or collect it again: aws ec2 describe-network-interfaces';

/** The interface, or null after a problem. `instanceId` is set for one that an instance's record holds. */
export function readNetworkInterface(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
  instanceId: string | null = null,
): NetworkInterface | null {
  const record = reading.record(INTERFACE, value, origin, REMEDY, DISPENSABLE);
  if (record === null) return null;
  const id = record.NetworkInterfaceId;
  const tags = readTags(reading, record.TagSet, origin, 'TagSet');
  const attachedTo = instanceId ?? (record.Attachment?.InstanceId || null);
  const owner = ownerOf({
    interfaceType: record.InterfaceType ?? null,
    description: record.Description ?? null,
    requester: record.RequesterId || record.RequesterManaged ? 'service' : 'user',
    attachmentOwner: record.Attachment?.InstanceOwnerId ?? null,
    instanceId: attachedTo,
  });
  return {
    id,
    name: nameOf(tags),
    tags,
    account: reading.shared(accountOf(record.OwnerId, place)),
    region: reading.shared(regionOfZone(record.AvailabilityZone ?? null) ?? place.region),
    origin,
    vpcId: reading.shared(record.VpcId),
    subnetId: reading.shared(record.SubnetId),
    // Only hand-written records leave it out, and those mean an interface that works (CMP-01).
    status: reading.shared(record.Status) ?? 'in-use',
    owner,
    interfaceType: reading.shared(record.InterfaceType),
    description: reading.shared(record.Description),
    instanceId: attachedTo,
    deviceIndex: record.Attachment?.DeviceIndex ?? null,
    privateAddresses: readPrivateAddresses(reading, record, id, origin),
    ipv6Addresses: readIpv6Addresses(reading, record, id, origin),
    delegated: readDelegated(reading, record, id, origin),
    groupIds: readGroupIds(reading, record, owner, id, origin),
    sourceDestCheck: record.SourceDestCheck ?? true,
    tracking: trackingOf(record),
    denyAllIgwTraffic: record.DenyAllIgwTraffic ?? false,
  };
}

/** An address that cannot be read: the interface may have any address, and none of the snapshot's is certain to be nobody's. */
function loseAddress(reading: Reading, id: string, origin: Origin): void {
  reading.loss(`addresses:${id}`, `not every address of ${id} could be read`, REMEDY, origin);
}

const NO_PRIVATE_ADDRESSES: readonly PrivateAddress[] = [];

function readPrivateAddresses(
  reading: Reading,
  record: InterfaceRecord,
  id: string,
  origin: Origin,
): readonly PrivateAddress[] {
  const items = reading.items(record.PrivateIpAddresses, origin, ['PrivateIpAddresses'], REMEDY);
  if (items === null) loseAddress(reading, id, origin);
  if (items === null || items.length === 0) {
    if (!record.PrivateIpAddress) return NO_PRIVATE_ADDRESSES;
    const address = reading.address(record.PrivateIpAddress, origin, 'PrivateIpAddress');
    if (address === null) loseAddress(reading, id, origin);
    if (address === null) return NO_PRIVATE_ADDRESSES;
    return [
      { address, isPrimary: true, publicAddress: readPublicAddress(reading, record.Association, id, origin, []) },
    ];
  }
  const addresses: PrivateAddress[] = [];
  for (let i = 0; i < items.length; i++) {
    const item = isObject(items[i]) ? (items[i] as Readonly<Record<string, unknown>>) : {};
    const address = reading.address(item.PrivateIpAddress, origin, 'PrivateIpAddresses', i, 'PrivateIpAddress');
    if (address === null) {
      loseAddress(reading, id, origin);
      continue;
    }
    const isPrimary = typeof item.Primary === 'boolean' ? item.Primary : i === 0;
    const own = isAbsent(item.Association) && isPrimary ? record.Association : item.Association;
    const path = isAbsent(item.Association) ? [] : ['PrivateIpAddresses', i];
    addresses.push({ address, isPrimary, publicAddress: readPublicAddress(reading, own, id, origin, path) });
  }
  return addresses;
}

/** The public address of an `Association` at this path, or null (IGW-04). */
function readPublicAddress(
  reading: Reading,
  association: unknown,
  id: string,
  origin: Origin,
  path: readonly (string | number)[],
): Address | null {
  const text = memberOf(association, ['PublicIp']);
  if (isAbsent(text) || text === '') return null;
  const address = reading.address(text, origin, ...path, 'Association', 'PublicIp');
  if (address === null) loseAddress(reading, id, origin);
  return address;
}

const NO_ADDRESSES: readonly Address[] = [];

function readIpv6Addresses(reading: Reading, record: InterfaceRecord, id: string, origin: Origin): readonly Address[] {
  const items = reading.items(record.Ipv6Addresses, origin, ['Ipv6Addresses'], REMEDY);
  if (items === null) loseAddress(reading, id, origin);
  if (items === null || items.length === 0) return NO_ADDRESSES;
  const addresses: Address[] = [];
  for (let i = 0; i < items.length; i++) {
    const address = reading.address(memberOf(items[i], ['Ipv6Address']), origin, 'Ipv6Addresses', i, 'Ipv6Address');
    if (address === null) loseAddress(reading, id, origin);
    else addresses.push(address);
  }
  return addresses;
}

const NO_PREFIXES: readonly Prefix[] = [];

function readDelegated(reading: Reading, record: InterfaceRecord, id: string, origin: Origin): readonly Prefix[] {
  if (isAbsent(record.Ipv4Prefixes) && isAbsent(record.Ipv6Prefixes)) return NO_PREFIXES;
  const prefixes: Prefix[] = [];
  for (const [list, member] of [['Ipv4Prefixes', 'Ipv4Prefix'] as const, ['Ipv6Prefixes', 'Ipv6Prefix'] as const]) {
    const items = reading.items(record[list], origin, [list], REMEDY);
    if (items === null) loseAddress(reading, id, origin);
    for (const [i, item] of (items ?? []).entries()) {
      const prefix = reading.prefix(memberOf(item, [member]), origin, list, i, member);
      if (prefix === null) loseAddress(reading, id, origin);
      else prefixes.push(prefix);
    }
  }
  return prefixes.length === 0 ? NO_PREFIXES : prefixes;
}

const NO_GROUPS: readonly string[] = [];

/**
 * The ids of the groups it carries. One that cannot be read becomes an id that no snapshot has: a group whose rules are not
 * known, which is what it is.
 */
function readGroupIds(
  reading: Reading,
  record: InterfaceRecord,
  owner: InterfaceOwner,
  id: string,
  origin: Origin,
): readonly string[] {
  const items = reading.items(record.Groups, origin, ['Groups'], REMEDY);
  if (items === null) return [unreadableGroup(reading, id, originOf(origin, 'Groups'))];
  if (items.length === 0) {
    if (owner !== 'instance') return NO_GROUPS;
    // Interfaces of services may have none (SG-22), those of instances have at least the default group.
    reading.error(`${quote(id)} of an instance has no security group`, originOf(origin, 'Groups'), REMEDY);
    return [unreadableGroup(reading, id, originOf(origin, 'Groups'))];
  }
  const ids: string[] = [];
  for (let i = 0; i < items.length; i++) {
    const groupId = memberOf(items[i], ['GroupId']);
    if (typeof groupId === 'string' && groupId !== '') {
      ids.push(reading.shared(groupId));
    } else {
      const at = originOf(origin, 'Groups', i);
      reading.error('group without a GroupId', at, REMEDY);
      ids.push(unreadableGroup(reading, id, at));
    }
  }
  return ids;
}

function unreadableGroup(reading: Reading, id: string, origin: Origin): string {
  reading.fact(`groups:${id}`, `not every security group of ${id} could be read`, REMEDY, origin);
  return `(unreadable group of ${id})`;
}

const UNSET: TrackingConfiguration = { tcpEstablished: null, udpStream: null, udp: null };

function trackingOf(record: InterfaceRecord): TrackingConfiguration {
  const configuration = record.ConnectionTrackingConfiguration;
  if (isAbsent(configuration)) return UNSET;
  const { TcpEstablishedTimeout, UdpStreamTimeout, UdpTimeout } = configuration!;
  return {
    tcpEstablished: TcpEstablishedTimeout ?? null,
    udpStream: UdpStreamTimeout ?? null,
    udp: UdpTimeout ?? null,
  };
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
