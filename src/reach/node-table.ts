/**
 * The nodes of a decision diagram, each kept once: a node with the same field and the same edges as a known one is that one.
 *
 * A node asks for one field's value and has an edge for every run of values: edge `i` is for the values after the last of edge `i - 1`
 * up to `lasts[i]`. Edges cover the whole field, and neighbours lead to different children.
 *
 *     node       2                    3
 *     field      0                    1
 *     edges      [..9 -> 0]  [..19 -> 3]  [..255 -> 0]    [..442 -> 0]  [443 -> 1]  [..65535 -> 0]
 *
 * All nodes share a few typed arrays, and a node is found again by hashing its edges: this is the innermost loop of the set engine, and
 * texts as keys took most of its time.
 */

/** Index of a node. */
export type NodeId = number;

const FIRST_CAPACITY = 1 << 8;

export class NodeTable {
  /** Field that a node asks for. Ends come below every field. Read only; replaced when it grows, like the other three. */
  fields: Uint8Array<ArrayBuffer> = new Uint8Array(FIRST_CAPACITY);
  /** Edges of node `n` stand from `starts[n]` up to, not including, `starts[n + 1]`. */
  starts: Int32Array<ArrayBuffer> = new Int32Array(FIRST_CAPACITY);
  /** Last value of each edge, inclusive: up to 2^32 - 1. */
  lasts: Uint32Array<ArrayBuffer> = new Uint32Array(FIRST_CAPACITY * 4);
  /** Where each edge leads. */
  children: Int32Array<ArrayBuffer> = new Int32Array(FIRST_CAPACITY * 4);
  #size = 0;
  #edges = 0;
  /** Open addressing: the node plus one, or zero where free. */
  #slots: Int32Array<ArrayBuffer> = new Int32Array(FIRST_CAPACITY * 2);

  /** Nodes interned so far, ends included. */
  get size(): number {
    return this.#size;
  }

  get edges(): number {
    return this.#edges;
  }

  /** Adds a node without edges: an end of the diagram. */
  addEnd(field: number): NodeId {
    return this.#append(field, [], [], 0, 0);
  }

  /**
   * The node for `field` with the edges that stand in `lasts` and `children` from `from` up to `to`. The caller has merged neighbours
   * that lead to the same child.
   */
  intern(field: number, lasts: readonly number[], children: readonly number[], from: number, to: number): NodeId {
    const mask = this.#slots.length - 1;
    let slot = hashOf(field, lasts, children, from, to) & mask;
    for (let known = this.#slots[slot]!; known !== 0; known = this.#slots[slot]!) {
      if (this.#is(known - 1, field, lasts, children, from, to)) return known - 1;
      slot = (slot + 1) & mask;
    }
    const node = this.#append(field, lasts, children, from, to);
    this.#slots[slot] = node + 1;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    return node;
  }

  #is(
    node: NodeId,
    field: number,
    lasts: readonly number[],
    children: readonly number[],
    from: number,
    to: number,
  ): boolean {
    const start = this.starts[node]!;
    if (this.fields[node] !== field || this.starts[node + 1]! - start !== to - from) return false;
    for (let i = from, edge = start; i < to; i++, edge++) {
      if (this.lasts[edge] !== lasts[i] || this.children[edge] !== children[i]) return false;
    }
    return true;
  }

  #append(field: number, lasts: readonly number[], children: readonly number[], from: number, to: number): NodeId {
    const node = this.#size++;
    if (node + 1 === this.fields.length) {
      this.fields = grown(this.fields, new Uint8Array(2 * this.fields.length));
      this.starts = grown(this.starts, new Int32Array(2 * this.starts.length));
    }
    const needed = this.#edges + to - from;
    if (needed > this.lasts.length) {
      const capacity = Math.max(needed, 2 * this.lasts.length);
      this.lasts = grown(this.lasts, new Uint32Array(capacity));
      this.children = grown(this.children, new Int32Array(capacity));
    }
    for (let i = from; i < to; i++) {
      this.lasts[this.#edges] = lasts[i]!;
      this.children[this.#edges] = children[i]!;
      this.#edges++;
    }
    this.fields[node] = field;
    this.starts[node + 1] = this.#edges;
    return node;
  }

  #rehash(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let node = 0; node < this.#size; node++) {
      const from = this.starts[node]!;
      const to = this.starts[node + 1]!;
      if (from === to) continue;
      let slot = hashOf(this.fields[node]!, this.lasts, this.children, from, to) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = node + 1;
    }
    this.#slots = slots;
  }
}

interface Numbers {
  readonly [index: number]: number;
}

/** Multiplications by odd constants, and shifts that bring the high bits down (as in MurmurHash3). */
function hashOf(field: number, lasts: Numbers, children: Numbers, from: number, to: number): number {
  let hash = field + 1;
  for (let i = from; i < to; i++) {
    hash = Math.imul(hash ^ lasts[i]!, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15) ^ children[i]!, 0xc2b2ae35);
    hash ^= hash >>> 13;
  }
  return hash ^ (hash >>> 16);
}

function grown<Array extends Uint8Array | Int32Array | Uint32Array>(old: Array, larger: Array): Array {
  larger.set(old);
  return larger;
}
