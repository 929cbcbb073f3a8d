/** What appliances of random networks do. */

import type { Network } from '../../src/model/network.ts';

/** Half of the interfaces that could forward do, so that what is known of appliances is walked, and what is not. */
export function forwardingAppliances(network: Network): ReadonlyMap<string, 'forwards'> {
  const could = network.networkInterfaces.filter(
    ({ owner, sourceDestCheck }) => owner === 'instance' && !sourceDestCheck,
  );
  return new Map(could.filter((_, index) => index % 2 === 0).map(({ id }) => [id, 'forwards']));
}
