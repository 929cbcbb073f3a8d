/** Words of a POSIX shell. */

/** The word as it is where the shell gives no character of it a meaning, else in single quotes. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
