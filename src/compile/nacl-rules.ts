/** Network ACL entries as rows, in the order in which they are tried (NACL-02). */

import { CLOSING_V4, type NaclEntry, type NetworkAcl, type UnreadableNaclEntry } from '../model/network-acl.ts';
import { formatPrefix } from '../net/address-text.ts';
import { ALL_TRAFFIC } from '../net/traffic.ts';
import { allRanks, ranksOf } from './address-space.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { networkAclOf } from './missing-facts.ts';
import {
  ALLOW,
  DENY,
  DESTINATION,
  EITHER,
  type RuleOrigin,
  type RuleRow,
  type RuleTable,
  row,
  ruleTable,
  SOURCE,
} from './rule-table.ts';
import { ruleWords, trafficWords } from './rule-words.ts';

export type Direction = 'in' | 'out';

const ends = { in: SOURCE, out: DESTINATION } as const;

/** AWS's hidden numbers of the closing entries are shown as people see them. */
function ruleName(number: number): string {
  return number >= CLOSING_V4 ? '*' : String(number);
}

export function naclRules(b: GraphBuilder, acl: NetworkAcl, direction: Direction): RuleTable {
  return b.shared(`nacl ${acl.id} ${direction}`, () => {
    const rows: RuleRow[] = [];
    const origins: RuleOrigin[] = [];
    const readable = acl.entries.filter((entry) => entry.direction === direction);
    const unreadable = acl.unreadable.filter((entry) => entry.direction === direction || entry.direction === null);
    const addUnreadable = (entry: UnreadableNaclEntry): void => {
      const action = entry.action === null ? EITHER : entry.action === 'allow' ? ALLOW : DENY;
      const text = `an entry that could not be read (${entry.action ?? 'allow or deny'})`;
      rows.push(row(allRanks(b.space), ALL_TRAFFIC, action, origins.length, { fact: b.fact(entry.fact) }));
      origins.push(origin(acl, entry.number === 0 ? '?' : ruleName(entry.number), text, entry.origin));
    };
    const addEntry = (entry: NaclEntry): void => {
      const action = entry.action === 'allow' ? ALLOW : DENY;
      rows.push(row(ranksOf(b.space, entry.peer), entry.traffic, action, origins.length));
      const text = ruleWords(trafficWords(entry.traffic), direction, formatPrefix(entry.peer));
      origins.push(origin(acl, ruleName(entry.number), text, entry.origin));
    };
    // Both lists are sorted by number; an unreadable entry stands before a readable one of the same number.
    let next = 0;
    for (const entry of readable) {
      while (next < unreadable.length && unreadable[next]!.number <= entry.number) addUnreadable(unreadable[next++]!);
      addEntry(entry);
    }
    return ruleTable(ends[direction], rows, origins, [acl.id], b.space.firstV6);
  });
}

function origin(acl: NetworkAcl, rule: string, text: string, source: RuleOrigin['source']): RuleOrigin {
  return { resource: acl.id, rule, text, source, code: 'SUBNET_ACL_RESTRICTION' };
}

/** The list of a subnet whose ACL the snapshot does not show: it may decide either way. */
export function unknownNaclRules(b: GraphBuilder, subnetId: string, direction: Direction): RuleTable {
  const fact = b.fact(networkAclOf(subnetId));
  return ruleTable(
    ends[direction],
    [row(allRanks(b.space), ALL_TRAFFIC, EITHER, 0, { fact })],
    [
      {
        resource: `network ACL of ${subnetId}`,
        rule: '?',
        text: 'not in the snapshot',
        source: null,
        code: 'SUBNET_ACL_RESTRICTION',
      },
    ],
    [],
    b.space.firstV6,
  );
}
