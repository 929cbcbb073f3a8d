/** Proposals in the order in which people should read them. */

import type { Proposal } from './explain-answer.ts';

/** Fewest changes first, then those that change least else; what could not be counted comes after what could. */
export function ranked(proposals: readonly Proposal[]): readonly Proposal[] {
  const besides = ({ collateral }: Proposal): number =>
    collateral.kind === 'counted' ? collateral.opens.pairs + collateral.closes.pairs : Number.POSITIVE_INFINITY;
  return proposals.toSorted((a, b) => a.size - b.size || compare(besides(a), besides(b)));
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
