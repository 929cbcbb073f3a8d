/** Changes of a network, as data: what-if and rule changes under a session. */

import { KINDS, type Network } from '../model/network.ts';
import { CLOSING_V4, type NaclEntry } from '../model/network-acl.ts';
import type { Resource } from '../model/resource.ts';
import { QuestionError } from './question-error.ts';
import { suggestionsFor } from './suggestions.ts';

export type Change =
  /** A group's rule by its id (`sgr-1`, `sg-1/in/0.0`), or an ACL's entry as `acl-1/in/100`. */
  | { readonly kind: 'remove-rule'; readonly rule: string }
  /** Whole records: one with a known id takes that one's place, others are added. */
  | { readonly kind: 'replace'; readonly network: Partial<Network> };

/** The network after the change. Throws a QuestionError when the change names what is not there. */
export function changed(network: Network, change: Change): Network {
  switch (change.kind) {
    case 'remove-rule':
      return withoutRule(network, change.rule);
    case 'replace':
      return withRecords(network, change.network);
  }
}

function withoutRule(network: Network, rule: string): Network {
  const owner = network.securityGroups.find(({ rules }) => rules.some(({ id }) => id === rule));
  if (owner !== undefined) {
    const securityGroups = network.securityGroups.map((group) =>
      group === owner ? { ...group, rules: group.rules.filter(({ id }) => id !== rule) } : group,
    );
    return { ...network, securityGroups };
  }
  const [, aclId, direction, number] = /^(.+)\/(in|out)\/(\d+)$/.exec(rule) ?? [];
  const acl = network.networkAcls.find(({ id }) => id === aclId);
  const isEntry = (entry: NaclEntry): boolean =>
    isRemovable(entry) && entry.direction === direction && entry.number === Number(number);
  if (acl === undefined || !acl.entries.some(isEntry)) {
    const known = [
      ...network.securityGroups.flatMap(({ rules }) => rules.map(({ id }) => id)),
      ...network.networkAcls.flatMap(({ id, entries }) =>
        entries.filter(isRemovable).map((entry) => `${id}/${entry.direction}/${entry.number}`),
      ),
    ];
    throw new QuestionError(
      `no rule "${rule}": write a security group rule's id, or ACL/in/NUMBER`,
      null,
      suggestionsFor(rule, known),
    );
  }
  const networkAcls = network.networkAcls.map((record) =>
    record === acl ? { ...record, entries: record.entries.filter((entry) => !isEntry(entry)) } : record,
  );
  return { ...network, networkAcls };
}

/** NACL-04: nobody can remove the closing entries. */
function isRemovable({ number }: NaclEntry): boolean {
  return number < CLOSING_V4;
}

function withRecords(network: Network, records: Partial<Network>): Network {
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
