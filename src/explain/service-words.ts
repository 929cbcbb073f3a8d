/** How compute and services are written as places: `lb:NAME`, `asg:NAME`, ..., and the ARNs that mean the same. */

/** What a name may be the name of. */
export const SERVICE_WORDS = ['lb', 'asg', 'lambda', 'rds', 'ecs', 'eks', 'beanstalk'] as const;
export type ServiceWord = (typeof SERVICE_WORDS)[number];

/** One place by its name. */
export interface NamedService {
  readonly service: ServiceWord;
  /** For `ecs` also `CLUSTER/SERVICE`, for `lb` also an id such as `net/web/50dc6c49`. */
  readonly name: string;
  /** From an ARN; null where any will do. */
  readonly account: string | null;
  readonly region: string | null;
}

/** The service that a word begins with, or null. */
export function serviceWordOf(text: string): ServiceWord | null {
  return SERVICE_WORDS.find((word) => text.startsWith(`${word}:`)) ?? null;
}

/** By the service that the ARN names: what stands before the name in its last part, and the word that means the same. */
const ARNS = new Map<string, readonly [RegExp, ServiceWord]>([
  ['elasticloadbalancing', [/^loadbalancer\/(.+)$/, 'lb']],
  ['autoscaling', [/^autoScalingGroup:[^:]*:autoScalingGroupName\/(.+)$/, 'asg']],
  // A version or alias of a function runs where the function does, as far as its list tells.
  ['lambda', [/^function:([^:]+)(?::[^:]+)?$/, 'lambda']],
  ['rds', [/^db:(.+)$/, 'rds']],
  ['ecs', [/^service\/(.+)$/, 'ecs']],
  ['eks', [/^cluster\/(.+)$/, 'eks']],
  ['elasticbeanstalk', [/^environment\/[^/]+\/(.+)$/, 'beanstalk']],
]);

/** The place that an ARN (`arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE`) names; null where it is no such place. */
export function serviceOfArn(arn: string): NamedService | null {
  const [, , service = '', region = '', account = '', ...rest] = arn.split(':');
  const known = ARNS.get(service);
  const name = known?.[0].exec(rest.join(':'))?.[1];
  if (known === undefined || name === undefined) return null;
  return { service: known[1], name, account: account || null, region: region || null };
}
