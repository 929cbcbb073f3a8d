/** Lists of other services under keys that lists of the modelled ones have too, told apart by their first record. */

import type { Items } from './document.ts';
import { JsonTextError } from './json-text-error.ts';
import { memberOf } from './json-value.ts';
import type { RecordKind } from './list-keys.ts';

/** By kind: the service that ARNs of its records name, and members that only records of another service have. */
const SERVICES = new Map<RecordKind, { readonly service: string; readonly foreign: readonly string[] }>([
  // Global Accelerator has listeners, EventBridge and WAF have rules, RDS has target groups, WAF has rule groups.
  ['listeners', { service: 'elasticloadbalancing', foreign: [] }],
  ['listenerRules', { service: 'elasticloadbalancing', foreign: ['RuleId', 'EventPattern', 'EventBusName'] }],
  ['targetGroups', { service: 'elasticloadbalancing', foreign: ['DBProxyName'] }],
  ['firewallRuleGroups', { service: 'network-firewall', foreign: ['LockToken', 'RuleGroupId'] }],
]);
const ARNS = ['ARN', 'Arn', 'ListenerArn', 'RuleArn', 'TargetGroupArn'];

/** Reports whether the first record of a list shows that the list is not of the kind that its key says. */
export function isOfOtherService(kind: RecordKind | null, items: Items): boolean {
  const known = kind === null ? undefined : SERVICES.get(kind);
  if (known === undefined || items.length === 0) return false;
  const first = firstOf(items);
  if (known.foreign.some((member) => memberOf(first, [member]) !== undefined)) return true;
  return ARNS.some((member) => {
    const service = /^arn:[^:]*:([^:]+):/.exec(textOf(memberOf(first, [member])))?.[1];
    return service !== undefined && service !== known.service;
  });
}

function firstOf(items: Items): unknown {
  try {
    return items.at(0);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    return null; // Whoever reads the list will say so.
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
