/** `igwalk session`: a script of packets, waits and rule changes, with connection tracking carried from step to step. */

import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { jsonLine } from '../present/json-text.ts';
import { type ResourceNames, resourceNames } from '../present/resource-names.ts';
import { isAsExpected, isUnexpected, type SessionEvent } from '../present/session-event.ts';
import { sessionJson } from '../present/session-json.ts';
import { sessionLines } from '../present/session-text.ts';
import { ASSUME_FLAGS, ASSUME_HELP, parseAssumption } from './assume.ts';
import type { Context } from './context.ts';
import { FAILS, HOLDS, UNKNOWN, worst } from './exit-code.ts';
import { addLimits } from './limit-options.ts';
import { connectionsOf, playStep } from './session-play.ts';
import { parseScript } from './session-script.ts';
import { openSnapshot, type SnapshotOptions } from './snapshot.ts';
import { UsageError } from './usage-error.ts';

interface SessionOptions extends SnapshotOptions {
  readonly allowUnknown?: boolean;
  readonly hops?: boolean;
  readonly json?: boolean;
}

export function addSession(program: Command, context: Context): void {
  const command = program
    .command('session')
    .summary('a script of packets, waits and rule changes')
    .description('Plays a script against the network and keeps the connections that security groups track.')
    .usage('[options] <snapshot...> <script>')
    .argument(
      '<snapshot...>',
      'files and folders of describe-* JSON, merged; the script comes last, - for standard input',
    )
    .option(ASSUME_FLAGS, ASSUME_HELP, parseAssumption)
    .option('--allow-unknown', 'exit with 0 when verdicts are unknown')
    .option('--hops', 'show every hop of every packet')
    .option('--json', 'one JSON line a step');
  addLimits(command)
    .addHelpText(
      'after',
      `
Script, as YAML (or the same objects as JSON lines):
  - send: tcp 203.0.113.7:40000 > 198.51.100.10:22
    expect: delivered         delivered, dropped or unknown; exit with 1 if it is not so
  - answer: true              the answer to the last packet that was delivered
  - wait: 350s                s, m, h, d; or "at: 350s" beside send and answer, from the start
  - remove: sgr-0a1           a rule: sgr-..., sg-1/in/0.0 or acl-1/in/100
  - update: { SecurityGroups: [...] }
  - show: connections

Examples:
  igwalk session snapshot/ script.yaml
  igwalk session snapshot/ - --hops < script.yaml`,
    )
    .action((words: readonly string[], options: SessionOptions) => play(words, options, context));
}

async function play(words: readonly string[], options: SessionOptions, context: Context): Promise<void> {
  const script = words.at(-1)!;
  if (words.length < 2) throw new UsageError(`no script given: write igwalk session ${script} SCRIPT.yaml`);
  const file = script === '-' ? 'standard input' : script;
  const steps = parseScript(script === '-' ? await text(context.io.stdin) : await readScript(script), file);
  const net = await openSnapshot(words.slice(0, -1), options, context);
  const session = net.session();
  const names = resourceNames(net.network);
  const codes = new Set<number>();
  for (const step of steps) {
    const event = playStep(step, session, net.network, file);
    await report(event, names, options, context);
    codes.add(codeOf(event, options));
  }
  if (steps.at(-1)?.kind !== 'show') await report(connectionsOf(session), names, options, context);
  context.exitCode = worst(codes);
}

async function readScript(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`script "${file}" cannot be read: ${(error as Error).message}`);
  }
}

async function report(event: SessionEvent, names: ResourceNames, options: SessionOptions, context: Context) {
  const { json = false, hops = false } = options;
  if (json) await context.out.write(`${jsonLine(sessionJson(event))}\n`);
  else await context.print(sessionLines(event, { hops, names }));
}

function codeOf(event: SessionEvent, { allowUnknown = false }: SessionOptions): number {
  if (event.kind !== 'packet' || isAsExpected(event)) return HOLDS;
  if (event.result.verdict === 'unknown') return allowUnknown ? HOLDS : UNKNOWN;
  return isUnexpected(event) ? FAILS : HOLDS;
}
