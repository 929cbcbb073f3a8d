/** Delivery inside a VPC by its `local` routes (RT-03, OPEN-31): the router hands the packet to the subnet that holds the address. */

import type { GraphBuilder } from './graph-builder.ts';
import { entry } from './graph-builder.ts';
import { buildLookup, type LookupPrefix } from './lookup.ts';
import { subnetsOf } from './missing-facts.ts';
import { type Entry, LOOKUP, SILENT, type StageId, stage } from './stage.ts';
import { enterSubnet } from './subnet-stages.ts';

export function vpcPlace(b: GraphBuilder, vpc: number): number {
  const { id, name } = b.network.vpcs[vpc]!;
  return b.place({ kind: 'vpc', id, name });
}

export function deliverInVpc(b: GraphBuilder, vpc: number): StageId {
  return b.once(`deliver in vpc ${vpc}`, () => {
    const record = b.network.vpcs[vpc]!;
    const place = vpcPlace(b, vpc);
    const entries: Entry[] = [];
    const prefixes: LookupPrefix[] = [];
    for (const subnet of b.names.subnetsOfVpc[vpc]!) {
      prefixes.push(...b.network.subnets[subnet]!.cidrs.map((cidr) => b.prefix(cidr, entries.length)));
      entries.push(entry(enterSubnet(b, subnet), null));
    }
    const noSubnet = b.isComplete('subnets', record)
      ? b.drop(place, 'deliver', 'NO_POSSIBLE_DESTINATION', 'no subnet of the VPC holds the destination address')
      : b.unknown(place, 'deliver', subnetsOf(record.id));
    prefixes.push(...record.cidrs.map((cidr) => b.prefix(cidr, entries.length)));
    entries.push(entry(noSubnet, null));
    return stage(LOOKUP, 'deliver', place, {
      lookup: buildLookup(prefixes),
      entries,
      next: b.drop(place, 'deliver', 'NO_POSSIBLE_DESTINATION', 'the destination is not an address of the VPC'),
      effects: SILENT,
    });
  });
}
