/** How many pairs of places two classes of ends are. */

import type { EndClass } from './diff-classes.ts';

/** Pairs of members that are no question about one interface. */
export function pairsIn(from: EndClass, to: EndClass): number {
  const all = from.members.length * to.members.length;
  return all - (all < FEW_PAIRS ? ownAmongFew(from, to) : ownAmong(from, to));
}

/** Fewer pairs than this are looked at one by one. */
const FEW_PAIRS = 64;

function ownAmongFew(from: EndClass, to: EndClass): number {
  let own = 0;
  for (const one of from.members) {
    for (const other of to.members) {
      const isOne =
        one.before?.sender.held?.eni === other.before?.sender.held?.eni &&
        one.after?.sender.held?.eni === other.after?.sender.held?.eni;
      if (isOne) own++;
    }
  }
  return own;
}

function ownAmong(from: EndClass, to: EndClass): number {
  const [few, many] = [from, to].map(interfacesOf).sort((a, b) => a.size - b.size);
  let own = 0;
  for (const [key, count] of few!) own += count * (many!.get(key) ?? 0);
  return own;
}

const INTERFACES = new WeakMap<EndClass, ReadonlyMap<string, number>>();

/** How many members are of each interface. */
function interfacesOf(ends: EndClass): ReadonlyMap<string, number> {
  const known = INTERFACES.get(ends);
  if (known !== undefined) return known;
  const counts = new Map<string, number>();
  for (const { before, after } of ends.members) {
    const key = `${before?.sender.held?.eni} ${after?.sender.held?.eni}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  INTERFACES.set(ends, counts);
  return counts;
}
