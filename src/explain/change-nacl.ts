/** Entries of network ACLs come and go; the closing ones stay (NACL-04). */

import type { Network } from '../model/network.ts';
import { CLOSING_V4, type NaclEntry } from '../model/network-acl.ts';
import type { Prefix } from '../net/prefix.ts';
import type { Traffic } from '../net/traffic.ts';
import { replaced } from './change-records.ts';
import { OF_A_CHANGE } from './change-rule.ts';
import { QuestionError } from './question-error.ts';

/** An entry that is not in the snapshot. */
export interface NewNaclEntry {
  readonly direction: 'in' | 'out';
  /** 1 to 32766. */
  readonly number: number;
  readonly action: 'allow' | 'deny';
  readonly traffic: Traffic;
  /** Source when inbound, destination when outbound. */
  readonly peer: Prefix;
}

/** Nobody can remove the closing entries. */
export function isRemovable({ number }: NaclEntry): boolean {
  return number < CLOSING_V4;
}

/** NACL-02: a number stands once in a direction. Throws a QuestionError where it is taken or out of range. */
export function withNaclEntry(network: Network, networkAcl: string, entry: NewNaclEntry): Network {
  const { direction, number } = entry;
  if (!Number.isInteger(number) || number < 1 || number >= CLOSING_V4) {
    throw new QuestionError(`entry number ${number}: an entry of a network ACL has a number from 1 to 32766`);
  }
  return replaced(network, 'networkAcls', networkAcl, (record) => {
    if (record.entries.some((other) => other.direction === direction && other.number === number)) {
      throw new QuestionError(`${networkAcl} has an entry ${number} for ${direction}bound packets already`);
    }
    const entries = [...record.entries, { ...entry, origin: OF_A_CHANGE }];
    return { ...record, entries: entries.sort(inOrder) };
  });
}

/** `acl-1/in/100`; null where there is no such entry, or none that can be removed. */
export function withoutNaclEntry(network: Network, entry: string): Network | null {
  const [, id, direction, number] = /^(.+)\/(in|out)\/(\d+)$/.exec(entry) ?? [];
  const isMeant = (other: NaclEntry): boolean =>
    isRemovable(other) && other.direction === direction && other.number === Number(number);
  const record = network.networkAcls.find((acl) => acl.id === id);
  if (record === undefined || !record.entries.some(isMeant)) return null;
  return replaced(network, 'networkAcls', record.id, (acl) => ({
    ...acl,
    entries: acl.entries.filter((other) => !isMeant(other)),
  }));
}

function inOrder(a: NaclEntry, b: NaclEntry): number {
  return a.direction === b.direction ? a.number - b.number : a.direction === 'in' ? -1 : 1;
}
