/** Lengths of time for people. */

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
] as const;

/** `350s`, `1h 30m`, `5d`: exact, in as few units as it needs. Below ten minutes in seconds, as timeouts are documented. */
export function duration(seconds: number): string {
  if (seconds < 600) return `${seconds}s`;
  const parts: string[] = [];
  let rest = seconds;
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count}${unit}`);
    rest -= count * size;
  }
  if (rest > 0) parts.push(`${rest}s`);
  return parts.join(' ');
}
