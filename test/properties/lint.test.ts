/** What `lint` reports can go without changing an answer, one by one and together; and of network ACLs it reports all that can. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { changed } from '../../src/explain/change.ts';
import { lint } from '../../src/explain/lint.ts';
import type { LintFinding } from '../../src/explain/lint-finding.ts';
import type { Network } from '../../src/model/network.ts';
import { CLOSING_V4, type NaclEntry } from '../../src/model/network-acl.ts';
import type { SecurityGroupRule } from '../../src/model/security-group.ts';
import { type Address, nextAddress, previousAddress } from '../../src/net/address.ts';
import { firstAddress, lastAddress, prefixContains } from '../../src/net/prefix.ts';
import { trafficCovers } from '../../src/net/traffic.ts';
import { L4Sets } from '../../src/reach/l4-sets.ts';
import { drawings } from '../support/arbitrary-networks.ts';
import { aclEntries } from '../support/arbitrary-rules.ts';
import { networkOf } from '../support/network.ts';
import { allAnswers } from './all-answers.ts';

const REMOVABLE = [
  'nacl-entry-shadowed',
  'nacl-entry-redundant',
  'group-rule-redundant',
  'group-rule-redundant-where-used',
  'group-rule-never-used',
];

test.each(REMOVABLE)('%s: what is reported can go without changing an answer', (rule) => {
  let removed = 0;
  fc.assert(
    fc.property(drawings({ hasGaps: true }), (drawing) => {
      const network = networkOf(drawing);
      const { findings } = lint(compile(network), { rules: [rule] });
      if (findings.length === 0) return;
      removed += findings.length;
      const sets = new L4Sets();
      const before = allAnswers(network, sets);
      for (const finding of findings.slice(0, 1)) {
        expect(allAnswers(without(network, [finding]), sets), finding.text).toEqual(before);
      }
      expect(allAnswers(without(network, findings), sets)).toEqual(before);
    }),
    { numRuns: 60 },
  );
  expect(removed).toBeGreaterThan(3);
});

test.each(['in', 'out'] as const)(
  'a rule that is never used lets nothing through, even where no other rule stands beside it: %s',
  (direction) => {
    let unused = 0;
    fc.assert(
      fc.property(drawings({ hasGaps: false }), (drawing) => {
        const network = networkOf(drawing);
        const { findings } = lint(compile(network), { rules: ['group-rule-never-used'] });
        const ids = new Set(findings.map(({ subject }) => subject!.rule));
        const withOnly = (isLeft: (rule: SecurityGroupRule) => boolean): Network => ({
          ...network,
          securityGroups: network.securityGroups.map((group) => ({
            ...group,
            rules: group.rules.filter((rule) => rule.direction !== direction || isLeft(rule)),
          })),
        });
        const onlyUnused = withOnly(({ id }) => ids.has(id));
        unused += network.securityGroups
          .flatMap(({ rules }) => rules)
          .filter((r) => r.direction === direction && ids.has(r.id)).length;
        const sets = new L4Sets();
        expect(allAnswers(onlyUnused, sets)).toEqual(
          allAnswers(
            withOnly(() => false),
            sets,
          ),
        );
      }),
      { numRuns: 60 },
    );
    expect(unused).toBeGreaterThan(3);
  },
);

function without(network: Network, findings: readonly LintFinding[]): Network {
  return findings.reduce((left, { subject }) => {
    const { resource, rule } = subject!;
    return changed(left, { kind: 'remove-rule', rule: /^(in|out) /.test(rule) ? entryName(resource, rule) : rule });
  }, network);
}

function entryName(resource: string, rule: string): string {
  return `${resource}/${rule.replace(' ', '/')}`;
}

const WORDS = {
  v4: ['10.0.0.0/16', '10.0.1.0/24', '203.0.113.128/25', '203.0.113.7/32'],
  v6: ['2001:db8::/56', '2001:db8::/64'],
  groups: [],
  prefixLists: [],
};
const lists = fc
  .tuple(aclEntries(WORDS), aclEntries(WORDS))
  // Longer lists than one draw gives, with more to shadow: the second is put in front under lower numbers.
  .map(([late, early]) => [
    ...early.map((line, index) => line.replace(/^\d+/, String(index + 1))),
    ...late.map((line, index) => line.replace(/^\d+/, String(2000 + index))),
  ]);

test('every entry that decides nothing is reported, and no other one could go both before and after the reported ones', () => {
  let judged = 0;
  fc.assert(
    fc.property(lists, (lines) => {
      const network = networkOf({
        vpc: '10.0.0.0/16',
        subnets: { P: { cidr: '10.0.1.0/24', nacl: { in: lines } } },
      });
      const entries = network.networkAcls
        .find(({ id }) => id === 'acl-p')!
        .entries.filter(({ direction }) => direction === 'in');
      const { findings } = lint(compile(network), { rules: ['nacl-entry-shadowed', 'nacl-entry-redundant'] });
      const reported = (rule: string): readonly string[] =>
        findings
          .filter((finding) => finding.rule === rule)
          .map(({ subject }) => subject!.rule.slice(3))
          .sort();
      const packets = boundaryPackets(entries);
      judged += entries.length;

      // Whoever decides nothing may be flipped, too.
      const idle = entries.filter(
        (entry) => isOwn(entry) && packets.every((packet) => decider(entries, packet) !== entry),
      );
      expect(reported('nacl-entry-shadowed')).toEqual(idle.map(({ number }) => String(number)).sort());

      const left = entries.filter(({ number }) => !findings.some(({ subject }) => subject!.rule === `in ${number}`));
      expect(resultsOf(left, packets)).toEqual(resultsOf(entries, packets));
      for (const entry of left.filter(isOwn)) {
        const couldGo = [left, entries].every(
          (list) =>
            resultsOf(list, packets) ===
            resultsOf(
              list.filter((other) => other !== entry),
              packets,
            ),
        );
        expect(couldGo, `${entry.number} could go`).toBe(false);
      }
    }),
    { numRuns: 60 },
  );
  expect(judged).toBeGreaterThan(300);
});

interface BoundaryPacket {
  readonly address: Address;
  readonly protocol: number;
  readonly port: number;
}

/** A packet on either side of every bound that some entry has, by address, protocol and port. */
function boundaryPackets(entries: readonly NaclEntry[]): readonly BoundaryPacket[] {
  const addresses = new Map<string, Address>();
  for (const { peer } of entries) {
    const [first, last] = [firstAddress(peer), lastAddress(peer)];
    for (const address of [first, last, previousAddress(first), nextAddress(last)]) {
      if (address !== null) addresses.set(JSON.stringify(address), address);
    }
  }
  const ports = new Set([0, 65535]);
  const protocols = new Set([6, 17, 1, 58, 50, 47]);
  for (const { traffic } of entries) {
    const { firstPortOrIcmp: first, lastPortOrIcmp: last } = traffic;
    for (const port of [first, last, first - 1, last + 1]) if (port >= 0 && port <= 65535) ports.add(port);
  }
  return [...addresses.values()].flatMap((address) =>
    [...protocols].flatMap((protocol) => [...ports].map((port) => ({ address, protocol, port }))),
  );
}

function decider(entries: readonly NaclEntry[], { address, protocol, port }: BoundaryPacket): NaclEntry | undefined {
  return entries.find(({ peer, traffic }) => prefixContains(peer, address) && trafficCovers(traffic, protocol, port));
}

function resultsOf(entries: readonly NaclEntry[], packets: readonly BoundaryPacket[]): string {
  return packets.map((packet) => decider(entries, packet)?.action[0]).join('');
}

function isOwn({ number }: NaclEntry): boolean {
  return number < CLOSING_V4;
}
