/** What a set of a decision diagram holds: one point, how many, all of them as boxes; and how large the set is as a diagram. */

import { type Box, type DecisionDiagram, EVERY_POINT, NO_POINT, type PointSetId } from './decision-diagram.ts';

/** The first point in the order of the fields, or null when there is none. */
export function firstPoint(diagram: DecisionDiagram, set: PointSetId): readonly number[] | null {
  if (set === NO_POINT) return null;
  const point = diagram.sizes.map(() => 0);
  for (let node = set; node !== EVERY_POINT; ) {
    // No node but NO_POINT itself is empty, and neighbours differ: the first or the second edge leads on.
    const { field, first, child } = diagram.edgesOf(node).find((edge) => edge.child !== NO_POINT)!;
    point[field] = first;
    node = child;
  }
  return point;
}

/** How many points the values of a field from `first` to `last` stand for. */
export type Weigh = (field: number, first: number, last: number) => bigint;

/** The number of points, by default one for each value. */
export function countPoints(diagram: DecisionDiagram, set: PointSetId, weigh: Weigh = eachOnce): bigint {
  const whole = diagram.sizes.map((size, field) => weigh(field, 0, size - 1));
  const known = new Map<PointSetId, bigint>();
  /** Points of the set over the fields from `field` on. */
  const countFrom = (field: number, node: PointSetId): bigint => {
    if (node === NO_POINT) return 0n;
    const edges = node === EVERY_POINT ? [] : diagram.edgesOf(node);
    const own = edges[0]?.field ?? whole.length;
    let total = known.get(node);
    if (total === undefined) {
      total = node === EVERY_POINT ? 1n : 0n;
      for (const { first, last, child } of edges) total += weigh(own, first, last) * countFrom(own + 1, child);
      known.set(node, total);
    }
    // Nothing depends on the fields in between.
    for (let free = field; free < own; free++) total *= whole[free]!;
    return total;
  };
  return countFrom(0, set);
}

function eachOnce(_field: number, first: number, last: number): bigint {
  return BigInt(last - first + 1);
}

/** Disjoint boxes that make up the set, in ascending order. Throws a RangeError when there are more than `limit`. */
export function boxesOf(diagram: DecisionDiagram, set: PointSetId, limit: number): readonly Box[] {
  const found: Box[] = [];
  const list = (node: PointSetId, box: Box): void => {
    if (node === NO_POINT) return;
    if (node === EVERY_POINT) {
      if (found.length === limit) throw new RangeError(`the set has more boxes than the limit of ${limit}`);
      found.push(box);
      return;
    }
    for (const { field, first, last, child } of diagram.edgesOf(node)) list(child, box.with(field, { first, last }));
  };
  list(
    set,
    diagram.sizes.map((size) => ({ first: 0, last: size - 1 })),
  );
  return found;
}

/** Nodes and edges of one set, the two ends left out. */
export function extentOf(
  diagram: DecisionDiagram,
  set: PointSetId,
): { readonly nodes: number; readonly edges: number } {
  const seen = new Set<PointSetId>([NO_POINT, EVERY_POINT]);
  let edges = 0;
  const visit = (node: PointSetId): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const { child } of diagram.edgesOf(node)) {
      edges++;
      visit(child);
    }
  };
  visit(set);
  return { nodes: seen.size - 2, edges };
}
