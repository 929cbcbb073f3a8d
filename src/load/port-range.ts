/** Ports and ICMP fields of rules: numbers from outside into the range that rules compare. */

import { type Origin, originOf } from '../model/origin.ts';
import { LAST_PORT, protocolName } from '../net/protocol.ts';
import { icmpTraffic, type Traffic } from '../net/traffic.ts';
import { describeValue } from './json-value.ts';
import type { Path, Reading } from './reading.ts';

const PORTS_REMEDY = `TCP and UDP rules need a first and a last port, from 0 to ${LAST_PORT}`;
const ICMP_REMEDY = 'ICMP rules need type and code, each from 0 to 255 or -1 for all';

/** An inclusive port range (NACL-10, SG-09). Null, after a problem, where it is missing, out of bounds or upside down. */
export function readPorts(
  reading: Reading,
  protocol: number,
  first: unknown,
  last: unknown,
  origin: Origin,
  path: Path,
): Traffic | null {
  if (isPort(first) && isPort(last) && first <= last) {
    return { protocol, firstPortOrIcmp: first, lastPortOrIcmp: last };
  }
  const missing = isAbsent(first) || isAbsent(last);
  const what = missing
    ? `${protocolName(protocol)} without ports`
    : `ports ${describeValue(first)} to ${describeValue(last)} are no range`;
  reading.error(what, originOf(origin, ...path), PORTS_REMEDY);
  return null;
}

/** One ICMP type and code, or wildcards (PKT-05). Null, after a problem, where one is missing or out of bounds. */
export function readIcmp(
  reading: Reading,
  protocol: number,
  type: unknown,
  code: unknown,
  origin: Origin,
  path: Path,
): Traffic | null {
  if (isIcmpField(type) && isIcmpField(code)) return icmpTraffic(protocol, type, code);
  const missing = isAbsent(type) || isAbsent(code);
  const what = missing
    ? `${protocolName(protocol)} without type and code`
    : `ICMP type ${describeValue(type)}, code ${describeValue(code)} is out of bounds`;
  reading.error(what, originOf(origin, ...path), ICMP_REMEDY);
  return null;
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LAST_PORT;
}

function isIcmpField(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= -1 && value <= 255;
}
