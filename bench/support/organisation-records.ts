/** The lists of an organisation while its records are written, and what all records have in common. */

import { KINDS, type Kind, type ListRead, type Network } from '../../src/model/network.ts';
import type { Origin } from '../../src/model/origin.ts';
import type { Resource, Tag } from '../../src/model/resource.ts';
import { flat } from './flat-text.ts';
import { fileOf, type VpcPlan } from './organisation-plan.ts';
import { REGION } from './plan.ts';

export type Records = { readonly [K in Kind]: Network[K][number][] };

export function emptyRecords(): Records {
  return Object.fromEntries(KINDS.map((kind) => [kind, []])) as unknown as Records;
}

/** What a record of this kind begins with when it is the next of its list: its origin is its place there. */
export function nextRecord(
  records: Records,
  kind: Kind,
  vpc: VpcPlan,
  id: string,
  name: string | null,
  more: readonly Tag[] = [],
): Resource {
  const flatName = name === null ? null : flat(name);
  const tags = flatName === null ? more : [{ key: 'Name', value: flatName }, ...more];
  const origin: Origin = { file: vpc.file, pointer: flat(`/${kind}/${records[kind].length}`) };
  return { id, name: flatName, tags, account: vpc.account, region: REGION, origin };
}

/** The origin of a member of a record. */
export function memberOrigin({ file, pointer }: Origin, member: string, place: number): Origin {
  return { file, pointer: flat(`${pointer}/${member}/${place}`) };
}

/** The network of these records, every list complete for these accounts. */
export function networkOfRecords(records: Records, accounts: readonly string[]): Network {
  for (const kind of KINDS) (records[kind] as Resource[]).sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    ...records,
    lists: accounts.flatMap((account) => KINDS.map((kind) => wholeList(records, kind, account))),
    unmodelled: [],
    problems: [],
    facts: [],
  };
}

function wholeList(records: Records, kind: Kind, account: string): ListRead {
  return {
    kind,
    account,
    region: REGION,
    count: (records[kind] as readonly Resource[]).filter((record) => record.account === account).length,
    complete: true,
    origin: { file: fileOf(account), pointer: `/${kind}` },
  };
}
