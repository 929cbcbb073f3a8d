/** Patterns of Name tags: `*` stands for any characters, `?` for one. */

/** Reports whether the whole name fits the pattern, in time proportional to both lengths at worst multiplied. */
export function fitsPattern(name: string, pattern: string): boolean {
  let n = 0;
  let p = 0;
  // The last star, and where in the name what follows it was tried last.
  let star = -1;
  let tried = 0;
  while (n < name.length) {
    if (pattern[p] === '*') {
      star = p++;
      tried = n;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[n])) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++tried;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
