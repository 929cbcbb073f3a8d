/** `igwalk diff`: flows that two snapshots, or a snapshot before and after edits, open and close. */

import { type Command, Option } from 'commander';
import type { DiffOptions } from '../explain/diff.ts';
import type { DiffAnswer } from '../explain/diff-answer.ts';
import type { Net } from '../explain/net.ts';
import { diffJson } from '../present/diff-json.ts';
import { diffLines } from '../present/diff-text.ts';
import { jsonDocument } from '../present/json-text.ts';
import { line } from '../present/layout.ts';
import { resourceNames } from '../present/resource-names.ts';
import { ASSUME_FLAGS, ASSUME_HELP, parseAssumption } from './assume.ts';
import type { Context } from './context.ts';
import { addEdit, EDIT_FLAGS, EDIT_HELP } from './edit-options.ts';
import { FAILS, HOLDS, UNKNOWN, worst } from './exit-code.ts';
import { addLimits, parseCount } from './limit-options.ts';
import { CLIENT_PORTS_FLAGS, CLIENT_PORTS_HELP, MAX_PAIRS_FLAGS } from './reach-options.ts';
import { openSnapshot, type SnapshotOptions } from './snapshot.ts';
import { UsageError } from './usage-error.ts';

type FailOn = 'opened' | 'closed' | 'any';

interface GivenDiffOptions extends SnapshotOptions {
  readonly edit?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly service?: string;
  readonly clientPorts?: string;
  readonly maxPairs?: number;
  readonly failOn?: FailOn;
  readonly allowUnknown?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
}

export function addDiff(program: Command, context: Context): void {
  const command = program
    .command('diff')
    .summary('flows that a change opens and closes')
    .description(
      'Compares two snapshots, or one before and after edits: every packet that passes in one and not in the other.',
    )
    .usage('[options] <before> <after>')
    .argument('<snapshots...>', 'two files or folders of describe-* JSON; one where --edit says what changes')
    .option(EDIT_FLAGS, EDIT_HELP, addEdit)
    .option('--from <places>', 'compare only what these send, named as in "igwalk reach"')
    .option('--to <places>', 'compare only what is sent to these')
    .option('--service <service>', 'compare only these packets')
    .option(CLIENT_PORTS_FLAGS, CLIENT_PORTS_HELP)
    .option(MAX_PAIRS_FLAGS, 'most pairs of places to compare; those that behave alike count as one', parseCount)
    .option(ASSUME_FLAGS, ASSUME_HELP, parseAssumption)
    .addOption(
      new Option('--fail-on <what>', 'exit with 1 when flows are opened, closed, or either').choices([
        'opened',
        'closed',
        'any',
      ]),
    )
    .option('--allow-unknown', 'exit with 0 when facts are missing that decide about a flow that differs')
    .option('--all', 'list every group, place, address and record')
    .option('--json', 'the same as one JSON document');
  addLimits(command)
    .addHelpText(
      'after',
      `
Edits:
  remove sgr-1                                       also sg-1/in/0.0, acl-1/in/100
  allow sg-1 in tcp/443 from 10.0.0.0/8              also from sg-2, from pl-1; out ... to ...
  entry acl-1 in 90 deny tcp/22 from 0.0.0.0/0
  route rtb-1 0.0.0.0/0 igw-1
  unroute rtb-1 0.0.0.0/0

Examples:
  igwalk diff before/ after/ --fail-on opened
  igwalk diff before/ after/ --from internet --service tcp/22
  igwalk diff snapshot/ --edit 'allow web in tcp/22 from 0.0.0.0/0' --edit 'remove acl-1/in/90'`,
    )
    .action((paths: readonly string[], options: GivenDiffOptions) => diff(paths, options, context));
}

async function diff(paths: readonly string[], options: GivenDiffOptions, context: Context): Promise<void> {
  const [before, after] = await networksOf(paths, options, context);
  const { all = false, json = false } = options;
  const answer = before.diff(after, questionIn(options));
  const names = new Map([...resourceNames(before.network), ...resourceNames(after.network)]);
  if (json) await context.out.write(`${jsonDocument(diffJson(answer))}\n`);
  else await context.print(diffLines(answer, { all, names }));
  context.exitCode = await judge(answer, options, context);
}

async function networksOf(
  paths: readonly string[],
  options: GivenDiffOptions,
  context: Context,
): Promise<readonly [Net, Net]> {
  const { edit = [], ...snapshot } = options;
  const [one, other] = paths;
  if (paths.length > 2) {
    throw new UsageError(`${paths.length} snapshots given, two are compared: put the files of each into a folder`);
  }
  if (edit.length > 0) {
    if (other !== undefined) throw new UsageError('--edit changes one snapshot: give either two snapshots or edits');
    const net = await openSnapshot([one!], snapshot, context);
    return [net, net.edit(edit)];
  }
  if (other === undefined) {
    throw new UsageError(`nothing to compare ${one} with: give a second snapshot, or say with --edit what changes`);
  }
  return [await openSnapshot([one!], snapshot, context), await openSnapshot([other], snapshot, context)];
}

/** Without what was not given. */
function questionIn({ from, to, service, clientPorts, maxPairs }: GivenDiffOptions): DiffOptions {
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(service === undefined ? {} : { service }),
    ...(clientPorts === undefined ? {} : { clientPorts }),
    ...(maxPairs === undefined ? {} : { maxPairs }),
  };
}

async function judge(
  { groups }: DiffAnswer,
  { failOn, allowUnknown }: GivenDiffOptions,
  context: Context,
): Promise<number> {
  const found = (['opened', 'closed'] as const).filter(
    (kind) => (failOn === 'any' || failOn === kind) && groups.some((group) => group.kind === kind),
  );
  const isUnknown = groups.some(({ kind }) => kind === 'became-unknown' || kind === 'became-known');
  if (found.length > 0) await context.remark([line(0, `flows were ${found.join(' and ')}`)]);
  return worst([found.length > 0 ? FAILS : HOLDS, isUnknown && !allowUnknown ? UNKNOWN : HOLDS]);
}
