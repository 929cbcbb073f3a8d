/** Near misses of a misspelt id or name. */

/** Number of single-character edits between two words (Levenshtein). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}

/** Up to three known words, nearest first: those that begin with the given one, or differ from it in few characters. */
export function suggestionsFor(word: string, known: Iterable<string>): readonly string[] {
  const wanted = word.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 4));
  const near: { candidate: string; distance: number }[] = [];
  for (const candidate of known) {
    const lower = candidate.toLowerCase();
    if (wanted.length >= 3 && lower.startsWith(wanted)) near.push({ candidate, distance: 0 });
    else if (Math.abs(lower.length - wanted.length) <= limit) {
      const distance = editDistance(wanted, lower);
      if (distance <= limit) near.push({ candidate, distance });
    }
  }
  near.sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  return near.slice(0, 3).map(({ candidate }) => candidate);
}
