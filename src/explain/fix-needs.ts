/** What stands between a question and the answer `all`: lists that lack a rule, tables that lack a route, and what nobody can change. */

import { rankOf } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import { NOBODY } from '../compile/identity.ts';
import { ALLOW, EITHER, type RuleOrigin, type RuleTable } from '../compile/rule-table.ts';
import { DROP, FILTER, GATEWAY_OUT, GROUPS, type GraphPlace, type Stage, UNKNOWN } from '../compile/stage.ts';
import type { Fact } from '../model/problem.ts';
import { type Address, sameAddress } from '../net/address.ts';
import type { AddressRange } from '../net/address-set.ts';
import { answerOf } from '../net/icmp.ts';
import { intervalSet } from '../net/interval-set.ts';
import { ICMP, ICMPV6, LAST_PORT, TCP, UDP } from '../net/protocol.ts';
import { type Allowed, allowedByAny, allowedInOrder } from '../reach/allowed.ts';
import { EMPTY, type L4Id, type L4Sets } from '../reach/l4-sets.ts';
import type { AskedPair, Asking } from './asked-pairs.ts';
import { type RouteNeed, routesInstead } from './fix-routes.ts';
import { type PairPath, type PathStep, pathOf } from './pair-path.ts';
import type { Asked } from './reach-pair.ts';

export type Leg = 'forward' | 'reply';

/** Packets that a list does not let through for one peer: addresses that behave alike. */
export interface FilterNeed {
  readonly leg: Leg;
  readonly stage: Stage;
  readonly place: GraphPlace;
  /** The list as it was before any change. */
  readonly table: RuleTable;
  /** Which end a rule of the list speaks of. */
  readonly direction: 'in' | 'out';
  readonly peer: AddressRange;
  /** The interface whose groups a rule may name, or NOBODY. */
  readonly holder: number;
  readonly missing: L4Id;
  /** What a rule may hold besides, since it passes there already or is asked. */
  readonly room: L4Id;
}

/** A way that leads nowhere: routes that would lead on, each instead of another, or none. */
export interface DeadEnd {
  readonly leg: Leg;
  readonly stage: Stage;
  readonly place: GraphPlace;
  readonly text: string;
  readonly code: string | null;
  readonly rule: RuleOrigin | null;
  readonly routes: readonly RouteNeed[];
}

export interface Needs {
  readonly filters: readonly FilterNeed[];
  readonly deadEnds: readonly DeadEnd[];
  readonly facts: readonly Fact[];
}

/** What is asked of the network, and which tables its lists had before any change. */
export interface Reading {
  readonly sets: L4Sets;
  readonly asked: Asked;
  readonly original: Compiled;
}

/** What stops the pairs that are not open yet. */
export function needsOf(reading: Reading, asking: Asking): Needs {
  const { sets, asked } = reading;
  const filters: FilterNeed[] = [];
  const deadEnds: DeadEnd[] = [];
  const facts = new Map<string, Fact>();
  for (const pair of asking.pairs) {
    const { answer, connection } = pair;
    if (answer.verdict === 'all') continue;
    if (answer.verdict === 'unknown') {
      for (const fact of connection.facts) noteFact(facts, asking.compiled.facts[fact]!);
    }
    const look = (path: PairPath | null, leg: Leg): void => {
      if (path === null) return;
      const found = new PathReader(reading, asking, pair, path, leg);
      found.read();
      filters.push(...found.filters);
      deadEnds.push(...found.deadEnds);
      for (const fact of found.facts) noteFact(facts, fact);
    };
    const absent = sets.subtract(asked.packets, answer.forward);
    look(pathOf(sets, asking, pair, absent, asked.clientPorts), 'forward');
    const unanswered = sets.subtract(answer.forward, answer.answered);
    look(pathOf(sets, asking, pair, unanswered, asked.clientPorts), 'reply');
  }
  return { filters, deadEnds, facts: [...facts.values()] };
}

function noteFact(facts: Map<string, Fact>, fact: Fact): void {
  facts.set(fact.key, fact);
}

class PathReader {
  readonly filters: FilterNeed[] = [];
  readonly deadEnds: DeadEnd[] = [];
  readonly facts: Fact[] = [];
  readonly #reading: Reading;
  readonly #asking: Asking;
  readonly #pair: AskedPair;
  readonly #path: PairPath;
  readonly #leg: Leg;

  constructor(reading: Reading, asking: Asking, pair: AskedPair, path: PairPath, leg: Leg) {
    this.#reading = reading;
    this.#asking = asking;
    this.#pair = pair;
    this.#path = path;
    this.#leg = leg;
  }

  read(): void {
    for (const step of this.#path[this.#leg]) {
      const { kind } = step.stage;
      if (kind === FILTER || kind === GROUPS) {
        if (!step.isTracked) this.#list(step, isList(step.stage));
      } else if (kind === UNKNOWN) this.facts.push(this.#asking.compiled.facts[step.stage.host]!);
      else if (kind === DROP || (kind === GATEWAY_OUT && step.verdict !== ALLOW)) this.#deadEnd(step, null);
    }
    if (this.#leg === 'reply' && this.#path.isMismatched) {
      const last = this.#path.reply.at(-1)!;
      const text = 'the answer arrives, but not from where the packet was sent to: the sender takes it for no answer';
      this.#deadEnd(last, null, text);
    }
  }

  /** A list that rules can be added to, or a check that nobody can change. */
  #list(step: PathStep, isOpenToChange: boolean): void {
    const { sets, original } = this.#reading;
    const needed = this.#leg === 'forward' ? this.#reading.asked.packets : this.#answers(step);
    // A list as it was before any change for the trial: all that it lacks shows at once.
    const table = isOpenToChange ? tablesOf(original).get(listKey(step.stage)) : undefined;
    const now = this.#allowed(this.#asking.compiled, step, step.stage.rules);
    const allowed = table === undefined ? now : this.#allowed(original, step, table);
    const missing = sets.subtract(needed, allowed.must);
    if (missing === EMPTY) return;
    const inDoubt = sets.intersect(missing, allowed.may);
    if (inDoubt !== EMPTY) {
      for (const fact of now.facts) this.facts.push(this.#asking.compiled.facts[fact]!);
      return;
    }
    if (table === undefined) {
      const refusing = step.verdict === EITHER ? undefined : step.stage.rules.rows[step.decision];
      const rule = refusing === undefined ? null : step.stage.rules.origins[refusing.origin]!;
      this.#deadEnd(step, rule, rule?.text);
      return;
    }
    this.filters.push({
      leg: this.#leg,
      stage: step.stage,
      place: this.#asking.compiled.places[step.stage.place]!,
      table,
      direction: step.stage.role.endsWith('in') ? 'in' : 'out',
      peer: this.#rangeOf(step.peer),
      holder: this.#holderOf(step),
      missing,
      room: sets.union(needed, allowed.must),
    });
  }

  #allowed(compiled: Compiled, { stage, peer, holder }: PathStep, table: RuleTable): Allowed {
    const { sets } = this.#reading;
    const rank = rankOf(compiled.space, peer);
    if (stage.kind !== GROUPS) return allowedInOrder(sets, table, rank);
    return allowedByAny(sets, table, rank, holder, compiled);
  }

  /** The answers to everything asked, by their own destination port or type. */
  #answers({ goesToChosenPort }: PathStep): L4Id {
    const { sets, asked } = this.#reading;
    const ports = goesToChosenPort ? intervalSet([{ first: 1024, last: LAST_PORT }]) : asked.clientPorts;
    let answers = asked.packets;
    for (const protocol of [TCP, UDP, ICMP, ICMPV6]) {
      answers = sets.subtract(answers, sets.box(protocol, 0, LAST_PORT));
      const packets = sets.ports(asked.packets, protocol);
      if (packets.length === 0) continue;
      if (protocol === TCP || protocol === UDP) answers = sets.union(answers, sets.ofPorts(protocol, ports));
      else {
        for (const { first, last } of packets) {
          for (let type = first >> 8; type <= last >> 8; type++) {
            const answer = answerOf(protocol, type);
            if (answer !== null) answers = sets.union(answers, sets.box(protocol, answer << 8, answer << 8));
          }
        }
      }
    }
    return answers;
  }

  /** Addresses that behave like this one: the whole piece of the internet that it stands for, or itself alone. */
  #rangeOf(address: Address): AddressRange {
    const { sender, target } = this.#pair;
    const piece = [sender.piece, target.piece].find(
      (candidate) => candidate !== null && sameAddress(candidate.first, address),
    );
    return piece ?? { first: address, last: address };
  }

  /** A rule may name groups of who sends, or who is sent to, where both are in one VPC. */
  #holderOf({ stage, holder, peer }: PathStep): number {
    if (stage.kind !== GROUPS) return NOBODY;
    const { network } = this.#asking.compiled;
    const held = stage.role === 'security-group-out' && holder === NOBODY ? this.#pair.target.held : null;
    const found = held !== null && sameAddress(held.prefix.address, peer) ? held.eni : holder;
    if (found < 0) return NOBODY;
    return network.networkInterfaces[found]!.vpcId === network.networkInterfaces[stage.host]!.vpcId ? found : NOBODY;
  }

  #deadEnd(step: PathStep, rule: RuleOrigin | null, text: string = step.stage.text): void {
    const { stage } = step;
    const { compiled } = this.#asking;
    const routes = routesInstead(compiled, this.#path[this.#leg], step, (address) => this.#rangeOf(address));
    const place = compiled.places[stage.place]!;
    this.deadEnds.push({ leg: this.#leg, stage, place, text, code: rule?.code ?? stage.code, rule, routes });
  }
}

const TABLES = new WeakMap<Compiled, ReadonlyMap<string, RuleTable>>();

function tablesOf(compiled: Compiled): ReadonlyMap<string, RuleTable> {
  const known = TABLES.get(compiled);
  if (known !== undefined) return known;
  const tables = new Map(compiled.stages.filter(isList).map((stage) => [listKey(stage), stage.rules]));
  TABLES.set(compiled, tables);
  return tables;
}

/** Security groups and network ACLs that the snapshot shows: rules can be added to them. */
function isList({ kind, role, rules }: Stage): boolean {
  return (kind === GROUPS || role === 'nacl-in' || role === 'nacl-out') && rules.resources.length > 0;
}

/** Stages that ask the same list have equal keys. */
export function listKey({ role, rules }: Stage): string {
  return `${role} ${rules.resources.join(',')}`;
}
