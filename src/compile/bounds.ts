/** Every address and prefix that some table of the network will name: the cuts of its address space. */

import type { Network } from '../model/network.ts';
import { addressKey, addressPlus } from '../net/address.ts';
import { hostPrefix, type Prefix } from '../net/prefix.ts';
import { AddressBounds, type AddressSpace } from './address-space.ts';
import { EXEMPT_SERVICES, NAT64_PREFIX, REFUSED_BY_INTERNET, RESERVED_FOR_SERVICES } from './special-addresses.ts';
import { reservedAddresses } from './subnet-stages.ts';

export function addressSpaceOf(network: Network): AddressSpace {
  const bounds = new AddressBounds();
  visitBlocks(network, (block) => bounds.addPrefix(block));
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
  visitBlocks(network, (block) => blocks.push(block));
  return blocks;
}

function visitBlocks(network: Network, visit: (block: Prefix) => void): void {
  for (const { prefix } of [...REFUSED_BY_INTERNET, ...EXEMPT_SERVICES, ...RESERVED_FOR_SERVICES]) visit(prefix);
  visit(NAT64_PREFIX);
  for (const vpc of network.vpcs) {
    for (const cidr of vpc.cidrs) {
      visit(cidr);
      const resolver = addressPlus(cidr.address, 2);
      if (resolver !== null) visit(hostPrefix(resolver));
    }
  }
  for (const { cidrs } of network.subnets) {
    for (const cidr of cidrs) {
      visit(cidr);
      for (const address of reservedAddresses(cidr)) visit(hostPrefix(address));
    }
  }
  for (const { routes } of network.routeTables) {
    for (const { destination } of routes) if (destination.kind === 'cidr') visit(destination.prefix);
  }
  for (const { entries } of network.networkAcls) for (const { peer } of entries) visit(peer);
  for (const { rules } of network.securityGroups) {
    for (const { peer } of rules) if (peer.kind === 'cidr') visit(peer.prefix);
  }
  for (const { entries } of network.prefixLists) for (const prefix of entries ?? []) visit(prefix);
  for (const { addresses } of network.natGateways) {
    for (const { privateAddress, publicAddress } of addresses) {
      if (privateAddress !== null) visit(hostPrefix(privateAddress));
      if (publicAddress !== null) visit(hostPrefix(publicAddress));
    }
  }
  // One address more in somebody's delegated block is a contradiction that sets its holder apart.
  for (const { delegated } of network.networkInterfaces) for (const prefix of delegated) visit(prefix);
  const paired = network.elasticAddresses.length === 0 ? null : pairedAddresses(network);
  for (const { publicAddress } of network.elasticAddresses) {
    if (!paired?.has(addressKey(publicAddress))) visit(hostPrefix(publicAddress));
  }
  for (const { requester, accepter } of network.peerings) {
    for (const cidr of requester.cidrs) visit(cidr);
    for (const cidr of accepter.cidrs) visit(cidr);
  }
  for (const { staticRoutes, propagatedRoutes } of network.transitGatewayRouteTables) {
    for (const { destination } of [...(staticRoutes ?? []), ...(propagatedRoutes ?? [])]) {
      if (destination.kind === 'cidr') visit(destination.prefix);
    }
  }
  for (const { staticRoutes } of network.vpnConnections) for (const prefix of staticRoutes) visit(prefix);
}

/** Public addresses that an interface has: the record of the Elastic IP address says the same once more. */
function pairedAddresses(network: Network): ReadonlySet<number | string> {
  const paired = new Set<number | string>();
  for (const { privateAddresses } of network.networkInterfaces) {
    for (const { publicAddress } of privateAddresses) {
      if (publicAddress !== null) paired.add(addressKey(publicAddress));
    }
  }
  return paired;
}
