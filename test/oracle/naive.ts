/**
 * The slow, obvious evaluator: what the compiled one is compared with. Loops over the model, no tables; each stage can be checked by
 * eye against the numbered statements. What a missing fact leaves open is tried both ways (see `readings.ts`).
 */

import type { Network } from '../../src/model/network.ts';
import { sameAddress } from '../../src/net/address.ts';
import { answerTo } from '../../src/net/answer.ts';
import type { Packet } from '../../src/net/packet.ts';
import { atNode } from './balancer.ts';
import { emptyState, type State } from './flow.ts';
import {
  backToNat,
  fromInternet,
  intoInternetGateway,
  intoNat,
  intoPeering,
  onInternet,
  outOfEgressOnlyGateway,
  outOfInternetGateway,
} from './gateways.ts';
import { byId } from './lookup.ts';
import { type Choose, everyReading } from './readings.ts';
import { atInterface, inSubnet, inVpc, leaving, type Step, sent } from './stages.ts';
import { inTransit, intoTransit } from './transit.ts';
import { type Decider, drop, Ended, type Ending, refusal, settle, type Walk } from './walk.ts';

/** `internet`, or the id of the interface that sends. */
export type Sender = string;

export interface NaiveOptions {
  /** What appliances do with packets for others, by interface; those not named are not known to do either. */
  readonly appliances?: ReadonlyMap<string, 'forwards' | 'drops'>;
}

/** Longer ways than this go round in circles. */
const MOST_STEPS = 60;

/** The packet and its answer: `one-way` where the packet arrives and its answer does not. */
export interface NaiveTrace {
  readonly verdict: 'delivered' | 'one-way' | 'dropped' | 'unknown';
  readonly forward: Ending;
  /** Null when the packet did not arrive, or when its kind has no answer. */
  readonly reply: Ending | null;
}

export function naiveTrace(network: Network, packet: Packet, from: Sender, options: NaiveOptions = {}): NaiveTrace {
  const traces = everyReading((choose): NaiveTrace => {
    const state = emptyState();
    const forward = walkOnce({ network, packet, from, state, now: 0, choose, options });
    if (forward.outcome !== 'delivered') return { verdict: forward.outcome, forward, reply: null };
    const answer = forward.at === 'aws-service' ? null : answerTo(forward.packet);
    if (answer === null) return { verdict: 'delivered', forward, reply: null };
    const back = { network, packet: answer, from: forward.at ?? '', state, now: 0, choose, options, isAnswer: true };
    const reply = answering(walkOnce(back), packet, from);
    const verdict = reply.outcome === 'delivered' ? 'delivered' : reply.outcome === 'dropped' ? 'one-way' : 'unknown';
    return { verdict, forward, reply };
  });
  const [first] = traces as [NaiveTrace];
  const replies = traces.map(({ reply }) => reply).filter((reply) => reply !== null);
  return {
    verdict: traces.every(({ verdict }) => verdict === first.verdict) ? first.verdict : 'unknown',
    forward: agreed(traces.map(({ forward }) => forward)),
    reply: replies.length < traces.length ? null : agreed(replies),
  };
}

/** OPEN-16, PCX-04: what reaches somebody else, or does not look like the answer, answers nothing. */
function answering(reply: Ending, packet: Packet, sender: Sender): Ending {
  const { source, destination } = reply.packet;
  const isAnswer =
    reply.at === sender && sameAddress(source, packet.destination) && sameAddress(destination, packet.source);
  return reply.outcome !== 'delivered' || isAnswer
    ? reply
    : { ...reply, outcome: 'dropped', at: null, deciders: [refusal('deliver', null)] };
}

/** One packet, from a sender, at a time (seconds), with the memory that earlier packets left, under one choice of readings. */
export interface Question {
  readonly network: Network;
  readonly packet: Packet;
  readonly from: Sender;
  readonly state: State;
  readonly now: number;
  readonly choose: Choose;
  readonly options: NaiveOptions;
  readonly isAnswer?: boolean;
}

/** Changes the question's state. */
export function walkOnce(question: Question): Ending {
  const { network, packet, from, state, now, choose, options, isAnswer = false } = question;
  const walk: Walk = {
    network,
    state,
    now,
    choose,
    appliances: options.appliances ?? new Map(),
    untracked: [],
    appliancesPassed: new Set(),
    packet,
    keepsMembership: true,
    actsAs: null,
    transit: [],
    isAlwaysTracked: false,
    lastPass: null,
    isAnswer,
    hops: 0,
  };
  try {
    let step = firstStep(walk, from);
    for (;;) {
      if (++walk.hops > MOST_STEPS) drop(walk, refusal('route', null));
      step = nextStep(walk, step);
    }
  } catch (ended) {
    if (!(ended instanceof Ended)) throw ended;
    settle(walk);
    return ended.ending;
  }
}

function firstStep(walk: Walk, from: Sender): Step {
  if (from === 'internet') return fromInternet(walk);
  const eni = byId(walk.network.networkInterfaces, from);
  if (eni === null) throw new Error(`"${from}" is no interface of the network`);
  return { kind: 'sent', eni };
}

function nextStep(walk: Walk, step: Step): Step {
  switch (step.kind) {
    case 'sent':
      return sent(walk, step.eni);
    case 'leaving':
      return leaving(walk, step.subnet);
    case 'in-vpc':
      return inVpc(walk, step.vpcId);
    case 'in-subnet':
      return inSubnet(walk, step.subnet);
    case 'at-interface':
      return atInterface(walk, step.eni);
    case 'into-nat':
      return intoNat(walk, step.nat, step.vpcId);
    case 'back-to-nat':
      return backToNat(walk, step.nat);
    case 'into-transit':
      return intoTransit(walk, step.gatewayId, step.subnet);
    case 'in-transit':
      return inTransit(walk, step.entrance, step.sender);
    case 'back-to-node':
      return atNode(walk, step.node, step.flow);
    case 'into-peering':
      return intoPeering(walk, step.peering, step.vpcId);
    case 'out-of-igw':
      return outOfInternetGateway(walk, step.vpcId, step.gatewayId, step.subnet);
    case 'out-of-eigw':
      return outOfEgressOnlyGateway(walk);
    case 'on-internet':
      return onInternet(walk);
    case 'into-igw':
      return intoInternetGateway(walk, step.vpcId);
  }
}

/** The one ending of all readings. Deciders of different readings are put together: any of them may be the one. */
export function agreed(endings: readonly Ending[]): Ending {
  const [first] = endings as [Ending];
  const isSame = endings.every(({ outcome, at }) => outcome === first.outcome && at === first.at);
  if (!isSame) {
    if (endings.every(({ outcome }) => outcome === 'delivered')) return { ...first, others: endings.slice(1) };
    return { outcome: 'unknown', at: null, deciders: [], packet: first.packet };
  }
  const deciders = new Map<string, Decider>();
  for (const decider of endings.flatMap((ending) => ending.deciders)) deciders.set(JSON.stringify(decider), decider);
  return { ...first, deciders: [...deciders.values()] };
}
