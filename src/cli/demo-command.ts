/** `igwalk demo`: questions about the sample network, answered, and how to ask one's own. */

import { access } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { EMPTY_LINE, type Line, line, span } from '../present/layout.ts';
import { resourceNames } from '../present/resource-names.ts';
import { traceLines } from '../present/trace-text.ts';
import type { Context } from './context.ts';
import { DEMO_QUESTIONS } from './demo-questions.ts';
import { openSnapshot } from './snapshot.ts';
import { UsageError } from './usage-error.ts';

export function addDemo(program: Command, context: Context): void {
  program
    .command('demo')
    .summary('questions about a sample network (the default)')
    .description('Answers a dozen questions about a sample network and shows how to ask your own.')
    .action(() => demo(context));
}

async function demo(context: Context): Promise<void> {
  const sample = await samplePath();
  const net = await openSnapshot([sample], {}, context);
  const names = resourceNames(net.network);
  for (const [index, { title, packet }] of DEMO_QUESTIONS.entries()) {
    await context.print([line(0, span(`${index + 1}. ${title}`, 'change')), EMPTY_LINE]);
    await context.print([...traceLines(net.walk(packet), { names }), EMPTY_LINE, EMPTY_LINE]);
  }
  await context.print(nextSteps(relative('', sample), context.io.env));
}

/** The sample network lies beside the folder of the built file, or further up beside that of the source. */
async function samplePath(): Promise<string> {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    const sample = join(folder, 'corpus', 'sample');
    try {
      await access(sample);
      return sample;
    } catch {
      // Not in this folder: look further up.
    }
  }
  throw new UsageError(`the sample network corpus/sample is nowhere above ${start}: run "igwalk --help" instead`);
}

/** `npm start` hands its arguments on after `--`; whoever came in that way is told so. */
function nextSteps(sample: string, env: Readonly<Record<string, string | undefined>>): readonly Line[] {
  const igwalk = env.npm_lifecycle_event === 'start' ? 'npm start --' : 'igwalk';
  const { packet } = DEMO_QUESTIONS[0]!;
  return [
    line(0, span('ask your own', 'strong')),
    line(2, `${igwalk} trace ${sample} '${packet}' --sources`),
    line(2, `${igwalk} inspect ${sample}`),
    line(2, `${igwalk} --help`),
  ];
}
