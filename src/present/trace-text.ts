/** A whole answer as text: verdict, the packet's way, the answer's way, and what both rest on. */

import type { Leg, Trace } from '../explain/trace.ts';
import { assumptionMeaning } from './assumption-text.ts';
import { factLines } from './fact-text.ts';
import { headerText } from './header-text.ts';
import { EMPTY_LINE, type Line, labelled, line, span } from './layout.ts';
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
  const lines: Line[] = [...verdictLines(trace, names)];
  addSection(lines, line(2, span('→ packet', 'strong')), way(trace.forward));
  if (trace.reply !== null) {
    const sent = span(`  ${headerText(trace.reply.sent)}`, 'faint');
    addSection(lines, line(2, span('← answer', 'strong'), sent), way(trace.reply));
  }
  addSection(lines, line(2, span('missing', 'strong')), factLines(trace.unknowns, 4));
  addSection(lines, line(2, span('assumes', 'strong')), trace.assumptions.map(assumptionLine));
  addSection(
    lines,
    line(2, span('notes', 'strong')),
    trace.notes.map((note) => line(4, note)),
  );
  return lines;
}

function blockersOnly(leg: Leg, detail: LegDetail): readonly Line[] {
  return leg.blockers.flatMap((blocker) => blockerLines(blocker, detail));
}

/** A heading and its lines after an empty one, or nothing where there are no lines. */
function addSection(lines: Line[], heading: Line, content: readonly Line[]): void {
  if (content.length > 0) lines.push(EMPTY_LINE, heading, ...content);
}

function assumptionLine(id: string): Line {
  return labelled(4, span(id), 'OPEN-00'.length + 2, assumptionMeaning(id));
}
