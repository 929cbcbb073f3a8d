/** A packet header in the notation that questions use, so that a line of output can be asked again. */

import type { Header } from '../explain/trace.ts';
import { icmpTypeName } from '../net/icmp.ts';
import { protocolNumber } from '../net/protocol.ts';

/** `tcp 203.0.113.7:40000 > 10.0.1.10:443`, `icmp echo 10.0.1.10 > 10.0.2.20`, `proto 50 10.0.1.10 > 203.0.113.7`. */
export function headerText(header: Header): string {
  const flags = header.tcpFlags === null || header.tcpFlags === 'S' ? '' : ` flags ${header.tcpFlags}`;
  return `${protocolText(header)} ${endsText(header)}${flags}`;
}

/** `203.0.113.7:40000 > 10.0.1.10:443`: all that a translation can change. */
export function endsText({ source, sourcePort, destination, destinationPort }: Header): string {
  return `${endText(source, sourcePort)} > ${endText(destination, destinationPort)}`;
}

/** `10.0.1.10:443`, `[2001:db8::a]:443`, or the address alone where there is no port. */
function endText(address: string, port: string | null): string {
  if (port === null) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function protocolText({ protocol, icmpType, icmpCode }: Header): string {
  const name = /^\d+$/.test(protocol) ? `proto ${protocol}` : protocol;
  if (icmpType === null) return name;
  const message = icmpCode ? null : icmpTypeName(protocolNumber(protocol) ?? -1, icmpType);
  return `${name} ${message ?? `${icmpType}.${icmpCode ?? 0}`}`;
}
