/** Kinds of ends, divided by the groups that their members carry where the other end's rules name some of them. */

import type { NamedGroups } from '../reach/views.ts';
import type { EndClass } from './end-classes.ts';
import type { Sender, Target } from './reach-ends.ts';

/** A kind of end, ready to be divided again and again. */
export interface DivisibleKind<T extends Sender | Target> {
  /** The kind undivided. */
  readonly whole: readonly EndClass<T>[];
  /** Groups that some member carries, ascending. */
  readonly carried: Int32Array;
  /** Divisions that were made, so that equal parts are one array: by the groups that some of the members carry. */
  readonly divisions: Map<string, readonly EndClass<T>[]>;
}

export function divisibleKind<T extends Sender | Target>(
  members: EndClass<T>,
  groupsOfInterface: readonly Int32Array[],
): DivisibleKind<T> {
  const carried = new Set<number>();
  for (const { held } of members) for (const group of groupsOfInterface[held!.eni]!) carried.add(group);
  return { whole: [members], carried: Int32Array.from(carried).sort(), divisions: new Map() };
}

/** How the members divide, by the groups that are named: into parts that carry the same of them; the whole where nobody carries any. */
export function divisionOf<T extends Sender | Target>(
  kind: DivisibleKind<T>,
  named: NamedGroups,
  groupsOfInterface: readonly Int32Array[],
): readonly EndClass<T>[] {
  if (areApart(kind.carried, named)) return kind.whole;
  const relevant = new Set(kind.carried.filter((group) => named.includes(group)));
  const key = [...relevant].join();
  const known = kind.divisions.get(key);
  if (known !== undefined) return known;
  const parts = partsOf(kind.whole[0]!, relevant, groupsOfInterface);
  const division = parts.length === 1 ? kind.whole : parts;
  kind.divisions.set(key, division);
  return division;
}

/** Whether no group is in both lists. Groups of one VPC stand together, so that the ends of the lists mostly tell. */
export function areApart(some: NamedGroups, others: NamedGroups): boolean {
  if (some.length === 0 || others.length === 0) return true;
  if (some[some.length - 1]! < others[0]! || others[others.length - 1]! < some[0]!) return true;
  for (let i = 0, j = 0; i < some.length && j < others.length; ) {
    if (some[i] === others[j]) return false;
    if (some[i]! < others[j]!) i++;
    else j++;
  }
  return true;
}

function partsOf<T extends Sender | Target>(
  members: EndClass<T>,
  relevant: ReadonlySet<number>,
  groupsOfInterface: readonly Int32Array[],
): readonly EndClass<T>[] {
  const parts = new Map<string, T[]>();
  for (const member of members) {
    const key = groupsOfInterface[member.held!.eni]!.filter((group) => relevant.has(group)).join();
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [member]);
    else part.push(member);
  }
  return [...parts.values()];
}
