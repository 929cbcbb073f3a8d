/** Load balancers of the second generation and what completes them: listeners, rules, attributes, targets. */

import { describe, expect, test } from 'vitest';
import type { Network } from '../../src/model/network.ts';
import { formatAddress } from '../../src/net/address-text.ts';
import { listsOf, load, loadFiles, problemsOf } from '../support/documents.ts';

type Json = Readonly<Record<string, unknown>>;

const ELB = 'arn:aws:elasticloadbalancing:us-east-1:111122223333';
const NET = `${ELB}:loadbalancer/net/fin/31268b43`;
const APP = `${ELB}:loadbalancer/app/web/50dc6c49`;
const groupArn = (name: string): string => `${ELB}:targetgroup/${name}/204ab181`;
const listenerArn = (balancer: string, id: string): string =>
  `${balancer.replace(':loadbalancer/', ':listener/')}/${id}`;

const balancer = (members: Json = {}): Json => ({
  LoadBalancerArn: NET,
  LoadBalancerName: 'fin',
  Type: 'network',
  Scheme: 'internal',
  State: { Code: 'active' },
  VpcId: 'vpc-1',
  DNSName: 'fin-31268b43.elb.us-east-1.amazonaws.com',
  AvailabilityZones: [{ ZoneName: 'us-east-1a', SubnetId: 'subnet-1', LoadBalancerAddresses: [] }],
  ...members,
});
const application = balancer({ LoadBalancerArn: APP, Type: 'application', SecurityGroups: ['sg-1'] });
const forward = (...names: readonly string[]): Json => ({
  Type: 'forward',
  ForwardConfig: { TargetGroups: names.map((name) => ({ TargetGroupArn: groupArn(name) })) },
});
const listener = (members: Json = {}): Json => ({
  ListenerArn: listenerArn(NET, '91a5'),
  LoadBalancerArn: NET,
  Port: 443,
  Protocol: 'TCP',
  DefaultActions: [forward('a')],
  ...members,
});
const group = (members: Json = {}): Json => ({
  TargetGroupArn: groupArn('a'),
  TargetGroupName: 'a',
  TargetType: 'instance',
  Protocol: 'TCP',
  Port: 8443,
  VpcId: 'vpc-1',
  LoadBalancerArns: [NET],
  HealthCheckEnabled: true,
  HealthCheckProtocol: 'HTTP',
  HealthCheckPort: 'traffic-port',
  ...members,
});
const factsOf = ({ facts }: Network): readonly string[] => facts.map(({ key }) => key);

describe('balancers', () => {
  test('a network load balancer with the addresses of its nodes', () => {
    const addresses = [
      {
        IpAddress: '198.51.100.7',
        AllocationId: 'eipalloc-1',
        PrivateIPv4Address: '10.0.1.9',
        IPv6Address: '2001:db8::9',
      },
    ];
    const zones = [{ ZoneName: 'us-east-1a', SubnetId: 'subnet-1', LoadBalancerAddresses: addresses }];
    const off = 'EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic';
    const network = load({ LoadBalancers: [balancer({ AvailabilityZones: zones, [off]: 'off' })] });
    expect(network.loadBalancers).toMatchObject([
      {
        id: 'net/fin/31268b43',
        arn: NET,
        balancerName: 'fin',
        kind: 'network',
        scheme: 'internal',
        state: 'active',
        account: '111122223333',
        region: 'us-east-1',
        groupIds: [],
        crossZone: null,
        judgesPrivateLink: false,
        listeners: null,
      },
    ]);
    const [zone] = network.loadBalancers[0]!.zones;
    expect(zone).toMatchObject({ zone: 'us-east-1a', subnetId: 'subnet-1' });
    expect(zone!.addresses.map(formatAddress)).toEqual(['10.0.1.9', '198.51.100.7', '2001:db8::9']);
    expect(problemsOf(network)).toEqual([]);
    expect(listsOf(network)).toEqual(['loadBalancers complete']);
  });

  test('a gateway load balancer has no scheme, and its listeners take everything', () => {
    const arn = `${ELB}:loadbalancer/gwy/inspect/aa`;
    const network = load({
      LoadBalancers: [balancer({ LoadBalancerArn: arn, Type: 'gateway', Scheme: null })],
      Listeners: [{ ListenerArn: listenerArn(arn, 'bb'), LoadBalancerArn: arn, DefaultActions: [forward('fw')] }],
    });
    expect(network.loadBalancers).toMatchObject([
      {
        kind: 'gateway',
        scheme: 'internal',
        listeners: [{ protocol: 'GENEVE', port: null, targetGroupArns: [groupArn('fw')] }],
      },
    ]);
    expect(problemsOf(network)).toEqual([]);
  });

  const costly = [
    ['a type that nobody knows', { Type: 'odd' }, 'Type is "odd", not "network", "application" or "gateway"', 'Type'],
    ['no scheme', { Scheme: null }, 'Scheme is null, not "internet-facing" or "internal"', 'Scheme'],
    ['a zone without its subnet', { AvailabilityZones: [{}] }, 'SubnetId is missing', 'AvailabilityZones/0/SubnetId'],
  ] as const;
  for (const [name, members, what, at] of costly) {
    test(`${name} costs the balancer, and the list proves nothing`, () => {
      const network = load({ LoadBalancers: [balancer(members), application] });
      expect(problemsOf(network)).toEqual([`error ${what} at snapshot.json#/LoadBalancers/0/${at}`]);
      expect(network.loadBalancers.map(({ id }) => id)).toEqual(['app/web/50dc6c49']);
      expect(listsOf(network)).toEqual(['loadBalancers cut off']);
    });
  }

  test('a type that is left out shows in the ARN; a state that is not active stays', () => {
    const network = load({ LoadBalancers: [balancer({ Type: null, State: { Code: 'failed' } })] });
    expect(network.loadBalancers).toMatchObject([{ kind: 'network', state: 'failed' }]);
  });

  test('a group that cannot be read is one whose rules are not known', () => {
    const network = load({ LoadBalancers: [balancer({ SecurityGroups: ['sg-1', 7] })] });
    expect(network.loadBalancers[0]!.groupIds).toEqual(['sg-1', '(unreadable group of net/fin/31268b43)']);
    expect(factsOf(network)).toEqual(['groups:net/fin/31268b43']);
  });
});

describe('listeners', () => {
  const listenersOf = (network: Network, index = 0): unknown => network.loadBalancers[index]!.listeners;

  test('from one call for each balancer, and from lists that collectors keep by balancer', () => {
    const expected = [{ protocol: 'TCP', port: 443, targetGroupArns: [groupArn('a')] }];
    const whole = { LoadBalancers: [balancer()] };
    expect(listenersOf(loadFiles({ 'a.json': whole, 'b.json': { Listeners: [listener()] } }))).toEqual(expected);
    const kept = {
      LoadBalancerListeners: [{ LoadBalancerArn: NET, Listeners: [listener({ LoadBalancerArn: null })] }],
    };
    expect(listenersOf(loadFiles({ 'a.json': whole, 'b.json': kept }))).toEqual(expected);
    expect(listenersOf(loadFiles({ 'a.json': kept, 'b.json': { Listeners: [listener()] }, 'c.json': whole }))).toEqual(
      expected,
    );
  });

  test('are not known where no list tells of them', () => {
    const network = load({ LoadBalancers: [application, balancer()], Listeners: [listener()] });
    expect(network.loadBalancers.map(({ listeners }) => listeners?.length ?? null)).toEqual([null, 1]);
  });

  test('are none where a list of every balancer was read whole, or the answer names the balancer', () => {
    const byBalancer = { LoadBalancerListeners: [{ LoadBalancerArn: NET, Listeners: [listener()] }] };
    const network = load({ LoadBalancers: [application, balancer()], ...byBalancer });
    expect(network.loadBalancers.map(({ listeners }) => listeners?.length)).toEqual([0, 1]);
    const one = loadFiles({
      'a.json': { LoadBalancers: [application, balancer()] },
      'b.json': { LoadBalancerArn: NET, Listeners: [] },
    });
    expect(one.loadBalancers.map(({ listeners }) => listeners?.length ?? null)).toEqual([null, 0]);
    expect(problemsOf(one)).toEqual([]);
  });

  test('a list of one region says nothing about another', () => {
    const network = loadFiles({
      'us-east-1/a.json': { LoadBalancers: [balancer()] },
      'us-west-2/b.json': { LoadBalancerListeners: [] },
    });
    expect(listenersOf(network)).toBeNull();
  });

  test('an empty answer that names no balancer is a problem', () => {
    const network = loadFiles({ 'a.json': { LoadBalancers: [balancer()] }, 'b.json': { Listeners: [] } });
    expect(problemsOf(network)).toEqual([
      'error Listeners without LoadBalancerArn: nothing says whose they are at b.json#/Listeners',
    ]);
    expect(listenersOf(network)).toBeNull();
  });

  test('one that cannot be read makes those of its balancer unknown, and no others', () => {
    const network = load({
      LoadBalancers: [application, balancer()],
      LoadBalancerListeners: [
        { LoadBalancerArn: NET, Listeners: [listener(), listener({ ListenerArn: 'x', Port: 70000 })] },
        { LoadBalancerArn: APP, Listeners: [] },
      ],
    });
    expect(problemsOf(network)).toEqual([
      'error Port is 70000, not 65535 or less at snapshot.json#/LoadBalancerListeners/0/Listeners/1/Port',
    ]);
    expect(network.loadBalancers.map(({ listeners }) => listeners)).toEqual([[], null]);
    expect(factsOf(network)).toEqual(['listeners:net/fin/31268b43']);
  });

  test('a list that was cut off may lack some of what it names', () => {
    const network = load({ LoadBalancers: [balancer()], Listeners: [listener()], NextMarker: 'more' });
    expect(listenersOf(network)).toBeNull();
    expect(factsOf(network)).toEqual(['listeners:net/fin/31268b43']);
  });

  const actions = [
    ['the target group alone', [{ Type: 'forward', TargetGroupArn: groupArn('a') }], ['a']],
    ['several groups, each once', [forward('a', 'b', 'a')], ['a', 'b']],
    ['a redirect', [{ Type: 'redirect', RedirectConfig: {} }], []],
    ['a login before', [{ Type: 'authenticate-oidc' }, forward('b')], ['b']],
    [
      'a group without weight beside one with',
      [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: [
              { TargetGroupArn: groupArn('a'), Weight: 0 },
              { TargetGroupArn: groupArn('b'), Weight: 1 },
            ],
          },
        },
      ],
      ['b'],
    ],
  ] as const;
  for (const [name, DefaultActions, names] of actions) {
    test(`forward where their actions say: ${name}`, () => {
      const network = load({ LoadBalancers: [balancer()], Listeners: [listener({ DefaultActions })] });
      expect(listenersOf(network)).toMatchObject([{ targetGroupArns: names.map(groupArn) }]);
      expect(problemsOf(network)).toEqual([]);
    });
  }

  const badActions = [
    ['that nobody knows', { Type: 'teleport' }, 'action "teleport" is not known', '/Type'],
    ['that forwards to nothing', { Type: 'forward' }, 'action forwards to no target group', ''],
    [
      'with a text for its groups',
      { Type: 'forward', ForwardConfig: 'x' },
      'ForwardConfig is "x", not an object',
      '/ForwardConfig',
    ],
    ['that is a number', 7, 'record is 7, not an object', ''],
  ] as const;
  for (const [name, action, what, at] of badActions) {
    test(`an action ${name} makes the listeners unknown`, () => {
      const network = load({ LoadBalancers: [balancer()], Listeners: [listener({ DefaultActions: [action] })] });
      expect(problemsOf(network)).toEqual([`error ${what} at snapshot.json#/Listeners/0/DefaultActions/0${at}`]);
      expect(listenersOf(network)).toBeNull();
    });
  }

  test('of a balancer that the whole list of balancers lacks are a problem', () => {
    const network = load({ LoadBalancers: [], Listeners: [listener()] }, 'us-east-1/all.json');
    expect(problemsOf(network)).toEqual([
      'warning listener "net/fin/31268b43/91a5" names load balancer "net/fin/31268b43", which the snapshot lacks at us-east-1/all.json#/Listeners/0',
    ]);
    expect(problemsOf(load({ Listeners: [listener()] }))).toEqual([]);
  });
});

describe('rules of listeners', () => {
  const web = listener({ ListenerArn: listenerArn(APP, 'f2f7'), LoadBalancerArn: APP, Protocol: 'HTTPS' });
  const rule = (id: string, members: Json): Json => ({
    RuleArn: `${ELB}:listener-rule/app/web/50dc6c49/${id}`,
    Actions: [forward('b')],
    ...members,
  });

  test('add the groups that they forward to', () => {
    const network = loadFiles({
      'a.json': { LoadBalancers: [application], Listeners: [web] },
      'b.json': { Rules: [rule('f2f7/01', {}), rule('f2f7/02', { Actions: [forward('c')] }), rule('f2f7/03', {})] },
    });
    expect(network.loadBalancers[0]!.listeners).toEqual([
      { protocol: 'HTTPS', port: 443, targetGroupArns: ['a', 'b', 'c'].map(groupArn) },
    ]);
    expect(factsOf(network)).toEqual([]);
    expect(problemsOf(network)).toEqual([]);
  });

  test('are missing where an application load balancer was read without', () => {
    const network = load({ LoadBalancers: [application, balancer()], Listeners: [web, listener()] });
    expect(factsOf(network)).toEqual(['rules:app/web/50dc6c49']);
  });

  test('are missing where one cannot be read', () => {
    const network = load({
      LoadBalancers: [application],
      Listeners: [web],
      Rules: [rule('f2f7/01', { Actions: [{ Type: 'teleport' }] })],
    });
    expect(factsOf(network)).toEqual(['rules:app/web/50dc6c49']);
    expect(network.loadBalancers[0]!.listeners).toMatchObject([{ targetGroupArns: [groupArn('a')] }]);
  });

  test('of a listener that is not there are a problem', () => {
    const network = load({
      LoadBalancers: [application],
      Listeners: [web],
      Rules: [rule('f2f7/01', {}), rule('dead/01', {})],
    });
    expect(problemsOf(network)).toEqual([
      'warning rule of listener "app/web/50dc6c49/dead", which "app/web/50dc6c49" does not have at snapshot.json#/Rules/1',
    ]);
  });

  test('without the name of a listener in their ARN are a problem', () => {
    expect(problemsOf(load({ LoadBalancers: [], Rules: [{ RuleArn: 'arn:x' }] }))).toEqual([
      'error RuleArn is "arn:x", which names no listener at snapshot.json#/Rules/0/RuleArn',
    ]);
  });
});

describe('target groups', () => {
  test('with the protocol and port of their health checks', () => {
    const other = group({ TargetGroupArn: groupArn('b'), TargetType: 'ip', HealthCheckPort: '80' });
    const network = load({ TargetGroups: [group(), other] });
    expect(network.targetGroups).toMatchObject([
      {
        id: 'a/204ab181',
        arn: groupArn('a'),
        groupName: 'a',
        targetType: 'instance',
        protocol: 'TCP',
        port: 8443,
        vpcId: 'vpc-1',
        balancerArns: [NET],
        targets: null,
        healthCheck: { protocol: 'HTTP', port: null },
      },
      { targetType: 'ip', healthCheck: { protocol: 'HTTP', port: 80 } },
    ]);
    expect(problemsOf(network)).toEqual([]);
  });

  test('of a type that nobody knows are groups whose targets nobody knows', () => {
    const network = load({ TargetGroups: [group({ TargetType: 'moon' })] });
    expect(network.targetGroups).toMatchObject([{ targetType: 'unrecognised' }]);
    expect(problemsOf(network)).toHaveLength(1);
    expect(factsOf(network)).toEqual(['target-type:a/204ab181']);
  });

  const descriptions = [
    { Target: { Id: 'i-1', Port: 8443 }, TargetHealth: { State: 'healthy' }, HealthCheckPort: '8443' },
    { Target: { Id: '10.11.1.4', AvailabilityZone: 'all' } },
  ];

  test('get the targets that are registered', () => {
    const health = { TargetGroupArn: groupArn('a'), TargetHealthDescriptions: descriptions };
    for (const document of [{ LoadBalancerTargetHealth: [health] }, health]) {
      const network = loadFiles({ 'a.json': { TargetGroups: [group()] }, 'b.json': document });
      expect(network.targetGroups[0]!.targets).toEqual([
        { id: 'i-1', port: 8443, zone: null, health: 'healthy' },
        { id: '10.11.1.4', port: null, zone: 'all', health: null },
      ]);
      expect(problemsOf(network)).toEqual([]);
    }
  });

  test('have none where an empty answer says so', () => {
    const network = load({
      TargetGroups: [group()],
      LoadBalancerTargetHealth: [{ TargetGroupArn: groupArn('a'), TargetHealthDescriptions: [] }],
    });
    expect(network.targetGroups[0]!.targets).toEqual([]);
  });

  test('an answer that names no group is a problem, and tells of none', () => {
    const network = loadFiles({
      'a.json': { TargetGroups: [group()] },
      'b.json': { TargetHealthDescriptions: descriptions },
    });
    expect(problemsOf(network)).toEqual([
      'error TargetHealthDescriptions without TargetGroupArn: nothing says whose they are at b.json#/TargetHealthDescriptions',
    ]);
    expect(network.targetGroups[0]!.targets).toBeNull();
  });

  test('a target that cannot be read makes them unknown', () => {
    const network = load({
      TargetGroups: [group()],
      LoadBalancerTargetHealth: [
        { TargetGroupArn: groupArn('a'), TargetHealthDescriptions: [...descriptions, { Target: { Port: 80 } }] },
      ],
    });
    expect(network.targetGroups[0]!.targets).toBeNull();
    expect(factsOf(network)).toEqual(['targets:a/204ab181']);
  });

  test('targets of a group that the whole list of groups lacks are a problem', () => {
    const health = { LoadBalancerTargetHealth: [{ TargetGroupArn: groupArn('b'), TargetHealthDescriptions: [] }] };
    expect(problemsOf(load({ TargetGroups: [group()], ...health }))).toEqual([
      'warning target group "b/204ab181" is described in part, and the snapshot lacks it at snapshot.json#/LoadBalancerTargetHealth/0',
    ]);
  });
});

describe('attributes', () => {
  const cross = (Value: unknown): Json => ({ Key: 'load_balancing.cross_zone.enabled', Value });
  const preserve = (Value: unknown): Json => ({ Key: 'preserve_client_ip.enabled', Value });

  test('of balancers and of groups', () => {
    const network = load({
      LoadBalancers: [application, balancer()],
      TargetGroups: [group(), group({ TargetGroupArn: groupArn('b') })],
      LoadBalancerAttributes: [{ LoadBalancerArn: NET, Attributes: [cross('true'), { Key: 'other', Value: 'x' }] }],
      TargetGroupAttributes: [
        { TargetGroupArn: groupArn('a'), Attributes: [preserve('false'), cross('use_load_balancer_configuration')] },
        { TargetGroupArn: groupArn('b'), Attributes: [cross('false')] },
      ],
    });
    expect(network.loadBalancers.map(({ crossZone }) => crossZone)).toEqual([null, true]);
    expect(network.targetGroups).toMatchObject([
      { preservesClientAddress: false, crossZone: null },
      { preservesClientAddress: null, crossZone: false },
    ]);
    expect(problemsOf(network)).toEqual([]);
  });

  test('of one, with its ARN beside them', () => {
    const network = loadFiles({
      'a.json': { LoadBalancers: [balancer()], TargetGroups: [group()] },
      'b.json': { LoadBalancerArn: NET, Attributes: [cross('false')] },
      'c.json': { TargetGroupArn: groupArn('a'), Attributes: [preserve('true')] },
    });
    expect(network.loadBalancers[0]!.crossZone).toBe(false);
    expect(network.targetGroups[0]!.preservesClientAddress).toBe(true);
    expect(problemsOf(network)).toEqual([]);
  });

  test('of nobody are a problem', () => {
    const network = loadFiles({ 'a.json': { LoadBalancers: [balancer()] }, 'b.json': { Attributes: [cross('true')] } });
    expect(problemsOf(network)).toEqual([
      'error Attributes without LoadBalancerArn or TargetGroupArn: nothing says whose they are at b.json#/Attributes',
    ]);
  });

  test('that cannot be read are not known', () => {
    const network = load({
      LoadBalancers: [balancer()],
      LoadBalancerAttributes: [{ LoadBalancerArn: NET, Attributes: [cross('perhaps')] }],
    });
    expect(problemsOf(network)).toEqual([
      'error load_balancing.cross_zone.enabled is "perhaps", not "true" or "false" at snapshot.json#/LoadBalancerAttributes/0/Attributes/0/Value',
    ]);
    expect(factsOf(network)).toEqual(['attributes:net/fin/31268b43']);
  });
});

test('the order of files changes nothing', () => {
  const files = {
    'a.json': { LoadBalancers: [application, balancer()] },
    'b.json': { Listeners: [listener(), listener({ ListenerArn: listenerArn(NET, '00'), Port: 80 })] },
    'c.json': { LoadBalancerListeners: [{ LoadBalancerArn: NET, Listeners: [listener()] }] },
  };
  const renamed = { 'x.json': files['c.json'], 'y.json': files['b.json'], 'z.json': files['a.json'] };
  for (const each of [files, renamed]) {
    expect(loadFiles(each).loadBalancers[1]!.listeners!.map(({ port }) => port)).toEqual([80, 443]);
  }
});
