/** Delivery inside a VPC by its `local` routes (RT-03, OPEN-31): the router hands the packet to the subnet that holds the address. */

import { compareAddresses } from '../net/address.ts';
import { type Prefix, prefixCovers } from '../net/prefix.ts';
import { entry, type GraphBuilder } from './graph-builder.ts';
import { buildLookup, type LookupPrefix } from './lookup.ts';
import { sharedBySubnets, subnetsOf, targetOf } from './missing-facts.ts';
import { NONE, ownPrefixes } from './names.ts';
import { type Entry, LOOKUP, SILENT, type StageId, stage } from './stage.ts';
import { enterSubnet } from './subnet-stages.ts';

function vpcPlace(b: GraphBuilder, vpc: number): number {
  const { id, name } = b.network.vpcs[vpc]!;
  return b.place({ kind: 'vpc', id, name });
}

export function deliverInVpc(b: GraphBuilder, vpc: number): StageId {
  return b.onceOf('deliver in vpc', vpc, () => {
    const record = b.network.vpcs[vpc]!;
    const place = vpcPlace(b, vpc);
    const entries: Entry[] = [];
    const prefixes: LookupPrefix[] = [];
    const add = (prefix: Prefix, next: StageId): void => {
      prefixes.push(b.prefix(prefix, entries.length));
      entries.push(entry(next, null));
    };
    const subnets = b.names.subnetsOfVpc[vpc]!;
    // Contradictions first: of equal prefixes the first one counts.
    for (const [one, other, shared] of overlaps(b, subnets)) {
      add(
        shared,
        b.unknown(place, 'deliver', sharedBySubnets(b.network.subnets[one]!.id, b.network.subnets[other]!.id)),
      );
    }
    for (const eni of b.names.enisOfVpc[vpc]!) {
      if (b.names.subnetOfEni[eni] !== NONE) continue;
      const { subnetId } = b.network.networkInterfaces[eni]!;
      for (const own of ownPrefixes(b.network.networkInterfaces[eni]!)) {
        add(own, b.unknown(place, 'deliver', targetOf('subnet', subnetId, 'ec2 describe-subnets')));
      }
    }
    for (const subnet of subnets)
      for (const cidr of b.network.subnets[subnet]!.cidrs) add(cidr, enterSubnet(b, subnet));
    const noSubnet = b.isComplete('subnets', record)
      ? b.drop(place, 'deliver', 'NO_POSSIBLE_DESTINATION', 'no subnet of the VPC holds the destination address')
      : b.unknown(place, 'deliver', subnetsOf(record.id));
    prefixes.push(...record.cidrs.map((cidr) => b.prefix(cidr, entries.length)));
    entries.push(entry(noSubnet, null));
    const gap = b.gap(`cidrs:${record.id}`);
    const outside =
      gap === null
        ? b.drop(place, 'deliver', 'NO_POSSIBLE_DESTINATION', 'the destination is not an address of the VPC')
        : b.unknown(place, 'deliver', gap);
    return stage(LOOKUP, 'deliver', place, {
      lookup: buildLookup(prefixes),
      entries,
      next: outside,
      effects: SILENT,
    });
  });
}

/** Blocks that two subnets of the VPC both claim, which AWS does not allow: the smaller of the two, each time. */
function overlaps(b: GraphBuilder, subnets: readonly number[]): readonly (readonly [number, number, Prefix])[] {
  const blocks = subnets
    .flatMap((subnet) => b.network.subnets[subnet]!.cidrs.map((cidr) => ({ subnet, cidr })))
    .sort((a, c) => compareAddresses(a.cidr.address, c.cidr.address) || a.cidr.length - c.cidr.length);
  const found: (readonly [number, number, Prefix])[] = [];
  let widest = blocks[0];
  for (const block of blocks.slice(1)) {
    if (!prefixCovers(widest!.cidr, block.cidr)) widest = block;
    else if (widest!.subnet !== block.subnet) found.push([widest!.subnet, block.subnet, block.cidr]);
  }
  return found;
}
