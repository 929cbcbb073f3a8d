/** Addresses of interfaces: each belongs to one interface of its VPC, and lies in the interface's subnet. */

import type { NetworkInterface } from '../model/network-interface.ts';
import type { Subnet } from '../model/vpc.ts';
import type { Address } from '../net/address.ts';
import { formatAddress } from '../net/address-text.ts';
import { prefixContains } from '../net/prefix.ts';
import { quote } from '../net/quote.ts';
import type { Reading } from './reading.ts';
import { type Records, TOGETHER } from './records.ts';

/** Who holds each address of a VPC. */
type Holders = Map<number | string, NetworkInterface>;

export function checkAddresses(
  reading: Reading,
  { networkInterfaces, subnets }: Pick<Records, 'networkInterfaces' | 'subnets'>,
): void {
  // A subnet whose blocks are in doubt cannot tell what lies outside it.
  const certain = subnets.filter((subnet) => !reading.knows(`cidrs:${subnet.id}`));
  const subnetOf = new Map(certain.map((subnet) => [subnet.id, subnet]));
  const holdersIn = new Map<string, Holders>();
  for (const each of networkInterfaces) {
    let holders = holdersIn.get(each.vpcId);
    if (holders === undefined) holdersIn.set(each.vpcId, (holders = new Map()));
    const subnet = subnetOf.get(each.subnetId) ?? null;
    for (const { address } of each.privateAddresses) check(reading, holders, each, address, subnet);
    for (const address of each.ipv6Addresses) check(reading, holders, each, address, subnet);
  }
}

function check(
  reading: Reading,
  holders: Holders,
  each: NetworkInterface,
  address: Address,
  subnet: Subnet | null,
): void {
  const key = keyOf(address);
  const other = holders.get(key);
  if (other === undefined) holders.set(key, each);
  else if (other !== each) reportShared(reading, address, other, each);
  if (subnet === null || subnet.cidrs.some((prefix) => prefixContains(prefix, address))) return;
  const what = `${formatAddress(address)} of ${quote(each.id)} is outside its subnet ${quote(subnet.id)}`;
  reading.warning(what, each.origin, TOGETHER);
}

function reportShared(reading: Reading, address: Address, first: NetworkInterface, second: NetworkInterface): void {
  const text = formatAddress(address);
  const what = `${text} belongs to ${quote(first.id)} and ${quote(second.id)}, both in VPC ${quote(second.vpcId)}`;
  reading.error(what, second.origin, TOGETHER);
  reading.fact(`address:${second.vpcId}/${text}`, what, TOGETHER, second.origin);
}

/** A number for v4, which a map finds faster than text. */
function keyOf({ family, w0, w1, w2, w3 }: Address): number | string {
  return family === 4 ? w0 : `${w0} ${w1} ${w2} ${w3}`;
}
