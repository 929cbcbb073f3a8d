/** A set of packets between two addresses, on its way: ends as they are at this point, and what the network remembers of it. */

import { NOBODY } from '../compile/identity.ts';
import type { Listener, Stage, StageId } from '../compile/stage.ts';
import { type Address, sameAddress } from '../net/address.ts';
import type { Consulted } from './consulted.ts';
import { EVERYTHING, type L4Id } from './l4-sets.ts';

export const NO_GATEWAY = -1;

/** A flow as a stateful gateway took it out. */
interface Translation {
  readonly gateway: number;
  readonly inside: Address;
  readonly insideRank: number;
  readonly outside: Address;
  readonly remote: Address;
  /** What the inside calls the remote end: another address under NAT64. */
  readonly remoteInside: Address;
  readonly remoteInsideRank: number;
  /** The gateway that had chosen the source port before this one saw the flow, and the way back that it had then. */
  readonly portChosenBefore: number;
  readonly returnWayBefore: number;
}

/** What a filter lets through, by itself. */
export interface Passage {
  readonly stage: StageId;
  readonly must: L4Id;
  readonly may: L4Id;
}

/** What stopped packets, and which. */
export interface Kill {
  readonly stage: StageId;
  /** Packets that get past this stage in no completion of the missing facts. */
  readonly killed: L4Id;
}

/** An interface that admitted the packets, in one direction, and their ends as it saw them (CT-02). */
interface Admission {
  readonly host: number;
  readonly direction: number;
  readonly source: Address;
  readonly destination: Address;
}

/** Packets between two addresses, on their way. One record serves the packet and then its answer. */
export class SetsInFlight {
  source: Address;
  destination: Address;
  sourceRank: number;
  destinationRank: number;
  sender: number;
  must: L4Id = EVERYTHING;
  may: L4Id = EVERYTHING;
  /** Without repetition. Nearly all questions leave this and the other lists empty or very short: no sets. */
  readonly facts: number[] = [];
  assumptions = 0;
  kills: Kill[] = [];
  /** Stages met on this leg. */
  readonly path: StageId[] = [];
  readonly #admissions: Admission[] = [];
  readonly translations: Translation[] = [];
  /** Listeners of balancers that took the packets, and the interface of the first node: who asked that one asked its balancer. */
  readonly listeners: Listener[] = [];
  front = -1;
  translatedBy: number = NO_GATEWAY;
  /** Answers: the gateway that chose the port they go to, or NO_GATEWAY. */
  portChosenBy: number = NO_GATEWAY;
  returnWay = -1;
  /** Between a NAT64 gateway and the v4 end: rules see ICMP where the sets say ICMPv6 (NAT-09). */
  isNat64 = false;
  isAnswer = false;
  /** Notes what is asked of one end, where somebody wants to know. */
  readonly consulted: Consulted | null;
  /** Where this is a list, filters are noted here and stop nothing: what would each of them let through? */
  passages: Passage[] | null = null;
  /** An interface (index) whose inbound groups let every packet pass, to be asked later; NOBODY where all are asked. */
  openHost: number = NOBODY;
  /** How often such groups were met. */
  timesOpen = 0;
  /** The stage at which everything ended. */
  end: Stage | null = null;

  constructor(
    source: Address,
    sourceRank: number,
    destination: Address,
    destinationRank: number,
    sender: number,
    consulted: Consulted | null,
  ) {
    this.consulted = consulted;
    this.source = source;
    this.sourceRank = sourceRank;
    this.destination = destination;
    this.destinationRank = destinationRank;
    this.sender = sender;
  }

  addFact(fact: number): void {
    if (!this.facts.includes(fact)) this.facts.push(fact);
  }

  /** Notes that the host tracks these packets from now on. */
  admit(host: number, direction: number): void {
    const { source, destination } = this;
    this.#admissions.push({ host, direction, source, destination });
  }

  /** CT-01: whether the host knows these answers, going this way, for answers to what it admitted. */
  isExpectedBy(host: number, direction: number): boolean {
    return this.#admissions.some(
      (admission) =>
        admission.host === host &&
        admission.direction !== direction &&
        sameAddress(admission.source, this.destination) &&
        sameAddress(admission.destination, this.source),
    );
  }

  /** The same packets on their way, to be led on apart. */
  fork(): SetsInFlight {
    const { source, sourceRank, destination, destinationRank, sender, consulted } = this;
    const copy = new SetsInFlight(source, sourceRank, destination, destinationRank, sender, consulted);
    copy.must = this.must;
    copy.may = this.may;
    copy.facts.push(...this.facts);
    copy.assumptions = this.assumptions;
    copy.path.push(...this.path);
    copy.#admissions.push(...this.#admissions);
    copy.listeners.push(...this.listeners);
    copy.front = this.front;
    copy.translations.push(...this.translations);
    copy.translatedBy = this.translatedBy;
    copy.returnWay = this.returnWay;
    copy.isNat64 = this.isNat64;
    copy.passages = this.passages;
    return copy;
  }

  /** Becomes the answers to the packets that arrived: ends change places, sets begin anew. */
  turnRound(sender: number): void {
    const { source, sourceRank } = this;
    this.source = this.destination;
    this.sourceRank = this.destinationRank;
    this.destination = source;
    this.destinationRank = sourceRank;
    this.sender = sender;
    this.must = EVERYTHING;
    this.may = EVERYTHING;
    this.portChosenBy = this.translatedBy;
    this.translatedBy = NO_GATEWAY;
    this.isAnswer = true;
    this.kills = [];
    this.path.length = 0;
    this.end = null;
  }
}
