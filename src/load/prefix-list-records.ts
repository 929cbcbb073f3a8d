/**
 * Prefix lists from three calls: describe-prefix-lists (AWS's own, with `Cidrs`), describe-managed-prefix-lists (all, without
 * entries unless somebody put `Entries` in), and get-managed-prefix-list-entries.
 *
 * An answer of the last names no list. Its id is the document's `PrefixListId`, if somebody added one, else the `pl-...` in
 * the name of its file.
 */

import { z } from 'zod';
import type { Origin } from '../model/origin.ts';
import type { PrefixList } from '../model/prefix-list.ts';
import type { Prefix } from '../net/prefix.ts';
import { memberOf } from './json-value.ts';
import { ANYTHING, accountOf, ID, OPTIONAL_TEXT } from './members.ts';
import { type Place, regionOfArn } from './place.ts';
import type { Reading } from './reading.ts';
import { nameOf, readTags } from './tags.ts';

const LIST = z.object({
  PrefixListId: ID,
  PrefixListName: OPTIONAL_TEXT,
  PrefixListArn: OPTIONAL_TEXT,
  OwnerId: OPTIONAL_TEXT,
  Cidrs: ANYTHING,
  Entries: ANYTHING,
  Tags: ANYTHING,
});
const REMEDY = 'correct it, or collect it again: aws ec2 get-managed-prefix-list-entries';

export function readPrefixList(reading: Reading, value: unknown, origin: Origin, place: Place): PrefixList | null {
  const record = reading.record(LIST, value, origin, REMEDY, ['PrefixListName', 'PrefixListArn']);
  if (record === null) return null;
  const id = reading.shared(record.PrefixListId);
  const tags = readTags(reading, record.Tags, origin, 'Tags');
  return {
    id,
    name: nameOf(tags),
    tags,
    account: reading.shared(accountOf(record.OwnerId, place)),
    region: reading.shared(regionOfArn(record.PrefixListArn ?? null) ?? place.region),
    origin,
    listName: reading.shared(record.PrefixListName),
    entries: readEntries(reading, record, id, origin),
  };
}

/** Null where the record has no list of entries, or one that cannot be read whole. */
function readEntries(
  reading: Reading,
  record: z.infer<typeof LIST>,
  id: string,
  origin: Origin,
): readonly Prefix[] | null {
  const member = isAbsent(record.Entries) ? 'Cidrs' : 'Entries';
  const value = record[member];
  if (isAbsent(value)) return null;
  const items = reading.items(value, origin, [member], REMEDY);
  const entries: Prefix[] = [];
  let whole = items !== null;
  for (const [i, item] of (items ?? []).entries()) {
    const path = member === 'Cidrs' ? [member, i] : [member, i, 'Cidr'];
    const prefix = reading.prefix(member === 'Cidrs' ? item : memberOf(item, ['Cidr']), origin, ...path);
    if (prefix === null) whole = false;
    else entries.push(prefix);
  }
  if (whole) return entries;
  reading.fact(`entries:${id}`, `not every entry of ${id} could be read`, REMEDY, origin);
  return null;
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined;
}

/** The id in the name of a file such as `pl-0123.json` or `entries-pl-0123.json`, or null. */
export function prefixListIdOfFile(file: string): string | null {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return /(?:^|[^a-z0-9])(pl-[a-z0-9]+)/.exec(name)?.[1] ?? null;
}

/**
 * Two descriptions of one list as one: names from the first that has them, entries likewise. Null entries mean that they were
 * not told, so they give way to those of the other.
 */
export function mergePrefixLists(a: PrefixList, b: PrefixList): PrefixList {
  return {
    ...a,
    name: a.name ?? b.name,
    tags: a.tags.length > 0 ? a.tags : b.tags,
    account: a.account ?? b.account,
    region: a.region ?? b.region,
    listName: a.listName ?? b.listName,
    entries: a.entries ?? b.entries,
  };
}
