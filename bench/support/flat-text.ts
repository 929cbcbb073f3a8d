/**
 * Text in one piece. V8 keeps text that was put together as a tree of its pieces, which takes twice the memory; text that comes
 * from a file is in one piece, and so should be the text of records that stand for a file.
 */

import { id } from './plan.ts';
import type { Random } from './random.ts';

/** The same text, of Latin letters, in one piece. */
export function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** A new id, such as `eni-0123456789abcdef0`. */
export function newId(random: Random, kind: string): string {
  return flat(id(random, kind));
}
