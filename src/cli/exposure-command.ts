/** `igwalk exposure`: what the internet reaches, and what is one change away from it. */

import { type Command, Option } from 'commander';
import type { ExposureAnswer } from '../explain/exposure-answer.ts';
import { exposureJson } from '../present/exposure-json.ts';
import { exposureLines } from '../present/exposure-text.ts';
import { jsonDocument } from '../present/json-text.ts';
import { resourceNames } from '../present/resource-names.ts';
import { ASSUME_FLAGS, ASSUME_HELP, parseAssumption } from './assume.ts';
import type { Context } from './context.ts';
import { FAILS, HOLDS, UNKNOWN } from './exit-code.ts';
import { addLimits } from './limit-options.ts';
import { CLIENT_PORTS_FLAGS, CLIENT_PORTS_HELP } from './reach-options.ts';
import { openSnapshot, type SnapshotOptions } from './snapshot.ts';

type FailOn = 'exposed' | 'near';

interface ExposureCommandOptions extends SnapshotOptions {
  readonly to?: string;
  readonly service?: string;
  readonly clientPorts?: string;
  readonly failOn?: FailOn;
  readonly allowUnknown?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
}

export function addExposure(program: Command, context: Context): void {
  const command = program
    .command('exposure')
    .summary('what the internet reaches, and what is one change away')
    .description(
      'Says what of a network the internet reaches, on what and through what, and what one thing alone keeps from it.',
    )
    .argument('<snapshot...>', 'files and folders of describe-* JSON, merged')
    .option('--to <places>', 'only these places; everything where left out')
    .option('--service <service>', 'only this traffic; anything where left out')
    .option(CLIENT_PORTS_FLAGS, CLIENT_PORTS_HELP)
    .option(ASSUME_FLAGS, ASSUME_HELP, parseAssumption)
    .addOption(
      new Option('--fail-on <what>', 'exit with 1 if anything is exposed, or even one change away').choices([
        'exposed',
        'near',
      ]),
    )
    .option('--allow-unknown', 'exit with 0 when facts are missing')
    .option('--all', 'list every group, place and address')
    .option('--json', 'the same as one JSON document');
  addLimits(command)
    .addHelpText(
      'after',
      `
Examples:
  igwalk exposure snapshot/
  igwalk exposure snapshot/ --service ssh --fail-on exposed
  igwalk exposure snapshot/ --to tag:role=db --fail-on near`,
    )
    .action((paths: readonly string[], options: ExposureCommandOptions) => exposure(paths, options, context));
}

async function exposure(paths: readonly string[], options: ExposureCommandOptions, context: Context): Promise<void> {
  const net = await openSnapshot(paths, options, context);
  const { to, service, clientPorts, all = false, json = false } = options;
  const answer = net.exposure({ to, service, clientPorts });
  if (json) await context.out.write(`${jsonDocument(exposureJson(answer))}\n`);
  else await context.print(exposureLines(answer, { all, names: resourceNames(net.network) }));
  context.exitCode = judge(answer, options);
}

function judge({ exposed, near, open }: ExposureAnswer, { failOn, allowUnknown }: ExposureCommandOptions): number {
  if (failOn !== undefined && exposed.length > 0) return FAILS;
  if (failOn === 'near' && near.length > 0) return FAILS;
  return open.length > 0 && allowUnknown !== true ? UNKNOWN : HOLDS;
}
