/** Load balancers of a drawing: their nodes, listeners and target groups. */

import type { Listener, LoadBalancer, Target, TargetGroup } from '../../src/model/load-balancer.ts';
import type { NetworkInterface } from '../../src/model/network-interface.ts';
import type { BalancerDrawing, TargetGroupDrawing } from './balancer-drawing.ts';
import type { VpcDrawing } from './drawing.ts';
import { interfaceOf } from './drawn-interfaces.ts';
import { type Home, resource, textsOf } from './drawn-place.ts';

const PREFIXES = { application: 'app/', network: 'net/', gateway: 'gwy/', classic: '' } as const;

interface Balancing {
  readonly balancers: LoadBalancer[];
  readonly nodes: NetworkInterface[];
  /** Those of classic balancers, one for each listener. */
  readonly classicGroups: TargetGroup[];
}

export function balancersOf(drawing: VpcDrawing, vpcId: string, key: string, home: Home): Balancing {
  const drawn = Object.entries(drawing.balancers ?? {});
  return {
    balancers: drawn.map(([name, balancer]) => balancerOf(name, balancer, drawing, vpcId, key, home)),
    nodes: drawn.flatMap(([name, balancer]) => nodesOf(name, balancer, vpcId, key, home)),
    classicGroups: drawn.flatMap(([name, balancer]) => classicGroupsOf(name, balancer, vpcId, home)),
  };
}

function balancerId(name: string, { kind = 'application' }: BalancerDrawing): string {
  const key = name.toLowerCase();
  return kind === 'classic' ? key : `${PREFIXES[kind]}${key}/1`;
}

function arnOf(id: string, { account, region }: Home): string {
  return `arn:aws:elasticloadbalancing:${region}:${account}:${id}`;
}

function balancerArn(id: string, isClassic: boolean, home: Home): string {
  return isClassic ? id : arnOf(`loadbalancer/${id}`, home);
}

function groupsOf({ kind = 'application', groups }: BalancerDrawing, key: string): readonly string[] {
  return groups ?? (kind === 'network' || kind === 'gateway' ? [] : [`default-${key}`]);
}

function balancerOf(
  name: string,
  drawing: BalancerDrawing,
  { subnets = {} }: VpcDrawing,
  vpcId: string,
  key: string,
  home: Home,
): LoadBalancer {
  const { kind = 'application', scheme = 'internet-facing', state = 'active' } = drawing;
  const id = balancerId(name, drawing);
  const isClassic = kind === 'classic';
  return {
    ...resource(id, home),
    arn: balancerArn(id, isClassic, home),
    balancerName: name.toLowerCase(),
    kind,
    scheme,
    state,
    vpcId,
    dnsName: null,
    zones: [...Object.keys(drawing.nodes), ...(drawing.zones ?? [])].map((subnet) => {
      const zone = subnets[subnet]?.zone;
      return {
        zone: isClassic ? null : zone === undefined ? `${home.region}a` : zone,
        subnetId: `subnet-${subnet.toLowerCase()}`,
        addresses: [],
      };
    }),
    groupIds: groupsOf(drawing, key).map((group) => `sg-${group.toLowerCase()}`),
    crossZone: drawing.crossZone === undefined ? kind === 'application' : drawing.crossZone,
    judgesPrivateLink: drawing.judgesPrivateLink ?? null,
    listeners: listenersOf(id, drawing, home),
  };
}

function listenersOf(id: string, { kind, listeners = {} }: BalancerDrawing, home: Home): readonly Listener[] | null {
  if (listeners === null) return null;
  const read = Object.entries(listeners).map(([text, groups]): Listener => {
    const { protocol, port } = protocolAndPort(text);
    const targetGroupArns =
      kind === 'classic'
        ? [`${id}:${port}`]
        : textsOf(groups).map((group) => arnOf(`targetgroup/${groupId(group)}`, home));
    return { protocol, port, targetGroupArns };
  });
  return read.sort((a, b) => (a.port ?? 0) - (b.port ?? 0) || (a.protocol < b.protocol ? -1 : 1));
}

/** `TCP 443`; `GENEVE` alone. */
function protocolAndPort(text: string): { readonly protocol: string; readonly port: number | null } {
  const [protocol = '', port] = text.split(' ');
  return { protocol, port: port === undefined ? null : Number(port) };
}

function nodesOf(name: string, drawing: BalancerDrawing, vpcId: string, key: string, home: Home): NetworkInterface[] {
  const { kind = 'application' } = drawing;
  return Object.entries(drawing.nodes).map(([subnet, drawn]) => {
    const node = typeof drawn === 'string' ? { address: drawn } : drawn;
    const description = `ELB ${balancerId(name, drawing)}`;
    const owner =
      kind === 'network' ? 'network-load-balancer' : kind === 'gateway' ? 'gateway-load-balancer' : 'load-balancer';
    const eni = interfaceOf(
      `${name}-${subnet}`,
      { subnet, ...node, groups: groupsOf(drawing, key), check: kind !== 'network', owner, description },
      { vpcId, key, home, instance: null, deviceIndex: null },
    );
    const interfaceType = owner === 'load-balancer' ? 'interface' : owner.replaceAll('-', '_');
    return { ...eni, name: null, interfaceType };
  });
}

function groupId(name: string): string {
  return `${name.toLowerCase()}/1`;
}

export function targetGroupsOf(drawing: VpcDrawing, vpcId: string, home: Home): TargetGroup[] {
  return Object.entries(drawing.targetGroups ?? {}).map(([name, drawn]) => {
    const { type = 'instance', to, targets = [] } = drawn;
    const { protocol, port } = to === undefined ? { protocol: null, port: null } : protocolAndPort(to);
    const id = groupId(name);
    const users = Object.entries(drawing.balancers ?? {}).filter(([, { listeners }]) =>
      Object.values(listeners ?? {}).some((groups) => textsOf(groups).includes(name)),
    );
    return {
      ...resource(id, home),
      arn: arnOf(`targetgroup/${id}`, home),
      groupName: name.toLowerCase(),
      targetType: type,
      protocol,
      port,
      vpcId: type === 'lambda' ? null : vpcId,
      balancerArns: users.map(([user, balancer]) => balancerArn(balancerId(user, balancer), false, home)),
      preservesClientAddress: drawn.preserveClient === undefined ? preserves(type, protocol) : drawn.preserveClient,
      crossZone: drawn.crossZone ?? null,
      targets: targets?.map((text) => targetOf(text, type, home)) ?? null,
      healthCheck: null,
    } satisfies TargetGroup;
  });
}

/** ELB-08. Null for what has no such attribute. */
function preserves(type: TargetGroupDrawing['type'], protocol: string | null): boolean | null {
  if (type === 'lambda' || protocol === null || /^(HTTPS?|GENEVE)$/.test(protocol)) return null;
  return type === 'instance' || type === 'alb' || /UDP|QUIC/.test(protocol);
}

function targetOf(text: string, type: TargetGroupDrawing['type'], home: Home): Target {
  const [named = '', ...words] = text.split(' ');
  const [, bracketed, , plain, port] = /^(?:\[(.+)\](:\d+)?|([^:]+)(?::(\d+))?)$/.exec(named) ?? [];
  const own = bracketed === undefined ? port : /\]:(\d+)$/.exec(named)?.[1];
  const id = bracketed ?? plain ?? named;
  const zone = words[0] === 'in' ? words.splice(0, 2)[1]! : null;
  return {
    id: type === 'alb' ? arnOf(`loadbalancer/${id}`, home) : id,
    port: own === undefined ? null : Number(own),
    zone,
    health: words[0] ?? 'healthy',
  };
}

/** What stands behind the listeners of a classic balancer, as the loader makes it of them. */
function classicGroupsOf(name: string, drawing: BalancerDrawing, vpcId: string, home: Home): TargetGroup[] {
  if (drawing.kind !== 'classic') return [];
  const id = balancerId(name, drawing);
  return Object.entries(drawing.listeners ?? {}).map(([listener, behind]) => {
    const arn = `${id}:${protocolAndPort(listener).port}`;
    const { protocol, port } = protocolAndPort(textsOf(behind)[0] ?? '');
    return {
      ...resource(arn, home),
      arn,
      groupName: arn,
      targetType: 'instance',
      protocol,
      port,
      vpcId,
      balancerArns: [id],
      preservesClientAddress: false,
      crossZone: null,
      targets: (drawing.instances ?? []).map((instance) => ({ id: instance, port: null, zone: null, health: null })),
      healthCheck: null,
    };
  });
}
