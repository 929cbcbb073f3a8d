/** A rule replaced by what is left of it: the ports beside those that are to be closed, for the same peer. */

import type { Network } from '../model/network.ts';
import { type IntervalSet, subtractIntervals } from '../net/interval-set.ts';
import { hasPorts } from '../net/protocol.ts';
import type { L4Id, L4Sets } from '../reach/l4-sets.ts';
import type { Change } from './change.ts';
import { groupWithRule } from './change-rule.ts';

/** More rules than this in place of one are nothing that anyone would want. */
const MOST_PARTS = 3;

/**
 * Removals with rules added for the ports that stay; null where that leaves nothing to add, or where some rule has no ports (all traffic,
 * ICMP) or would fall into many.
 */
export function narrowed(
  network: Network,
  sets: L4Sets,
  rules: readonly string[],
  closed: L4Id,
): readonly Change[] | null {
  // What stays is added before anything goes, so that it is never shut in between.
  const changes: Change[] = [];
  for (const id of rules) {
    const group = groupWithRule(network, id);
    const rule = group?.rules.find((candidate) => candidate.id === id);
    if (group === undefined || rule === undefined || rule.traffic === null) return null;
    const { traffic, direction, peer } = rule;
    const { protocol, firstPortOrIcmp: first, lastPortOrIcmp: last } = traffic;
    if (!hasPorts(protocol)) return null;
    const left: IntervalSet = subtractIntervals([{ first, last }], sets.ports(closed, protocol));
    if (left.length > MOST_PARTS) return null;
    for (const part of left) {
      const rest = { protocol, firstPortOrIcmp: part.first, lastPortOrIcmp: part.last };
      changes.push({ kind: 'add-group-rule', group: group.id, rule: { direction, traffic: rest, peer } });
    }
  }
  if (changes.length === 0) return null;
  return [...changes, ...rules.map((rule): Change => ({ kind: 'remove-rule', rule }))];
}
