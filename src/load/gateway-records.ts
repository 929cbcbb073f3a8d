/** Internet, egress-only and NAT gateways. */

import { z } from 'zod';
import type {
  EgressOnlyGateway,
  GatewayAttachment,
  InternetGateway,
  NatAddress,
  NatGateway,
} from '../model/gateway.ts';
import { type Origin, originOf } from '../model/origin.ts';
import { describeValue } from './json-value.ts';
import { ANYTHING, accountOf, ID, OPTIONAL_FLAG, OPTIONAL_TEXT } from './members.ts';
import type { Place } from './place.ts';
import type { Reading } from './reading.ts';
import { nameOf, readTags } from './tags.ts';

const INTERNET_GATEWAY = z.object({
  InternetGatewayId: ID,
  OwnerId: OPTIONAL_TEXT,
  Attachments: ANYTHING,
  Tags: ANYTHING,
});
const EGRESS_ONLY_GATEWAY = z.object({ EgressOnlyInternetGatewayId: ID, Attachments: ANYTHING, Tags: ANYTHING });
const INTERNET_REMEDY = 'correct it, or collect it again: aws ec2 describe-internet-gateways';
const EGRESS_ONLY_REMEDY = 'correct it, or collect it again: aws ec2 describe-egress-only-internet-gateways';

export function readInternetGateway(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): InternetGateway | null {
  const record = reading.record(INTERNET_GATEWAY, value, origin, INTERNET_REMEDY);
  if (record === null) return null;
  const account = accountOf(record.OwnerId, place);
  return attachedGateway(reading, record.InternetGatewayId, account, record, origin, place, INTERNET_REMEDY);
}

export function readEgressOnlyGateway(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): EgressOnlyGateway | null {
  const record = reading.record(EGRESS_ONLY_GATEWAY, value, origin, EGRESS_ONLY_REMEDY);
  if (record === null) return null;
  return attachedGateway(
    reading,
    record.EgressOnlyInternetGatewayId,
    place.account,
    record,
    origin,
    place,
    EGRESS_ONLY_REMEDY,
  );
}

function attachedGateway(
  reading: Reading,
  id: string,
  account: string | null,
  record: { readonly Attachments?: unknown; readonly Tags?: unknown },
  origin: Origin,
  place: Place,
  remedy: string,
): InternetGateway | null {
  const attachments = readAttachments(reading, record.Attachments, id, origin, remedy);
  if (attachments === null) return null;
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  return {
    id: reading.shared(id),
    name: nameOf(tags),
    tags,
    account: reading.shared(account),
    region: reading.shared(place.region),
    origin,
    attachments,
  };
}

const ATTACHMENT = z.object({ VpcId: ID, State: OPTIONAL_TEXT });

/**
 * Null where one cannot be read: a gateway is nothing but its attachment, and one without would be attached to no VPC for
 * certain.
 */
export function readAttachments(
  reading: Reading,
  value: unknown,
  id: string,
  origin: Origin,
  remedy: string,
  member: 'Attachments' | 'VpcAttachments' = 'Attachments',
): readonly GatewayAttachment[] | null {
  const lost = (): void =>
    reading.loss(`attachments:${id}`, `which VPC ${id} is attached to could not be read`, remedy, origin);
  const attachments: GatewayAttachment[] = [];
  const items = reading.items(value, origin, [member], remedy);
  if (items === null) {
    lost();
    return null;
  }
  for (const [i, item] of items.entries()) {
    const at = originOf(origin, member, i);
    const attachment = reading.record(ATTACHMENT, item, at, remedy);
    if (attachment === null) {
      lost();
      return null;
    }
    if (!attachment.State) reading.warning('attachment without a state', at, 'it is read as available');
    attachments.push({
      vpcId: reading.shared(attachment.VpcId),
      state: reading.shared(attachment.State) ?? 'available',
    });
  }
  return attachments;
}

const NAT_GATEWAY = z.object({
  NatGatewayId: ID,
  VpcId: ID,
  SubnetId: OPTIONAL_TEXT,
  ConnectivityType: OPTIONAL_TEXT,
  AvailabilityMode: OPTIONAL_TEXT,
  State: OPTIONAL_TEXT,
  NatGatewayAddresses: ANYTHING,
  Tags: ANYTHING,
});
const NAT_REMEDY = 'correct it, or collect it again: aws ec2 describe-nat-gateways';

export function readNatGateway(reading: Reading, value: unknown, origin: Origin, place: Place): NatGateway | null {
  const record = reading.record(NAT_GATEWAY, value, origin, NAT_REMEDY);
  if (record === null) return null;
  const connectivity = record.ConnectivityType || 'public';
  if (connectivity !== 'public' && connectivity !== 'private') {
    const what = `ConnectivityType is ${describeValue(connectivity)}, not "public" or "private"`;
    reading.error(what, originOf(origin, 'ConnectivityType'), NAT_REMEDY);
    return null;
  }
  const mode = record.AvailabilityMode || (record.SubnetId ? 'zonal' : 'regional');
  if (mode !== 'zonal' && mode !== 'regional') {
    const what = `AvailabilityMode is ${describeValue(mode)}, not "zonal" or "regional"`;
    reading.error(what, originOf(origin, 'AvailabilityMode'), NAT_REMEDY);
    return null;
  }
  if (!record.State) reading.warning('NAT gateway without a state', origin, 'it is read as available');
  const id = reading.shared(record.NatGatewayId);
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  return {
    id,
    name: nameOf(tags),
    tags,
    account: reading.shared(place.account),
    region: reading.shared(place.region),
    origin,
    vpcId: reading.shared(record.VpcId),
    subnetId: reading.shared(record.SubnetId),
    connectivity,
    availability: mode,
    state: reading.shared(record.State) ?? 'available',
    addresses: readNatAddresses(reading, record.NatGatewayAddresses, id, origin),
  };
}

const NAT_ADDRESS = z.object({
  PrivateIp: OPTIONAL_TEXT,
  PublicIp: OPTIONAL_TEXT,
  NetworkInterfaceId: OPTIONAL_TEXT,
  IsPrimary: OPTIONAL_FLAG,
  Status: OPTIONAL_TEXT,
});

/** The addresses that the gateway has; those whose association failed are left out. */
function readNatAddresses(reading: Reading, value: unknown, id: string, origin: Origin): readonly NatAddress[] {
  const lost = (): void =>
    reading.loss(`addresses:${id}`, `not every address of ${id} could be read`, NAT_REMEDY, origin);
  const addresses: NatAddress[] = [];
  const items = reading.items(value, origin, ['NatGatewayAddresses'], NAT_REMEDY);
  if (items === null) lost();
  for (const [i, item] of (items ?? []).entries()) {
    const at = originOf(origin, 'NatGatewayAddresses', i);
    const record = reading.record(NAT_ADDRESS, item, at, NAT_REMEDY);
    if (record === null) {
      lost();
      continue;
    }
    if (record.Status === 'failed') continue;
    const privateAddress = record.PrivateIp ? reading.address(record.PrivateIp, at, 'PrivateIp') : null;
    const publicAddress = record.PublicIp ? reading.address(record.PublicIp, at, 'PublicIp') : null;
    if ((record.PrivateIp && !privateAddress) || (record.PublicIp && !publicAddress)) lost();
    addresses.push({
      privateAddress,
      publicAddress,
      interfaceId: reading.shared(record.NetworkInterfaceId),
      isPrimary: record.IsPrimary ?? i === 0,
    });
  }
  return addresses;
}
