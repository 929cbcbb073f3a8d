/** What stops the packets of a question, or lets them through, told once for all the places that ask the same list. */

import { rankOf } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import type { ExplanationCode } from '../compile/explanation-code.ts';
import { DENY, type RuleOrigin } from '../compile/rule-table.ts';
import { GROUPS, type Stage } from '../compile/stage.ts';
import { formatOrigin } from '../model/origin.ts';
import { EMPTY, type L4Id, type L4Sets } from '../reach/l4-sets.ts';
import type { GroupStage, Way } from './cut-ways.ts';
import type { Decider } from './explain-answer.ts';
import { type DeadEnd, type FilterNeed, type Leg, listKey } from './fix-needs.ts';
import type { PathStep } from './pair-path.ts';
import { wordsOf } from './reach-words.ts';
import type { Place } from './trace.ts';

interface Draft {
  readonly direction: Leg;
  readonly stage: Stage;
  readonly result: 'deny' | 'allow';
  readonly code: string | null;
  readonly resource: string | null;
  readonly rule: string | null;
  readonly source: string | null;
  readonly text: string;
  packets: L4Id;
  readonly places: Map<string, Place>;
}

class Drafts {
  readonly #drafts = new Map<string, Draft>();
  readonly #compiled: Compiled;
  readonly #sets: L4Sets;

  constructor(compiled: Compiled, sets: L4Sets) {
    this.#compiled = compiled;
    this.#sets = sets;
  }

  add(key: string, draft: Omit<Draft, 'places'>, place: Place): void {
    const known = this.#drafts.get(key);
    if (known === undefined) this.#drafts.set(key, { ...draft, places: new Map([[place.id, place]]) });
    else {
      known.packets = this.#sets.union(known.packets, draft.packets);
      known.places.set(place.id, place);
    }
  }

  placeOf({ place }: Stage): Place {
    return this.#compiled.places[place]!;
  }

  get deciders(): readonly Decider[] {
    return [...this.#drafts.values()]
      .map(({ direction, stage, result, code, resource, rule, source, text, packets, places }) => ({
        direction,
        stage: stage.role,
        result,
        code,
        place: [...places.values()][0]!,
        places: places.size,
        resource,
        rule,
        source,
        packets: wordsOf(this.#sets, packets),
        text,
      }))
      .sort((a, b) => DIRECTIONS.indexOf(a.direction) - DIRECTIONS.indexOf(b.direction));
  }
}

const DIRECTIONS: readonly Leg[] = ['forward', 'reply'];

/** Everything that stops what was asked. */
export function blockersAmong(
  compiled: Compiled,
  sets: L4Sets,
  filters: readonly FilterNeed[],
  deadEnds: readonly DeadEnd[],
): readonly Decider[] {
  const drafts = new Drafts(compiled, sets);
  for (const need of filters) {
    const { leg, stage, direction } = need;
    for (const { rule, packets } of refusals(compiled, sets, need)) {
      const draft = {
        direction: leg,
        stage,
        result: 'deny' as const,
        packets,
        ...(rule === null ? nothingMatches(stage, direction, need.table.rows.length) : ruleFields(rule)),
      };
      drafts.add(`${leg} ${listKey(stage)} ${rule?.rule}`, draft, need.place);
    }
  }
  for (const { leg, stage, place, text, code, rule } of deadEnds) {
    const resource = rule?.resource ?? stage.origin?.resource ?? null;
    const fields = {
      code,
      resource,
      rule: stage.origin?.rule ?? null,
      source: stage.origin?.source == null ? null : formatOrigin(stage.origin.source),
      text,
    };
    const draft = { direction: leg, stage, result: 'deny' as const, packets: EMPTY, ...fields };
    drafts.add(`${leg} ${stage.role} ${resource} ${text}`, draft, place);
  }
  return drafts.deciders;
}

/** Every rule of a security group that lets through what was asked. */
export function enablersAmong(compiled: Compiled, sets: L4Sets, ways: readonly Way[]): readonly Decider[] {
  const drafts = new Drafts(compiled, sets);
  const add = ({ step, rules }: GroupStage): void => {
    for (const { origin, packets } of rules) {
      const fields = { ...ruleFields(origin), code: null };
      const draft = { direction: 'forward' as const, stage: step.stage, result: 'allow' as const, packets, ...fields };
      drafts.add(`${step.stage.role} ${origin.rule}`, draft, drafts.placeOf(step.stage));
    }
  };
  for (const way of ways) way.out.forEach(add);
  for (const way of ways) for (const step of way.acls) addAdmitting(compiled, sets, drafts, step, way.live);
  for (const way of ways) way.in.forEach(add);
  return drafts.deciders;
}

/** Entries of an ACL that allow part of it. */
function addAdmitting(compiled: Compiled, sets: L4Sets, drafts: Drafts, step: PathStep, live: L4Id): void {
  const { stage, peer } = step;
  for (const { rule, packets, isDenial } of firstMatches(sets, stage.rules, rankOf(compiled.space, peer), live)) {
    if (isDenial) continue;
    const draft = {
      direction: 'forward' as const,
      stage,
      result: 'allow' as const,
      packets,
      ...ruleFields(rule),
      code: null,
    };
    drafts.add(`${listKey(stage)} ${rule.rule}`, draft, drafts.placeOf(stage));
  }
}

/** Which rule stops which part of what is missing: the first entry that matches, or, in groups, the absence of any. */
function refusals(
  compiled: Compiled,
  sets: L4Sets,
  { stage, table, peer, missing }: FilterNeed,
): readonly { readonly rule: RuleOrigin | null; readonly packets: L4Id }[] {
  if (stage.kind === GROUPS) return [{ rule: null, packets: missing }];
  return firstMatches(sets, table, rankOf(compiled.space, peer.first), missing).filter(({ isDenial }) => isDenial);
}

function firstMatches(
  sets: L4Sets,
  table: Stage['rules'],
  rank: number,
  packets: L4Id,
): readonly { readonly rule: RuleOrigin; readonly packets: L4Id; readonly isDenial: boolean }[] {
  const found: { rule: RuleOrigin; packets: L4Id; isDenial: boolean }[] = [];
  let undecided = packets;
  for (const row of table.rows) {
    if (rank < row.firstRank || row.lastRank < rank) continue;
    const hit = sets.intersect(undecided, sets.box(row.protocol, row.firstPortOrIcmp, row.lastPortOrIcmp));
    if (hit === EMPTY) continue;
    found.push({ rule: table.origins[row.origin]!, packets: hit, isDenial: row.action === DENY });
    undecided = sets.subtract(undecided, hit);
  }
  return found;
}

function ruleFields({ resource, rule, text, source, code }: RuleOrigin): {
  code: ExplanationCode;
  resource: string;
  rule: string;
  source: string | null;
  text: string;
} {
  return { code, resource, rule, text, source: source === null ? null : formatOrigin(source) };
}

function nothingMatches(
  { rules }: Stage,
  direction: 'in' | 'out',
  rows: number,
): { code: ExplanationCode; resource: string; rule: null; source: null; text: string } {
  const word = `${direction}bound`;
  return {
    code: rows === 0 ? 'SG_HAS_NO_RULES' : 'ENI_SG_RULES_MISMATCH',
    resource: rules.resources.join(', '),
    rule: null,
    source: null,
    text: rows === 0 ? `no ${word} rule at all` : `no ${word} rule matches`,
  };
}
