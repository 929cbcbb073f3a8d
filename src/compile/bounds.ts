/** Every address and prefix that some table of the network will name: the cuts of its address space. */

import type { Network } from '../model/network.ts';
import { addressPlus } from '../net/address.ts';
import { formatAddress } from '../net/address-text.ts';
import { hostPrefix, type Prefix } from '../net/prefix.ts';
import { AddressBounds, type AddressSpace } from './address-space.ts';
import { EXEMPT_SERVICES, NAT64_PREFIX, REFUSED_BY_INTERNET, RESERVED_FOR_SERVICES } from './special-addresses.ts';
import { reservedAddresses } from './subnet-stages.ts';

export function addressSpaceOf(network: Network): AddressSpace {
  const bounds = new AddressBounds();
  for (const block of blocksOf(network)) bounds.addPrefix(block);
  for (const eni of network.networkInterfaces) {
    // As `ownPrefixes` has them, without the prefixes.
    for (const { address, publicAddress } of eni.privateAddresses) {
      bounds.addAddress(address);
      if (publicAddress !== null) bounds.addAddress(publicAddress);
    }
    for (const address of eni.ipv6Addresses) bounds.addAddress(address);
    for (const prefix of eni.delegated) bounds.addPrefix(prefix);
  }
  return bounds.build();
}

/** What separates addresses whoever holds them: every prefix that is named by anything but the interface that has it. */
export function blocksOf(network: Network): readonly Prefix[] {
  const blocks: Prefix[] = [];
  for (const { prefix } of [...REFUSED_BY_INTERNET, ...EXEMPT_SERVICES, ...RESERVED_FOR_SERVICES]) blocks.push(prefix);
  blocks.push(NAT64_PREFIX);
  for (const vpc of network.vpcs) {
    for (const cidr of vpc.cidrs) {
      blocks.push(cidr);
      const resolver = addressPlus(cidr.address, 2);
      if (resolver !== null) blocks.push(hostPrefix(resolver));
    }
  }
  for (const { cidrs } of network.subnets) {
    for (const cidr of cidrs) {
      blocks.push(cidr);
      for (const address of reservedAddresses(cidr)) blocks.push(hostPrefix(address));
    }
  }
  for (const { routes } of network.routeTables) {
    for (const { destination } of routes) if (destination.kind === 'cidr') blocks.push(destination.prefix);
  }
  for (const { entries } of network.networkAcls) for (const { peer } of entries) blocks.push(peer);
  for (const { rules } of network.securityGroups) {
    for (const { peer } of rules) if (peer.kind === 'cidr') blocks.push(peer.prefix);
  }
  for (const { entries } of network.prefixLists) for (const prefix of entries ?? []) blocks.push(prefix);
  for (const { addresses } of network.natGateways) {
    for (const { privateAddress, publicAddress } of addresses) {
      if (privateAddress !== null) blocks.push(hostPrefix(privateAddress));
      if (publicAddress !== null) blocks.push(hostPrefix(publicAddress));
    }
  }
  // One address more in somebody's delegated block is a contradiction that sets its holder apart.
  for (const { delegated } of network.networkInterfaces) blocks.push(...delegated);
  const paired = network.elasticAddresses.length === 0 ? null : pairedAddresses(network);
  for (const { publicAddress } of network.elasticAddresses) {
    if (!paired?.has(formatAddress(publicAddress))) blocks.push(hostPrefix(publicAddress));
  }
  for (const { staticRoutes, propagatedRoutes } of network.transitGatewayRouteTables) {
    for (const { destination } of [...(staticRoutes ?? []), ...(propagatedRoutes ?? [])]) {
      if (destination.kind === 'cidr') blocks.push(destination.prefix);
    }
  }
  for (const { staticRoutes } of network.vpnConnections) blocks.push(...staticRoutes);
  for (const { requester, accepter } of network.peerings) blocks.push(...requester.cidrs, ...accepter.cidrs);
  return blocks;
}

/** Public addresses that an interface has: the record of the Elastic IP address says the same once more. */
function pairedAddresses(network: Network): ReadonlySet<string> {
  const paired = new Set<string>();
  for (const { privateAddresses } of network.networkInterfaces) {
    for (const { publicAddress } of privateAddresses) {
      if (publicAddress !== null) paired.add(formatAddress(publicAddress));
    }
  }
  return paired;
}
