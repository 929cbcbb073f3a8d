/** The connection table against a plain list of flows: packets, waits and renumbering in any order. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Connection } from '../../src/evaluate/connection-state.ts';
import { ABSENT, type ConnectionTable, IN, OUT } from '../../src/evaluate/connection-table.ts';
import { parseAddress } from '../../src/net/address-text.ts';
import type { Packet } from '../../src/net/packet.ts';
import { FlowModel, flowText } from './flow-model.ts';
import { GATEWAY, newTable, TIMES, timesOf, tracked } from './small-table.ts';

// Few of everything, so that flows meet: two interfaces and two gateway holders, three hosts of each family, two ports.
const V4_HOSTS = ['10.0.1.10', '10.0.1.11', '203.0.113.7'].map(parseAddress);
const V6_HOSTS = ['fd00::1', 'fd00::2', '2001:db8::7'].map(parseAddress);
const HOLDERS = [0, 1, GATEWAY, GATEWAY + 1];

const anyPacket: fc.Arbitrary<Packet> = fc
  .record({
    hosts: fc.constantFrom(V4_HOSTS, V4_HOSTS, V6_HOSTS),
    ends: fc.constantFrom([0, 1], [1, 0], [0, 2], [2, 0], [1, 2], [2, 1]),
    kind: fc.constantFrom('tcp', 'tcp', 'udp', 'icmp', 'esp'),
    ports: fc.tuple(fc.constantFrom(40000, 443), fc.constantFrom(40000, 443)),
    flags: fc.constantFrom(2, 18, 16, 17, 1, 4),
    message: fc.constantFrom(0, 1, 2, 3),
  })
  .map(({ hosts, ends: [from, to], kind, ports, flags, message }) => {
    const [source, destination] = [hosts[from!]!, hosts[to!]!];
    const isV6 = source.family === 6;
    const bare = { source, destination, tcpFlags: 0, quoted: null };
    if (kind === 'esp') return { ...bare, protocol: 50, sourcePortOrIcmpId: 0, destinationPortOrIcmp: 0 };
    if (kind === 'icmp') {
      const types = isV6 ? [128, 129, 128, 2] : [8, 0, 13, 3];
      return { ...bare, protocol: isV6 ? 58 : 1, sourcePortOrIcmpId: 7, destinationPortOrIcmp: types[message]! << 8 };
    }
    const [sourcePortOrIcmpId, destinationPortOrIcmp] = ports;
    const protocol = kind === 'tcp' ? 6 : 17;
    return { ...bare, protocol, sourcePortOrIcmpId, destinationPortOrIcmp, tcpFlags: kind === 'tcp' ? flags : 0 };
  });

/** Both sides of the comparison, and what time it is. */
interface Tracking {
  table: ConnectionTable;
  now: number;
}

type Command = fc.Command<FlowModel, Tracking>;

function listed(connections: Iterable<Connection>): readonly string[] {
  return [...connections]
    .map(({ holder, direction, protocol, from, to, seen, timeout, fromPortOrIcmpId: a, toPortOrIcmp: b }) => {
      const of: Packet = {
        protocol,
        source: from,
        destination: to,
        sourcePortOrIcmpId: a,
        destinationPortOrIcmp: b,
        tcpFlags: 0,
        quoted: null,
      };
      return `${holder} ${direction} ${flowText(of)} ${seen} ${timeout}`;
    })
    .sort();
}

function agree(model: FlowModel, { table, now }: Tracking): void {
  const expected = model.live(now).map((flow) => {
    const { holder, direction, text, seen } = flow;
    return `${holder} ${direction} ${text} ${seen} ${model.timeout(flow)}`;
  });
  expect(listed(table.connections(now))).toEqual(expected.sort());
}

/** A packet passes as an interface lets it: known flows are followed, others admitted, with what a gateway notes of them. */
class Pass implements Command {
  readonly holder: number;
  readonly direction: number;
  readonly packet: Packet;
  readonly way: number;

  constructor(holder: number, direction: number, of: Packet, way: number) {
    this.holder = holder;
    this.direction = direction;
    this.packet = of;
    this.way = way;
  }

  check(): boolean {
    return true;
  }

  run(model: FlowModel, real: Tracking): void {
    const { holder, direction, packet: of, way } = this;
    const { table, now } = real;
    const expected = model.find(holder, direction, of, now);
    expect(table.find(holder, direction, tracked(of), now)).toBe(expected !== null);
    if (expected !== null) {
      const { flow, isReply } = expected;
      expect([table.isReply, table.returnWay, table.translation]).toEqual([isReply, flow.returnWay, flow.translation]);
      table.follow(tracked(of), now);
      model.follow(flow, isReply, of, now);
    } else {
      const isReset = of.protocol === 6 && (of.tcpFlags & 4) !== 0;
      const translation =
        holder < GATEWAY || isReset
          ? null
          : { address: of.source, portOrIcmpId: way + 2000, front: null, chosenBy: -1 };
      table.admit(holder, direction, tracked(of), now, way);
      if (translation !== null) table.translation = translation;
      model.admit(
        { holder, direction, text: flowText(of), protocol: of.protocol, seen: now, translation, returnWay: way },
        of,
      );
    }
    agree(model, real);
  }

  toString(): string {
    const { protocol, tcpFlags } = this.packet;
    return `${this.direction === IN ? 'in' : 'out'} at ${this.holder}: ${flowText(this.packet)}${protocol === 6 ? ` flags ${tcpFlags}` : ''} way ${this.way}`;
  }
}

class Wait implements Command {
  readonly seconds: number;

  constructor(seconds: number) {
    this.seconds = seconds;
  }

  check(): boolean {
    return true;
  }

  run(model: FlowModel, real: Tracking): void {
    real.now += this.seconds;
    agree(model, real);
  }

  toString(): string {
    return `${this.seconds} s`;
  }
}

/** Rules change: holders and ways over peerings get other numbers, some are gone. */
class Renumber implements Command {
  readonly gone: number;

  constructor(gone: number) {
    this.gone = gone;
  }

  check(): boolean {
    return true;
  }

  run(model: FlowModel, real: Tracking): void {
    const holders = new Map(HOLDERS.filter((holder) => holder !== this.gone).map((holder) => [holder, holder]));
    // The two gateway holders change places; ways move by one, and the last is gone.
    if (this.gone < GATEWAY)
      for (const gateway of [GATEWAY, GATEWAY + 1]) holders.set(gateway, 2 * GATEWAY + 1 - gateway);
    const ways = new Map([
      [0, 1],
      [1, 2],
    ]);
    real.table = real.table.renumbered(
      timesOf(TIMES),
      TIMES.length,
      (holder) => holders.get(holder) ?? ABSENT,
      (way) => ways.get(way) ?? ABSENT,
    );
    model.renumber(holders, ways);
    agree(model, real);
  }

  toString(): string {
    return `renumbered, ${this.gone} is gone`;
  }
}

const commands = fc.commands(
  [
    fc
      .tuple(fc.constantFrom(...HOLDERS), fc.constantFrom(IN, OUT), anyPacket, fc.integer({ min: -1, max: 2 }))
      .map(([holder, direction, of, way]) => new Pass(holder, direction, of, way)),
    fc
      .tuple(fc.constantFrom(...HOLDERS), fc.constantFrom(IN, OUT), anyPacket, fc.integer({ min: -1, max: 2 }))
      .map(([holder, direction, of, way]) => new Pass(holder, direction, of, way)),
    fc.constantFrom(0, 1, 15, 29, 30, 45, 60, 90, 180, 350, 600).map((seconds) => new Wait(seconds)),
    fc.constantFrom(-1, 0, 1, GATEWAY).map((gone) => new Renumber(gone)),
  ],
  { maxCommands: 60, size: 'max' },
);

test('whatever happens, the table knows what a plain list of flows knows', () => {
  fc.assert(
    fc.property(commands, fc.constantFrom(2, 8, 64), (story, slots) => {
      fc.modelRun(() => ({ model: new FlowModel(TIMES), real: { table: newTable(slots), now: 0 } }), story);
    }),
    { numRuns: 100 },
  );
});
