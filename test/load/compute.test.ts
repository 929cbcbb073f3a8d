/** Auto Scaling groups, functions, databases, tasks and environments. */

import { describe, expect, test } from 'vitest';
import { listsOf, load, loadFiles, problemsOf } from '../support/documents.ts';

type Json = Readonly<Record<string, unknown>>;

const ACCOUNT = '111122223333';
const REGION = 'us-east-1';
const arn = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

const GROUP: Json = {
  AutoScalingGroupName: 'web',
  AutoScalingGroupARN: arn('autoscaling', 'autoScalingGroup:7b:autoScalingGroupName/web'),
  Instances: [
    { InstanceId: 'i-1', LifecycleState: 'InService' },
    { InstanceId: 'i-2', LifecycleState: 'Terminated' },
  ],
  Tags: [{ Key: 'stage', Value: 'prod', ResourceId: 'web' }],
};
const FUNCTION: Json = {
  FunctionName: 'f',
  FunctionArn: arn('lambda', 'function:f'),
  VpcConfig: { SubnetIds: ['subnet-1', 'subnet-2'], SecurityGroupIds: ['sg-1'], VpcId: 'vpc-1' },
};
const DATABASE: Json = {
  DBInstanceIdentifier: 'main',
  DBInstanceArn: arn('rds', 'db:main'),
  DBSubnetGroup: { VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: 'subnet-1' }, { SubnetIdentifier: 'subnet-2' }] },
  VpcSecurityGroups: [
    { VpcSecurityGroupId: 'sg-1', Status: 'active' },
    { VpcSecurityGroupId: 'sg-2', Status: 'removing' },
  ],
};
const attachment = (id: string, status: string): Json => ({
  type: 'ElasticNetworkInterface',
  status,
  details: [
    { name: 'subnetId', value: 'subnet-1' },
    { name: 'networkInterfaceId', value: id },
  ],
});
const TASK: Json = {
  taskArn: arn('ecs', 'task/c/0a1b'),
  clusterArn: arn('ecs', 'cluster/c'),
  group: 'service:s',
  lastStatus: 'RUNNING',
  attachments: [attachment('eni-1', 'ATTACHED'), attachment('eni-0', 'DELETED')],
};
const ENVIRONMENT: Json = {
  EnvironmentName: 'prod',
  Instances: [{ Id: 'i-2' }, { Id: 'i-1' }],
  LoadBalancers: [{ Name: 'awseb-1' }],
  AutoScalingGroups: [{ Name: 'awseb-e-1' }],
};

const OWNER = { account: ACCOUNT, region: REGION };

test('an Auto Scaling group has the instances that are not terminated', () => {
  const network = load({ AutoScalingGroups: [GROUP] });
  expect(network.autoScalingGroups).toMatchObject([
    { id: GROUP.AutoScalingGroupARN, ...OWNER, groupName: 'web', instanceIds: ['i-1'] },
  ]);
  expect(network.autoScalingGroups[0]!.tags).toEqual([{ key: 'stage', value: 'prod' }]);
  expect(problemsOf(network)).toEqual([]);
  expect(listsOf(network)).toEqual(['autoScalingGroups complete']);
});

test('a function has its subnets and groups', () => {
  const network = load({ Functions: [FUNCTION] });
  const attached = { subnetIds: ['subnet-1', 'subnet-2'], groupIds: ['sg-1'] };
  expect(network.lambdaFunctions).toMatchObject([{ ...OWNER, functionName: 'f', attachment: attached }]);
  expect(problemsOf(network)).toEqual([]);
});

for (const VpcConfig of [undefined, null, { SubnetIds: [], SecurityGroupIds: [], VpcId: '' }]) {
  test(`a function with VpcConfig ${JSON.stringify(VpcConfig)} is in no VPC`, () => {
    expect(load({ Functions: [{ ...FUNCTION, VpcConfig }] }).lambdaFunctions[0]!.attachment).toBeNull();
  });
}

test('a database has the subnets of its subnet group, and the groups that are not being removed', () => {
  const network = load({ DBInstances: [DATABASE] });
  const attached = { subnetIds: ['subnet-1', 'subnet-2'], groupIds: ['sg-1'] };
  expect(network.databases).toMatchObject([{ ...OWNER, databaseName: 'main', attachment: attached }]);
  expect(problemsOf(network)).toEqual([]);
});

test('a database without a subnet group is in no VPC', () => {
  expect(load({ DBInstances: [{ ...DATABASE, DBSubnetGroup: null }] }).databases[0]!.attachment).toBeNull();
});

test('a task has its service, its cluster and the interfaces that are attached', () => {
  const network = load({ tasks: [TASK], failures: [] });
  expect(network.ecsTasks).toMatchObject([
    { ...OWNER, serviceName: 's', clusterName: 'c', status: 'RUNNING', interfaceIds: ['eni-1'] },
  ]);
  expect(problemsOf(network)).toEqual([]);
});

test('a service of ECS has its cluster and how many of its tasks run', () => {
  const record = {
    serviceName: 's',
    serviceArn: arn('ecs', 'service/c/s'),
    clusterArn: arn('ecs', 'cluster/c'),
    desiredCount: 3,
    runningCount: 2,
  };
  const network = load({ services: [record], failures: [] });
  expect(network.ecsServices).toMatchObject([{ ...OWNER, serviceName: 's', clusterName: 'c', running: 2 }]);
  expect(problemsOf(network)).toEqual([]);
});

test('a task that no service started has none', () => {
  expect(load({ tasks: [{ ...TASK, group: 'family:batch' }] }).ecsTasks[0]!.serviceName).toBeNull();
});

describe('an environment of Elastic Beanstalk', () => {
  const made = { id: 'prod', instanceIds: ['i-1', 'i-2'], balancers: ['awseb-1'] };

  test('comes as the answer of its call, which is one object', () => {
    const network = loadFiles({ [`${ACCOUNT}/${REGION}/prod.json`]: { EnvironmentResources: ENVIRONMENT } });
    expect(network.beanstalkEnvironments).toMatchObject([{ ...made, ...OWNER }]);
    expect(network.beanstalkEnvironments[0]!.origin.pointer).toBe('');
    expect(problemsOf(network)).toEqual([]);
    // One answer says nothing about other environments.
    expect(listsOf(network)).toEqual([]);
  });

  test('comes in a list of such answers', () => {
    const network = load({ EnvironmentResources: [{ EnvironmentResources: ENVIRONMENT }, { EnvironmentName: 'b' }] });
    expect(network.beanstalkEnvironments.map(({ id }) => id)).toEqual(['b', 'prod']);
    expect(listsOf(network)).toEqual(['beanstalkEnvironments complete']);
  });

  test('is one with those of its name in other Regions', () => {
    const network = loadFiles({
      'us-east-1/prod.json': { EnvironmentResources: ENVIRONMENT },
      'us-west-2/prod.json': { EnvironmentResources: { ...ENVIRONMENT, Instances: [{ Id: 'i-9' }] } },
    });
    expect(network.beanstalkEnvironments).toMatchObject([{ ...made, instanceIds: ['i-1', 'i-2', 'i-9'] }]);
    expect(problemsOf(network)).toEqual([]);
  });
});

describe('what cannot be read costs the record, which would be another place without it', () => {
  const spoilt = [
    ['AutoScalingGroups', { ...GROUP, Instances: [{}] }, 'Instances.0.InstanceId is missing'],
    ['Functions', { ...FUNCTION, VpcConfig: { SubnetIds: [7] } }, 'VpcConfig.SubnetIds.0 is 7, not a text'],
    ['DBInstances', { ...DATABASE, VpcSecurityGroups: 'sg-1' }, 'VpcSecurityGroups is "sg-1", not a list'],
    ['tasks', { ...TASK, attachments: [{ details: 1 }] }, 'attachments.0.details is 1, not a list'],
    ['EnvironmentResources', { ...ENVIRONMENT, Instances: [{ Id: '' }] }, 'Instances.0.Id is "", not a text'],
  ] as const;
  for (const [key, record, problem] of spoilt) {
    test(`${key}: ${problem}`, () => {
      const network = load({ [key]: [record] });
      expect(problemsOf(network)[0]).toContain(`error ${problem}`);
      expect(network.lists).toMatchObject([{ count: 0, complete: false }]);
    });
  }
});
