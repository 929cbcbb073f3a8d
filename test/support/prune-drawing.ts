/** Cuts a drawing down to some of its parts, and takes away what refers to the others. */

import type { Frame } from './arbitrary-routes.ts';
import type { Drawing, GroupDrawing, NatDrawing, Routes, VpcDrawing } from './drawing.ts';

/** The parts of a random drawing that are in the frame; the drawing has at least as many. */
export function prunedTo(frame: Frame, { vpcs: drawn = {}, peerings = {}, ...rest }: Drawing): Drawing {
  const vpcs = frame.vpcs.map((_, v): [string, VpcDrawing] => [String(v), prunedVpc(frame, v, drawn[v] ?? {})]);
  const isKept = (vpc: string): boolean => Number(vpc) < frame.vpcs.length;
  const joined = Object.entries(peerings).filter(([, { from, to }]) => isKept(from) && isKept(to));
  return { ...rest, vpcs: Object.fromEntries(vpcs), peerings: Object.fromEntries(joined) };
}

function prunedVpc(frame: Frame, v: number, vpc: VpcDrawing): VpcDrawing {
  const { subnets, nats } = frame.vpcs[v]!;
  const keeps = kept(frame);
  const name = (s: number): string => `${v}${s}`;
  const drawnSubnets = subnets.map((_, s) => [name(s), vpc.subnets?.[name(s)]] as const);
  const enis = subnets.flatMap((count, s) => Array.from({ length: count }, (_, e) => `${v}${s}${e}`));
  const natNames = Array.from({ length: nats }, (_, n) => `${v}${n}`);
  return {
    ...vpc,
    ...(vpc.mainRoutes && { mainRoutes: prunedRoutes(keeps, vpc.mainRoutes) }),
    ...(vpc.igwRoutes && { igwRoutes: prunedRoutes(keeps, vpc.igwRoutes) }),
    subnets: Object.fromEntries(
      drawnSubnets.flatMap(([key, subnet]) => {
        if (subnet === undefined) return [];
        const routes = typeof subnet.routes === 'object' ? { routes: prunedRoutes(keeps, subnet.routes) } : {};
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
  return (word) => words.has(word) || !/^(10\.\d+\.\d+\.0\/24|(eni|i|nat|pcx)-.*)$/.test(word);
}

function prunedRoutes(keeps: (word: string) => boolean, routes: Routes): Routes {
  return Object.fromEntries(
    Object.entries(routes).filter(
      ([destination, target]) => keeps(destination) && keeps(String(target).split(' ')[0]!),
    ),
  );
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
