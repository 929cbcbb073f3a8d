/** describe-listeners and describe-rules: where the load balancers of the second generation forward (ELB-04). */

import { z } from 'zod';
import type { Listener } from '../model/load-balancer.ts';
import { type Origin, originOf } from '../model/origin.ts';
import type { Resource } from '../model/resource.ts';
import { describeValue, isObject, memberOf } from './json-value.ts';
import { balancerIdOf } from './load-balancer-records.ts';
import { ANYTHING, ID, OPTIONAL_NUMBER, OPTIONAL_TEXT } from './members.ts';
import type { Place } from './place.ts';
import type { Reading } from './reading.ts';
import { OPTIONAL_PORT } from './target-group-records.ts';

/** A listener by its ARN. */
export interface ListenerRead extends Resource {
  readonly balancerArn: string;
  /** With the groups of its default actions. Null after a problem. */
  readonly listener: Listener | null;
}

/** A rule by its ARN. */
export interface RuleRead extends Resource {
  readonly listenerArn: string;
  /** Null after a problem. */
  readonly targetGroupArns: readonly string[] | null;
}

const LISTENER = z.object({
  ListenerArn: OPTIONAL_TEXT,
  LoadBalancerArn: OPTIONAL_TEXT,
  Protocol: OPTIONAL_TEXT,
  Port: OPTIONAL_PORT,
  DefaultActions: ANYTHING,
});
const REMEDY = 'correct it, or collect it again: aws elbv2 describe-listeners';

/** `owner` is the balancer that the list is of, where it names one. Null, after a problem, where nothing says whose listener it is. */
export function readListener(
  reading: Reading,
  value: unknown,
  origin: Origin,
  place: Place,
  owner: string | null,
): ListenerRead | null {
  const record = reading.record(LISTENER, value, origin, REMEDY);
  const named = record === null ? memberOf(value, ['LoadBalancerArn']) : record.LoadBalancerArn;
  const balancerArn = reading.shared(typeof named === 'string' && named !== '' ? named : owner);
  if (balancerArn === null) {
    if (record !== null) reading.error('LoadBalancerArn is missing', originOf(origin, 'LoadBalancerArn'), REMEDY);
    return null;
  }
  const listener = record === null ? null : listenerOf(reading, record, balancerArn, origin);
  const id = record?.ListenerArn || `${balancerArn}:${listener?.protocol}:${listener?.port}`;
  return { id, name: null, tags: [], ...place, origin, balancerArn, listener };
}

function listenerOf(
  reading: Reading,
  record: z.infer<typeof LISTENER>,
  balancerArn: string,
  origin: Origin,
): Listener | null {
  const targetGroupArns = readForwards(reading, record.DefaultActions, 'DefaultActions', origin, REMEDY);
  // Those of a gateway load balancer take everything, and say neither.
  const isGateways = balancerIdOf(balancerArn).startsWith('gwy/');
  const protocol = reading.shared(record.Protocol) ?? (isGateways ? 'GENEVE' : null);
  const port = record.Port ?? null;
  if (protocol === null) reading.error('Protocol is missing', originOf(origin, 'Protocol'), REMEDY);
  if (port === null && !isGateways) reading.error('Port is missing', originOf(origin, 'Port'), REMEDY);
  if (targetGroupArns === null || protocol === null || (port === null && !isGateways)) return null;
  return { protocol, port: isGateways ? null : port, targetGroupArns };
}

const RULE = z.object({ RuleArn: ID, Actions: ANYTHING });
const RULES_REMEDY = 'correct it, or collect it again: aws elbv2 describe-rules';

export function readListenerRule(reading: Reading, value: unknown, origin: Origin, place: Place): RuleRead | null {
  const record = reading.record(RULE, value, origin, RULES_REMEDY);
  if (record === null) return null;
  const listenerArn = listenerArnOf(record.RuleArn);
  if (listenerArn === null) {
    const what = `RuleArn is ${describeValue(record.RuleArn)}, which names no listener`;
    reading.error(what, originOf(origin, 'RuleArn'), RULES_REMEDY);
    return null;
  }
  const targetGroupArns = readForwards(reading, record.Actions, 'Actions', origin, RULES_REMEDY);
  const id = reading.shared(record.RuleArn);
  return { id, name: null, tags: [], ...place, origin, listenerArn: reading.shared(listenerArn), targetGroupArns };
}

/** `...:listener-rule/app/NAME/BALANCER/LISTENER/RULE` is a rule of `...:listener/app/NAME/BALANCER/LISTENER`. */
function listenerArnOf(ruleArn: string): string | null {
  const parts = /^(.*):listener-rule\/(.+)\/[^/]+$/.exec(ruleArn);
  return parts === null ? null : `${parts[1]}:listener/${parts[2]}`;
}

/** Actions that answer themselves or only look. */
const FORWARDING_NOWHERE = new Set([
  'redirect',
  'fixed-response',
  'authenticate-oidc',
  'authenticate-cognito',
  'jwt-validation',
]);
const ACTION = z.object({ Type: ID, TargetGroupArn: OPTIONAL_TEXT, ForwardConfig: ANYTHING });
const CHOICE = z.object({ TargetGroupArn: ID, Weight: OPTIONAL_NUMBER });

/** The target groups that the actions forward to, each once. Null, after a problem, where one of the actions cannot be read. */
function readForwards(
  reading: Reading,
  value: unknown,
  member: string,
  origin: Origin,
  remedy: string,
): readonly string[] | null {
  const items = reading.items(value, origin, [member], remedy);
  if (items === null) return null;
  const arns = new Set<string>();
  for (const [i, item] of items.entries()) {
    const at = originOf(origin, member, i);
    const action = reading.record(ACTION, item, at, remedy);
    if (action === null) return null;
    if (FORWARDING_NOWHERE.has(action.Type)) continue;
    const chosen = action.Type === 'forward' ? readChoices(reading, action, at, remedy) : null;
    if (action.Type !== 'forward') {
      reading.error(`action ${describeValue(action.Type)} is not known`, originOf(at, 'Type'), remedy);
    }
    if (chosen === null) return null;
    for (const arn of chosen) arns.add(arn);
  }
  return [...arns];
}

/** The groups of one forwarding action. One of weight 0 beside others gets nothing. */
function readChoices(
  reading: Reading,
  action: z.infer<typeof ACTION>,
  origin: Origin,
  remedy: string,
): readonly string[] | null {
  const config = action.ForwardConfig;
  const isAbsent = config === null || config === undefined;
  if (!isAbsent && !isObject(config)) {
    reading.error(
      `ForwardConfig is ${describeValue(config)}, not an object`,
      originOf(origin, 'ForwardConfig'),
      remedy,
    );
    return null;
  }
  const at = originOf(origin, 'ForwardConfig');
  const items = isAbsent ? [] : reading.items(config.TargetGroups, at, ['TargetGroups'], remedy);
  if (items === null) return null;
  const choices: { readonly arn: string; readonly weight: number }[] = [];
  for (const [i, item] of items.entries()) {
    const choice = reading.record(CHOICE, item, originOf(at, 'TargetGroups', i), remedy);
    if (choice === null) return null;
    choices.push({ arn: reading.shared(choice.TargetGroupArn), weight: choice.Weight ?? 1 });
  }
  if (choices.length === 0 && action.TargetGroupArn) return [reading.shared(action.TargetGroupArn)];
  if (choices.length === 0) {
    reading.error('action forwards to no target group', origin, remedy);
    return null;
  }
  const weighty = choices.filter(({ weight }) => weight > 0);
  return (weighty.length > 0 ? weighty : choices).map(({ arn }) => arn);
}
