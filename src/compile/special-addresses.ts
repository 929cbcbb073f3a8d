/** Address ranges that AWS treats by name, with the statement or RFC that says so. */

import { parsePrefix } from '../net/address-text.ts';
import type { Prefix } from '../net/prefix.ts';
import { TCP, UDP } from '../net/protocol.ts';
import type { Traffic } from '../net/traffic.ts';
import { NO_ASSUMPTION, open } from './assumption.ts';
import type { ExplanationCode } from './explanation-code.ts';

const prefix = (text: string): Prefix => parsePrefix(text).prefix;
const port = (protocol: number, number: number): Traffic => ({
  protocol,
  firstPortOrIcmp: number,
  lastPortOrIcmp: number,
});

/** RFC 1918. */
export const PRIVATE_RANGES: readonly Prefix[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(prefix);

/** A range that an internet gateway refuses, with the code for each direction and the reading it rests on (IGW-07, OPEN-30). */
export interface RefusedRange {
  readonly prefix: Prefix;
  readonly called: string;
  readonly asDestination: ExplanationCode;
  readonly asSource: ExplanationCode;
  readonly assumptions: number;
}

const refused = (
  called: string,
  asDestination: ExplanationCode,
  asSource: ExplanationCode,
  assumptions: number,
  ...texts: readonly string[]
): readonly RefusedRange[] =>
  texts.map((text) => ({ prefix: prefix(text), called: `${text}, ${called}`, asDestination, asSource, assumptions }));

export const REFUSED_BY_INTERNET: readonly RefusedRange[] = [
  ...refused(
    'private (RFC 1918)',
    'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS',
    'IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS',
    NO_ASSUMPTION,
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
  ),
  ...refused(
    'shared (RFC 6598)',
    'IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS',
    'IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS',
    NO_ASSUMPTION,
    '100.64.0.0/10',
  ),
  ...refused(
    'not routable on the internet',
    'NO_POSSIBLE_DESTINATION',
    'NO_POSSIBLE_DESTINATION',
    open(30),
    '0.0.0.0/8',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '224.0.0.0/4',
    '240.0.0.0/4',
    '::/128',
    '::1/128',
    'fc00::/7',
    'fe80::/10',
    'ff00::/8',
  ),
];

/** A service of the instance's own host that neither groups nor network ACLs filter (NACL-16, SG-21). */
export interface ExemptService {
  readonly prefix: Prefix;
  readonly name: string;
  /** What the service is asked on; anything else at its address is exempt too, but only by OPEN-03. */
  readonly traffic: readonly Traffic[];
}

export const DNS_TRAFFIC: readonly Traffic[] = [port(UDP, 53), port(TCP, 53)];
export const DHCP_TRAFFIC: readonly Traffic[] = [port(UDP, 67), port(UDP, 68)];
const DHCPV6_TRAFFIC: readonly Traffic[] = [port(UDP, 546), port(UDP, 547)];

const service = (name: string, traffic: readonly Traffic[], ...texts: readonly string[]): readonly ExemptService[] =>
  texts.map((text) => ({ prefix: prefix(text), name, traffic }));

export const EXEMPT_SERVICES: readonly ExemptService[] = [
  ...service('Amazon DNS', DNS_TRAFFIC, '169.254.169.253/32', 'fd00:ec2::253/128'),
  ...service('instance metadata', [port(TCP, 80)], '169.254.169.254/32', 'fd00:ec2::254/128'),
  ...service('ECS task metadata', [port(TCP, 80)], '169.254.170.2/32'),
  ...service('Amazon Time Sync', [port(UDP, 123)], '169.254.169.123/32', 'fd00:ec2::123/128'),
  ...service('Windows licensing', [port(TCP, 1688)], '169.254.169.250/32', '169.254.169.251/32'),
  // Broadcast and link-local carry nothing but DHCP in a VPC (PKT-10, OPEN-03).
  ...service('DHCP', DHCP_TRAFFIC, '255.255.255.255/32'),
  ...service('DHCPv6', DHCPV6_TRAFFIC, 'ff02::1:2/128'),
];

/** Reserved for AWS's local services: exempt even where no service is known, but flagged (RT-09, OPEN-03). */
export const RESERVED_FOR_SERVICES: readonly ExemptService[] = [
  ...service('a link-local AWS service', [], '169.254.168.0/22', 'fd00:ec2::/32'),
];

/** Destinations that a NAT gateway translates from v6 to v4 (NAT-09). */
export const NAT64_PREFIX: Prefix = prefix('64:ff9b::/96');
