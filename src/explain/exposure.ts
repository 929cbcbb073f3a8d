/** Works out what of a network the internet reaches, and what one thing alone keeps from being reached. */

import { assumptionIds } from '../compile/assumption.ts';
import type { Connection } from '../reach/connection.ts';
import { EMPTY, type L4Id } from '../reach/l4-sets.ts';
import { behindNode } from './behind-balancers.ts';
import { classesOfEnds, type EndClass, interfaceClassesOf } from './end-classes.ts';
import type { Exposure, ExposureAnswer, NearExposure, OpenExposure, Shielded } from './exposure-answer.ts';
import { AlikeInterfaces } from './exposure-groups.ts';
import type { NearMiss } from './exposure-near.ts';
import { InternetPaths } from './exposure-paths.ts';
import type { ExposureWitnesses } from './exposure-witness.ts';
import { type PlaceSet, placesEverywhere } from './place-set.ts';
import { familyOf, mostFamiliar, type Sender, sendersOf, type Target, targetsOf } from './reach-ends.ts';
import { type Asked, answerPair, clientPortWords, type PairAnswer } from './reach-pair.ts';
import { wordsOf } from './reach-words.ts';
import type { SetEngine } from './set-engine.ts';
import { StrangerWords } from './stranger-words.ts';

export interface ExposureQuestion {
  readonly to: PlaceSet;
  readonly asked: Asked;
  readonly service: string;
}

export function exposureOf(
  engine: SetEngine,
  witnesses: ExposureWitnesses,
  { to, asked, service }: ExposureQuestion,
): ExposureAnswer {
  const { compiled, sets } = engine;
  const everywhere = placesEverywhere(compiled);
  const pieces = classesOfEnds(compiled, sendersOf(compiled, { held: [], internet: everywhere.internet }));
  const strangers = {
    4: pieces.filter(([piece]) => familyOf(piece!) === 4),
    6: pieces.filter(([piece]) => familyOf(piece!) === 6),
  };
  const words = new StrangerWords(compiled);
  const alike = new AlikeInterfaces(compiled);
  const exposed = alike.list<Exposure>();
  const near = alike.list<NearExposure>();
  const shielded = alike.list<Shielded>();
  const open = alike.list<OpenExposure>();
  const missing = new Set<number>();
  const examples = new Map<EndClass<Sender>, Sender>();
  let assumptions = 0;

  const noteFate = (members: EndClass<Target>, from: EndClass<Sender>, connection: Connection): void => {
    const answer = answerPair(sets, connection, asked);
    if (answer.open !== EMPTY) {
      for (const fact of connection.facts) missing.add(fact);
      open.add(members, from, `${answer.open}`, () => ({ packets: wordsOf(sets, answer.open) }));
    }
    if (answer.forward === EMPTY) return;
    assumptions |= connection.assumptions;
    const example = examples.get(from) ?? mostFamiliar(from);
    examples.set(from, example);
    const shown = witnesses.of(example, members[0]!, answer, asked);
    const behind = behindNode(compiled, sets, members[0]!.held!.eni, answer.forward);
    const signature = `${signatureOf(answer)} ${JSON.stringify([shown.through, behind])}`;
    exposed.add(members, from, signature, () => ({
      behind,
      forward: wordsOf(sets, answer.forward),
      roundTrip: wordsOf(sets, sets.union(answer.answered, answer.partly)),
      clientPorts: clientPortWords(sets, answer),
      ...shown,
    }));
  };
  const noteNear = (members: EndClass<Target>, from: EndClass<Sender>, miss: NearMiss): void => {
    const packets = answeredOf(engine, asked, miss.packets, miss.answered);
    if (packets === EMPTY) return;
    const text = { packets: wordsOf(sets, packets) };
    if (miss.obstacle === 'groups') {
      shielded.add(members, from, `${packets} ${miss.resources.join()}`, () => ({ ...text, groups: miss.resources }));
      return;
    }
    const { obstacle } = miss;
    const resource = miss.resources[0] ?? null;
    near.add(members, from, `${packets} ${obstacle} ${resource}`, () => ({ ...text, obstacle, resource }));
  };

  const ends = targetsOf(compiled, { held: to.held, internet: [] });
  const alikeBesidesGroups = new Map<Target, EndClass<Target>>();
  for (const members of classesOfEnds(compiled, ends, interfaceClassesOf(compiled).natureOf)) {
    for (const member of members) alikeBesidesGroups.set(member, members);
  }
  const paths = new InternetPaths(engine, strangers);
  for (const members of classesOfEnds(compiled, ends)) {
    const [target] = members;
    const alikeEnds = alikeBesidesGroups.get(target!)!;
    const fates = paths.connectionsOf(target!, alikeEnds, (connection) => {
      const answer = answerPair(sets, connection, asked);
      const facts = answer.open === EMPTY ? '' : connection.facts.join();
      return `${signatureOf(answer)} ${answer.open} ${facts} ${connection.assumptions}`;
    });
    for (const { members: from, result } of fates) noteFate(members, from, result);
    for (const { members: from, result } of paths.nearMissesOf(target!, alikeEnds)) {
      for (const miss of result) noteNear(members, from, miss);
    }
  }
  return {
    service,
    interfaces: new Set(to.held.map(({ eni }) => eni)).size,
    exposed: exposed.all(words),
    near: near.all(words),
    shielded: shielded.all(words),
    open: open.all(words),
    assumptions: assumptionIds(assumptions),
    unknowns: [...missing].sort((a, b) => a - b).map((index) => compiled.facts[index]!),
  };
}

function signatureOf({ forward, answered, partly, tcpClientPorts, udpClientPorts }: PairAnswer): string {
  const limits = partly === EMPTY ? '' : JSON.stringify([tcpClientPorts, udpClientPorts]);
  return `${forward} ${answered} ${partly} ${limits}`;
}

/** The part of these packets whose answers come back for some client port. */
function answeredOf({ sets }: SetEngine, asked: Asked, packets: L4Id, reply: L4Id): L4Id {
  const connection: Connection = {
    forward: { must: packets, may: packets },
    reply: { must: reply, may: reply },
    facts: [],
    assumptions: 0,
    forwardKills: [],
    replyKills: [],
    apart: null,
  };
  const { answered, partly } = answerPair(sets, connection, asked);
  return sets.union(answered, partly);
}
