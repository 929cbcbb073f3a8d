/** Numbers for new entries of a network ACL: free ones in front of those that would decide otherwise. */

import { CLOSING_V4, type NetworkAcl } from '../model/network-acl.ts';

/** People leave this much room between entries. */
const STEP = 10;

/**
 * The free number nearest to an entry that the new one has to stand in front of, or null where every number below it is taken.
 * In front of the closing entry: behind all others.
 */
export function numberBefore(
  acl: NetworkAcl,
  direction: 'in' | 'out',
  before: number,
  taken: ReadonlySet<number>,
): number | null {
  const used = new Set(taken);
  for (const entry of acl.entries) if (entry.direction === direction) used.add(entry.number);
  for (const entry of acl.unreadable)
    if (entry.direction !== (direction === 'in' ? 'out' : 'in')) used.add(entry.number);
  if (before >= CLOSING_V4) {
    const last = Math.max(0, ...[...used].filter((number) => number < CLOSING_V4));
    const next = (Math.floor(last / STEP) + 1) * STEP;
    if (next < CLOSING_V4) return next;
  }
  for (let number = Math.min(before, CLOSING_V4) - 1; number > 0; number--) if (!used.has(number)) return number;
  return null;
}
