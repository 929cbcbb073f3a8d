/** `igwalk trace`: one packet and its answer, hop by hop, with the deciding rule at each. */

import { type Command, Option } from 'commander';
import type { Trace, Verdict } from '../explain/trace.ts';
import { answerJson, briefAnswerJson } from '../present/answer-json.ts';
import { jsonDocument } from '../present/json-text.ts';
import { line } from '../present/layout.ts';
import { resourceNames } from '../present/resource-names.ts';
import { traceLines } from '../present/trace-text.ts';
import { ASSUME_FLAGS, ASSUME_HELP, parseAssumption } from './assume.ts';
import type { Context } from './context.ts';
import { addEdit, EDIT_FLAGS, EDIT_HELP } from './edit-options.ts';
import { FAILS, HOLDS, UNKNOWN } from './exit-code.ts';
import { addLimits } from './limit-options.ts';
import { openSnapshot, type SnapshotOptions } from './snapshot.ts';
import { UsageError } from './usage-error.ts';

const VERDICTS: readonly Verdict[] = ['delivered', 'one-way', 'dropped', 'unknown'];

interface TraceOptions extends SnapshotOptions {
  readonly expect?: Verdict;
  readonly allowUnknown?: boolean;
  readonly brief?: boolean;
  readonly sources?: boolean;
  readonly json?: boolean;
}

export function addTrace(program: Command, context: Context): void {
  const command = program
    .command('trace')
    .summary('one packet and its answer, hop by hop')
    .description('Walks one packet and its answer, and names the rule that decided at every step.')
    .usage('[options] <snapshot...> <packet>')
    .argument('<snapshot...>', 'files and folders of describe-* JSON, merged; the packet comes last, in quotes')
    .option(ASSUME_FLAGS, ASSUME_HELP, parseAssumption)
    .option(EDIT_FLAGS, EDIT_HELP, addEdit)
    .addOption(new Option('--expect <verdict>', 'exit with 1 unless this is the verdict').choices(VERDICTS))
    .option('--allow-unknown', 'exit with 0 when the verdict is unknown')
    .option('--brief', 'leave out the hops')
    .option('--sources', 'name the place in the snapshot behind every step')
    .option('--json', 'the same as one JSON document');
  addLimits(command)
    .addHelpText(
      'after',
      `
Packets:
  tcp 203.0.113.7:40000 > 198.51.100.10:443           a public source is the internet
  tcp 10.0.1.10:40000@eni-0a1 > 10.0.2.20:5432        @PLACE says which of several networks has the address
  udp [2001:db8::1]:40000 > [2001:db8:1::a]:53
  icmp echo 10.0.1.10 > 10.0.2.20
  proto 50 10.0.1.10 > 203.0.113.7

Examples:
  igwalk trace snapshot/ 'tcp 203.0.113.7:40000 > 198.51.100.10:443'
  igwalk trace snapshot/ 'tcp 10.0.1.10:40000 > 10.0.2.20:5432' --expect delivered
  igwalk trace snapshot/ 'icmp echo 10.0.1.10 > 10.0.2.20' --json | jq .verdict`,
    )
    .action((words: readonly string[], options: TraceOptions) => trace(words, options, context));
}

async function trace(words: readonly string[], options: TraceOptions, context: Context): Promise<void> {
  const { paths, packet } = splitWords(words);
  const net = await openSnapshot(paths, options, context);
  const answer = net.walk(packet);
  const { brief = false, sources = false } = options;
  if (options.json) await context.out.write(`${jsonDocument(brief ? briefAnswerJson(answer) : answerJson(answer))}\n`);
  else await context.print(traceLines(answer, { brief, sources, names: resourceNames(net.network) }));
  context.exitCode = await judge(answer, options, context);
}

/** The packet is the last word. Catches what goes wrong when it was not put in quotes. */
function splitWords(words: readonly string[]): { readonly paths: readonly string[]; readonly packet: string } {
  const packet = words.at(-1)!;
  if (words.some((word) => /^(tcp|udp|icmp|icmpv6|proto)$/i.test(word))) {
    throw new UsageError(
      'the packet came in pieces: put it in quotes, because the shell takes ">" for the name of a file to write',
    );
  }
  if (words.length < 2 || packet.trim() === '') {
    const isPacket = packet.includes('>');
    throw new UsageError(
      isPacket
        ? `no snapshot given: write igwalk trace SNAPSHOT '${packet}'`
        : `no packet given: write igwalk trace ${words[0]} 'tcp 203.0.113.7:40000 > 10.0.1.10:443'`,
    );
  }
  return { paths: words.slice(0, -1), packet };
}

async function judge({ verdict }: Trace, { expect, allowUnknown }: TraceOptions, context: Context): Promise<number> {
  if (expect === verdict) return HOLDS;
  if (verdict === 'unknown') return allowUnknown ? HOLDS : UNKNOWN;
  if (expect === undefined) return HOLDS;
  await context.remark([line(0, `expected ${expect}, but the verdict is ${verdict}`)]);
  return FAILS;
}
