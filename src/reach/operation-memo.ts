/** What operations on pairs of nodes gave, so that each is done once: a hash table of whole numbers. */

const FIRST_CAPACITY = 1 << 10;

/** An entry is four numbers: operation plus one (zero where free), both operands, the result. */
const WIDTH = 4;

export class OperationMemo {
  #entries: Int32Array<ArrayBuffer> = new Int32Array(FIRST_CAPACITY * WIDTH);
  #size = 0;

  /** The result, or -1 where it is not known. */
  get(operation: number, a: number, b: number): number {
    const entries = this.#entries;
    const mask = entries.length / WIDTH - 1;
    for (let slot = hashOf(operation, a, b) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * WIDTH;
      if (entries[at] === 0) return -1;
      if (entries[at + 1] === a && entries[at + 2] === b && entries[at] === operation + 1) return entries[at + 3]!;
    }
  }

  /** Keeps a result that is not yet known. */
  set(operation: number, a: number, b: number, result: number): void {
    if (this.#size * 2 * WIDTH >= this.#entries.length) this.#grow();
    put(this.#entries, operation, a, b, result);
    this.#size++;
  }

  #grow(): void {
    const old = this.#entries;
    const entries = new Int32Array(2 * old.length);
    for (let at = 0; at < old.length; at += WIDTH) {
      if (old[at] !== 0) put(entries, old[at]! - 1, old[at + 1]!, old[at + 2]!, old[at + 3]!);
    }
    this.#entries = entries;
  }
}

function put(entries: Int32Array, operation: number, a: number, b: number, result: number): void {
  const mask = entries.length / WIDTH - 1;
  let slot = hashOf(operation, a, b) & mask;
  while (entries[slot * WIDTH] !== 0) slot = (slot + 1) & mask;
  entries[slot * WIDTH] = operation + 1;
  entries[slot * WIDTH + 1] = a;
  entries[slot * WIDTH + 2] = b;
  entries[slot * WIDTH + 3] = result;
}

function hashOf(operation: number, a: number, b: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b + operation, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
