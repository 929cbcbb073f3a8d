/**
 * Missing facts, the honest way: where a walk meets something the snapshot does not say, it picks one of the possible readings, and
 * it is run again for each of the others. What all runs agree on is known; the rest is not.
 */

/** Picks one of the options. The same key gives the same option throughout one run. */
export type Choose = <T>(key: string, options: readonly T[]) => T;

/** More readings than this are not tried: that many open points never agree. */
const MOST_RUNS = 5000;

/** The results of `run` under every combination of readings that it asks for. `run` must ask the same way each time. */
export function everyReading<T>(run: (choose: Choose) => T): readonly T[] {
  const results: T[] = [];
  const trail: { picked: number; readonly count: number }[] = [];
  do {
    const made = new Map<string, unknown>();
    let depth = 0;
    const choose = <O>(key: string, options: readonly O[]): O => {
      if (made.has(key)) return made.get(key) as O;
      trail[depth] ??= { picked: 0, count: options.length };
      const option = options[trail[depth++]!.picked] as O;
      made.set(key, option);
      return option;
    };
    results.push(run(choose));
    while (trail.length > 0 && trail.at(-1)!.picked === trail.at(-1)!.count - 1) trail.pop();
    if (trail.length > 0) trail.at(-1)!.picked++;
  } while (trail.length > 0 && results.length < MOST_RUNS);
  return results;
}
