/** Exact sets of headers: what they hold, how they combine, and that they agree with walking one packet. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ExactSet, type Flows, packetsOf } from '../../src/explain/exact-set.ts';
import { nextAddress } from '../../src/net/address.ts';
import { addressSet, hasAddress } from '../../src/net/address-set.ts';
import { parsePrefix } from '../../src/net/address-text.ts';
import type { Packet } from '../../src/net/packet.ts';
import { parsePacket } from '../../src/net/packet-text.ts';
import { hasPorts, ICMP, ICMPV6, isIcmp, TCP, UDP } from '../../src/net/protocol.ts';
import { EMPTY, EVERYTHING, type L4Id, L4Sets } from '../../src/reach/l4-sets.ts';

const sets = new L4Sets();
const HTTPS = sets.box(TCP, 443, 443);
const EPHEMERAL = sets.union(sets.box(TCP, 1024, 65535), sets.box(UDP, 1024, 65535));

function flow(sources: string, destinations: string, forward: L4Id, reply: L4Id = EVERYTHING): Flows {
  const [from] = addressSet([parsePrefix(sources).prefix]);
  const [to] = addressSet([parsePrefix(destinations).prefix]);
  return { sources: from!, destinations: to!, forward, reply };
}

const one = (...flows: readonly Flows[]): ExactSet => packetsOf(sets, flows);
const isSame = (a: ExactSet, b: ExactSet): boolean => a.subtract(b).isEmpty() && b.subtract(a).isEmpty();

describe('tcp 443 from 203.0.113.0/24 to one address, answered to ephemeral ports', () => {
  const set = one(flow('203.0.113.0/24', '10.0.1.10/32', HTTPS, EPHEMERAL));

  test('holds the packets that arrive and are answered', () => {
    expect(set.contains('tcp 203.0.113.7:40000 > 10.0.1.10:443')).toBe(true);
    expect(set.contains('tcp 203.0.113.7:1023 > 10.0.1.10:443'), 'not answered').toBe(false);
    expect(set.contains('tcp 203.0.113.7:40000 > 10.0.1.10:444'), 'another port').toBe(false);
    expect(set.contains('udp 203.0.113.7:40000 > 10.0.1.10:443'), 'another protocol').toBe(false);
    expect(set.contains('tcp 203.0.114.0:40000 > 10.0.1.10:443'), 'another source').toBe(false);
    expect(set.contains('tcp 203.0.113.7:40000 > 10.0.1.11:443'), 'another destination').toBe(false);
    expect(set.contains('tcp [2001:db8::1]:40000 > [2001:db8::2]:443'), 'another family').toBe(false);
  });

  test('has one header for each source and source port', () => {
    expect(set.count()).toBe(256n * (65536n - 1024n));
    expect(set.isEmpty()).toBe(false);
  });

  test('is one box', () => {
    const boxes = set.boxes(1);
    expect(boxes).toEqual([
      {
        sources: ['203.0.113.0/24'],
        destinations: ['10.0.1.10/32'],
        protocols: { first: TCP, last: TCP },
        destinationPortsOrIcmp: { first: 443, last: 443 },
        sourcePorts: { first: 1024, last: 65535 },
      },
    ]);
    expect(JSON.parse(JSON.stringify(boxes))).toEqual(boxes);
    expect(() => set.boxes(0)).toThrow('the set has more boxes than the limit of 0');
  });

  test('shows a packet with an address and ports that people know', () => {
    expect(set.witness()).toBe('tcp 203.0.113.7:49152 > 10.0.1.10:443');
  });

  test('asks for a header without places', () => {
    expect(() => set.contains('tcp 203.0.113.7:1@internet > 10.0.1.10:443')).toThrow('leave out "@internet"');
  });
});

test('all traffic between two addresses is every header once', () => {
  const all = one(flow('10.0.0.1/32', '10.0.0.2/32', EVERYTHING));
  const ports = 2n * 65536n * 65536n; // TCP and UDP
  const codes = 2n * 65536n; // ICMP and ICMPv6
  expect(all.count()).toBe(ports + codes + 252n);
  for (const text of ['icmp 3.4 10.0.0.1 > 10.0.0.2', 'proto 50 10.0.0.1 > 10.0.0.2', 'udp 10.0.0.1:0 > 10.0.0.2:0']) {
    expect(all.contains(text)).toBe(true);
  }
});

test('ICMP is answered by type and code, other protocols as a whole', () => {
  const echo = sets.box(ICMP, 8 << 8, 8 << 8);
  const all = one(flow('10.0.0.1/32', '10.0.0.2/32', EVERYTHING, sets.union(echo, sets.box(50, 0, 65535))));
  expect(all.count()).toBe(2n);
  expect(all.contains('icmp echo 10.0.0.1 > 10.0.0.2')).toBe(true);
  expect(all.contains('icmp 13 10.0.0.1 > 10.0.0.2')).toBe(false);
  expect(all.contains('proto 50 10.0.0.1 > 10.0.0.2')).toBe(true);
  expect(all.contains('proto 51 10.0.0.1 > 10.0.0.2')).toBe(false);
  expect(all.witness()).toBe('icmp echo 10.0.0.1 > 10.0.0.2');
});

test('whole families are counted in full', () => {
  const all = one(flow('::/0', '2001:db8::1/128', HTTPS), flow('0.0.0.0/0', '10.0.0.1/32', HTTPS));
  expect(all.count()).toBe((2n ** 128n + 2n ** 32n) * 65536n);
  expect(all.boxes(2).map(({ sources }) => sources)).toEqual([['0.0.0.0/0'], ['::/0']]);
});

test('no flow is the empty set', () => {
  for (const empty of [one(), one(flow('10.0.0.1/32', '10.0.0.2/32', EMPTY))]) {
    expect([empty.isEmpty(), empty.count(), empty.witness(), empty.boxes(0)]).toEqual([true, 0n, null, []]);
  }
});

test('a flow between two families is refused', () => {
  expect(() => one(flow('10.0.0.1/32', '2001:db8::1/128', HTTPS))).toThrow('two address families');
});

test('a set combines only with sets of this library', () => {
  const set = one(flow('10.0.0.1/32', '10.0.0.2/32', HTTPS));
  expect(() => set.union({ ...set } as ExactSet)).toThrow('sets of the same library');
});

describe('sets that were made apart', () => {
  const PREFIXES = ['0.0.0.0/0', '10.0.0.0/8', '10.0.0.0/9', '10.0.1.0/24', '10.0.1.10/32', '255.255.255.255/32'];
  const PREFIXES6 = ['::/0', '2001:db8::/32', '2001:db8:0:1::/64', '2001:db8::1/128'];
  const ports = fc.tuple(fc.constantFrom(0, 22, 443, 1024), fc.constantFrom(0, 21, 40000)).map(([first, more]) => {
    return { first, last: first + more };
  });
  const l4 = fc
    .array(fc.tuple(fc.constantFrom(-1, ICMP, TCP, TCP, UDP, 50, ICMPV6), ports), { maxLength: 4 })
    .chain((boxes) =>
      fc.boolean().map((complement) => {
        const union = boxes.reduce<L4Id>(
          (all, [protocol, { first, last }]) =>
            // Rules without ports are about all of them.
            sets.union(
              all,
              hasPorts(protocol) || isIcmp(protocol) ? sets.box(protocol, first, last) : sets.box(protocol, 0, 65535),
            ),
          EMPTY,
        );
        return complement ? sets.subtract(EVERYTHING, union) : union;
      }),
    );
  const flows = fc.array(
    fc
      .constantFrom(PREFIXES, PREFIXES6)
      .chain((family) => fc.tuple(fc.constantFrom(...family), fc.constantFrom(...family), l4, l4))
      .map(([from, to, forward, reply]) => flow(from, to, forward, reply)),
    { maxLength: 5 },
  );

  /** Ends and their neighbours of every prefix, ports at the ends of every range. */
  const addresses = [...PREFIXES, ...PREFIXES6].flatMap((text) => {
    const [range] = addressSet([parsePrefix(text).prefix]);
    return [range!.first, range!.last, nextAddress(range!.last) ?? range!.last];
  });
  const packets: fc.Arbitrary<Packet> = fc
    .record({
      source: fc.constantFrom(...addresses),
      destination: fc.constantFrom(...addresses),
      protocol: fc.constantFrom(ICMP, TCP, UDP, 50, 51, ICMPV6),
      sourcePort: fc.constantFrom(0, 21, 22, 443, 464, 465, 1023, 1024, 40443, 65535),
      port: fc.constantFrom(0, 21, 22, 443, 464, 465, 1023, 1024, 40443, 65535),
    })
    .map(({ source, destination, protocol, sourcePort, port }) => ({
      source,
      destination,
      protocol,
      sourcePortOrIcmpId: hasPorts(protocol) ? sourcePort : isIcmp(protocol) ? 7 : 0,
      destinationPortOrIcmp: hasPorts(protocol) || isIcmp(protocol) ? port : 0,
      tcpFlags: 0,
      quoted: null,
    }));

  /** The plainest reading of what the flows hold. */
  function holds(list: readonly Flows[], packet: Packet): boolean {
    const { source, destination, protocol, sourcePortOrIcmpId, destinationPortOrIcmp } = packet;
    const answeredBy = hasPorts(protocol) ? sourcePortOrIcmpId : destinationPortOrIcmp;
    return list.some(
      ({ sources, destinations, forward, reply }) =>
        hasAddress([sources], source) &&
        hasAddress([destinations], destination) &&
        sets.contains(forward, protocol, destinationPortOrIcmp) &&
        sets.contains(reply, protocol, answeredBy),
    );
  }

  test('hold what their flows hold, and what union, intersection and difference make of them', () => {
    fc.assert(
      fc.property(flows, flows, fc.array(packets, { minLength: 60, maxLength: 60 }), (listA, listB, probes) => {
        const [a, b] = [packetsOf(sets, listA), packetsOf(sets, listB)];
        const [union, common, rest] = [a.union(b), a.intersect(b), a.subtract(b)];
        for (const probe of probes) {
          const [inA, inB] = [holds(listA, probe), holds(listB, probe)];
          expect([a.contains(probe), b.contains(probe)]).toEqual([inA, inB]);
          expect(union.contains(probe)).toBe(inA || inB);
          expect(common.contains(probe)).toBe(inA && inB);
          expect(rest.contains(probe)).toBe(inA && !inB);
        }
        expect(a.count() + b.count()).toBe(union.count() + common.count());
        expect(rest.count()).toBe(a.count() - common.count());
        expect(isSame(rest.union(common), a)).toBe(true);
        expect(isSame(packetsOf(sets, [...listA, ...listB]), union)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('show a packet of their own, unless they are empty', () => {
    fc.assert(
      fc.property(flows, (list) => {
        const set = packetsOf(sets, list);
        const witness = set.witness();
        expect(witness === null).toBe(set.isEmpty());
        if (witness === null) return;
        expect(set.contains(witness)).toBe(true);
        expect(holds(list, parsePacket(witness).packet)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
