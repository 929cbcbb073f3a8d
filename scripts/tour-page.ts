/**
 * `docs/tour.md`: one part of AWS after the other, with a question and its answer. The text of the page is kept by hand; what the
 * commands in it print is not. `npm run docs` writes the outputs, a test compares them.
 */

/** What a command printed. */
export interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command, its output below it. */
const EXAMPLE = /^```sh\nigwalk (.*)\n```\n\n```text\n([\s\S]*?)^```$/gm;

/** The page with each output replaced by what `ask` gives for its command. Throws where a command fails or is not quoted as a shell would have it. */
export async function tourPage(page: string, ask: (argv: readonly string[]) => Promise<Printed>): Promise<string> {
  let written = '';
  let end = 0;
  for (const { 0: example, 1: command, index } of page.matchAll(EXAMPLE)) {
    const { code, stdout, stderr } = await ask(argumentsOf(command!));
    if (code !== 0 || stderr !== '') throw new Error(`igwalk ${command} ends with ${code}: ${stderr}`);
    written += `${page.slice(end, index)}\`\`\`sh\nigwalk ${command}\n\`\`\`\n\n\`\`\`text\n${stdout}\`\`\``;
    end = index + example.length;
  }
  return written + page.slice(end);
}

/** The commands of the page, each as its arguments. */
export function tourCommands(page: string): readonly (readonly string[])[] {
  return [...page.matchAll(EXAMPLE)].map(([, command]) => argumentsOf(command!));
}

/** Words, or anything between single quotes. */
function argumentsOf(command: string): readonly string[] {
  if (!/^(?:'[^']*'|[\w./:=-]+)(?: (?:'[^']*'|[\w./:=-]+))*$/.test(command)) {
    throw new Error(`${command}: put single quotes around every argument that is not a plain word`);
  }
  return [...command.matchAll(/'([^']*)'|[^' ]+/g)].map(([word, quoted]) => quoted ?? word);
}
