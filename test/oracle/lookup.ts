/** Finding things in a model network by looping over it. */

import type { InternetGateway, NatGateway } from '../../src/model/gateway.ts';
import type { Network } from '../../src/model/network.ts';
import type { NetworkAcl } from '../../src/model/network-acl.ts';
import type { NetworkInterface } from '../../src/model/network-interface.ts';
import type { RouteTable } from '../../src/model/route-table.ts';
import type { Subnet, Vpc } from '../../src/model/vpc.ts';
import { type Address, sameAddress } from '../../src/net/address.ts';
import { type Prefix, prefixContains } from '../../src/net/prefix.ts';

export function byId<T extends { readonly id: string }>(records: readonly T[], id: string): T | null {
  return records.find((record) => record.id === id) ?? null;
}

export function anyContains(prefixes: readonly Prefix[], address: Address): boolean {
  return prefixes.some((prefix) => prefixContains(prefix, address));
}

/** Every address that is the interface's own: private v4 ones, v6 ones, and delegated prefixes. */
export function holds(eni: NetworkInterface, address: Address): boolean {
  return (
    eni.privateAddresses.some((own) => sameAddress(own.address, address)) ||
    eni.ipv6Addresses.some((own) => sameAddress(own, address)) ||
    anyContains(eni.delegated, address)
  );
}

export function holderIn(network: Network, vpcId: string, address: Address): NetworkInterface | null {
  return network.networkInterfaces.find((eni) => eni.vpcId === vpcId && holds(eni, address)) ?? null;
}

export function subnetAt(network: Network, vpc: Vpc, address: Address): Subnet | null {
  return network.subnets.find((subnet) => subnet.vpcId === vpc.id && anyContains(subnet.cidrs, address)) ?? null;
}

/** NACL-01. Null where the subnet is not listed and an ACL that lists it may be missing. */
export function aclOf(network: Network, subnet: Subnet, isWhole: boolean): NetworkAcl | null {
  const own = network.networkAcls.find((acl) => acl.subnetIds.includes(subnet.id));
  if (own !== undefined) return own;
  return isWhole ? (network.networkAcls.find((acl) => acl.vpcId === subnet.vpcId && acl.isDefault) ?? null) : null;
}

/** RT-01. Null where the subnet is not listed and a table that lists it may be missing. */
export function tableOf(network: Network, subnet: Subnet, isWhole: boolean): RouteTable | null {
  const own = network.routeTables.find((table) => table.subnetIds.includes(subnet.id));
  if (own !== undefined) return own;
  return isWhole ? (network.routeTables.find((table) => table.vpcId === subnet.vpcId && table.isMain) ?? null) : null;
}

/** IGW-01: attached and usable. */
export function usableGateway(network: Network, vpcId: string): InternetGateway | null {
  return network.internetGateways.find((gateway) => isAttached(gateway, vpcId)) ?? null;
}

export function isAttached(gateway: Pick<InternetGateway, 'attachments'>, vpcId: string): boolean {
  return gateway.attachments.some(
    (attachment) => attachment.vpcId === vpcId && ['available', 'attached'].includes(attachment.state),
  );
}

/** The private v4 address behind a public one, and whose VPC it is in: interfaces, then NAT gateways. */
export function ownerOfPublic(
  network: Network,
  publicAddress: Address,
): { vpcId: string; privateAddress: Address | null; nat: NatGateway | null } | null {
  for (const nat of network.natGateways) {
    for (const address of nat.addresses) {
      if (address.publicAddress && sameAddress(address.publicAddress, publicAddress)) {
        return { vpcId: nat.vpcId, privateAddress: address.privateAddress, nat };
      }
    }
  }
  for (const eni of network.networkInterfaces) {
    for (const { address, publicAddress: paired } of eni.privateAddresses) {
      if (paired && sameAddress(paired, publicAddress)) return { vpcId: eni.vpcId, privateAddress: address, nat: null };
    }
  }
  return null;
}

/** IGW-02, IGW-04: the public address paired with a private one. */
export function publicOf(network: Network, vpcId: string, privateAddress: Address): Address | null {
  for (const nat of network.natGateways) {
    for (const address of nat.addresses) {
      const isIt = nat.vpcId === vpcId && address.privateAddress && sameAddress(address.privateAddress, privateAddress);
      if (isIt && address.publicAddress) return address.publicAddress;
    }
  }
  for (const eni of network.networkInterfaces) {
    for (const { address, publicAddress } of eni.privateAddresses) {
      if (eni.vpcId === vpcId && sameAddress(address, privateAddress)) return publicAddress;
    }
  }
  return null;
}
