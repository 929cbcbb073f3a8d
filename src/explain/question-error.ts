/** A question that cannot be asked of this network: it does not parse, or it names what is not there. */

export class QuestionError extends Error {
  override readonly name: string = 'QuestionError';
  /** Offset into the question where it goes wrong, or null. */
  readonly position: number | null;
  /** What the asker may have meant. */
  readonly suggestions: readonly string[];

  constructor(message: string, position: number | null = null, suggestions: readonly string[] = []) {
    super(message);
    this.position = position;
    this.suggestions = suggestions;
  }
}

/** A question that names places and packets, and no packet of those places. */
export class NothingAskedError extends QuestionError {}
