/**
 * Names of services and what they listen on, for questions. Most are IANA's; the rest are what the software uses unless told
 * otherwise.
 */

import { type IntervalSet, intervalSet } from '../net/interval-set.ts';
import { TCP, UDP } from '../net/protocol.ts';

export interface Listener {
  readonly protocol: number;
  readonly ports: IntervalSet;
}

const on = (protocol: number, first: number, last = first): Listener => ({
  protocol,
  ports: intervalSet([{ first, last }]),
});

/** By name in lower case. */
export const SERVICE_NAMES: ReadonlyMap<string, readonly Listener[]> = new Map([
  ['dns', [on(UDP, 53), on(TCP, 53)]],
  ['elasticsearch', [on(TCP, 9200)]],
  ['etcd', [on(TCP, 2379, 2380)]],
  ['ftp', [on(TCP, 21)]],
  ['http', [on(TCP, 80)]],
  ['https', [on(TCP, 443)]],
  ['kafka', [on(TCP, 9092)]],
  ['kubernetes', [on(TCP, 6443)]],
  ['ldap', [on(TCP, 389)]],
  ['ldaps', [on(TCP, 636)]],
  ['mongodb', [on(TCP, 27017)]],
  ['mssql', [on(TCP, 1433)]],
  ['mysql', [on(TCP, 3306)]],
  ['ntp', [on(UDP, 123)]],
  ['oracle', [on(TCP, 1521)]],
  ['postgres', [on(TCP, 5432)]],
  ['rdp', [on(TCP, 3389)]],
  ['redis', [on(TCP, 6379)]],
  ['smb', [on(TCP, 445)]],
  ['smtp', [on(TCP, 25)]],
  ['ssh', [on(TCP, 22)]],
  ['telnet', [on(TCP, 23)]],
  ['winrm', [on(TCP, 5985, 5986)]],
]);
