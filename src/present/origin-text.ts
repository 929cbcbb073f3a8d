/** Places in the input as people read them. */

import { formatOrigin, type Origin } from '../model/origin.ts';

/** `acls.json#/NetworkAcls/0`; the file alone where all of it is meant. */
export function originText(origin: Origin): string {
  return origin.pointer === '' ? origin.file : formatOrigin(origin);
}
