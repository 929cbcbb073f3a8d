/**
 * Answers about one route table of a transit gateway, which do not say which one: search-transit-gateway-routes,
 * get-transit-gateway-route-table-propagations, get-transit-gateway-route-table-associations.
 *
 * The id of the table is the document's `TransitGatewayRouteTableId`, if somebody added one, else the `tgw-rtb-...` in the name
 * of its file.
 */

import { isObject } from './json-value.ts';
import { parsedItems } from './sliced-list.ts';
import type { TransitPartKind } from './transit-parts.ts';

type Document = Readonly<Record<string, unknown>>;

export interface TableAnswer {
  readonly key: 'Routes' | 'TransitGatewayRouteTablePropagations' | 'Associations';
  readonly kind: TransitPartKind;
  /** With the id of the table, or null where nothing tells it. */
  readonly record: Document | null;
}

/** Members beside the lists of such answers. */
export const TABLE_MEMBERS: readonly string[] = ['TransitGatewayRouteTableId', 'AdditionalRoutesAvailable'];

/** The answers in a document: none where it is about something else. */
export function tableAnswersOf(document: Document, file: string): readonly TableAnswer[] {
  const id = document.TransitGatewayRouteTableId ?? tableIdOfFile(file);
  const answers: TableAnswer[] = [];
  const add = (key: TableAnswer['key'], kind: TransitPartKind, isOfTable: () => boolean): void => {
    const value = document[key];
    if (value === null || value === undefined || !Object.hasOwn(document, key)) return;
    if (id === null && !isOfTable()) return;
    const more = key === 'Routes' ? { AdditionalRoutesAvailable: document.AdditionalRoutesAvailable } : {};
    const record = { TransitGatewayRouteTableId: id, [key]: parsedItems(value), ...more };
    answers.push({ key, kind, record: id === null ? null : record });
  };
  // Client VPN and local gateways have `Routes` too, and policy tables `Associations`.
  add('Routes', 'transitTableRoutes', () => {
    const isSearch = Object.hasOwn(document, 'AdditionalRoutesAvailable');
    return isSearch || firstHas(document.Routes, 'TransitGatewayAttachments');
  });
  add('TransitGatewayRouteTablePropagations', 'transitTablePropagations', () => true);
  add('Associations', 'transitTableAssociations', () => {
    const { Associations: list } = document;
    return firstHas(list, 'TransitGatewayAttachmentId') && !firstHas(list, 'TransitGatewayPolicyTableId');
  });
  return answers;
}

/** Reports whether the first item of a list has a member. */
function firstHas(list: unknown, member: string): boolean {
  const items = parsedItems(list, 1);
  const first: unknown = Array.isArray(items) ? items[0] : null;
  return isObject(first) && Object.hasOwn(first, member);
}

/** The id in the name of a file such as `tgw-rtb-0123.json` or `routes-tgw-rtb-0123-static.json`, or null. */
function tableIdOfFile(file: string): string | null {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return /(?:^|[^a-z0-9])(tgw-rtb-[a-z0-9]+)/.exec(name)?.[1] ?? null;
}
