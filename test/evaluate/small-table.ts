/** A small connection table to try things on: two interfaces with idle times of their own, then gateways. */

import type { TrackingTimes } from '../../src/compile/tracking-times.ts';
import { ConnectionTable } from '../../src/evaluate/connection-table.ts';
import type { Tracked } from '../../src/evaluate/flow-key.ts';
import type { Packet } from '../../src/net/packet.ts';
import type { IdleTimes } from './flow-model.ts';

export const TIMES: readonly IdleTimes[] = [
  { tcp: 432000, udpStream: 180, udp: 30 },
  { tcp: 60, udpStream: 90, udp: 45 },
];

/** The first holder that is a gateway's. */
export const GATEWAY = 2;

export function timesOf(times: readonly IdleTimes[]): TrackingTimes {
  return {
    tcpEstablished: Int32Array.from(times, ({ tcp }) => tcp),
    udpStream: Int32Array.from(times, ({ udpStream }) => udpStream),
    udp: Int32Array.from(times, ({ udp }) => udp),
  };
}

export function newTable(slots?: number): ConnectionTable {
  return new ConnectionTable(timesOf(TIMES), TIMES.length, slots);
}

/** The packet as tracking looks at it. */
export function tracked(packet: Packet): Tracked {
  return { ...packet, portOrIcmp: packet.destinationPortOrIcmp };
}
