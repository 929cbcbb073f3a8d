/** Compares what the compiled walker tells with what the naive evaluator found. */

import type { Leg, Step } from '../../src/explain/trace.ts';
import { formatAddress } from '../../src/net/address-text.ts';
import type { Decider, Ending } from '../oracle/walk.ts';

/** How the two differ about one leg, in a sentence, or null where they agree. */
export function disagreement(leg: Leg, ending: Ending): string | null {
  const [first, ...rest] = [ending, ...(ending.others ?? [])].map((one) => differs(leg, one));
  // Delivered whatever is chosen: any of the choices may be shown.
  return rest.includes(null) ? null : (first ?? null);
}

function differs(leg: Leg, ending: Ending): string | null {
  if (leg.outcome !== ending.outcome) return `outcome ${leg.outcome}, expected ${ending.outcome} (${tell(ending)})`;
  switch (leg.outcome) {
    case 'unknown':
      return null;
    case 'dropped': {
      const [blocker] = leg.blockers;
      if (blocker === undefined) return 'dropped without a blocker';
      const isExpected = ending.deciders.some((decider) => isThat(decider, blocker));
      const told = `${blocker.stage} ${blocker.resource} ${blocker.rule} ${blocker.code}`;
      return isExpected ? null : `dropped by ${told}, expected ${tell(ending)}`;
    }
    case 'delivered':
      return arrivalDiffers(leg, ending);
  }
}

function arrivalDiffers(leg: Leg, ending: Ending): string | null {
  const place = leg.to.kind === 'aws-service' ? 'aws-service' : leg.to.id;
  if (place !== ending.at) return `delivered to ${place}, expected ${ending.at}`;
  const source = formatAddress(ending.packet.source);
  const destination = formatAddress(ending.packet.destination);
  if (leg.received.source !== source) return `received from ${leg.received.source}, expected ${source}`;
  if (leg.received.destination !== destination)
    return `received at ${leg.received.destination}, expected ${destination}`;
  const last = leg.hops
    .flatMap(({ steps }) => steps)
    .filter(isFilter)
    .at(-1);
  const [expected] = ending.deciders;
  if (last === undefined || expected === undefined) {
    return last === expected ? null : `last filter ${last?.stage}, expected ${expected?.stage}`;
  }
  const told = { stage: last.stage, resource: last.resource, rule: last.rule, code: '' };
  return isThat(expected, told)
    ? null
    : `let in by ${last.stage} ${last.resource} ${last.rule}, expected ${tell(ending)}`;
}

function isFilter({ stage, result }: Step): boolean {
  return result === 'allow' && (stage.startsWith('nacl') || stage.startsWith('security-group'));
}

interface Told {
  readonly stage: string;
  readonly resource: string | null;
  readonly rule: string | null;
  readonly code: string;
}

/** What the naive evaluator leaves open (no statement says) may be anything. */
function isThat(decider: Decider, told: Told): boolean {
  return (
    kindOf(decider.stage) === kindOf(told.stage) &&
    (decider.resource === null || decider.stage !== told.stage || decider.resource === told.resource) &&
    (decider.rules.length === 0 || (told.rule !== null && decider.rules.includes(told.rule))) &&
    (decider.codes.length === 0 || decider.codes.includes(told.code))
  );
}

/** Filters are told apart by their stage; routes, gateways and ends by their codes. */
function kindOf(stage: string): string {
  return /^(nacl|security-group|source-dest)/.test(stage) ? stage : 'way';
}

function tell({ outcome, at, deciders }: Ending): string {
  const any = deciders.map(({ stage, resource, rules, codes }) => [stage, resource, ...rules, ...codes].join(' '));
  return `${outcome} ${at ?? ''} ${any.join(' or ')}`;
}
