/** Parts of the internet as prefixes, for answers about whole networks. */

import type { Compiled } from '../compile/compile.ts';
import { compareAddresses, nextAddress, sameAddress } from '../net/address.ts';
import { type AddressSet, prefixesOf } from '../net/address-set.ts';
import { formatPrefix } from '../net/address-text.ts';
import { type InternetPiece, ownOnInternet, type Sender, type Target } from './reach-ends.ts';

type Ends = readonly (Sender | Target)[];

/**
 * Own public addresses of the snapshot are places of their own. What of them lies between the pieces is not left out of the prefixes:
 * thousands of holes of one address each would tell nobody anything.
 */
export class StrangerWords {
  readonly #own: AddressSet;
  readonly #known = new Map<Ends, readonly string[]>();

  constructor(compiled: Compiled) {
    this.#own = ownOnInternet(compiled);
  }

  /** The fewest prefixes of these ends; none for interfaces. */
  of(ends: Ends): readonly string[] {
    const known = this.#known.get(ends);
    if (known !== undefined) return known;
    const pieces = ends.flatMap(({ piece }) => (piece === null ? [] : [piece]));
    const words = prefixesOf(withinReachOf(pieces, this.#own)).map(formatPrefix);
    this.#known.set(ends, words);
    return words;
  }
}

/** The pieces, joined where only own addresses lie between them. */
function withinReachOf(pieces: readonly InternetPiece[], own: AddressSet): AddressSet {
  const ascending = pieces.toSorted((a, b) => compareAddresses(a.first, b.first));
  const filled: InternetPiece[] = [];
  let next = 0;
  for (const piece of ascending) {
    const before = filled.at(-1);
    let reached = before?.last;
    while (reached !== undefined && next < own.length && compareAddresses(own[next]!.first, piece.first) < 0) {
      const follows = nextAddress(reached);
      if (follows !== null && sameAddress(follows, own[next]!.first)) reached = own[next]!.last;
      next++;
    }
    const follows = reached === undefined ? null : nextAddress(reached);
    if (before !== undefined && follows !== null && sameAddress(follows, piece.first)) {
      filled[filled.length - 1] = { first: before.first, last: piece.last };
    } else filled.push(piece);
  }
  return filled;
}
