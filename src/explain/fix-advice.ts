/** What to do about what no rule, entry or route mends, in words. */

import type { DeadEnd } from './fix-needs.ts';

/** By explanation code; what is not listed here speaks for itself. */
const ADVICE: Readonly<Record<string, string>> = {
  IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS: 'give the sender a public address, or a route to a NAT gateway',
  IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS: 'give the target a public address, or put a load balancer in front of it',
  NO_ROUTE_TO_DESTINATION:
    'nothing that is there leads to it: it takes an internet gateway that is attached, or an active peering with its VPC, before a route',
  BAD_STATE_ROUTE: 'make its target work again, or lead the route to another',
  BAD_STATE_ATTACHMENT: 'attach the gateway to the VPC',
  BAD_STATE: 'bring it back into service',
  ENI_SOURCE_DEST_CHECK_RESTRICTION: 'only an appliance needs the check switched off',
  PCX_REQUIRES_ADDRESS_IN_VPC_CIDR:
    'a peering leads to the addresses of the VPC at its far end, and to nothing behind it',
  NGW_DEST_ADDRESS_PRESERVATION: 'a NAT gateway lets nobody in: it takes a public address and an internet gateway',
  INGRESS_RTB_TRAFFIC_REDIRECTION: 'send what leaves through the same middlebox',
  PROTOCOL_RESTRICTION: 'ask about the protocols that it carries',
  NO_POSSIBLE_DESTINATION: 'ask about an address that somebody holds, or go another way',
};

/** One sentence for each thing in the way: where, what, and what would help. Of several with one remedy at one place the first. */
export function adviceAbout(deadEnds: readonly DeadEnd[]): readonly string[] {
  const sentences = new Map<string, string>();
  for (const { place, text, code, leg } of deadEnds) {
    const { id, name, kind } = place;
    const key = `${leg} ${id} ${code ?? text}`;
    if (sentences.has(key)) continue;
    const where = kind === 'internet' ? 'on the internet' : `at ${name === null ? id : `${name} (${id})`}`;
    const advice = code === null ? undefined : ADVICE[code];
    const direction = leg === 'reply' ? 'on the way back, ' : '';
    sentences.set(key, `${direction}${where}: ${text}${advice === undefined ? '' : `; ${advice}`}`);
  }
  return [...sentences.values()];
}
