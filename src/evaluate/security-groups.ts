/** Security groups at an interface: connection tracking first, then the rules, then what is to be tracked (SG, CT). */

import { open } from '../compile/assumption.ts';
import type { Compiled } from '../compile/compile.ts';
import { NOBODY } from '../compile/identity.ts';
import { find } from '../compile/lookup.ts';
import { CERTAIN, DENY, NO_GROUP, openBit, type RuleTable } from '../compile/rule-table.ts';
import type { Stage } from '../compile/stage.ts';
import type { Packet } from '../net/packet.ts';
import { hasPorts, TCP, UDP } from '../net/protocol.ts';
import { ACK, SYN } from '../net/tcp-flags.ts';
import { type ConnectionTable, IN, OUT } from './connection-table.ts';
import { anyMatch, type Decision, lostReference, NO_ROW } from './decide.ts';
import { type InFlight, isRelated, NO_GATEWAY } from './in-flight.ts';
import { ESTABLISHED, type Leg, NEW, RELATED, REPLY, UNTRACKED } from './leg.ts';

/** A flow that an interface admitted untracked, unless something further on tracks it always. */
interface Untracked {
  readonly step: number;
  readonly host: number;
  readonly direction: number;
  readonly packet: Packet;
}

/** The fact behind a destination port that a NAT gateway chose; CERTAIN for an ordinary one. */
export function chosenPortFact(compiled: Compiled, packet: InFlight): number {
  const gateway = packet.destinationPortChosenBy;
  return gateway === NO_GATEWAY ? CERTAIN : compiled.gateways[gateway]!.portFact;
}

function directionOf(stage: Stage): number {
  return stage.role === 'security-group-in' ? IN : OUT;
}

export class SecurityGroups {
  readonly #compiled: Compiled;
  readonly #connections: ConnectionTable;
  readonly #untracked: Untracked[] = [];

  constructor(compiled: Compiled, connections: ConnectionTable) {
    this.#compiled = compiled;
    this.#connections = connections;
  }

  /** A new walk begins. */
  begin(): void {
    if (this.#untracked.length > 0) this.#untracked.length = 0;
  }

  /** CT-01: what belongs to a live connection passes whatever the rules say. */
  admitsByState(stage: Stage, packet: InFlight, leg: Leg, step: number, now: number, remembers: boolean): boolean {
    const connections = this.#connections;
    if (isRelated(packet) && connections.knows(stage.host, packet.quoted!, now)) {
      leg.tracking[step] = RELATED;
      leg.assumptions |= open(9);
      return true;
    }
    if (!connections.find(stage.host, directionOf(stage), packet, now)) return false;
    leg.tracking[step] = connections.isReply ? REPLY : ESTABLISHED;
    if (connections.isReply) {
      packet.isAnswer = true;
      if (packet.returnWay < 0) packet.returnWay = connections.returnWay;
    }
    if (remembers) connections.follow(packet, now);
    return true;
  }

  /** What the rules say, and which readings that rests on. */
  judge(stage: Stage, packet: InFlight, leg: Leg, step: number, decision: Decision): void {
    const { primaryRank } = this.#compiled;
    const isIn = directionOf(stage) === IN;
    const holder = this.#peerHolder(stage, packet);
    anyMatch(stage.rules, packet, holder, this.#compiled, chosenPortFact(this.#compiled, packet), decision);
    if (decision.verdict === DENY) {
      const isLost = isIn && stage.rules.hasGroups && lostReference(stage.rules, packet, this.#compiled);
      leg.lostReference[step] = isLost ? 1 : 0;
    }
    if (leg.stoppedAt >= 0) return;
    if (decision.verdict === DENY) {
      if (isMidStream(packet)) leg.assumptions |= open(10);
      return;
    }
    if (decision.row !== NO_ROW && stage.rules.rows[decision.row]!.group !== NO_GROUP && holder >= 0) {
      // OPEN-06: AWS says "private IP addresses"; that secondary, delegated and v6 addresses count is a reading.
      const rank = isIn ? packet.sourceRank : packet.destinationRank;
      if (rank !== primaryRank[holder]) leg.assumptions |= open(6);
    }
  }

  /** Remembers a flow that the rules admitted, unless it is one that AWS does not track. */
  track(
    stage: Stage,
    packet: InFlight,
    leg: Leg,
    step: number,
    now: number,
    decision: Decision,
    remembers: boolean,
  ): void {
    const { host } = stage;
    const direction = directionOf(stage);
    if (this.#isUntracked(stage, packet, decision.anywhere)) {
      leg.tracking[step] = UNTRACKED;
      this.#untracked.push({ step, host, direction, packet: packet.toPacket() });
    } else {
      leg.tracking[step] = NEW;
      if (isMidStream(packet)) leg.assumptions |= open(10);
      if (remembers) this.#connections.admit(host, direction, packet, now, packet.returnWay);
    }
  }

  /** CT-07: a flow that turned out to pass a gateway is tracked by every interface that admitted it. */
  trackAfterAll(leg: Leg, now: number, remembers: boolean): void {
    for (const { step, host, direction, packet } of this.#untracked) {
      leg.tracking[step] = NEW;
      if (!remembers) continue;
      this.#connections.admit(host, direction, { ...packet, portOrIcmp: packet.destinationPortOrIcmp }, now);
    }
  }

  /** Who is at the other end, as group references see it. */
  #peerHolder(stage: Stage, packet: InFlight): number {
    if (!stage.rules.hasGroups) return NOBODY;
    return directionOf(stage) === IN ? packet.sender : find(stage.identities, packet.destinationRank);
  }

  /**
   * CT-03, CT-05, OPEN-07: TCP or UDP that a literal anywhere-rule admits, with everything of its protocol open to anywhere in
   * the other direction. Seen from either packet of the flow: an answer to an untracked flow is untracked too.
   */
  #isUntracked(stage: Stage, packet: InFlight, anywhere: boolean): boolean {
    if (!hasPorts(packet.protocol) || !anywhere || packet.tracksAlways) return false;
    const bit = openBit(packet.source.family === 6, packet.protocol === UDP);
    if ((stage.opposite.openToAll & bit) !== 0) return true;
    if ((stage.rules.openToAll & bit) === 0) return false;
    if (packet.protocol === TCP && (packet.tcpFlags & (SYN | ACK)) === SYN) return false;
    return hasAnywhereRuleFor(stage.opposite, packet, this.#compiled.space.firstV6);
  }
}

/** OPEN-10: TCP without an entry that does not open a connection. */
function isMidStream(packet: InFlight): boolean {
  return packet.protocol === TCP && !packet.isAnswer && (packet.tcpFlags & (SYN | ACK)) !== SYN;
}

/** A literal anywhere-rule admits the packet's own answer in the other direction, by the packet's source port. */
function hasAnywhereRuleFor(rules: RuleTable, packet: InFlight, firstV6: number): boolean {
  const isV6 = packet.source.family === 6;
  return rules.rows.some(
    (row) =>
      row.anywhere &&
      row.fact === CERTAIN &&
      row.firstRank >= firstV6 === isV6 &&
      (row.protocol < 0 || row.protocol === packet.protocol) &&
      row.firstPortOrIcmp <= packet.sourcePortOrIcmpId &&
      packet.sourcePortOrIcmpId <= row.lastPortOrIcmp,
  );
}
