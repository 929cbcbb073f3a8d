/**
 * Answers that are one record: those of calls that are asked about one thing.
 *
 *     {"Firewall": {...}, "FirewallStatus": {...}}
 *     {"TargetGroupArn": "arn:...", "TargetHealthDescriptions": [...]}
 *
 * The latter does not name what it is about as AWS gives it: somebody has to write its ARN beside the list.
 */

import { isObject } from './json-value.ts';

type SingleKind =
  | 'balancerListeners'
  | 'balancerAttributes'
  | 'targetGroupAttributes'
  | 'targetHealth'
  | 'firewalls'
  | 'firewallPolicies'
  | 'firewallRuleGroups'
  | 'beanstalkEnvironments';

export interface SingleAnswer {
  readonly kind: SingleKind;
  /** The member that holds what was asked for. */
  readonly key: string;
  /** All members that make it up. */
  readonly members: readonly string[];
}

const OWNED: readonly (Omit<SingleAnswer, 'members'> & { readonly owner: string })[] = [
  { key: 'Attributes', kind: 'balancerAttributes', owner: 'LoadBalancerArn' },
  { key: 'Attributes', kind: 'targetGroupAttributes', owner: 'TargetGroupArn' },
  { key: 'TargetHealthDescriptions', kind: 'targetHealth', owner: 'TargetGroupArn' },
  { key: 'Listeners', kind: 'balancerListeners', owner: 'LoadBalancerArn' },
  { key: 'LoadBalancerAttributes', kind: 'balancerAttributes', owner: 'LoadBalancerName' },
];

const OBJECT_ANSWERS: readonly SingleAnswer[] = [
  { kind: 'beanstalkEnvironments', key: 'EnvironmentResources', members: ['EnvironmentResources'] },
  { kind: 'firewalls', key: 'Firewall', members: ['Firewall', 'FirewallStatus', 'UpdateToken'] },
  {
    kind: 'firewallPolicies',
    key: 'FirewallPolicyResponse',
    members: ['FirewallPolicyResponse', 'FirewallPolicy', 'UpdateToken'],
  },
  {
    kind: 'firewallRuleGroups',
    key: 'RuleGroupResponse',
    members: ['RuleGroupResponse', 'RuleGroup', 'UpdateToken', 'AnalysisResults'],
  },
];

/** How the document is one record; null where it is no such answer. */
export function singleAnswer(document: Readonly<Record<string, unknown>>): SingleAnswer | null {
  const ofObject = OBJECT_ANSWERS.find(({ key }) => Object.hasOwn(document, key) && isObject(document[key]));
  if (ofObject !== undefined) return ofObject;
  const owned = OWNED.find(({ key, owner }) => Object.hasOwn(document, key) && typeof document[owner] === 'string');
  return owned === undefined ? null : { kind: owned.kind, key: owned.key, members: [owned.owner, owned.key] };
}

const OWNERS = new Map<string, string>([
  ['Attributes', 'LoadBalancerArn or TargetGroupArn'],
  ['TargetHealthDescriptions', 'TargetGroupArn'],
]);

/** The members of which one is missing where a list under this key stands alone, or null where it speaks for itself. */
export function missingOwner(key: string, document: Readonly<Record<string, unknown>>): string | null {
  // Listeners name their balancer, but those of one that has none cannot.
  if (key === 'Listeners' && !Object.hasOwn(document, 'LoadBalancers')) {
    return (document[key] as { readonly length: number }).length === 0 ? 'LoadBalancerArn' : null;
  }
  return Object.hasOwn(document, 'ListenerArn') ? null : (OWNERS.get(key) ?? null);
}
