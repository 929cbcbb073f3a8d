/** VPC endpoints, and the services that accounts offer. */

import { describe, expect, test } from 'vitest';
import { listsOf, load, problemsOf, subnet, vpc } from '../support/documents.ts';

type Json = Readonly<Record<string, unknown>>;

const endpoint = (members: Json = {}): Json => ({
  VpcEndpointId: 'vpce-1',
  VpcEndpointType: 'Interface',
  VpcId: 'vpc-1',
  OwnerId: '111122223333',
  ServiceName: 'com.amazonaws.us-east-1.ec2',
  State: 'available',
  SubnetIds: ['subnet-1'],
  NetworkInterfaceIds: ['eni-1'],
  Groups: [{ GroupId: 'sg-1', GroupName: 'web' }],
  PrivateDnsEnabled: true,
  DnsEntries: [{ DnsName: 'ec2.us-east-1.amazonaws.com', HostedZoneId: 'Z' }, { DnsName: '' }],
  ...members,
});

describe('endpoints', () => {
  test('of interfaces, with everything that they are attached to', () => {
    const network = load({ VpcEndpoints: [endpoint()] });
    expect(network.vpcEndpoints).toMatchObject([
      {
        id: 'vpce-1',
        account: '111122223333',
        kind: 'interface',
        vpcId: 'vpc-1',
        serviceName: 'com.amazonaws.us-east-1.ec2',
        state: 'available',
        routeTableIds: [],
        subnetIds: ['subnet-1'],
        interfaceIds: ['eni-1'],
        groupIds: ['sg-1'],
        privateDns: true,
        dnsNames: ['ec2.us-east-1.amazonaws.com'],
      },
    ]);
    expect(problemsOf(network)).toEqual([]);
    expect(listsOf(network)).toEqual(['vpcEndpoints complete']);
  });

  const kinds = [
    ['Gateway', 'gateway'],
    ['GatewayLoadBalancer', 'gateway-load-balancer'],
    ['Resource', 'resource'],
    ['ServiceNetwork', 'service-network'],
  ] as const;
  for (const [VpcEndpointType, kind] of kinds) {
    test(`of type ${VpcEndpointType}`, () => {
      expect(load({ VpcEndpoints: [endpoint({ VpcEndpointType })] }).vpcEndpoints).toMatchObject([{ kind }]);
    });
  }

  test('of a type that nobody knows stay, as such', () => {
    const network = load({ VpcEndpoints: [endpoint({ VpcEndpointType: 'Wormhole' })] });
    expect(network.vpcEndpoints).toMatchObject([{ kind: 'unrecognised' }]);
    expect(problemsOf(network)).toEqual([
      'error VpcEndpointType is "Wormhole", which is not known at snapshot.json#/VpcEndpoints/0/VpcEndpointType',
    ]);
    expect(network.facts).toMatchObject([{ key: 'endpoint-type:vpce-1' }]);
  });

  test('states are kept, in one spelling', () => {
    const states = ['Available', 'pendingAcceptance', 'Deleted'];
    const network = load({
      VpcEndpoints: states.map((State, i) => endpoint({ VpcEndpointId: `vpce-${i}`, State })),
    });
    expect(network.vpcEndpoints.map(({ state }) => state)).toEqual(['available', 'pendingAcceptance', 'deleted']);
  });

  test('what cannot be read is a missing fact', () => {
    const network = load({ VpcEndpoints: [endpoint({ SubnetIds: ['subnet-1', 7], Groups: [{}] })] });
    expect(network.vpcEndpoints).toMatchObject([
      { subnetIds: ['subnet-1'], groupIds: ['(unreadable group of vpce-1)'] },
    ]);
    expect(network.facts.map(({ key }) => key)).toEqual(['endpoint:vpce-1', 'groups:vpce-1']);
    expect(problemsOf(network)).toEqual([
      'error item is 7, not a text at snapshot.json#/VpcEndpoints/0/SubnetIds/1',
      'error group without a GroupId at snapshot.json#/VpcEndpoints/0/Groups/0',
    ]);
  });

  test('one without an id costs itself', () => {
    const network = load({ VpcEndpoints: [endpoint({ VpcEndpointId: '' }), endpoint()] });
    expect(network.vpcEndpoints).toHaveLength(1);
    expect(listsOf(network)).toEqual(['vpcEndpoints cut off']);
  });

  test('their interfaces are missed where the list of interfaces was read whole, and nowhere else', () => {
    const whole = { Vpcs: [vpc()], Subnets: [subnet()], VpcEndpoints: [endpoint()] };
    expect(problemsOf(load(whole))).toEqual([]);
    expect(problemsOf(load({ ...whole, NetworkInterfaces: [] }))).toEqual([
      'warning "vpce-1" names network interface "eni-1", which the snapshot lacks at snapshot.json#/VpcEndpoints/0',
    ]);
    const gone = { ...whole, VpcEndpoints: [endpoint({ State: 'deleted' })], NetworkInterfaces: [] };
    expect(problemsOf(load(gone))).toEqual([]);
  });
});

describe('endpoint services', () => {
  const nlb = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/fin/31';
  const service = (members: Json = {}): Json => ({
    ServiceId: 'vpce-svc-1',
    ServiceName: 'com.amazonaws.vpce.us-east-1.vpce-svc-1',
    ServiceState: 'Available',
    AvailabilityZones: ['us-east-1a'],
    NetworkLoadBalancerArns: [nlb],
    ...members,
  });

  for (const key of ['ServiceConfigurations', 'VpcEndpointServiceConfigurations']) {
    test(`from ${key}`, () => {
      const network = load({ [key]: [service({ GatewayLoadBalancerArns: ['gwlb'] })] });
      expect(network.endpointServices).toMatchObject([
        {
          id: 'vpce-svc-1',
          serviceName: 'com.amazonaws.vpce.us-east-1.vpce-svc-1',
          state: 'available',
          loadBalancerArns: [nlb, 'gwlb'],
          zones: ['us-east-1a'],
        },
      ]);
      expect(problemsOf(network)).toEqual([]);
    });
  }

  test('one whose balancers cannot be read costs itself', () => {
    const network = load({ ServiceConfigurations: [service({ NetworkLoadBalancerArns: [7] })] });
    expect(network.endpointServices).toEqual([]);
    expect(problemsOf(network)).toEqual([
      'error NetworkLoadBalancerArns.0 is 7, not a text at snapshot.json#/ServiceConfigurations/0/NetworkLoadBalancerArns/0',
    ]);
    expect(listsOf(network)).toEqual(['endpointServices cut off']);
  });

  test('a balancer that the whole list lacks is a problem', () => {
    expect(problemsOf(load({ ServiceConfigurations: [service()], LoadBalancers: [] }))).toEqual([
      'warning "vpce-svc-1" names load balancer "net/fin/31", which the snapshot lacks at snapshot.json#/ServiceConfigurations/0',
    ]);
  });

  test('AWS’s own services are recognised and not read', () => {
    const network = load({ VpcEndpoints: [], ServiceDetails: [{}], ServiceNames: ['com.amazonaws.us-east-1.s3'] });
    expect(network.endpointServices).toEqual([]);
    expect(network.unmodelled.map(({ key }) => key)).toEqual(['ServiceDetails', 'ServiceNames']);
    expect(problemsOf(network)).toEqual([]);
  });
});
