/** ELB: nodes, listeners and targets, and whose address the targets see. */

import { describe, expect, test } from 'vitest';
import type { BalancerDrawing, TargetGroupDrawing } from '../support/balancer-drawing.ts';
import type { Drawing, GroupDrawing, InterfaceDrawing, SubnetDrawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';
import { asked, judged, NACLS, netOf, outcome, places, readTwice, sent, sessionOf, tracking } from './walks.ts';

const CLIENT = '203.0.113.7';
const A = 'us-east-1a';
const B = 'us-east-1b';
const ALL = { in: ['all from 0.0.0.0/0'] };

interface Changes extends Omit<Drawing, 'subnets' | 'enis' | 'balancers' | 'targetGroups'> {
  readonly subnets?: Readonly<Record<string, Partial<SubnetDrawing>>>;
  readonly enis?: Readonly<Record<string, Partial<InterfaceDrawing>>>;
  readonly lb?: Partial<BalancerDrawing>;
  readonly tg?: Partial<TargetGroupDrawing>;
  readonly balancers?: Readonly<Record<string, BalancerDrawing>>;
  readonly targetGroups?: Readonly<Record<string, TargetGroupDrawing>>;
}

function merged<T>(
  base: Readonly<Record<string, T>>,
  changes: Readonly<Record<string, Partial<T>>> = {},
): Record<string, T> {
  const names = new Set([...Object.keys(base), ...Object.keys(changes)]);
  return Object.fromEntries([...names].map((name) => [name, { ...base[name], ...changes[name] } as T]));
}

/**
 *     internet -- igw-1 -- subnet P 10.0.1.0/24: node eni-lb-p 10.0.1.200 = 198.51.100.50 of balancer `lb`
 *                          subnet Q 10.0.2.0/24: target B 10.0.2.20, client C 10.0.2.30
 *
 * The listener TCP 443 of the network balancer sends to B at 8443.
 */
function drawn({ lb, tg, subnets, enis, balancers, targetGroups, groups, ...rest }: Changes = {}): Drawing {
  return {
    vpc: '10.0.0.0/16',
    igw: true,
    ...rest,
    groups: { open: ALL, ...groups },
    subnets: merged<SubnetDrawing>(
      {
        P: { cidr: '10.0.1.0/24', zone: A, routes: { '0.0.0.0/0': 'igw' } },
        Q: { cidr: '10.0.2.0/24', zone: A },
      },
      subnets,
    ),
    enis: merged<InterfaceDrawing>(
      {
        B: { subnet: 'Q', address: '10.0.2.20', groups: ['open'] },
        C: { subnet: 'Q', address: '10.0.2.30', groups: ['open'] },
      },
      enis,
    ),
    balancers: {
      lb: {
        kind: 'network',
        nodes: { P: { address: '10.0.1.200', public: '198.51.100.50' } },
        listeners: { 'TCP 443': 'g' },
        ...lb,
      },
      ...balancers,
    },
    targetGroups: { g: { to: 'TCP 8443', targets: ['i-b'], ...tg }, ...targetGroups },
  };
}

/** The same with an application balancer in place of the network one. */
function application({ lb, tg, ...changes }: Changes = {}): Drawing {
  return drawn({
    ...changes,
    lb: { kind: 'application', groups: ['open'], listeners: { 'HTTP 443': 'g' }, ...lb },
    tg: { to: 'HTTP 8443', ...tg },
  });
}

const IN = `tcp ${CLIENT}:40000 > 198.51.100.50:443`;
const NEAR = 'tcp 10.0.2.30:40000 > 10.0.1.200:443';

/** The ends that the target sees. */
function received(drawing: Drawing, packet: string): string {
  const { source, destination, destinationPort } = readTwice(drawing, packet).forward.received;
  return `${source} > ${destination}:${destinationPort}`;
}

describe('nodes', () => {
  test('ELB-01: a node of an internet-facing balancer is reached by its public address, and its targets have none', () => {
    for (const drawing of [drawn(), application()]) {
      expect(judged(drawing, IN)).toBe('delivered');
      expect(judged(drawing, NEAR)).toBe('delivered');
    }
  });

  test('ELB-01: a node of an internal balancer has no public address, and nobody on the internet reaches it', () => {
    const internal = drawn({ lb: { scheme: 'internal', nodes: { P: '10.0.1.200' } } });
    expect(judged(internal, NEAR)).toBe('delivered');
    expect(netOf(internal).reach('internet -> eni-lb-p : tcp/443').verdict).toBe('none');
  });

  for (const state of ['provisioning', 'failed']) {
    test(`ELB-01: a balancer that is ${state} takes nothing`, () => {
      expect(judged(drawn({ lb: { state } }), IN)).toBe('dropped: host net/lb/1 BAD_STATE');
    });
  }

  test('ELB-01: a node of a balancer that the snapshot lacks is unknown', () => {
    expect(judged({ ...drawn(), absent: ['net/lb/1'] }, IN)).toBe('unknown: target:eni-lb-p');
  });
});

describe('zones', () => {
  const inB = { subnets: { Q: { zone: B } } };
  /** Nodes in both zones; the target is in zone b. */
  const both = (lb: Partial<BalancerDrawing> = {}, tg: Partial<TargetGroupDrawing> = {}): Changes => ({
    subnets: { Q: { zone: B }, P2: { cidr: '10.0.3.0/24', zone: B } },
    lb: { nodes: { P: '10.0.1.200', P2: '10.0.3.200' }, ...lb },
    tg,
  });
  const toZoneB = 'tcp 10.0.2.30:40000 > 10.0.3.200:443';

  test('ELB-02: a target in a zone that is not enabled gets nothing, even across zones', () => {
    expect(judged(drawn({ ...inB, lb: { crossZone: true } }), NEAR)).toBe(
      'dropped: listener net/lb/1 ELB_NOT_CROSSZONE',
    );
    expect(judged(application(inB), NEAR)).toBe('dropped: listener app/lb/1 ELB_NOT_CROSSZONE');
  });

  test('ELB-03: a node of a network balancer keeps to its own zone, one of an application balancer does not', () => {
    expect(judged(drawn(both()), NEAR)).toBe('dropped: listener net/lb/1 ELB_NOT_CROSSZONE');
    expect(judged(drawn(both()), toZoneB)).toBe('delivered');
    expect(judged(application(both()), NEAR)).toBe('delivered');
  });

  test('ELB-03: across zones where the attribute says so, or the group does', () => {
    expect(judged(drawn(both({ crossZone: true })), NEAR)).toBe('delivered');
    expect(judged(drawn(both({}, { crossZone: true })), NEAR)).toBe('delivered');
    expect(judged(drawn(both({ crossZone: true }, { crossZone: false })), NEAR)).toMatch(/ELB_NOT_CROSSZONE$/);
    expect(judged(application(both({}, { crossZone: false })), NEAR)).toMatch(/ELB_NOT_CROSSZONE$/);
  });

  test('ELB-03: a classic balancer keeps to its zone unless its attributes say otherwise', () => {
    const classic = (crossZone: boolean): Drawing =>
      drawn(
        both({
          kind: 'classic',
          listeners: { 'TCP 443': 'TCP 8443' },
          instances: ['i-b'],
          groups: ['open'],
          crossZone,
        }),
      );
    expect(judged(classic(false), NEAR)).toMatch(/ELB_NOT_CROSSZONE$/);
    expect(judged(classic(true), NEAR)).toBe('delivered');
  });

  test('ELB-03: an application balancer crosses zones, whether its attributes were read or not', () => {
    expect(judged(application(both({ crossZone: null })), NEAR)).toBe('delivered');
  });

  test('ELB-03: where the attributes of another were not read nobody knows, and only where it decides', () => {
    const untold = (lb: Partial<BalancerDrawing>, changes: Partial<Changes> = {}) =>
      drawn({ ...both({ ...lb, crossZone: null }), ...changes });
    const classic = {
      kind: 'classic',
      listeners: { 'TCP 443': 'TCP 8443' },
      instances: ['i-b'],
      groups: ['open'],
    } as const;
    expect(judged(untold(classic), NEAR)).toBe('unknown: cross-zone:lb');
    expect(judged(untold(classic), toZoneB)).toBe('delivered');
    expect(judged(untold({}), NEAR)).toBe('unknown: cross-zone:net/lb/1');
    expect(judged(untold({}), toZoneB)).toBe('delivered');
    const shut = { groups: { shut: { in: [] } }, enis: { B: { groups: ['shut'] } } };
    expect(judged(untold({}, shut), NEAR)).toMatch(/^dropped: /);
    // With a target in each zone, both alike.
    const each = {
      enis: { D: { subnet: 'P', address: '10.0.1.40', groups: ['open'] } },
      tg: { targets: ['i-b', 'i-d'] },
    };
    expect(judged(untold({}, each), NEAR)).toBe('delivered');
  });

  test('ELB-03: a target whose zone is not known may be the node’s', () => {
    expect(judged(drawn({ subnets: { Q: { zone: null } } }), NEAR)).toMatch(/^unknown: /);
    const shut = drawn({ subnets: { Q: { zone: null } }, groups: { shut: { in: [] } }, lb: { groups: ['shut'] } });
    expect(judged(shut, NEAR)).toMatch(/^dropped: security-group-in sg-shut/);
  });

  test('OPEN-32: each node is asked by itself, and those that do not work are told', () => {
    const net = netOf(drawn(both()));
    expect(net.reach('eni-c -> eni-lb-p : tcp/443').verdict).toBe('none');
    expect(net.reach('eni-c -> eni-lb-p2 : tcp/443').verdict).toBe('all');
  });
});

describe('listeners', () => {
  const dropped = (drawing: Drawing, packet = IN): string => judged(drawing, packet);

  test('ELB-04: no listener on the port', () => {
    expect(dropped(drawn(), `tcp ${CLIENT}:40000 > 198.51.100.50:80`)).toBe(
      'dropped: listener net/lb/1 ELBV2_LISTENERS_MISMATCH',
    );
    expect(dropped(drawn({ lb: { listeners: {} } }))).toBe('dropped: listener net/lb/1 ELBV2_LISTENERS_MISMATCH');
  });

  test('ELB-04: a group without targets', () => {
    expect(dropped(drawn({ tg: { targets: [] } }))).toBe('dropped: listener net/lb/1 ELBV2_LISTENER_HAS_NO_TG');
  });

  test('ELB-04: the group’s port, unless the target is registered with one of its own', () => {
    const only = (port: number) => ({
      groups: { at: { in: [`tcp/${port} from 0.0.0.0/0`] } },
      enis: { B: { groups: ['at'] } },
    });
    expect(dropped(drawn(only(8443)))).toBe('delivered');
    expect(dropped(drawn(only(443)))).toBe('dropped: security-group-in sg-at ENI_SG_RULES_MISMATCH');
    expect(dropped(drawn({ ...only(9443), tg: { targets: ['i-b:9443'] } }))).toBe('delivered');
    expect(dropped(drawn({ ...only(8443), tg: { targets: ['i-b:9443'] } }))).toMatch(
      /^dropped: security-group-in sg-at/,
    );
  });

  test('ELB-04: a listener that answers by itself ends the connection at the node', () => {
    expect(dropped(application({ lb: { listeners: { 'HTTP 443': [] } } }))).toBe('delivered');
  });

  test('ELB-04: listeners, groups or targets that were not read leave the answer open, where they are asked', () => {
    expect(dropped(drawn({ lb: { listeners: null } }))).toBe('unknown: listeners:net/lb/1');
    expect(dropped(drawn({ tg: { targets: null } }))).toBe('unknown: targets:g/1');
    expect(dropped({ ...drawn(), absent: ['g/1'] })).toMatch(/^unknown: target:arn:.*targetgroup\/g\/1$/);
    expect(dropped(drawn({ tg: { targets: ['i-gone'] } }))).toBe('unknown: target:i-gone');
    const shut = { groups: { shut: { in: [] } }, lb: { groups: ['shut'], listeners: null } };
    expect(dropped(drawn(shut))).toMatch(/^dropped: security-group-in sg-shut/);
  });

  test('ELB-04: several targets count only where they fare differently', () => {
    const two = (group: string) =>
      drawn({ groups: { shut: { in: [] } }, enis: { C: { groups: [group] } }, tg: { targets: ['i-b', 'i-c'] } });
    expect(dropped(two('open'))).toBe('delivered');
    expect(dropped(two('shut'))).toBe('unknown: balancer-target:net/lb/1:TCP 443');
    const none = drawn({
      groups: { shut: { in: [] } },
      enis: { B: { groups: ['shut'] }, C: { groups: ['shut'] } },
      tg: { targets: ['i-b', 'i-c'] },
    });
    expect(dropped(none)).toMatch(/^dropped: security-group-in sg-shut/);
  });

  test('ELB-07: an application balancer takes no UDP, a network balancer what its listener says', () => {
    const udp = `udp ${CLIENT}:40000 > 198.51.100.50:443`;
    expect(dropped(application(), udp)).toMatch(/^dropped: listener app\/lb\/1/);
    expect(dropped(drawn(), udp)).toBe('dropped: listener net/lb/1 ELBV2_LISTENERS_MISMATCH');
    const both = drawn({ lb: { listeners: { 'TCP_UDP 443': 'g' } }, tg: { to: 'TCP_UDP 8443' } });
    expect(dropped(both, udp)).toBe('delivered');
    expect(dropped(both)).toBe('delivered');
    const onlyUdp = drawn({ lb: { listeners: { 'UDP 443': 'g' } }, tg: { to: 'UDP 8443' } });
    expect(dropped(onlyUdp, udp)).toBe('delivered');
    expect(dropped(onlyUdp)).toMatch(/ELBV2_LISTENERS_MISMATCH$/);
    const tls = drawn({ lb: { listeners: { 'TLS 443': 'g' } } });
    expect(dropped(tls)).toBe('delivered');
  });

  test('ELB-19: a function is called, and the walk ends at the balancer', () => {
    const arn = 'arn:aws:lambda:us-east-1:111111111111:function:f';
    const called = application({ tg: { type: 'lambda', targets: [arn] } });
    const trace = readTwice(called, IN);
    expect(outcome(trace)).toBe('delivered');
    expect(places(trace.forward).at(-1)).toBe(arn);
  });
});

describe('application and classic balancers', () => {
  const targetAllows = (peer: string): Changes => ({
    groups: { front: { in: [`tcp/443 from ${CLIENT}/32`] }, back: { in: [`tcp/8443 from ${peer}`], out: [] } },
    lb: { groups: ['front'] },
    enis: { B: { groups: ['back'] } },
  });

  test('ELB-05: the target sees a node, not the client', () => {
    expect(judged(application(targetAllows(`${CLIENT}/32`)), IN)).toBe(
      'dropped: security-group-in sg-back ENI_SG_RULES_MISMATCH',
    );
    expect(judged(application(targetAllows('10.0.1.0/24')), IN)).toBe('delivered');
    expect(judged(application(targetAllows('sg-front')), IN)).toBe('delivered');
    expect(received(application(), IN)).toBe('10.0.1.200 > 10.0.2.20:8443');
  });

  test('ELB-05: the client is judged by the inbound rules of the balancer, and the node by its outbound ones', () => {
    const front = (rules: GroupDrawing) => application({ groups: { front: rules }, lb: { groups: ['front'] } });
    expect(judged(front({ in: ['tcp/443 from 192.0.2.0/24'] }), IN)).toMatch(/^dropped: security-group-in sg-front/);
    expect(judged(front({ in: ['tcp/443 from 0.0.0.0/0'], out: [] }), IN)).toMatch(
      /^dropped: security-group-out sg-front/,
    );
    expect(judged(front({ in: ['tcp/443 from 0.0.0.0/0'], out: ['tcp/8443 to 10.0.2.20/32'] }), IN)).toBe('delivered');
    expect(judged(front({ in: ['tcp/443 from 0.0.0.0/0'], out: ['tcp/443 to 10.0.2.20/32'] }), IN)).toMatch(
      /^dropped: security-group-out/,
    );
  });

  test('ELB-05: ACLs of both subnets see the node and the target on the second hop', () => {
    const out = (entry: string) =>
      application({ subnets: { P: { nacl: { out: [entry, '200 allow all 0.0.0.0/0'] } } } });
    expect(judged(out('100 deny tcp/8443 10.0.2.20/32'), IN)).toMatch(/^dropped: nacl-out acl-p 100/);
    const into = application({
      subnets: { Q: { nacl: { in: ['100 deny tcp/8443 10.0.1.200/32', '200 allow all 0.0.0.0/0'] } } },
    });
    expect(judged(into, IN)).toMatch(/^dropped: nacl-in acl-q 100/);
  });

  test('ELB-06: answers need no rule of a group, and the ephemeral ports of the ACLs', () => {
    expect(judged(application(targetAllows('sg-front')), IN)).toBe('delivered');
    const low = application({
      subnets: {
        P: { nacl: { in: ['100 allow tcp/0-1023 0.0.0.0/0', '110 deny all 10.0.2.0/24', '120 allow all 0.0.0.0/0'] } },
      },
    });
    expect(judged(low, IN)).toBe('one-way: nacl-in acl-p 110 SUBNET_ACL_RESTRICTION');
    const ephemeral = application({
      subnets: { P: { nacl: { in: ['100 allow tcp/443 0.0.0.0/0', '110 allow tcp/1024-65535 10.0.2.0/24'] } } },
    });
    expect(judged(ephemeral, IN)).toBe('delivered');
  });

  test('NACL-22, OPEN-27: in its own subnet a classic balancer’s outbound ACL is asked, another’s is not', () => {
    const beside = (lb: Partial<BalancerDrawing>): Changes => ({
      subnets: { P: { nacl: { out: ['100 deny tcp/8443 0.0.0.0/0', '200 allow all 0.0.0.0/0'] } } },
      enis: { B: { subnet: 'P', address: '10.0.1.20' } },
      lb,
    });
    const classic = drawn(
      beside({ kind: 'classic', groups: ['open'], listeners: { 'TCP 443': 'TCP 8443' }, instances: ['i-b'] }),
    );
    expect(judged(classic, IN)).toBe('dropped: nacl-out acl-p 100 SUBNET_ACL_RESTRICTION');
    const modern = readTwice(application(beside({})), IN);
    expect(outcome(modern)).toBe('delivered');
    expect(modern.assumptions).toContain('OPEN-27');
    expect(judged(drawn(beside({})), IN)).toBe('delivered');
  });

  test('NACL-22: the answer to a classic balancer in its own subnet asks no list', () => {
    const classic = drawn({
      subnets: { P: { nacl: { in: ['100 deny all 10.0.1.20/32', '200 allow all 0.0.0.0/0'] } } },
      enis: { B: { subnet: 'P', address: '10.0.1.20' } },
      lb: { kind: 'classic', groups: ['open'], listeners: { 'TCP 443': 'TCP 8443' }, instances: ['i-b'] },
    });
    expect(judged(classic, IN)).toBe('delivered');
  });
});

describe('network balancers', () => {
  const byAddress = (to: string, preserveClient?: boolean | null): Changes => ({
    tg: { type: 'ip', to, targets: ['10.0.2.20'], ...(preserveClient === undefined ? {} : { preserveClient }) },
  });
  const only = (peer: string): Changes => ({
    groups: { only: { in: [`all from ${peer}`] } },
    enis: { B: { groups: ['only'] } },
  });
  const CLIENT_ONLY = only(`${CLIENT}/32`);
  const NODE_ONLY = only('10.0.1.200/32');

  test('ELB-08: a group of instances sees the client, a group of addresses over TCP the node', () => {
    expect(judged(drawn(CLIENT_ONLY), IN)).toBe('delivered');
    expect(judged(drawn(NODE_ONLY), IN)).toMatch(/^dropped: security-group-in sg-only/);
    expect(judged(drawn({ ...NODE_ONLY, ...byAddress('TCP 8443') }), IN)).toBe('delivered');
    expect(judged(drawn({ ...CLIENT_ONLY, ...byAddress('TCP 8443') }), IN)).toMatch(
      /^dropped: security-group-in sg-only/,
    );
  });

  test('ELB-08: a group of addresses over UDP sees the client', () => {
    const udp = drawn({ ...CLIENT_ONLY, ...byAddress('UDP 8443'), lb: { listeners: { 'UDP 443': 'g' } } });
    expect(judged(udp, `udp ${CLIENT}:40000 > 198.51.100.50:443`)).toBe('delivered');
  });

  test('ELB-08: the attribute decides where it was read', () => {
    expect(judged(drawn({ ...NODE_ONLY, tg: { preserveClient: false } }), IN)).toBe('delivered');
    expect(judged(drawn({ ...CLIENT_ONLY, ...byAddress('TCP 8443', true) }), IN)).toBe('delivered');
  });

  test('OPEN-21: where it was not read, what AWS has by default, and it is said', () => {
    const unread = readTwice(drawn({ ...CLIENT_ONLY, tg: { preserveClient: null } }), IN);
    expect(outcome(unread)).toBe('delivered');
    expect(unread.assumptions).toContain('OPEN-21');
    const addresses = readTwice(drawn({ ...NODE_ONLY, ...byAddress('TCP 8443', null) }), IN);
    expect(outcome(addresses)).toBe('delivered');
    expect(addresses.assumptions).toContain('OPEN-21');
    expect(readTwice(drawn(), IN).assumptions).not.toContain('OPEN-21');
  });

  test('ELB-09: a target that calls its own balancer gets its own packet, which it does not take', () => {
    const hairpin = 'tcp 10.0.2.20:40000 > 10.0.1.200:443';
    expect(judged(drawn(), hairpin)).toMatch(/^dropped: listener .*NO_POSSIBLE_DESTINATION$/);
    expect(judged(drawn({ tg: { preserveClient: false } }), hairpin)).toBe('delivered');
    expect(judged(application(), hairpin)).toBe('delivered');
  });

  /** The target's address is 10.1.1.10, in VPC Y. */
  const elsewhere = (rest: Partial<Drawing>, routes: Readonly<Record<string, string>>): Drawing => {
    const y = {
      vpc: '10.1.0.0/16',
      subnets: { SY: { cidr: '10.1.1.0/24', zone: A, routes } },
      groups: { gY: { in: ['all from 10.0.1.200/32'] } },
      enis: { HY: { subnet: 'SY', address: '10.1.1.10', groups: ['gY'] } },
    };
    const tg = { type: 'ip', to: 'TCP 8443', targets: ['10.1.1.10 in all'], preserveClient: true } as const;
    const to = Object.values(routes)[0]!;
    return {
      ...drawn({ tg, subnets: { P: { routes: { '0.0.0.0/0': 'igw', '10.1.0.0/16': to } } } }),
      vpcs: { Y: y },
      ...rest,
    };
  };

  test('ELB-09: targets behind a transit gateway or across Regions see the node, whatever the attribute says', () => {
    const attachments = { '1': { subnets: ['P'] }, Y: { subnets: ['SY'] } };
    const transit = elsewhere({ transitGateways: { T: { attachments } } }, { '10.0.0.0/16': 'tgw-t' });
    expect(judged(transit, IN)).toBe('delivered');
  });

  test('ELB-09: targets in a peered VPC of the same Region see the client', () => {
    const peered = elsewhere({ peerings: { XY: { from: '1', to: 'Y' } } }, { '10.0.0.0/16': 'pcx-xy' });
    expect(judged(peered, IN)).toMatch(/^dropped: security-group-in sg-gy/);
    const far = { peerings: { XY: { from: '1', to: 'Y' } } };
    const drawing = elsewhere(far, { '10.0.0.0/16': 'pcx-xy' });
    const abroad = { ...drawing, vpcs: { Y: { ...drawing.vpcs!.Y!, region: 'eu-west-1' } } };
    expect(judged(abroad, IN)).toBe('delivered');
  });

  test('ELB-10: without groups the target’s rules must name the client, or the node', () => {
    expect(judged(drawn(only('10.0.0.0/16')), IN)).toMatch(/^dropped: security-group-in sg-only/);
    expect(judged(drawn({ ...only('10.0.0.0/16'), tg: { preserveClient: false } }), IN)).toBe('delivered');
  });

  test('SG-22, SG-23: a balancer without groups lets everything in and out, one with groups filters', () => {
    expect(asked(readTwice(drawn(), IN).forward, 'security-group-in', 'security-group-out')).toEqual([
      'security-group-in sg-open sg-open/in/0.0',
    ]);
    const front = (rules: GroupDrawing) => drawn({ groups: { front: rules }, lb: { groups: ['front'] } });
    expect(judged(front({ in: [] }), IN)).toMatch(/^dropped: security-group-in sg-front/);
    expect(judged(front({ in: ['tcp/443 from 0.0.0.0/0'], out: [] }), IN)).toMatch(
      /^dropped: security-group-out sg-front/,
    );
    expect(judged(front({ in: ['tcp/443 from 0.0.0.0/0'], out: ['tcp/8443 to 10.0.2.20/32'] }), IN)).toBe('delivered');
  });

  test('SG-24: a rule that names the balancer’s group accepts what it sends on, with the client’s address or without, and nothing else', () => {
    for (const preserveClient of [true, false]) {
      const drawing = drawn({
        groups: { nlb: { in: ['tcp/443 from 0.0.0.0/0'] }, back: { in: ['tcp/8443 from sg-nlb'], out: [] } },
        lb: { groups: ['nlb'] },
        tg: { preserveClient },
        enis: { B: { groups: ['back'], public: '198.51.100.20' } },
        subnets: { Q: { routes: { '0.0.0.0/0': 'igw' } } },
      });
      expect(judged(drawing, IN)).toBe('delivered');
      expect(judged(drawing, `tcp ${CLIENT}:40000 > 198.51.100.20:8443`)).toMatch(
        /^dropped: security-group-in sg-back/,
      );
    }
  });

  test('ELB-13: the target’s ACL sees the client or the node, the balancer’s the client in front and the target behind', () => {
    const client = `${CLIENT}/32`;
    const listQ = (peer: string, tg: Partial<TargetGroupDrawing>) =>
      drawn({ tg, subnets: { Q: { nacl: { in: [`100 deny all ${peer}`, '200 allow all 0.0.0.0/0'] } } } });
    expect(judged(listQ(client, {}), IN)).toMatch(/^dropped: nacl-in acl-q 100/);
    expect(judged(listQ('10.0.1.200/32', {}), IN)).toBe('delivered');
    expect(judged(listQ('10.0.1.200/32', { preserveClient: false }), IN)).toMatch(/^dropped: nacl-in acl-q 100/);
    expect(judged(listQ(client, { preserveClient: false }), IN)).toBe('delivered');
    const listP = (entry: string, direction: 'in' | 'out') =>
      drawn({ subnets: { P: { nacl: { [direction]: [entry, '200 allow all 0.0.0.0/0'] } } } });
    expect(judged(listP(`100 deny all ${client}`, 'in'), IN)).toMatch(/^dropped: nacl-in acl-p 100/);
    expect(judged(listP('100 deny tcp/8443 10.0.2.20/32', 'out'), IN)).toMatch(/^dropped: nacl-out acl-p 100/);
  });

  test('ELB-13: an answer that kept the client’s address passes by the node, without a route to the client', () => {
    // Q has no route to the internet.
    const trace = readTwice(drawn(), IN);
    expect(outcome(trace)).toBe('delivered');
    expect(places(trace.reply)).toContain('net/lb/1');
    expect(asked(trace.reply, ...NACLS)).toEqual([
      'nacl-out acl-default-1 100',
      'nacl-in acl-default-1 100',
      'nacl-out acl-default-1 100',
    ]);
    const list = drawn({ subnets: { Q: { nacl: { out: [`100 deny all ${CLIENT}/32`, '200 allow all 0.0.0.0/0'] } } } });
    expect(judged(list, IN)).toBe('one-way: nacl-out acl-q 100 SUBNET_ACL_RESTRICTION');
  });

  test('ELB-14: an instance is sent to at the primary address of its primary interface', () => {
    const second = {
      B2: { subnet: 'Q', address: ['10.0.2.40', '10.0.2.41'], instance: 'B', groups: ['open'] },
      B: { address: ['10.0.2.20', '10.0.2.21'] },
    };
    expect(received(drawn({ enis: second }), IN)).toBe(`${CLIENT} > 10.0.2.20:8443`);
  });

  test('ELB-14: addresses outside the VPC may be targets', () => {
    const peered = elsewhere({ peerings: { XY: { from: '1', to: 'Y' } } }, { '10.0.0.0/16': 'pcx-xy' });
    const seen = {
      ...peered,
      targetGroups: { g: { type: 'ip', to: 'TCP 8443', targets: ['10.1.1.10 in all'] } },
    } as Drawing;
    expect(judged(seen, IN)).toBe('delivered');
  });

  test('ELB-14: neither a public address nor an instance of another VPC is sent to', () => {
    const to = (target: string) => drawn({ tg: { type: 'ip', to: 'TCP 8443', targets: [target] } });
    expect(judged(to('192.0.2.9 in all'), IN)).toBe('dropped: listener net/lb/1 ELBV2_LISTENER_HAS_NO_TG');
    expect(judged(to('100.64.3.9 in all'), IN)).not.toContain('listener');
    const peered = elsewhere({ peerings: { XY: { from: '1', to: 'Y' } } }, { '10.0.0.0/16': 'pcx-xy' });
    const instance = { ...peered, targetGroups: { g: { to: 'TCP 8443', targets: ['i-hy'] } } };
    expect(judged(instance, IN)).toBe('dropped: listener net/lb/1 ELBV2_LISTENER_HAS_NO_TG');
  });

  test('ELB-16: unhealthy targets count like others', () => {
    expect(judged(drawn({ tg: { targets: ['i-b unhealthy'] } }), IN)).toBe('delivered');
    expect(judged(drawn({ tg: { targets: ['i-b draining'] } }), IN)).toMatch(/^dropped: listener/);
  });

  test('ELB-18: in front of an application balancer the client’s address stays, and that one’s group must allow clients', () => {
    const chain = (rules: GroupDrawing): Drawing =>
      drawn({
        groups: { inner: rules },
        tg: { type: 'alb', to: 'TCP 80', targets: ['app/inner/1'] },
        balancers: {
          inner: { scheme: 'internal', groups: ['inner'], nodes: { Q: '10.0.2.201' }, listeners: { 'HTTP 80': 'web' } },
        },
        targetGroups: { web: { to: 'HTTP 8080', targets: ['i-b'] } },
      });
    expect(judged(chain({ in: [`tcp/80 from ${CLIENT}/32`] }), IN)).toBe('delivered');
    expect(judged(chain({ in: ['tcp/80 from 10.0.0.0/16'] }), IN)).toMatch(/^dropped: security-group-in sg-inner/);
  });

  test('CT-07: flows through a network balancer are tracked whatever the rules', () => {
    const open = { in: ['all from 0.0.0.0/0'], out: ['all to 0.0.0.0/0'] };
    const trace = readTwice(drawn({ groups: { nlb: open }, lb: { groups: ['nlb'] } }), IN);
    expect(tracking(trace.forward)).not.toContain('untracked');
    const app = readTwice(application({ groups: { nlb: open }, lb: { groups: ['nlb'] } }), IN);
    expect(tracking(app.forward)).toContain('untracked');
  });
});

describe('ways to a node', () => {
  test('ELB-06: a list that admits only some of the ports that a node sends from leaves the answer open', () => {
    const some = { in: ['100 allow tcp/443 0.0.0.0/0', '110 allow tcp/32768-65535 10.0.2.0/24'] };
    const drawing = application({ subnets: { P: { nacl: some } } });
    expect(judged(drawing, IN)).toMatch(/^unknown: nat-port:/);
    expect(judged(drawn({ subnets: { P: { nacl: some } } }), IN)).toMatch(/^delivered|^unknown/);
  });

  test('ELB-09: a client behind a transit gateway is seen by the target, and its answer goes by the node', () => {
    const y = {
      vpc: '10.1.0.0/16',
      subnets: { SY: { cidr: '10.1.1.0/24', zone: A, routes: { '10.0.0.0/16': 'tgw-t' } } },
      groups: { gY: ALL },
      enis: { HY: { subnet: 'SY', address: '10.1.1.10', groups: ['gY'] } },
    };
    const behind: Drawing = {
      ...drawn({
        groups: { only: { in: ['tcp/8443 from 10.1.1.10/32'] } },
        enis: { B: { groups: ['only'] } },
        subnets: { P: { routes: { '10.1.0.0/16': 'tgw-t' } } },
      }),
      vpcs: { Y: y },
      transitGateways: { T: { attachments: { '1': { subnets: ['P'] }, Y: { subnets: ['SY'] } } } },
    };
    const trace = readTwice(behind, 'tcp 10.1.1.10:40000 > 10.0.1.200:443');
    expect(outcome(trace)).toBe('delivered');
    expect(places(trace.reply)).toEqual(expect.arrayContaining(['net/lb/1', 'tgw-t']));
  });

  test('OPEN-17: a client behind a NAT gateway reaches the public address of a node', () => {
    const drawing = drawn({
      nats: { G: { subnet: 'P', address: '10.0.1.5', public: '198.51.100.99' } },
      subnets: { R: { cidr: '10.0.7.0/24', zone: A, routes: { '0.0.0.0/0': 'nat-g' } } },
      enis: { R: { subnet: 'R', address: '10.0.7.10', groups: ['open'] }, B: { groups: ['only'] } },
      groups: { only: { in: ['tcp/8443 from 198.51.100.99/32'] } },
    });
    expect(judged(drawing, 'tcp 10.0.7.10:40000 > 198.51.100.50:443')).toBe('delivered');
  });

  test('ELB-09: of a client with IPv6 a target with IPv4 sees the node', () => {
    const dual = drawn({
      vpc: ['10.0.0.0/16', '2001:db8:1::/56'],
      subnets: { P: { cidr: ['10.0.1.0/24', '2001:db8:1:1::/64'], routes: { '0.0.0.0/0': 'igw', '::/0': 'igw' } } },
      lb: { nodes: { P: { address: '10.0.1.200', v6: '2001:db8:1:1::200' } } },
      groups: { only: { in: ['tcp/8443 from 10.0.1.200/32'] } },
      enis: { B: { groups: ['only'] } },
    });
    expect(judged(dual, 'tcp [2001:db8:99::7]:40000 > [2001:db8:1:1::200]:443')).toBe('delivered');
  });
});

describe('sets', () => {
  test('ELB-04: exactly the listener’s protocol and port reach the balancer', () => {
    const net = netOf(
      drawn({
        lb: { listeners: { 'TCP 443': 'g', 'UDP 53': 'u' } },
        targetGroups: { u: { to: 'UDP 5353', targets: ['i-b'] } },
      }),
    );
    expect(net.reach('internet -> eni-lb-p : tcp/443').verdict).toBe('all');
    expect(net.reach('internet -> eni-lb-p : udp/53').verdict).toBe('all');
    expect(net.reach('internet -> eni-lb-p : tcp/53').verdict).toBe('none');
    expect(net.reach('internet -> eni-lb-p : any').verdict).toBe('some');
    // The target itself is on no one's way.
    expect(net.reach('internet -> eni-b : any').verdict).toBe('none');
  });
});

describe('sessions', () => {
  const INTO = { in: ['tcp/8443 from 0.0.0.0/0'], out: [] };
  const nlb = (preserveClient: boolean, changes: Changes = {}): Drawing =>
    drawn({
      groups: { back: INTO },
      enis: { B: { groups: ['back'] }, C: { groups: ['back'] } },
      tg: { targets: ['i-b', 'i-c'], preserveClient },
      ...changes,
    });
  /** An interface and a gateway that come before the others and shift their numbers. */
  const record = nlb(true, { enis: { A0: { subnet: 'P', address: '10.0.1.99', groups: ['open'] } } });
  const added = networkOf(record).networkInterfaces.find(({ id }) => id === 'eni-a0')!;

  for (const preserveClient of [true, false]) {
    describe(`with the client's address ${preserveClient ? 'kept' : 'replaced'}`, () => {
      test('ELB-08: packet, answer, and the next packet to the same target', () => {
        const session = sessionOf(nlb(preserveClient));
        const first = session.send(IN, { at: 0 });
        expect(sent(first)).toBe('delivered');
        const back = session.answer({ at: 1 });
        expect(sent(back)).toBe('delivered');
        expect(back.leg.received).toMatchObject({
          source: '198.51.100.50',
          sourcePort: '443',
          destination: CLIENT,
          destinationPort: '40000',
        });
        const again = session.send(`${IN} flags A`, { at: 2 });
        expect(sent(again)).toBe('delivered');
        expect(again.leg.received).toEqual({ ...first.leg.received, tcpFlags: 'A' });
      });

      test('ELB-08: it lives on through a change of what is beside it, and of its own groups', () => {
        const session = sessionOf(nlb(preserveClient));
        const first = session.send(IN, { at: 0 });
        session.apply({ kind: 'replace', network: { networkInterfaces: [added] } });
        const back = session.answer({ at: 1 });
        expect(sent(back)).toBe('delivered');
        expect(back.leg.received).toMatchObject({ source: '198.51.100.50', destination: CLIENT });
        const group = networkOf(nlb(preserveClient, { groups: { back: { in: [], out: [] } } })).securityGroups.find(
          ({ id }) => id === 'sg-back',
        )!;
        session.apply({ kind: 'replace', network: { securityGroups: [group] } });
        const again = session.send(`${IN} flags A`, { at: 2 });
        expect(sent(again)).toBe('delivered');
        expect(again.leg.received.destination).toBe(first.leg.received.destination);
        // A new flow is judged by the rules as they are.
        expect(session.send(IN.replace('40000', '40001'), { at: 3 }).verdict).toBe('dropped');
      });
    });
  }
});
