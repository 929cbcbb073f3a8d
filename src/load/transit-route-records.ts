/**
 * What the route tables of transit gateways say: search-transit-gateway-routes, and
 * get-transit-gateway-route-table-propagations.
 *
 * A search shows what was searched for and does not say what that was. The key `TransitGatewayStaticRoutes` tells it, or the
 * name of the file; an answer without either is taken for what it shows, with a warning.
 */

import { z } from 'zod';
import { type Origin, originOf } from '../model/origin.ts';
import type { Resource } from '../model/resource.ts';
import type { TransitGatewayRoute } from '../model/transit-gateway.ts';
import { quote } from '../net/quote.ts';
import { itemOrigin } from './item-origin.ts';
import { describeValue } from './json-value.ts';
import { ANYTHING, ID, OPTIONAL_FLAG, OPTIONAL_TEXT } from './members.ts';
import type { Place } from './place.ts';
import type { Reading } from './reading.ts';

/** What one answer tells about a table; its `id` is the table's. Null where the answer does not tell, or not whole. */
export interface TableContent extends Resource {
  readonly staticRoutes: readonly TransitGatewayRoute[] | null;
  readonly propagatedRoutes: readonly TransitGatewayRoute[] | null;
  readonly propagatingIds: readonly string[] | null;
}

/** What was searched for. */
export type Scope = 'static' | 'propagated' | 'all' | 'unsaid';

const SEARCH = z.object({
  TransitGatewayRouteTableId: ID,
  Routes: ANYTHING,
  AdditionalRoutesAvailable: OPTIONAL_FLAG,
  NextToken: OPTIONAL_TEXT,
});
const REMEDY =
  'collect it again: aws ec2 search-transit-gateway-routes --filters Name=type,Values=static --max-results 1000';

export function readSearchedRoutes(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
  scope: Scope,
  isCutOff: boolean,
): TableContent | null {
  const record = reading.record(SEARCH, value, origin, REMEDY);
  if (record === null) return null;
  const id = reading.shared(record.TransitGatewayRouteTableId);
  const routes = readRoutes(reading, record, origin, scope, isCutOff);
  const told = (source: 'static' | 'propagated'): readonly TransitGatewayRoute[] | null => {
    if (scope !== source && scope !== 'all' && scope !== 'unsaid') return null;
    if (routes === null) {
      lostRoutes(reading, id, source, origin);
      return null;
    }
    const found = routes.filter((route) => route.source === source);
    return scope === 'unsaid' && found.length === 0 ? null : found;
  };
  const [staticRoutes, propagatedRoutes] = [told('static'), told('propagated')];
  if (scope === 'unsaid' && routes !== null) warnOfScope(reading, id, staticRoutes, propagatedRoutes, origin);
  return { ...content(reading, id, origin, place), staticRoutes, propagatedRoutes };
}

/** A missing fact: the table may have routes that no one sees. */
export function lostRoutes(reading: Reading, id: string, source: 'static' | 'propagated', origin: Origin): void {
  reading.loss(`${source}-routes:${id}`, `not every ${source} route of ${id} could be read`, REMEDY, origin);
}

function warnOfScope(
  reading: Reading,
  id: string,
  staticRoutes: readonly TransitGatewayRoute[] | null,
  propagatedRoutes: readonly TransitGatewayRoute[] | null,
  origin: Origin,
): void {
  const shown = [
    ...(staticRoutes === null ? [] : ['static']),
    ...(propagatedRoutes === null ? [] : ['propagated']),
  ].join(' and ');
  const taken = shown === '' ? 'nothing is taken from it' : `it is taken for every ${shown} route of ${quote(id)}`;
  const remedy = 'put "static", "propagated" or "all" into the name of the file, for what was searched for';
  reading.warning(`the answer does not say what was searched for: ${taken}`, origin, remedy);
}

function content(reading: Reading, id: string, origin: Origin, place: Place): TableContent {
  const [account, region] = [reading.shared(place.account), reading.shared(place.region)];
  const resource = { id, name: null, tags: [], account, region, origin };
  return { ...resource, staticRoutes: null, propagatedRoutes: null, propagatingIds: null };
}

/** Null where one of them cannot be read, or where there are more. */
function readRoutes(
  reading: Reading,
  record: z.infer<typeof SEARCH>,
  origin: Origin,
  scope: Scope,
  isCutOff: boolean,
): readonly TransitGatewayRoute[] | null {
  const isMissing = record.Routes === null || record.Routes === undefined;
  if (isMissing) reading.error('Routes is missing', originOf(origin, 'Routes'), REMEDY);
  const items = isMissing ? null : reading.items(record.Routes, origin, ['Routes'], REMEDY);
  let whole = items !== null && !isCutOff;
  if (record.AdditionalRoutesAvailable) {
    const at = originOf(origin, 'AdditionalRoutesAvailable');
    reading.error('answer cut off: the table has more routes than it shows', at, REMEDY);
    whole = false;
  }
  if (record.NextToken) {
    reading.error('answer cut off: NextToken is left over', originOf(origin, 'NextToken'), REMEDY);
    whole = false;
  }
  const routes: TransitGatewayRoute[] = [];
  for (const [i, item] of (items ?? []).entries()) {
    const route = readRoute(reading, item, itemOrigin(origin, 'Routes', i), scope);
    if (route === null) whole = false;
    else if (route !== GONE && !routes.some((other) => isSamePrefixList(other, route))) routes.push(route);
  }
  return whole ? routes : null;
}

/** A search shows a prefix list's route once for each of its entries. */
function isSamePrefixList(a: TransitGatewayRoute, b: TransitGatewayRoute): boolean {
  if (a.destination.kind !== 'prefix-list' || b.destination.kind !== 'prefix-list') return false;
  return a.destination.id === b.destination.id && sameWay(a, b);
}

/** Reports whether two routes lead to the same attachments. */
export function sameWay(a: TransitGatewayRoute, b: TransitGatewayRoute): boolean {
  return a.state === b.state && a.source === b.source && a.attachmentIds.join() === b.attachmentIds.join();
}

const ROUTE = z.object({
  DestinationCidrBlock: OPTIONAL_TEXT,
  PrefixListId: OPTIONAL_TEXT,
  Type: OPTIONAL_TEXT,
  State: OPTIONAL_TEXT,
  TransitGatewayAttachments: ANYTHING,
});

/** A route that forwards nothing and drops nothing. */
const GONE = 'gone';

function readRoute(
  reading: Reading,
  value: unknown,
  origin: Origin,
  scope: Scope,
): TransitGatewayRoute | typeof GONE | null {
  const route = reading.record(ROUTE, value, origin, REMEDY);
  if (route === null) return null;
  const state = route.State || 'active';
  if (!route.State) reading.warning('route without a state', origin, 'it is read as active');
  if (state === 'deleted') return GONE;
  if (state === 'pending' || state === 'deleting') {
    const at = originOf(origin, 'State');
    reading.warning(`route in state "${state}", which counts as none`, at, 'collect it again once it has settled');
    return GONE;
  }
  if (state !== 'active' && state !== 'blackhole') {
    reading.error(`route state ${describeValue(state)} is not known`, originOf(origin, 'State'), REMEDY);
    return null;
  }
  const type = route.Type || (scope === 'static' || scope === 'propagated' ? scope : '');
  if (type !== 'static' && type !== 'propagated') {
    const what = type === '' ? 'Type is missing' : `route type ${describeValue(type)} is not known`;
    reading.error(what, originOf(origin, 'Type'), REMEDY);
    return null;
  }
  const destination = readDestination(reading, route, origin);
  const attachmentIds = state === 'blackhole' ? [] : readAttachmentIds(reading, route, origin);
  if (destination === null || attachmentIds === null) return null;
  return { destination, state, source: type, attachmentIds, origin };
}

function readDestination(
  reading: Reading,
  route: z.infer<typeof ROUTE>,
  origin: Origin,
): TransitGatewayRoute['destination'] | null {
  // Read as the list's, because a list's route gives way to a route of its own to the same prefix (TGW-04).
  if (route.PrefixListId) return { kind: 'prefix-list', id: reading.shared(route.PrefixListId) };
  if (!route.DestinationCidrBlock) {
    reading.error('route without a destination', origin, REMEDY);
    return null;
  }
  const prefix = reading.prefix(route.DestinationCidrBlock, origin, 'DestinationCidrBlock');
  return prefix === null ? null : { kind: 'cidr', prefix };
}

const ATTACHMENT = z.object({ TransitGatewayAttachmentId: ID });

function readAttachmentIds(reading: Reading, route: z.infer<typeof ROUTE>, origin: Origin): readonly string[] | null {
  const items = reading.items(route.TransitGatewayAttachments, origin, ['TransitGatewayAttachments'], REMEDY);
  const ids = (items ?? []).map((item, i) => {
    const at = itemOrigin(origin, 'TransitGatewayAttachments', i);
    return reading.shared(reading.record(ATTACHMENT, item, at, REMEDY)?.TransitGatewayAttachmentId);
  });
  if (items !== null && items.length === 0) reading.error('active route without an attachment', origin, REMEDY);
  const read = ids.filter((id) => id !== null);
  return read.length > 0 && read.length === ids.length ? read : null;
}

const PROPAGATIONS = z.object({
  TransitGatewayRouteTableId: ID,
  TransitGatewayRouteTablePropagations: ANYTHING,
  NextToken: OPTIONAL_TEXT,
});
const PROPAGATION = z.object({ TransitGatewayAttachmentId: ID, State: OPTIONAL_TEXT });
const PROPAGATIONS_REMEDY = 'collect it again: aws ec2 get-transit-gateway-route-table-propagations';
const MEMBER = 'TransitGatewayRouteTablePropagations';

/** Only `enabled` counts. */
export function readPropagations(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
  isCutOff: boolean,
): TableContent | null {
  const record = reading.record(PROPAGATIONS, value, origin, PROPAGATIONS_REMEDY);
  if (record === null) return null;
  const id = reading.shared(record.TransitGatewayRouteTableId);
  const list = record[MEMBER];
  const isMissing = list === null || list === undefined;
  if (isMissing) reading.error(`${MEMBER} is missing`, originOf(origin, MEMBER), PROPAGATIONS_REMEDY);
  if (record.NextToken) {
    reading.error('answer cut off: NextToken is left over', originOf(origin, 'NextToken'), PROPAGATIONS_REMEDY);
  }
  const items = isMissing ? null : reading.items(list, origin, [MEMBER], PROPAGATIONS_REMEDY);
  let whole = items !== null && !isCutOff && !record.NextToken;
  const ids: string[] = [];
  for (const [i, item] of (items ?? []).entries()) {
    const at = itemOrigin(origin, MEMBER, i);
    const propagation = reading.record(PROPAGATION, item, at, PROPAGATIONS_REMEDY);
    const counts = propagation !== null && isEnabled(reading, propagation.State, at);
    if (counts === null || propagation === null) whole = false;
    else if (counts) ids.push(reading.shared(propagation.TransitGatewayAttachmentId));
  }
  const what = `not every propagation of ${id} could be read`;
  if (!whole) reading.loss(`propagations:${id}`, what, PROPAGATIONS_REMEDY, origin);
  return { ...content(reading, id, origin, place), propagatingIds: whole ? ids : null };
}

/** Null, after a problem, where the state says nothing. */
function isEnabled(reading: Reading, state: string | null | undefined, origin: Origin): boolean | null {
  if (state === 'enabled') return true;
  if (state === 'enabling' || state === 'disabling' || state === 'disabled' || state === 'not-enabled') return false;
  const what = state ? `propagation state ${describeValue(state)} is not known` : 'propagation without a state';
  reading.error(what, originOf(origin, 'State'), PROPAGATIONS_REMEDY);
  return null;
}

/** Two answers about one table: what the better one leaves open, the other may tell. */
export function mergeContents(a: TableContent, b: TableContent): TableContent {
  return {
    ...a,
    staticRoutes: a.staticRoutes ?? b.staticRoutes,
    propagatedRoutes: a.propagatedRoutes ?? b.propagatedRoutes,
    propagatingIds: a.propagatingIds ?? b.propagatingIds,
  };
}
