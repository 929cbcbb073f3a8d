/** What the connection table finds, what it forgets and when, and that growth and removal lose nothing. */

import { describe, expect, test } from 'vitest';
import type { Translation } from '../../src/evaluate/connection-state.ts';
import { ABSENT, ConnectionTable, GATEWAY_IDLE_SECONDS, IN, OUT } from '../../src/evaluate/connection-table.ts';
import type { Tracked } from '../../src/evaluate/flow-key.ts';
import { v4, v6 } from '../../src/net/address.ts';
import { formatAddress } from '../../src/net/address-text.ts';
import type { Packet } from '../../src/net/packet.ts';
import { parsePacket } from '../../src/net/packet-text.ts';
import { GATEWAY, newTable, TIMES, timesOf, tracked } from './small-table.ts';

const packet = (text: string): Packet => parsePacket(text).packet;

const SYN = packet('tcp 10.0.1.10:40000 > 203.0.113.7:443');
const SYN_ACK = packet('tcp 203.0.113.7:443 > 10.0.1.10:40000 flags SA');

describe('CT-15: a flow admitted one way', () => {
  const table = newTable();
  table.admit(0, OUT, tracked(SYN), 0);
  const finds = (holder: number, direction: number, text: string): boolean =>
    table.find(holder, direction, tracked(packet(text)), 1);

  test('is found again the same way, and its answer the other way', () => {
    expect(finds(0, OUT, 'tcp 10.0.1.10:40000 > 203.0.113.7:443 flags A')).toBe(true);
    expect(table.isReply).toBe(false);
    expect(table.find(0, IN, tracked(SYN_ACK), 1)).toBe(true);
    expect(table.isReply).toBe(true);
  });

  test.each<readonly [what: string, holder: number, direction: number, text: string]>([
    ['its packets the other way', 0, IN, 'tcp 10.0.1.10:40000 > 203.0.113.7:443'],
    ['its answer the same way', 0, OUT, 'tcp 203.0.113.7:443 > 10.0.1.10:40000'],
    ['a flow of the same ends and other ports', 0, IN, 'tcp 203.0.113.7:40000 > 10.0.1.10:443'],
    ['another source port', 0, OUT, 'tcp 10.0.1.10:40001 > 203.0.113.7:443'],
    ['another address', 0, IN, 'tcp 203.0.113.8:443 > 10.0.1.10:40000'],
    ['another protocol', 0, IN, 'udp 203.0.113.7:443 > 10.0.1.10:40000'],
    ['another interface', 1, IN, 'tcp 203.0.113.7:443 > 10.0.1.10:40000'],
  ])('is not %s', (_what, holder, direction, text) => {
    expect(finds(holder, direction, text)).toBe(false);
    expect(table.slot).toBe(ABSENT);
  });
});

describe('CT-02: ICMP', () => {
  test('an answer is found by the identifier and kind of its question', () => {
    const table = newTable();
    table.admit(0, OUT, tracked(packet('icmp echo 10.0.1.10 > 203.0.113.7 id 7')), 0);
    const finds = (text: string): boolean => table.find(0, IN, tracked(packet(text)), 1);
    expect(finds('icmp echo-reply 203.0.113.7 > 10.0.1.10 id 7')).toBe(true);
    expect(table.isReply).toBe(true);
    expect(finds('icmp echo-reply 203.0.113.7 > 10.0.1.10 id 8')).toBe(false);
    expect(finds('icmp timestamp-reply 203.0.113.7 > 10.0.1.10 id 7')).toBe(false);
    expect(finds('icmp echo 203.0.113.7 > 10.0.1.10 id 7')).toBe(false);
  });

  test('a message that asks nothing has no answer, and is itself found again', () => {
    const table = newTable();
    const port = packet('icmp 3.3 10.0.1.10 > 203.0.113.7');
    table.admit(0, OUT, tracked(port), 0);
    expect(table.find(0, OUT, tracked(port), 1)).toBe(true);
    expect(table.find(0, IN, tracked(packet('icmp 3.3 203.0.113.7 > 10.0.1.10')), 1)).toBe(false);
  });

  test('OPEN-09: what an error quotes is known whichever way it went', () => {
    const table = newTable();
    table.admit(0, OUT, tracked(SYN), 0);
    expect(table.knows(0, SYN, 1)).toBe(true);
    expect(table.knows(0, SYN_ACK, 1)).toBe(true);
    expect(table.knows(1, SYN, 1)).toBe(false);
    expect(table.knows(0, packet('tcp 10.0.1.10:40001 > 203.0.113.7:443'), 1)).toBe(false);
  });
});

test('v4 and v6 flows of equal words are different flows', () => {
  const table = newTable();
  const four: Packet = { ...SYN, source: v4(7), destination: v4(9) };
  const six: Packet = { ...SYN, source: v6(7, 0, 0, 0), destination: v6(9, 0, 0, 0) };
  table.admit(0, OUT, tracked(four), 0);
  expect(table.find(0, OUT, tracked(six), 1)).toBe(false);
  table.admit(0, OUT, tracked(six), 0);
  expect(table.size).toBe(2);
  const [one, other] = [...table.connections(1)].map(({ from }) => formatAddress(from)).sort();
  expect([one, other]).toEqual(['0.0.0.7', '0:7::']);
});

describe('a flow is forgotten exactly when its idle time is over', () => {
  const flow = (text: string) => tracked(packet(text));
  test.each<readonly [what: string, holder: number, text: string, seconds: number]>([
    ['CT-09: TCP', 0, 'tcp 10.0.1.10:40000 > 203.0.113.7:443', 432000],
    ['CT-12: TCP where the interface says 60 s', 1, 'tcp 10.0.1.10:40000 > 203.0.113.7:443', 60],
    ['CT-10: UDP', 0, 'udp 10.0.1.10:40000 > 203.0.113.7:53', 30],
    ['CT-12: UDP where the interface says 45 s', 1, 'udp 10.0.1.10:40000 > 203.0.113.7:53', 45],
    ['CT-11: any other protocol', 0, 'esp 10.0.1.10 > 203.0.113.7', 600],
    ['ICMP', 1, 'icmp echo 10.0.1.10 > 203.0.113.7', 30],
    ['NAT-07: TCP at a gateway', GATEWAY, 'tcp 10.0.1.10:40000 > 203.0.113.7:443', GATEWAY_IDLE_SECONDS],
    ['NAT-07: UDP at a gateway', GATEWAY, 'udp 10.0.1.10:40000 > 203.0.113.7:53', GATEWAY_IDLE_SECONDS],
  ])('%s', (_what, holder, text, seconds) => {
    const table = newTable();
    table.admit(holder, OUT, flow(text), 1000);
    expect([...table.connections(1000 + seconds - 0.5)]).toMatchObject([{ seen: 1000, timeout: seconds }]);
    expect(table.find(holder, OUT, flow(text), 1000 + seconds - 0.5)).toBe(true);
    expect([...table.connections(1000 + seconds)]).toEqual([]);
    expect(table.find(holder, OUT, flow(text), 1000 + seconds)).toBe(false);
    expect(table.size).toBe(0);
  });

  test('a gateway may have a time of its own', () => {
    const table = new ConnectionTable({ ...timesOf(TIMES), gateway: [undefined, 900] }, TIMES.length);
    // Each gateway holds its flows twice, inside and outside.
    for (const holder of [GATEWAY, GATEWAY + 1, GATEWAY + 2, GATEWAY + 3]) table.admit(holder, OUT, tracked(SYN), 0);
    const timeouts = [...table.connections(0)].sort((a, b) => a.holder - b.holder).map(({ timeout }) => timeout);
    expect(timeouts).toEqual([GATEWAY_IDLE_SECONDS, GATEWAY_IDLE_SECONDS, 900, 900]);
  });

  test('CT-10: UDP counts as a stream from the second answer on, and no sooner', () => {
    const table = newTable();
    const [request, answer] = [
      flow('udp 10.0.1.10:40000 > 203.0.113.7:53'),
      flow('udp 203.0.113.7:53 > 10.0.1.10:40000'),
    ];
    const timeout = (): number => [...table.connections(0)][0]!.timeout;
    table.admit(0, OUT, request, 0);
    const pass = (direction: number, of: Tracked): number => {
      expect(table.find(0, direction, of, 0)).toBe(true);
      table.follow(of, 0);
      return timeout();
    };
    // request, answer, answer, request, request, answer
    expect([pass(IN, answer), pass(IN, answer), pass(OUT, request), pass(OUT, request), pass(IN, answer)]).toEqual([
      30, 30, 30, 30, 180,
    ]);
  });

  test('a packet that passes starts the time anew', () => {
    const table = newTable();
    table.admit(1, OUT, tracked(SYN), 0);
    expect(table.find(1, IN, tracked(SYN_ACK), 59)).toBe(true);
    table.follow(tracked(SYN_ACK), 59);
    expect(table.find(1, OUT, tracked(SYN), 118)).toBe(true);
    expect(table.find(1, OUT, tracked(SYN), 119)).toBe(false);
  });
});

describe('TCP', () => {
  const pass = (table: ConnectionTable, direction: number, text: string): boolean => {
    const of = tracked(packet(text));
    if (!table.find(0, direction, of, 0)) return false;
    table.follow(of, 0);
    return true;
  };
  const [OUTWARDS, BACK] = ['tcp 10.0.1.10:40000 > 203.0.113.7:443', 'tcp 203.0.113.7:443 > 10.0.1.10:40000'];
  const state = (table: ConnectionTable): string | undefined => [...table.connections(0)][0]?.state;

  test('is new, established once answered, closing after both ends said FIN, and gone with the last packet (FL-08)', () => {
    const table = newTable();
    table.admit(0, OUT, tracked(SYN), 0);
    expect(state(table)).toBe('new');
    pass(table, IN, `${BACK} flags SA`);
    expect(state(table)).toBe('established');
    pass(table, OUT, `${OUTWARDS} flags FA`);
    expect(state(table)).toBe('established');
    pass(table, IN, `${BACK} flags FA`);
    expect(state(table)).toBe('closing');
    expect(pass(table, IN, `${BACK} flags FA`)).toBe(true);
    expect(pass(table, OUT, `${OUTWARDS} flags A`)).toBe(true);
    expect(pass(table, OUT, `${OUTWARDS} flags A`)).toBe(false);
    expect(table.size).toBe(0);
  });

  test('that opens with a FIN is closing as soon as the other end says it too', () => {
    const table = newTable();
    table.admit(0, OUT, tracked(packet(`${OUTWARDS} flags FA`)), 0);
    pass(table, IN, `${BACK} flags FA`);
    expect(state(table)).toBe('closing');
  });

  test('is gone with a reset from either end, and a reset opens nothing', () => {
    for (const [direction, text] of [
      [OUT, `${OUTWARDS} flags R`],
      [IN, `${BACK} flags RA`],
    ] as const) {
      const table = newTable();
      table.admit(0, OUT, tracked(SYN), 0);
      expect(pass(table, direction, text)).toBe(true);
      expect(table.size).toBe(0);
      table.admit(0, OUT, tracked(packet(text)), 0);
      expect(table.size).toBe(0);
    }
  });
});

describe('many flows', () => {
  const client = (i: number): Tracked =>
    tracked({ ...SYN, source: v4(0x0a000000 + i), sourcePortOrIcmpId: 1024 + (i % 50000) });
  const translation = (i: number): Translation => ({ address: v4(i), portOrIcmpId: i, front: null, chosenBy: -1 });

  test('10,000 of them survive every doubling, with what was noted of each', () => {
    const table = newTable(4);
    for (let i = 0; i < 10_000; i++) {
      table.admit(GATEWAY, OUT, client(i), i, i % 3 === 0 ? i % 7 : -1);
      if (i % 2 === 0) table.translation = translation(i);
    }
    expect(table.size).toBe(10_000);
    const wrong: number[] = [];
    for (let i = 9_700; i < 10_000; i++) {
      const isRight =
        table.find(GATEWAY, OUT, client(i), 10_000) &&
        table.returnWay === (i % 3 === 0 ? i % 7 : -1) &&
        table.translation?.portOrIcmpId === (i % 2 === 0 ? i : undefined);
      if (!isRight) wrong.push(i);
    }
    expect(wrong).toEqual([]);
    // Those seen more than 350 s ago are gone.
    expect([...table.connections(10_000)]).toHaveLength(349);
  });

  test('removing any one of them leaves all others to be found', () => {
    // Eight slots of sixteen: long runs that wrap around the end of the table.
    for (let seed = 0; seed < 60; seed++) {
      const flows = Array.from({ length: 8 }, (_, i) => client(seed * 97 + i * 31));
      for (let removed = 0; removed < flows.length; removed++) {
        const table = newTable(16);
        flows.forEach((flow, i) => {
          table.admit(GATEWAY, OUT, flow, i, i);
          table.translation = translation(i);
        });
        table.find(GATEWAY, OUT, flows[removed]!, 8);
        table.follow({ ...flows[removed]!, tcpFlags: 4 }, 8);
        const found = flows.map((flow) =>
          table.find(GATEWAY, OUT, flow, 8) ? [table.returnWay, table.translation?.portOrIcmpId] : 'gone',
        );
        expect(found).toEqual(flows.map((_, i) => (i === removed ? 'gone' : [i, i])));
        const seen = [...table.connections(8)].map((connection) => connection.seen).sort();
        expect(seen).toEqual(flows.map((_, i) => i).filter((i) => i !== removed));
      }
    }
  });

  test('a flow that is admitted again starts anew, with nothing noted of it', () => {
    const table = newTable();
    table.admit(GATEWAY, OUT, client(1), 0, 2);
    table.translation = translation(1);
    table.admit(GATEWAY, OUT, client(1), 9);
    expect([table.size, table.translation, table.returnWay]).toEqual([1, null, -1]);
    expect([...table.connections(9)]).toMatchObject([{ seen: 9, state: 'new' }]);
  });

  test('a cleared table knows none of them', () => {
    const table = newTable();
    for (let i = 0; i < 100; i++) table.admit(0, OUT, client(i), 0);
    table.clear();
    expect(table.size).toBe(0);
    expect([...table.connections(0)]).toEqual([]);
    expect(table.find(0, OUT, client(1), 0)).toBe(false);
    table.admit(0, OUT, client(1), 0);
    expect([table.size, table.translation, table.returnWay]).toEqual([1, null, -1]);
  });
});
