/** Network ACLs: entries that decide nothing, entries that change nothing, and lists that filter no subnet. */

import { ruleWords, trafficWords } from '../compile/rule-words.ts';
import { CLOSING_V4, type NaclEntry, type NetworkAcl } from '../model/network-acl.ts';
import { formatAddress, formatPrefix } from '../net/address-text.ts';
import { ALL_PROTOCOLS, LAST_PORT } from '../net/protocol.ts';
import type { LintFinding, LintSubject } from './lint-finding.ts';
import { aclResource, addressAt, boxOf, type Checked, counted, type LintGround } from './lint-ground.ts';
import { judgeEntries, type NaclBox, type NaclJudgement } from './nacl-judgement.ts';
import { samplePacket } from './sample-packet.ts';

type Direction = NaclEntry['direction'];

/** AWS admits 40 entries in a direction at most (20 by default); a list beyond this is not judged. */
const MOST_ENTRIES = 1000;

export function lintNetworkAcls(ground: LintGround): Checked {
  const known = new Map<string, readonly NaclJudgement[]>();
  const findings: LintFinding[] = [];
  let unread = 0;
  let tooLong = 0;
  for (const acl of ground.compiled.network.networkAcls) {
    for (const direction of ['in', 'out'] as const) {
      if (acl.unreadable.some((entry) => entry.direction === null || entry.direction === direction)) {
        unread++;
        continue;
      }
      const entries = acl.entries.filter((entry) => entry.direction === direction);
      if (entries.length > MOST_ENTRIES) {
        tooLong++;
        continue;
      }
      const boxes = entries.map((entry) => naclBox(ground, acl, entry));
      const key = boxes.map((box) => Object.values(box).join(' ')).join(';');
      const judged = known.get(key) ?? judgeEntries(ground.sets, boxes);
      known.set(key, judged);
      findings.push(...judged.map((judgement) => entryFinding(ground, acl, entries, judgement)));
    }
  }
  return { findings, notes: notesOf(unread, tooLong) };
}

function notesOf(unread: number, tooLong: number): readonly string[] {
  const notes: string[] = [];
  if (unread > 0) {
    const lists = counted(unread, 'direction of a network ACL was', 'directions of network ACLs were');
    notes.push(`${lists} not judged: an entry there could not be read, and may decide anything`);
  }
  if (tooLong > 0) {
    const lists = counted(tooLong, 'direction of a network ACL was', 'directions of network ACLs were');
    notes.push(`${lists} not judged: more than ${MOST_ENTRIES} entries`);
  }
  return notes;
}

function naclBox(ground: LintGround, acl: NetworkAcl, entry: NaclEntry): NaclBox {
  return {
    ...boxOf(ground, entry.peer, entry.traffic),
    allows: entry.action === 'allow',
    isExempt: isOfAws(acl, entry),
  };
}

/** NACL-04: the closing entries. NACL-06: 100 for v4 and 101 for v6, with which AWS makes a default ACL. */
function isOfAws({ isDefault }: NetworkAcl, { number, action, traffic, peer }: NaclEntry): boolean {
  if (number >= CLOSING_V4) return true;
  const isAllTraffic =
    traffic.protocol === ALL_PROTOCOLS && traffic.firstPortOrIcmp === 0 && traffic.lastPortOrIcmp === LAST_PORT;
  return isDefault && (number === 100 || number === 101) && action === 'allow' && isAllTraffic && peer.length === 0;
}

function entryFinding(
  ground: LintGround,
  acl: NetworkAcl,
  entries: readonly NaclEntry[],
  { index, kind, severity, by, contradicted }: NaclJudgement,
): LintFinding {
  const entry = entries[index]!;
  const subject = subjectOf(acl, entry);
  const others = by.map((other) => subjectOf(acl, entries[other]!));
  const sample =
    contradicted === null
      ? null
      : {
          packet: samplePacket(
            ground.sets,
            contradicted.packets,
            `${entry.direction === 'in' ? 'from' : 'to'} ${formatAddress(addressAt(ground.compiled.space, contradicted.rank))}`,
          ),
          by: subjectOf(acl, entries[contradicted.by]!),
        };
  return {
    rule: kind === 'shadowed' ? 'nacl-entry-shadowed' : 'nacl-entry-redundant',
    severity,
    resource: aclResource(acl),
    subject,
    origin: entry.origin,
    text: textOf(entry, kind, severity, entries, by),
    proof: { kind: 'covered', by: others, contradicted: sample, holds: 'always' },
  };
}

function subjectOf(acl: NetworkAcl, entry: NaclEntry): LintSubject {
  const { direction, action, traffic, peer, origin } = entry;
  return {
    resource: acl.id,
    rule: `${direction} ${numberOf(entry)}`,
    text: `${action} ${ruleWords(trafficWords(traffic), direction, formatPrefix(peer))}`,
    origin,
  };
}

function numberOf({ number }: NaclEntry): string {
  return number >= CLOSING_V4 ? '*' : String(number);
}

const DIRECTIONS: Readonly<Record<Direction, string>> = { in: 'inbound', out: 'outbound' };

function textOf(
  entry: NaclEntry,
  kind: NaclJudgement['kind'],
  severity: NaclJudgement['severity'],
  entries: readonly NaclEntry[],
  by: readonly number[],
): string {
  const name = `${DIRECTIONS[entry.direction]} entry ${numberOf(entry)}`;
  const others = entryNames(by.map((index) => entries[index]!));
  if (kind === 'redundant') return `${name} changes nothing: ${others} would ${entry.action} the same packets`;
  switch (severity) {
    case 'harmless':
      return `${name} decides nothing: ${others} before it ${entry.action === 'allow' ? 'allows' : 'denies'} the same packets`;
    case 'misleading':
      return `${name} looks as if it allows packets that ${others} before it denies`;
    case 'dangerous':
      return `${name} looks as if it denies packets that ${others} before it allows`;
  }
}

function entryNames(entries: readonly NaclEntry[]): string {
  const names = entries.map(numberOf);
  return names.length === 1 ? `entry ${names[0]}` : `entry ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** An ACL that serves no subnet, and is not the one that AWS keeps for subnets without (NACL-01). */
export function lintUnusedNetworkAcls({ compiled: { network } }: LintGround): Checked {
  const unused = network.networkAcls.filter(({ isDefault, subnetIds }) => !isDefault && subnetIds.length === 0);
  const findings = unused.map(
    (acl): LintFinding => ({
      rule: 'network-acl-unused',
      severity: 'harmless',
      resource: aclResource(acl),
      subject: null,
      origin: acl.origin,
      text: 'filters no subnet: its record names none, and it is not the default of its VPC',
      proof: { kind: 'absent', looked: ['its associations with subnets'] },
    }),
  );
  return { findings, notes: [] };
}
