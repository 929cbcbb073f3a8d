/**
 * The smallest sets of vertices of a bipartite graph that touch every edge (König): as many as a largest matching has edges, one end
 * of each. The matching is Hopcroft and Karp's; the covers are then one choice an edge of it, with the consequences followed.
 */

/** An edge from a left vertex to a right one, both counted from zero. */
export type Edge = readonly [left: number, right: number];

export interface VertexCover {
  /** Ascending. */
  readonly left: readonly number[];
  readonly right: readonly number[];
}

export interface VertexCovers {
  readonly covers: readonly VertexCover[];
  /** False when there are more than the limit. */
  readonly areAll: boolean;
}

const FREE = -1;

/** Every smallest cover, at most `limit` of them. */
export function smallestVertexCovers(edges: readonly Edge[], limit: number): VertexCovers {
  const graph = graphOf(edges);
  const { ofLeft, ofRight } = largestMatching(graph);
  const pairs = ofLeft.flatMap((right, left) => (right === FREE ? [] : [[left, right] as const]));
  const covers: VertexCover[] = [];
  let areAll = true;
  // By left vertex: taken into the cover, or (if matched) left out, its partner taken instead.
  const choose = (taken: ReadonlyMap<number, boolean>): void => {
    if (!areAll) return;
    const open = pairs.find(([left]) => !taken.has(left));
    if (open === undefined) {
      if (covers.length === limit) areAll = false;
      else covers.push(coverOf(pairs, taken));
      return;
    }
    for (const isTaken of [false, true]) {
      const next = follow(graph, ofLeft, ofRight, taken, open[0], isTaken);
      if (next !== null) choose(next);
    }
  };
  const start = forced(graph, ofLeft, ofRight);
  if (start !== null) choose(start);
  return { covers, areAll };
}

interface Graph {
  readonly rightOf: readonly (readonly number[])[];
  readonly leftOf: readonly (readonly number[])[];
}

function graphOf(edges: readonly Edge[]): Graph {
  const rightOf: number[][] = [];
  const leftOf: number[][] = [];
  for (const [left, right] of edges) {
    while (rightOf.length <= left) rightOf.push([]);
    while (leftOf.length <= right) leftOf.push([]);
    if (rightOf[left]!.includes(right)) continue;
    rightOf[left]!.push(right);
    leftOf[right]!.push(left);
  }
  return { rightOf, leftOf };
}

function coverOf(pairs: readonly Edge[], taken: ReadonlyMap<number, boolean>): VertexCover {
  const left = pairs.filter(([vertex]) => taken.get(vertex)).map(([vertex]) => vertex);
  const right = pairs.filter(([vertex]) => !taken.get(vertex)).map(([, vertex]) => vertex);
  return { left: left.toSorted((a, b) => a - b), right: right.toSorted((a, b) => a - b) };
}

/** A vertex without partner is in no smallest cover, so all its neighbours are. Null never happens for a largest matching. */
function forced(
  { rightOf, leftOf }: Graph,
  ofLeft: readonly number[],
  ofRight: readonly number[],
): ReadonlyMap<number, boolean> | null {
  let taken: ReadonlyMap<number, boolean> | null = new Map();
  const graph = { rightOf, leftOf };
  rightOf.forEach((neighbours, left) => {
    if (ofLeft[left] !== FREE) return;
    for (const right of neighbours)
      if (taken !== null) taken = follow(graph, ofLeft, ofRight, taken, ofRight[right]!, false);
  });
  leftOf.forEach((neighbours, right) => {
    if (ofRight[right] !== FREE) return;
    for (const left of neighbours) if (taken !== null) taken = follow(graph, ofLeft, ofRight, taken, left, true);
  });
  return taken;
}

/** The choice and everything it entails, or null where it contradicts what was chosen. */
function follow(
  { rightOf, leftOf }: Graph,
  ofLeft: readonly number[],
  ofRight: readonly number[],
  before: ReadonlyMap<number, boolean>,
  vertex: number,
  isTaken: boolean,
): ReadonlyMap<number, boolean> | null {
  const taken = new Map(before);
  const queue: [number, boolean][] = [[vertex, isTaken]];
  for (const [left, value] of queue) {
    const known = taken.get(left);
    if (known === value) continue;
    if (known !== undefined) return null;
    taken.set(left, value);
    if (value) {
      // Its partner is out: every neighbour of the partner is in.
      for (const other of leftOf[ofLeft[left]!]!) {
        if (ofLeft[other] === FREE) return null;
        queue.push([other, true]);
      }
    } else {
      for (const right of rightOf[left]!) {
        if (ofRight[right] === FREE) return null;
        queue.push([ofRight[right]!, false]);
      }
    }
  }
  return taken;
}

/** Hopcroft and Karp: augment along shortest paths until there is none. */
function largestMatching({ rightOf, leftOf }: Graph): {
  readonly ofLeft: readonly number[];
  readonly ofRight: readonly number[];
} {
  const ofLeft = rightOf.map(() => FREE);
  const ofRight = leftOf.map(() => FREE);
  const layer = rightOf.map(() => 0);
  const layers = (): boolean => {
    let reachesFree = false;
    const queue: number[] = [];
    rightOf.forEach((_, left) => {
      layer[left] = ofLeft[left] === FREE ? queue.push(left) * 0 : Number.POSITIVE_INFINITY;
    });
    for (const left of queue) {
      for (const right of rightOf[left]!) {
        const next = ofRight[right]!;
        if (next === FREE) reachesFree = true;
        else if (layer[next] === Number.POSITIVE_INFINITY) {
          layer[next] = layer[left]! + 1;
          queue.push(next);
        }
      }
    }
    return reachesFree;
  };
  const augment = (left: number): boolean => {
    for (const right of rightOf[left]!) {
      const next = ofRight[right]!;
      if (next !== FREE && (layer[next] !== layer[left]! + 1 || !augment(next))) continue;
      ofLeft[left] = right;
      ofRight[right] = left;
      return true;
    }
    layer[left] = Number.POSITIVE_INFINITY;
    return false;
  };
  while (layers()) {
    rightOf.forEach((_, left) => {
      if (ofLeft[left] === FREE) augment(left);
    });
  }
  return { ofLeft, ofRight };
}
