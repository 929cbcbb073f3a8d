/**
 * Attachments of transit gateways, from three calls that each tell a part: describe-transit-gateway-attachments (who, and the
 * associated table), describe-transit-gateway-vpc-attachments (subnets and options), and
 * describe-transit-gateway-peering-attachments (both ends, which are two records).
 */

import { z } from 'zod';
import { type Origin, originOf } from '../model/origin.ts';
import type {
  Association,
  Attached,
  TransitGatewayAttachment,
  VpcAttachmentOptions,
} from '../model/transit-gateway.ts';
import { describeValue } from './json-value.ts';
import { ANYTHING, accountOf, ID, OPTIONAL_TEXT } from './members.ts';
import { isAccount, type Place, regionNamed } from './place.ts';
import type { Reading } from './reading.ts';
import { nameOf, readTags } from './tags.ts';
import { readState } from './transit-gateway-records.ts';

const ATTACHMENT = z.object({
  TransitGatewayAttachmentId: ID,
  TransitGatewayId: ID,
  TransitGatewayOwnerId: OPTIONAL_TEXT,
  ResourceOwnerId: OPTIONAL_TEXT,
  ResourceType: ID,
  ResourceId: OPTIONAL_TEXT,
  State: OPTIONAL_TEXT,
  Association: z.object({ TransitGatewayRouteTableId: OPTIONAL_TEXT, State: OPTIONAL_TEXT }).nullish(),
  Tags: ANYTHING,
});
const REMEDY = 'correct it, or collect it again: aws ec2 describe-transit-gateway-attachments';

/** Types that AWS has; null for those that igwalk does not follow. */
const TYPES = new Map<string, Attached['kind'] | null>([
  ['vpc', 'vpc'],
  ['vpn', 'vpn'],
  ['direct-connect-gateway', 'direct-connect-gateway'],
  ['peering', 'peering'],
  ['tgw-peering', 'peering'],
  ['connect', 'connect'],
  ['network-function', 'firewall'],
  ['vpn-concentrator', null],
  ['client-vpn', null],
]);

export function readTransitAttachment(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): TransitGatewayAttachment | null {
  const record = reading.record(ATTACHMENT, value, origin, REMEDY);
  if (record === null) return null;
  const type = record.ResourceType;
  if (!TYPES.has(type)) {
    const remedy = 'packets that meet it are unknown; correct it, or use a version of igwalk that knows it';
    reading.warning(`ResourceType ${describeValue(type)} is not known`, originOf(origin, 'ResourceType'), remedy);
  }
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  return attachment(reading, {
    attachmentId: record.TransitGatewayAttachmentId,
    transitGatewayId: record.TransitGatewayId,
    attached: attached(reading, TYPES.get(type) ?? 'unrecognised', record.ResourceId, record.ResourceOwnerId),
    name: nameOf(tags),
    tags,
    account: accountOf(record.TransitGatewayOwnerId, place),
    region: place.region,
    origin,
    state: readState(reading, record.State, 'transit gateway attachment', origin),
    association: readAssociation(reading, record, origin, place),
    vpc: null,
  });
}

function attached(reading: Reading, kind: Attached['kind'], id: string | null | undefined, owner: unknown): Attached {
  const account = typeof owner === 'string' && isAccount(owner) ? reading.shared(owner) : null;
  return { kind, id: reading.shared(id), ...(account === null ? {} : { account }) };
}

/** With the id under which the record is known: the ends of a peering share AWS's. */
function attachment(reading: Reading, record: Omit<TransitGatewayAttachment, 'id'>): TransitGatewayAttachment {
  const { attachmentId, transitGatewayId, account, region } = record;
  const isPeering = record.attached.kind === 'peering';
  return {
    id: reading.shared(isPeering ? `${attachmentId}/${transitGatewayId}` : attachmentId),
    ...record,
    attachmentId: reading.shared(attachmentId),
    transitGatewayId: reading.shared(transitGatewayId),
    account: reading.shared(account),
    region: reading.shared(region),
  };
}

function readAssociation(
  reading: Reading,
  record: z.infer<typeof ATTACHMENT>,
  origin: Origin,
  place: Place,
): Association {
  const { TransitGatewayRouteTableId: id, State: state } = record.Association ?? {};
  if (!id && !state) return seesAssociation(record, place) ? { kind: 'none' } : { kind: 'unsaid' };
  const at = originOf(origin, 'Association');
  return associationOf(reading, id, state, at, `association:${record.TransitGatewayAttachmentId}`, REMEDY);
}

/**
 * Reports whether the record would tell an association if there were one: whether it is the view of the gateway's owner. Where
 * no folder names the account that asked, only an attachment of the owner's own resource shows that.
 */
function seesAssociation(record: z.infer<typeof ATTACHMENT>, { account }: Place): boolean {
  const owner = record.TransitGatewayOwnerId;
  if (!owner) return false;
  return (account ?? record.ResourceOwnerId) === owner;
}

/** Only `associated` counts. */
export function associationOf(
  reading: Reading,
  id: string | null | undefined,
  state: string | null | undefined,
  origin: Origin,
  key: string,
  remedy: string,
): Association {
  switch (state) {
    case 'associating':
    case 'disassociating':
    case 'disassociated':
      return { kind: 'none' };
    case null:
    case undefined:
    case '':
      reading.warning('association without a state', origin, 'it is read as associated');
      break;
    case 'associated':
      break;
    default:
      reading.error(`association state ${describeValue(state)} is not known`, originOf(origin, 'State'), remedy);
      reading.fact(key, 'which table it asks could not be read', remedy, origin);
      return { kind: 'unsaid' };
  }
  if (id) return { kind: 'table', id: reading.shared(id) };
  reading.error('association without a TransitGatewayRouteTableId', origin, remedy);
  reading.fact(key, 'which table it asks could not be read', remedy, origin);
  return { kind: 'unsaid' };
}

const VPC_ATTACHMENT = z.object({
  TransitGatewayAttachmentId: ID,
  TransitGatewayId: ID,
  VpcId: ID,
  VpcOwnerId: OPTIONAL_TEXT,
  State: OPTIONAL_TEXT,
  SubnetIds: ANYTHING,
  Options: z
    .object({
      ApplianceModeSupport: OPTIONAL_TEXT,
      Ipv6Support: OPTIONAL_TEXT,
      SecurityGroupReferencingSupport: OPTIONAL_TEXT,
    })
    .nullish(),
  Tags: ANYTHING,
});
const VPC_REMEDY = 'correct it, or collect it again: aws ec2 describe-transit-gateway-vpc-attachments';

export function readVpcAttachment(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): TransitGatewayAttachment | null {
  const record = reading.record(VPC_ATTACHMENT, value, origin, VPC_REMEDY);
  if (record === null) return null;
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  return attachment(reading, {
    attachmentId: record.TransitGatewayAttachmentId,
    transitGatewayId: record.TransitGatewayId,
    attached: attached(reading, 'vpc', record.VpcId, record.VpcOwnerId),
    name: nameOf(tags),
    tags,
    // The record names the owner of the VPC only; the gateway's is told by other records.
    account: null,
    region: place.region,
    origin,
    state: readState(reading, record.State, 'transit gateway attachment', origin),
    association: { kind: 'unsaid' },
    vpc: readOptions(reading, record, origin),
  });
}

/** Null, with a missing fact, where something of them cannot be read. */
function readOptions(
  reading: Reading,
  record: z.infer<typeof VPC_ATTACHMENT>,
  origin: Origin,
): VpcAttachmentOptions | null {
  let whole = true;
  const support = (member: keyof NonNullable<typeof record.Options>, unsaid: boolean): boolean => {
    const text = record.Options?.[member];
    if (!text) return unsaid;
    if (text === 'enable' || text === 'disable') return text === 'enable';
    const at = originOf(origin, 'Options', member);
    reading.error(`${describeValue(text)} is neither "enable" nor "disable"`, at, VPC_REMEDY);
    whole = false;
    return unsaid;
  };
  const options = {
    applianceMode: support('ApplianceModeSupport', false),
    ipv6: support('Ipv6Support', false),
    securityGroupReferencing: support('SecurityGroupReferencingSupport', true),
  };
  const subnetIds = readSubnetIds(reading, record, origin);
  if (whole && subnetIds !== null) return { subnetIds, ...options };
  const id = record.TransitGatewayAttachmentId;
  reading.fact(`vpc-attachment:${id}`, `subnets and options of ${id} could not be read`, VPC_REMEDY, origin);
  return null;
}

/** Null, after a problem, where they are not told whole. An attachment that is gone has none. */
function readSubnetIds(
  reading: Reading,
  { SubnetIds: value, State: state }: z.infer<typeof VPC_ATTACHMENT>,
  origin: Origin,
): readonly string[] | null {
  const isAbsent = value === null || value === undefined;
  if (isAbsent && (!state || state === 'available' || state === 'modifying')) {
    reading.error('SubnetIds is missing', originOf(origin, 'SubnetIds'), VPC_REMEDY);
    return null;
  }
  const items = reading.items(value, origin, ['SubnetIds'], VPC_REMEDY);
  const ids: string[] = [];
  for (const [i, item] of (items ?? []).entries()) {
    const id = reading.record(ID, item, originOf(origin, 'SubnetIds', i), VPC_REMEDY);
    if (id === null) return null;
    ids.push(reading.shared(id));
  }
  return items === null ? null : ids;
}

const PEER = z.object({ TransitGatewayId: ID, OwnerId: OPTIONAL_TEXT, Region: OPTIONAL_TEXT });
const PEERING = z.object({
  TransitGatewayAttachmentId: ID,
  AccepterTransitGatewayAttachmentId: OPTIONAL_TEXT,
  RequesterTgwInfo: PEER,
  AccepterTgwInfo: PEER,
  State: OPTIONAL_TEXT,
  Tags: ANYTHING,
});
const PEERING_REMEDY = 'correct it, or collect it again: aws ec2 describe-transit-gateway-peering-attachments';

/** Both ends, or null after a problem. */
export function readPeeringAttachment(
  reading: Reading,
  value: unknown,
  origin: Origin,
): readonly TransitGatewayAttachment[] | null {
  const record = reading.record(PEERING, value, origin, PEERING_REMEDY);
  if (record === null) return null;
  const { RequesterTgwInfo: requester, AccepterTgwInfo: accepter } = record;
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  const state = readState(reading, record.State, 'transit gateway attachment', origin);
  const end = (near: z.infer<typeof PEER>, far: z.infer<typeof PEER>, id: string): TransitGatewayAttachment =>
    attachment(reading, {
      attachmentId: id,
      transitGatewayId: near.TransitGatewayId,
      attached: attached(reading, 'peering', far.TransitGatewayId, far.OwnerId),
      name: nameOf(tags),
      tags,
      account: accountOf(near.OwnerId, { account: null, region: null }),
      region: regionNamed(near.Region ?? null),
      origin,
      state,
      association: { kind: 'unsaid' },
      vpc: null,
    });
  const id = record.TransitGatewayAttachmentId;
  return [end(requester, accepter, id), end(accepter, requester, record.AccepterTransitGatewayAttachmentId || id)];
}

/** Two views of one attachment: what the better one leaves open, the other may tell. */
export function mergeTransitAttachments(
  a: TransitGatewayAttachment,
  b: TransitGatewayAttachment,
): TransitGatewayAttachment {
  const isTold = a.attached.id !== null || b.attached.id === null;
  const account = a.attached.account ?? b.attached.account;
  return {
    ...a,
    name: a.name ?? b.name,
    tags: a.tags.length > 0 ? a.tags : b.tags,
    account: a.account ?? b.account,
    region: a.region ?? b.region,
    attached: { ...(isTold ? a.attached : b.attached), ...(account === undefined ? {} : { account }) },
    association: a.association.kind === 'unsaid' ? b.association : a.association,
    vpc: a.vpc ?? b.vpc,
  };
}
