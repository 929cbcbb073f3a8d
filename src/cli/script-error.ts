/** What is wrong with a session script, and on which line. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
  readonly suggestions: readonly string[];

  constructor(file: string, line: number, what: string, suggestions: readonly string[] = []) {
    super(`${file}:${line}: ${what}`);
    this.suggestions = suggestions;
  }
}
