/** The command line. Importing it does nothing; running it as a program does. */

import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError, type OutputConfiguration } from 'commander';
import { visible } from '../present/visible.ts';
import { addAsk } from './ask-command.ts';
import { Context } from './context.ts';
import { addDemo } from './demo-command.ts';
import { addDiff } from './diff-command.ts';
import { CANNOT_RUN, HOLDS } from './exit-code.ts';
import { addExplain } from './explain-command.ts';
import { addExposure } from './exposure-command.ts';
import { failureLines } from './failure.ts';
import { addInspect } from './inspect-command.ts';
import { type Io, terminalOf } from './io.ts';
import { addLint } from './lint-command.ts';
import { addMatrix } from './matrix-command.ts';
import { addReach } from './reach-command.ts';
import { addSession } from './session-command.ts';
import { addTrace } from './trace-command.ts';
import { VERSION } from './version.ts';

/** Carries out a command line (without program names) and resolves to the exit code. Never throws, never ends the process. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const context = new Context(io);
  try {
    await programFor(context).parseAsync(argv.length === 0 ? ['demo'] : argv, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    // Commander has said already what is wrong with the arguments; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? HOLDS : CANNOT_RUN;
    await context.remark(failureLines(error));
    return CANNOT_RUN;
  }
}

function programFor(context: Context): Command {
  const program = new Command('igwalk')
    .description('Walks packets through AWS VPCs, offline, and says what happens to them and why.')
    .usage('[command] [options]')
    .version(VERSION)
    .option('--no-color', 'no colours (the same as NO_COLOR=1)')
    .helpCommand(true)
    .showSuggestionAfterError()
    .showHelpAfterError('add --help to see how it is written')
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${command.usage()}` })
    .exitOverride()
    .configureOutput(outputOf(context))
    .hook('preAction', (_, action) => {
      context.colourAllowed = action.optsWithGlobals<{ readonly color: boolean }>().color;
    })
    .addHelpText(
      'after',
      `
Exit codes:
  0  everything asked holds
  1  an expectation does not hold
  2  could not run, or some question could not be answered
  3  some answer is unknown because facts are missing (--allow-unknown makes it 0)

Without a command, igwalk answers questions about a sample network.`,
    );
  addInspect(program, context);
  addTrace(program, context);
  addReach(program, context);
  addExposure(program, context);
  addMatrix(program, context);
  addDiff(program, context);
  addLint(program, context);
  addExplain(program, context);
  addAsk(program, context);
  addSession(program, context);
  addDemo(program, context);
  return program;
}

function outputOf({ io }: Context): OutputConfiguration {
  const { stdout, stderr } = io;
  return {
    writeOut: (text) => stdout.write(text),
    // What it quotes came from the command line, and may have been pasted.
    writeErr: (text) => stderr.write(text.split('\n').map(visible).join('\n')),
    getOutHelpWidth: () => terminalOf(stdout)?.columns ?? 100,
    getErrHelpWidth: () => terminalOf(stderr)?.columns ?? 100,
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  };
}

/** Whether this file was started, by its own name or through a link in a bin folder. */
function isProgram(): boolean {
  const [, started] = process.argv;
  if (started === undefined) return false;
  try {
    return realpathSync(started) === fileURLToPath(import.meta.url);
  } catch {
    return false;
  }
}

if (isProgram()) {
  const { stdin, stdout, stderr, env } = process;
  process.exitCode = await run(process.argv.slice(2), { stdin, stdout, stderr, env });
  // Input that nobody wants any more would keep the process alive.
  stdin.destroy();
}
