/** All pairs of places as a table: one row a pair, every value a text. */

import { type MatrixAnswer, matrixRows } from '../explain/matrix-answer.ts';
import type { Place } from '../explain/trace.ts';

export const MATRIX_COLUMNS: readonly string[] = [
  'from',
  'from_name',
  'to',
  'to_name',
  'family',
  'verdict',
  'arrives',
  'answered',
  'client_ports',
  'open',
];

/** The internet is told by its addresses. */
export function* matrixTable(answer: MatrixAnswer): Generator<readonly string[]> {
  for (const { from, fromAddresses, to, toAddresses, family, behaviour } of matrixRows(answer)) {
    yield [
      idOf(from, fromAddresses),
      from.name ?? '',
      idOf(to, toAddresses),
      to.name ?? '',
      `ipv${family}`,
      behaviour.verdict,
      ...[behaviour.forward, behaviour.roundTrip, behaviour.clientPorts, behaviour.open].map((words) =>
        words.join('; '),
      ),
    ];
  }
}

function idOf(place: Place, addresses: readonly string[]): string {
  return addresses.length === 0 ? place.id : addresses.join(' ');
}
