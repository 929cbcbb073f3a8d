/** JSON as text that is safe to print: the same value, with every character that a terminal might obey escaped. */

/** What `JSON.stringify` leaves raw: C1 controls, bidi marks, zero-width characters, line separators. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** One line without the line feed. */
export function jsonLine(value: unknown): string {
  return escapeUnprintable(JSON.stringify(value));
}

/** Indented by two spaces, without the last line feed. */
export function jsonDocument(value: unknown): string {
  return JSON.stringify(value, null, 2).split('\n').map(escapeUnprintable).join('\n');
}

function escapeUnprintable(json: string): string {
  return json.replace(UNPRINTABLE, (character) => character.split('').map(escapedUnit).join(''));
}

/** One UTF-16 unit as JSON escapes it; characters outside the basic plane are two of them. */
function escapedUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
