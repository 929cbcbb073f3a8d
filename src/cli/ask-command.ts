/** `igwalk ask`: questions as JSON lines on standard input, an answer line for each, in order, as they come in. */

import type { Command } from 'commander';
import type { Net } from '../explain/net.ts';
import { type AnswerJson, answerJson, type BriefAnswerJson, briefAnswerJson } from '../present/answer-json.ts';
import { jsonLine } from '../present/json-text.ts';
import { line } from '../present/layout.ts';
import { type BriefReachJson, briefReachJson, type ReachJson, reachJson } from '../present/reach-json.ts';
import { ASSUME_FLAGS, ASSUME_HELP, parseAssumption } from './assume.ts';
import type { Context } from './context.ts';
import { CANNOT_RUN, HOLDS, UNKNOWN, worst } from './exit-code.ts';
import { type InputLine, inputLines } from './input-lines.ts';
import { terminalOf } from './io.ts';
import { addLimits, parseCount } from './limit-options.ts';
import { type LineError, lineErrorOf, parseQuestionLine, type QuestionId, type QuestionLine } from './question-line.ts';
import { MAX_PAIRS_FLAGS, MAX_PAIRS_HELP, reachOptionsIn } from './reach-options.ts';
import { openSnapshot, type SnapshotOptions } from './snapshot.ts';
import { UsageError } from './usage-error.ts';

interface AskOptions extends SnapshotOptions {
  readonly allowUnknown?: boolean;
  readonly brief?: boolean;
  readonly maxPairs?: number;
}

export function addAsk(program: Command, context: Context): void {
  const command = program
    .command('ask')
    .summary('JSON lines in, JSON lines out')
    .description('Reads one question a line from standard input and writes one answer a line, in order.')
    .argument('<snapshot...>', 'files and folders of describe-* JSON, merged')
    .option(ASSUME_FLAGS, ASSUME_HELP, parseAssumption)
    .option('--allow-unknown', 'exit with 0 when answers are unknown')
    .option(MAX_PAIRS_FLAGS, MAX_PAIRS_HELP, parseCount)
    .option('--brief', 'leave out the hops and the groups');
  addLimits(command)
    .addHelpText(
      'after',
      `
Lines:
  {"id":"q1","packet":"tcp 203.0.113.7:40000 > 10.0.1.10:443"}
  {"id":"q1","verdict":"delivered","forward":{...},"reply":{...},"assumptions":[],"unknowns":[],"notes":[]}
  {"id":"q2","from":"internet","to":"tag:role=web","service":"tcp/443"}
  {"id":"q2","verdict":"all","question":{...},"groups":[...],"pairs":2,"assumptions":[],"unknowns":[],"notes":[]}
  {"id":"q3","error":{"message":"...","position":4,"suggestions":["..."]}}

A line that cannot be answered gets an error in its place, the run goes on, and the exit code is 2.

"service" may be left out (anything), "clientPorts" added (see igwalk reach --client-ports).

Examples:
  echo '{"id":1,"packet":"tcp 203.0.113.7:40000 > 198.51.100.10:443"}' | igwalk ask snapshot/
  igwalk ask snapshot/ --brief < questions.jsonl | jq -r 'select(.verdict != "delivered").id'`,
    )
    .action((paths: readonly string[], options: AskOptions) => ask(paths, options, context));
}

type AnswerLine = { readonly id: QuestionId; readonly error: LineError } | ({ readonly id: QuestionId } & Answer);

type Answer = AnswerJson | BriefAnswerJson | ReachJson | BriefReachJson;

async function ask(paths: readonly string[], options: AskOptions, context: Context): Promise<void> {
  const net = await openSnapshot(paths, options, context);
  if (terminalOf(context.io.stdin) !== null) {
    await context.remark([line(0, 'reading questions from the terminal, one a line; Ctrl-D ends')]);
  }
  const codes = new Set<number>();
  let asked = 0;
  for await (const lines of inputLines(context.io.stdin)) {
    const answers = lines.filter(isQuestion).map(({ text }) => answerTo(text, net, options));
    asked += answers.length;
    for (const answer of answers) codes.add(codeOf(answer, options));
    await context.out.write(answers.map((answer) => `${jsonLine(answer)}\n`).join(''));
    if (!context.out.isOpen) break;
  }
  if (asked === 0) throw new UsageError('nothing was asked: standard input holds no question');
  context.exitCode = worst(codes);
}

/** Empty lines are no questions. */
function isQuestion({ text }: InputLine): boolean {
  return text === null || text.trim() !== '';
}

function answerTo(text: string | null, net: Net, options: AskOptions): AnswerLine {
  const question = parseQuestionLine(text);
  const { id } = question;
  if (question.kind === 'malformed') return { id, error: question.error };
  try {
    return { id, ...answered(question, net, options) };
  } catch (error) {
    return { id, error: lineErrorOf(error) };
  }
}

type WellFormed = Exclude<QuestionLine, { readonly kind: 'malformed' }>;

function answered(asked: WellFormed, net: Net, { brief = false, maxPairs }: AskOptions): Answer {
  if (asked.kind === 'packet') {
    const trace = net.walk(asked.packet);
    return brief ? briefAnswerJson(trace) : answerJson(trace);
  }
  const { question, clientPorts } = asked;
  const answer = net.reach(question, reachOptionsIn({ clientPorts, maxPairs }));
  return brief ? briefReachJson(answer) : reachJson(answer);
}

function codeOf(answer: AnswerLine, { allowUnknown }: AskOptions): number {
  if ('error' in answer) return CANNOT_RUN;
  return answer.verdict === 'unknown' && !allowUnknown ? UNKNOWN : HOLDS;
}
