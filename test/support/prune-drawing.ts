/** Cuts a drawing down to some of its parts, and takes away what refers to the others. */

import type { Frame } from './arbitrary-routes.ts';
import type { Drawing, GroupDrawing, NatDrawing, Routes, VpcDrawing } from './drawing.ts';
import { prunedBalancers } from './prune-balancers.ts';
import { prunedTransit } from './prune-transit.ts';

/** The parts of a random drawing that are in the frame; the drawing has at least as many. */
export function prunedTo(
  frame: Frame,
  { vpcs: drawn = {}, peerings = {}, transitGateways, transitPeerings, vpns, ...rest }: Drawing,
): Drawing {
  const vpcs = Object.fromEntries(frame.vpcs.map((_, v) => [String(v), prunedVpc(frame, v, drawn[v] ?? {})]));
  const isKept = (vpc: string): boolean => Number(vpc) < frame.vpcs.length;
  const joined = Object.entries(peerings).filter(([, { from, to }]) => isKept(from) && isKept(to));
  const transit = {
    ...(transitGateways && { transitGateways }),
    ...(transitPeerings && { transitPeerings }),
    ...(vpns && { vpns }),
  };
  return {
    ...rest,
    vpcs,
    peerings: Object.fromEntries(joined),
    ...(frame.hasTransit && prunedTransit(transit, vpcs)),
  };
}

function prunedVpc(frame: Frame, v: number, vpc: VpcDrawing): VpcDrawing {
  const { subnets, nats, balancers } = frame.vpcs[v]!;
  const keeps = kept(frame);
  const name = (s: number): string => `${v}${s}`;
  const drawnSubnets = subnets.map((_, s) => [name(s), vpc.subnets?.[name(s)]] as const);
  const enis = subnets.flatMap((count, s) => Array.from({ length: count }, (_, e) => `${v}${s}${e}`));
  const natNames = Array.from({ length: nats }, (_, n) => `${v}${n}`);
  const { balancers: drawnBalancers = {}, targetGroups = {}, ...plain } = vpc;
  const left = Object.fromEntries(
    drawnSubnets.flatMap(([key, subnet]) => (subnet === undefined ? [] : [[key, subnet]])),
  );
  return {
    ...plain,
    ...prunedBalancers(frame, balancers, { balancers: drawnBalancers, targetGroups }, left),
    ...(vpc.mainRoutes && { mainRoutes: prunedRoutes(keeps, vpc.region, vpc.mainRoutes) }),
    ...(vpc.igwRoutes && { igwRoutes: prunedRoutes(keeps, vpc.region, vpc.igwRoutes) }),
    subnets: Object.fromEntries(
      drawnSubnets.flatMap(([key, subnet]) => {
        if (subnet === undefined) return [];
        const routes =
          typeof subnet.routes === 'object' ? { routes: prunedRoutes(keeps, vpc.region, subnet.routes) } : {};
        return [[key, { ...subnet, ...routes }]];
      }),
    ),
    groups: Object.fromEntries(
      Object.entries(vpc.groups ?? {}).map(([key, group]) => [key, prunedGroup(frame, group)]),
    ),
    enis: Object.fromEntries(enis.flatMap((key) => (vpc.enis?.[key] ? [[key, vpc.enis[key]]] : []))),
    nats: Object.fromEntries(
      natNames.flatMap((key, n) => (vpc.nats?.[key] ? [[key, movedNat(vpc.nats[key], v, n, subnets.length)]] : [])),
    ),
  };
}

/** Ids and blocks that routes may name. */
function kept(frame: Frame): (word: string) => boolean {
  const words = new Set<string>();
  frame.vpcs.forEach(({ subnets, nats }, v) => {
    subnets.forEach((count, s) => {
      words.add(`10.${v}.${s}.0/24`);
      for (let e = 0; e < count; e++) words.add(`eni-${v}${s}${e}`).add(`i-${v}${s}${e}`);
    });
    for (let n = 0; n < nats; n++) words.add(`nat-${v}${n}`);
    for (let other = v + 1; other < frame.vpcs.length; other++) words.add(`pcx-${v}${other}`);
  });
  if (frame.hasTransit) words.add('tgw-t');
  return (word) => words.has(word) || !/^(10\.\d+\.\d+\.0\/24|(eni|i|nat|pcx|tgw)-.*)$/.test(word);
}

/** Each Region has a transit gateway of its own. */
function prunedRoutes(keeps: (word: string) => boolean, region: string | undefined, routes: Routes): Routes {
  const left = Object.entries(routes).filter(
    ([destination, target]) => keeps(destination) && keeps(String(target).split(' ')[0]!),
  );
  const gateway = region === 'eu-west-1' ? 'tgw-u' : 'tgw-t';
  return Object.fromEntries(left.map(([to, target]) => [to, target === 'tgw-t' ? gateway : target]));
}

/** A gateway whose subnet is gone moves to one that is there. */
function movedNat(nat: NatDrawing, v: number, n: number, subnets: number): NatDrawing {
  if (nat.subnet === undefined) return nat;
  const s = Number(nat.subnet.slice(-1)) % subnets;
  return { ...nat, subnet: `${v}${s}`, address: `10.${v}.${s}.${200 + n}` };
}

function prunedGroup(frame: Frame, { in: inbound, out, ...group }: GroupDrawing): GroupDrawing {
  const isKept = (rule: string): boolean => Number(/ sg-(\d)/.exec(rule)?.[1] ?? 0) < frame.vpcs.length;
  return { ...group, ...(inbound && { in: inbound.filter(isKept) }), ...(out && { out: out.filter(isKept) }) };
}
