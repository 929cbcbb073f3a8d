/** Cuts the transit gateways of a drawing down to the VPCs that are left, and sorts them by Region: `T` has its own, `U` the others. */

import type { Drawing, VpcDrawing } from './drawing.ts';
import type {
  AttachmentDrawing,
  TransitGatewayDrawing,
  TransitRoutes,
  TransitTableDrawing,
} from './transit-drawing.ts';

type Transit = Pick<Drawing, 'transitGateways' | 'transitPeerings' | 'vpns'>;
type Vpcs = Readonly<Record<string, VpcDrawing>>;

export function prunedTransit({ transitGateways = {}, transitPeerings, vpns }: Transit, vpcs: Vpcs): Transit {
  const { T: near, U: far } = transitGateways;
  if (near === undefined || far === undefined) return {};
  const drawn = Object.entries(near.attachments ?? {}).filter(([name]) => name === 'V' || vpcs[name] !== undefined);
  const all = Object.fromEntries(drawn);
  const isFar = (name: string): boolean => vpcs[name]?.region === far.region;
  const here = drawn
    .filter(([name]) => !isFar(name))
    .map(([name, one]) => [name, attachmentIn(vpcs, name, one)] as const);
  const there = drawn
    .filter(([name]) => isFar(name))
    // Its associations were drawn for the other gateway's tables.
    .map(([name, { table: _, propagates: __, ...one }]) => [name, attachmentIn(vpcs, name, one)] as const);
  const hasPeering = there.length > 0;
  const cut = (gateway: TransitGatewayDrawing, isOther: (name: string) => boolean): TransitGatewayDrawing => ({
    ...gateway,
    tables: Object.fromEntries(
      Object.entries(gateway.tables ?? {}).map(([name, table]) => [name, tableOf(table, all, isOther)]),
    ),
  });
  return {
    transitGateways: {
      T: { ...cut(near, isFar), attachments: Object.fromEntries(here) },
      ...(hasPeering && { U: { ...cut(far, (name) => !isFar(name)), attachments: Object.fromEntries(there) } }),
    },
    ...(hasPeering && transitPeerings && { transitPeerings }),
    ...(vpns && { vpns }),
  };
}

function attachmentIn(vpcs: Vpcs, name: string, attachment: AttachmentDrawing): AttachmentDrawing {
  const left = vpcs[name]?.subnets;
  if (left === undefined || attachment.subnets === null || attachment.subnets === undefined) return attachment;
  return { ...attachment, subnets: oneInEachZone(attachment.subnets, left) };
}

/** The first in every zone, of those that are left; the first subnet of all where none is. */
export function oneInEachZone(names: readonly string[], left: NonNullable<VpcDrawing['subnets']>): string[] {
  const kept = names.filter((name) => left[name] !== undefined);
  const zones = new Map<string, string>();
  for (const name of kept.length > 0 ? kept : Object.keys(left).slice(0, 1)) {
    const zone = left[name]?.zone ?? '';
    if (!zones.has(zone)) zones.set(zone, name);
  }
  return [...zones.values()];
}

/** Routes to attachments that are there; those of the other gateway's by the peering. */
function tableOf(
  { routes, learned, ...table }: TransitTableDrawing,
  all: Readonly<Record<string, AttachmentDrawing>>,
  isOther: (name: string) => boolean,
): TransitTableDrawing {
  const cut = (drawn: TransitRoutes): TransitRoutes =>
    Object.fromEntries(
      Object.entries(drawn).flatMap(([destination, target]) => {
        const name = String(target).replace('tgw-attach-', '');
        if (target === 'blackhole') return [[destination, target]];
        if (all[name] === undefined) return [];
        return [[destination, isOther(name) ? 'tgw-attach-tu' : target]];
      }),
    );
  // TGW-06: what is learned never comes over a peering.
  const own = Object.entries(learned ?? {}).filter(([, target]) => !isOther(String(target).replace('tgw-attach-', '')));
  return {
    ...table,
    ...(routes !== undefined && { routes: routes === null ? null : cut(routes) }),
    ...(learned && { learned: cut(Object.fromEntries(own)) }),
  };
}
