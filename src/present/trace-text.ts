/** A whole answer as text: verdict, the packet's way, the answer's way, and what both rest on. */

import type { Leg, Trace } from '../explain/trace.ts';
import { closingLines, sectionLines } from './closing-text.ts';
import { headerText } from './header-text.ts';
import { type Line, line, span } from './layout.ts';
import { blockerLines, type LegDetail, legLines } from './leg-text.ts';
import { NO_NAMES, type ResourceNames } from './resource-names.ts';
import { verdictLines } from './verdict-text.ts';

export interface TraceDetail {
  /** Leave out the hops: verdict, what refuses the packet, and what the answer rests on. */
  readonly brief?: boolean;
  /** Name the place in the input below every step, not only below those that stop the packet. */
  readonly sources?: boolean;
  /** What to call ACLs, groups and route tables; by their ids where left out. */
  readonly names?: ResourceNames;
}

export function traceLines(trace: Trace, options: TraceDetail = {}): readonly Line[] {
  const { brief = false, sources = false, names = NO_NAMES } = options;
  const detail: LegDetail = { indent: 4, sources, names };
  const way = (leg: Leg): readonly Line[] => (brief ? blockersOnly(leg, detail) : legLines(leg, detail));
  return [
    ...verdictLines(trace, names),
    ...sectionLines(line(2, span('→ packet', 'strong')), way(trace.forward)),
    ...(trace.reply === null ? [] : sectionLines(answerHeading(trace.reply), way(trace.reply))),
    ...closingLines(trace),
  ];
}

function answerHeading({ sent }: Leg): Line {
  return line(2, span('← answer', 'strong'), span(`  ${headerText(sent)}`, 'faint'));
}

function blockersOnly(leg: Leg, detail: LegDetail): readonly Line[] {
  return leg.blockers.flatMap((blocker) => blockerLines(blocker, detail));
}
