/**
 * Writes the stage graph. Features (interfaces, subnets, gateways, peering, ...) each add their stages through one builder.
 *
 * Stages refer to each other in circles (a subnet leads to a gateway that leads back), so a stage is *reserved* first and
 * written later: `once` hands out its id at once and queues the writing, which keeps the depth of calls constant however long
 * the chains of the network are.
 */

import { isComplete, KINDS, type Kind, type Network } from '../model/network.ts';
import type { Fact } from '../model/problem.ts';
import type { Resource } from '../model/resource.ts';
import type { SecurityGroup } from '../model/security-group.ts';
import type { Address } from '../net/address.ts';
import type { Prefix } from '../net/prefix.ts';
import { type AddressSpace, rankOf, ranksOf } from './address-space.ts';
import type { ExplanationCode } from './explanation-code.ts';
import type { LookupPrefix } from './lookup.ts';
import type { Names } from './names.ts';
import { CERTAIN } from './rule-table.ts';
import {
  DROP,
  type Entry,
  type EntryOrigin,
  type GraphPlace,
  NO_STAGE,
  type Stage,
  type StageId,
  type StageRole,
  stage,
  UNKNOWN,
} from './stage.ts';
import { PlainEntry } from './stage-shapes.ts';

/** A gateway that remembers flows: index into `natGateways` or `egressOnlyGateways`, or the interface of a balancer's node (`node`: for what it sends itself). */
export interface StatefulGateway {
  readonly kind: 'nat' | 'egress-only' | 'balancer' | 'node';
  readonly index: number;
}

/** Makes what a thing of the network has one of, by its index. */
type Writer<T> = (b: GraphBuilder, index: number) => T;

export class GraphBuilder {
  readonly network: Network;
  readonly names: Names;
  readonly space: AddressSpace;
  readonly appliances: ReadonlyMap<string, 'forwards' | 'drops'>;
  readonly stages: Stage[] = [];
  readonly places: GraphPlace[] = [];
  readonly facts: Fact[] = [];
  readonly #factByKey = new Map<string, number>();
  readonly gateways: StatefulGateway[] = [];
  readonly #gatewayByKey = new Map<string, number>();
  /** Ways that answers take to nodes of balancers, by name; their indices come after those over peerings. */
  readonly #ways = new Map<string, { readonly way: number; start: StageId }>();
  /** By kind, then by id. */
  readonly #placeById = new Map<string, Map<string, number>>();
  readonly #stageByKey = new Map<string, StageId>();
  readonly #stagesByIndex = new Map<string, Int32Array>();
  /** Stages that are reserved and not written yet, last in first out: what to write, for which index, and where. */
  readonly #reserved: StageId[] = [];
  readonly #writers: Writer<Stage>[] = [];
  readonly #indexes: number[] = [];
  readonly #shared = new Map<string, unknown>();
  readonly #sharedByIndex = new Map<string, unknown[]>();
  /** No index into a list of the network is as large. */
  readonly #indices: number;

  constructor(
    network: Network,
    names: Names,
    space: AddressSpace,
    appliances: ReadonlyMap<string, 'forwards' | 'drops'>,
  ) {
    this.network = network;
    this.names = names;
    this.space = space;
    this.appliances = appliances;
    this.#indices = Math.max(...KINDS.map((kind) => network[kind].length));
    for (const fact of network.facts) this.fact(fact);
  }

  /** The stage known by `key`, written by `write` the first time it is asked for. */
  once(key: string, write: () => Stage): StageId {
    const known = this.#stageByKey.get(key);
    if (known !== undefined) return known;
    const id = this.#reserve(write, 0);
    this.#stageByKey.set(key, id);
    return id;
  }

  /**
   * The same for a stage that each interface (or subnet, or VPC) has one of: known by its index, at no cost in text. A writer that
   * is no closure costs nothing either until its turn comes, and there may be a million waiting.
   */
  onceOf(what: string, index: number, write: Writer<Stage>): StageId {
    let ids = this.#stagesByIndex.get(what);
    if (ids === undefined) {
      ids = new Int32Array(this.#indices).fill(NO_STAGE);
      this.#stagesByIndex.set(what, ids);
    }
    if (ids[index] === NO_STAGE) ids[index] = this.#reserve(write, index);
    return ids[index]!;
  }

  #reserve(write: Writer<Stage>, index: number): StageId {
    const id = this.stages.push(PLACEHOLDER) - 1;
    this.#reserved.push(id);
    this.#writers.push(write);
    this.#indexes.push(index);
    return id;
  }

  /** A table or lookup that several stages share. */
  shared<T>(key: string, make: () => T): T {
    const known = this.#shared.get(key);
    if (known !== undefined) return known as T;
    const made = make();
    this.#shared.set(key, made);
    return made;
  }

  /** The same for what each interface (or subnet, or VPC) has one of. */
  sharedOf<T extends {}>(what: string, index: number, make: Writer<T>): T {
    let known = this.#sharedByIndex.get(what) as T[] | undefined;
    if (known === undefined) {
      known = new Array<T>(this.#indices);
      this.#sharedByIndex.set(what, known);
    }
    return (known[index] ??= make(this, index));
  }

  /** Writes every stage that was asked for. */
  finish(): void {
    for (let id = this.#reserved.pop(); id !== undefined; id = this.#reserved.pop()) {
      const write = this.#writers.pop()!;
      this.stages[id] = write(this, this.#indexes.pop()!);
    }
  }

  place(place: GraphPlace): number {
    let byId = this.#placeById.get(place.kind);
    if (byId === undefined) {
      byId = new Map();
      this.#placeById.set(place.kind, byId);
    }
    const known = byId.get(place.id);
    if (known !== undefined) return known;
    byId.set(place.id, this.places.length);
    return this.addPlace(place);
  }

  /** The same for a place that is asked for once: nobody needs to find it by its id. */
  addPlace(place: GraphPlace): number {
    return this.places.push(place) - 1;
  }

  /** Index of a missing fact; equal keys are one fact. */
  fact(fact: Fact): number {
    const known = this.#factByKey.get(fact.key);
    if (known !== undefined) return known;
    this.#factByKey.set(fact.key, this.facts.length);
    return this.facts.push(fact) - 1;
  }

  /** Reports whether a record of this kind that is not in the snapshot does not exist, as seen from `near`. */
  isComplete(kind: Kind, near: Resource): boolean {
    return this.shared(`complete ${kind} ${near.account} ${near.region}`, () => ({
      whole: isComplete(this.network, kind, near.account, near.region),
    })).whole;
  }

  /** A fact that loading found missing under this key, or null. */
  gap(key: string): Fact | null {
    const index = this.#factByKey.get(key);
    return index === undefined ? null : this.facts[index]!;
  }

  /** Index of a stateful gateway: stages that speak of one gateway share its flows. */
  gateway(gateway: StatefulGateway): number {
    const key = `${gateway.kind} ${gateway.index}`;
    const known = this.#gatewayByKey.get(key);
    if (known !== undefined) return known;
    this.#gatewayByKey.set(key, this.gateways.length);
    return this.gateways.push(gateway) - 1;
  }

  /** Index of the way to a balancer's node from a subnet (or NONE); `start` writes the stage it begins with. */
  wayToNode(eni: number, subnet: number, start: () => StageId): number {
    const key = `${this.network.networkInterfaces[eni]!.id} from ${this.network.subnets[subnet]?.id ?? 'elsewhere'}`;
    const known = this.#ways.get(key);
    if (known !== undefined) return known.way;
    const way = { way: 2 * this.network.peerings.length + this.#ways.size, start: NO_STAGE };
    this.#ways.set(key, way);
    way.start = start();
    return way.way;
  }

  /** Names of the ways to nodes, and the stages at which they begin, in the order of their indices. */
  get waysToNodes(): { readonly names: readonly string[]; readonly starts: readonly StageId[] } {
    return { names: [...this.#ways.keys()], starts: Array.from(this.#ways.values(), ({ start }) => start) };
  }

  /** The end of packets at a place. `because` names the list or gateway that has the say. */
  drop(
    place: number,
    role: StageRole,
    code: ExplanationCode,
    text: string,
    because: Partial<DropOrigin> = {},
  ): StageId {
    const { resource = null, rule = null, source = null } = because;
    return this.once(`drop ${place} ${role} ${code} ${resource} ${rule} ${text}`, () =>
      stage(DROP, role, place, { code, text, origin: resource === null ? null : { resource, rule, source, text } }),
    );
  }

  unknown(place: number, role: StageRole, fact: Fact): StageId {
    const index = this.fact(fact);
    return this.once(`unknown ${place} ${role} ${index}`, () =>
      stage(UNKNOWN, role, place, { host: index, text: fact.what }),
    );
  }

  /** The group's record, or null where the snapshot lacks it. */
  securityGroup(id: string): SecurityGroup | null {
    const known = this.shared(
      'security groups by id',
      () => new Map(this.network.securityGroups.map((g) => [g.id, g])),
    );
    return known.get(id) ?? null;
  }

  rank(address: Address): number {
    return rankOf(this.space, address);
  }

  prefix(prefix: Prefix, value: number): LookupPrefix {
    return { ranks: ranksOf(this.space, prefix), length: prefix.length, value };
  }
}

/** What a dropped packet's explanation refers to. */
export type DropOrigin = Omit<EntryOrigin, 'text'>;

/** Stands where a stage is reserved and not yet written; nothing leads here once the graph is finished. */
const PLACEHOLDER: Stage = stage(DROP, 'deliver', 0, { text: 'a stage that was never written' });

export function entry(
  next: StageId,
  origin: EntryOrigin | null,
  more?: Partial<Omit<Entry, 'next' | 'origin'>>,
): Entry {
  if (more === undefined) return new PlainEntry(next, origin);
  return {
    next,
    rewrite: more.rewrite ?? null,
    rewriteRank: more.rewriteRank ?? 0,
    alternatives: more.alternatives ?? NO_ALTERNATIVES,
    fact: more.fact ?? CERTAIN,
    assumptions: more.assumptions ?? 0,
    origin,
  };
}

const NO_ALTERNATIVES: readonly number[] = [];
