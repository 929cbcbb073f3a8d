/** Random stories: packets, their answers, time that passes around every time-out, and rules that change meanwhile. */

import fc from 'fast-check';
import { type PacketPlan, packetPlans } from './arbitrary-packets.ts';
import type { Drawing, GroupDrawing, VpcDrawing } from './drawing.ts';

export type StoryStep =
  | { readonly kind: 'send'; readonly plan: PacketPlan }
  /** The answer to what was delivered last. */
  | { readonly kind: 'answer' }
  /** A packet of the story again: the one so many steps before. */
  | { readonly kind: 'again'; readonly back: number }
  | { readonly kind: 'wait'; readonly seconds: number }
  /** From here on groups have other rules. */
  | { readonly kind: 'rules'; readonly change: RuleChange };

/** `none`: no rule at all in this direction; `swap`: every group has the rules of the one before it; `drawn`: as drawn. */
export type RuleChange = 'no in' | 'no out' | 'swap' | 'drawn';

/** The bounds of the documented time-outs (CT-09 to CT-11) and of those that interfaces of random networks set. */
const WAITS = [1, 29, 30, 31, 59, 60, 61, 119, 120, 121, 179, 180, 181, 349, 350, 351, 599, 600, 601, 431999, 432000];

export function stories(): fc.Arbitrary<StoryStep[]> {
  const step = fc.oneof<fc.WeightedArbitrary<StoryStep>[]>(
    { weight: 5, arbitrary: packetPlans().map((plan) => ({ kind: 'send', plan })) },
    { weight: 6, arbitrary: fc.constant({ kind: 'answer' }) },
    { weight: 5, arbitrary: fc.nat({ max: 3 }).map((back) => ({ kind: 'again', back })) },
    { weight: 3, arbitrary: fc.constantFrom(...WAITS).map((seconds) => ({ kind: 'wait', seconds })) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom<RuleChange>('no in', 'swap', 'no out', 'drawn')
        .map((change) => ({ kind: 'rules', change })),
    },
  );
  return fc.array(step, { minLength: 1, maxLength: 25, size: 'max' });
}

/** The drawing with its groups' rules changed. */
export function withRules(drawing: Drawing, change: RuleChange): Drawing {
  const vpcs = Object.entries(drawing.vpcs ?? {}).map(([name, vpc]): [string, VpcDrawing] => {
    const groups = Object.entries(vpc.groups ?? {});
    const changed = groups.map(([group, drawn], index): [string, GroupDrawing] => [
      group,
      changedGroup(drawn, groups.at(index - 1)?.[1] ?? drawn, change),
    ]);
    return [name, { ...vpc, groups: Object.fromEntries(changed) }];
  });
  return { ...drawing, vpcs: Object.fromEntries(vpcs) };
}

function changedGroup(drawn: GroupDrawing, before: GroupDrawing, change: RuleChange): GroupDrawing {
  switch (change) {
    case 'drawn':
      return drawn;
    case 'no in':
      return { ...drawn, in: [] };
    case 'no out':
      return { ...drawn, out: [] };
    case 'swap':
      return before;
  }
}
