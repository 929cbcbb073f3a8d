/** From a transit gateway into a VPC: by which of the attachment's interfaces, and what comes after it (TGW-07, TGW-09). */

import type { TransitGatewayAttachment } from '../model/transit-gateway.ts';
import { open } from './assumption.ts';
import { entry, type GraphBuilder } from './graph-builder.ts';
import { buildLookup } from './lookup.ts';
import { pickedZone } from './missing-facts.ts';
import { type EntryOrigin, FORGETS_SENDER, LOOKUP, SILENT, type StageId, stage } from './stage.ts';
import { lanLookup, leaveSubnet } from './subnet-stages.ts';
import { transitIndex } from './transit-index.ts';

export function gatewayPlace(b: GraphBuilder, id: string): number {
  const index = transitIndex(b).gateway.get(id);
  return b.place({
    kind: 'transit-gateway',
    id,
    name: index === undefined ? null : b.network.transitGateways[index]!.name,
  });
}

/** TGW-09: a flow keeps to one zone, whichever it is, there and back: all ways to the attachment share one choice. */
export function pinned(
  b: GraphBuilder,
  { id, transitGatewayId, origin }: TransitGatewayAttachment,
  subnets: readonly number[],
  forgets: boolean,
): StageId {
  const entries = b.shared(`zones of ${id}`, () => {
    const alternatives = subnets.map((_, index) => index).slice(1);
    const fact = b.fact(pickedZone(id));
    return subnets.map((subnet, index) => {
      const text = `appliance mode of ${id}: by ${b.network.subnets[subnet]!.id} (TGW-09)`;
      const from: EntryOrigin = { resource: id, rule: null, text, source: origin };
      return entry(intoVpc(b, subnet, false), from, index === 0 ? { alternatives, fact } : {});
    });
  });
  return b.once(`pinned ${id} ${forgets}`, () =>
    stage(LOOKUP, 'gateway-check', gatewayPlace(b, transitGatewayId), {
      lookup: buildLookup([{ ranks: { first: 0, last: b.space.size - 1 }, length: 0, value: 0 }]),
      entries,
      next: entries[0]!.next,
      effects: SILENT | (forgets ? FORGETS_SENDER : 0),
    }),
  );
}

/** TGW-07: by the attachment's interface in this subnet, to a neighbour there without any list, else out by the subnet's own table. */
export function intoVpc(b: GraphBuilder, subnet: number, forgets: boolean): StageId {
  return b.once(`from transit into ${subnet} ${forgets}`, () => {
    const { id, name } = b.network.subnets[subnet]!;
    const { lookup, entries } = lanLookup(b, subnet);
    return stage(LOOKUP, 'deliver', b.place({ kind: 'subnet', id, name }), {
      lookup,
      entries: entries.map((one) =>
        entry(one.next, one.origin, { fact: one.fact, assumptions: one.assumptions | open(4) }),
      ),
      next: leaveSubnet(b, subnet),
      effects: SILENT | (forgets ? FORGETS_SENDER : 0),
    });
  });
}
