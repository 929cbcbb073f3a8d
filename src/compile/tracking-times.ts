/** How long an idle connection is remembered at each interface, in seconds (CT-09 to CT-12). */

import type { Network } from '../model/network.ts';
import { type Names, NONE } from './names.ts';

export interface TrackingTimes {
  /** By interface index. */
  readonly tcpEstablished: Int32Array;
  readonly udpStream: Int32Array;
  readonly udp: Int32Array;
  /** By gateway index, where it is not a NAT gateway's time. */
  readonly gateway?: readonly (number | undefined)[];
  /** The same for UDP, where that has a time of its own. */
  readonly gatewayUdp?: readonly (number | undefined)[];
}

/** No time-out is documented for egress-only gateways: none shorter than the longest of an interface is assumed. */
export const EGRESS_ONLY_SECONDS = 432000;

/** CT-19: a balancer's node forgets idle UDP flows after this many seconds, TCP flows as a NAT gateway does. */
export const BALANCER_UDP_SECONDS = 120;

const TCP_ESTABLISHED = 432000;
const TCP_ESTABLISHED_NITRO_V6 = 350;
const UDP_STREAM = 180;
const UDP = 30;

/** CT-11. */
export const OTHER_PROTOCOLS_SECONDS = 600;
/** AWS documents none for ICMP; this is the Linux kernel's. */
export const ICMP_SECONDS = 30;

/**
 * Families on the sixth generation of the Nitro system, as published in 2026. P6e-GB200 is of it and keeps the longer default
 * (CT-09).
 */
const NITRO_V6 = new Set(
  (
    'c8a c8gb c8gn c8i c8id c8i-flex c8ib c8in hpc8a m8a m8azn m8gb m8gn m8i m8id m8i-flex p6-b200 p6-b300 ' +
    'r8a r8gb r8gn r8i r8id r8i-flex x8aedz x8i'
  ).split(' '),
);

export function trackingTimes(network: Network, names: Names): TrackingTimes {
  const byType = new Map<string, number>();
  const defaultTcp = (eni: number): number => {
    const index = names.instanceOfEni[eni]!;
    const type = index === NONE ? null : network.instances[index]!.instanceType;
    if (type === null) return TCP_ESTABLISHED;
    const known = byType.get(type) ?? (NITRO_V6.has(type.split('.')[0]!) ? TCP_ESTABLISHED_NITRO_V6 : TCP_ESTABLISHED);
    byType.set(type, known);
    return known;
  };
  const enis = network.networkInterfaces;
  const tcpEstablished = new Int32Array(enis.length);
  const udpStream = new Int32Array(enis.length);
  const udp = new Int32Array(enis.length);
  enis.forEach(({ tracking }, index) => {
    tcpEstablished[index] = tracking.tcpEstablished ?? defaultTcp(index);
    udpStream[index] = tracking.udpStream ?? UDP_STREAM;
    udp[index] = tracking.udp ?? UDP;
  });
  return { tcpEstablished, udpStream, udp };
}
