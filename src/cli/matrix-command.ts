/** `igwalk matrix`: what passes between all pairs of places, grouped by equal behaviour. */

import { type Command, Option } from 'commander';
import { stringify } from 'csv-stringify/sync';
import { jsonDocument } from '../present/json-text.ts';
import { matrixJson } from '../present/matrix-json.ts';
import { MATRIX_COLUMNS, matrixTable } from '../present/matrix-table.ts';
import { matrixLines } from '../present/matrix-text.ts';
import { ASSUME_FLAGS, ASSUME_HELP, parseAssumption } from './assume.ts';
import type { Context } from './context.ts';
import { HOLDS, UNKNOWN } from './exit-code.ts';
import { addLimits, parseCount } from './limit-options.ts';
import { CLIENT_PORTS_FLAGS, CLIENT_PORTS_HELP } from './reach-options.ts';
import { openSnapshot, type SnapshotOptions } from './snapshot.ts';

interface MatrixCommandOptions extends SnapshotOptions {
  readonly from?: string;
  readonly to?: string;
  readonly service?: string;
  readonly clientPorts?: string;
  readonly within?: boolean;
  readonly maxPairs?: number;
  readonly allowUnknown?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
  readonly csv?: boolean;
}

/** Rows that are turned into text at once. */
const BATCH = 1000;

export function addMatrix(program: Command, context: Context): void {
  const command = program
    .command('matrix')
    .summary('what passes between all pairs of places')
    .description('Says what passes between all pairs of interfaces and the internet, grouped by equal behaviour.')
    .argument('<snapshot...>', 'files and folders of describe-* JSON, merged')
    .option('--from <places>', 'only what these send; everything where left out')
    .option('--to <places>', 'only what is sent to these')
    .option('--service <service>', 'only this traffic; anything where left out')
    .option(CLIENT_PORTS_FLAGS, CLIENT_PORTS_HELP)
    .option('--within', 'leave out pairs of interfaces that meet nowhere but on the internet')
    .option('--max-pairs <number>', 'most kinds of pairs to look at', parseCount)
    .option(ASSUME_FLAGS, ASSUME_HELP, parseAssumption)
    .option('--allow-unknown', 'exit with 0 when facts are missing')
    .option('--all', 'list every group and place')
    .addOption(new Option('--json', 'the same as one JSON document').conflicts('csv'))
    .option('--csv', 'one row for every pair that something may pass between');
  addLimits(command)
    .addHelpText(
      'after',
      `
Pairs that are not listed let nothing through. With --within that does not hold for pairs that could
meet on the internet: the lines about the internet tell what each side sends there and takes from there.

Examples:
  igwalk matrix snapshot/
  igwalk matrix snapshot/ --from vpc-dev --to vpc-prod
  igwalk matrix snapshot/ --service ssh --csv > ssh.csv`,
    )
    .action((paths: readonly string[], options: MatrixCommandOptions) => matrix(paths, options, context));
}

async function matrix(paths: readonly string[], options: MatrixCommandOptions, context: Context): Promise<void> {
  const net = await openSnapshot(paths, options, context);
  const { from, to, service, clientPorts, within, maxPairs, all = false, json = false, csv = false } = options;
  const answer = net.matrix({ from, to, service, clientPorts, within, maxPairs });
  if (json) await context.out.write(`${jsonDocument(matrixJson(answer))}\n`);
  else if (csv) await writeTable(matrixTable(answer), context);
  else await context.print(matrixLines(answer, all));
  context.exitCode = answer.open > 0 && options.allowUnknown !== true ? UNKNOWN : HOLDS;
}

/** Names come from tags: a spreadsheet must not take them for formulas. */
async function writeTable(rows: Iterable<readonly string[]>, { out }: Context): Promise<void> {
  let batch: (readonly string[])[] = [MATRIX_COLUMNS];
  const write = async (): Promise<void> =>
    out.write(
      stringify(
        batch.map((row) => [...row]),
        { escape_formulas: true },
      ),
    );
  for (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    await write();
    if (!out.isOpen) return;
    batch = [];
  }
  await write();
}
