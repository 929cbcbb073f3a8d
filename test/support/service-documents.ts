/** One snapshot's load balancers, endpoints, firewalls and compute, with everything that completes them, for tests that spoil it. */

const ELB = 'arn:aws:elasticloadbalancing:us-east-1:111122223333';
const APP = `${ELB}:loadbalancer/app/web/50dc6c49`;
const GROUP = `${ELB}:targetgroup/a/204ab181`;
const NFW = 'arn:aws:network-firewall:us-east-1:111122223333';

export const SERVICES: Readonly<Record<string, readonly object[]>> = {
  LoadBalancers: [
    {
      LoadBalancerArn: APP,
      Type: 'application',
      Scheme: 'internal',
      State: { Code: 'active' },
      VpcId: 'vpc-1',
      AvailabilityZones: [
        { ZoneName: 'us-east-1a', SubnetId: 'subnet-1', LoadBalancerAddresses: [{ IpAddress: '198.51.100.9' }] },
      ],
    },
  ],
  LoadBalancerDescriptions: [
    {
      LoadBalancerName: 'old',
      Scheme: 'internal',
      VPCId: 'vpc-1',
      Subnets: ['subnet-1'],
      ListenerDescriptions: [{ Listener: { Protocol: 'TCP', LoadBalancerPort: 80, InstancePort: 8080 } }],
      Instances: [{ InstanceId: 'i-1' }],
    },
  ],
  LoadBalancerListeners: [
    {
      LoadBalancerArn: APP,
      Listeners: [
        {
          ListenerArn: `${ELB}:listener/app/web/50dc6c49/f2f7`,
          Port: 80,
          Protocol: 'HTTP',
          DefaultActions: [
            { Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: GROUP, Weight: 1 }] } },
          ],
        },
      ],
    },
  ],
  Rules: [
    {
      RuleArn: `${ELB}:listener-rule/app/web/50dc6c49/f2f7/01`,
      Actions: [{ Type: 'forward', TargetGroupArn: GROUP }],
    },
  ],
  LoadBalancerAttributes: [
    { LoadBalancerArn: APP, Attributes: [{ Key: 'load_balancing.cross_zone.enabled', Value: 'true' }] },
  ],
  TargetGroups: [
    {
      TargetGroupArn: GROUP,
      TargetType: 'ip',
      Protocol: 'HTTP',
      Port: 80,
      VpcId: 'vpc-1',
      LoadBalancerArns: [APP],
      HealthCheckProtocol: 'HTTP',
      HealthCheckPort: 'traffic-port',
    },
  ],
  TargetGroupAttributes: [
    { TargetGroupArn: GROUP, Attributes: [{ Key: 'preserve_client_ip.enabled', Value: 'false' }] },
  ],
  LoadBalancerTargetHealth: [
    {
      TargetGroupArn: GROUP,
      TargetHealthDescriptions: [{ Target: { Id: '10.0.1.10', Port: 80 }, TargetHealth: { State: 'healthy' } }],
    },
  ],
  VpcEndpoints: [
    {
      VpcEndpointId: 'vpce-1',
      VpcEndpointType: 'Interface',
      VpcId: 'vpc-1',
      State: 'available',
      SubnetIds: ['subnet-1'],
      Groups: [{ GroupId: 'sg-1' }],
      DnsEntries: [{ DnsName: 'a.example' }],
    },
  ],
  AutoScalingGroups: [
    {
      AutoScalingGroupName: 'web',
      AutoScalingGroupARN: 'arn:aws:autoscaling:us-east-1:111122223333:autoScalingGroup:7b:autoScalingGroupName/web',
      Instances: [{ InstanceId: 'i-1', LifecycleState: 'InService' }],
      Tags: [{ Key: 'Name', Value: 'web' }],
    },
  ],
  Functions: [
    {
      FunctionName: 'f',
      FunctionArn: 'arn:aws:lambda:us-east-1:111122223333:function:f',
      VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'], VpcId: 'vpc-1' },
    },
  ],
  DBInstances: [
    {
      DBInstanceIdentifier: 'main',
      DBInstanceArn: 'arn:aws:rds:us-east-1:111122223333:db:main',
      DBSubnetGroup: { VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: 'subnet-1' }] },
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-1', Status: 'active' }],
      TagList: [{ Key: 'Name', Value: 'main' }],
    },
  ],
  services: [
    {
      serviceName: 's',
      serviceArn: 'arn:aws:ecs:us-east-1:111122223333:service/c/s',
      clusterArn: 'arn:aws:ecs:us-east-1:111122223333:cluster/c',
      runningCount: 1,
    },
  ],
  tasks: [
    {
      taskArn: 'arn:aws:ecs:us-east-1:111122223333:task/c/0a1b',
      clusterArn: 'arn:aws:ecs:us-east-1:111122223333:cluster/c',
      group: 'service:s',
      lastStatus: 'RUNNING',
      attachments: [
        {
          type: 'ElasticNetworkInterface',
          status: 'ATTACHED',
          details: [{ name: 'networkInterfaceId', value: 'eni-1' }],
        },
      ],
    },
  ],
  EnvironmentResources: [{ EnvironmentName: 'prod', Instances: [{ Id: 'i-1' }], LoadBalancers: [{ Name: APP }] }],
  ServiceConfigurations: [
    {
      ServiceId: 'vpce-svc-1',
      ServiceName: 'com.amazonaws.vpce.us-east-1.vpce-svc-1',
      ServiceState: 'Available',
      AvailabilityZones: ['us-east-1a'],
    },
  ],
  Firewalls: [
    {
      Firewall: { FirewallArn: `${NFW}:firewall/f`, FirewallPolicyArn: `${NFW}:firewall-policy/p`, VpcId: 'vpc-1' },
      FirewallStatus: {
        SyncStates: { 'us-east-1a': { Attachment: { SubnetId: 'subnet-1', EndpointId: 'vpce-9' } } },
      },
    },
  ],
  FirewallPolicies: [
    {
      FirewallPolicyResponse: { FirewallPolicyArn: `${NFW}:firewall-policy/p` },
      FirewallPolicy: {
        StatelessDefaultActions: ['aws:forward_to_sfe'],
        StatelessFragmentDefaultActions: ['aws:drop'],
        StatelessRuleGroupReferences: [{ ResourceArn: `${NFW}:stateless-rulegroup/s`, Priority: 1 }],
        StatefulRuleGroupReferences: [{ ResourceArn: `${NFW}:stateful-rulegroup/t` }],
      },
    },
  ],
  RuleGroups: [
    {
      RuleGroupResponse: { RuleGroupArn: `${NFW}:stateless-rulegroup/s` },
      RuleGroup: {
        RulesSource: {
          StatelessRulesAndCustomActions: {
            StatelessRules: [
              {
                Priority: 1,
                RuleDefinition: {
                  MatchAttributes: {
                    Sources: [{ AddressDefinition: '10.0.0.0/8' }],
                    DestinationPorts: [{ FromPort: 80, ToPort: 80 }],
                    Protocols: [6],
                    TCPFlags: [{ Flags: ['SYN'], Masks: ['SYN', 'ACK'] }],
                  },
                  Actions: ['aws:pass'],
                },
              },
            ],
          },
        },
      },
    },
    {
      RuleGroupResponse: { RuleGroupArn: `${NFW}:stateful-rulegroup/t` },
      RuleGroup: {
        RuleVariables: { IPSets: { HOME_NET: { Definition: ['10.0.0.0/8'] } } },
        RulesSource: {
          StatefulRules: [
            {
              Action: 'PASS',
              Header: {
                Protocol: 'TCP',
                Source: '$HOME_NET',
                SourcePort: 'ANY',
                Direction: 'FORWARD',
                Destination: '[10.0.0.0/8,192.0.2.7]',
                DestinationPort: '80:443',
              },
              RuleOptions: [{ Keyword: 'sid', Settings: ['1'] }],
            },
          ],
        },
      },
    },
  ],
};
