/**
 * Random networks, valid by construction, as drawings: what fails is printed as text that a person can read. Addresses follow one
 * plan, so that everything shrinks without losing its place: VPC v has 10.v.0.0/16 and 2001:db8:v00::/56, its subnet s has
 * 10.v.s.0/24 and 2001:db8:v00:s::/64, and interface e of it the host number 10 + e.
 */

import fc from 'fast-check';
import { balancers } from './arbitrary-balancers.ts';
import { type Frame, gatewayRoutes, type NetworkShape, pick, routes, sometimes } from './arbitrary-routes.ts';
import { aclEntries, groupRules, type Vocabulary } from './arbitrary-rules.ts';
import { transit } from './arbitrary-transit.ts';
import type {
  Drawing,
  GroupDrawing,
  InterfaceDrawing,
  NaclDrawing,
  NatDrawing,
  SubnetDrawing,
  VpcDrawing,
} from './drawing.ts';
import { prunedTo } from './prune-drawing.ts';

const frame = (shape: NetworkShape): fc.Arbitrary<Frame> =>
  fc.record({
    vpcs: fc.array(
      fc.record({
        subnets: fc.array(pick([1, 2, 1, 2, 0]), { minLength: 1, maxLength: shape.isPlain ? 4 : 3 }),
        nats: shape.isPlain ? fc.constant(0) : fc.integer({ min: 0, max: 2 }),
        balancers: shape.isPlain ? fc.constant(0) : pick([0, 0, 0, 1, 1, 2]),
      }),
      { minLength: 1, maxLength: shape.isPlain ? 1 : 3 },
    ),
    hasTransit: sometimes(shape.isPlain ? 0 : 50),
  });

/** Everything that may be in a network; what is, the frame says. So both shrink by themselves. */
function wholeFrame({ isPlain }: NetworkShape): Frame {
  const vpc = { subnets: Array.from({ length: isPlain ? 4 : 3 }, () => 2), nats: isPlain ? 0 : 2, balancers: 2 };
  return { vpcs: Array.from({ length: isPlain ? 1 : 3 }, () => vpc), hasTransit: !isPlain };
}

export function drawings(shape: NetworkShape): fc.Arbitrary<Drawing> {
  return fc
    .tuple(frame(shape), drawingIn(wholeFrame(shape), shape))
    .map(([frame, drawing]) => prunedTo(frame, drawing));
}

const GROUPS_PER_VPC = 2;
/** Routes name the first two, which hold nothing of a VPC. */
const PREFIX_LISTS = {
  a: ['203.0.113.0/24', '192.0.2.0/24'],
  b: ['203.0.113.128/25', '198.51.100.0/24'],
  c: ['10.0.1.0/24', '10.1.0.10/32', '203.0.113.0/25'],
};

function drawingIn(frame: Frame, shape: NetworkShape): fc.Arbitrary<Drawing> {
  const names = frame.vpcs.map((_, index) => String(index));
  const pairs = names.flatMap((from, index) => names.slice(index + 1).map((to) => [from, to] as const));
  const vpcs = fc.tuple(...frame.vpcs.map((_, index) => vpcIn(frame, index, shape)));
  const peerings = fc.tuple(...pairs.map(() => pick(['active', 'active', 'active', 'expired'])));
  const regions = fc.tuple(...names.map(() => pick(['us-east-1', 'us-east-1', 'us-east-1', 'eu-west-1'])));
  return fc
    .record({
      vpcs,
      peerings,
      regions,
      transit: transit(frame, shape),
      closing: shape.isPlain ? fc.constant<Closing>({}) : closing(frame, shape),
      gaps: shape.hasGaps ? gaps(frame) : fc.constant<Gaps>({}),
    })
    .map(({ vpcs, peerings, regions, transit, closing, gaps: { prefixLists, ...gaps } }) => ({
      ...transit,
      ...closing,
      vpcs: Object.fromEntries(vpcs.map((vpc, index) => [index, inRegion(vpc, regions[index] ?? 'us-east-1')])),
      peerings: Object.fromEntries(
        pairs.map(([from, to], index) => [`${from}${to}`, { from, to, state: peerings[index] ?? 'active' }]),
      ),
      prefixLists: { ...PREFIX_LISTS, ...prefixLists },
      ...gaps,
    }));
}

type Closing = Pick<Drawing, 'bpa' | 'bpaExclusions'>;

/** Block Public Access in some networks, and exclusions that may contradict each other. */
function closing(frame: Frame, { hasGaps }: NetworkShape): fc.Arbitrary<Closing> {
  const modes = ['block-ingress', 'block-bidirectional', hasGaps ? 'block-ingress changing' : 'off'];
  const ids = frame.vpcs.flatMap((vpc, v) => [`vpc-${v}`, ...vpc.subnets.map((_, s) => `subnet-${v}${s}`)]);
  const exclusion = fc.tuple(pick(ids), pick(['allow-egress', 'allow-bidirectional', 'allow-egress delete-complete']));
  const closed = fc
    .tuple(pick(modes), fc.array(exclusion, { maxLength: 2 }))
    .map(([bpa, exclusions]): Closing => ({ bpa, bpaExclusions: Object.fromEntries(exclusions) }));
  return fc.oneof({ weight: 4, arbitrary: fc.constant<Closing>({}) }, { weight: 1, arbitrary: closed });
}

/** Zones are drawn as letters. */
function inRegion(vpc: VpcDrawing, region: string): VpcDrawing {
  const subnets = Object.entries(vpc.subnets ?? {}).map(([name, subnet]) => [
    name,
    { ...subnet, ...(subnet.zone && { zone: `${region}${subnet.zone}` }) },
  ]);
  return { ...vpc, region, subnets: Object.fromEntries(subnets) };
}

type Gaps = Pick<Drawing, 'prefixLists' | 'incomplete' | 'absent' | 'unread'>;

function gaps(frame: Frame): fc.Arbitrary<Gaps> {
  const kinds = [
    'networkInterfaces',
    'securityGroups',
    'networkAcls',
    'routeTables',
    'subnets',
    'instances',
    'blockPublicAccessExclusions',
  ] as const;
  const ids = frame.vpcs.flatMap((vpc, v) => [
    ...vpc.subnets.flatMap((_, s) => [`acl-${v}${s}`, `rtb-${v}${s}`]),
    ...Array.from({ length: GROUPS_PER_VPC }, (_, g) => `sg-${v}${'ab'[g]}`),
    `igw-${v}`,
    `pcx-0${v}`,
  ]);
  return fc.record({
    prefixLists: pick([{}, {}, { a: null }, { c: null }]),
    incomplete: fc.subarray([...kinds], { maxLength: 2 }),
    absent: fc.subarray(ids, { maxLength: 1 }),
  });
}

function vpcIn(frame: Frame, v: number, shape: NetworkShape): fc.Arbitrary<VpcDrawing> {
  const { subnets, nats } = frame.vpcs[v]!;
  const words = vocabulary(frame, v);
  return fc
    .record({
      igw: shape.isPlain
        ? fc.constant(true)
        : fc.tuple(sometimes(92), pick(['detached', false])).map(([isAttached, otherwise]) => isAttached || otherwise),
      eigw: shape.isPlain ? fc.constant(false) : fc.boolean(),
      igwRoutes: shape.isPlain ? fc.constant(undefined) : gatewayRoutes(frame, v),
      mainRoutes: routes(frame, v, shape),
      defaultNacl: fc.oneof(
        { weight: 3, arbitrary: fc.constant<NaclDrawing>({}) },
        { weight: 1, arbitrary: acl(words, shape) },
      ),
      subnets: fc.tuple(...subnets.map((_, s) => subnetIn(frame, v, s, words, shape))),
      groups: fc.tuple(...Array.from({ length: GROUPS_PER_VPC }, () => group(words, shape))),
      enis: fc.tuple(
        ...subnets.flatMap((count, s) => Array.from({ length: count }, (_, e) => interfaceIn(v, s, e, shape))),
      ),
      nats: fc.tuple(...Array.from({ length: nats }, (_, n) => natIn(v, subnets.length, n))),
      balancers: balancers(frame, v, shape),
    })
    .map(({ igw, eigw, igwRoutes, ...parts }) => ({
      vpc: [`10.${v}.0.0/16`, `2001:db8:${v}00::/56`],
      igw,
      eigw,
      mainRoutes: parts.mainRoutes,
      defaultNacl: parts.defaultNacl,
      ...(igwRoutes !== undefined && igw === true && { igwRoutes }),
      subnets: Object.fromEntries(parts.subnets.map((subnet, s) => [`${v}${s}`, subnet])),
      groups: Object.fromEntries(parts.groups.map((group, g) => [`${v}${'ab'[g]}`, group])),
      enis: Object.fromEntries(
        subnets
          .flatMap((count, s) => Array.from({ length: count }, (_, e) => `${v}${s}${e}`))
          .map((name, i) => [name, parts.enis[i]!]),
      ),
      nats: Object.fromEntries(parts.nats.map((nat, n) => [`${v}${n}`, nat])),
      ...parts.balancers,
    }));
}

function vocabulary(frame: Frame, v: number): Vocabulary {
  const vpcs = frame.vpcs.map((_, index) => index);
  const subnets = frame.vpcs.flatMap(({ subnets }, vpc) => subnets.map((_, s) => `10.${vpc}.${s}.0/24`));
  return {
    v4: [`10.${v}.0.0/16`, ...subnets, ...vpcs.map((vpc) => `10.${vpc}.0.10/32`), '198.51.100.0/24'],
    v6: vpcs.flatMap((vpc) => [`2001:db8:${vpc}00::/56`, `2001:db8:${vpc}00::/64`]),
    groups: vpcs.flatMap((vpc) => [`sg-${vpc}a`, `sg-${vpc}b`]),
    prefixLists: ['pl-c', 'pl-a', 'pl-b'],
  };
}

function acl(words: Vocabulary, shape: NetworkShape): fc.Arbitrary<NaclDrawing> {
  const entries = aclEntries(words).chain((lines) =>
    shape.hasGaps
      ? pick([
          lines,
          lines,
          lines,
          [...lines, '15 allow unreadable'],
          [...lines, '25 deny unreadable'],
          [...lines, '5 unreadable'],
        ])
      : fc.constant(lines),
  );
  return fc.record({ in: entries, out: entries }, { requiredKeys: [] });
}

function group(words: Vocabulary, shape: NetworkShape): fc.Arbitrary<GroupDrawing> {
  const withGaps = (rules: fc.Arbitrary<string[]>, word: string): fc.Arbitrary<string[]> =>
    shape.hasGaps
      ? rules.chain((lines) =>
          pick([
            lines,
            lines,
            lines,
            [...lines, `unreadable ${word} 203.0.113.0/24`],
            [...lines, `tcp/443 ${word} unreadable`],
          ]),
        )
      : rules;
  return fc.record(
    {
      in: withGaps(groupRules(words, 'in'), 'from'),
      out: withGaps(groupRules(words, 'out'), 'to'),
      ...(shape.hasGaps && { gaps: fc.subarray(['in', 'out'] as const, { maxLength: 1 }) }),
    },
    { requiredKeys: [] },
  );
}

function subnetIn(
  frame: Frame,
  v: number,
  s: number,
  words: Vocabulary,
  shape: NetworkShape,
): fc.Arbitrary<SubnetDrawing> {
  return fc
    .record(
      {
        routes: routes(frame, v, shape),
        nacl: acl(words, shape),
      },
      { requiredKeys: [] },
    )
    .chain((parts) => (shape.isPlain ? fc.constant(parts) : pick(['a', 'a', 'b']).map((zone) => ({ ...parts, zone }))))
    .map((parts) => ({ cidr: [`10.${v}.${s}.0/24`, `2001:db8:${v}00:${s}::/64`], ...parts }));
}

function interfaceIn(v: number, s: number, e: number, shape: NetworkShape): fc.Arbitrary<InterfaceDrawing> {
  const host = 10 + e;
  const number = v * 60 + s * 10 + e;
  const secondary = `10.${v}.${s}.${host + 100}`;
  return fc
    .record({
      isPublic: sometimes(70),
      hasSecondary: sometimes(25),
      hasV6: sometimes(50),
      hasDelegated: sometimes(shape.isPlain ? 0 : 10),
      groups: fc.subarray([`${v}a`, `${v}b`], { minLength: 1 }),
      check: sometimes(shape.isPlain ? 0 : 40).map((isOff) => !isOff),
      isStopped: sometimes(shape.isPlain ? 0 : 4),
      tracking: fc.option(fc.constant({ tcpEstablished: 350, udp: 60, udpStream: 120 }), { nil: undefined }),
    })
    .map((drawn) => {
      const primary = `10.${v}.${s}.${host}`;
      const publics = {
        [primary]: `198.51.100.${number + 10}`,
        ...(drawn.hasSecondary && { [secondary]: `198.51.100.${number + 100}` }),
      };
      return {
        subnet: `${v}${s}`,
        address: drawn.hasSecondary ? [primary, secondary] : [primary],
        ...(drawn.isPublic && { public: publics }),
        ...(drawn.hasV6 && { v6: `2001:db8:${v}00:${s}::${host}` }),
        ...(drawn.hasDelegated && { delegated: `10.${v}.${s}.${(host - 9) * 16 + 144}/28` }),
        groups: drawn.groups,
        check: drawn.check,
        ...(drawn.isStopped && { instanceState: 'stopped' }),
        ...(drawn.tracking && { tracking: drawn.tracking }),
      };
    });
}

function natIn(v: number, subnets: number, n: number): fc.Arbitrary<NatDrawing> {
  return fc
    .record({
      s: fc.nat({ max: subnets - 1 }),
      kind: pick(['public', 'public', 'private', 'regional']),
      isFailed: sometimes(10),
    })
    .map(({ s, kind, isFailed }) => {
      const state = isFailed ? 'failed' : 'available';
      const address = `10.${v}.${s}.${200 + n}`;
      const publicAddress = `192.0.2.${100 + v * 10 + n}`;
      if (kind === 'regional') return { public: publicAddress };
      return { subnet: `${v}${s}`, address, ...(kind === 'public' && { public: publicAddress }), state };
    });
}
