/** The frame of a random network, which everything in it refers to, and the routes that join its parts. */

import fc from 'fast-check';
import type { Routes } from './drawing.ts';

export interface NetworkShape {
  /** Pieces that could not be read, cut-off lists, records that are not there. */
  readonly hasGaps: boolean;
  /** One VPC, and no component besides the internet gateway: what also the kernel can play. */
  readonly isPlain?: boolean;
}

export const pick = <T>(options: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...options);
/** True in about so many of a hundred networks. Integers would lean to the ends of their range and make the rare common. */
export const sometimes = (percent: number): fc.Arbitrary<boolean> =>
  pick(Array.from({ length: 100 }, (_, n) => n >= 100 - percent));

/** How many subnets each VPC has and how many interfaces each subnet: everything else refers to these. */
export interface Frame {
  readonly vpcs: readonly { readonly subnets: readonly number[]; readonly nats: number; readonly balancers: number }[];
  /** Whether there are transit gateways. */
  readonly hasTransit: boolean;
}

/** Routes that AWS would take: what is more specific than local is a subnet's block and leads to an interface or NAT gateway (RT-07). */
export function routes(frame: Frame, v: number, shape: NetworkShape): fc.Arbitrary<Routes> {
  const { subnets, nats } = frame.vpcs[v]!;
  // The kernel has no route that is `filtered`.
  const gateways = ['igw', 'igw', 'igw blackhole', shape.isPlain ? 'igw' : 'igw filtered'];
  const enis = subnets.flatMap((count, s) => Array.from({ length: count }, (_, e) => `eni-${v}${s}${e}`));
  const inner = [
    ...Array.from({ length: nats }, (_, n) => `nat-${v}${n}`),
    ...enis,
    ...enis.map((eni) => eni.replace('eni-', 'i-')),
  ];
  const peers = frame.vpcs.flatMap((_, other) =>
    other === v ? [] : [`pcx-${Math.min(v, other)}${Math.max(v, other)}`],
  );
  const away = shape.isPlain ? gateways : [...gateways, ...inner, ...peers, 'tgw-t', 'cagw-1', 'vgw-1 propagated'];
  const away6 = shape.isPlain ? gateways : ['igw', 'eigw', 'eigw', 'igw blackhole', 'cagw-1'];
  const blocks = frame.vpcs.flatMap((_, other) => (other === v ? [] : [`10.${other}.0.0/16`]));
  const toPeers = peers.length > 0 ? fc.oneof(pick([...peers, ...away]), pick(['tgw-t', ...peers])) : pick(away);
  const nothing = fc.constant<Routes>({});
  const optional = (destination: string, targets: fc.Arbitrary<string>, weight: number): fc.Arbitrary<Routes> =>
    fc.oneof(
      { weight: 100 - weight, arbitrary: nothing },
      { weight, arbitrary: targets.map((target) => ({ [destination]: target })) },
    );
  const parts: fc.Arbitrary<Routes>[] = [
    optional('0.0.0.0/0', pick(away), 85),
    optional('::/0', pick(away6), 60),
    optional('203.0.113.128/25', pick(away), 25),
    ...blocks.map((block) => optional(block, toPeers, 70)),
    ...frame.vpcs.flatMap((_, other) => {
      const peering = `pcx-${Math.min(v, other)}${Math.max(v, other)}`;
      return other === v ? [] : [optional(`2001:db8:${other}00::/56`, pick([peering, 'tgw-t']), 60)];
    }),
  ];
  if (!shape.isPlain) {
    const listed = away.filter((target) => !target.endsWith('propagated'));
    parts.push(optional('10.0.0.0/8', fc.constant('tgw-t'), 35));
    parts.push(optional('pl-a', pick(listed), 15), optional('pl-b', pick(listed), 15));
    if (inner.length > 0) {
      parts.push(
        ...subnets.map((_, s) => optional(`10.${v}.${s}.0/24`, pick(inner.filter((id) => !id.startsWith('i-'))), 8)),
      );
    }
    if (shape.hasGaps) parts.push(optional('unreadable', pick(away), 8));
  }
  return fc.tuple(...parts).map((all) => Object.assign({}, ...all) as Routes);
}

/** RT-15, RT-19: a whole subnet, to an interface in another one. */
export function gatewayRoutes(frame: Frame, v: number): fc.Arbitrary<Routes | undefined> {
  const { subnets } = frame.vpcs[v]!;
  const ways = subnets.flatMap((count, s) =>
    Array.from({ length: count }, (_, e) => `eni-${v}${s}${e}`).flatMap((eni) =>
      subnets.flatMap((_, other) => (other === s ? [] : [{ [`10.${v}.${other}.0/24`]: eni }])),
    ),
  );
  if (ways.length === 0) return fc.constant(undefined);
  return fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: pick(ways) });
}
