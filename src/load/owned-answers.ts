/**
 * Answers about one load balancer or target group, which do not name it: somebody has to write its ARN beside the list.
 *
 *     {"TargetGroupArn": "arn:...", "TargetHealthDescriptions": [...]}
 */

interface OwnedAnswer {
  readonly key: string;
  readonly kind: 'balancerListeners' | 'balancerAttributes' | 'targetGroupAttributes' | 'targetHealth';
  readonly owner: 'LoadBalancerArn' | 'LoadBalancerName' | 'TargetGroupArn';
}

const ANSWERS: readonly OwnedAnswer[] = [
  { key: 'Attributes', kind: 'balancerAttributes', owner: 'LoadBalancerArn' },
  { key: 'Attributes', kind: 'targetGroupAttributes', owner: 'TargetGroupArn' },
  { key: 'TargetHealthDescriptions', kind: 'targetHealth', owner: 'TargetGroupArn' },
  { key: 'Listeners', kind: 'balancerListeners', owner: 'LoadBalancerArn' },
  { key: 'LoadBalancerAttributes', kind: 'balancerAttributes', owner: 'LoadBalancerName' },
];

/** How the document, with the name of whom it is about, is one record; null where it is no such answer. */
export function ownedAnswer(document: Readonly<Record<string, unknown>>): OwnedAnswer | null {
  return ANSWERS.find(({ key, owner }) => Object.hasOwn(document, key) && typeof document[owner] === 'string') ?? null;
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
