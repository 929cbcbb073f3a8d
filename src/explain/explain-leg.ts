/** From the indices of a walk to hops, steps and sentences. Nothing is evaluated again. */

import { assumptionIds } from '../compile/assumption.ts';
import type { Compiled } from '../compile/compile.ts';
import type { ExplanationCode } from '../compile/explanation-code.ts';
import { ALLOW, DENY, EITHER, type RuleOrigin } from '../compile/rule-table.ts';
import {
  BALANCE,
  DELIVER,
  DROP,
  FILTER,
  GATEWAY_IN,
  GATEWAY_OUT,
  GROUPS,
  LEAVES_INTERFACE,
  LOOKUP,
  SILENT,
  type Stage,
  UNKNOWN,
} from '../compile/stage.ts';
import {
  BACK_THE_WAY_IT_CAME,
  DELIVERED,
  DROPPED,
  ESTABLISHED,
  NEW,
  RELATED,
  REPLY,
  UNTRACKED,
  type Leg as WalkedLeg,
} from '../evaluate/leg.ts';
import { formatOrigin } from '../model/origin.ts';
import { formatAddress } from '../net/address-text.ts';
import type { Packet } from '../net/packet.ts';
import { blankStep, originFields } from './blank-step.ts';
import { explainBalancer, explainGateway, explainTranslation } from './explain-rewrite.ts';
import { headerOf } from './header.ts';
import type { Blocker, Header, Hop, Leg, Place, Step } from './trace.ts';

/** The packet at both ends of a leg, and where it started. */
export interface LegEnds {
  readonly sent: Packet;
  readonly received: Packet;
  readonly from: Place;
  /** The answer came back, but not as an answer to this packet. */
  readonly mismatch?: Packet | null;
}

export function explainLeg(compiled: Compiled, leg: WalkedLeg, ends: LegEnds): Leg {
  const last = leg.stoppedAt >= 0 ? leg.stoppedAt : lastOf(leg);
  const hops: Hop[] = [];
  for (let i = 0; i <= last; i++) {
    const stage = compiled.stages[leg.stage[i]!]!;
    const step = explainStep(compiled, leg, stage, i);
    if (step === null) continue;
    const place = placeOf(compiled, stage);
    const hop = hops[hops.length - 1];
    if (hop !== undefined && hop.place.id === place.id && hop.place.kind === place.kind) {
      hops[hops.length - 1] = { place, steps: [...hop.steps, step] };
    } else hops.push({ place, steps: [step] });
  }
  const lastStage = compiled.stages[leg.stage[last]!]!;
  const outcome = leg.outcome === DELIVERED ? 'delivered' : leg.outcome === DROPPED ? 'dropped' : 'unknown';
  return {
    outcome,
    from: ends.from,
    to: placeOf(compiled, lastStage),
    sent: headerOf(ends.sent, { destination: leg.sentToChosenPort }),
    received: receivedHeader(leg, ends.received),
    hops,
    blockers: outcome === 'dropped' ? blockersOf(compiled, leg, ends) : [],
  };
}

/**
 * The last step worth telling. In a circle it is the one that comes back to a stage passed before: one round is enough to see it. A
 * packet that was stopped in the circle is told for one round from there: what it had met before let it pass, which may have been
 * while its sender was still visible (SG-11).
 */
function lastOf(leg: WalkedLeg): number {
  if (!leg.isLoop) return leg.length - 1;
  const seen = new Set<number>();
  for (let i = Math.max(leg.stoppedAt, 0); i < leg.length; i++) {
    if (seen.has(leg.stage[i]!)) return i;
    seen.add(leg.stage[i]!);
  }
  return leg.length - 1;
}

function placeOf(compiled: Compiled, stage: Stage): Place {
  const { kind, id, name } = compiled.places[stage.place]!;
  return { kind, id, name };
}

function receivedHeader(leg: WalkedLeg, received: Packet): Header {
  const last = leg.rewrites[leg.rewrites.length - 1];
  return headerOf(received, {
    source: last?.hasChosenSourcePort ?? false,
    destination: last?.hasChosenDestinationPort ?? false,
  });
}

/** The step of one stage, or null where there is nothing to tell. */
function explainStep(compiled: Compiled, leg: WalkedLeg, stage: Stage, i: number): Step | null {
  switch (stage.kind) {
    case FILTER:
      return explainFilter(compiled, leg, stage, i);
    case GROUPS:
      return explainGroups(compiled, leg, stage, i);
    case LOOKUP:
      return explainLookup(compiled, leg, stage, i);
    case GATEWAY_OUT:
      return explainGateway(compiled, leg, stage, i, true);
    case GATEWAY_IN:
      return compiled.stages[leg.stage[i + 1] ?? -1] === undefined || leg.stage[i + 1] === stage.otherwise
        ? null
        : explainGateway(compiled, leg, stage, i, false);
    case BALANCE:
      return explainBalancer(leg, stage, i);
    case DELIVER:
      return { ...blankStep(stage), result: 'arrive', text: stage.text };
    case DROP:
      return {
        ...blankStep(stage),
        ...(stage.origin === null ? {} : originFields(stage.origin)),
        result: 'deny',
        text: stage.text,
        code: stage.code,
      };
    case UNKNOWN:
      return { ...blankStep(stage), result: 'unknown', text: stage.text, because: [compiled.facts[stage.host]!.key] };
    default:
      throw new Error(`stage of kind ${stage.kind}`);
  }
}

const RESULTS: Readonly<Record<number, Step['result']>> = { [ALLOW]: 'allow', [DENY]: 'deny', [EITHER]: 'unknown' };

/** The rule that decided a filter, or null when none matched. */
function decidingRule(leg: WalkedLeg, stage: Stage, i: number): RuleOrigin | null {
  const row = stage.rules.rows[leg.decision[i]!];
  return row === undefined ? null : stage.rules.origins[row.origin]!;
}

function doubts(compiled: Compiled, leg: WalkedLeg, stage: Stage, i: number): readonly string[] {
  const row = stage.rules.rows[leg.decision[i]!];
  const assumptions = assumptionIds(stage.assumptions | (row?.assumptions ?? 0));
  return leg.verdict[i] === EITHER ? [...assumptions, compiled.facts[leg.fact[i]!]!.key] : assumptions;
}

const CHECKS: ReadonlySet<Stage['role']> = new Set(['source-dest-check', 'gateway-check', 'listener']);

function explainFilter(compiled: Compiled, leg: WalkedLeg, stage: Stage, i: number): Step | null {
  const verdict = leg.verdict[i]!;
  const isCheck = CHECKS.has(stage.role);
  // A check that lets the packet pass says nothing, except at a peering: that is the hop.
  if (isCheck && verdict === ALLOW && compiled.places[stage.place]!.kind !== 'peering') return null;
  const rule = decidingRule(leg, stage, i);
  return {
    ...blankStep(stage),
    result: RESULTS[verdict]!,
    text: rule?.text ?? 'no entry matches',
    resource: rule?.resource ?? stage.rules.resources[0] ?? null,
    rule: isCheck ? null : (rule?.rule ?? null),
    source: rule?.source == null ? null : formatOrigin(rule.source),
    code: verdict === DENY ? (rule?.code ?? 'SUBNET_ACL_RESTRICTION') : null,
    because: doubts(compiled, leg, stage, i),
  };
}

const TRACKING: Readonly<Record<number, Step['tracking']>> = {
  [NEW]: 'new',
  [UNTRACKED]: 'untracked',
  [ESTABLISHED]: 'established',
  [REPLY]: 'reply',
  [RELATED]: 'related',
};

const BY_STATE: Readonly<Record<number, string>> = {
  [ESTABLISHED]: 'belongs to a tracked connection',
  [REPLY]: 'answers a tracked connection',
  [RELATED]: 'reports an error of a tracked connection',
};

function explainGroups(compiled: Compiled, leg: WalkedLeg, stage: Stage, i: number): Step {
  const tracking = TRACKING[leg.tracking[i]!] ?? null;
  const groups = stage.rules.resources.join(', ');
  const step = { ...blankStep(stage), tracking, result: RESULTS[leg.verdict[i]!]!, resource: groups };
  const byState = BY_STATE[leg.tracking[i]!];
  if (byState !== undefined) return { ...step, result: 'allow', text: byState };
  const rule = decidingRule(leg, stage, i);
  if (rule !== null) {
    return {
      ...step,
      text: rule.text,
      resource: rule.resource,
      rule: rule.rule,
      source: rule.source === null ? null : formatOrigin(rule.source),
      because: doubts(compiled, leg, stage, i),
    };
  }
  const [code, text] = noRule(leg, stage, i);
  return { ...step, text, code };
}

function noRule(leg: WalkedLeg, stage: Stage, i: number): readonly [ExplanationCode, string] {
  const direction = stage.role === 'security-group-in' ? 'inbound' : 'outbound';
  if (stage.rules.rows.length === 0) return ['SG_HAS_NO_RULES', `no ${direction} rule at all`];
  if (leg.lostReference[i] === 1) {
    return [
      'SG_REFERENCES_NOT_PRESERVED',
      `no ${direction} rule matches: one names a group of the sender, which cannot be seen past a gateway or appliance`,
    ];
  }
  return ['ENI_SG_RULES_MISMATCH', `no ${direction} rule matches`];
}

function explainLookup(compiled: Compiled, leg: WalkedLeg, stage: Stage, i: number): Step | null {
  const decision = leg.decision[i]!;
  if (decision === BACK_THE_WAY_IT_CAME) {
    const text =
      (stage.effects & LEAVES_INTERFACE) !== 0
        ? "back to the load balancer's node that it came by (ELB-13)"
        : 'back to the NAT gateway the way it came, without a route (NAT-06)';
    return { ...blankStep(stage), text };
  }
  const entry = stage.entries[decision];
  if (entry === undefined || (stage.effects & SILENT) !== 0) return null;
  const because = [
    ...assumptionIds(stage.assumptions | entry.assumptions),
    ...(entry.alternatives.length > 0 && entry.fact >= 0 ? [compiled.facts[entry.fact]!.key] : []),
  ];
  if (stage.role === 'translate') return { ...explainTranslation(leg, stage, entry.origin, i), because };
  if (entry.origin === null) return null;
  return { ...blankStep(stage), ...originFields(entry.origin), because };
}

/** Everything that stops the packet, the first stage first and each stage once (NACL-27). */
function blockersOf(compiled: Compiled, leg: WalkedLeg, ends: LegEnds): readonly Blocker[] {
  const blockers: Blocker[] = [];
  const last = lastOf(leg);
  const refused = new Set<number>();
  for (let i = 0; i <= last; i++) {
    if (leg.verdict[i] !== DENY || refused.has(leg.stage[i]!)) continue;
    refused.add(leg.stage[i]!);
    const stage = compiled.stages[leg.stage[i]!]!;
    const step = explainStep(compiled, leg, stage, i);
    if (step === null || step.code === null) continue;
    const { code, resource, rule, source, text } = step;
    blockers.push({ stage: step.stage, code, place: placeOf(compiled, stage), resource, rule, source, text });
  }
  const place = placeOf(compiled, compiled.stages[leg.stage[last]!]!);
  const unnamed = { stage: 'deliver', place, resource: null, rule: null, source: null } as const;
  if (leg.isLoop) {
    blockers.push({ ...unnamed, code: 'NO_POSSIBLE_DESTINATION', text: 'the routes lead in a circle' });
  }
  if (ends.mismatch != null) {
    const from = formatAddress(ends.received.source);
    const expected = formatAddress(ends.mismatch.destination);
    blockers.push(
      from === expected
        ? {
            ...unnamed,
            code: 'NO_POSSIBLE_DESTINATION',
            text: `the answer arrives at ${place.id}, which did not send the packet`,
          }
        : {
            ...unnamed,
            code: 'NGW_SOURCE_ADDRESS_REASSIGN',
            text: `the answer arrives from ${from}, but the packet was sent to ${expected}: the sender takes it for no answer`,
          },
    );
  }
  return blockers;
}
