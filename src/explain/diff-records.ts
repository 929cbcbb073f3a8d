/** Records of two networks that appear, vanish or say something else; and the change that turns one network into the other. */

import { KINDS, type Network } from '../model/network.ts';
import type { Resource } from '../model/resource.ts';
import type { Change } from './change.ts';
import { type Alignment, NOWHERE, nameOf } from './diff-align.ts';
import type { FieldDifference, RecordDifference } from './diff-answer.ts';
import { type RecordWords, recordWords } from './record-words.ts';
import { sameData } from './same-data.ts';

/** In the order of `KINDS`, by id. Where a record was read, and what its rules are called, makes no difference. */
export function recordDifferences(before: Network, after: Network, alignment: Alignment): readonly RecordDifference[] {
  return KINDS.flatMap((kind) => {
    const { inAfter, appear } = alignment.kinds[kind];
    const found: RecordDifference[] = [];
    const other = (record: Resource, change: 'appears' | 'vanishes'): RecordDifference => ({
      change,
      kind,
      id: record.id,
      idBefore: null,
      name: nameOf(record),
      fields: [],
    });
    for (const index of appear) found.push(other(after[kind][index]!, 'appears'));
    inAfter.forEach((index, i) => {
      const was = before[kind][i]!;
      if (index === NOWHERE) {
        found.push(other(was, 'vanishes'));
        return;
      }
      const is = after[kind][index]!;
      if (was === is) return;
      const fields = fieldDifferences(inTermsOf(recordWords(kind, was), alignment.renamed), recordWords(kind, is));
      if (fields.length === 0) return;
      const idBefore = was.id === is.id ? null : was.id;
      found.push({ change: 'changes', kind, id: is.id, idBefore, name: nameOf(is), fields });
    });
    return found.sort((a, b) => (a.id < b.id ? -1 : 1));
  });
}

/** The words of a record before, with the ids of the network after. */
function inTermsOf(words: RecordWords, renamed: ReadonlyMap<string, string>): RecordWords {
  if (renamed.size === 0) return words;
  return Object.fromEntries(
    Object.entries(words).map(([field, phrases]) => [field, phrases.map((phrase) => withNewIds(phrase, renamed))]),
  );
}

/** The text with ids of the network before replaced by those of the network after. */
export function withNewIds(text: string, renamed: ReadonlyMap<string, string>): string {
  return renamed.size === 0 ? text : text.replace(/[^\s,]+/g, (word) => renamed.get(word) ?? word);
}

function fieldDifferences(before: RecordWords, after: RecordWords): readonly FieldDifference[] {
  return Object.keys(after).flatMap((field) => {
    const removed = without(before[field] ?? [], after[field] ?? []);
    const added = without(after[field] ?? [], before[field] ?? []);
    return removed.length + added.length === 0 ? [] : [{ field, removed, added }];
  });
}

function without(phrases: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return phrases.filter((phrase) => !known.has(phrase));
}

/**
 * The change after which every record of `before` is as in `after`: what vanishes is removed, what appears or differs in anything
 * replaces what was there. Records are told apart by id alone. What a network knows of its lists and its gaps stays as it is.
 */
export function changeBetween(before: Network, after: Network): Change {
  const ids: string[] = [];
  const network: Record<string, readonly Resource[]> = {};
  for (const kind of KINDS) {
    const kept = new Set(after[kind].map(({ id }) => id));
    ids.push(...before[kind].map(({ id }) => id).filter((id) => !kept.has(id)));
  }
  // Removing takes an id out of every kind, so a record of another kind with such an id has to come back.
  const removed = new Set(ids);
  for (const kind of KINDS) {
    const known = new Map<string, Resource>(before[kind].map((record: Resource) => [record.id, record]));
    const given = after[kind].filter(
      (record: Resource) => removed.has(record.id) || !sameData(known.get(record.id), record),
    );
    if (given.length > 0) network[kind] = given;
  }
  const changes: Change[] = [];
  if (removed.size > 0) changes.push({ kind: 'remove-records', ids: [...removed].sort() });
  if (Object.keys(network).length > 0) changes.push({ kind: 'replace', network: network as Partial<Network> });
  return changes.length === 1 ? changes[0]! : { kind: 'several', changes };
}
