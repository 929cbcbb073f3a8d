/**
 * Every smallest choice of candidates that covers all requirements, by branch and bound.
 *
 * The requirement with the fewest candidates is decided first: every cover holds one of them. A candidate that was tried and left is
 * not tried again below its sisters, so that no cover is found twice.
 */

export interface Covers {
  /** Indices of candidates, ascending. None is larger than another, and no smaller choice covers everything. */
  readonly covers: readonly (readonly number[])[];
  /** False when the search was cut off: there are more covers of this size, or, where none was found, perhaps some at all. */
  readonly areAll: boolean;
}

/** Steps of the search, of which small problems need a few dozen. */
const MAX_STEPS = 20_000;

/** `coveredBy[r]` lists the candidates that cover requirement `r`. Finds at most `limit` covers. */
export function smallestCovers(coveredBy: readonly (readonly number[])[], limit: number): Covers {
  const requirements = distinct(coveredBy);
  if (requirements.some((candidates) => candidates.length === 0)) return { covers: [], areAll: true };
  const search = new Search(requirements, limit);
  // Deepening by one: the first size with a cover is the smallest.
  for (let size = 0; size <= requirements.length; size++) {
    search.find(size);
    if (search.found.length > 0 || search.isCutOff) break;
  }
  return { covers: search.found, areAll: !search.isCutOff };
}

class Search {
  readonly found: (readonly number[])[] = [];
  isCutOff = false;
  readonly #requirements: readonly (readonly number[])[];
  readonly #limit: number;
  #steps = 0;

  constructor(requirements: readonly (readonly number[])[], limit: number) {
    this.#requirements = requirements;
    this.#limit = limit;
  }

  find(size: number): void {
    this.#extend([], new Set(), size);
  }

  #extend(chosen: readonly number[], left: ReadonlySet<number>, size: number): void {
    if (this.isCutOff) return;
    if (++this.#steps > MAX_STEPS) {
      this.isCutOff = true;
      return;
    }
    let hardest: readonly number[] | null = null;
    for (const candidates of this.#requirements) {
      if (candidates.some((candidate) => chosen.includes(candidate))) continue;
      const open = candidates.filter((candidate) => !left.has(candidate));
      if (hardest === null || open.length < hardest.length) hardest = open;
    }
    if (hardest === null) {
      if (chosen.length < size) return;
      if (this.found.length === this.#limit) this.isCutOff = true;
      else this.found.push(chosen.toSorted((a, b) => a - b));
      return;
    }
    if (chosen.length === size) return;
    const tried = new Set(left);
    for (const candidate of hardest) {
      this.#extend([...chosen, candidate], tried, size);
      tried.add(candidate);
    }
  }
}

/** Requirements that the same candidates cover are one. */
function distinct(coveredBy: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return [...new Map(coveredBy.map((candidates) => [candidates.join(), candidates])).values()];
}
