/** Which public v4 address belongs to which private one, wherever the snapshot says so: interfaces and NAT gateways (IGW-04). */

import { type Address, addressKey } from '../net/address.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { NONE } from './names.ts';

export interface PublicAddress {
  readonly publicAddress: Address;
  /** Null for an Elastic IP that is associated with nothing, and for a regional NAT gateway's (NAT-08). */
  readonly privateAddress: Address | null;
  /** NONE where nothing is behind the address. */
  readonly vpc: number;
  readonly interfaceId: string | null;
  /** The regional NAT gateway whose address it is, or NONE. */
  readonly regionalNat: number;
}

/** One record a public address; what an interface says wins over what others say of it. */
export function publicAddresses(b: GraphBuilder): readonly PublicAddress[] {
  return b.shared('pairs of public addresses', () => {
    const pairs = new Map<number | string, PublicAddress>();
    const add = (pair: PublicAddress): void => {
      const key = addressKey(pair.publicAddress);
      if (!pairs.has(key)) pairs.set(key, pair);
    };
    b.network.networkInterfaces.forEach((eni, index) => {
      for (const { address, publicAddress } of eni.privateAddresses) {
        if (publicAddress === null) continue;
        const vpc = b.names.vpcOfEni[index]!;
        add({ publicAddress, privateAddress: address, vpc, interfaceId: eni.id, regionalNat: NONE });
      }
    });
    b.network.natGateways.forEach((nat, index) => {
      if (nat.state === 'deleted' || nat.state === 'failed') return; // its addresses may be anyone's by now
      const vpc = b.names.vpc.get(nat.vpcId) ?? NONE;
      for (const { publicAddress, privateAddress, interfaceId } of nat.addresses) {
        if (publicAddress === null) continue;
        const regionalNat = nat.availability === 'regional' ? index : NONE;
        add({
          publicAddress,
          privateAddress: regionalNat === NONE ? privateAddress : null,
          vpc,
          interfaceId,
          regionalNat,
        });
      }
    });
    for (const { publicAddress } of b.network.elasticAddresses) {
      add({ publicAddress, privateAddress: null, vpc: NONE, interfaceId: null, regionalNat: NONE });
    }
    return [...pairs.values()];
  });
}

const NO_ADDRESSES: readonly PublicAddress[] = [];

/** Those of one VPC. */
export function publicAddressesOf(b: GraphBuilder, vpc: number): readonly PublicAddress[] {
  const byVpc = b.shared('public addresses by VPC', () => {
    const groups = new Map<number, PublicAddress[]>();
    for (const pair of publicAddresses(b)) {
      const group = groups.get(pair.vpc);
      if (group === undefined) groups.set(pair.vpc, [pair]);
      else group.push(pair);
    }
    return groups;
  });
  return byVpc.get(vpc) ?? NO_ADDRESSES;
}
