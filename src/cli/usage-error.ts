/** A command that cannot be carried out as it was given: the user can see why and change it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly suggestions: readonly string[];

  constructor(message: string, suggestions: readonly string[] = []) {
    super(message);
    this.suggestions = suggestions;
  }
}
