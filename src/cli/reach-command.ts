/** `igwalk reach`: everything that gets from one set of places to another and back, and what stops the rest. */

import { type Command, Option } from 'commander';
import type { ReachAnswer, ReachVerdict } from '../explain/reach-answer.ts';
import type { ReachQuestionParts } from '../explain/reach-question.ts';
import { jsonDocument } from '../present/json-text.ts';
import { line } from '../present/layout.ts';
import { reachJson } from '../present/reach-json.ts';
import { reachLines } from '../present/reach-text.ts';
import { resourceNames } from '../present/resource-names.ts';
import { ASSUME_FLAGS, ASSUME_HELP, parseAssumption } from './assume.ts';
import type { Context } from './context.ts';
import { addEdit, EDIT_FLAGS, EDIT_HELP } from './edit-options.ts';
import { FAILS, HOLDS, UNKNOWN } from './exit-code.ts';
import { addLimits, parseCount } from './limit-options.ts';
import {
  addException,
  CLIENT_PORTS_FLAGS,
  CLIENT_PORTS_HELP,
  EXCEPT_FLAGS,
  EXCEPT_HELP,
  type GivenReachOptions,
  MAX_PAIRS_FLAGS,
  MAX_PAIRS_HELP,
  reachOptionsIn,
} from './reach-options.ts';
import { openSnapshot, type SnapshotOptions } from './snapshot.ts';
import { UsageError } from './usage-error.ts';

const VERDICTS: readonly ReachVerdict[] = ['all', 'some', 'none', 'unknown'];
const EXAMPLE = "'internet -> web-1 : tcp/443'";

interface ReachOptions extends SnapshotOptions, GivenReachOptions {
  readonly from?: string;
  readonly to?: string;
  readonly service?: string;
  readonly expect?: ReachVerdict;
  readonly allowUnknown?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
}

interface Asked {
  readonly paths: readonly string[];
  readonly question: string | ReachQuestionParts;
}

export function addReach(program: Command, context: Context): void {
  const command = program
    .command('reach')
    .summary('everything that gets from here to there, and what stops the rest')
    .description(
      'Says exactly which packets get from one set of places to another and are answered, and what stops the rest.',
    )
    .usage('[options] <snapshot...> <question>')
    .argument('<snapshot...>', 'files and folders of describe-* JSON, merged; the question comes last, in quotes')
    .option('--from <places>', 'the question in parts: who sends')
    .option('--to <places>', 'who is sent to')
    .option('--service <service>', 'what is sent; anything where left out')
    .option(CLIENT_PORTS_FLAGS, CLIENT_PORTS_HELP)
    .option(EXCEPT_FLAGS, EXCEPT_HELP, addException)
    .option(MAX_PAIRS_FLAGS, MAX_PAIRS_HELP, parseCount)
    .option(ASSUME_FLAGS, ASSUME_HELP, parseAssumption)
    .option(EDIT_FLAGS, EDIT_HELP, addEdit)
    .addOption(new Option('--expect <verdict>', 'exit with 1 unless this is the verdict').choices(VERDICTS))
    .option('--allow-unknown', 'exit with 0 when the verdict is unknown')
    .option('--all', 'list every group, place, address and blocker')
    .option('--json', 'the same as one JSON document');
  addLimits(command)
    .addHelpText(
      'after',
      `
Questions: FROM -> TO : SERVICE
  places     internet, addresses and CIDR blocks, ids (eni-, i-, subnet-, vpc-, sg-), names,
             tag:KEY=VALUE, name:web-*, lb:NAME, asg:NAME, lambda:NAME, rds:NAME, ecs:SERVICE,
             eks:NAME, beanstalk:ENV; together with | & ! and parentheses
  services   tcp/443, tcp/80,443, tcp/1024-2048, udp/53, icmp/echo, proto/50, https, any;
             behind "!" every packet but these: !tcp/443 + udp/53

Verdicts:
  all        every packet asked about arrives, and its answer comes back
  some       part of it does, or arrives and is not answered
  none       nothing of it arrives
  unknown    the snapshot lacks a fact that decides

Each witness is a packet that "igwalk trace" walks hop by hop.

Examples:
  igwalk reach snapshot/ 'internet -> tag:role=web : https' --expect all
  igwalk reach snapshot/ 'internet -> vpc-1 : tcp/22' --expect none
  igwalk reach snapshot/ 'internet -> vpc-1' --except 'internet -> lb:web : https' --expect none
  igwalk reach snapshot/ --from 'sg-0a1 & !subnet-2' --to 10.0.20.0/24 --service postgres --client-ports linux`,
    )
    .action((words: readonly string[], options: ReachOptions) => reach(words, options, context));
}

async function reach(words: readonly string[], options: ReachOptions, context: Context): Promise<void> {
  const { paths, question } = questionIn(words, options);
  const net = await openSnapshot(paths, options, context);
  const { all = false, json = false } = options;
  const answer = net.reach(question, reachOptionsIn(options));
  if (json) await context.out.write(`${jsonDocument(reachJson(answer))}\n`);
  else await context.print(reachLines(answer, { all, names: resourceNames(net.network) }));
  context.exitCode = await judge(answer, options, context);
}

/** The question in its parts, or else as the last word; for every command that asks about sets. */
export function questionIn(
  words: readonly string[],
  { from, to, service }: Pick<ReachOptions, 'from' | 'to' | 'service'>,
  command: string = 'reach',
): Asked {
  if (from === undefined && to === undefined && service === undefined) return lastWord(words, command);
  if (from === undefined || to === undefined) {
    throw new UsageError(`--${from === undefined ? 'from' : 'to'} is missing: a question in parts has both ends`);
  }
  const whole = words.find(isQuestion);
  if (whole !== undefined) throw new UsageError(`ask either '${whole}' or with --from and --to, not both`);
  return { paths: words, question: { from, to, service } };
}

/** Catches what goes wrong when the question was not put in quotes. */
function lastWord(words: readonly string[], command: string): Asked {
  const question = words.at(-1)!;
  // The shell takes the ">" of an arrow away and leaves its "-".
  if (words.some((word) => word === '-' || word === ':')) {
    throw new UsageError(
      'the question came in pieces: put it in quotes, because the shell takes ">" for the name of a file to write',
    );
  }
  if (!isQuestion(question)) {
    throw new UsageError(`no question given: write igwalk ${command} ${words.join(' ')} ${EXAMPLE}`);
  }
  if (words.length < 2) throw new UsageError(`no snapshot given: write igwalk ${command} SNAPSHOT '${question}'`);
  return { paths: words.slice(0, -1), question };
}

function isQuestion(word: string): boolean {
  return word.includes('->');
}

async function judge(
  { verdict }: ReachAnswer,
  { expect, allowUnknown }: ReachOptions,
  context: Context,
): Promise<number> {
  if (expect === verdict) return HOLDS;
  if (verdict === 'unknown') return allowUnknown ? HOLDS : UNKNOWN;
  if (expect === undefined) return HOLDS;
  await context.remark([line(0, `expected ${expect}, but the verdict is ${verdict}`)]);
  return FAILS;
}
