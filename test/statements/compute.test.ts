/** CMP: who can send and receive at all. */

import { expect, test } from 'vitest';
import { createNet, type Net } from '../../src/explain/net.ts';
import type { Network } from '../../src/model/network.ts';
import { networkOf } from '../support/network.ts';
import { example } from './example.ts';
import { outcome, walk } from './walks.ts';

const TO_B = 'tcp 10.0.1.10:40000 > 10.0.2.20:443';

test('CMP-01: an interface that is not in use sends nothing', () => {
  expect(outcome(walk(example({ enis: { A: { status: 'available' } } }), TO_B))).toMatch(/^dropped: .*BAD_STATE$/);
});

test('CMP-01: an interface that is not in use receives nothing', () => {
  expect(outcome(walk(example({ enis: { B: { status: 'available' } } }), TO_B))).toMatch(/^dropped: .*BAD_STATE$/);
});

for (const instanceState of ['stopped', 'stopping', 'terminated']) {
  test(`CMP-01: an instance that is ${instanceState} neither sends nor receives`, () => {
    expect(outcome(walk(example({ enis: { A: { instanceState } } }), TO_B))).toMatch(/^dropped: .*BAD_STATE$/);
    expect(outcome(walk(example({ enis: { B: { instanceState } } }), TO_B))).toMatch(/^dropped: .*BAD_STATE$/);
  });
}

test('CMP-13: the resolver answers only where the VPC supports DNS', () => {
  const query = 'udp 10.0.1.10:40000 > 10.0.0.2:53';
  expect(outcome(walk(example({ dnsSupport: true }), query))).toBe('delivered');
  expect(walk(example({ dnsSupport: false }), query).verdict).toBe('dropped');
});

test('CMP-13: the resolver is at the base of the primary block plus two, whatever the subnet', () => {
  expect(outcome(walk(example(), 'udp 10.0.2.20:40000 > 10.0.0.2:53'))).toBe('delivered');
  expect(walk(example(), 'udp 10.0.2.20:40000 > 10.0.2.2:53').verdict).toBe('dropped');
});

/** The example, with records that say what its interfaces are of. */
function netWith(
  changes: Parameters<typeof example>[0],
  records: Partial<Network>,
  descriptions: Descriptions = {},
): Net {
  const network = networkOf(example(changes));
  const networkInterfaces = network.networkInterfaces.map((eni) => ({
    ...eni,
    description: descriptions[eni.id] ?? eni.description,
  }));
  return createNet({ ...network, networkInterfaces, ...records });
}
type Descriptions = Readonly<Record<string, string>>;

/** `none nacl-in SUBNET_ACL_RESTRICTION`: the verdict, and what stops what does not arrive. */
function answer(net: Net, question: string): string {
  const { verdict, groups } = net.reach(question);
  const stops = groups.flatMap(({ blockers }) => blockers.map(({ code }) => code));
  return [verdict, ...new Set(stops)].join(' ');
}

const RECORD = {
  name: null,
  tags: [],
  account: null,
  region: null,
  origin: { file: 'snapshot.json', pointer: '' },
} as const;

test('CMP-02: an Auto Scaling group is its instances; with none it is no place', () => {
  const group = (instanceIds: readonly string[]): Partial<Network> => ({
    autoScalingGroups: [{ ...RECORD, id: 'web', groupName: 'web', instanceIds }],
  });
  const question = 'asg:web -> 10.0.2.20 : tcp/443';
  expect(answer(netWith({}, group(['i-a'])), question)).toBe('all');
  expect(() => netWith({}, group([])).reach(question)).toThrow('Auto Scaling group "web" has no instance now');
});

const LAMBDA = { owner: 'lambda', groups: ['open'] } as const;
const inSubnet = (subnetId: string): Partial<Network> => ({
  lambdaFunctions: [
    { ...RECORD, id: 'f', functionName: 'f', attachment: { subnetIds: [subnetId], groupIds: ['sg-open'] } },
  ],
});

test('CMP-03: a function has no public address, so it leaves by a NAT gateway and not by an internet gateway', () => {
  const enis = {
    L: { subnet: 'P', address: '10.0.1.30', ...LAMBDA },
    M: { subnet: 'Q', address: '10.0.2.30', ...LAMBDA },
  };
  const question = 'lambda:f -> 203.0.113.7 : tcp/443';
  expect(answer(netWith({ enis }, inSubnet('subnet-p')), question)).toBe('none IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS');
  expect(answer(netWith({ enis }, inSubnet('subnet-q')), question)).toBe('all');
});

test('CMP-03: interfaces with other groups are of other functions', () => {
  const enis = { L: { subnet: 'P', address: '10.0.1.30', owner: 'lambda', groups: ['open', 'more'] } } as const;
  const net = netWith({ enis, groups: { more: {} } }, inSubnet('subnet-p'));
  expect(() => net.reach('lambda:f -> internet')).toThrow('Lambda function "f" has no interface now');
});

test('CMP-04: nothing is sent to a function, and one outside every VPC is no place', () => {
  const enis = { L: { subnet: 'P', address: '10.0.1.30', ...LAMBDA } };
  expect(answer(netWith({ enis }, inSubnet('subnet-p')), 'eni-b -> lambda:f : tcp/443')).toBe(
    'none NO_POSSIBLE_DESTINATION',
  );
  const outside = { lambdaFunctions: [{ ...RECORD, id: 'f', functionName: 'f', attachment: null }] };
  expect(() => netWith({}, outside).reach('lambda:f -> internet')).toThrow('runs outside every VPC');
});

const task = (interfaceIds: readonly string[]): Partial<Network> => ({
  ecsTasks: [{ ...RECORD, id: 't', serviceName: 's', clusterName: 'c', status: 'RUNNING', interfaceIds }],
});

test('CMP-05: a task has an interface of its own, without a public address', () => {
  const net = netWith(
    { enis: { T: { subnet: 'P', address: '10.0.1.40', groups: ['open'], owner: 'other' } } },
    task(['eni-t']),
  );
  expect(answer(net, 'ecs:s -> 203.0.113.7 : tcp/443')).toBe('none IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS');
});

test('CMP-05: in bridge or host mode traffic is the instance’s', () => {
  expect(() => netWith({}, task([])).reach('ecs:s -> internet')).toThrow('shares that of its instance');
});

test('CMP-06: a task of Fargate with a public address reaches the internet from a public subnet', () => {
  const drawn = {
    subnet: 'P',
    address: '10.0.1.40',
    public: '198.51.100.40',
    groups: ['open'],
    owner: 'other',
  } as const;
  expect(answer(netWith({ enis: { T: drawn } }, task(['eni-t'])), 'ecs:s -> 203.0.113.7 : tcp/443')).toBe('all');
});

test('CMP-07: pods share the interfaces of their node, prefixes and all', () => {
  const drawing = example({ enis: { A: { delegated: '10.0.1.32/28' } } });
  const network = networkOf(drawing);
  const tags = [{ key: 'kubernetes.io/cluster/prod', value: 'owned' }];
  const instances = network.instances.map((each) => (each.id === 'i-a' ? { ...each, tags } : each));
  const net = createNet({ ...network, instances });
  expect(answer(net, 'eks:prod & 10.0.1.37 -> 10.0.2.20 : tcp/443')).toBe('all');
});

test('CMP-08: a database may be in every subnet of its group', () => {
  const enis = {
    D: { subnet: 'P', address: '10.0.1.50', groups: ['open'], owner: 'other' },
    E: { subnet: 'Q', address: '10.0.2.50', groups: ['open'], owner: 'other' },
  } as const;
  const subnets = { Q: { nacl: { in: ['100 deny tcp/5432 0.0.0.0/0', '110 allow all 0.0.0.0/0'] } } };
  const attachment = { subnetIds: ['subnet-p', 'subnet-q'], groupIds: ['sg-open'] };
  const databases = [{ ...RECORD, id: 'main', databaseName: 'main', attachment }];
  const described = { 'eni-d': 'RDSNetworkInterface', 'eni-e': 'RDSNetworkInterface' };
  const net = netWith({ enis, subnets }, { databases }, described);
  expect(answer(net, 'eni-a -> rds:main : tcp/3306')).toBe('all');
  expect(answer(net, 'eni-a -> rds:main : tcp/5432')).toBe('some SUBNET_ACL_RESTRICTION');
});

test('CMP-09: an environment is its instances and its balancer', () => {
  const enis = { N: { subnet: 'Q', address: '10.0.2.60', groups: ['open'], owner: 'load-balancer' } } as const;
  const beanstalkEnvironments = [{ ...RECORD, id: 'shop', instanceIds: ['i-a'], balancers: ['awseb'] }];
  const net = netWith({ enis }, { beanstalkEnvironments }, { 'eni-n': 'ELB awseb' });
  const { groups } = net.reach('beanstalk:shop -> 10.0.2.20 : tcp/443');
  expect(groups.flatMap(({ from }) => from.map(({ id }) => id)).sort()).toEqual(['eni-a', 'eni-n']);
});

test('ELB-01: nobody on the internet reaches the nodes of an internal balancer', () => {
  const enis = { N: { subnet: 'P', address: '10.0.1.60', groups: ['open'], owner: 'load-balancer' } } as const;
  const net = netWith({ enis }, {}, { 'eni-n': 'ELB app/web/50dc' });
  expect(net.reach('internet -> lb:web : tcp/443').verdict).toBe('none');
});
