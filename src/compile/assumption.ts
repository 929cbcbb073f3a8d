/**
 * Readings of undocumented behaviour, as bits. A stage, row or entry that rests on a reading carries its bit; a walk collects
 * them, and every answer names them (`OPEN-nn` of the semantics document, numbers 1 to 32).
 */

export const NO_ASSUMPTION = 0;

/** The bit of OPEN-`number`. */
export function open(number: number): number {
  return 1 << (number - 1);
}

/** `OPEN-05`, `OPEN-16`, ... in order, for the bits that are set. */
export function assumptionIds(bits: number): readonly string[] {
  const ids: string[] = [];
  for (let number = 1; number <= 32; number++) {
    if ((bits & open(number)) !== 0) ids.push(`OPEN-${String(number).padStart(2, '0')}`);
  }
  return ids;
}
