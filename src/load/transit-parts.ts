/** Records that tell only a part of a transit gateway's attachment or route table, kept until all that they complete is read. */

import type { ListRead, Network } from '../model/network.ts';
import { type Origin, originOf } from '../model/origin.ts';
import type { TransitGatewayAttachment, TransitGatewayRouteTable } from '../model/transit-gateway.ts';
import { quote } from '../net/quote.ts';
import { placesOf, speaksFor } from './list-places.ts';
import { Collected } from './merge.ts';
import type { Place } from './place.ts';
import type { Reading } from './reading.ts';
import { readPeeringAttachment, readVpcAttachment } from './transit-attachment-records.ts';
import {
  type PrefixListRoute,
  readPrefixListReference,
  readTableAssociations,
  type TableAssociation,
} from './transit-reference-records.ts';
import {
  lostRoutes,
  mergeContents,
  readPropagations,
  readSearchedRoutes,
  type Scope,
  sameWay,
  type TableContent,
} from './transit-route-records.ts';

/** Kinds of list, by what their items are. The last three are answers about one table. */
const PART_KINDS = [
  'transitVpcAttachments',
  'transitPeeringAttachments',
  'transitStaticRoutes',
  'transitPropagations',
  'transitPrefixListReferences',
  'transitTableRoutes',
  'transitTablePropagations',
  'transitTableAssociations',
] as const;
export type TransitPartKind = (typeof PART_KINDS)[number];

const KNOWN: ReadonlySet<string> = new Set(PART_KINDS);

export function isTransitPart(kind: string): kind is TransitPartKind {
  return KNOWN.has(kind);
}

type Merged = Pick<Network, 'transitGateways' | 'transitGatewayAttachments' | 'transitGatewayRouteTables'>;

export class TransitParts {
  readonly #attachments: Collected<TransitGatewayAttachment>;
  /** Lists of attachments that are not those of all kinds. */
  readonly #lists: ListRead[] = [];
  readonly #contents = new Collected<TableContent>('content of transit gateway route table', mergeContents);
  readonly #prefixListRoutes: PrefixListRoute[] = [];
  /** Where references were read that nobody can place. */
  #lostReferences: Origin | null = null;
  readonly #associations: TableAssociation[] = [];
  /** Answers that were read, with and without anything in them. */
  #answers = 0;

  constructor(attachments: Collected<TransitGatewayAttachment>) {
    this.#attachments = attachments;
  }

  get isEmpty(): boolean {
    return this.#answers === 0;
  }

  /** How many records the item gave. What cannot be read leaves the reading's list no longer whole. */
  read(kind: TransitPartKind, reading: Reading, value: unknown, origin: Origin, place: Place): number {
    this.#answers++;
    const isCutOff = !reading.listIsWhole;
    const read = this.#read(kind, reading, value, origin, place, isCutOff);
    if (!read) reading.listIsWhole = false;
    return read ? 1 : 0;
  }

  #read(
    kind: TransitPartKind,
    reading: Reading,
    value: unknown,
    origin: Origin,
    place: Place,
    isCutOff: boolean,
  ): boolean {
    switch (kind) {
      case 'transitVpcAttachments': {
        const attachment = readVpcAttachment(reading, value, origin, place);
        return this.#keep(attachment === null ? null : [attachment]);
      }
      case 'transitPeeringAttachments':
        return this.#keep(readPeeringAttachment(reading, value, origin));
      case 'transitStaticRoutes':
        return this.#keepContent(readSearchedRoutes(reading, value, origin, place, 'static', false));
      case 'transitPropagations':
        return this.#keepContent(readPropagations(reading, value, origin, place, false));
      case 'transitTableRoutes': {
        const scope = scopeOfFile(origin.file);
        return this.#keepContent(readSearchedRoutes(reading, value, origin, place, scope, isCutOff));
      }
      case 'transitTablePropagations':
        return this.#keepContent(readPropagations(reading, value, origin, place, isCutOff));
      case 'transitTableAssociations': {
        const associations = readTableAssociations(reading, value, origin);
        this.#associations.push(...(associations ?? []));
        return associations !== null;
      }
      case 'transitPrefixListReferences': {
        const read = readPrefixListReference(reading, value, origin);
        if (read === null) this.#lostReferences ??= origin;
        else this.#prefixListRoutes.push(read);
        return read !== null;
      }
    }
  }

  #keep(attachments: readonly TransitGatewayAttachment[] | null): boolean {
    for (const attachment of attachments ?? []) this.#attachments.add(attachment);
    return attachments !== null;
  }

  #keepContent(content: TableContent | null): boolean {
    if (content !== null) this.#contents.add(content);
    return content !== null;
  }

  /** Notes a list of attachments; others say nothing about which records there are. */
  note(kind: TransitPartKind, list: ListRead): void {
    if (kind === 'transitVpcAttachments' || kind === 'transitPeeringAttachments') this.#lists.push(list);
  }

  /** The lists of attachments of one kind: they prove nothing about the others, unless a list of all kinds speaks. */
  lists(all: readonly ListRead[]): readonly ListRead[] {
    const places = placesOf(all, 'transitGatewayAttachments');
    return this.#lists.map((list) =>
      places.some((place) => speaksFor(place, list)) ? list : { ...list, complete: false },
    );
  }

  /** The merged records with what the parts tell about them. */
  completed(reading: Reading, merged: Merged): Merged {
    const contents = new Map(this.#contents.merged(reading).map((content) => [content.id, content]));
    const transitGatewayRouteTables = this.#completedTables(reading, merged, contents);
    return {
      transitGateways: merged.transitGateways,
      transitGatewayRouteTables,
      transitGatewayAttachments: this.#completedAttachments(reading, merged, transitGatewayRouteTables),
    };
  }

  #completedTables(
    reading: Reading,
    { transitGateways, transitGatewayRouteTables: tables }: Merged,
    contents: ReadonlyMap<string, TableContent>,
  ): readonly TransitGatewayRouteTable[] {
    const owners = new Map(transitGateways.map(({ id, account }) => [id, account]));
    const references = groupedBy(this.#prefixListRoutes, ({ tableId }) => tableId);
    reportHomeless(reading, tables, [
      ...[...contents.values()].map(({ id, origin }) => ({ id, origin })),
      ...this.#prefixListRoutes.map(({ tableId: id, origin }) => ({ id, origin })),
      ...this.#associations.map(({ tableId: id, origin }) => ({ id, origin })),
    ]);
    return tables.map((table) => {
      const content = contents.get(table.id);
      return {
        ...table,
        account: owners.get(table.transitGatewayId) ?? table.account,
        staticRoutes: this.#staticRoutes(reading, table, content, references.get(table.id) ?? []),
        propagatedRoutes: content?.propagatedRoutes ?? null,
        propagatingIds: content?.propagatingIds ?? null,
      };
    });
  }

  /** The routes of a search, and those to prefix lists, which a search may show too. */
  #staticRoutes(
    reading: Reading,
    table: TransitGatewayRouteTable,
    content: TableContent | undefined,
    references: readonly PrefixListRoute[],
  ): TransitGatewayRouteTable['staticRoutes'] {
    const lost = this.#lostReferences ?? references.find(({ route }) => route === null)?.origin ?? null;
    if (lost !== null) {
      lostRoutes(reading, table.id, 'static', lost);
      return null;
    }
    const searched = content?.staticRoutes ?? null;
    if (searched === null) return null;
    const routes = [...searched];
    for (const { prefixListId, route, origin } of references) {
      const known = routes.find(
        ({ destination }) => destination.kind === 'prefix-list' && destination.id === prefixListId,
      );
      if (known === undefined && route !== null && route !== 'none') routes.push(route);
      else if (known !== undefined && (route === null || route === 'none' || !sameWay(known, route))) {
        const what = `route of ${quote(table.id)} to ${quote(prefixListId)} is described differently by a search, which is used`;
        reading.warning(what, origin, 'collect everything at the same time');
      }
    }
    return routes;
  }

  #completedAttachments(
    reading: Reading,
    { transitGateways, transitGatewayAttachments: attachments }: Merged,
    tables: readonly TransitGatewayRouteTable[],
  ): readonly TransitGatewayAttachment[] {
    const owners = new Map(transitGateways.map(({ id, account }) => [id, account]));
    const gatewayOf = new Map(tables.map(({ id, transitGatewayId }) => [id, transitGatewayId]));
    const told = groupedBy(this.#associations, ({ attachmentId }) => attachmentId);
    return attachments.map((attachment) => {
      const account = attachment.account ?? owners.get(attachment.transitGatewayId) ?? null;
      const association = told
        .get(attachment.attachmentId)
        ?.find(({ tableId }) => gatewayOf.get(tableId) === attachment.transitGatewayId);
      if (association === undefined) return { ...attachment, account };
      const own = attachment.association;
      if (own.kind === 'table' && own.id !== association.tableId) {
        const what = `${quote(attachment.id)} is associated with ${quote(own.id)} by its own record, which is used`;
        reading.warning(what, association.origin, 'collect everything at the same time');
        return { ...attachment, account };
      }
      return { ...attachment, account, association: { kind: 'table', id: association.tableId } };
    });
  }
}

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** Reports, once a table, what was read about tables of which nothing else is known. */
function reportHomeless(
  reading: Reading,
  tables: readonly TransitGatewayRouteTable[],
  told: readonly { readonly id: string; readonly origin: Origin }[],
): void {
  const known = new Set(tables.map(({ id }) => id));
  for (const { id, origin } of told) {
    if (known.has(id)) continue;
    known.add(id);
    const what = `transit gateway route table ${quote(id)} is in no list of route tables, so this is not used`;
    reading.error(what, originOf(origin), 'collect them too: aws ec2 describe-transit-gateway-route-tables');
  }
}

/** What the name of a file says was searched for: `tgw-rtb-0123-static.json`. */
function scopeOfFile(file: string): Scope {
  const name = file.slice(file.lastIndexOf('/') + 1).toLowerCase();
  const scope = /(?:^|[^a-z0-9])(static|propagated|all)(?:[^a-z0-9]|$)/.exec(name)?.[1];
  return (scope as Scope | undefined) ?? 'unsaid';
}
