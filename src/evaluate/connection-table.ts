/**
 * The connection-tracking table: which flows each interface (and each stateful gateway) has admitted, and until when.
 *
 * One flat table with open addressing over typed arrays. An entry is the flow as its originator sent it, seen from one *holder*
 * (an interface, or a gateway) in one direction. A packet is looked for as it is, and as the answer to what it would then
 * answer: ends swapped, other direction.
 *
 *     slot s   words[s * STRIDE ..]   HOLDER KIND  from: 4 words  to: 4 words  PORTS STATE
 *              seen[s]                when the last packet passed, in seconds
 *
 * Slots are probed linearly and removal moves the rest of a run back, so a free slot ends every search. Time never comes from
 * a clock: every call says what time it is.
 */

import { ICMP_SECONDS, OTHER_PROTOCOLS_SECONDS, type TrackingTimes } from '../compile/tracking-times.ts';
import type { Packet } from '../net/packet.ts';
import { isIcmp, TCP, UDP } from '../net/protocol.ts';
import { FIN, RST } from '../net/tcp-flags.ts';
import {
  ANSWERED,
  ASKED_AGAIN,
  BOTH_FINS,
  type Connection,
  FIN_FROM_ORIGINATOR,
  FIN_FROM_RESPONDER,
  STREAM,
  stateName,
  type Translation,
} from './connection-state.ts';
import {
  addressAt,
  FREE,
  FROM,
  HOLDER,
  hashFlow,
  isIcmpAnswer,
  KIND,
  PORTS,
  STATE,
  STRIDE,
  sameFlow,
  TO,
  type Tracked,
  writeFlowKey,
} from './flow-key.ts';

export const IN = 0;
export const OUT = 1;

/** Not in the table. */
export const ABSENT = -1;

/** NAT-07: gateways forget idle flows after this many seconds. */
export const GATEWAY_IDLE_SECONDS = 350;

export class ConnectionTable {
  #slots: number;
  #words: Uint32Array;
  #seen: Float64Array;
  /** A gateway's translation, and the way back over a peering (NAT-06), by slot. */
  #translations: (Translation | null)[];
  #returnWays: Int32Array;
  #used = 0;
  readonly #times: TrackingTimes;
  readonly #interfaces: number;
  /** Slot that `find` found, and whether the packet goes the other way than its originator's. */
  slot: number = ABSENT;
  isReply = false;
  // The key of the packet under search, in the order in which it is stored.
  readonly #key = new Uint32Array(STRIDE);

  /** Holders below `interfaces` are interfaces, with their own idle times; the others are gateways. */
  constructor(times: TrackingTimes, interfaces: number, slots = 16) {
    this.#times = times;
    this.#interfaces = interfaces;
    this.#slots = slots;
    this.#words = new Uint32Array(slots * STRIDE);
    this.#seen = new Float64Array(slots);
    this.#translations = new Array(slots).fill(null);
    this.#returnWays = new Int32Array(slots).fill(-1);
  }

  get size(): number {
    return this.#used;
  }

  clear(): void {
    if (this.#used === 0) return;
    this.#words.fill(0);
    this.#translations.fill(null);
    this.#used = 0;
  }

  /**
   * Looks for the flow of a packet that passes `holder` in `direction`. True if a live entry admits it: an entry that started in
   * this direction with these ends, or one that started in the other direction with the ends swapped (CT-01, CT-15). An expired
   * entry is removed on sight (CT-13).
   */
  find(holder: number, direction: number, packet: Tracked, now: number): boolean {
    if (isIcmp(packet.protocol)) {
      const isReply = isIcmpAnswer(packet);
      return this.#findAs(holder, isReply ? 1 - direction : direction, packet, isReply, now) || this.#miss();
    }
    return (
      this.#findAs(holder, direction, packet, false, now) ||
      this.#findAs(holder, 1 - direction, packet, true, now) ||
      this.#miss()
    );
  }

  #miss(): boolean {
    this.slot = ABSENT;
    this.isReply = false;
    return false;
  }

  #findAs(holder: number, direction: number, packet: Tracked, isReply: boolean, now: number): boolean {
    writeFlowKey(this.#key, holder, direction, packet, isReply);
    const slot = this.#probe();
    if (slot < 0) return false;
    if (now - this.#seen[slot]! >= this.#timeout(slot)) {
      this.#remove(slot);
      return false;
    }
    this.slot = slot;
    this.isReply = isReply;
    return true;
  }

  /** Reports whether a live entry of the holder has the flow of this packet, whichever way and direction (OPEN-09). */
  knows(holder: number, quoted: Packet, now: number): boolean {
    const packet: Tracked = { ...quoted, portOrIcmp: quoted.destinationPortOrIcmp };
    return this.find(holder, IN, packet, now) || this.find(holder, OUT, packet, now);
  }

  /** Notes a packet of the entry found last: refreshes it and follows its state. A closed connection is forgotten at once. */
  follow(packet: Tracked, now: number): void {
    const { slot, isReply } = this;
    const at = slot * STRIDE + STATE;
    let state = this.#words[at]!;
    if (isReply) state |= (state & ASKED_AGAIN) !== 0 ? ANSWERED | STREAM : ANSWERED;
    else if ((state & ANSWERED) !== 0) state |= ASKED_AGAIN;
    this.#seen[slot] = now;
    if (packet.protocol === TCP) {
      // FL-08: packets after the end of a connection are judged by the rules again.
      const wasClosing = (state & BOTH_FINS) === BOTH_FINS;
      if ((packet.tcpFlags & FIN) !== 0) state |= isReply ? FIN_FROM_RESPONDER : FIN_FROM_ORIGINATOR;
      if ((packet.tcpFlags & RST) !== 0 || (wasClosing && (packet.tcpFlags & FIN) === 0)) {
        this.#remove(slot);
        return;
      }
    }
    this.#words[at] = state;
  }

  /** Admits a new flow, as its first packet passes. Replaces an entry of the same flow. */
  admit(holder: number, direction: number, packet: Tracked, now: number, returnWay = -1): void {
    if ((packet.tcpFlags & RST) !== 0 && packet.protocol === TCP) return;
    if (2 * (this.#used + 1) > this.#slots) this.#grow();
    writeFlowKey(this.#key, holder, direction, packet, false);
    let slot = this.#probe();
    if (slot < 0) {
      slot = ~slot;
      this.#used++;
    }
    this.#words.set(this.#key, slot * STRIDE);
    this.#words[slot * STRIDE + STATE] =
      (packet.tcpFlags & FIN) !== 0 && packet.protocol === TCP ? FIN_FROM_ORIGINATOR : 0;
    this.#seen[slot] = now;
    this.#translations[slot] = null;
    this.#returnWays[slot] = returnWay;
    this.slot = slot;
    this.isReply = false;
  }

  /** Translation of the entry found or admitted last. */
  get translation(): Translation | null {
    return this.#translations[this.slot]!;
  }

  set translation(translation: Translation) {
    this.#translations[this.slot] = translation;
  }

  get returnWay(): number {
    return this.#returnWays[this.slot]!;
  }

  /** Every entry that is live at `now`, in no particular order. */
  *connections(now: number): Generator<Connection> {
    for (let slot = 0; slot < this.#slots; slot++) {
      const at = slot * STRIDE;
      if (this.#words[at + HOLDER] === FREE || now - this.#seen[slot]! >= this.#timeout(slot)) continue;
      const kind = this.#words[at + KIND]!;
      const ports = this.#words[at + PORTS]!;
      yield {
        holder: this.#words[at + HOLDER]! - 1,
        direction: (kind >>> 8) & 1,
        protocol: kind & 255,
        from: addressAt(this.#words, at + FROM, kind),
        to: addressAt(this.#words, at + TO, kind),
        fromPortOrIcmpId: ports >>> 16,
        toPortOrIcmp: ports & 0xffff,
        state: stateName(this.#words[at + STATE]!),
        seen: this.#seen[slot]!,
        timeout: this.#timeout(slot),
      };
    }
  }

  /** Renumbers holders and ways over peerings: each function gives a new number, or ABSENT for what is gone. */
  renumbered(
    times: TrackingTimes,
    interfaces: number,
    renumber: (holder: number) => number,
    renumberWay: (way: number) => number,
  ): ConnectionTable {
    const table = new ConnectionTable(times, interfaces, this.#slots);
    for (let slot = 0; slot < this.#slots; slot++) {
      const at = slot * STRIDE;
      if (this.#words[at + HOLDER] === FREE) continue;
      const holder = renumber(this.#words[at + HOLDER]! - 1);
      if (holder === ABSENT) continue;
      table.#key.set(this.#words.subarray(at, at + STRIDE));
      table.#key[HOLDER] = holder + 1;
      const way = this.#returnWays[slot]!;
      const newWay = way < 0 ? ABSENT : renumberWay(way);
      const translation = this.#translations[slot]!;
      table.#place(
        table.#key,
        this.#seen[slot]!,
        translation && this.#rechosen(translation, interfaces, renumber),
        newWay,
      );
    }
    return table;
  }

  #rechosen(translation: Translation, interfaces: number, renumber: (holder: number) => number): Translation {
    if (translation.chosenBy < 0) return translation;
    const holder = renumber(this.#interfaces + 2 * translation.chosenBy);
    return { ...translation, chosenBy: holder === ABSENT ? ABSENT : (holder - interfaces) >> 1 };
  }

  #timeout(slot: number): number {
    const at = slot * STRIDE;
    const holder = this.#words[at + HOLDER]! - 1;
    if (holder >= this.#interfaces) {
      const isUdp = (this.#words[at + KIND]! & 255) === UDP;
      const times = isUdp ? this.#times.gatewayUdp : this.#times.gateway;
      return times?.[(holder - this.#interfaces) >> 1] ?? GATEWAY_IDLE_SECONDS;
    }
    const protocol = this.#words[at + KIND]! & 255;
    if (protocol === TCP) return this.#times.tcpEstablished[holder]!;
    if (protocol === UDP) {
      const isStream = (this.#words[at + STATE]! & STREAM) !== 0;
      return isStream ? this.#times.udpStream[holder]! : this.#times.udp[holder]!;
    }
    return isIcmp(protocol) ? ICMP_SECONDS : OTHER_PROTOCOLS_SECONDS;
  }

  /** Slot that holds `#key`, or ~slot of the free slot where it would go. Some slot is always free. */
  #probe(): number {
    const key = this.#key;
    const words = this.#words;
    let slot = hashFlow(key, 0) & (this.#slots - 1);
    for (;;) {
      const at = slot * STRIDE;
      if (words[at] === FREE) return ~slot;
      if (sameFlow(words, at, key)) return slot;
      slot = (slot + 1) & (this.#slots - 1);
    }
  }

  #remove(slot: number): void {
    const mask = this.#slots - 1;
    let hole = slot;
    for (let next = (hole + 1) & mask; this.#words[next * STRIDE] !== FREE; next = (next + 1) & mask) {
      // An entry may move back into the hole unless its own place lies cyclically between the hole and itself.
      const home = hashFlow(this.#words, next * STRIDE) & mask;
      if (((next - home) & mask) < ((next - hole) & mask)) continue;
      this.#words.copyWithin(hole * STRIDE, next * STRIDE, (next + 1) * STRIDE);
      this.#seen[hole] = this.#seen[next]!;
      this.#translations[hole] = this.#translations[next]!;
      this.#returnWays[hole] = this.#returnWays[next]!;
      hole = next;
    }
    this.#words.fill(0, hole * STRIDE, (hole + 1) * STRIDE);
    this.#translations[hole] = null;
    this.#used--;
    this.slot = ABSENT;
  }

  #grow(): void {
    const larger = new ConnectionTable(this.#times, this.#interfaces, this.#slots * 2);
    for (let slot = 0; slot < this.#slots; slot++) {
      const at = slot * STRIDE;
      if (this.#words[at] === FREE) continue;
      larger.#key.set(this.#words.subarray(at, at + STRIDE));
      larger.#place(larger.#key, this.#seen[slot]!, this.#translations[slot]!, this.#returnWays[slot]!);
    }
    this.#slots = larger.#slots;
    this.#words = larger.#words;
    this.#seen = larger.#seen;
    this.#translations = larger.#translations;
    this.#returnWays = larger.#returnWays;
  }

  /** Puts a whole entry into a table that has room and lacks it. */
  #place(entry: Uint32Array, seen: number, translation: Translation | null, returnWay: number): void {
    const slot = ~this.#probe();
    this.#words.set(entry, slot * STRIDE);
    this.#seen[slot] = seen;
    this.#translations[slot] = translation;
    this.#returnWays[slot] = returnWay;
    this.#used++;
  }
}
