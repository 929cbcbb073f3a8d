/** One packet in the kernel and in igwalk: verdict, place, and the rules that it met. */

import type { SessionResult } from '../../src/explain/net.ts';
import type { Step } from '../../src/explain/trace.ts';
import type { KernelResult } from './kernel-oracle.ts';

/** The kernel's stages by igwalk's. Those of the way count as one: the kernel drops at its gateway, igwalk may already at the route. */
const STAGES: Readonly<Record<string, string>> = {
  'src-dst-check': 'source-dest-check',
  'sg-out': 'security-group-out',
  'nacl-out': 'nacl-out',
  route: 'route',
  igw: 'gateway-check',
  'nacl-in': 'nacl-in',
  'no-such-host': 'deliver',
  'sg-in': 'security-group-in',
};

/** How they differ, in a sentence, or null. Of a flow that AWS does not track, entries and rules are not compared with each other. */
export function difference(kernel: KernelResult, { verdict, leg }: SessionResult, isUntracked: boolean): string | null {
  if (kernel.verdict !== verdict)
    return `${verdict}, the kernel says ${kernel.verdict} ${kernel.stage ?? kernel.to ?? ''}`;
  const rules = rulesDiffer(kernel, stepsOf(leg.hops), isUntracked);
  if (rules !== null) return rules;
  if (verdict === 'delivered') {
    if (leg.to.id !== kernel.to) return `delivered to ${leg.to.id}, the kernel says ${kernel.to}`;
    const { srcIp, dstIp } = kernel.received!;
    const isSame = leg.received.source === srcIp && leg.received.destination === dstIp;
    return isSame
      ? null
      : `received ${leg.received.source} > ${leg.received.destination}, the kernel ${srcIp} > ${dstIp}`;
  }
  const stage = leg.blockers[0]?.stage;
  return stage === STAGES[kernel.stage ?? ''] ? null : `dropped at ${stage}, the kernel says ${kernel.stage}`;
}

export function stepsOf(hops: readonly { readonly steps: readonly Step[] }[]): Step[] {
  return hops.flatMap(({ steps }) => steps);
}

/** The deciding label at every filter that both asked. */
function rulesDiffer({ trace = [] }: KernelResult, steps: readonly Step[], isUntracked: boolean): string | null {
  for (const label of trace) {
    const [stage = '', holder = '', rule = '', verdict = ''] = label.split('|');
    const step = steps.find((candidate) => candidate.stage === STAGES[stage]);
    if (step === undefined) return `no step for ${label}`;
    const told = `${step.resource} ${step.rule} ${step.result}, the kernel says ${label}`;
    if (stage.startsWith('nacl-') && (step.resource !== holder || step.rule !== rule || step.result !== verdict))
      return told;
    const isSame = isUntracked || isSameAdmission(step, holder, rule);
    if (stage.startsWith('sg-') && verdict === 'allow' && !isSame) return told;
  }
  return null;
}

/**
 * An entry in the kernel is an entry here. A rule there is a rule here, of the same group and permission (`sg-1/in/2.0` is permission
 * 2), or an entry that nobody answered yet: Linux asks the rules again until somebody does.
 */
function isSameAdmission({ tracking, rule, resource }: Step, holder: string, label: string): boolean {
  if (tracking === 'related') return true;
  if (label === 'established') return tracking === 'established' || tracking === 'reply';
  if (tracking === 'established') return true;
  return tracking === 'new' && resource === holder && rule?.split('/').at(-1)?.split('.')[0] === label;
}
