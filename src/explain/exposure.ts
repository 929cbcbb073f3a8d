/** Works out what of a network the internet reaches, and what one thing alone keeps from being reached. */

import { assumptionIds } from '../compile/assumption.ts';
import type { Connection } from '../reach/connection.ts';
import { EMPTY, EVERYTHING, type L4Id } from '../reach/l4-sets.ts';
import { behindNode, isNode, nodesBefore, type WayBehind } from './behind-balancers.ts';
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

  const looked = new Set(to.held.map(({ eni }) => eni));
  const reached = new Set<number>();
  /** Where the target is a node: who is reached behind it of those asked about, on what was asked about. */
  const behindOf = (eni: number, connection: Connection): readonly WayBehind[] => {
    if (!isNode(compiled, eni)) return [];
    const { forward } = answerPair(sets, connection, { ...asked, packets: EVERYTHING });
    return behindNode(compiled, sets, eni, forward).filter(
      (way) => (way.eni < 0 ? looked.has(eni) : looked.has(way.eni)) && sets.isSubset(way.taken, asked.packets),
    );
  };
  const noteFate = (members: EndClass<Target>, from: EndClass<Sender>, connection: Connection): void => {
    const { eni } = members[0]!.held!;
    const behind = behindOf(eni, connection);
    const own = looked.has(eni) ? asked.packets : EMPTY;
    const packets = behind.reduce<L4Id>((all, { front }) => sets.union(all, front), own);
    const askedThere = { ...asked, packets };
    const answer = answerPair(sets, connection, askedThere);
    if (answer.open !== EMPTY) {
      for (const fact of connection.facts) missing.add(fact);
      open.add(members, from, `${answer.open}`, () => ({ packets: wordsOf(sets, answer.open) }));
    }
    if (answer.forward === EMPTY) return;
    assumptions |= connection.assumptions;
    for (const { held } of members) if (looked.has(held!.eni)) reached.add(held!.eni);
    for (const way of behind) if (way.eni >= 0) reached.add(way.eni);
    const example = examples.get(from) ?? mostFamiliar(from);
    examples.set(from, example);
    const shown = witnesses.of(example, members[0]!, answer, askedThere);
    const told = behind.map((way) => way.shown);
    const signature = `${signatureOf(answer)} ${JSON.stringify([shown.through, told])}`;
    exposed.add(members, from, signature, () => ({
      behind: told,
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

  const nodes = new Set(nodesBefore(compiled, looked).filter((node) => !looked.has(node)));
  const before = nodes.size === 0 ? [] : everywhere.held.filter(({ eni }) => nodes.has(eni));
  const ends = targetsOf(compiled, { held: [...to.held, ...before], internet: [] });
  const alikeBesidesGroups = new Map<Target, EndClass<Target>>();
  for (const members of classesOfEnds(compiled, ends, interfaceClassesOf(compiled).natureOf)) {
    for (const member of members) alikeBesidesGroups.set(member, members);
  }
  const paths = new InternetPaths(engine, strangers);
  for (const members of classesOfEnds(compiled, ends)) {
    const [target] = members;
    const alikeEnds = alikeBesidesGroups.get(target!)!;
    // Strangers are alike if they are in everything that a listener may make something asked about of.
    const told = isNode(compiled, target!.held!.eni) ? { ...asked, packets: EVERYTHING } : asked;
    const fates = paths.connectionsOf(target!, alikeEnds, (connection) => {
      const answer = answerPair(sets, connection, told);
      const facts = answer.open === EMPTY ? '' : connection.facts.join();
      return `${signatureOf(answer)} ${answer.open} ${facts} ${connection.assumptions}`;
    });
    for (const { members: from, result } of fates) noteFate(members, from, result);
    if (!looked.has(target!.held!.eni)) continue;
    for (const { members: from, result } of paths.nearMissesOf(target!, alikeEnds)) {
      for (const miss of result) noteNear(members, from, miss);
    }
  }
  return {
    service,
    interfaces: looked.size,
    reached: reached.size,
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
