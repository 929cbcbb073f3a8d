/** What people call an interface. */

import type { Network } from '../model/network.ts';
import { type Names, NONE } from './names.ts';

/** As AWS describes the nodes of balancers: `ELB net/NAME/hash`, `ELB app/NAME/hash`, `ELB NAME` for a classic one. */
const NODE = /^ELB (?:(?:net|app|gwy)\/([^/]+)\/|([^/]+)$)/;

/** The name of its instance, its own, or that of the balancer whose node it is; null where it has none. */
export function interfaceName(network: Network, names: Names, index: number): string | null {
  const { name, owner, description } = network.networkInterfaces[index]!;
  const instance = names.instanceOfEni[index]!;
  const ofInstance = instance === NONE ? null : network.instances[instance]!.name;
  if (ofInstance !== null || name !== null) return ofInstance ?? name;
  if (owner !== 'load-balancer' && owner !== 'network-load-balancer') return null;
  const node = NODE.exec(description ?? '');
  return node?.[1] ?? node?.[2] ?? null;
}
