/** `igwalk explain`: what stops a question or lets it through, and the smallest changes that would turn its answer. */

import { type Command, Option } from 'commander';
import type { ExplainAnswer, Proposal } from '../explain/explain-answer.ts';
import type { Network } from '../model/network.ts';
import { awsCliCommands } from '../present/change-aws-cli.ts';
import { terraformLines } from '../present/change-terraform.ts';
import { explainJson } from '../present/explain-json.ts';
import { explainLines } from '../present/explain-text.ts';
import { jsonDocument } from '../present/json-text.ts';
import { visible } from '../present/visible.ts';
import { ASSUME_FLAGS, ASSUME_HELP, parseAssumption } from './assume.ts';
import type { Context } from './context.ts';
import { HOLDS, UNKNOWN } from './exit-code.ts';
import { addLimits, parseCount } from './limit-options.ts';
import { questionIn } from './reach-command.ts';
import {
  CLIENT_PORTS_FLAGS,
  CLIENT_PORTS_HELP,
  type GivenReachOptions,
  MAX_PAIRS_FLAGS,
  MAX_PAIRS_HELP,
  reachOptionsIn,
} from './reach-options.ts';
import { openSnapshot, type SnapshotOptions } from './snapshot.ts';
import { UsageError } from './usage-error.ts';

const FORMATS = ['text', 'aws-cli', 'terraform'] as const;

interface GivenOptions extends SnapshotOptions, GivenReachOptions {
  readonly from?: string;
  readonly to?: string;
  readonly service?: string;
  readonly close?: boolean;
  readonly format: (typeof FORMATS)[number];
  readonly proposal?: number;
  readonly allowUnknown?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
}

export function addExplain(program: Command, context: Context): void {
  const command = program
    .command('explain')
    .summary('what stops a question, and the smallest changes that let it through or shut it')
    .description(
      'Says what stops a question (or, with --close, what lets it through), and works out the smallest sets of changes that would open ' +
        'all of it (or close it). Each was applied to the snapshot and the question asked again before it is shown. Nothing is changed in AWS.',
    )
    .usage('[options] <snapshot...> <question>')
    .argument('<snapshot...>', 'files and folders of describe-* JSON, merged; the question comes last, in quotes')
    .option('--from <places>', 'the question in parts: who sends')
    .option('--to <places>', 'who is sent to')
    .option('--service <service>', 'what is sent; anything where left out')
    .option('--close', 'the changes after which nothing of it arrives')
    .addOption(new Option('--format <format>', 'how to print').choices(FORMATS).default('text'))
    .option('--proposal <number>', 'which proposal aws-cli and terraform print (default: the first)', parseCount)
    .option(CLIENT_PORTS_FLAGS, CLIENT_PORTS_HELP)
    .option(MAX_PAIRS_FLAGS, MAX_PAIRS_HELP, parseCount)
    .option(ASSUME_FLAGS, ASSUME_HELP, parseAssumption)
    .option('--allow-unknown', 'exit with 0 when the verdict is unknown')
    .option('--all', 'list every proposal and every rule')
    .option('--json', 'the same as one JSON document, with the commands and the Terraform of every proposal');
  addLimits(command)
    .addHelpText(
      'after',
      `
Questions are those of "igwalk reach".

Examples:
  igwalk explain snapshot/ 'web-1 -> db-1 : postgres'
  igwalk explain snapshot/ 'web-1 -> db-1 : postgres' --format aws-cli
  igwalk explain snapshot/ 'internet -> vpc-1 : ssh' --close --format terraform --proposal 2`,
    )
    .action((words: readonly string[], options: GivenOptions) => explain(words, options, context));
}

async function explain(words: readonly string[], options: GivenOptions, context: Context): Promise<void> {
  const { paths, question } = questionIn(words, options, 'explain');
  const { all = false, json = false, close = false, format } = options;
  if (options.proposal !== undefined && format === 'text') {
    throw new UsageError('--proposal chooses what --format aws-cli or --format terraform prints: add one of them');
  }
  if (json && format !== 'text')
    throw new UsageError(`--json holds every format already: leave out --format ${format}`);
  const net = await openSnapshot(paths, options, context);
  const answer = net.explain(question, { ...reachOptionsIn(options), goal: close ? 'close' : 'open' });
  if (json) await context.out.write(`${jsonDocument(explainJson(net.network, answer))}\n`);
  else if (format === 'text') await context.print(explainLines(net.network, answer, { all }));
  else await context.out.write(`${scriptOf(net.network, answer, options).map(visible).join('\n')}\n`);
  context.exitCode = answer.verdict === 'unknown' && !options.allowUnknown ? UNKNOWN : HOLDS;
}

/** Commands or Terraform of one proposal, below a comment that says which. */
function scriptOf(network: Network, answer: ExplainAnswer, { format, proposal = 1 }: GivenOptions): readonly string[] {
  const { proposals, question, goal } = answer;
  const asked = `${question.from} -> ${question.to} : ${question.service}`;
  if (proposals.length === 0) return [`# nothing to change for ${asked}: --format text says why`];
  const chosen: Proposal | undefined = proposals[proposal - 1];
  if (chosen === undefined) {
    throw new UsageError(
      `there is no proposal ${proposal}: ${proposals.length === 1 ? 'there is one' : `there are ${proposals.length}`}`,
    );
  }
  const what = goal === 'open' ? 'lets all of it through' : 'lets nothing of it through';
  const heading = `# ${asked}: proposal ${proposal} of ${proposals.length}, ${what}`;
  const { changes } = chosen;
  return [heading, ...(format === 'aws-cli' ? awsCliCommands(network, changes) : terraformLines(network, changes))];
}
