/** describe-direct-connect-gateways, describe-direct-connect-gateway-associations, and describe-virtual-interfaces. */

import { z } from 'zod';
import type { DirectConnectAssociation, DirectConnectGateway, VirtualInterface } from '../model/hybrid.ts';
import { type Origin, originOf } from '../model/origin.ts';
import type { Tag } from '../model/resource.ts';
import type { Prefix } from '../net/prefix.ts';
import { isObject } from './json-value.ts';
import { ANYTHING, accountOf, ID, OPTIONAL_TEXT } from './members.ts';
import { type Place, regionNamed } from './place.ts';
import type { Reading } from './reading.ts';
import { readSpelt, spelt } from './spelling.ts';
import { nameOf, readTags } from './tags.ts';
import { readState } from './transit-gateway-records.ts';

const GATEWAY = spelt({
  directConnectGatewayId: ID,
  directConnectGatewayName: OPTIONAL_TEXT,
  directConnectGatewayState: OPTIONAL_TEXT,
  ownerAccount: OPTIONAL_TEXT,
  tags: ANYTHING,
});
const GATEWAY_REMEDY = 'correct it, or collect it again: aws directconnect describe-direct-connect-gateways';

/** Such a gateway is in no Region. */
export function readDirectConnectGateway(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): DirectConnectGateway | null {
  const read = readSpelt(reading, GATEWAY, value, origin, GATEWAY_REMEDY);
  if (read === null) return null;
  const { record, name } = read;
  const tags = readSpeltTags(reading, record.tags, origin, name('tags'));
  return {
    id: reading.shared(record.directConnectGatewayId),
    name: nameOf(tags) ?? reading.shared(record.directConnectGatewayName),
    tags,
    account: reading.shared(accountOf(record.ownerAccount, place)),
    region: null,
    origin,
    state: readState(reading, record.directConnectGatewayState, 'Direct Connect gateway', origin),
  };
}

/** Tags in either spelling. */
function readSpeltTags(reading: Reading, value: unknown, origin: Origin, member: string): readonly Tag[] {
  if (!Array.isArray(value)) return readTags(reading, value, origin, member);
  const tags = value.map((tag: unknown) =>
    isObject(tag) && Object.hasOwn(tag, 'key') ? { Key: tag.key, Value: tag.value } : tag,
  );
  return readTags(reading, tags, origin, member);
}

const ASSOCIATION = spelt({
  associationId: OPTIONAL_TEXT,
  directConnectGatewayId: ID,
  directConnectGatewayOwnerAccount: OPTIONAL_TEXT,
  associationState: ID,
  associatedGateway: ANYTHING,
  virtualGatewayId: OPTIONAL_TEXT,
  allowedPrefixesToDirectConnectGateway: ANYTHING,
});
const ASSOCIATED = spelt({
  id: ID,
  type: z.enum(['virtualPrivateGateway', 'transitGateway']),
  region: OPTIONAL_TEXT,
});
const ASSOCIATION_REMEDY =
  'correct it, or collect it again: aws directconnect describe-direct-connect-gateway-associations';

export function readDirectConnectAssociation(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): DirectConnectAssociation | null {
  const read = readSpelt(reading, ASSOCIATION, value, origin, ASSOCIATION_REMEDY);
  if (read === null) return null;
  const { record, name } = read;
  const gateway = record.associatedGateway;
  const at = originOf(origin, name('associatedGateway'));
  const isTold = gateway !== null && gateway !== undefined;
  const told = isTold ? readSpelt(reading, ASSOCIATED, gateway, at, ASSOCIATION_REMEDY) : null;
  if (isTold && told === null) return null;
  const id = told?.record.id ?? record.virtualGatewayId;
  if (!id) {
    const remedy = 'associations with a core network are not modelled; what depends on them is unknown';
    reading.error('association with neither a virtual private nor a transit gateway', origin, remedy);
    return null;
  }
  const kind = told?.record.type === 'transitGateway' ? 'transit-gateway' : 'virtual-private-gateway';
  const gatewayId = reading.shared(record.directConnectGatewayId);
  const associationId = record.associationId || `${gatewayId}/${id}`;
  const member = name('allowedPrefixesToDirectConnectGateway');
  return {
    id: reading.shared(associationId),
    name: null,
    tags: [],
    account: reading.shared(accountOf(record.directConnectGatewayOwnerAccount, place)),
    region: reading.shared(regionNamed(told?.record.region ?? null)),
    origin,
    directConnectGatewayId: gatewayId,
    associated: { kind, id: reading.shared(id) },
    state: reading.shared(record.associationState),
    allowedPrefixes: readAllowed(reading, record.allowedPrefixesToDirectConnectGateway, associationId, origin, member),
  };
}

const ALLOWED = spelt({ cidr: ID });

/** None, with a missing fact, where one cannot be read: no prefix at all means that the record does not tell. */
function readAllowed(reading: Reading, value: unknown, id: string, origin: Origin, member: string): readonly Prefix[] {
  const items = reading.items(value, origin, [member], ASSOCIATION_REMEDY);
  const prefixes = (items ?? []).map((item, i) => {
    const at = originOf(origin, member, i);
    const read = readSpelt(reading, ALLOWED, item, at, ASSOCIATION_REMEDY);
    return read === null ? null : reading.prefix(read.record.cidr, at, read.name('cidr'));
  });
  if (items !== null && !prefixes.includes(null)) return prefixes.filter((prefix) => prefix !== null);
  const what = `not every allowed prefix of ${id} could be read`;
  reading.fact(`allowed-prefixes:${id}`, what, ASSOCIATION_REMEDY, originOf(origin, member));
  return [];
}

const INTERFACE = spelt({
  virtualInterfaceId: ID,
  virtualInterfaceName: OPTIONAL_TEXT,
  virtualInterfaceType: z.enum(['private', 'public', 'transit']),
  virtualInterfaceState: OPTIONAL_TEXT,
  virtualGatewayId: OPTIONAL_TEXT,
  directConnectGatewayId: OPTIONAL_TEXT,
  ownerAccount: OPTIONAL_TEXT,
  region: OPTIONAL_TEXT,
  tags: ANYTHING,
});
const INTERFACE_REMEDY = 'correct it, or collect it again: aws directconnect describe-virtual-interfaces';

export function readVirtualInterface(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): VirtualInterface | null {
  const read = readSpelt(reading, INTERFACE, value, origin, INTERFACE_REMEDY);
  if (read === null) return null;
  const { record, name } = read;
  const tags = readSpeltTags(reading, record.tags, origin, name('tags'));
  return {
    id: reading.shared(record.virtualInterfaceId),
    name: nameOf(tags) ?? reading.shared(record.virtualInterfaceName),
    tags,
    account: reading.shared(accountOf(record.ownerAccount, place)),
    region: reading.shared(regionNamed(record.region ?? null) ?? place.region),
    origin,
    kind: record.virtualInterfaceType,
    state: readState(reading, record.virtualInterfaceState, 'virtual interface', origin),
    virtualPrivateGatewayId: reading.shared(record.virtualGatewayId),
    directConnectGatewayId: reading.shared(record.directConnectGatewayId),
  };
}
