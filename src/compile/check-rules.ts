/** The fixed checks of interfaces and gateways, as rows like any other rule. */

import type { Origin } from '../model/origin.ts';
import type { Fact } from '../model/problem.ts';
import type { Prefix } from '../net/prefix.ts';
import type { Traffic } from '../net/traffic.ts';
import { ALL_TRAFFIC } from '../net/traffic.ts';
import { allRanks, type Ranks, ranksOf } from './address-space.ts';
import type { ExplanationCode } from './explanation-code.ts';
import type { GraphBuilder } from './graph-builder.ts';
import {
  ALLOW,
  CERTAIN,
  DENY,
  EITHER,
  type RuleOrigin,
  type RuleRow,
  type RuleTable,
  row,
  ruleTable,
  SOURCE,
} from './rule-table.ts';

/** One line of a check; the first line that matches decides. */
export interface CheckLine {
  readonly action: 'allow' | 'deny';
  /** Null: any address. */
  readonly prefixes: readonly Prefix[] | null;
  /** In place of `prefixes`, where their ranks are known. */
  readonly ranks?: readonly Ranks[];
  /** Null: any traffic. */
  readonly traffic: readonly Traffic[] | null;
  readonly text: string;
  /** What a denial is called. */
  readonly code: ExplanationCode;
  readonly assumptions: number;
  /** A line that may match, and allow or deny, for this missing fact. */
  readonly fact?: Fact;
  /** The record behind it, for explanations. */
  readonly source?: Origin | null;
}

export function allowLine(text: string, prefixes: readonly Prefix[] | null, more: Partial<CheckLine> = {}): CheckLine {
  return { action: 'allow', prefixes, traffic: null, text, code: 'BAD_STATE', assumptions: 0, ...more };
}

export function denyLine(
  text: string,
  code: ExplanationCode,
  prefixes: readonly Prefix[] | null,
  more: Partial<CheckLine> = {},
): CheckLine {
  return { action: 'deny', prefixes, traffic: null, text, code, assumptions: 0, ...more };
}

/** The check of `resource` on one end of the packet (SOURCE or DESTINATION). The last line must match everything. */
export function checkRules(b: GraphBuilder, resource: string, end: number, lines: readonly CheckLine[]): RuleTable {
  const rows: RuleRow[] = [];
  const origins: RuleOrigin[] = [];
  for (const line of lines) {
    rows.push(...rowsOf(b, line, origins.length));
    origins.push({ resource, rule: line.action, text: line.text, source: line.source ?? null, code: line.code });
  }
  return ruleTable(end, rows, origins, [resource], b.space.firstV6);
}

function rowsOf(b: GraphBuilder, line: CheckLine, origin: number): readonly RuleRow[] {
  const { ranks, prefixes, traffic, assumptions } = line;
  const action = actionOf(line);
  const fact = line.fact === undefined ? CERTAIN : b.fact(line.fact);
  if (ranks === undefined && prefixes === null && traffic === null && fact === CERTAIN && assumptions === 0) {
    // The last line of nearly every check, and there is a check at every interface.
    return b.shared(`row ${origin} for the rest, ${action}`, () => [
      row(allRanks(b.space), ALL_TRAFFIC, action, origin),
    ]);
  }
  const ranges = ranks ?? prefixes?.map((prefix) => ranksOf(b.space, prefix)) ?? [allRanks(b.space)];
  return ranges.flatMap((range) =>
    (traffic ?? [ALL_TRAFFIC]).map((one) => row(range, one, action, origin, { assumptions, fact })),
  );
}

function actionOf({ action, fact }: CheckLine): number {
  if (fact !== undefined) return EITHER;
  return action === 'allow' ? ALLOW : DENY;
}

/** A check that may go either way, for a fact that is missing. */
export function doubtfulRules(b: GraphBuilder, resource: string, fact: Fact): RuleTable {
  const origin: RuleOrigin = {
    resource,
    rule: '?',
    text: fact.what,
    source: fact.origin,
    code: 'BAD_STATE_ATTACHMENT',
  };
  const rows = [row(allRanks(b.space), ALL_TRAFFIC, EITHER, 0, { fact: b.fact(fact) })];
  return ruleTable(SOURCE, rows, [origin], [resource], b.space.firstV6);
}
