/** get-transit-gateway-prefix-list-references and get-transit-gateway-route-table-associations. */

import { z } from 'zod';
import { type Origin, originOf } from '../model/origin.ts';
import type { TransitGatewayRoute } from '../model/transit-gateway.ts';
import { itemOrigin } from './item-origin.ts';
import { describeValue } from './json-value.ts';
import { ANYTHING, ID, OPTIONAL_FLAG, OPTIONAL_TEXT } from './members.ts';
import type { Reading } from './reading.ts';
import { associationOf } from './transit-attachment-records.ts';

/** A static route to a prefix list. */
export interface PrefixListRoute {
  readonly tableId: string;
  readonly prefixListId: string;
  /** `none` where it is being made or taken away; null, after a problem, where it cannot be read. */
  readonly route: TransitGatewayRoute | 'none' | null;
  readonly origin: Origin;
}

const REFERENCE = z.object({
  TransitGatewayRouteTableId: ID,
  PrefixListId: ID,
  State: OPTIONAL_TEXT,
  Blackhole: OPTIONAL_FLAG,
  TransitGatewayAttachment: z.object({ TransitGatewayAttachmentId: ID }).nullish(),
});
const REMEDY = 'correct it, or collect it again: aws ec2 get-transit-gateway-prefix-list-references';

/** Null, after a problem, where not even its table is told. */
export function readPrefixListReference(reading: Reading, value: unknown, origin: Origin): PrefixListRoute | null {
  const record = reading.record(REFERENCE, value, origin, REMEDY);
  if (record === null) return null;
  const [tableId, prefixListId] = [
    reading.shared(record.TransitGatewayRouteTableId),
    reading.shared(record.PrefixListId),
  ];
  return { tableId, prefixListId, route: routeOf(reading, record, prefixListId, origin), origin };
}

function routeOf(
  reading: Reading,
  record: z.infer<typeof REFERENCE>,
  prefixListId: string,
  origin: Origin,
): PrefixListRoute['route'] {
  const at = originOf(origin, 'State');
  if (record.State === 'pending' || record.State === 'deleting') {
    const what = `prefix list reference in state "${record.State}", which counts as none`;
    reading.warning(what, at, 'collect it again once it has settled');
    return 'none';
  }
  if (record.State && record.State !== 'available' && record.State !== 'modifying') {
    reading.error(`prefix list reference state ${describeValue(record.State)} is not known`, at, REMEDY);
    return null;
  }
  if (!record.State) reading.warning('prefix list reference without a state', origin, 'it is read as available');
  const id = reading.shared(record.TransitGatewayAttachment?.TransitGatewayAttachmentId);
  if (!record.Blackhole && id === null) {
    reading.error('prefix list reference with neither an attachment nor Blackhole', origin, REMEDY);
    return null;
  }
  return {
    destination: { kind: 'prefix-list', id: prefixListId },
    state: record.Blackhole ? 'blackhole' : 'active',
    source: 'static',
    attachmentIds: record.Blackhole || id === null ? [] : [id],
    origin,
  };
}

/** That packets of an attachment ask a table. */
export interface TableAssociation {
  readonly tableId: string;
  readonly attachmentId: string;
  readonly origin: Origin;
}

const ASSOCIATIONS = z.object({ TransitGatewayRouteTableId: ID, Associations: ANYTHING });
const ASSOCIATION = z.object({ TransitGatewayAttachmentId: ID, State: OPTIONAL_TEXT });
const ASSOCIATIONS_REMEDY = 'correct it, or collect it again: aws ec2 get-transit-gateway-route-table-associations';

/** Those that count. Who is not among them may be where the answer goes on, so nothing follows for the others. */
export function readTableAssociations(
  reading: Reading,
  value: unknown,
  origin: Origin,
): readonly TableAssociation[] | null {
  const record = reading.record(ASSOCIATIONS, value, origin, ASSOCIATIONS_REMEDY);
  if (record === null) return null;
  const tableId = reading.shared(record.TransitGatewayRouteTableId);
  const items = reading.items(record.Associations, origin, ['Associations'], ASSOCIATIONS_REMEDY);
  const associations: TableAssociation[] = [];
  for (const [i, item] of (items ?? []).entries()) {
    const at = itemOrigin(origin, 'Associations', i);
    const read = reading.record(ASSOCIATION, item, at, ASSOCIATIONS_REMEDY);
    if (read === null) continue;
    const attachmentId = reading.shared(read.TransitGatewayAttachmentId);
    const key = `association:${attachmentId}`;
    const { kind } = associationOf(reading, tableId, read.State, at, key, ASSOCIATIONS_REMEDY);
    if (kind === 'table') associations.push({ tableId, attachmentId, origin: at });
  }
  return items === null ? null : associations;
}
