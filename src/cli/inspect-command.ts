/** `igwalk inspect`: what was read, what is wrong with it, and what it leaves unknown. */

import type { Command } from 'commander';
import { A_SCREENFUL, EVERYTHING } from '../present/alike.ts';
import { factJson } from '../present/answer-json.ts';
import { jsonDocument } from '../present/json-text.ts';
import { type Overview, overviewOf } from '../present/overview.ts';
import { overviewLines } from '../present/overview-text.ts';
import { problemJson } from '../present/problem-json.ts';
import type { Context } from './context.ts';
import { addLimits, inFlags } from './limit-options.ts';
import { openSnapshot, type SnapshotOptions } from './snapshot.ts';

interface InspectOptions extends SnapshotOptions {
  readonly all?: boolean;
  readonly json?: boolean;
}

export function addInspect(program: Command, context: Context): void {
  const command = program
    .command('inspect')
    .summary('what was read: accounts, Regions, counts, problems, missing facts')
    .description('Says what a snapshot holds, what could not be read, and which facts are missing from it.')
    .argument('<snapshot...>', 'files and folders of describe-* JSON, merged')
    .option('--all', 'list every problem and every missing fact')
    .option('--json', 'the same as one JSON document');
  addLimits(command)
    .addHelpText(
      'after',
      `
Examples:
  igwalk inspect snapshot/
  igwalk inspect vpcs.json subnets.json --all
  igwalk inspect snapshot/ --json | jq .problems`,
    )
    .action((paths: readonly string[], options: InspectOptions) => inspect(paths, options, context));
}

async function inspect(paths: readonly string[], options: InspectOptions, context: Context): Promise<void> {
  const net = await openSnapshot(paths, options, context);
  const { all = false, json = false } = options;
  const problems = net.problems.map((problem) => ({ ...problem, remedy: inFlags(problem.remedy) }));
  const overview = overviewOf(net.network, problems, net.facts);
  if (json) await context.out.write(`${jsonDocument(overviewJson(overview))}\n`);
  else await context.print(overviewLines(overview, all ? EVERYTHING : A_SCREENFUL));
}

function overviewJson({ places, kinds, parts, unmodelled, problems, facts }: Overview): object {
  return { places, kinds, parts, unmodelled, problems: problems.map(problemJson), facts: facts.map(factJson) };
}
