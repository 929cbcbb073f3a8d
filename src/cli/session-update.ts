/** Records of a session's `update` step as a change of the network. */

import type { Change } from '../explain/change.ts';
import { loadDocuments } from '../load/load.ts';
import { KINDS, type Network } from '../model/network.ts';
import { formatOrigin } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';
import type { Resource } from '../model/resource.ts';
import { UsageError } from './usage-error.ts';

export interface Update {
  readonly change: Change;
  /** Ids of the records that are replaced or added. */
  readonly ids: readonly string[];
  /** What was surprising about them. */
  readonly problems: readonly Problem[];
}

/**
 * Records in describe shape replace those of the same id. Where they do not say their account or Region, they keep those of the
 * record they replace. Throws a UsageError when part of them cannot be read: half an update would be a wrong answer.
 */
export function updateOf(records: unknown, file: string, network: Network): Update {
  const loaded = loadDocuments([{ file, json: records }]);
  const fault = loaded.problems.find(({ severity }) => severity === 'error');
  if (fault !== undefined) {
    throw new UsageError(`${fault.what}\n  at ${formatOrigin(fault.origin)}\n  ${fault.remedy}`);
  }
  const kinds = KINDS.filter((kind) => loaded[kind].length > 0);
  if (kinds.length === 0) throw new UsageError('"update" holds no record that igwalk models');
  const replaced = kinds.map((kind) => [kind, loaded[kind].map((record) => placed(record, network[kind]))] as const);
  return {
    change: { kind: 'replace', network: Object.fromEntries(replaced) as Partial<Network> },
    ids: replaced.flatMap(([, list]) => list.map(({ id }) => id)),
    problems: loaded.problems,
  };
}

function placed(record: Resource, before: readonly Resource[]): Resource {
  const old = before.find(({ id }) => id === record.id);
  return { ...record, account: record.account ?? old?.account ?? null, region: record.region ?? old?.region ?? null };
}
