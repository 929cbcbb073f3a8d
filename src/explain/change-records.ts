/** Whole records come, go and take each other's place. */

import { KINDS, type Kind, type Network } from '../model/network.ts';
import type { Resource } from '../model/resource.ts';
import { QuestionError } from './question-error.ts';
import { suggestionsFor } from './suggestions.ts';

/** The network with one record of a kind changed. Throws a QuestionError when there is no such record. */
export function replaced<K extends Kind>(
  network: Network,
  kind: K,
  id: string,
  change: (record: Network[K][number]) => Network[K][number],
): Network {
  const records = network[kind] as readonly Network[K][number][];
  if (!records.some((record) => record.id === id)) throw notThere(id, records);
  return { ...network, [kind]: records.map((record) => (record.id === id ? change(record) : record)) };
}

export function withRecords(network: Network, records: Partial<Network>): Network {
  const next: Record<string, readonly Resource[]> = {};
  for (const kind of KINDS) {
    const given: readonly Resource[] = records[kind] ?? [];
    if (given.length === 0) continue;
    const byId = new Map<string, Resource>((network[kind] as readonly Resource[]).map((record) => [record.id, record]));
    for (const record of given) byId.set(record.id, record);
    next[kind] = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }
  return { ...network, ...next };
}

export function withoutRecords(network: Network, ids: readonly string[]): Network {
  const unseen = new Set(ids);
  const unwanted = new Set(ids);
  const next: Record<string, readonly Resource[]> = {};
  for (const kind of KINDS) {
    const records: readonly Resource[] = network[kind];
    const kept = records.filter(({ id }) => !unwanted.has(id));
    if (kept.length === records.length) continue;
    for (const { id } of records) unseen.delete(id);
    next[kind] = kept;
  }
  const [missing] = unseen;
  if (missing === undefined) return { ...network, ...next };
  throw notThere(
    missing,
    KINDS.flatMap((kind) => network[kind] as readonly Resource[]),
  );
}

function notThere(id: string, records: readonly Resource[]): QuestionError {
  const known = records.map((record) => record.id);
  return new QuestionError(`the network has no "${id}" to change`, null, suggestionsFor(id, known));
}
