/** On networks of real deployments the sets say of packets on every boundary what the walker does with them. */

import { existsSync, readdirSync } from 'node:fs';
import { expect } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { askPacket, type PacketQuestion } from '../../src/explain/packet-question.ts';
import { loadSnapshot } from '../../src/load/load.ts';
import type { Network } from '../../src/model/network.ts';
import { formatAddress } from '../../src/net/address-text.ts';
import { ICMP } from '../../src/net/protocol.ts';
import { readersDisagree } from '../support/two-readers.ts';
import { corpus, corpusTest } from './shared.ts';

const STRANGERS = ['8.8.8.8', '203.0.113.7', '147.235.208.136'];
const WELL_KNOWN = [1, 22, 80, 443, 1023, 1024, 5432, 32768, 61000, 65535];
/** Enough for every boundary of the small networks, and for a part of them in the large ones. */
const MOST_ENDS = 14;
const MOST_PORTS = 24;

corpusTest('the two readers agree on every boundary of every network of the corpora', async () => {
  let asked = 0;
  for (const folder of networks()) {
    const network = await loadSnapshot(folder).catch(() => null);
    if (network === null || network.networkInterfaces.length === 0) continue;
    const compiled = compile(network);
    const questions = packetsOf(network).flatMap((packet): PacketQuestion[] => {
      try {
        return [askPacket(compiled, packet)];
      } catch {
        // An address that several networks of the folder have, or none.
        return [];
      }
    });
    asked += questions.length;
    expect([folder, readersDisagree(compiled, questions)]).toEqual([folder, []]);
  }
  console.log(`the two readers agree on ${asked} packets`);
  expect(asked).toBeGreaterThan(10_000);
});

function networks(): readonly string[] {
  return ['batfish', 'wild'].flatMap((source) =>
    existsSync(corpus(source))
      ? readdirSync(corpus(source), { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map(({ name }) => corpus(source, name))
      : [],
  );
}

function packetsOf(network: Network): readonly string[] {
  const hosts = network.networkInterfaces.flatMap(({ id, privateAddresses }) =>
    privateAddresses.slice(0, 1).map(({ address, publicAddress }) => ({
      from: `${formatAddress(address)}`,
      pin: `@${id}`,
      publicly: publicAddress === null ? null : formatAddress(publicAddress),
    })),
  );
  const few = spread(hosts, MOST_ENDS);
  const ports = spread(boundaryPorts(network), MOST_PORTS);
  const pairs = [
    ...few.flatMap((one) =>
      few.filter((other) => other !== one).map((other) => [one.from, one.pin, other.from] as const),
    ),
    ...few.flatMap((one) => STRANGERS.map((stranger) => [one.from, one.pin, stranger] as const)),
    ...few.flatMap(({ publicly }) =>
      publicly === null ? [] : STRANGERS.map((stranger) => [stranger, '', publicly] as const),
    ),
  ];
  return pairs.flatMap(([from, pin, to]) => [
    ...ports.flatMap((port) => [`tcp ${from}:40000${pin} > ${to}:${port}`, `udp ${from}:${port}${pin} > ${to}:443`]),
    `icmp echo ${from}${pin} > ${to}`,
    `proto 50 ${from}${pin} > ${to}`,
  ]);
}

/** Every bound of a port range in a rule, and one to either side. */
function boundaryPorts({ securityGroups, networkAcls }: Network): readonly number[] {
  const traffic = [
    ...securityGroups.flatMap(({ rules }) => rules.map((rule) => rule.traffic)),
    ...networkAcls.flatMap(({ entries }) => entries.map((entry) => entry.traffic)),
  ].filter((one) => one !== null);
  const bounds = traffic
    .filter(({ protocol }) => protocol !== ICMP)
    .flatMap(({ firstPortOrIcmp: first, lastPortOrIcmp: last }) => [first - 1, first, last, last + 1]);
  return [...new Set([...WELL_KNOWN, ...bounds])].filter((port) => port >= 0 && port <= 65535).sort((a, b) => a - b);
}

/** At most `count` of the items, the first and the last among them. */
function spread<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))]!);
}
