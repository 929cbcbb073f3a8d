/** Lengths of time as people write them in session scripts. */

const SECONDS: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3_600],
  ['d', 86_400],
]);

/** Seconds behind `350`, `"350s"`, `"5m"`, `"1h 30m"`, `"5d"`; null when it is no length of time. */
export function parseDuration(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : null;
  if (typeof value !== 'string') return null;
  let seconds = 0;
  for (const word of value.trim().split(/\s+/)) {
    const [, count, unit = 's'] = /^(\d{1,9}(?:\.\d{1,3})?)([smhd])?$/.exec(word) ?? [];
    if (count === undefined) return null;
    seconds += Number(count) * SECONDS.get(unit)!;
  }
  return seconds;
}
