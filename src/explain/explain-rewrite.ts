/** Steps that give a packet other ends, in words: gateways and nodes of load balancers. */

import { assumptionIds } from '../compile/assumption.ts';
import type { Compiled } from '../compile/compile.ts';
import { DENY } from '../compile/rule-table.ts';
import { type EntryOrigin, SILENT, type Stage } from '../compile/stage.ts';
import type { Leg as WalkedLeg } from '../evaluate/leg.ts';
import { blankStep, originFields } from './blank-step.ts';
import { headerOf } from './header.ts';
import type { Step } from './trace.ts';

/** The internet gateway's 1:1 translation; IPv6 passes as it is (IGW-05). */
export function explainTranslation(leg: WalkedLeg, stage: Stage, origin: EntryOrigin | null, i: number): Step {
  const rewrite = leg.rewrites.find(({ step }) => step === i);
  if (rewrite === undefined) return { ...blankStep(stage), text: 'nothing is translated' };
  const header = headerOf(rewrite.packet, {
    source: rewrite.hasChosenSourcePort,
    destination: rewrite.hasChosenDestinationPort,
  });
  const fields = origin === null ? {} : originFields(origin);
  return { ...blankStep(stage), ...fields, result: 'rewrite', header };
}

export function explainGateway(
  compiled: Compiled,
  leg: WalkedLeg,
  stage: Stage,
  i: number,
  isOut: boolean,
): Step | null {
  const gateway = compiled.gateways[stage.host]!;
  if (leg.verdict[i] === DENY) {
    return { ...blankStep(stage), result: 'deny', text: stage.text, code: stage.code, resource: gateway.id };
  }
  const rewrite = leg.rewrites.find(({ step }) => step === i);
  if (rewrite === undefined) {
    if ((stage.effects & SILENT) !== 0) return null;
    const text = isOut ? 'goes out; only answers come back in' : 'answers a flow that went out here';
    return { ...blankStep(stage), text, resource: gateway.id };
  }
  const header = headerOf(rewrite.packet, {
    source: rewrite.hasChosenSourcePort,
    destination: rewrite.hasChosenDestinationPort,
  });
  const port = header.sourcePort === null ? '' : `, port ${header.sourcePort}`;
  if (gateway.kind === 'balancer') {
    const text = `the source becomes ${header.source}${port} again`;
    return { ...blankStep(stage), result: 'rewrite', text, header, resource: gateway.id };
  }
  const text = isOut
    ? `the source becomes ${header.source}${port}`
    : `the destination becomes ${header.destination}${header.destinationPort === null ? '' : `, port ${header.destinationPort}`} again`;
  return { ...blankStep(stage), result: 'rewrite', text, header, resource: gateway.id };
}

/** Which listener takes the packet, and the target it is sent on to; null where none does, which the next stage tells. */
export function explainBalancer(leg: WalkedLeg, stage: Stage, i: number): Step | null {
  const target = stage.listeners[leg.decision[i]!]?.targets[leg.target[i]!];
  const rewrite = leg.rewrites.find(({ step }) => step === i);
  if (target === undefined || rewrite === undefined) return null;
  const header = headerOf(rewrite.packet, {
    source: rewrite.hasChosenSourcePort,
    destination: rewrite.hasChosenDestinationPort,
  });
  const because = assumptionIds(stage.assumptions | target.assumptions);
  return { ...blankStep(stage), ...originFields(target.origin), result: 'rewrite', header, because };
}
