/** What the internet reaches as JSON: the answer's own fields in a fixed order. */

import type { ExposureAnswer, PassedRule } from '../explain/exposure-answer.ts';
import type { Place } from '../explain/trace.ts';
import { factJson, placeJson } from './answer-json.ts';

export function exposureJson(answer: ExposureAnswer): object {
  const { service, interfaces, reached, exposed, near, shielded, open, assumptions, unknowns } = answer;
  return {
    service,
    interfaces,
    reached,
    exposed: exposed.map(({ family, places, from, forward, roundTrip, clientPorts, witness, through }) => ({
      ...alikeJson({ family, places, from }),
      forward,
      roundTrip,
      clientPorts,
      witness: { packet: witness.packet, verdict: witness.verdict },
      through: through.map(passedJson),
    })),
    near: near.map(({ packets, obstacle, resource, ...alike }) => ({
      ...alikeJson(alike),
      packets,
      obstacle,
      resource,
    })),
    shielded: shielded.map(({ packets, groups, ...alike }) => ({ ...alikeJson(alike), packets, groups })),
    open: open.map(({ packets, ...alike }) => ({ ...alikeJson(alike), packets })),
    assumptions,
    unknowns: unknowns.map(factJson),
  };
}

function alikeJson({
  family,
  places,
  from,
}: {
  readonly family: number;
  readonly places: readonly Place[];
  readonly from: readonly string[];
}): object {
  return { family, places: places.map(placeJson), from };
}

function passedJson({ stage, text, resource, rule, source }: PassedRule): object {
  return { stage, text, resource, rule, source };
}
