/** The walker and its round trips as such: what a stop leaves behind, ways that are compared, results that are overwritten. */

import { describe, expect, test } from 'vitest';
import { type CompileOptions, compile } from '../../src/compile/compile.ts';
import type { ConnectionTable } from '../../src/evaluate/connection-table.ts';
import { InFlight } from '../../src/evaluate/in-flight.ts';
import { DELIVERED, DROPPED, Leg, MAX_STEPS, UNDECIDED } from '../../src/evaluate/leg.ts';
import {
  ARRIVES_AND_RETURNS,
  ARRIVES_ONLY,
  DOES_NOT_ARRIVE,
  IS_UNKNOWN,
  type RoundTrip,
  RoundTrips,
} from '../../src/evaluate/round-trip.ts';
import { Walker } from '../../src/evaluate/walker.ts';
import { parsePacket } from '../../src/net/packet-text.ts';
import type { Drawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';

const OPEN = { in: ['all from 0.0.0.0/0'], out: ['all to 0.0.0.0/0'] };
const DRAWING: Drawing = {
  vpc: '10.0.0.0/16',
  subnets: { P: { cidr: '10.0.1.0/24' }, Q: { cidr: '10.0.2.0/24' } },
  groups: { open: OPEN, web: { in: ['tcp/443 from 10.0.0.0/16'] } },
  enis: {
    A: { subnet: 'P', address: '10.0.1.10', groups: ['web'] },
    B: { subnet: 'Q', address: '10.0.2.20', groups: ['web'] },
  },
};

/** Walks a packet that an interface sends, without its answer. */
function walk(
  drawing: Drawing,
  packet: string,
  settings: Partial<Walker> = {},
): { leg: Leg; connections: ConnectionTable } {
  const compiled = compile(networkOf(drawing));
  const walker = Object.assign(new Walker(compiled), settings);
  const leg = new Leg();
  const sender = compiled.names.eni.get('eni-a')!;
  const inFlight = new InFlight();
  inFlight.become(parsePacket(packet).packet, compiled.space, sender);
  walker.walk(compiled.entrances.leaveInterface[sender]!, inFlight, leg, 0);
  return { leg, connections: walker.connections };
}

const REQUEST = 'tcp 10.0.1.10:40000 > 10.0.2.20:443';
const CLOSED: Drawing = { ...DRAWING, subnets: { ...DRAWING.subnets, Q: { cidr: '10.0.2.0/24', nacl: { in: [] } } } };

describe('a packet that is stopped', () => {
  test('is remembered by those that let it pass before, and by nobody after', () => {
    const { leg, connections } = walk(CLOSED, REQUEST, { findsAllBlockers: true });
    expect(leg.outcome).toBe(DROPPED);
    expect([...connections.connections(0)].map(({ holder }) => holder)).toEqual([0]);
  });

  test('ends there, or goes on to what else would stop it, with the same outcome', () => {
    const [short, long] = [walk(CLOSED, REQUEST).leg, walk(CLOSED, REQUEST, { findsAllBlockers: true }).leg];
    expect([short.outcome, short.stoppedAt, long.outcome, long.stoppedAt]).toEqual([
      DROPPED,
      short.length - 1,
      DROPPED,
      short.length - 1,
    ]);
    expect(long.length).toBeGreaterThan(short.length);
  });

  test('rests on no reading of what comes after', () => {
    // The way over the border of its own subnet to an appliance would rest on OPEN-05.
    const drawing: Drawing = {
      ...DRAWING,
      subnets: { P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'eni-f' }, nacl: { out: [] } } },
      enis: { A: { subnet: 'P', address: '10.0.1.10' }, F: { subnet: 'P', address: '10.0.1.5', check: false } },
    };
    expect(walk(drawing, 'tcp 10.0.1.10:40000 > 203.0.113.7:443', { findsAllBlockers: true }).leg.assumptions).toBe(0);
    const open = { ...drawing, subnets: { P: { ...drawing.subnets!.P!, nacl: {} } } };
    expect(walk(open, 'tcp 10.0.1.10:40000 > 203.0.113.7:443').leg.assumptions).not.toBe(0);
  });
});

test('a dry run remembers nothing', () => {
  expect(walk(DRAWING, REQUEST).connections.size).toBe(2);
  const { leg, connections } = walk(DRAWING, REQUEST, { isDryRun: true });
  expect([leg.outcome, connections.size]).toEqual([DELIVERED, 0]);
});

test('CT-07: who let an untracked packet pass remembers it once it passes a gateway, but not in a dry run', () => {
  const drawing: Drawing = {
    vpc: '10.0.0.0/16',
    igw: true,
    subnets: {
      P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'nat-g' } },
      N: { cidr: '10.0.9.0/24', routes: { '0.0.0.0/0': 'igw' } },
    },
    nats: { G: { subnet: 'N', address: '10.0.9.5', public: '198.51.100.99' } },
    groups: { open: OPEN },
    enis: { A: { subnet: 'P', address: '10.0.1.10', groups: ['open'] } },
  };
  const packet = 'tcp 10.0.1.10:40000 > 203.0.113.7:443';
  // The interface, and the gateway inside and outside.
  expect(walk(drawing, packet).connections.size).toBe(3);
  expect(walk(drawing, packet, { isDryRun: true }).connections.size).toBe(0);
});

test('routes that lead in a circle end the packet after so many steps', () => {
  const drawing: Drawing = {
    vpc: '10.0.0.0/16',
    subnets: {
      P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'eni-f' } },
      F: { cidr: '10.0.2.0/24', routes: { '0.0.0.0/0': 'eni-h' } },
      H: { cidr: '10.0.3.0/24', routes: { '0.0.0.0/0': 'eni-f' } },
    },
    groups: { open: OPEN },
    enis: {
      A: { subnet: 'P', address: '10.0.1.10' },
      F: { subnet: 'F', address: '10.0.2.5', check: false, groups: ['open'] },
      H: { subnet: 'H', address: '10.0.3.5', check: false, groups: ['open'] },
    },
  };
  const appliances: CompileOptions = {
    appliances: new Map([
      ['eni-f', 'forwards'],
      ['eni-h', 'forwards'],
    ]),
  };
  const trip = roundTrip(drawing, 'tcp 10.0.1.10:40000 > 203.0.113.7:443', 'eni-a', appliances);
  expect([trip.verdict, trip.forward.isLoop, trip.forward.length]).toEqual([DOES_NOT_ARRIVE, true, MAX_STEPS]);
});

/** Packet and answer, from an interface. */
function roundTrip(drawing: Drawing, packet: string, from: string, options: CompileOptions = {}): RoundTrip {
  const compiled = compile(networkOf(drawing), options);
  const sender = compiled.names.eni.get(from)!;
  return new RoundTrips(compiled).walk(parsePacket(packet).packet, {
    stage: compiled.entrances.leaveInterface[sender]!,
    sender,
  });
}

describe('a packet and its answer', () => {
  test.each<readonly [what: string, drawing: Drawing, packet: string, verdict: number]>([
    ['arrive and return', DRAWING, REQUEST, ARRIVES_AND_RETURNS],
    ['do not arrive', DRAWING, 'tcp 10.0.1.10:40000 > 10.0.2.20:80', DOES_NOT_ARRIVE],
    [
      'arrive only',
      { ...DRAWING, subnets: { ...DRAWING.subnets, Q: { cidr: '10.0.2.0/24', nacl: { out: [] } } } },
      REQUEST,
      ARRIVES_ONLY,
    ],
    ['are unknown where the packet is', { ...DRAWING, absent: ['acl-default-1'] }, REQUEST, IS_UNKNOWN],
    [
      'are unknown where the answer is',
      { ...DRAWING, subnets: { ...DRAWING.subnets, Q: { cidr: '10.0.2.0/24', nacl: { out: ['90 unreadable'] } } } },
      REQUEST,
      IS_UNKNOWN,
    ],
    [
      'arrive, where the packet is of a kind that has no answer',
      DRAWING,
      'tcp 10.0.1.10:40000 > 10.0.2.20:443 flags F',
      ARRIVES_AND_RETURNS,
    ],
  ])('%s', (_what, drawing, packet, verdict) => {
    expect(roundTrip(drawing, packet, 'eni-a').verdict).toBe(verdict);
  });

  test('are one record that the next question overwrites, and nothing of the first reaches the second', () => {
    const compiled = compile(networkOf(DRAWING));
    const sender = compiled.names.eni.get('eni-a')!;
    const start = { stage: compiled.entrances.leaveInterface[sender]!, sender };
    const trips = new RoundTrips(compiled);
    const ask = (packet: string): RoundTrip => trips.walk(parsePacket(packet).packet, start);
    const first = ask(REQUEST);
    expect([first.verdict, first.hasReply]).toEqual([ARRIVES_AND_RETURNS, true]);
    const second = ask('tcp 10.0.1.10:40000 > 10.0.2.20:80');
    expect(second).toBe(first);
    expect([second.verdict, second.hasReply, second.answer]).toEqual([DOES_NOT_ARRIVE, false, null]);
    // The flow of the first question is not remembered: asked from the other side it is new, and judged by the rules.
    const other = compiled.names.eni.get('eni-b')!;
    const back = trips.walk(parsePacket('tcp 10.0.2.20:443 > 10.0.1.10:40000 flags SA').packet, {
      stage: compiled.entrances.leaveInterface[other]!,
      sender: other,
    });
    expect(back.verdict).toBe(DOES_NOT_ARRIVE);
  });
});

describe('OPEN-13: where AWS chooses and nobody can see', () => {
  const lists = { a: ['10.0.2.0/24'], b: ['10.0.2.0/24'] };
  const choosing = (nacl: Drawing['defaultNacl']): Drawing => ({
    vpc: '10.0.0.0/16',
    prefixLists: lists,
    subnets: {
      P: { cidr: '10.0.1.0/24', routes: { 'pl-a': 'eni-f', 'pl-b': 'eni-g' } },
      Q: { cidr: '10.0.2.0/24' },
      F: { cidr: '10.0.3.0/24' },
      G: { cidr: '10.0.4.0/24', nacl: nacl ?? {} },
    },
    groups: { open: OPEN },
    enis: {
      A: { subnet: 'P', address: '10.0.1.10', groups: ['open'] },
      B: { subnet: 'Q', address: '10.0.2.20', groups: ['open'] },
      F: { subnet: 'F', address: '10.0.3.5', check: false, groups: ['open'] },
      G: { subnet: 'G', address: '10.0.4.5', check: false, groups: ['open'] },
    },
  });
  const appliances: CompileOptions = {
    appliances: new Map([
      ['eni-f', 'forwards'],
      ['eni-g', 'forwards'],
    ]),
  };

  test('the verdict stands if every way gives it', () => {
    expect(roundTrip(choosing({}), REQUEST, 'eni-a', appliances).verdict).toBe(ARRIVES_AND_RETURNS);
  });

  test('it is unknown if two ways differ, and the choice is the fact that is missing', () => {
    const drawing = choosing({ in: [] });
    const trip = roundTrip(drawing, REQUEST, 'eni-a', appliances);
    const { facts } = compile(networkOf(drawing), appliances);
    expect(trip.verdict).toBe(IS_UNKNOWN);
    expect(trip.facts.map((fact) => facts[fact]!.key)).toEqual(['equal-routes:rtb-p:pl-a:pl-b']);
    // What is told of the way is the way by the list with the lowest id.
    expect(trip.forward.outcome).toBe(DELIVERED);
  });
});

test('a fact in doubt that was passed leaves the end open, with every fact on the way', () => {
  const { leg } = walk({ ...DRAWING, absent: ['acl-default-1', 'sg-web'] }, REQUEST);
  expect(leg.outcome).toBe(UNDECIDED);
  expect(new Set(leg.facts).size).toBe(3);
});
