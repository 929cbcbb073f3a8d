/** Compute and services as places of questions, and the ids of endpoints and attachments. */

import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { createNet } from '../../src/explain/net.ts';
import { parsePlaceExpression } from '../../src/explain/place-expression.ts';
import { placesOf } from '../../src/explain/place-set.ts';
import { QuestionError } from '../../src/explain/question-error.ts';
import type { Network } from '../../src/model/network.ts';
import { formatPrefix } from '../../src/net/address-text.ts';
import { instance, load, networkInterface, problemsOf, securityGroup, subnet, vpc } from '../support/documents.ts';

type Json = Readonly<Record<string, unknown>>;

const arn = (service: string, resource: string): string => `arn:aws:${service}:us-east-1:111122223333:${resource}`;
const WEB = arn('elasticloadbalancing', 'loadbalancer/net/web/50dc');

/** An interface in `subnet-1` or `subnet-2`, after its address, with the groups. */
function eni(id: string, address: string, members: Json, groups: readonly string[] = ['sg-1']): Json {
  return networkInterface({
    NetworkInterfaceId: id,
    SubnetId: `subnet-${address.split('.')[2]}`,
    PrivateIpAddress: address,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: address }],
    Groups: groups.map((GroupId) => ({ GroupId })),
    Attachment: null,
    ...members,
  });
}
const ofInstance = (id: string): Json => ({ Attachment: { InstanceId: id, DeviceIndex: 0 } });
const node = (type: string, balancer: string): Json => ({ InterfaceType: type, Description: `ELB ${balancer}` });
const byAws = (description: string): Json => ({ Description: description, RequesterManaged: true });

const task = (id: string, members: Json): Json => ({
  taskArn: arn('ecs', `task/c/${id}`),
  clusterArn: arn('ecs', 'cluster/c'),
  group: 'service:api',
  lastStatus: 'RUNNING',
  ...members,
});
const attached = (id: string): Json => ({ attachments: [{ details: [{ name: 'networkInterfaceId', value: id }] }] });

const balancer = (id: string, members: Json = {}): Json => ({
  LoadBalancerArn: arn('elasticloadbalancing', `loadbalancer/${id}`),
  LoadBalancerName: id.split('/')[1],
  Type: 'network',
  Scheme: 'internal',
  State: { Code: 'active' },
  VpcId: 'vpc-1',
  AvailabilityZones: [{ SubnetId: 'subnet-1' }, { SubnetId: 'subnet-2' }],
  ...members,
});

const lambda = { InterfaceType: 'lambda', Description: 'AWS Lambda VPC ENI' };
const placed = (id: string, subnets: readonly string[], groups: readonly string[]): Json => ({
  FunctionName: id,
  FunctionArn: arn('lambda', `function:${id}`),
  VpcConfig: { SubnetIds: subnets, SecurityGroupIds: groups },
});
const database = (id: string, members: Json = {}): Json => ({
  DBInstanceIdentifier: id,
  DBInstanceArn: arn('rds', `db:${id}`),
  DBSubnetGroup: { Subnets: [{ SubnetIdentifier: 'subnet-1' }, { SubnetIdentifier: 'subnet-2' }] },
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-db', Status: 'active' }],
  ...members,
});
const group = (id: string, instances: readonly string[]): Json => ({
  AutoScalingGroupName: id,
  AutoScalingGroupARN: arn('autoscaling', `autoScalingGroup:7b:autoScalingGroupName/${id}`),
  Instances: instances.map((InstanceId) => ({ InstanceId })),
});
const tagged = (id: string, Key: string, Value: string): Json => instance({ InstanceId: id, Tags: [{ Key, Value }] });

const SNAPSHOT: Readonly<Record<string, readonly Json[]>> = {
  Vpcs: [vpc(), vpc({ VpcId: 'vpc-2', CidrBlock: '10.9.0.0/16' })],
  Subnets: [subnet(), subnet({ SubnetId: 'subnet-2', CidrBlock: '10.0.2.0/24' })],
  SecurityGroups: ['sg-1', 'sg-2', 'sg-db'].map((GroupId) => securityGroup([], { GroupId })),
  Instances: [
    instance({ InstanceId: 'i-1' }),
    tagged('i-2', 'kubernetes.io/cluster/prod', 'owned'),
    tagged('i-3', 'eks:cluster-name', 'prod'),
    instance({ InstanceId: 'i-bare', Tags: [{ Key: 'eks:cluster-name', Value: 'bare' }] }),
  ],
  NetworkInterfaces: [
    eni('eni-i1', '10.0.1.1', ofInstance('i-1')),
    eni('eni-i2', '10.0.1.2', ofInstance('i-2')),
    eni('eni-i3', '10.0.2.3', ofInstance('i-3')),
    eni('eni-n1', '10.0.1.11', node('network_load_balancer', 'net/web/50dc')),
    eni('eni-n2', '10.0.2.11', node('network_load_balancer', 'net/web/50dc')),
    eni('eni-a1', '10.0.1.12', {
      ...node('interface', 'app/site/60dc'),
      RequesterManaged: true,
      RequesterId: 'amazon-elb',
    }),
    eni('eni-c1', '10.0.1.13', { ...node('interface', 'old'), RequesterManaged: true, RequesterId: 'amazon-elb' }),
    eni('eni-l1', '10.0.1.21', lambda),
    eni('eni-l2', '10.0.2.21', lambda),
    eni('eni-l3', '10.0.1.22', lambda, ['sg-1', 'sg-2']),
    eni('eni-r1', '10.0.1.31', byAws('RDSNetworkInterface'), ['sg-db']),
    eni('eni-r2', '10.0.2.31', byAws('RDSNetworkInterface'), ['sg-1']),
    eni('eni-r3', '10.0.1.32', byAws('something else'), ['sg-db']),
    eni('eni-t1', '10.0.1.41', {}),
    eni('eni-t2', '10.0.2.41', {}),
    eni('eni-v1', '10.0.1.51', { InterfaceType: 'vpc_endpoint', Description: 'VPC Endpoint Interface vpce-1' }),
    eni('eni-v2', '10.0.1.52', { InterfaceType: 'vpc_endpoint', Description: 'VPC Endpoint Interface vpce-2' }),
  ],
  LoadBalancers: [
    balancer('net/web/50dc'),
    balancer('gwy/inspect/70dc', { Type: 'gateway', Scheme: null }),
    balancer('net/nothing/80dc', { AvailabilityZones: [] }),
  ],
  AutoScalingGroups: [group('front', ['i-1', 'i-2']), group('idle', []), group('fading', ['i-1', 'i-gone'])],
  Functions: [
    placed('resize', ['subnet-1', 'subnet-2'], ['sg-1']),
    placed('mail', ['subnet-1', 'subnet-2'], ['sg-2', 'sg-1']),
    placed('lonely', ['subnet-1'], ['sg-2']),
    placed('outside', [], []),
  ],
  DBInstances: [
    database('main'),
    database('odd', { VpcSecurityGroups: [] }),
    database('flat', { DBSubnetGroup: null }),
  ],
  tasks: [
    task('1', attached('eni-t1')),
    task('2', attached('eni-t2')),
    task('3', { ...attached('eni-gone'), lastStatus: 'STOPPED' }),
    task('4', { lastStatus: 'PROVISIONING' }),
    task('5', { ...attached('eni-t2'), clusterArn: arn('ecs', 'cluster/d'), group: 'service:back' }),
    task('6', { group: 'service:bridged' }),
    task('7', { group: 'service:starting', lastStatus: 'PENDING' }),
  ],
  EnvironmentResources: [
    { EnvironmentName: 'shop', Instances: [{ Id: 'i-3' }], LoadBalancers: [{ Name: WEB }] },
    { EnvironmentName: 'classic', Instances: [], LoadBalancers: [{ Name: 'old' }] },
    { EnvironmentName: 'torn', Instances: [{ Id: 'i-3' }], LoadBalancers: [{ Name: 'lost' }] },
  ],
  VpcEndpoints: [
    {
      VpcEndpointId: 'vpce-1',
      VpcEndpointType: 'Interface',
      VpcId: 'vpc-1',
      State: 'available',
      NetworkInterfaceIds: ['eni-v1'],
    },
    { VpcEndpointId: 'vpce-g', VpcEndpointType: 'Gateway', VpcId: 'vpc-1', State: 'available' },
  ],
  VpcEndpointServiceConfigurations: [{ ServiceId: 'vpce-svc-1', ServiceName: 'x', ServiceState: 'Available' }],
  TransitGateways: [{ TransitGatewayId: 'tgw-1', State: 'available' }],
  TransitGatewayAttachments: [
    ['tgw-attach-1', 'vpc', 'vpc-1'],
    ['tgw-attach-2', 'vpn', 'vpn-1'],
    ['tgw-attach-3', 'vpc', 'vpc-9'],
    ['tgw-attach-4', 'vpc', 'vpc-2'],
  ].map(([TransitGatewayAttachmentId, ResourceType, ResourceId]) => ({
    TransitGatewayAttachmentId,
    TransitGatewayId: 'tgw-1',
    ResourceType,
    ResourceId,
    State: 'available',
  })),
};

const whole = load(SNAPSHOT);

/** The interfaces that an expression means: `i1 i2`. */
function meaning(text: string, network: Network = whole): string {
  const compiled = compile(network);
  const { held, internet } = placesOf(compiled, parsePlaceExpression(text));
  expect(internet).toEqual([]);
  return held.map((each) => network.networkInterfaces[each.eni]!.id.replace('eni-', '')).join(' ');
}

function errorOf(text: string, network: Network = whole): QuestionError {
  try {
    meaning(text, network);
  } catch (error) {
    if (error instanceof QuestionError) return error;
    throw error;
  }
  throw new Error(`"${text}" means something`);
}
const problemOf = (text: string, network?: Network): string => errorOf(text, network).message.split('\n')[0]!.slice(10);

test('the snapshot is one that loading finds nothing wrong with but what is meant to be', () => {
  expect(problemsOf(whole).filter((problem) => !/vpc-9|i-gone|vpn-1/.test(problem))).toEqual([]);
});

describe('what a name means', () => {
  const places = [
    ['lb:web', 'n1 n2'],
    ['lb:net/web/50dc', 'n1 n2'],
    ['net/web/50dc', 'n1 n2'],
    [WEB, 'n1 n2'],
    [`lb:${WEB}`, 'n1 n2'],
    // without a record of their own
    ['lb:site', 'a1'],
    ['lb:old', 'c1'],
    ['asg:front', 'i1 i2'],
    ['asg:fading', 'i1'],
    [arn('autoscaling', 'autoScalingGroup:7b:autoScalingGroupName/front'), 'i1 i2'],
    ['lambda:resize', 'l1 l2'],
    ['lambda:mail', 'l3'],
    [arn('lambda', 'function:mail:live'), 'l3'],
    ['rds:main', 'r1'],
    [arn('rds', 'db:main'), 'r1'],
    ['ecs:api', 't1 t2'],
    ['ecs:c/api', 't1 t2'],
    [arn('ecs', 'service/d/back'), 't2'],
    ['eks:prod', 'i2 i3'],
    [arn('eks', 'cluster/prod'), 'i2 i3'],
    ['beanstalk:shop', 'i3 n1 n2'],
    ['beanstalk:classic', 'c1'],
    ['vpce-1', 'v1'],
    ['vpce-2', 'v2'],
    ['tgw-attach-1', 'a1 c1 i1 i2 i3 l1 l2 l3 n1 n2 r1 r2 r3 t1 t2 v1 v2'],
    // with others
    ['lb:web & subnet-2', 'n2'],
    ['asg:front | rds:main', 'i1 i2 r1'],
    ['eks:prod & !asg:front', 'i3'],
    ['10.0.2.11@lb:web', 'n2'],
  ] as const;
  for (const [text, expected] of places) {
    test(`${text} is ${expected}`, () => {
      expect(meaning(text)).toBe(expected);
    });
  }
});

describe('what is no place', () => {
  const errors = [
    [
      'lb:inspect',
      'load balancer "gwy/inspect/70dc" is a gateway load balancer, which traffic passes on its way; name the ends of the way',
    ],
    ['lb:nothing', 'no interface with an address belongs to load balancer "nothing"'],
    ['lb:unheard', 'no load balancer "unheard" in the snapshot'],
    [
      WEB.replace('us-east-1', 'eu-west-1'),
      'no load balancer "net/web/50dc" in eu-west-1 of account 111122223333 in the snapshot',
    ],
    [
      'asg:idle',
      'Auto Scaling group "idle" has no instance now, and what it would start next is not modelled: name its subnets or security groups',
    ],
    ['asg:unheard', 'no Auto Scaling group "unheard" in the snapshot'],
    [
      'lambda:outside',
      'Lambda function "outside" runs outside every VPC: it sends from addresses of AWS on the internet, and nothing is sent to it (CMP-04)',
    ],
    [
      'lambda:lonely',
      'Lambda function "lonely" has no interface now: none of its service\'s in its subnets carries exactly its security groups',
    ],
    [
      'rds:odd',
      'database "odd" has no interface now: none of its service\'s in its subnets carries exactly its security groups',
    ],
    ['rds:flat', 'database "flat" has no subnet group, so no interface in a VPC'],
    [
      'ecs:bridged',
      `task "${arn('ecs', 'task/c/6')}" has no interface of its own and shares that of its instance (CMP-05): name the instances of its cluster`,
    ],
    ['ecs:starting', 'no interface with an address belongs to ECS service "starting"'],
    ['ecs:d/api', 'no ECS service "d/api" in the snapshot'],
    ['eks:bare', 'no interface with an address belongs to nodes of EKS cluster "bare"'],
    ['eks:unheard', 'no nodes of EKS cluster "unheard" in the snapshot'],
    [
      'beanstalk:torn',
      'Elastic Beanstalk environment "torn" has load balancer "lost", which the snapshot lacks: collect it with aws elbv2 describe-load-balancers',
    ],
    ['vpce-g', 'a gateway endpoint has no interface and is no place; name the addresses of its service'],
    ['vpce-svc-1', 'an endpoint service is no place; name its load balancer (lb:NAME) or an endpoint of it (vpce-)'],
    ['tgw-1', 'a transit gateway is no place; name a VPC behind it, or its attachment (tgw-attach-)'],
    ['tgw-attach-2', 'attachment "tgw-attach-2" is of no VPC; name the addresses or the VPC behind it'],
    ['tgw-attach-3', 'attachment "tgw-attach-3" is of VPC "vpc-9", which the snapshot lacks'],
    ['tgw-attach-4', 'no interface with an address is in VPC "vpc-2" of attachment "tgw-attach-4"'],
    ['vpce-7', 'no interface, instance, subnet, VPC, security group, gateway or name "vpce-7" in the snapshot'],
  ] as const;
  for (const [text, problem] of errors) {
    test(`${text}: ${problem}`, () => {
      expect(problemOf(text)).toBe(problem);
    });
  }

  const misspelt = [
    ['lb:wep', ['lb:web']],
    ['asg:frnt', ['asg:front']],
    ['lambda:resise', ['lambda:resize']],
    ['rds:man', ['rds:main']],
    ['ecs:apis', ['ecs:api']],
    ['eks:prot', ['eks:prod']],
    ['vpce-11', ['vpce-1']],
    ['tgw-atach-1', ['tgw-attach-1', 'tgw-attach-2', 'tgw-attach-3']],
    ['beanstalk:shp', ['beanstalk:shop']],
  ] as const;
  for (const [text, suggestions] of misspelt) {
    test(`${text} was perhaps meant as ${suggestions.join(' or ')}`, () => {
      expect(errorOf(text).suggestions).toEqual(suggestions);
      expect(meaning(suggestions[0])).not.toBe('');
    });
  }

  test('a name that needs quotes is suggested in quotes', () => {
    const network = load({ ...SNAPSHOT, AutoScalingGroups: [group('web servers', ['i-1'])] });
    expect(errorOf('asg:"web server"', network).suggestions).toEqual(['asg:"web servers"']);
    expect(meaning('asg:"web servers"', network)).toBe('i1');
  });

  test('a Name tag that looks like a service is suggested in quotes', () => {
    const network = load({ ...SNAPSHOT, Instances: [tagged('i-1', 'Name', 'lb:blue')] });
    expect(errorOf('lb:blue', network).suggestions).toEqual(['"lb:blue"']);
  });

  test('a snapshot without the list says which call makes it', () => {
    const { AutoScalingGroups: _, ...rest } = SNAPSHOT;
    expect(problemOf('asg:front', load(rest))).toBe(
      'no Auto Scaling group "front" in the snapshot, which tells of none: collect them with aws autoscaling describe-auto-scaling-groups',
    );
  });
});

test('an unknown name in a list that was cut off may exist', () => {
  const network = load([
    { ...SNAPSHOT, Functions: [] },
    { Functions: [], NextMarker: 'more' },
  ]);
  expect(problemOf('lambda:mail', network)).toBe(
    'no Lambda function "mail" in the snapshot, which does not tell of all: collect them again with aws lambda list-functions',
  );
});

describe('what the snapshot may lack a part of is no place', () => {
  const without = (id: string): Network => {
    const left = SNAPSHOT.NetworkInterfaces!.filter((each) => each.NetworkInterfaceId !== id);
    return load([
      { ...SNAPSHOT, NetworkInterfaces: [] },
      { NetworkInterfaces: left, NextToken: 'more' },
    ]);
  };
  const parts = [
    ['asg:front', 'eni-i2', 'Auto Scaling group "front" has instance "i-2"'],
    ['ecs:api', 'eni-t1', `task "${arn('ecs', 'task/c/1')}" has interface "eni-t1"`],
    ['eks:prod', 'eni-i3', 'EKS cluster "prod" has instance "i-3"'],
    ['vpce-1', 'eni-v1', 'VPC endpoint "vpce-1" has interface "eni-v1"'],
  ] as const;
  for (const [text, id, problem] of parts) {
    test(`${text} without ${id}, where the list of interfaces is cut off`, () => {
      expect(problemOf(text, without(id))).toContain(`${problem}, of which the snapshot does not know the interfaces`);
      expect(meaning(text, without('eni-a1'))).toBe(meaning(text));
    });
  }

  const looks = [
    ['lb:web', 'load balancer "net/web/50dc"'],
    ['lb:old', 'load balancer "old"'],
    ['lambda:resize', 'Lambda function "resize"'],
    ['rds:main', 'database "main"'],
    ['vpce-2', 'VPC endpoint "vpce-2"'],
  ] as const;
  for (const [text, what] of looks) {
    test(`${text} where the list of interfaces is cut off, since nothing says which it has`, () => {
      expect(problemOf(text, without('eni-a1'))).toBe(
        `${what} may have interfaces that the snapshot lacks: collect them all with aws ec2 describe-network-interfaces`,
      );
    });
  }

  test('eks:prod where the list of instances is cut off', () => {
    const network = load([
      { ...SNAPSHOT, Instances: [] },
      { Instances: SNAPSHOT.Instances, NextToken: 'more' },
    ]);
    expect(problemOf('eks:prod', network)).toBe(
      'EKS cluster "prod" may have interfaces that the snapshot lacks: collect them all with aws ec2 describe-instances',
    );
    expect(meaning('asg:front', network)).toBe('i1 i2');
  });

  test('where the list is whole, the place is what there is', () => {
    const left = SNAPSHOT.NetworkInterfaces!.filter((each) => each.NetworkInterfaceId !== 'eni-n2');
    expect(meaning('lb:web', load({ ...SNAPSHOT, NetworkInterfaces: left }))).toBe('n1');
  });
});

describe('a service of ECS that runs', () => {
  const running = (runningCount: number | null, serviceName = 'api', cluster = 'c'): Network =>
    load({ ...SNAPSHOT, services: [{ serviceName, clusterArn: arn('ecs', `cluster/${cluster}`), runningCount }] });

  for (const count of [null, 0, 1, 2]) {
    test(`${count} tasks, or two with those that came later`, () => {
      expect(meaning('ecs:api', running(count))).toBe('t1 t2');
    });
  }

  test('more tasks than the snapshot tells of is no place', () => {
    const problem =
      'ECS service "api" runs 3 tasks, and the snapshot tells of 2 of them: collect all with aws ecs describe-tasks';
    expect(problemOf('ecs:api', running(3))).toBe(problem);
    expect(problemOf('ecs:c/api', running(3))).toBe(problem);
    expect(meaning('ecs:back', running(3))).toBe('t2');
  });

  test('tasks in another cluster of which the snapshot has none is no place', () => {
    expect(meaning('ecs:c/api', running(1, 'api', 'e'))).toBe('t1 t2');
    expect(problemOf('ecs:api', running(1, 'api', 'e'))).toContain('runs 1 task, and the snapshot tells of 0 of them');
  });

  test('no task is no place', () => {
    expect(problemOf('ecs:calm', running(0, 'calm'))).toBe(
      'no interface with an address belongs to ECS service "calm"',
    );
  });
});

test('things of one name in several Regions are one place, and an ARN means one of them', () => {
  const elsewhere = {
    ...group('front', ['i-3']),
    AutoScalingGroupARN: arn('autoscaling', 'autoScalingGroup:9c:autoScalingGroupName/front').replace(
      'us-east-1',
      'eu-west-1',
    ),
  };
  const network = load({ ...SNAPSHOT, AutoScalingGroups: [group('front', ['i-1']), elsewhere] });
  expect(meaning('asg:front', network)).toBe('i1 i3');
  expect(meaning(elsewhere.AutoScalingGroupARN, network)).toBe('i3');
});

test('a classic balancer called as one of the second generation is another one', () => {
  const classic = eni('eni-c2', '10.0.1.14', { ...node('interface', 'web'), RequesterManaged: true });
  const network = load({ ...SNAPSHOT, NetworkInterfaces: [...SNAPSHOT.NetworkInterfaces!, classic] });
  expect(meaning('lb:web', network)).toBe('c2 n1 n2');
  expect(meaning('lb:net/web/50dc', network)).toBe('n1 n2');
});

test('a question about services is answered like one about their interfaces', () => {
  const net = createNet(whole);
  const byName = net.reach('asg:front -> rds:main : tcp/5432');
  const byId = net.reach('(i-1 | i-2) -> eni-r1 : tcp/5432');
  expect({ ...byName, question: null }).toEqual({ ...byId, question: null });
  expect(formatPrefix(placesOf(compile(whole), parsePlaceExpression('rds:main')).held[0]!.prefix)).toBe('10.0.1.31/32');
});
