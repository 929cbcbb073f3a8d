/** One packet header, as far as anything in AWS looks at it. */

import type { Address } from './address.ts';

/**
 * Ports and ICMP share two fields, so that a rule compares the same field whatever the protocol:
 *
 * | protocol    | sourcePortOrIcmpId | destinationPortOrIcmp |
 * | ----------- | ------------------ | --------------------- |
 * | TCP, UDP    | source port        | destination port      |
 * | ICMP(v6)    | query identifier   | type * 256 + code     |
 * | all others  | 0                  | 0                     |
 */
export interface Packet {
  /** IANA number, 0 to 255. */
  readonly protocol: number;
  readonly source: Address;
  readonly destination: Address;
  readonly sourcePortOrIcmpId: number;
  readonly destinationPortOrIcmp: number;
  /** The TCP flag bits of RFC 9293 (see `tcp-flags.ts`); zero unless the protocol is TCP. */
  readonly tcpFlags: number;
  /** The header that an ICMP error quotes; null for everything else. */
  readonly quoted: Packet | null;
}
