/** Source ports that NAT gateways and nodes of balancers choose from (NACL-18, ELB-05, ELB-06). */

import type { Walk } from './walk.ts';

const FIRST_NAT_PORT = 1024;
const LAST_PORT = 65535;

/** One port of every stretch of 1024 to 65535 that the ACLs of the way back treat alike (NACL-18). */
export function natPorts(walk: Walk): number[] {
  const bounds = walk.network.networkAcls
    .flatMap(({ entries }) => entries)
    .flatMap(({ traffic }) => [traffic.firstPortOrIcmp, traffic.lastPortOrIcmp + 1]);
  const firsts = [FIRST_NAT_PORT, ...bounds.filter((port) => port > FIRST_NAT_PORT && port <= LAST_PORT)];
  return [...new Set(firsts)].sort((a, b) => a - b);
}
