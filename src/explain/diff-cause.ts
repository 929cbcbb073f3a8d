/** Why a flow differs: the first step at which the walks of one packet through two networks part. */

import type { DiffCause, DiffStep } from './diff-answer.ts';
import { withNewIds } from './diff-records.ts';
import type { Hop, Leg, Step } from './trace.ts';

/** Both directions of a walk; no reply where nothing answers. */
export interface WalkedLegs {
  readonly forward: Leg;
  readonly reply: Leg | null;
}

/** Null where the walks do not part, as far as they are told: AWS's choice among several ways decides. */
export function partingOf(
  before: WalkedLegs,
  after: WalkedLegs,
  renamed: ReadonlyMap<string, string>,
): Omit<DiffCause, 'resources'> | null {
  const there = firstParting(before.forward, after.forward, renamed);
  if (there !== null) return { direction: 'forward', ...there };
  const back = firstParting(before.reply, after.reply, renamed);
  return back === null ? null : { direction: 'reply', ...back };
}

function firstParting(
  before: Leg | null,
  after: Leg | null,
  renamed: ReadonlyMap<string, string>,
): Pick<DiffCause, 'before' | 'after'> | null {
  const [was, is] = [stepsOf(before), stepsOf(after)];
  for (let i = 0; i < Math.max(was.length, is.length); i++) {
    const [step, other] = [was[i], is[i]];
    if (step === undefined || other === undefined || !goesOnAlike(step, other, renamed)) {
      return { before: step ?? null, after: other ?? null };
    }
  }
  return null;
}

function stepsOf(leg: Leg | null): readonly DiffStep[] {
  return (leg?.hops ?? []).flatMap(({ place, steps }) => steps.map((step) => told(place, step)));
}

function told(place: Hop['place'], { stage, result, resource, rule, text, code, source }: Step): DiffStep {
  return { stage, place, result, resource, rule, text, code, source };
}

/** A filter that lets the packet pass by another rule changes nothing; a route that leads elsewhere does. */
function goesOnAlike(step: DiffStep, other: DiffStep, renamed: ReadonlyMap<string, string>): boolean {
  if (step.stage !== other.stage || step.result !== other.result || step.place.kind !== other.place.kind) return false;
  if (step.code !== other.code) return false;
  switch (step.stage) {
    case 'route':
    case 'exempt':
      return withNewIds(step.text, renamed) === other.text;
    default:
      return true;
  }
}

/** What two flows differ for, as one text: equal for the same rule at different interfaces. */
export function causeKey(cause: Omit<DiffCause, 'resources'> | null): string {
  if (cause === null) return '';
  return `${cause.direction}|${stepKey(cause.before)}|${stepKey(cause.after)}`;
}

function stepKey(step: DiffStep | null): string {
  if (step === null) return '';
  const { stage, result, resource, rule, text } = step;
  // Where no rule decided, `resource` lists every group of the interface, whichever it is that matters.
  return [stage, result, ...(rule === null && stage.startsWith('security') ? [] : [resource, rule, text])].join(' ');
}

/** Every word by which the steps may name a record: lists, rules' peers, routes' targets, places. */
export function wordsOfCause({ before, after }: Omit<DiffCause, 'resources'>): ReadonlySet<string> {
  const words = new Set<string>();
  for (const step of [before, after]) {
    if (step === null) continue;
    words.add(step.place.id);
    for (const text of [step.resource, step.rule, step.text])
      for (const word of text?.split(/[\s,]+/) ?? []) words.add(word);
  }
  return words;
}
