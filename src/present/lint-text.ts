/** Findings of `lint` as text: by rule, the gravest first, each with what proves it. */

import {
  LINT_RULES,
  LINT_SEVERITIES,
  type LintFinding,
  type LintReport,
  type LintRule,
  type LintSeverity,
} from '../explain/lint-finding.ts';
import { A_SCREENFUL, EVERYTHING, type Limits, moreLine } from './alike.ts';
import { closingLines } from './closing-text.ts';
import { EMPTY_LINE, type Line, labelled, line, type Span, span } from './layout.ts';
import { proofLines } from './lint-proof-text.ts';
import { originText } from './origin-text.ts';
import type { Role } from './palette.ts';
import { NO_NAMES, type ResourceNames } from './resource-names.ts';
import { MARK_COLUMNS } from './stage-text.ts';

export interface LintDetail {
  /** List every finding, not a screenful. */
  readonly all?: boolean;
  readonly names?: ResourceNames;
}

const MEANINGS: Readonly<Record<LintRule, string>> = {
  'nacl-entry-shadowed': 'entries of network ACLs that decide nothing',
  'nacl-entry-redundant': 'entries of network ACLs that change nothing',
  'group-rule-redundant': 'rules that their own group implies',
  'group-rule-redundant-where-used': 'rules that the other groups of every interface imply',
  'group-rule-never-used': 'rules that no packet can reach',
  'stale-reference': 'references to what is gone',
  'route-blackhole': 'routes that drop what they take',
  'asymmetric-path': 'packets that arrive, and whose answers take a way that leads nowhere',
  'group-unused': 'security groups that nobody uses',
  'network-acl-unused': 'network ACLs that filter no subnet',
};

/** Every mark differs in shape, so that nothing depends on colour. */
const MARKS: Readonly<Record<LintSeverity, readonly [mark: string, role: Role]>> = {
  dangerous: ['✗', 'bad'],
  misleading: ['◐', 'doubt'],
  harmless: ['·', 'faint'],
};
const SEVERITY_COLUMNS = 'misleading'.length + 2;

export function lintLines(report: LintReport, { all = false, names = NO_NAMES }: LintDetail = {}): readonly Line[] {
  const limits = all ? EVERYTHING : A_SCREENFUL;
  const { findings, checked, notes } = report;
  const { networkAclEntries, groupRules, groups, routes } = checked;
  const looked = `looked at ${networkAclEntries} entries of network ACLs, ${groupRules} rules of ${groups} security groups, ${routes} routes`;
  const lines = [line(0, span(tally(findings), 'strong')), line(2, span(looked, 'faint'))];
  for (const rule of LINT_RULES) {
    const found = findings.filter((finding) => finding.rule === rule);
    if (found.length > 0) lines.push(EMPTY_LINE, ...ruleLines(rule, found, limits, names));
  }
  return [...lines, ...closingLines({ unknowns: [], assumptions: [], notes })];
}

/** `7 findings: 1 dangerous, 2 misleading, 4 harmless`. */
function tally(findings: readonly LintFinding[]): string {
  if (findings.length === 0) return 'no findings';
  const counts = LINT_SEVERITIES.toReversed()
    .map((severity) => ({ severity, count: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}`);
  return `${findings.length === 1 ? 'one finding' : `${findings.length} findings`}: ${counts.join(', ')}`;
}

function ruleLines(
  rule: LintRule,
  found: readonly LintFinding[],
  limits: Limits,
  names: ResourceNames,
): readonly Line[] {
  const hidden = Math.max(0, found.length - limits.perGroup);
  const shown = hidden === 1 ? found : found.slice(0, limits.perGroup);
  return [
    line(2, span(rule, 'strong'), span(`  ${MEANINGS[rule]}: ${found.length}`, 'faint')),
    ...shown.flatMap((finding) => findingLines(finding, names)),
    ...(hidden < 2 ? [] : [moreLine(hidden, 'like it', 4)]),
  ];
}

function findingLines(finding: LintFinding, names: ResourceNames): readonly Line[] {
  const { severity, resource, text, origin, proof, subject } = finding;
  const [mark, role] = MARKS[severity];
  const told = labelled(0, span(severity, role), SEVERITY_COLUMNS, ...nameSpans(resource), '  ', text);
  const below = MARK_COLUMNS + SEVERITY_COLUMNS;
  return [
    { indent: 4, spans: [span(mark, role), span(' '), ...told.spans], hang: below },
    ...proofLines(proof, subject, names, 4 + below),
    ...(origin === null || subject !== null ? [] : [line(4 + below, span(`at ${originText(origin)}`, 'faint'))]),
  ];
}

function nameSpans({ id, name }: LintFinding['resource']): readonly Span[] {
  return name === null ? [span(id, 'strong')] : [span(name, 'strong'), span('  '), span(id, 'faint')];
}
