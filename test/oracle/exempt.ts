/** Traffic that neither ACLs nor groups ever filter: NACL-16, SG-21, OPEN-03. */

import type { Subnet, Vpc } from '../../src/model/vpc.ts';
import { type Address, addressPlus, sameAddress } from '../../src/net/address.ts';
import { parsePrefix } from '../../src/net/address-text.ts';
import type { Packet } from '../../src/net/packet.ts';
import { lastAddress, prefixContains } from '../../src/net/prefix.ts';
import { UDP } from '../../src/net/protocol.ts';

/** Metadata, time, licensing, the resolver, and whatever else is in these blocks (RT-09, OPEN-03). */
const SERVICES = ['169.254.168.0/22', 'fd00:ec2::/32'].map((text) => parsePrefix(text).prefix);
const LINK_LOCAL = ['169.254.0.0/16', 'fe80::/10', '255.255.255.255/32', 'ff02::/16'].map(
  (text) => parsePrefix(text).prefix,
);
const DHCP_PORTS = [67, 68, 546, 547];

export function isExempt(packet: Packet, subnet: Subnet, vpc: Vpc | null): boolean {
  const { destination } = packet;
  const isService = SERVICES.some((block) => prefixContains(block, destination));
  return isService || isResolver(vpc, destination) || isRouter(subnet, destination) || isDhcp(packet);
}

/** The base of the VPC's primary v4 block, plus two. */
function isResolver(vpc: Vpc | null, address: Address): boolean {
  const primary = vpc?.cidrs.find((cidr) => cidr.address.family === 4);
  const resolver = primary && addressPlus(primary.address, 2);
  return resolver ? sameAddress(resolver, address) : false;
}

function isRouter(subnet: Subnet, address: Address): boolean {
  return subnet.cidrs.some((cidr) => {
    const router = addressPlus(cidr.address, 1);
    return router !== null && sameAddress(router, address);
  });
}

function isDhcp(packet: Packet): boolean {
  const isToLink = LINK_LOCAL.some((block) => prefixContains(block, packet.destination));
  return packet.protocol === UDP && isToLink && DHCP_PORTS.includes(packet.destinationPortOrIcmp);
}

/** RT-20: the first four addresses of a subnet's block and its last one. */
export function isReserved(subnet: Subnet, address: Address): boolean {
  return subnet.cidrs.some((cidr) => {
    const reserved = [0, 1, 2, 3].map((offset) => addressPlus(cidr.address, offset));
    return [...reserved, lastAddress(cidr)].some((taken) => taken !== null && sameAddress(taken, address));
  });
}
