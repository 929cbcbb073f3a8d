/**
 * Sets of points with several fields of bits as a binary decision diagram (Bryant 1986): reduced, ordered, hash-consed. The second
 * engine that the interval diagram is compared with, in answers and in speed. It shares no code with the first.
 *
 * Fields are tried in order and each from its highest bit down. A node is a bit and two branches; equal sets are the same node.
 */

export type Bdd = number;

export const FALSE: Bdd = 0;
const TRUE: Bdd = 1;

type Ranges = readonly { readonly first: number; readonly last: number }[];

const OR = 0;
const AND = 1;
const AND_NOT = 2;

export class BddSets {
  /** Bits of each field. */
  readonly widths: readonly number[];
  readonly #bits: number;
  /** First bit of each field. */
  readonly #starts: readonly number[];
  // Four columns: bit, branch for 0, branch for 1, next in the chain of its bucket.
  #nodes = new Int32Array(4 << 8);
  #size = 0;
  #buckets = new Int32Array(1 << 8).fill(-1);
  // Results by (operation, a, b): direct-mapped, so that a newer one may drive out an older one.
  #results = new Int32Array(4 << 9).fill(-1);

  constructor(widths: readonly number[]) {
    this.widths = widths;
    this.#starts = widths.map((_, field) => widths.slice(0, field).reduce((sum, width) => sum + width, 0));
    this.#bits = widths.reduce((sum, width) => sum + width, 0);
    this.#append(this.#bits, FALSE, FALSE);
    this.#append(this.#bits, TRUE, TRUE);
  }

  /** Nodes made so far, both ends included. */
  get size(): number {
    return this.#size;
  }

  box(ranges: Ranges): Bdd {
    let set = TRUE;
    for (let field = ranges.length - 1; field >= 0; field--) {
      const { first, last } = ranges[field]!;
      set = this.#range(field, 0, first, last, set);
    }
    return set;
  }

  /** Values of a field from `first` to `last`, as seen by its bits from number `bit` down, and then `inside`. */
  #range(field: number, bit: number, first: number, last: number, inside: Bdd): Bdd {
    const left = this.widths[field]! - bit;
    const half = 2 ** (left - 1);
    if (first === 0 && last === 2 ** left - 1) return inside;
    const low = first < half ? this.#range(field, bit + 1, first, Math.min(last, half - 1), inside) : FALSE;
    const high = last >= half ? this.#range(field, bit + 1, Math.max(first, half) - half, last - half, inside) : FALSE;
    return this.#node(this.#starts[field]! + bit, low, high);
  }

  union(a: Bdd, b: Bdd): Bdd {
    if (a === b || b === FALSE || a === TRUE) return a;
    if (a === FALSE || b === TRUE) return b;
    return a < b ? this.#apply(OR, a, b) : this.#apply(OR, b, a);
  }

  intersect(a: Bdd, b: Bdd): Bdd {
    if (a === b || b === TRUE || a === FALSE) return a;
    if (a === TRUE || b === FALSE) return b;
    return a < b ? this.#apply(AND, a, b) : this.#apply(AND, b, a);
  }

  subtract(a: Bdd, b: Bdd): Bdd {
    if (a === b || b === TRUE || a === FALSE) return FALSE;
    if (b === FALSE) return a;
    return this.#apply(AND_NOT, a, b);
  }

  contains(set: Bdd, point: readonly number[]): boolean {
    let at = set;
    this.widths.forEach((width, field) => {
      for (let bit = 0; bit < width; bit++) {
        if (this.#nodes[4 * at] !== this.#starts[field]! + bit) continue;
        const isOne = Math.floor(point[field]! / 2 ** (width - 1 - bit)) % 2 === 1;
        at = this.#nodes[4 * at + (isOne ? 2 : 1)]!;
      }
    });
    return at === TRUE;
  }

  count(set: Bdd): bigint {
    const known = new Map<Bdd, bigint>([
      [FALSE, 0n],
      [TRUE, 1n],
    ]);
    const countFrom = (node: Bdd): bigint => {
      const counted = known.get(node);
      if (counted !== undefined) return counted;
      const branch = (child: Bdd): bigint => countFrom(child) << BigInt(this.#bit(child) - this.#bit(node) - 1);
      const total = branch(this.#nodes[4 * node + 1]!) + branch(this.#nodes[4 * node + 2]!);
      known.set(node, total);
      return total;
    };
    return countFrom(set) << BigInt(this.#bit(set));
  }

  /** Nodes that a set is made of, ends left out. */
  nodesOf(set: Bdd): number {
    const seen = new Set<Bdd>([FALSE, TRUE]);
    const visit = (node: Bdd): void => {
      if (seen.has(node)) return;
      seen.add(node);
      visit(this.#nodes[4 * node + 1]!);
      visit(this.#nodes[4 * node + 2]!);
    };
    visit(set);
    return seen.size - 2;
  }

  #bit(node: Bdd): number {
    return this.#nodes[4 * node]!;
  }

  #apply(operation: number, a: Bdd, b: Bdd): Bdd {
    const slot = 4 * (hash(a, b, operation) & (this.#results.length / 4 - 1));
    const results = this.#results;
    if (results[slot] === operation && results[slot + 1] === a && results[slot + 2] === b) return results[slot + 3]!;
    const bit = Math.min(this.#bit(a), this.#bit(b));
    const low = this.#settle(operation, this.#branch(a, bit, 1), this.#branch(b, bit, 1));
    const high = this.#settle(operation, this.#branch(a, bit, 2), this.#branch(b, bit, 2));
    const result = this.#node(bit, low, high);
    results[slot] = operation;
    results[slot + 1] = a;
    results[slot + 2] = b;
    results[slot + 3] = result;
    return result;
  }

  #settle(operation: number, a: Bdd, b: Bdd): Bdd {
    if (operation === OR) return this.union(a, b);
    return operation === AND ? this.intersect(a, b) : this.subtract(a, b);
  }

  /** Where a node leads for a bit that is 0 (column 1) or 1 (column 2); the same node if it does not ask for the bit. */
  #branch(node: Bdd, bit: number, column: number): Bdd {
    return this.#bit(node) === bit ? this.#nodes[4 * node + column]! : node;
  }

  #node(bit: number, low: Bdd, high: Bdd): Bdd {
    if (low === high) return low;
    const nodes = this.#nodes;
    let known = this.#buckets[hash(low, high, bit) & (this.#buckets.length - 1)]!;
    for (; known >= 0; known = nodes[4 * known + 3]!) {
      if (nodes[4 * known] === bit && nodes[4 * known + 1] === low && nodes[4 * known + 2] === high) return known;
    }
    if (this.#size >= this.#buckets.length) this.#grow();
    return this.#append(bit, low, high);
  }

  #append(bit: number, low: Bdd, high: Bdd): Bdd {
    const node = this.#size++;
    this.#nodes[4 * node] = bit;
    this.#nodes[4 * node + 1] = low;
    this.#nodes[4 * node + 2] = high;
    this.#chain(node);
    return node;
  }

  #chain(node: Bdd): void {
    const nodes = this.#nodes;
    const bucket = hash(nodes[4 * node + 1]!, nodes[4 * node + 2]!, nodes[4 * node]!) & (this.#buckets.length - 1);
    nodes[4 * node + 3] = this.#buckets[bucket]!;
    this.#buckets[bucket] = node;
  }

  #grow(): void {
    const nodes = new Int32Array(2 * this.#nodes.length);
    nodes.set(this.#nodes);
    this.#nodes = nodes;
    this.#buckets = new Int32Array(2 * this.#buckets.length).fill(-1);
    for (let node = 0; node < this.#size; node++) this.#chain(node);
    this.#results = new Int32Array(2 * nodes.length).fill(-1);
  }
}

function hash(a: number, b: number, c: number): number {
  const mixed = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
