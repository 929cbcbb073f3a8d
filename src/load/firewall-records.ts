/**
 * Firewalls and their policies: answers of `network-firewall describe-firewall` and `describe-firewall-policy`, or lists of
 * them. Lists of names alone give records whose details are not known.
 */

import { z } from 'zod';
import type { Firewall, FirewallPolicy, StatelessAction } from '../model/firewall.ts';
import { type Origin, originOf } from '../model/origin.ts';
import { describeValue, isObject, memberOf } from './json-value.ts';
import { ANYTHING, accountOf, ID, OPTIONAL_NUMBER, OPTIONAL_TEXT } from './members.ts';
import { accountOfArn, type Place, regionOfArn } from './place.ts';
import type { Reading } from './reading.ts';
import { nameOf, readTags } from './tags.ts';

const FIREWALL = z.object({
  FirewallArn: ID,
  FirewallName: OPTIONAL_TEXT,
  FirewallPolicyArn: OPTIONAL_TEXT,
  VpcId: OPTIONAL_TEXT,
  Tags: ANYTHING,
});
const REMEDY = 'correct it, or collect it again: aws network-firewall describe-firewall';

/** Takes `{ Firewall, FirewallStatus }`, or what stands in `Firewall` alone. */
export function readFirewall(reading: Reading, value: unknown, origin: Origin, place: Place): Firewall | null {
  const isWhole = isObject(memberOf(value, ['Firewall']));
  const at = isWhole ? originOf(origin, 'Firewall') : origin;
  const record = reading.record(FIREWALL, isWhole ? memberOf(value, ['Firewall']) : value, at, REMEDY);
  if (record === null) return null;
  const arn = reading.shared(record.FirewallArn);
  const tags = readTags(reading, record.Tags, at, 'Tags');
  return {
    id: arn,
    name: nameOf(tags),
    tags,
    ...placeOfArn(reading, arn, place),
    origin,
    arn,
    firewallName: reading.shared(record.FirewallName) ?? arn,
    policyArn: reading.shared(record.FirewallPolicyArn) ?? unreadPolicyOf(arn),
    vpcId: reading.shared(record.VpcId),
    endpoints: readEndpoints(reading, memberOf(value, ['FirewallStatus']), arn, originOf(origin, 'FirewallStatus')),
  };
}

/** Account and region as the ARN names them, else the folder. */
export function placeOfArn(reading: Reading, arn: string, place: Place): Place {
  return {
    account: reading.shared(accountOf(accountOfArn(arn), place)),
    region: reading.shared(regionOfArn(arn) ?? place.region),
  };
}

/** The name of a policy that no snapshot has: the firewall has one, and which is not known. */
export function unreadPolicyOf(firewallArn: string): string {
  return `(unread policy of ${firewallArn})`;
}

const ATTACHMENT = z.object({ SubnetId: OPTIONAL_TEXT, EndpointId: OPTIONAL_TEXT });

/** Null where no status was read, or, after a problem, one that is not whole. Firewalls of transit gateways have no endpoints. */
function readEndpoints(reading: Reading, status: unknown, id: string, origin: Origin): Firewall['endpoints'] {
  if (status === null || status === undefined) return null;
  const states = memberOf(status, ['SyncStates']) ?? {};
  if (!isObject(status) || !isObject(states)) {
    reading.error(`SyncStates is ${describeValue(states)}, not an object`, originOf(origin, 'SyncStates'), REMEDY);
    return loseEndpoints(reading, id, origin);
  }
  const zones = Object.keys(states);
  reading.count(zones.length, origin);
  const endpoints: { readonly subnetId: string; readonly endpointId: string }[] = [];
  for (const zone of zones) {
    const at = originOf(origin, 'SyncStates', zone, 'Attachment');
    const attachment = reading.record(ATTACHMENT, memberOf(states[zone], ['Attachment']) ?? {}, at, REMEDY);
    if (attachment === null) return loseEndpoints(reading, id, at);
    const { SubnetId: subnetId, EndpointId: endpointId } = attachment;
    // One that is still being made, or failed, has no endpoint.
    if (!endpointId) continue;
    if (!subnetId) {
      reading.error('SubnetId is missing', originOf(at, 'SubnetId'), REMEDY);
      return loseEndpoints(reading, id, at);
    }
    endpoints.push({ subnetId: reading.shared(subnetId), endpointId: reading.shared(endpointId) });
  }
  return endpoints;
}

function loseEndpoints(reading: Reading, id: string, origin: Origin): null {
  reading.fact(`endpoints:${id}`, `not every endpoint of ${id} could be read`, REMEDY, origin);
  return null;
}

export function mergeFirewalls(a: Firewall, b: Firewall): Firewall {
  return {
    ...a,
    policyArn: a.policyArn === unreadPolicyOf(a.arn) ? b.policyArn : a.policyArn,
    vpcId: a.vpcId ?? b.vpcId,
    endpoints: a.endpoints ?? b.endpoints,
  };
}

const RESPONSE = z.object({ FirewallPolicyArn: ID, Tags: ANYTHING });
const NAMED = z.object({ Arn: ID });
const GROUPS = z.array(z.object({ ResourceArn: ID, Priority: OPTIONAL_NUMBER })).nullish();
const ACTIONS = z.array(ID).nullish();
const POLICY = z.object({
  StatelessDefaultActions: ACTIONS,
  StatelessFragmentDefaultActions: ACTIONS,
  StatelessRuleGroupReferences: GROUPS,
  StatefulRuleGroupReferences: GROUPS,
  StatefulDefaultActions: ACTIONS,
  StatefulEngineOptions: z.object({ RuleOrder: z.enum(['DEFAULT_ACTION_ORDER', 'STRICT_ORDER']).nullish() }).nullish(),
});
const POLICY_REMEDY = 'correct it, or collect it again: aws network-firewall describe-firewall-policy';

/** Takes `{ FirewallPolicyResponse, FirewallPolicy }`, or `{ Name, Arn }`. */
export function readFirewallPolicy(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
): FirewallPolicy | null {
  const described = memberOf(value, ['FirewallPolicyResponse']);
  if (described === null || described === undefined) {
    const named = reading.record(NAMED, value, origin, POLICY_REMEDY);
    return named === null ? null : unreadPolicy(reading, named.Arn, origin, place);
  }
  const at = originOf(origin, 'FirewallPolicyResponse');
  const response = reading.record(RESPONSE, described, at, POLICY_REMEDY);
  if (response === null) return null;
  const tags = readTags(reading, response.Tags, at, 'Tags');
  const unread = { ...unreadPolicy(reading, response.FirewallPolicyArn, origin, place), name: nameOf(tags), tags };
  const content = memberOf(value, ['FirewallPolicy']);
  if (content === null || content === undefined) return unread;
  const inside = originOf(origin, 'FirewallPolicy');
  const policy = reading.record(POLICY, content, inside, POLICY_REMEDY);
  const statelessDefault = actionOf(policy?.StatelessDefaultActions ?? []);
  const statelessFragmentDefault = actionOf(policy?.StatelessFragmentDefaultActions ?? []);
  if (policy === null || statelessDefault === null || statelessFragmentDefault === null) {
    if (policy !== null) reading.error('stateless default actions that are not one each', inside, POLICY_REMEDY);
    losePolicy(reading, unread);
  }
  if (policy === null) return unread;
  const groups = [...(policy.StatelessRuleGroupReferences ?? []), ...(policy.StatefulRuleGroupReferences ?? [])];
  reading.count(groups.length, inside);
  return {
    ...unread,
    statelessDefault,
    statelessFragmentDefault,
    statelessGroups: (policy.StatelessRuleGroupReferences ?? [])
      .map(({ ResourceArn, Priority }) => ({ priority: Priority ?? 0, arn: reading.shared(ResourceArn) }))
      .sort((a, b) => a.priority - b.priority),
    order: policy.StatefulEngineOptions?.RuleOrder === 'STRICT_ORDER' ? 'strict' : 'action',
    statefulDefaults: policy.StatefulDefaultActions ?? [],
    statefulGroups: (policy.StatefulRuleGroupReferences ?? [])
      .map(({ ResourceArn, Priority }) => ({ priority: Priority ?? null, arn: reading.shared(ResourceArn) }))
      .sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0)),
  };
}

/** A policy of which nothing but its name is known: what it does to a packet that no rule takes is not, so nothing is. */
function unreadPolicy(reading: Reading, arn: string, origin: Origin, place: Place): FirewallPolicy {
  return {
    id: reading.shared(arn),
    name: null,
    tags: [],
    ...placeOfArn(reading, arn, place),
    origin,
    arn: reading.shared(arn),
    statelessDefault: null,
    statelessFragmentDefault: null,
    statelessGroups: [],
    order: 'action',
    statefulDefaults: [],
    statefulGroups: [],
  };
}

export function losePolicy(reading: Reading, { id, origin }: FirewallPolicy): void {
  reading.fact(`policy:${id}`, `what firewall policy ${id} does`, POLICY_REMEDY, origin);
}

export function isUnreadPolicy(policy: FirewallPolicy): boolean {
  return policy.statelessDefault === null && policy.statelessGroups.length + policy.statefulGroups.length === 0;
}

export function mergeFirewallPolicies(a: FirewallPolicy, b: FirewallPolicy): FirewallPolicy {
  return isUnreadPolicy(a) ? b : a;
}

const STANDARD_ACTIONS = new Map<string, StatelessAction>([
  ['aws:pass', 'pass'],
  ['aws:drop', 'drop'],
  ['aws:forward_to_sfe', 'forward'],
]);

/** The one standard action among them (NFW-02); others have names that the customer gave, and only count packets. */
export function actionOf(actions: readonly string[]): StatelessAction | null {
  const standard = actions.filter((action) => action.startsWith('aws:'));
  return standard.length === 1 ? (STANDARD_ACTIONS.get(standard[0]!) ?? null) : null;
}
