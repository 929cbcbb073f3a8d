/** What load balancers, endpoints and firewalls name: records that should be there where their lists were read whole. */

import type { VpcEndpoint } from '../model/endpoint.ts';
import type { Firewall, FirewallPolicy } from '../model/firewall.ts';
import type { LoadBalancer, TargetGroup } from '../model/load-balancer.ts';
import type { Kind } from '../model/network.ts';
import type { Resource } from '../model/resource.ts';
import { unreadPolicyOf } from './firewall-records.ts';
import { balancerIdOf } from './load-balancer-records.ts';
import type { Records } from './records.ts';
import { targetGroupIdOf } from './target-group-records.ts';

interface Reference {
  readonly from: Resource;
  readonly kind: Kind;
  /** Null names nothing. */
  readonly id: string | null;
}

export function* serviceReferences(records: Records): Generator<Reference> {
  for (const balancer of records.loadBalancers) yield* ofBalancer(balancer);
  for (const group of records.targetGroups) yield* ofTargetGroup(group);
  for (const endpoint of records.vpcEndpoints) yield* ofEndpoint(endpoint);
  for (const service of records.endpointServices) {
    const ids = service.loadBalancerArns.map(balancerIdOf);
    if (service.state === null || service.state === 'available') yield* references(service, 'loadBalancers', ids);
  }
  for (const firewall of records.firewalls) yield* ofFirewall(firewall);
  for (const policy of records.firewallPolicies) yield* ofPolicy(policy);
}

function* references(from: Resource, kind: Kind, ids: readonly (string | null)[]): Generator<Reference> {
  for (const id of ids) yield { from, kind, id };
}

function* ofBalancer(balancer: LoadBalancer): Generator<Reference> {
  if (balancer.state === 'failed') return;
  const zones = balancer.zones.map(({ subnetId }) => subnetId);
  const forwards = (balancer.listeners ?? []).flatMap(({ targetGroupArns }) => targetGroupArns);
  yield* references(balancer, 'vpcs', [balancer.vpcId]);
  yield* references(balancer, 'subnets', zones);
  yield* references(balancer, 'securityGroups', balancer.groupIds);
  yield* references(balancer, 'targetGroups', [...new Set(forwards.map(targetGroupIdOf))]);
}

/** Targets that get nothing may be gone: AWS keeps them listed for a while. */
const LEAVING = new Set(['unused', 'draining']);

function* ofTargetGroup(group: TargetGroup): Generator<Reference> {
  yield* references(group, 'vpcs', [group.vpcId]);
  yield* references(group, 'loadBalancers', group.balancerArns.map(balancerIdOf));
  const targets = (group.targets ?? []).filter(({ health }) => health === null || !LEAVING.has(health));
  const ids = targets.map(({ id }) => id);
  if (group.targetType === 'instance') yield* references(group, 'instances', ids);
  if (group.targetType === 'alb') yield* references(group, 'loadBalancers', ids.map(balancerIdOf));
}

function* ofEndpoint(endpoint: VpcEndpoint): Generator<Reference> {
  if (endpoint.state !== 'available') return;
  yield* references(endpoint, 'vpcs', [endpoint.vpcId]);
  yield* references(endpoint, 'routeTables', endpoint.routeTableIds);
  yield* references(endpoint, 'subnets', endpoint.subnetIds);
  yield* references(endpoint, 'networkInterfaces', endpoint.interfaceIds);
  yield* references(endpoint, 'securityGroups', endpoint.groupIds);
}

function* ofFirewall(firewall: Firewall): Generator<Reference> {
  const endpoints = firewall.endpoints ?? [];
  yield* references(firewall, 'vpcs', [firewall.vpcId]);
  yield* references(
    firewall,
    'subnets',
    endpoints.map(({ subnetId }) => subnetId),
  );
  if (firewall.policyArn !== unreadPolicyOf(firewall.arn)) {
    yield* references(firewall, 'firewallPolicies', [firewall.policyArn]);
  }
}

/** Groups that AWS manages are in no list of the customer's. */
function* ofPolicy(policy: FirewallPolicy): Generator<Reference> {
  const arns = [...policy.statelessGroups, ...policy.statefulGroups].map(({ arn }) => arn);
  const own = arns.filter((arn) => !arn.includes(':aws-managed:'));
  yield* references(policy, 'firewallRuleGroups', own);
}
