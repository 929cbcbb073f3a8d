/** `igwalk lint`: rules and records that do nothing, or not what they seem to do, each with its proof. */

import { type Command, Option } from 'commander';
import type { LintOptions } from '../explain/lint.ts';
import { LINT_RULES, LINT_SEVERITIES, type LintReport, type LintSeverity } from '../explain/lint-finding.ts';
import { jsonDocument } from '../present/json-text.ts';
import { lintJson } from '../present/lint-json.ts';
import { lintLines } from '../present/lint-text.ts';
import { resourceNames } from '../present/resource-names.ts';
import { ASSUME_FLAGS, ASSUME_HELP, parseAssumption } from './assume.ts';
import type { Context } from './context.ts';
import { FAILS, HOLDS } from './exit-code.ts';
import { addLimits, parseCount } from './limit-options.ts';
import { openSnapshot, type SnapshotOptions } from './snapshot.ts';

interface LintCommandOptions extends SnapshotOptions {
  readonly rule?: readonly string[];
  readonly maxPairs?: number;
  readonly failOn?: LintSeverity;
  readonly all?: boolean;
  readonly json?: boolean;
}

export function addLint(program: Command, context: Context): void {
  const command = program
    .command('lint')
    .summary('shadowed, redundant and unused rules, with proof')
    .description('Finds rules and records that do nothing, or not what they seem to do, and proves each.')
    .argument('<snapshot...>', 'files and folders of describe-* JSON, merged')
    .option('--rule <id>', 'only findings of this rule; may be given several times', collect)
    .option(
      '--max-pairs <number>',
      'most pairs of places that a check on the whole network walks (default: 500000)',
      parseCount,
    )
    .option(ASSUME_FLAGS, ASSUME_HELP, parseAssumption)
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 on a finding that is this grave, or graver').choices(
        LINT_SEVERITIES,
      ),
    )
    .option('--all', 'list every finding')
    .option('--json', 'the same as one JSON document');
  addLimits(command)
    .addHelpText(
      'after',
      `
Severities:
  harmless    it can go, and nothing changes
  misleading  who reads it is told something that does not happen
  dangerous   it looks as if it protects, and does not

Rules:
${LINT_RULES.map((rule) => `  ${rule}`).join('\n')}

Examples:
  igwalk lint snapshot/
  igwalk lint snapshot/ --rule nacl-entry-shadowed --fail-on dangerous
  igwalk lint snapshot/ --json | jq '.findings[] | select(.severity == "dangerous")'`,
    )
    .action((paths: readonly string[], options: LintCommandOptions) => lint(paths, options, context));
}

function collect(word: string, words: readonly string[] = []): readonly string[] {
  return [...words, word];
}

async function lint(paths: readonly string[], options: LintCommandOptions, context: Context): Promise<void> {
  const net = await openSnapshot(paths, options, context);
  const { all = false, json = false, failOn } = options;
  const report = net.lint(lintOptionsIn(options));
  if (json) await context.out.write(`${jsonDocument(lintJson(report))}\n`);
  else await context.print(lintLines(report, { all, names: resourceNames(net.network) }));
  context.exitCode = failOn !== undefined && hasFinding(report, failOn) ? FAILS : HOLDS;
}

function lintOptionsIn({ rule, maxPairs }: LintCommandOptions): LintOptions {
  return { ...(rule === undefined ? {} : { rules: rule }), ...(maxPairs === undefined ? {} : { maxPairs }) };
}

function hasFinding({ findings }: LintReport, least: LintSeverity): boolean {
  return findings.some(({ severity }) => LINT_SEVERITIES.indexOf(severity) >= LINT_SEVERITIES.indexOf(least));
}
