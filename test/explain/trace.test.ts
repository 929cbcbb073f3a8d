/** Answers are plain data: they survive JSON, do not change afterwards, and depend on the network alone. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNet } from '../../src/explain/net.ts';
import type { Trace } from '../../src/explain/trace.ts';
import { KINDS, type Network } from '../../src/model/network.ts';
import { drawings } from '../support/arbitrary-networks.ts';
import { senders, targets } from '../support/arbitrary-packets.ts';
import { networkOf } from '../support/network.ts';

const NETWORK = networkOf({
  vpc: '10.0.0.0/16',
  igw: true,
  subnets: {
    P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw' } },
    Q: { cidr: '10.0.2.0/24', routes: { '0.0.0.0/0': 'nat-g', 'pl-open': 'igw' } },
    N: { cidr: '10.0.9.0/24', routes: { '0.0.0.0/0': 'igw' } },
  },
  prefixLists: { open: null },
  groups: { web: { in: ['tcp/443 from 0.0.0.0/0', 'tcp/22 from sg-nowhere'], gaps: ['in'] } },
  nats: { G: { subnet: 'N', address: '10.0.9.5', public: '198.51.100.99' } },
  enis: {
    A: { subnet: 'P', address: '10.0.1.10', public: '198.51.100.10', groups: ['web'] },
    B: { subnet: 'Q', address: '10.0.2.20' },
  },
});

/** Of every verdict one: delivered, dropped, one-way, unknown; with rewrites and with blockers. */
const QUESTIONS = [
  'tcp 203.0.113.7:40000 > 198.51.100.10:443',
  'tcp 203.0.113.7:40000 > 198.51.100.10:22',
  'tcp 203.0.113.7:40000 > 198.51.100.11:443',
  'udp 10.0.1.10:40000 > 203.0.113.7:53',
  'tcp 10.0.2.20:40000 > 203.0.113.7:443',
  'icmp echo 10.0.2.20 > 10.0.1.10 id 7',
  'tcp 10.0.2.20:40000 > 10.0.1.99:443',
];

test('an answer is the same after a journey through JSON', () => {
  const net = createNet(NETWORK);
  for (const question of QUESTIONS) {
    const trace = net.walk(question);
    expect(JSON.parse(JSON.stringify(trace))).toEqual(trace);
  }
});

test('the same question gets the same bytes, whatever was asked before', () => {
  const net = createNet(NETWORK);
  const first = QUESTIONS.map((question) => JSON.stringify(net.walk(question)));
  const again = [...QUESTIONS].reverse().map((question) => JSON.stringify(net.walk(question)));
  expect(again.reverse()).toEqual(first);
  expect(QUESTIONS.map((question) => JSON.stringify(createNet(NETWORK).walk(question)))).toEqual(first);
});

test('an answer does not change when further questions are asked', () => {
  const net = createNet(NETWORK);
  const traces = QUESTIONS.map((question) => net.walk(question));
  const texts = traces.map((trace) => JSON.stringify(trace));
  for (const question of QUESTIONS) net.walk(question);
  expect(traces.map((trace) => JSON.stringify(trace))).toEqual(texts);
});

test('what a session told does not change when it goes on', () => {
  const session = createNet(NETWORK).session();
  const told: object[] = [session.send(QUESTIONS[4]!, { at: 1 })];
  told.push(session.connections());
  told.push(session.answer({ at: 2 }));
  const texts = told.map((result) => JSON.stringify(result));
  session.apply({ kind: 'remove-rule', rule: 'sg-web/in/0.0' });
  session.send(QUESTIONS[5]!, { at: 500 });
  session.answer({ at: 501 });
  session.connections();
  expect(told.map((result) => JSON.stringify(result))).toEqual(texts);
});

test('asking leaves the network as it was', () => {
  const before = JSON.stringify(NETWORK);
  const net = createNet(NETWORK);
  for (const question of QUESTIONS) net.walk(question);
  net.edit({ kind: 'remove-rule', rule: 'sg-web/in/0.0' });
  expect(JSON.stringify(NETWORK)).toBe(before);
});

/** Every list of the network in another order: the reverse, or sorted by what the digits of `salt` make of each place. */
function reordered(network: Network, salt: number): Network {
  const key = (i: number): number => ((i + 1) * (2 * salt + 1)) % 17;
  const lists = KINDS.map((kind) => {
    const records: readonly object[] = network[kind];
    const places = records.map((_, i) => i).sort((a, b) => key(a) - key(b) || b - a);
    return [kind, places.map((i) => records[i])];
  });
  return { ...network, ...(Object.fromEntries(lists) as Partial<Network>) };
}

test('the order of records does not matter to any answer', () => {
  const numbers = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom(22, 80, 443)), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(drawings({ hasGaps: true }), fc.nat(7), numbers, (drawing, salt, questions) => {
      const network = networkOf(drawing);
      const [net, other] = [createNet(network), createNet(reordered(network, salt))];
      for (const [from, to, port] of questions) {
        const sender = chosen(senders(network), from);
        const aims = targets(network).filter((address) => address.includes(':') === sender.address.includes(':'));
        if (aims.length === 0) continue;
        const ported = (address: string, number: number): string =>
          address.includes(':') ? `[${address}]:${number}` : `${address}:${number}`;
        const packet = `tcp ${ported(sender.address, 49152)}@${sender.place} > ${ported(chosen(aims, to), port)}`;
        expect(withFactsByKey(other.walk(packet)), packet).toEqual(withFactsByKey(net.walk(packet)));
      }
    }),
    { numRuns: 60 },
  );
});

/** Two records may lack the same fact; which of them is shown as its place is a matter of order. */
function withFactsByKey(trace: Trace): object {
  return { ...trace, unknowns: trace.unknowns.map(({ key }) => key).sort() };
}

function chosen<T>(options: readonly T[], number: number): T {
  return options[number % options.length]!;
}
