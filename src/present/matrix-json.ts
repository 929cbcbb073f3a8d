/** All pairs of places as JSON, factored as they are kept: kinds of ends, behaviours, and which kinds behave which way. */

import type { MatrixAnswer } from '../explain/matrix-answer.ts';
import { factJson, placeJson } from './answer-json.ts';

export function matrixJson(answer: MatrixAnswer): object {
  const { question, pairs, reaching, open, senders, targets, behaviours, groups, assumptions, unknowns } = answer;
  const endJson = ({ family, places, addresses }: MatrixAnswer['senders'][number]): object => ({
    family,
    places: places.map(placeJson),
    addresses,
  });
  return {
    question: { from: question.from, to: question.to, service: question.service },
    pairs,
    reaching,
    open,
    senders: senders.map(endJson),
    targets: targets.map(endJson),
    behaviours: behaviours.map(({ verdict, forward, roundTrip, clientPorts, open: left }) => ({
      verdict,
      forward,
      roundTrip,
      clientPorts,
      open: left,
    })),
    groups: groups.map(({ behaviour, from, to, pairs: count }) => ({ behaviour, from, to, pairs: count })),
    assumptions,
    unknowns: unknowns.map(factJson),
  };
}
