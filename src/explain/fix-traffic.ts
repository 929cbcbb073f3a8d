/** Sets of packets as the fewest rules that hold them: a rule has one protocol, or all, and one range of ports. */

import {
  type IntervalSet,
  intersectIntervals,
  intervalSet,
  noIntervals,
  subtractIntervals,
} from '../net/interval-set.ts';
import { hasPorts, isIcmp, LAST_PORT } from '../net/protocol.ts';
import { ALL_TRAFFIC, type Traffic, wholeProtocol } from '../net/traffic.ts';
import { EVERYTHING, type L4Id, type L4Sets } from '../reach/l4-sets.ts';

/** More rules than this for one set are no help to anyone: one rule for all traffic takes their place. */
const MOST_BOXES = 8;

/**
 * Rules that hold all of `missing` and nothing outside `room`, which holds `missing` and what may lie between its parts.
 * Where they would be more than eight, one rule for all traffic, which holds more.
 */
export function trafficBoxes(sets: L4Sets, missing: L4Id, room: L4Id): readonly Traffic[] {
  const runs = sets.runs(missing);
  const protocols = runs.reduce((count, { first, last }) => count + last - first + 1, 0);
  if (protocols > 1 && sets.isSubset(EVERYTHING, room)) return [ALL_TRAFFIC];
  if (protocols > MOST_BOXES) return [ALL_TRAFFIC];
  const boxes = runs.flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_, i) => boxesOf(sets, first + i, missing, room)).flat(),
  );
  return boxes.length > MOST_BOXES ? [ALL_TRAFFIC] : boxes;
}

function boxesOf(sets: L4Sets, protocol: number, missing: L4Id, room: L4Id): readonly Traffic[] {
  const wanted = sets.ports(missing, protocol);
  if (!hasPorts(protocol) && !isIcmp(protocol)) return [wholeProtocol(protocol)];
  const between = sets.ports(room, protocol);
  // ICMP rules name one type, or all of them (PKT-05): a stretch of several types is cut at the types' borders.
  if (isIcmp(protocol) && (between.length !== 1 || between[0]!.first !== 0 || between[0]!.last !== LAST_PORT)) {
    return icmpBoxes(protocol, wanted, between);
  }
  return between.flatMap((stretch) => {
    const parts = intersectIntervals(wanted, [stretch]);
    const [first] = parts;
    if (first === undefined) return [];
    if (isIcmp(protocol)) return [wholeProtocol(protocol)];
    return [{ protocol, firstPortOrIcmp: first.first, lastPortOrIcmp: parts.at(-1)!.last }];
  });
}

function icmpBoxes(protocol: number, wanted: IntervalSet, between: IntervalSet): readonly Traffic[] {
  const boxes: Traffic[] = [];
  for (let type = 0; type < 256; type++) {
    const whole = intervalSet([{ first: type << 8, last: (type << 8) | 255 }]);
    const codes = intersectIntervals(wanted, whole);
    if (codes.length === 0) continue;
    if (noIntervals(subtractIntervals(whole, between))) {
      boxes.push({ protocol, firstPortOrIcmp: type << 8, lastPortOrIcmp: (type << 8) | 255 });
      continue;
    }
    for (const { first, last } of codes) {
      for (let code = first; code <= last; code++)
        boxes.push({ protocol, firstPortOrIcmp: code, lastPortOrIcmp: code });
    }
  }
  return boxes;
}
