/** Addresses of interfaces: each belongs to one interface of its VPC, and lies in the interface's subnet. */

import type { NetworkInterface } from '../model/network-interface.ts';
import type { Address } from '../net/address.ts';
import { formatAddress } from '../net/address-text.ts';
import { prefixContains } from '../net/prefix.ts';
import { quote } from '../net/quote.ts';
import type { Reading } from './reading.ts';
import { type Records, TOGETHER } from './records.ts';

export function checkAddresses(
  reading: Reading,
  { networkInterfaces, subnets }: Pick<Records, 'networkInterfaces' | 'subnets'>,
): void {
  // A subnet whose blocks are in doubt cannot tell what lies outside it.
  const certain = subnets.filter((subnet) => !reading.knows(`cidrs:${subnet.id}`));
  const subnetOf = new Map(certain.map((subnet) => [subnet.id, subnet]));
  const holders = new Map<string, Map<number | string, NetworkInterface>>();
  for (const each of networkInterfaces) {
    let inVpc = holders.get(each.vpcId);
    if (inVpc === undefined) holders.set(each.vpcId, (inVpc = new Map()));
    const subnet = subnetOf.get(each.subnetId);
    for (const address of addressesOf(each)) {
      const known = inVpc.get(keyOf(address));
      if (known === undefined) inVpc.set(keyOf(address), each);
      else if (known !== each) reportShared(reading, address, known, each);
      if (subnet === undefined || subnet.cidrs.some((prefix) => prefixContains(prefix, address))) continue;
      const what = `${formatAddress(address)} of ${quote(each.id)} is outside its subnet ${quote(subnet.id)}`;
      reading.warning(what, each.origin, TOGETHER);
    }
  }
}

function reportShared(reading: Reading, address: Address, first: NetworkInterface, second: NetworkInterface): void {
  const text = formatAddress(address);
  const what = `${text} belongs to ${quote(first.id)} and ${quote(second.id)}, both in VPC ${quote(second.vpcId)}`;
  reading.error(what, second.origin, TOGETHER);
  reading.fact(`address:${second.vpcId}/${text}`, what, TOGETHER, second.origin);
}

function* addressesOf(each: NetworkInterface): Generator<Address> {
  for (const own of each.privateAddresses) yield own.address;
  yield* each.ipv6Addresses;
}

/** A number for v4, which a map finds faster than text. */
function keyOf({ family, w0, w1, w2, w3 }: Address): number | string {
  return family === 4 ? w0 : `${w0} ${w1} ${w2} ${w3}`;
}
