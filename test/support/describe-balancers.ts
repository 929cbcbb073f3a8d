/** Load balancers and target groups as `describe-*` answers, with those that name no balancer or group kept under its ARN. */

import type { LoadBalancer, Target, TargetGroup } from '../../src/model/load-balancer.ts';
import type { Network } from '../../src/model/network.ts';
import type { Description } from './describe.ts';

export function describeBalancers({ loadBalancers, targetGroups }: Network): Description {
  const classic = loadBalancers.filter(({ kind }) => kind === 'classic');
  const balancers = loadBalancers.filter(({ kind }) => kind !== 'classic');
  const groups = targetGroups.filter(({ arn }) => arn.startsWith('arn:'));
  return {
    LoadBalancers: balancers.map(balancer),
    ...listeners(balancers),
    Rules: balancers.flatMap(rules),
    LoadBalancerAttributes: [...balancers.flatMap(crossZone), ...classic.flatMap(classicAttributes)],
    LoadBalancerDescriptions: classic.map((each) => classicBalancer(each, targetGroups)),
    TargetGroups: groups.map(targetGroup),
    TargetGroupAttributes: groups.flatMap(groupAttributes),
    LoadBalancerTargetHealth: groups.flatMap(({ arn, targets }) =>
      targets === null ? [] : [{ TargetGroupArn: arn, TargetHealthDescriptions: targets.map(health) }],
    ),
  };
}

function balancer(record: LoadBalancer): object {
  return {
    LoadBalancerArn: record.arn,
    LoadBalancerName: record.balancerName,
    Type: record.kind,
    Scheme: record.scheme,
    State: { Code: record.state },
    ...(record.vpcId && { VpcId: record.vpcId }),
    AvailabilityZones: record.zones.map(({ zone, subnetId }) => ({
      ...(zone && { ZoneName: zone }),
      SubnetId: subnetId,
      LoadBalancerAddresses: [],
    })),
    SecurityGroups: record.groupIds,
    ...(record.judgesPrivateLink !== null && {
      EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: record.judgesPrivateLink ? 'on' : 'off',
    }),
  };
}

function listenerArn({ arn }: LoadBalancer, index: number): string {
  return `${arn.replace(':loadbalancer/', ':listener/')}/${index}`;
}

/** A list by balancer says of one that is not in it that it has none; so one whose listeners were not read needs a plain list. */
function listeners(balancers: readonly LoadBalancer[]): Description {
  if (balancers.some((record) => record.listeners === null)) return { Listeners: balancers.flatMap(listenersOf) };
  const items = balancers.map((record) => ({ LoadBalancerArn: record.arn, Listeners: listenersOf(record) }));
  return { LoadBalancerListeners: items };
}

function listenersOf(record: LoadBalancer): object[] {
  return (record.listeners ?? []).map(({ protocol, port, targetGroupArns }, index) => ({
    ListenerArn: listenerArn(record, index),
    LoadBalancerArn: record.arn,
    Protocol: protocol,
    ...(port !== null && { Port: port }),
    DefaultActions: [action(targetGroupArns)],
  }));
}

function action(targetGroupArns: readonly string[]): object {
  if (targetGroupArns.length === 0) return { Type: 'fixed-response' };
  const TargetGroups = targetGroupArns.map((TargetGroupArn) => ({ TargetGroupArn }));
  return { Type: 'forward', ForwardConfig: { TargetGroups } };
}

/** The rule that every listener of an application balancer has: its default actions once more. */
function rules(record: LoadBalancer): object[] {
  if (record.kind !== 'application') return [];
  return (record.listeners ?? []).map(({ targetGroupArns }, index) => ({
    RuleArn: `${listenerArn(record, index).replace(':listener/', ':listener-rule/')}/0`,
    IsDefault: true,
    Actions: [action(targetGroupArns)],
  }));
}

function flag(Key: string, value: boolean | null): object[] {
  return value === null ? [] : [{ Key, Value: String(value) }];
}

function crossZone(record: LoadBalancer): object[] {
  if (record.crossZone === null) return [];
  return [{ LoadBalancerArn: record.arn, Attributes: flag('load_balancing.cross_zone.enabled', record.crossZone) }];
}

function classicAttributes(record: LoadBalancer): object[] {
  if (record.crossZone === null) return [];
  return [
    {
      LoadBalancerName: record.balancerName,
      LoadBalancerAttributes: { CrossZoneLoadBalancing: { Enabled: record.crossZone } },
    },
  ];
}

function classicBalancer(record: LoadBalancer, groups: readonly TargetGroup[]): object {
  const own = groups.filter(({ balancerArns }) => balancerArns.includes(record.arn));
  return {
    LoadBalancerName: record.balancerName,
    Scheme: record.scheme,
    VPCId: record.vpcId,
    Subnets: record.zones.map(({ subnetId }) => subnetId),
    SecurityGroups: record.groupIds,
    ListenerDescriptions: (record.listeners ?? []).map(({ protocol, port, targetGroupArns: [arn] }) => {
      const behind = own.find((group) => group.arn === arn);
      return {
        Listener: {
          Protocol: protocol,
          LoadBalancerPort: port,
          InstanceProtocol: behind?.protocol,
          InstancePort: behind?.port,
        },
      };
    }),
    Instances: (own[0]?.targets ?? []).map(({ id }) => ({ InstanceId: id })),
  };
}

function targetGroup(record: TargetGroup): object {
  return {
    TargetGroupArn: record.arn,
    TargetGroupName: record.groupName,
    TargetType: record.targetType,
    ...(record.protocol && { Protocol: record.protocol }),
    ...(record.port !== null && { Port: record.port }),
    ...(record.vpcId && { VpcId: record.vpcId }),
    LoadBalancerArns: record.balancerArns,
  };
}

function groupAttributes({ arn, crossZone: crosses, preservesClientAddress }: TargetGroup): object[] {
  const Attributes = [
    ...flag('preserve_client_ip.enabled', preservesClientAddress),
    ...flag('load_balancing.cross_zone.enabled', crosses),
  ];
  return Attributes.length === 0 ? [] : [{ TargetGroupArn: arn, Attributes }];
}

function health({ id, port, zone, health: state }: Target): object {
  return {
    Target: { Id: id, ...(port !== null && { Port: port }), ...(zone && { AvailabilityZone: zone }) },
    ...(state && { TargetHealth: { State: state } }),
  };
}
