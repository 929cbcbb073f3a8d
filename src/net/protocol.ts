/** IP protocol numbers (IANA "Protocol Numbers") that have a name here, and what each means for ports. PKT-02, PKT-03. */

export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const ICMPV6 = 58;

/** In rules: every protocol. AWS writes "-1". */
export const ALL_PROTOCOLS = -1;

/** Highest value of a port, and of ICMP type * 256 + code. */
export const LAST_PORT = 65535;

/** Reports whether the protocol has ports: for AWS only TCP and UDP do (PKT-03, OPEN-02). */
export function hasPorts(protocol: number): boolean {
  return protocol === TCP || protocol === UDP;
}

export function isIcmp(protocol: number): boolean {
  return protocol === ICMP || protocol === ICMPV6;
}

/** ICMP type and code as the one number that rules compare: type * 256 + code. */
export function icmpCodepoint(type: number, code: number): number {
  return (type << 8) | code;
}

/**
 * Names that people use. The security group API knows the first four (PKT-02); the rest come from IANA's list, and Terraform
 * takes them too. Every other protocol is its number.
 */
const NAMES = new Map<number, string>([
  [ICMP, 'icmp'],
  [TCP, 'tcp'],
  [UDP, 'udp'],
  [ICMPV6, 'icmpv6'],
  [47, 'gre'],
  [50, 'esp'],
  [51, 'ah'],
  [132, 'sctp'],
]);
const NUMBERS = new Map<string, number>([...NAMES].map(([number, name]) => [name, number]));

/** The protocol's usual name, or its number in decimal. */
export function protocolName(protocol: number): string {
  return NAMES.get(protocol) ?? String(protocol);
}

/**
 * The number behind `"tcp"`, `"6"`, `6` or `"-1"` (as security groups and network ACLs write it), or null if it is none.
 * ALL_PROTOCOLS stands for "-1" and "all".
 */
export function protocolNumber(text: string | number): number | null {
  const word = String(text).toLowerCase();
  if (word === '-1' || word === 'all') return ALL_PROTOCOLS;
  const named = NUMBERS.get(word);
  if (named !== undefined) return named;
  return /^\d{1,3}$/.test(word) && Number(word) <= 255 ? Number(word) : null;
}
