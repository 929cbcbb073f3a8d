/** Every address and prefix that some table of the network will name: the cuts of its address space. */

import type { Network } from '../model/network.ts';
import { addressPlus } from '../net/address.ts';
import type { Prefix } from '../net/prefix.ts';
import { AddressBounds, type AddressSpace } from './address-space.ts';
import { EXEMPT_SERVICES, NAT64_PREFIX, REFUSED_BY_INTERNET, RESERVED_FOR_SERVICES } from './special-addresses.ts';
import { reservedAddresses } from './subnet-stages.ts';

export function addressSpaceOf(network: Network): AddressSpace {
  const bounds = new AddressBounds();
  const add = (prefix: Prefix): void => bounds.addPrefix(prefix);
  for (const { prefix } of [...REFUSED_BY_INTERNET, ...EXEMPT_SERVICES, ...RESERVED_FOR_SERVICES]) add(prefix);
  add(NAT64_PREFIX);
  for (const vpc of network.vpcs) {
    for (const cidr of vpc.cidrs) {
      add(cidr);
      const resolver = addressPlus(cidr.address, 2);
      if (resolver !== null) bounds.addAddress(resolver);
    }
  }
  for (const subnet of network.subnets) {
    for (const cidr of subnet.cidrs) {
      add(cidr);
      for (const address of reservedAddresses(cidr)) bounds.addAddress(address);
    }
  }
  for (const table of network.routeTables) {
    for (const { destination } of table.routes) if (destination.kind === 'cidr') add(destination.prefix);
  }
  for (const acl of network.networkAcls) for (const { peer } of acl.entries) add(peer);
  for (const group of network.securityGroups) {
    for (const { peer } of group.rules) if (peer.kind === 'cidr') add(peer.prefix);
  }
  for (const list of network.prefixLists) for (const prefix of list.entries ?? []) add(prefix);
  for (const eni of network.networkInterfaces) {
    // As `ownPrefixes` has them, without the prefixes.
    for (const { address, publicAddress } of eni.privateAddresses) {
      bounds.addAddress(address);
      if (publicAddress !== null) bounds.addAddress(publicAddress);
    }
    for (const address of eni.ipv6Addresses) bounds.addAddress(address);
    for (const prefix of eni.delegated) add(prefix);
  }
  for (const nat of network.natGateways) {
    for (const { privateAddress, publicAddress } of nat.addresses) {
      if (privateAddress !== null) bounds.addAddress(privateAddress);
      if (publicAddress !== null) bounds.addAddress(publicAddress);
    }
  }
  for (const { publicAddress } of network.elasticAddresses) bounds.addAddress(publicAddress);
  for (const { requester, accepter } of network.peerings)
    for (const cidr of [...requester.cidrs, ...accepter.cidrs]) add(cidr);
  return bounds.build();
}
