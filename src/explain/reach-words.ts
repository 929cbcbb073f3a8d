/** Sets of packets the way people write rules: `tcp 80,443`, `icmp echo`, `all traffic except tcp 22`. */

import { icmpTypeName } from '../net/icmp.ts';
import { formatIntervals, type IntervalSet } from '../net/interval-set.ts';
import { hasPorts, isIcmp, LAST_PORT, protocolName } from '../net/protocol.ts';
import { EMPTY, EVERYTHING, type L4Id, type L4Sets } from '../reach/l4-sets.ts';

/** One phrase a protocol; the complement where that takes fewer phrases. */
export function wordsOf(sets: L4Sets, set: L4Id): readonly string[] {
  if (set === EMPTY) return [];
  if (set === EVERYTHING) return ['all traffic'];
  const plain = phrases(sets, set);
  const missing = phrases(sets, sets.subtract(EVERYTHING, set));
  return missing.length < plain.length ? [`all traffic except ${missing.join(', ')}`] : plain;
}

function phrases(sets: L4Sets, set: L4Id): readonly string[] {
  return sets.runs(set).flatMap(({ first, last, ports }) => {
    if (last - first > 3 && isWhole(ports)) return [`protocols ${first}-${last}`];
    return Array.from({ length: last - first + 1 }, (_, i) => protocolPhrase(first + i, ports));
  });
}

function isWhole(ports: IntervalSet): boolean {
  return ports.length === 1 && ports[0]!.first === 0 && ports[0]!.last === LAST_PORT;
}

function protocolPhrase(protocol: number, ports: IntervalSet): string {
  const name = protocolName(protocol);
  if (isWhole(ports) || (!hasPorts(protocol) && !isIcmp(protocol))) {
    return /^\d/.test(name) ? `protocol ${name}` : name;
  }
  return `${name} ${hasPorts(protocol) ? formatIntervals(ports) : icmpPhrase(protocol, ports)}`;
}

/** Whole types by name, single codes as `3.4`. */
function icmpPhrase(protocol: number, codepoints: IntervalSet): string {
  const words: string[] = [];
  for (const { first, last } of codepoints) {
    for (let at = first; at <= last; ) {
      const type = at >> 8;
      const endOfType = Math.min(last, (type << 8) | 255);
      const name = icmpTypeName(protocol, type) ?? `type ${type}`;
      const isWholeType = (at & 255) === 0 && (endOfType & 255) === 255;
      if (isWholeType || (at & 255) === 0) words.push(name);
      else words.push(`${type}.${at & 255}`);
      at = endOfType + 1;
    }
  }
  return words.length > 8 ? `${words.slice(0, 8).join(',')},… (${words.length} types)` : words.join(',');
}
