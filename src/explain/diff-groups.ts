/** Pairs of classes with an equal difference, told as groups: every one of the senders with every one of the targets. */

import { addressSet, NO_ADDRESSES, prefixesOf, unionAddresses } from '../net/address-set.ts';
import { formatPrefix } from '../net/address-text.ts';
import { hostPrefix } from '../net/prefix.ts';
import type { EndClass } from './diff-classes.ts';
import type { DiffEnd } from './diff-ends.ts';

/** A difference between two classes of ends. */
export interface ClassDifference<T> {
  readonly from: EndClass;
  readonly to: EndClass;
  readonly difference: T;
}

export interface DifferenceGroup<T> {
  readonly from: readonly DiffEnd[];
  readonly to: readonly DiffEnd[];
  /** Of the pair of classes that comes first. */
  readonly difference: T;
  readonly pairs: readonly ClassDifference<T>[];
}

/** Equal keys together; inside, senders with equal targets, so that a group is a true product of its two sides. */
export function groupDifferences<T>(
  found: readonly ClassDifference<T>[],
  keyOf: (difference: T) => string,
): readonly DifferenceGroup<T>[] {
  const numbers = new Map<EndClass, number>();
  const numberOf = (end: EndClass): number => {
    const known = numbers.get(end) ?? numbers.size;
    numbers.set(end, known);
    return known;
  };
  return [...groupBy(found, ({ difference }) => keyOf(difference)).values()].flatMap((alike) => {
    const bySender = groupBy(alike, ({ from }) => String(numberOf(from)));
    const products = groupBy([...bySender.values()], (rows) =>
      rows
        .map(({ to }) => numberOf(to))
        .sort()
        .join(),
    );
    return [...products.values()].map((rows) => ({
      from: rows.flatMap((row) => row[0]!.from.members),
      to: rows[0]!.flatMap(({ to }) => to.members),
      difference: rows[0]![0]!.difference,
      pairs: rows.flat(),
    }));
  });
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** The pieces of the internet among these ends, as the fewest prefixes. */
export function internetAmong(ends: readonly DiffEnd[]): readonly string[] {
  const pieces = ends.flatMap(({ before, after }) => (after ?? before)?.sender.piece ?? []);
  // All at once: pieces are many, and every union sorts.
  const merged = unionAddresses(NO_ADDRESSES.concat(pieces), addressSet(pieces.map(({ first }) => hostPrefix(first))));
  return prefixesOf(merged).map(formatPrefix);
}
