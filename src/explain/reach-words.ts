/** Sets of packets the way people write rules: `tcp 80,443`, `icmp echo`, `all traffic except tcp 22`. */

import { icmpTypeName, isAnswer, isRequest } from '../net/icmp.ts';
import { formatIntervals, type IntervalSet, intervalSet, subtractIntervals } from '../net/interval-set.ts';
import { hasPorts, isIcmp, LAST_PORT, protocolName } from '../net/protocol.ts';
import { EMPTY, EVERYTHING, type L4Id, type L4Sets } from '../reach/l4-sets.ts';

const WHOLE: IntervalSet = intervalSet([{ first: 0, last: LAST_PORT }]);

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

/** Whole types by name, single codes as `3.4`; what is missing where that takes fewer words. */
function icmpPhrase(protocol: number, codepoints: IntervalSet): string {
  const words = icmpWords(protocol, codepoints);
  const missing = icmpWords(protocol, subtractIntervals(WHOLE, codepoints));
  return missing.length < words.length ? `except ${listed(missing)}` : listed(words);
}

function listed(words: readonly string[]): string {
  return words.length > 8 ? `${words.slice(0, 8).join(',')},… (${words.length} types)` : words.join(',');
}

function icmpWords(protocol: number, codepoints: IntervalSet): readonly string[] {
  const words: string[] = [];
  for (const { first, last } of codepoints) {
    for (let at = first; at <= last; ) {
      const type = at >> 8;
      const endOfType = Math.min(last, (type << 8) | 255);
      words.push(typeWords(protocol, type, at & 255, endOfType & 255));
      at = endOfType + 1;
    }
  }
  return words;
}

/** A type that is asked about with code 0 only is a ping and the like, which people call by name. */
function typeWords(protocol: number, type: number, firstCode: number, lastCode: number): string {
  const isPing = firstCode === 0 && lastCode === 0 && (isRequest(protocol, type) || isAnswer(protocol, type));
  if (isPing || (firstCode === 0 && lastCode === 255)) return icmpTypeName(protocol, type) ?? `type ${type}`;
  return firstCode === lastCode ? `${type}.${firstCode}` : `${type}.${firstCode}-${type}.${lastCode}`;
}
