/** Text from the input, made safe to print. */

/** Control, format (bidi marks, zero-width characters, tags), surrogate, private-use and line-separator characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/**
 * The text with every character that could move the cursor, recolour the terminal, reorder what follows or hide itself written
 * out as `\u{202e}`. Written out and not dropped: two names that differ only in such a character must not look the same.
 */
export function visible(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
