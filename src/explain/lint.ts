/** Looks for rules and records that do nothing, or not what they seem to do, and proves each. */

import type { Compiled, CompileOptions } from '../compile/compile.ts';
import { L4Sets } from '../reach/l4-sets.ts';
import { lintAsymmetricPaths } from './lint-asymmetric.ts';
import {
  LINT_RULES,
  LINT_SEVERITIES,
  type LintCounts,
  type LintFinding,
  type LintReport,
  type LintRule,
} from './lint-finding.ts';
import type { Checked, LintGround } from './lint-ground.ts';
import { lintGroupRedundancy, lintUnusedGroups } from './lint-group.ts';
import { lintNetworkAcls, lintUnusedNetworkAcls } from './lint-nacl.ts';
import { lintNeverUsed } from './lint-reach.ts';
import { lintBlackholes } from './lint-route.ts';
import { lintStaleReferences } from './lint-stale.ts';
import { QuestionError } from './question-error.ts';
import { suggestionsFor } from './suggestions.ts';

export interface LintOptions {
  /** Only findings of these rules; default: all. What is not asked for is not looked for. */
  readonly rules?: readonly string[];
  /**
   * Most pairs of places that each check on the whole network (`group-rule-never-used`, `asymmetric-path`) walks; default
   * 500,000. What it did not get to is said in the notes.
   */
  readonly maxPairs?: number;
}

const MAX_LINT_PAIRS = 500_000;

/** Throws a QuestionError on a rule that does not exist. */
export function lint(
  compiled: Compiled,
  { rules, maxPairs = MAX_LINT_PAIRS }: LintOptions = {},
  assumed: CompileOptions = {},
): LintReport {
  const wanted = new Set<LintRule>(rules === undefined ? LINT_RULES : rules.map(lintRule));
  const ground: LintGround = { compiled, assumed, sets: new L4Sets(), ranks: new Map(), maxPairs };
  const checked: Checked[] = [];
  const check = (ids: readonly LintRule[], judge: (ground: LintGround) => Checked): void => {
    if (ids.some((id) => wanted.has(id))) checked.push(judge(ground));
  };
  check(['nacl-entry-shadowed', 'nacl-entry-redundant'], lintNetworkAcls);
  check(['group-rule-redundant', 'group-rule-redundant-where-used'], () =>
    lintGroupRedundancy(ground, wanted.has('group-rule-redundant-where-used')),
  );
  check(['group-rule-never-used'], lintNeverUsed);
  check(['stale-reference'], lintStaleReferences);
  check(['route-blackhole'], lintBlackholes);
  check(['asymmetric-path'], lintAsymmetricPaths);
  check(['group-unused'], lintUnusedGroups);
  check(['network-acl-unused'], lintUnusedNetworkAcls);
  const findings = checked.flatMap((one) => one.findings).filter(({ rule }) => wanted.has(rule));
  return { findings: inOrder(findings), checked: countsOf(compiled), notes: checked.flatMap(({ notes }) => notes) };
}

function lintRule(word: string): LintRule {
  const rule = LINT_RULES.find((known) => known === word);
  if (rule !== undefined) return rule;
  const message = `no lint rule "${word}": there are ${LINT_RULES.join(', ')}`;
  throw new QuestionError(message, null, suggestionsFor(word, LINT_RULES));
}

/** By rule, the gravest first, then as the checks found them: by resource, and in it by place. */
function inOrder(findings: readonly LintFinding[]): readonly LintFinding[] {
  const gravity = (finding: LintFinding): number => -LINT_SEVERITIES.indexOf(finding.severity);
  return findings.toSorted(
    (a, b) => LINT_RULES.indexOf(a.rule) - LINT_RULES.indexOf(b.rule) || gravity(a) - gravity(b),
  );
}

function countsOf({ network }: Compiled): LintCounts {
  const total = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0);
  return {
    networkAclEntries: total(network.networkAcls.map(({ entries }) => entries.length)),
    groupRules: total(network.securityGroups.map(({ rules }) => rules.length)),
    groups: network.securityGroups.length,
    routes: total(network.routeTables.map(({ routes }) => routes.length)),
  };
}
