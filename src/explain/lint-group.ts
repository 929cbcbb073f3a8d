/** Security groups: rules that other rules imply, and groups that nobody uses. */

import { groupRuleWords } from '../compile/group-rules.ts';
import type { SecurityGroup, SecurityGroupRule } from '../model/security-group.ts';
import { ALL_PROTOCOLS, ICMP, LAST_PORT } from '../net/protocol.ts';
import { GroupCoverage, type RuleBoxes } from './group-coverage.ts';
import { GroupSets } from './group-sets.ts';
import type { LintFinding, LintGroupSet, LintSubject } from './lint-finding.ts';
import { type Checked, completeness, counted, groupResource, isDefaultGroup, type LintGround } from './lint-ground.ts';

/** AWS admits 1,000 rules on an interface; a group beyond this is not judged. */
const MOST_RULES = 2000;
/** Sets of groups that a proof lists before it counts. */
const SETS_SHOWN = 3;

/**
 * Rules that the others of their group imply, then rules that every set of groups they are used in implies. Each is judged without
 * those that were found before it, the narrowest first, so that all of them may go at once.
 */
export function lintGroupRedundancy(ground: LintGround, isWhereUsedWanted: boolean): Checked {
  const { securityGroups } = ground.compiled.network;
  const coverage = new GroupCoverage(ground);
  const found = new Set<SecurityGroupRule>();
  const judged = securityGroups.filter(({ rules }) => rules.length <= MOST_RULES);
  const within = judged.flatMap((group) => redundantWithin(coverage, group, found));
  const notes: string[] = [];
  if (judged.length < securityGroups.length) {
    const groups = counted(securityGroups.length - judged.length, 'security group was', 'security groups were');
    notes.push(`${groups} not judged for redundant rules: more than ${MOST_RULES} rules`);
  }
  if (!isWhereUsedWanted) return { findings: within, notes };
  const whereUsed = redundantWhereUsed(ground, coverage, judged, found);
  return { findings: [...within, ...whereUsed.findings], notes: [...notes, ...whereUsed.notes] };
}

function redundantWithin(
  coverage: GroupCoverage,
  group: SecurityGroup,
  found: Set<SecurityGroupRule>,
): readonly LintFinding[] {
  const rows = coverage.rowsOf(group);
  const findings: LintFinding[] = [];
  for (const row of narrowestFirst(rows)) {
    if (isOfAws(group, row.rule)) continue;
    const others = rows.filter((other) => other !== row && !found.has(other.rule));
    const cover = coverage.cover(row, others);
    if (cover === null) continue;
    found.add(row.rule);
    const names = cover.by.map(({ rule }) => `"${groupRuleWords(rule)}"`).join(' and ');
    const now = cover.holds === 'snapshot' ? ', as of this snapshot' : '';
    findings.push({
      ...ruleFinding('group-rule-redundant', group, row.rule),
      text: `"${groupRuleWords(row.rule)}" adds nothing to ${names} of the same group${now}`,
      proof: { kind: 'covered', by: cover.by.map(subjectOfRow), contradicted: null, holds: cover.holds },
    });
  }
  return findings;
}

function redundantWhereUsed(
  ground: LintGround,
  coverage: GroupCoverage,
  groups: readonly SecurityGroup[],
  found: Set<SecurityGroupRule>,
): Checked {
  const { network } = ground.compiled;
  const isComplete = completeness(ground);
  const sets = new GroupSets(network.networkInterfaces);
  const byId = new Map(network.securityGroups.map((group) => [group.id, group]));
  const rowsOf = (id: string): readonly RuleBoxes[] => {
    const group = byId.get(id);
    return group === undefined ? [] : coverage.rowsOf(group);
  };
  const findings: LintFinding[] = [];
  let undecided = 0;
  for (const group of groups) {
    const used = sets.withGroup(group.id);
    // A group that stands alone somewhere is judged by itself there, and has been.
    if (used.length === 0 || used.some((set) => set.groups.length === 1)) continue;
    if (!isComplete('networkInterfaces', group)) {
      undecided++;
      continue;
    }
    const pools: (readonly RuleBoxes[])[] = [];
    for (const row of narrowestFirst(coverage.rowsOf(group))) {
      if (found.has(row.rule) || isOfAws(group, row.rule)) continue;
      const proofs: LintGroupSet[] = [];
      const isCovered = used.every((set, index) => {
        pools[index] ??= set.groups.flatMap(rowsOf);
        const others = pools[index].filter((other) => other !== row && !found.has(other.rule));
        const cover = coverage.cover(row, others);
        if (cover === null) return false;
        if (proofs.length < SETS_SHOWN) {
          const interfaceId = network.networkInterfaces[set.members[0]!]!.id;
          const by = cover.by.map(subjectOfRow);
          proofs.push({ groups: set.groups, interface: interfaceId, interfaces: set.members.length, by });
        }
        return true;
      });
      if (!isCovered) continue;
      found.add(row.rule);
      const carriers = counted(coverage.carriersOf(group.id).length, 'interface', 'interfaces');
      findings.push({
        ...ruleFinding('group-rule-redundant-where-used', group, row.rule),
        text: `"${groupRuleWords(row.rule)}" adds nothing on the ${carriers} that carry the group: their other groups allow the same`,
        proof: { kind: 'covered-where-used', sets: proofs, more: used.length - proofs.length },
      });
    }
  }
  if (undecided === 0) return { findings, notes: [] };
  const names = counted(undecided, 'security group was', 'security groups were');
  const notes = [`${names} not judged where used: the list of network interfaces is not whole`];
  return { findings, notes };
}

/** Groups that no interface carries and no rule of another group names. */
export function lintUnusedGroups(ground: LintGround): Checked {
  const { networkInterfaces, securityGroups } = ground.compiled.network;
  const isComplete = completeness(ground);
  const used = new Set(networkInterfaces.flatMap(({ groupIds }) => groupIds));
  for (const { id, rules } of securityGroups) {
    for (const { peer } of rules) if (peer.kind === 'group' && peer.groupId !== id) used.add(peer.groupId);
  }
  const candidates = securityGroups.filter((group) => !used.has(group.id) && !isDefaultGroup(group));
  const unused = candidates.filter(
    (group) => isComplete('networkInterfaces', group) && isComplete('securityGroups', group),
  );
  const findings = unused.map(
    (group): LintFinding => ({
      rule: 'group-unused',
      severity: 'harmless',
      resource: groupResource(group),
      subject: null,
      origin: group.origin,
      text: 'no interface carries the group, and no rule of another group names it',
      proof: {
        kind: 'absent',
        looked: [
          `the groups of ${counted(networkInterfaces.length, 'network interface', 'network interfaces')}`,
          `the rules of ${counted(securityGroups.length, 'security group', 'security groups')}`,
        ],
      },
    }),
  );
  const unjudged = candidates.length - unused.length;
  if (unjudged === 0) return { findings, notes: [] };
  const names = counted(unjudged, 'security group that seems', 'security groups that seem');
  const lists = 'the lists of network interfaces and security groups are not whole';
  return { findings, notes: [`${names} unused may be used: ${lists}`] };
}

export function ruleFinding(
  rule: LintFinding['rule'],
  group: SecurityGroup,
  subject: SecurityGroupRule,
): Pick<LintFinding, 'rule' | 'severity' | 'resource' | 'subject' | 'origin'> {
  return {
    rule,
    severity: 'harmless',
    resource: groupResource(group),
    subject: ruleSubject(group, subject),
    origin: subject.origin,
  };
}

function ruleSubject(group: SecurityGroup, rule: SecurityGroupRule): LintSubject {
  return { resource: group.id, rule: rule.id, text: groupRuleWords(rule), origin: rule.origin };
}

function subjectOfRow({ group, rule }: RuleBoxes): LintSubject {
  return ruleSubject(group, rule);
}

/** References before networks, longer prefixes before shorter ones, narrower traffic before wider; of equals the last one first. */
function narrowestFirst(rows: readonly RuleBoxes[]): readonly RuleBoxes[] {
  return rows
    .map((row, order) => ({ row, order, reach: reachOf(row.rule), width: widthOf(row.rule) }))
    .sort((a, b) => a.reach - b.reach || a.width - b.width || b.order - a.order)
    .map(({ row }) => row);
}

function reachOf({ peer }: SecurityGroupRule): number {
  if (peer.kind === 'group') return 0;
  return peer.kind === 'cidr' ? (peer.prefix.address.family === 4 ? 33 : 129) - peer.prefix.length : 0.5;
}

function widthOf({ traffic }: SecurityGroupRule): number {
  const { protocol, firstPortOrIcmp, lastPortOrIcmp } = traffic!;
  return lastPortOrIcmp - firstPortOrIcmp + (protocol === ALL_PROTOCOLS ? LAST_PORT : 0);
}

/**
 * Rules that are there because AWS or a tool puts them there: all traffic to anywhere (SG-04, SG-05), what a default group has, and
 * the CDK's way to write "no rule": ICMP type 252 code 86 to 255.255.255.255.
 */
export function isOfAws(group: SecurityGroup, { direction, traffic, peer }: SecurityGroupRule): boolean {
  if (traffic === null) return false;
  const { protocol, firstPortOrIcmp } = traffic;
  if (peer.kind === 'group') return isDefaultGroup(group) && peer.groupId === group.id && protocol === ALL_PROTOCOLS;
  if (peer.kind !== 'cidr') return false;
  const { address, length } = peer.prefix;
  if (direction === 'out' && protocol === ALL_PROTOCOLS && length === 0) return true;
  const isBroadcast = address.family === 4 && length === 32 && address.w0 === 0xffffffff;
  return isBroadcast && protocol === ICMP && firstPortOrIcmp === ((252 << 8) | 86);
}
