/** Origins of records inside records. */

import type { Origin } from '../model/origin.ts';

/**
 * The origin of an item of the list `member`. What `originOf` gives, for names that the code itself writes, which need no
 * escaping: it is called for every rule, route and instance, and most of what `originOf` does is to look for `~` and `/`.
 */
export function itemOrigin(origin: Origin, member: string, index: number): Origin {
  return { file: origin.file, pointer: `${origin.pointer}/${member}/${index}` };
}
