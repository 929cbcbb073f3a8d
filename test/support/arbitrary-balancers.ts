/**
 * Load balancers of random networks: in VPC v a network one, `nV`, and one of another kind, `oV`. Every listener has target groups of
 * its own. The node in subnet s has the host number 220 (or 230), its public address is 192.0.2.(150 + ...).
 */

import fc from 'fast-check';
import { type Frame, type NetworkShape, pick, sometimes } from './arbitrary-routes.ts';
import { PORT_BOUNDS } from './arbitrary-rules.ts';
import type { BalancerDrawing, NodeDrawing, TargetGroupDrawing } from './balancer-drawing.ts';
import type { VpcDrawing } from './drawing.ts';

type Balancers = Pick<VpcDrawing, 'balancers' | 'targetGroups'>;

const PORTS = PORT_BOUNDS.filter((port) => port > 0);

export function balancers(frame: Frame, v: number, shape: NetworkShape): fc.Arbitrary<Balancers> {
  if (shape.isPlain) return fc.constant({});
  return fc.tuple(networkBalancer(frame, v, shape), otherBalancer(frame, v, shape)).map(([network, other]) => ({
    balancers: { ...network.balancers, ...other.balancers },
    targetGroups: { ...network.targetGroups, ...other.targetGroups },
  }));
}

function common(frame: Frame, v: number, first: number) {
  const subnets = frame.vpcs[v]!.subnets.map((_, s) => s);
  return fc.record({
    nodes: fc.shuffledSubarray(subnets, { minLength: 1 }),
    isInternal: fc.boolean(),
    hasV6: sometimes(25),
    isDown: sometimes(4),
    crossZone: pick([undefined, true, false]),
    first: fc.constant(first),
  });
}

type Common = ReturnType<typeof common> extends fc.Arbitrary<infer T> ? T : never;

function drawn(v: number, { nodes, isInternal, hasV6, isDown, crossZone, first }: Common): BalancerDrawing {
  const nodeAt = (s: number): NodeDrawing => ({
    address: `10.${v}.${s}.${first}`,
    ...(!isInternal && { public: `192.0.2.${150 + v * 10 + s + (first - 220) / 2}` }),
    ...(hasV6 && { v6: `2001:db8:${v}00:${s}::${first}` }),
  });
  return {
    scheme: isInternal ? 'internal' : 'internet-facing',
    nodes: Object.fromEntries(nodes.map((s) => [`${v}${s}`, nodeAt(s)])),
    ...(isDown && { state: 'failed' }),
    ...(crossZone !== undefined && { crossZone }),
  };
}

function networkBalancer(frame: Frame, v: number, shape: NetworkShape): fc.Arbitrary<Balancers> {
  const groups = fc.oneof(
    { weight: 2, arbitrary: fc.constant<string[]>([]) },
    { weight: 3, arbitrary: fc.subarray([`${v}a`, `${v}b`], { minLength: 1 }) },
  );
  const listener = fc
    .tuple(pick(['TCP', 'TCP', 'TCP', 'TCP_UDP', 'UDP', 'TLS']), pick(PORTS), pick(PORTS))
    .chain(([protocol, port, to]) =>
      targetGroup(frame, v, `${protocol} ${to}`, ['instance', 'instance', 'ip', 'ip', 'alb'], shape).map((group) => ({
        text: `${protocol} ${port}`,
        group: { ...group, ...(/UDP/.test(protocol) && group.preserveClient === false && { preserveClient: true }) },
      })),
    );
  return fc
    .record({
      common: common(frame, v, 220),
      groups,
      listeners: fc.uniqueArray(listener, { minLength: 1, maxLength: 2, selector: ({ text }) => text.split(' ')[1] }),
      unread: sometimes(shape.hasGaps ? 4 : 0),
    })
    .map(({ common, groups, listeners, unread }) => ({
      balancers: {
        [`n${v}`]: {
          kind: 'network',
          ...drawn(v, common),
          groups,
          listeners: unread ? null : Object.fromEntries(listeners.map(({ text }, i) => [text, `n${v}${i}`])),
        },
      },
      targetGroups: Object.fromEntries(listeners.map(({ group }, i) => [`n${v}${i}`, group])),
    }));
}

function otherBalancer(frame: Frame, v: number, shape: NetworkShape): fc.Arbitrary<Balancers> {
  const group = pick(PORTS).chain((port) =>
    targetGroup(frame, v, `HTTP ${port}`, ['instance', 'instance', 'ip', 'ip', 'lambda'], shape),
  );
  return fc
    .record({
      common: common(frame, v, 230),
      isClassic: sometimes(25),
      groups: fc.subarray([`${v}a`, `${v}b`], { minLength: 1 }),
      ports: fc.uniqueArray(pick(PORTS), { minLength: 1, maxLength: 2 }),
      targetGroups: fc.tuple(group, group),
      ways: fc.tuple(pick([[0], [1], [0], [0, 1], []]), pick([[1], [0], []])),
      to: pick(PORTS),
      instances: fc.shuffledSubarray(instancesOf(frame, v), { minLength: 1, maxLength: 2 }),
    })
    .map(({ common, isClassic, groups, ports, targetGroups, ways, to, instances }) => {
      if (isClassic) {
        const listeners = Object.fromEntries(ports.map((port) => [`TCP ${port}`, `TCP ${to}`]));
        // Records of classic balancers have no state.
        const there = { ...common, isDown: false };
        const classic: BalancerDrawing = { kind: 'classic', ...drawn(v, there), groups, listeners, instances };
        return { balancers: { [`o${v}`]: classic } };
      }
      const listeners = Object.fromEntries(
        ports.map((port, i) => [`HTTP ${port}`, (ways[i] ?? []).map((way) => `o${v}${way}`)]),
      );
      return {
        balancers: { [`o${v}`]: { kind: 'application', ...drawn(v, common), groups, listeners } },
        targetGroups: { [`o${v}0`]: targetGroups[0], [`o${v}1`]: targetGroups[1] },
      };
    });
}

function instancesOf(frame: Frame, v: number): string[] {
  return frame.vpcs[v]!.subnets.flatMap((count, s) => Array.from({ length: count }, (_, e) => `i-${v}${s}${e}`));
}

type Kind = NonNullable<TargetGroupDrawing['type']>;

function targetGroup(
  frame: Frame,
  v: number,
  to: string,
  kinds: readonly Kind[],
  { hasGaps }: NetworkShape,
): fc.Arbitrary<TargetGroupDrawing> {
  return fc
    .record({
      type: pick(kinds),
      instances: fc.shuffledSubarray(instancesOf(frame, v), { minLength: 1, maxLength: 3 }),
      addresses: fc.shuffledSubarray(addressesOf(frame, v), { minLength: 1, maxLength: 3 }),
      ownPort: fc.option(pick(PORTS), { nil: undefined, freq: 4 }),
      health: pick(['', '', '', '', ' unhealthy', ' draining']),
      preserve: pick([undefined, undefined, true, false, hasGaps ? null : false]),
      crossZone: pick([undefined, undefined, undefined, true, false]),
      isUnread: sometimes(hasGaps ? 5 : 0),
    })
    .map(({ type, instances, addresses, ownPort, health, preserve, crossZone, isUnread }) => {
      if (type === 'lambda') return { type, targets: ['arn:aws:lambda:us-east-1:111111111111:function:f'] };
      if (type === 'alb') return { type, to: to.replace(/^\S+/, 'TCP'), targets: [`app/o${v}/1`] };
      const named = type === 'instance' ? instances : addresses;
      const targets = named.map((text, i) => {
        const [name = '', ...zone] = text.split(' ');
        const port = i === 0 && ownPort !== undefined ? `:${ownPort}` : '';
        return [`${name}${port}`, ...zone].join(' ') + (i === 1 ? health : '');
      });
      return {
        type,
        to,
        targets: isUnread ? null : targets,
        ...(preserve !== undefined && !to.startsWith('HTTP') && { preserveClient: preserve }),
        ...(crossZone !== undefined && { crossZone }),
      };
    });
}

/** Interfaces of the VPC, some of others, and a host outside. */
function addressesOf(frame: Frame, v: number): string[] {
  const all = frame.vpcs.flatMap(({ subnets }, other) =>
    subnets.flatMap((count, s) =>
      Array.from({ length: count }, (_, e) => `10.${other}.${s}.${10 + e}${other === v ? '' : ' in all'}`),
    ),
  );
  const [own, others] = [all.filter((text) => !text.includes(' ')), all.filter((text) => text.includes(' '))];
  return [...own, ...others.slice(0, 4), '10.9.9.9 in all'];
}
