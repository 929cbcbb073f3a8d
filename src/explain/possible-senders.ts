/**
 * Who may appear to a group check under an address that some rule names: the interfaces of the same VPC and of those joined to it by
 * peering, and from elsewhere those that come by a public address. One interface of each class speaks for it.
 */

import { rankOf, ranksOf } from '../compile/address-space.ts';
import type { Compiled } from '../compile/compile.ts';
import type { InterfaceClasses } from '../compile/interface-classes.ts';
import { NONE, ownPrefixes } from '../compile/names.ts';
import type { NetworkInterface } from '../model/network-interface.ts';
import type { Address } from '../net/address.ts';
import type { RuleBoxes } from './group-coverage.ts';
import type { Box } from './rule-boxes.ts';
import { peeredVpcs } from './unseen-senders.ts';

type Span = Pick<Box, 'firstRank' | 'lastRank'>;

interface Apparent {
  readonly rank: number;
  readonly senders: readonly number[];
}

export class PossibleSenders {
  readonly #compiled: Compiled;
  readonly #classes: InterfaceClasses;
  readonly #peersOf: (vpc: number) => readonly number[];
  readonly #byVpc = new Map<number, number[]>();
  /** Addresses of the NAT gateways of each VPC: anyone of the VPC may appear under them. */
  readonly #natRanks = new Map<number, Span[]>();
  /** What senders appear as beyond their VPC, by rank: public and v6 addresses. */
  readonly #beyond: readonly Apparent[];

  constructor(compiled: Compiled, classes: InterfaceClasses) {
    this.#compiled = compiled;
    this.#classes = classes;
    this.#peersOf = peeredVpcs(compiled);
    const { names, network } = compiled;
    for (const [eni] of classes.members) pushTo(this.#byVpc, names.vpcOfEni[eni!]!, eni!);
    const beyond: Apparent[] = [];
    for (const { vpcId, addresses } of network.natGateways) {
      const vpc = names.vpc.get(vpcId) ?? NONE;
      const ranks = addresses.flatMap(({ privateAddress, publicAddress }) =>
        this.#ranksOf(privateAddress, publicAddress),
      );
      for (const rank of ranks) {
        pushTo(this.#natRanks, vpc, { firstRank: rank, lastRank: rank });
        beyond.push({ rank, senders: this.#byVpc.get(vpc) ?? [] });
      }
    }
    for (const [eni] of classes.members) {
      const { privateAddresses, ipv6Addresses, delegated } = network.networkInterfaces[eni!]!;
      const publics = privateAddresses.map(({ publicAddress }) => publicAddress);
      const ranks = this.#ranksOf(...publics, ...ipv6Addresses, ...delegated.map(({ address }) => address));
      for (const rank of ranks) beyond.push({ rank, senders: [eni!] });
    }
    this.#beyond = beyond.sort((a, b) => a.rank - b.rank);
  }

  /** Of the target's VPC and of those joined to it, the target's subnet first, and another member of its class beside it. */
  near(target: number): readonly number[] {
    const { names } = this.#compiled;
    const vpc = names.vpcOfEni[target]!;
    const twin = this.#classes.members[this.#classes.classOf[target]!]!.find((eni) => eni !== target);
    const all = [vpc, ...this.#peersOf(vpc)].flatMap((other) => this.#byVpc.get(other) ?? []);
    const isNear = (eni: number): boolean => names.subnetOfEni[eni] === names.subnetOfEni[target];
    return [...(twin === undefined ? [] : [twin]), ...all.filter(isNear), ...all.filter((eni) => !isNear(eni))];
  }

  /** From anywhere else, those that appear under an address that a rule names. References see nobody from there (SG-13). */
  far(target: number, rows: Iterable<RuleBoxes>): readonly number[] {
    const { names } = this.#compiled;
    const vpc = names.vpcOfEni[target]!;
    const near = new Set([vpc, ...this.#peersOf(vpc)]);
    const found = new Set<number>();
    for (const { reference, boxes } of rows) {
      for (const { firstRank, lastRank } of reference === null ? boxes : []) {
        for (let at = this.#firstFrom(firstRank); (this.#beyond[at]?.rank ?? Infinity) <= lastRank; at++) {
          for (const eni of this.#beyond[at]!.senders) if (!near.has(names.vpcOfEni[eni]!)) found.add(eni);
        }
      }
    }
    return [...found];
  }

  /** Reports whether the sender may appear to one of the rules as whom it names. */
  mayMatch(sender: number, rows: Iterable<RuleBoxes>): boolean {
    const { network, space, names, groupsOfInterface } = this.#compiled;
    const eni = network.networkInterfaces[sender]!;
    const own: Span[] = ownPrefixes(eni)
      .map((prefix) => ranksOf(space, prefix))
      .map(({ first, last }) => ({ firstRank: first, lastRank: last }));
    const publics = this.#ranksOf(...eni.privateAddresses.map(({ publicAddress }) => publicAddress));
    const spans = [...own, ...publics.map((rank) => ({ firstRank: rank, lastRank: rank })), ...this.natRanksOf(sender)];
    for (const { reference, boxes } of rows) {
      if (reference !== null && groupsOfInterface[sender]!.includes(names.group.get(reference)!)) return true;
      if (reference === null && boxes.some((box) => spans.some((span) => meet(box, span)))) return true;
    }
    return false;
  }

  /** Addresses of NAT gateways under which packets of this interface may appear. */
  natRanksOf(sender: number): readonly Span[] {
    return this.#natRanks.get(this.#compiled.names.vpcOfEni[sender]!) ?? [];
  }

  #ranksOf(...addresses: readonly (Address | null)[]): readonly number[] {
    return addresses.flatMap((address) => (address === null ? [] : [rankOf(this.#compiled.space, address)]));
  }

  /** Index of the first apparent address from this rank on. */
  #firstFrom(rank: number): number {
    let low = 0;
    let high = this.#beyond.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#beyond[middle]!.rank < rank) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Who may send what is not its own: a host that switched the check off. A NAT gateway has it off, too, and sends as itself. */
export function sendsAsOthers({ sourceDestCheck, owner }: NetworkInterface): boolean {
  return !sourceDestCheck && owner !== 'nat-gateway';
}

function meet(a: Span, b: Span): boolean {
  return a.firstRank <= b.lastRank && b.firstRank <= a.lastRank;
}

function pushTo<T>(lists: Map<number, T[]>, key: number, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
