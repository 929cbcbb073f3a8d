/** What is asked of a whole network, from the options that people give to questions about its parts. */

import type { Compiled } from '../compile/compile.ts';
import { ANY_CLIENT, parseClientPorts } from './client-ports.ts';
import type { ExposureQuestion } from './exposure.ts';
import type { MatrixQuestion } from './matrix.ts';
import { type PlaceExpression, parsePlaceExpression } from './place-expression.ts';
import { partsOfPlaces } from './place-parts.ts';
import { type PlaceSet, placesEverywhere, placesOf } from './place-set.ts';
import { QuestionError } from './question-error.ts';
import { askedOf } from './reach-pair.ts';
import { MAX_PAIRS, type SetQuestion } from './reach-pairs.ts';
import { parseReachQuestion, type ReachQuestionParts, reachQuestionOf } from './reach-question.ts';
import { ANY_SERVICE, parseService, type Service } from './service-text.ts';
import type { SetEngine } from './set-engine.ts';

export interface ExposureOptions {
  /** Only these places; every interface where left out. */
  readonly to?: string | undefined;
  readonly service?: string | undefined;
  /** As in `ReachOptions`. */
  readonly clientPorts?: string | undefined;
}

export interface MatrixOptions {
  /**
   * Leave out pairs of interfaces that meet nowhere but on the internet: what their sender may send there, and what their target takes
   * from there, is told all the same.
   */
  readonly within?: boolean | undefined;
  /** Most kinds of pairs to look at; default `MAX_KINDS_OF_PAIRS`. */
  readonly maxPairs?: number | undefined;
  /** Places on either side; everything where left out. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly service?: string | undefined;
  /** As in `ReachOptions`. */
  readonly clientPorts?: string | undefined;
}

export interface ReachOptions {
  /** `linux`, `windows`, `nat`, `load-balancer`, `lambda`, or a range; default: 1024-65535. */
  readonly clientPorts?: string;
  /** Most pairs of addresses to look at; default `MAX_PAIRS`. */
  readonly maxPairs?: number;
  /** Flows that the question is not about: what is left of it is asked, exactly. */
  readonly except?: readonly (string | ExceptedFlows)[];
}

/** Flows to leave out: any source, any destination and any packet where nothing is said. */
export type ExceptedFlows = Partial<ReachQuestionParts>;

export function setQuestion(
  compiled: Compiled,
  question: string | ReachQuestionParts,
  { clientPorts, maxPairs = MAX_PAIRS, except = [] }: ReachOptions,
): SetQuestion {
  const { from, to, service } = typeof question === 'string' ? parseReachQuestion(question) : reachQuestionOf(question);
  const excepted = except.map(exceptedFlows);
  return {
    from: partsOfPlaces(
      compiled,
      from,
      excepted.map((flows) => flows.from),
    ),
    to: partsOfPlaces(
      compiled,
      to,
      excepted.map((flows) => flows.to),
    ),
    service,
    excepted: excepted.map((flows) => flows.service),
    notes: excepted.map(
      ({ from, to, service }) => `not asked about: ${wordOf(from)} -> ${wordOf(to)} : ${service.text}`,
    ),
    clientPorts: clientPorts === undefined ? ANY_CLIENT : parseClientPorts(clientPorts),
    maxPairs,
    texts: { from: from.text.trim(), to: to.text.trim(), service: service.text },
  };
}

function exceptedFlows(flows: string | ExceptedFlows): ExceptedQuestion {
  if (typeof flows === 'string') return parseReachQuestion(flows);
  const { from, to, service } = flows;
  return {
    from: from === undefined ? null : parsePlaceExpression(from),
    to: to === undefined ? null : parsePlaceExpression(to),
    service: service === undefined ? ANY_SERVICE : parseService(service),
  };
}

function wordOf(places: PlaceExpression | null): string {
  return places === null ? 'anywhere' : places.text.trim();
}

interface ExceptedQuestion {
  readonly from: PlaceExpression | null;
  readonly to: PlaceExpression | null;
  readonly service: Service;
}

/** More kinds of pairs than this are not looked at unless the asker raises the limit. */
const MAX_KINDS_OF_PAIRS = 5_000_000;
/** Interfaces and the internet, both ways. */
const EVERYWHERE = 'internet | !internet';

/** Never an answer about nothing. */
function heldSomething(places: PlaceSet): PlaceSet {
  if (places.held.length > 0) return places;
  throw new QuestionError(
    'there is no interface with an address to ask about: add aws ec2 describe-network-interfaces',
  );
}

export function exposureQuestion(
  { compiled, sets }: SetEngine,
  { to, service, clientPorts }: ExposureOptions,
): ExposureQuestion {
  const asked = service === undefined ? ANY_SERVICE : parseService(service);
  const ports = clientPorts === undefined ? ANY_CLIENT : parseClientPorts(clientPorts);
  return {
    to: heldSomething(to === undefined ? placesEverywhere(compiled) : placesOf(compiled, parsePlaceExpression(to))),
    asked: askedOf(sets, asked, ports),
    service: asked.text,
  };
}

export function matrixQuestion(
  { compiled, sets }: SetEngine,
  { from = EVERYWHERE, to = EVERYWHERE, service, clientPorts, within = false, maxPairs }: MatrixOptions,
): MatrixQuestion {
  const parts = reachQuestionOf({ from, to, service });
  const ports = clientPorts === undefined ? ANY_CLIENT : parseClientPorts(clientPorts);
  if (from === EVERYWHERE && to === EVERYWHERE) heldSomething(placesEverywhere(compiled));
  const word = (text: string): string => (text === EVERYWHERE ? 'everywhere' : text.trim());
  return {
    from: placesOf(compiled, parts.from),
    to: placesOf(compiled, parts.to),
    asked: askedOf(sets, parts.service, ports),
    overInternet: !within,
    maxPairs: maxPairs ?? MAX_KINDS_OF_PAIRS,
    texts: { from: word(from), to: word(to), service: parts.service.text },
  };
}
