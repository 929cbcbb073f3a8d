/** Rule lists as boxes of numbers: overlapping prefixes, the ports that people use, nothing that names every address. */

import type { BoxRule } from '../../src/reach/decision-diagram.ts';
import type { Random } from './random.ts';

type Range = BoxRule['box'][number];

export interface RuleList {
  /** Bits of each field. */
  readonly widths: readonly number[];
  /** In their order; a list whose rules all allow has none. */
  readonly rules: readonly BoxRule[];
}

const ADDRESS_BITS = 32;
const PORTS: Range = { first: 0, last: 65_535 };

/** Source, destination, protocol, destination port, source port; a third of the rules denies. */
export function fiveTupleList(random: Random, length: number): RuleList {
  const rules = Array.from({ length }, () => ({
    allows: !random.oneIn(3),
    box: [prefix(random), prefix(random), protocol(random), ports(random), PORTS],
  }));
  return { widths: [ADDRESS_BITS, ADDRESS_BITS, 8, 16, 16], rules };
}

/** Peer, protocol, destination port: as network ACLs are, a third of the entries denies. */
export function aclList(random: Random, length: number): RuleList {
  const rules = Array.from({ length }, () => ({ allows: !random.oneIn(3), box: peerBox(random) }));
  return { widths: [ADDRESS_BITS, 8, 16], rules };
}

/** As security groups are: peer, protocol, destination port, and every rule allows. */
export function groupList(random: Random, length: number): RuleList {
  return {
    widths: [ADDRESS_BITS, 8, 16],
    rules: Array.from({ length }, () => ({ allows: true, box: peerBox(random) })),
  };
}

function peerBox(random: Random): readonly Range[] {
  return [prefix(random), protocol(random), ports(random)];
}

/** A part of 10.0.0.0/8, from a quarter of it down to 16 addresses. */
function prefix(random: Random): Range {
  const size = 2 ** (ADDRESS_BITS - random.integer(10, 28));
  const address = 10 * 2 ** 24 + random.integer(0, 2 ** 24 - 1);
  const first = address - (address % size);
  return { first, last: first + size - 1 };
}

function protocol(random: Random): Range {
  const number = random.pick([6, 6, 17]);
  return { first: number, last: number };
}

/** Mostly one well-known port; otherwise a range, the ephemeral ports, or all. */
function ports(random: Random): Range {
  const kind = random.integer(0, 9);
  if (kind === 9) return PORTS;
  if (kind === 8) return { first: 1024, last: 65_535 };
  const first = kind > 5 ? random.integer(1, 60_000) : random.pick([22, 80, 443, 3306, 5432, 8080, 53, 9200]);
  return { first, last: kind > 5 ? first + random.integer(1, 5000) : first };
}
