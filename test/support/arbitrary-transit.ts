/**
 * Transit gateways of random networks: `T`, to which every VPC may be attached, and `U`, to which those of another Region are moved
 * when the drawing is cut down (see `prune-transit.ts`), with a peering between the two.
 */

import fc from 'fast-check';
import { type Frame, type NetworkShape, pick, sometimes } from './arbitrary-routes.ts';
import type { Drawing } from './drawing.ts';
import type {
  AttachmentDrawing,
  TransitGatewayDrawing,
  TransitRoutes,
  TransitTableDrawing,
} from './transit-drawing.ts';

type Transit = Pick<Drawing, 'transitGateways' | 'transitPeerings' | 'vpns'>;

export function transit(frame: Frame, shape: NetworkShape): fc.Arbitrary<Transit> {
  if (shape.isPlain) return fc.constant({});
  const vpcs = frame.vpcs.map((_, v) => String(v));
  const attached = fc.tuple(
    ...vpcs.map((v) => fc.tuple(sometimes(90), attachment(Number(v), frame.vpcs[Number(v)]!.subnets.length, shape))),
  );
  const vpn = fc.tuple(
    sometimes(12),
    pick<readonly string[] | undefined>([['10.9.0.0/16'], ['10.9.0.0/16'], undefined]),
  );
  const gateway = fc.record({ groups: referencing(shape), t: table(vpcs, shape), r: table(vpcs, shape) });
  return fc
    .record({
      attached,
      vpn,
      T: gateway,
      U: gateway,
      peering: pick(['available', 'available', 'available', 'deleting']),
    })
    .map(({ attached, vpn: [hasVpn, routes], T, U, peering }) => {
      const attachments = Object.fromEntries(vpcs.flatMap((v, i) => (attached[i]![0] ? [[v, attached[i]![1]]] : [])));
      const vpnAttachment: Record<string, AttachmentDrawing> = hasVpn ? { V: { to: 'vpn vpn-v' } } : {};
      const transitGateways: Record<string, TransitGatewayDrawing> = {
        T: { groups: T.groups, attachments: { ...attachments, ...vpnAttachment }, tables: { T: T.t, R: T.r } },
        U: { region: 'eu-west-1', groups: U.groups, tables: { U: U.t } },
      };
      return {
        transitGateways,
        transitPeerings: { TU: { from: 'T', to: 'U', state: peering } },
        ...(hasVpn && { vpns: { V: { gateway: 'T', ...(routes && { routes }) } } }),
      };
    });
}

function referencing({ hasGaps }: NetworkShape): fc.Arbitrary<boolean | null> {
  return pick(hasGaps ? [true, false, null] : [true, true, false]);
}

function attachment(v: number, subnets: number, { hasGaps }: NetworkShape): fc.Arbitrary<AttachmentDrawing> {
  const all = Array.from({ length: subnets }, (_, s) => `${v}${s}`);
  return fc.record(
    {
      // Which of them stay, one in each zone, shows when the drawing is cut down.
      subnets: hasGaps
        ? fc.oneof(
            { weight: 9, arbitrary: fc.shuffledSubarray(all, { minLength: 1 }) },
            { weight: 1, arbitrary: fc.constant(null) },
          )
        : fc.shuffledSubarray(all, { minLength: 1 }),
      ipv6: sometimes(75),
      applianceMode: sometimes(15),
      groups: sometimes(85),
      state: pick(['available', 'available', 'available', 'available', 'available', 'modifying', 'pending']),
      table: pick(['T', 'T', 'T', 'R', 'R', hasGaps ? 'unsaid' : 'T', null]),
      propagates: pick<readonly string[]>([['T', 'R'], ['T', 'R'], ['T'], ['R'], []]),
    },
    { requiredKeys: ['ipv6'] },
  );
}

function table(vpcs: readonly string[], shape: NetworkShape): fc.Arbitrary<TransitTableDrawing> {
  const ways = vpcs.map((v) => `tgw-attach-${v}`);
  const optional = (destination: string, targets: readonly string[], weight: number): fc.Arbitrary<TransitRoutes> =>
    fc.oneof(
      { weight: 100 - weight, arbitrary: fc.constant<TransitRoutes>({}) },
      { weight, arbitrary: pick(targets).map((target) => ({ [destination]: target })) },
    );
  const statics = fc
    .tuple(
      ...vpcs.map((v) => optional(`10.${v}.0.0/16`, [`tgw-attach-${v}`, `tgw-attach-${v}`, ...ways, 'blackhole'], 35)),
      ...vpcs.map((v) => optional(`2001:db8:${v}00::/56`, [`tgw-attach-${v}`, ...ways], 25)),
      optional('0.0.0.0/0', ways, 40),
      optional('10.1.1.0/24', ['blackhole', ...ways], 12),
      optional('10.0.0.0/8', ways, 12),
      optional('pl-c', [...ways, 'blackhole'], 12),
      optional('pl-a', ways, 8),
    )
    .map((all) => Object.assign({}, ...all) as TransitRoutes);
  const routes = fc.record({ routes: statics });
  if (!shape.hasGaps) return routes;
  return fc.oneof<fc.WeightedArbitrary<TransitTableDrawing>[]>(
    { weight: 16, arbitrary: routes },
    { weight: 1, arbitrary: fc.constant({ routes: null }) },
    { weight: 1, arbitrary: routes.map((drawn) => ({ ...drawn, propagationsRead: false })) },
    { weight: 2, arbitrary: fc.record({ routes: statics, learned: fc.constant({ '10.0.0.0/16': 'tgw-attach-0' }) }) },
  );
}
