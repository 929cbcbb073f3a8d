/**
 * Lines of text as data: pieces with a role, an indent, and the column where a line goes on when it has to be broken.
 * Colour and escaping happen in one place, when lines are rendered, so that no text from the input reaches a terminal raw and
 * no colour code is ever counted as width.
 */

import { type Palette, PLAIN, type Role } from './palette.ts';
import { visible } from './visible.ts';

export interface Span {
  readonly text: string;
  readonly role: Role;
}

export interface Line {
  /** Columns of empty space before the first piece. */
  readonly indent: number;
  readonly spans: readonly Span[];
  /** Column, counted from the indent, at which the rest of a broken line starts. */
  readonly hang: number;
}

export interface Rendering {
  readonly palette: Palette;
  /** Columns to break lines at; null leaves them whole, as a pipe wants them. */
  readonly width: number | null;
}

export const PLAIN_RENDERING: Rendering = { palette: PLAIN, width: null };

/** Narrower than this, breaking lines makes them harder to read, not easier. */
const LEAST_TEXT_WIDTH = 24;

export const EMPTY_LINE: Line = { indent: 0, spans: [], hang: 0 };

export function span(text: string, role: Role = 'plain'): Span {
  return { text, role };
}

/** A line of pieces; strings are plain ones. It goes on, when broken, two columns to the right of its start. */
export function line(indent: number, ...pieces: readonly (string | Span)[]): Line {
  return { indent, spans: pieces.map((piece) => (typeof piece === 'string' ? span(piece) : piece)), hang: 2 };
}

/** A line whose first piece is a label in a column of its own, under which nothing else stands. */
export function labelled(indent: number, label: Span, columns: number, ...pieces: readonly (string | Span)[]): Line {
  const padded = span(pad(label.text, columns), label.role);
  return { ...line(indent, padded, ...pieces), hang: columns };
}

/** The text with spaces up to this many columns; text that is as long already gets one space. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(1, columns - widthOf(text)));
}

/** Columns that the text takes once it is made safe to print. */
export function widthOf(text: string): number {
  return [...visible(text)].length;
}

/** Columns of the widest text; zero where there is none. */
export function widestOf(texts: readonly string[]): number {
  return texts.reduce((widest, text) => Math.max(widest, widthOf(text)), 0);
}

/** The lines as text, each closed by a line feed. */
export function render(lines: readonly Line[], rendering: Rendering = PLAIN_RENDERING): string {
  return lines.map((one) => `${renderLine(one, rendering)}\n`).join('');
}

function renderLine({ indent, spans, hang }: Line, { palette, width }: Rendering): string {
  const whole = width === null || width - indent - hang < LEAST_TEXT_WIDTH;
  let text = ' '.repeat(spans.length === 0 ? 0 : indent);
  let column = indent;
  for (const { text: raw, role } of spans) {
    for (const word of visible(raw).split(/(?<= )(?=[^ ])/)) {
      const columns = [...word.trimEnd()].length;
      if (!whole && column + columns > width && column > indent + hang) {
        text = `${text.trimEnd()}\n${' '.repeat(indent + hang)}`;
        column = indent + hang;
      }
      text += word === '' ? '' : palette[role](word);
      column += [...word].length;
    }
  }
  return text.trimEnd();
}
