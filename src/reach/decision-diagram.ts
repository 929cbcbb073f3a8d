/**
 * Sets of points with several fields, such as packets, exactly and whatever their shape: an interval decision diagram.
 *
 * A set is a node. Its edges split the values of one field into runs, and each leads to the set that the fields after it may form; a
 * field on which nothing depends is left out. Built this way equal sets are one node, so that comparing is `===`, and an
 * operation on two nodes is done once.
 *
 *     tcp 443 from 10.0.0.0/8:   source -[10.0.0.0-10.255.255.255]-> protocol -[6]-> port -[443]-> EVERY_POINT
 *                                and from each of the three to NO_POINT for any other value
 */

import type { Interval } from '../net/interval-set.ts';
import { type NodeId, NodeTable } from './node-table.ts';
import { OperationMemo } from './operation-memo.ts';

/** A set of one diagram, by index. Ids of different diagrams have nothing to do with each other. */
export type PointSetId = NodeId;

export const NO_POINT: PointSetId = 0;
export const EVERY_POINT: PointSetId = 1;
/** Where no rule of a list has decided yet. Never in a set that leaves this file. */
const UNDECIDED = 2;

/** An inclusive range for each field. */
export type Box = readonly Interval[];

export interface BoxRule {
  readonly allows: boolean;
  readonly box: Box;
}

/** The points whose `field` is in the range are in the set if what the fields after it say is in `child`. */
export interface Edge extends Interval {
  readonly field: number;
  readonly child: PointSetId;
}

const UNION = 0;
const INTERSECT = 1;
const SUBTRACT = 2;
const OR_ELSE = 3;

/** Most values that a field may have. */
const MOST_VALUES = 2 ** 32;

export class DecisionDiagram {
  /** How many values each field has, from zero up. Earlier fields are asked first. */
  readonly sizes: readonly number[];
  readonly #nodes = new NodeTable();
  readonly #memo = new OperationMemo();
  // Edges of the nodes that are just being made: a stack, since making one node makes those below it.
  readonly #lasts: number[] = [];
  readonly #children: NodeId[] = [];
  #top = 0;

  /** Throws a RangeError on a field of no value, or of more than 2^32. */
  constructor(sizes: readonly number[]) {
    for (const size of sizes) {
      if (!Number.isInteger(size) || size < 1 || size > MOST_VALUES) {
        throw new RangeError(`a field of ${size} values: it may have from 1 to 2^32`);
      }
    }
    this.sizes = sizes;
    // NO_POINT, EVERY_POINT and UNDECIDED, in this order.
    for (let ends = 0; ends < 3; ends++) this.#nodes.addEnd(sizes.length);
  }

  /** Nodes made so far, whether or not a set that is still in use needs them. */
  get size(): number {
    return this.#nodes.size;
  }

  /** All points with every field in its range. Throws a RangeError when a range leaves its field or runs backwards. */
  box(box: Box): PointSetId {
    return this.#box(box, EVERY_POINT, NO_POINT);
  }

  /** What an ordered list allows: the first rule whose box holds a point decides; what no rule holds is denied. */
  firstMatch(rules: readonly BoxRule[]): PointSetId {
    const decided = balanced(
      rules.map(({ allows, box }) => this.#box(box, allows ? EVERY_POINT : NO_POINT, UNDECIDED)),
      UNDECIDED,
      (a, b) => this.#orElse(a, b),
    );
    return this.#orElse(decided, NO_POINT);
  }

  /** What an unordered list of boxes holds. */
  anyMatch(boxes: readonly Box[]): PointSetId {
    return this.unionOf(boxes.map((box) => this.box(box)));
  }

  unionOf(sets: readonly PointSetId[]): PointSetId {
    return balanced(sets, NO_POINT, (a, b) => this.union(a, b));
  }

  union(a: PointSetId, b: PointSetId): PointSetId {
    if (a === b || b === NO_POINT || a === EVERY_POINT) return a;
    if (a === NO_POINT || b === EVERY_POINT) return b;
    return a < b ? this.#combine(UNION, a, b) : this.#combine(UNION, b, a);
  }

  intersect(a: PointSetId, b: PointSetId): PointSetId {
    if (a === b || b === EVERY_POINT || a === NO_POINT) return a;
    if (a === EVERY_POINT || b === NO_POINT) return b;
    return a < b ? this.#combine(INTERSECT, a, b) : this.#combine(INTERSECT, b, a);
  }

  /** What is in `a` and not in `b`. */
  subtract(a: PointSetId, b: PointSetId): PointSetId {
    if (a === b || b === EVERY_POINT || a === NO_POINT) return NO_POINT;
    if (b === NO_POINT) return a;
    return this.#combine(SUBTRACT, a, b);
  }

  /** Throws a RangeError when a value that matters lies outside its field. */
  contains(set: PointSetId, point: readonly number[]): boolean {
    const { fields, starts, lasts, children } = this.#nodes;
    let node = set;
    while (node > UNDECIDED) {
      const value = point[fields[node]!]!;
      let low = starts[node]!;
      let high = starts[node + 1]! - 1;
      if (!(value >= 0 && value <= lasts[high]!)) throw new RangeError(`field ${fields[node]} has no value ${value}`);
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (lasts[middle]! < value) low = middle + 1;
        else high = middle;
      }
      node = children[low]!;
    }
    return node === EVERY_POINT;
  }

  /**
   * A set of another diagram, some of whose values have been split here: `lastOf` says where a run ends here that ends at `last`
   * there. Whole fields must stay whole, and later runs must end later.
   */
  translate(from: DecisionDiagram, set: PointSetId, lastOf: (field: number, last: number) => number): PointSetId {
    const known = new Map<PointSetId, PointSetId>([
      [NO_POINT, NO_POINT],
      [EVERY_POINT, EVERY_POINT],
    ]);
    const translated = (node: PointSetId): PointSetId => {
      const done = known.get(node);
      if (done !== undefined) return done;
      const base = this.#top;
      for (const { field, last, child } of from.edgesOf(node)) this.#push(base, lastOf(field, last), translated(child));
      const result = this.#node(from.#nodes.fields[node]!, base);
      known.set(node, result);
      return result;
    };
    return translated(set);
  }

  /** The edges of a set that is neither NO_POINT nor EVERY_POINT: together they cover one field. */
  edgesOf(set: PointSetId): readonly Edge[] {
    const { fields, starts, lasts, children } = this.#nodes;
    const field = fields[set]!;
    const edges: Edge[] = [];
    for (let edge = starts[set]!, first = 0; edge < starts[set + 1]!; edge++) {
      const last = lasts[edge]!;
      edges.push({ field, first, last, child: children[edge]! });
      first = last + 1;
    }
    return edges;
  }

  #box(box: Box, inside: PointSetId, outside: PointSetId): PointSetId {
    if (box.length !== this.sizes.length) {
      throw new RangeError(`a box of ${box.length} ranges: there are ${this.sizes.length} fields`);
    }
    let set = inside;
    for (let field = this.sizes.length - 1; field >= 0; field--) {
      const { first, last } = box[field]!;
      const end = this.sizes[field]! - 1;
      if (!(Number.isInteger(first) && Number.isInteger(last) && 0 <= first && first <= last && last <= end)) {
        throw new RangeError(`field ${field} of a box is ${first}-${last}: it must be a range within 0-${end}`);
      }
      const base = this.#top;
      if (first > 0) this.#push(base, first - 1, outside);
      this.#push(base, last, set);
      if (last < end) this.#push(base, end, outside);
      set = this.#node(field, base);
    }
    return set;
  }

  /** `a` where it has decided, `b` elsewhere. */
  #orElse(a: PointSetId, b: PointSetId): PointSetId {
    if (a === UNDECIDED) return b;
    if (a < UNDECIDED || a === b || b === UNDECIDED) return a;
    return this.#combine(OR_ELSE, a, b);
  }

  #apply(operation: number, a: PointSetId, b: PointSetId): PointSetId {
    switch (operation) {
      case UNION:
        return this.union(a, b);
      case INTERSECT:
        return this.intersect(a, b);
      case SUBTRACT:
        return this.subtract(a, b);
      default:
        return this.#orElse(a, b);
    }
  }

  /** Walks the edges of both nodes side by side. A node of a later field is the same for all values of the earlier one. */
  #combine(operation: number, a: PointSetId, b: PointSetId): PointSetId {
    const known = this.#memo.get(operation, a, b);
    if (known >= 0) return known;
    // The arrays are replaced when they grow, which they may do below: they are read anew each time.
    const nodes = this.#nodes;
    const field = Math.min(nodes.fields[a]!, nodes.fields[b]!);
    const end = this.sizes[field]! - 1;
    let edgeOfA = nodes.fields[a] === field ? nodes.starts[a]! : -1;
    let edgeOfB = nodes.fields[b] === field ? nodes.starts[b]! : -1;
    const base = this.#top;
    for (let last = -1; last < end; ) {
      const lastOfA = edgeOfA < 0 ? end : nodes.lasts[edgeOfA]!;
      const lastOfB = edgeOfB < 0 ? end : nodes.lasts[edgeOfB]!;
      const childOfA = edgeOfA < 0 ? a : nodes.children[edgeOfA]!;
      const childOfB = edgeOfB < 0 ? b : nodes.children[edgeOfB]!;
      last = Math.min(lastOfA, lastOfB);
      this.#push(base, last, this.#apply(operation, childOfA, childOfB));
      if (edgeOfA >= 0 && lastOfA === last) edgeOfA++;
      if (edgeOfB >= 0 && lastOfB === last) edgeOfB++;
    }
    const result = this.#node(field, base);
    this.#memo.set(operation, a, b, result);
    return result;
  }

  /** Adds an edge to the node whose edges began at `base`; neighbours that lead to the same child become one. */
  #push(base: number, last: number, child: PointSetId): void {
    if (this.#top === base || this.#children[this.#top - 1] !== child) this.#children[this.#top++] = child;
    this.#lasts[this.#top - 1] = last;
  }

  /** The node with the edges from `base` on. One edge for the whole field asks nothing. */
  #node(field: number, base: number): PointSetId {
    const top = this.#top;
    this.#top = base;
    if (top === base + 1) return this.#children[base]!;
    return this.#nodes.intern(field, this.#lasts, this.#children, base, top);
  }
}

/**
 * Combines neighbours, then neighbours of the results, and so on: most operations are on small sets then. One after the other, each would
 * be on the whole set so far.
 */
function balanced(
  sets: readonly PointSetId[],
  none: PointSetId,
  combine: (a: PointSetId, b: PointSetId) => PointSetId,
): PointSetId {
  if (sets.length === 0) return none;
  const between = (start: number, end: number): PointSetId => {
    if (end - start === 1) return sets[start]!;
    const middle = (start + end) >>> 1;
    return combine(between(start, middle), between(middle, end));
  };
  return between(0, sets.length);
}
