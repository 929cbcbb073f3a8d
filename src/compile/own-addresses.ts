/** Addresses of an interface as ranks, found once: half a dozen tables are made of them. */

import type { GraphBuilder } from './graph-builder.ts';
import type { LookupPrefix } from './lookup.ts';
import { ownPrefixes } from './names.ts';

/** In the order of `ownPrefixes`; their value is the index of the interface. */
export function ownAddresses(b: GraphBuilder, eni: number): readonly LookupPrefix[] {
  return b.sharedOf('own addresses', eni, () =>
    ownPrefixes(b.network.networkInterfaces[eni]!).map((prefix) => b.prefix(prefix, eni)),
  );
}

/** The same addresses with another value. */
export function leadingTo({ ranks, length }: LookupPrefix, value: number): LookupPrefix {
  return { ranks, length, value };
}
