/** The six scenarios of AWS's advanced example of VPC Block Public Access, each ping by packet and by sets. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createNet, type Net } from '../../src/explain/net.ts';
import { loadDocuments } from '../../src/load/load.ts';

interface Scenario {
  readonly scenario: number;
  readonly about: string;
  readonly VpcBlockPublicAccessOptions: object;
  readonly VpcBlockPublicAccessExclusions: readonly object[];
  readonly pings: Readonly<Record<string, 'open' | 'blocked'>>;
}

const FOLDER = new URL('../../corpus/aws-docs/bpa-advanced-example/', import.meta.url);

function read(name: string): unknown {
  return JSON.parse(readFileSync(fileURLToPath(new URL(name, FOLDER)), 'utf8'));
}

/** The packet of each ping, and the same as a question about sets. */
const PINGS: Readonly<Record<string, readonly [packet: string, question: string]>> = {
  'into A': ['icmp 8.0 203.0.113.7 > 198.51.100.10', '203.0.113.7/32 -> eni-0a : icmp/echo'],
  'into B': ['icmp 8.0 203.0.113.7 > 198.51.100.11', '203.0.113.7/32 -> eni-0b : icmp/echo'],
  'out of A': ['icmp 8.0 10.0.1.85 > 203.0.113.7', 'eni-0a -> 203.0.113.7/32 : icmp/echo'],
  'out of B': ['icmp 8.0 10.0.2.98 > 203.0.113.7', 'eni-0b -> 203.0.113.7/32 : icmp/echo'],
  'out of C': ['icmp 8.0 10.0.3.180 > 203.0.113.7', 'eni-0c -> 203.0.113.7/32 : icmp/echo'],
  'out of D': [
    'icmpv6 128.0 [2001:db8:b9a:100::d] > [2001:db8:ffff::7]',
    'eni-0d -> 2001:db8:ffff::7/128 : icmpv6/echo',
  ],
};

const scenarios = read('scenarios.json') as readonly Scenario[];

test('there are six scenarios, and each tells of every ping', () => {
  expect(scenarios.map(({ scenario }) => scenario)).toEqual([1, 2, 3, 4, 5, 6]);
  for (const { pings } of scenarios) expect(Object.keys(pings)).toEqual(Object.keys(PINGS));
});

for (const { scenario, about, pings, VpcBlockPublicAccessOptions, VpcBlockPublicAccessExclusions } of scenarios) {
  test(`BPA-01, BPA-02: scenario ${scenario}: ${about}`, () => {
    const network = loadDocuments([
      { file: 'snapshot.json', json: read('snapshot.json') },
      { file: 'options.json', json: { VpcBlockPublicAccessOptions } },
      { file: 'exclusions.json', json: { VpcBlockPublicAccessExclusions } },
    ]);
    expect(network.problems).toEqual([]);
    const net = createNet(network);
    const asked = Object.entries(PINGS).map(([name, [packet, question]]) => [
      name,
      [byPacket(net, packet), bySets(net, question)],
    ]);
    const expected = Object.entries(pings).map(([name, fate]) => [name, [fate, fate]]);
    expect(Object.fromEntries(asked)).toEqual(Object.fromEntries(expected));
  });
}

function byPacket(net: Net, packet: string): string {
  const { verdict, forward } = net.walk(packet);
  if (verdict === 'delivered') return 'open';
  const codes = forward.blockers.map(({ code }) => code);
  return verdict === 'dropped' && codes[0] === 'VPC_BLOCK_PUBLIC_ACCESS_ENABLED' ? 'blocked' : `${verdict} ${codes}`;
}

function bySets(net: Net, question: string): string {
  const { verdict } = net.reach(question);
  return verdict === 'all' ? 'open' : verdict === 'none' ? 'blocked' : verdict;
}
