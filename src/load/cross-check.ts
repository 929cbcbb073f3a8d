/**
 * What can only be wrong between records: references to nothing, blocks that overlap, two of what there can be one of.
 *
 * Nothing is removed. References to nothing are warnings: whoever follows one finds nothing there and says so. What AWS would
 * not allow is an error with a missing fact, because the snapshot cannot be right about it.
 */

import { originOf } from '../model/origin.ts';
import type { Resource } from '../model/resource.ts';
import type { Subnet, Vpc } from '../model/vpc.ts';
import { compareAddresses } from '../net/address.ts';
import { formatPrefix } from '../net/address-text.ts';
import { type Prefix, prefixCovers } from '../net/prefix.ts';
import { quote } from '../net/quote.ts';
import { checkAddresses } from './check-addresses.ts';
import { checkReferences } from './check-references.ts';
import type { Reading } from './reading.ts';
import { type Records, TOGETHER } from './records.ts';

export function crossCheck(reading: Reading, records: Records): void {
  checkReferences(reading, records);
  const subnetsOf = byVpc(records.subnets);
  for (const subnets of subnetsOf.values()) checkOverlaps(reading, subnets);
  for (const vpc of records.vpcs) checkInside(reading, vpc, subnetsOf.get(vpc.id) ?? []);
  checkSingle(
    reading,
    records.routeTables.filter((table) => table.isMain),
    'main route tables',
    'main-route-table',
  );
  checkSingle(
    reading,
    records.networkAcls.filter((acl) => acl.isDefault),
    'default network ACLs',
    'default-network-acl',
  );
  checkOneEach(reading, records.routeTables, 'route tables', 'routes');
  checkOneEach(reading, records.networkAcls, 'network ACLs', 'network-acl');
  checkAddresses(reading, records);
}

function byVpc<T extends { readonly vpcId: string }>(records: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const record of records) {
    const group = groups.get(record.vpcId);
    if (group === undefined) groups.set(record.vpcId, [record]);
    else group.push(record);
  }
  return groups;
}

/** The subnets of one VPC share no address. */
function checkOverlaps(reading: Reading, subnets: readonly Subnet[]): void {
  const blocks = subnets.flatMap((subnet) => subnet.cidrs.map((prefix) => ({ prefix, subnet })));
  blocks.sort((a, b) => compareAddresses(a.prefix.address, b.prefix.address) || a.prefix.length - b.prefix.length);
  // Two blocks are apart, or one holds the other; sorted like this the holder comes first.
  let holder = blocks[0];
  for (const block of blocks.slice(1)) {
    if (holder === undefined || holder.subnet === block.subnet || !prefixCovers(holder.prefix, block.prefix)) {
      holder = block;
      continue;
    }
    const other = `${formatPrefix(holder.prefix)} of ${quote(holder.subnet.id)}`;
    const what = `${formatPrefix(block.prefix)} of subnet ${quote(block.subnet.id)} overlaps ${other}`;
    reading.error(what, block.subnet.origin, TOGETHER);
    for (const { id, origin } of [holder.subnet, block.subnet]) {
      reading.fact(`cidrs:${id}`, `which addresses belong to subnet ${quote(id)}`, TOGETHER, origin);
    }
  }
}

/** The blocks of a subnet lie in those of its VPC. */
function checkInside(reading: Reading, vpc: Vpc, subnets: readonly Subnet[]): void {
  if (reading.knows(`cidrs:${vpc.id}`)) return;
  const holds = (prefix: Prefix): boolean => vpc.cidrs.some((cidr) => prefixCovers(cidr, prefix));
  for (const subnet of subnets) {
    for (const prefix of subnet.cidrs) {
      if (holds(prefix)) continue;
      const what = `${formatPrefix(prefix)} of subnet ${quote(subnet.id)} is outside its VPC ${quote(vpc.id)}`;
      reading.error(what, subnet.origin, TOGETHER);
      reading.fact(
        `cidrs:${subnet.id}`,
        `which addresses belong to subnet ${quote(subnet.id)}`,
        TOGETHER,
        subnet.origin,
      );
    }
  }
}

/** A VPC has one main route table and one default network ACL (RT-01, NACL-01). */
function checkSingle(
  reading: Reading,
  records: readonly (Resource & { readonly vpcId: string })[],
  noun: string,
  key: string,
): void {
  for (const [vpcId, group] of byVpc(records)) {
    const [first, second] = group;
    if (first === undefined || second === undefined) continue;
    const what = `VPC ${quote(vpcId)} has ${group.length} ${noun}, ${quote(first.id)} and ${quote(second.id)} among them`;
    reading.error(what, second.origin, TOGETHER);
    reading.fact(`${key}:${vpcId}`, what, TOGETHER, second.origin);
  }
}

/** A subnet is associated with at most one route table and one network ACL. */
function checkOneEach(
  reading: Reading,
  records: readonly (Resource & { readonly subnetIds: readonly string[] })[],
  noun: string,
  key: string,
): void {
  const first = new Map<string, string>();
  for (const { id, origin, subnetIds } of records) {
    for (const subnetId of subnetIds) {
      const other = first.get(subnetId);
      if (other === undefined) {
        first.set(subnetId, id);
        continue;
      }
      if (other === id) continue;
      const what = `subnet ${quote(subnetId)} is associated with two ${noun}: ${quote(other)} and ${quote(id)}`;
      reading.error(what, originOf(origin, 'Associations'), TOGETHER);
      reading.fact(`${key}:${subnetId}`, what, TOGETHER, originOf(origin, 'Associations'));
    }
  }
}
