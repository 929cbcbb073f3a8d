/** Classic load balancers, which become balancers with a target group for each listener. */

import { expect, test } from 'vitest';
import { isComplete } from '../../src/model/network.ts';
import { listsOf, load, loadFiles, problemsOf } from '../support/documents.ts';

type Json = Readonly<Record<string, unknown>>;

const balancer = (members: Json = {}): Json => ({
  LoadBalancerName: 'shop',
  DNSName: 'shop-1234.us-east-1.elb.amazonaws.com',
  Scheme: 'internet-facing',
  VPCId: 'vpc-1',
  Subnets: ['subnet-1', 'subnet-2'],
  SecurityGroups: ['sg-1'],
  ListenerDescriptions: [
    { Listener: { Protocol: 'HTTPS', LoadBalancerPort: 443, InstanceProtocol: 'HTTP', InstancePort: 8080 } },
    { Listener: { Protocol: 'TCP', LoadBalancerPort: 22, InstanceProtocol: 'TCP', InstancePort: 22 } },
  ],
  Instances: [{ InstanceId: 'i-1' }, { InstanceId: 'i-2' }],
  HealthCheck: { Target: 'HTTP:8080/ping', Interval: 30 },
  ...members,
});

test('has listeners, and behind each the registered instances at one port', () => {
  const network = load({ LoadBalancerDescriptions: [balancer()] });
  expect(network.loadBalancers).toMatchObject([
    {
      id: 'shop',
      arn: 'shop',
      balancerName: 'shop',
      kind: 'classic',
      scheme: 'internet-facing',
      state: 'active',
      vpcId: 'vpc-1',
      zones: [{ subnetId: 'subnet-1' }, { subnetId: 'subnet-2' }],
      groupIds: ['sg-1'],
      crossZone: null,
      listeners: [
        { protocol: 'TCP', port: 22, targetGroupArns: ['shop:22'] },
        { protocol: 'HTTPS', port: 443, targetGroupArns: ['shop:443'] },
      ],
    },
  ]);
  const targets = [{ id: 'i-1', port: null }, { id: 'i-2' }];
  expect(network.targetGroups).toMatchObject([
    { id: 'shop:22', port: 22, protocol: 'TCP', targets },
    {
      id: 'shop:443',
      arn: 'shop:443',
      targetType: 'instance',
      protocol: 'HTTP',
      port: 8080,
      preservesClientAddress: false,
      healthCheck: { protocol: 'HTTP', port: 8080 },
      targets,
    },
  ]);
  expect(problemsOf(network)).toEqual([]);
});

test('of the same name in two regions are two', () => {
  const west = balancer({ DNSName: 'shop-99.us-west-2.elb.amazonaws.com' });
  const network = loadFiles({
    'us-east-1/a.json': { LoadBalancerDescriptions: [balancer()] },
    'us-west-2/a.json': { LoadBalancerDescriptions: [west] },
  });
  expect(network.loadBalancers.map(({ id, region }) => [id, region])).toEqual([
    ['shop-1234.us-east-1.elb.amazonaws.com', 'us-east-1'],
    ['shop-99.us-west-2.elb.amazonaws.com', 'us-west-2'],
  ]);
  expect(new Set(network.targetGroups.map(({ id }) => id)).size).toBe(4);
});

test('gets its attribute by name, within its region', () => {
  const attributes = (Enabled: boolean): Json => ({
    LoadBalancerName: 'shop',
    LoadBalancerAttributes: { CrossZoneLoadBalancing: { Enabled } },
  });
  for (const document of [{ LoadBalancerAttributes: [attributes(true)] }, attributes(true)]) {
    const network = loadFiles({
      'us-east-1/a.json': { LoadBalancerDescriptions: [balancer()] },
      'us-east-1/b.json': document,
      'us-west-2/b.json': attributes(false),
    });
    expect(network.loadBalancers[0]!.crossZone).toBe(true);
    expect(problemsOf(network)).toEqual([]);
  }
});

test('lists prove nothing about the other generation', () => {
  const network = load({ LoadBalancerDescriptions: [] });
  expect(listsOf(network)).toEqual(['loadBalancers cut off']);
  expect(isComplete(load({ LoadBalancerDescriptions: [], LoadBalancers: [] }), 'loadBalancers', null, null)).toBe(true);
});

test('with two listeners at one port is one whose listeners are not known, unless they are the same', () => {
  const at80 = (InstancePort: number): Json => ({ Listener: { Protocol: 'TCP', LoadBalancerPort: 80, InstancePort } });
  const read = (...ListenerDescriptions: readonly Json[]) =>
    load({ LoadBalancerDescriptions: [balancer({ ListenerDescriptions })] });
  expect(read(at80(80), at80(80)).targetGroups.map(({ id }) => id)).toEqual(['shop:80']);
  const network = read(at80(80), at80(81));
  expect(network.loadBalancers[0]!.listeners).toBeNull();
  expect(problemsOf(network)).toEqual([
    'error two listeners at port 80 at snapshot.json#/LoadBalancerDescriptions/0/ListenerDescriptions/1',
  ]);
});

test('with a listener or an instance that cannot be read has them unknown', () => {
  const network = load({
    LoadBalancerDescriptions: [
      balancer({ ListenerDescriptions: [{ Listener: { Protocol: 'TCP', LoadBalancerPort: 'x', InstancePort: 1 } }] }),
      balancer({ LoadBalancerName: 'b', DNSName: 'b', Instances: [{}] }),
    ],
  });
  expect(network.loadBalancers.map(({ id, listeners }) => [id, listeners?.length ?? null])).toEqual([
    ['b', 2],
    ['shop', null],
  ]);
  expect(network.targetGroups.map(({ targets }) => targets)).toEqual([null, null]);
  expect(network.facts.map(({ key }) => key)).toEqual(['listeners:shop', 'targets:b']);
  expect(problemsOf(network)).toHaveLength(2);
});
