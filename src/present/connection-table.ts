/** Tracked connections as a table, one a line. */

import type { ConnectionRow } from '../explain/session.ts';
import { duration } from './duration-text.ts';
import { type Line, line, pad, span, widestOf } from './layout.ts';

const HEADINGS = ['interface', 'protocol', 'opened by', 'answered by', 'state', 'idle', 'expires in'] as const;

export function connectionLines(rows: readonly ConnectionRow[], indent: number): readonly Line[] {
  if (rows.length === 0) return [line(indent, span('no tracked connections', 'faint'))];
  const cells = rows.map((row) => [
    row.eni,
    row.protocol,
    row.originator,
    row.responder,
    row.state,
    duration(row.idleSeconds),
    duration(row.expiresIn),
  ]);
  const columns = HEADINGS.map((heading, at) => widestOf([heading, ...cells.map((row) => row[at]!)]) + 2);
  const laidOut = (row: readonly string[]): string => row.map((cell, at) => pad(cell, columns[at]!)).join('');
  return [line(indent, span(laidOut(HEADINGS), 'faint')), ...cells.map((row) => line(indent, laidOut(row)))];
}
