/** `--edit 'allow sg-1 in tcp/443 from 10.0.0.0/8'`: what-if on the command line. */

export const EDIT_FLAGS = '--edit <change>';
export const EDIT_HELP = 'what if: change the network first, in words that "igwalk diff --help" lists (repeatable)';

/** Adds one `--edit` to those before it. */
export function addEdit(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
