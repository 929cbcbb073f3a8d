/** Text from outside as a message may show it: on one line, in one colour, not too long. */

/** Characters that would break the line, recolour it, or turn its direction. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

const LONGEST = 80;

/** Every character that cannot be seen as a dot in its place. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => '·'.repeat(character.length));
}

/** The text in double quotes, cut after eighty characters. */
export function quote(text: string): string {
  return text.length <= LONGEST ? `"${printable(text)}"` : `"${printable(text.slice(0, LONGEST))}…"`;
}
