/** Where in the input something was read. */

export interface Origin {
  /** Path relative to the snapshot, with forward slashes. */
  readonly file: string;
  /** RFC 6901 JSON pointer into that file; empty for the whole document. */
  readonly pointer: string;
}

export function formatOrigin(origin: Origin): string {
  return `${origin.file}#${origin.pointer}`;
}

/** The origin of a member of what `origin` points at; `/` and `~` in names are escaped (RFC 6901 §3). */
export function originOf(origin: Origin, ...path: readonly (string | number)[]): Origin {
  const steps = path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`);
  return { file: origin.file, pointer: origin.pointer + steps.join('') };
}
