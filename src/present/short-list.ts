/** The first words of a list, and how many there are besides: `a, b and 3 more`. */
export function shortList(words: readonly string[], limit: number, separator: string): string {
  const hidden = words.length - limit;
  // The words `and 1 more` save nothing.
  return hidden < 2 ? words.join(separator) : `${words.slice(0, limit).join(separator)} and ${hidden} more`;
}
