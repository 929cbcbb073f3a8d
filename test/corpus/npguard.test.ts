/**
 * np-guard's answers, where real AWS gives them too: each row is a set of connections, and is judged by packets on the edges of that
 * set, inside and outside.
 *
 * Endpoint rows are about the interfaces of the snapshot. Subnet rows leave groups out of account, so they are asked between
 * interfaces that the test adds, one a subnet, in a group that allows everything.
 */

import { expect } from 'vitest';
import { createNet, type Net } from '../../src/explain/net.ts';
import type { Trace } from '../../src/explain/trace.ts';
import { asGiven, type NpGuard, underA1 } from './npguard-network.ts';
import {
  type Cube,
  type End,
  type Expected,
  endsOf,
  type Place,
  type Range,
  type Row,
  rowsByInput,
  samePair,
} from './npguard-rows.ts';
import { reasons, Score } from './score.ts';
import { corpusTest, readJson } from './shared.ts';

/** Every bound of a port range in the rows and in the snapshots' rules, and one to either side. np-guard knows no port 0. */
const PORTS = [1, 1023, 1024, 9079, 9080, 9081, 65535];

/** One packet, apart from its ends. */
interface Sample {
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly sourcePort: number;
  readonly destinationPort: number;
}

const SAMPLES: readonly Sample[] = [
  ...PORTS.flatMap((sourcePort) =>
    PORTS.map((destinationPort): Sample => ({ protocol: 'tcp', sourcePort, destinationPort })),
  ),
  ...PORTS.map((destinationPort): Sample => ({ protocol: 'udp', sourcePort: 40000, destinationPort })),
  { protocol: 'icmp', sourcePort: 0, destinationPort: 8 },
];

/** Public addresses, of which one is named by rules; its neighbours are not. */
const NAMED = '147.235.208.136';
const UNNAMED = ['8.8.8.8', '147.235.208.135', '147.235.208.137'];

corpusTest('np-guard rows: under A1 every row agrees with real AWS', () => {
  const total = { endpoint: new Score(), subnet: new Score() };
  for (const [input, rows] of rowsByInput()) {
    const snapshot = underA1(input);
    const net = createNet(snapshot.network);
    for (const row of rows) {
      if (row.aws.verdict === 'undetermined') continue;
      const wrong = disagreements(net, snapshot, row, rows);
      const unknown = wrong.filter(({ trace }) => trace.verdict === 'unknown');
      const how = wrong.length === 0 ? 'agree' : unknown.length === wrong.length ? 'unknown' : 'wrong';
      const first = wrong.find(({ trace }) => how === 'unknown' || trace.verdict !== 'unknown');
      const what = `${row.id} (${row.aws.verdict}): ${first?.packet}: ${first?.expected}, got ${first?.trace.verdict}`;
      total[row.level].add(what, how, first === undefined ? [] : reasons(first.trace));
    }
  }
  console.log(`np-guard endpoint rows under A1: ${total.endpoint.line()}`);
  console.log(`np-guard subnet rows under A1: ${total.subnet.line()}`);
  for (const score of Object.values(total)) {
    expect(score.wrong).toEqual([]);
    expect(score.agree).toBe(score.total);
    expect(score.total).toBeGreaterThan(0);
  }
});

corpusTest('np-guard rows: without route tables what depends on them is unknown, neither blocked nor allowed', () => {
  const score = new Score();
  for (const [input, rows] of rowsByInput()) {
    const snapshot = asGiven(input);
    const net = createNet(snapshot.network);
    for (const row of rows.filter(({ aws }) => aws.notes.includes('ROUTE'))) {
      for (const packet of undecided(snapshot, row)) {
        const trace = net.walk(packet);
        const what = `${row.id}: ${packet}: expected unknown, got ${trace.verdict}`;
        score.add(what, trace.verdict === 'unknown' ? 'agree' : 'wrong');
      }
    }
  }
  console.log(`np-guard packets that need a route table, without any: ${score.line()}`);
  expect(score.wrong).toEqual([]);
  expect(score.total).toBeGreaterThan(0);
});

corpusTest('np-guard explanations: blocked for certain, allowed under A1, or unknown', () => {
  const { explain } = readJson<Expected>('npguard-aws', 'expected.json');
  const answers = explain.map(({ id, input, src, dst, verdict, aws }) => {
    const expected = aws.verdict === 'undetermined' ? 'unknown' : verdict === 'allowed' ? 'delivered' : 'dropped';
    // What is allowed needs the tables of A1; what is blocked, or open, must be so without them.
    const { network } = verdict === 'allowed' ? underA1(input) : asGiven(input);
    return { id, expected, got: createNet(network).walk(`tcp ${src}:40000 > ${dst}:443`).verdict };
  });
  console.log(
    `np-guard explanations: ${answers.filter(({ expected, got }) => expected === got).length} of ${answers.length} agree`,
  );
  expect(answers.map(({ id, got }) => `${id}: ${got}`)).toEqual(
    answers.map(({ id, expected }) => `${id}: ${expected}`),
  );
});

interface Disagreement {
  readonly packet: string;
  readonly expected: string;
  readonly trace: Trace;
}

/** Packets of the row's pair that the row says something about, where the walk says something else. */
function disagreements(net: Net, snapshot: NpGuard, row: Row, rows: readonly Row[]): readonly Disagreement[] {
  const pair = rows.filter((other) => samePair(row, other));
  const found: Disagreement[] = [];
  for (const [source, destination] of endsOf(snapshot, row, internetAddresses)) {
    for (const sample of SAMPLES) {
      const expected = expectation(row, pair, sample, source);
      if (expected === null) continue;
      const packet = packetOf(sample, source, destination);
      const trace = net.walk(packet);
      if (!holds(trace, expected)) found.push({ packet, expected, trace });
    }
  }
  return found;
}

type Expectation = 'answered' | 'arrives' | 'arrives, no answer' | 'does not arrive';

/**
 * What the row says of a sample; null where another row of the same pair says it. "Responsive" is about TCP only; of UDP and
 * ICMP np-guard says just that the packet arrives.
 */
function expectation(row: Row, pair: readonly Row[], sample: Sample, source: Place): Expectation | null {
  if (row.aws.verdict === 'differs-under-A1') {
    const admitted = row.aws.connections?.some(
      (text) => text.startsWith('0.0.0.0/0') || text.startsWith(source.address),
    );
    return admitted === true ? 'arrives' : 'does not arrive';
  }
  if (!row.cubes.some((cube) => inside(cube, sample))) {
    const elsewhere = pair.some((other) => other.cubes.some((cube) => inside(cube, sample)));
    return elsewhere ? null : 'does not arrive';
  }
  if (sample.protocol !== 'tcp') return 'arrives';
  return row.responsive === false ? 'arrives, no answer' : 'answered';
}

function holds({ verdict, forward }: Trace, expected: Expectation): boolean {
  switch (expected) {
    case 'answered':
      return verdict === 'delivered';
    case 'arrives':
      return forward.outcome === 'delivered';
    case 'arrives, no answer':
      return verdict === 'one-way';
    case 'does not arrive':
      return verdict === 'dropped';
  }
}

function inside({ protocol, src_ports: sources, dst_ports: destinations }: Cube, sample: Sample): boolean {
  if (protocol === 'any-of-tcp-udp-icmp') return true;
  const within = (ranges: readonly Range[] | undefined, port: number): boolean =>
    ranges === undefined || ranges.some(([first, last]) => first <= port && port <= last);
  return (
    protocol === sample.protocol && within(sources, sample.sourcePort) && within(destinations, sample.destinationPort)
  );
}

function internetAddresses({ ranges }: End): readonly string[] {
  if (ranges === 'all') return [NAMED, ...UNNAMED];
  return ranges === 'rest' ? UNNAMED : (ranges ?? []).map((range) => range.replace(/\/32$/, ''));
}

function packetOf({ protocol, sourcePort, destinationPort }: Sample, source: Place, destination: Place): string {
  if (protocol === 'icmp') return `icmp echo ${source.address}${source.pin} > ${destination.address}`;
  return `${protocol} ${source.address}:${sourcePort}${source.pin} > ${destination.address}:${destinationPort}`;
}

/** Packets of a row whose answer hangs on a route: those that the row lets through, or all of them where it lets nothing through. */
function undecided(snapshot: NpGuard, row: Row): readonly string[] {
  const admitted = (sample: Sample, source: Place): boolean => {
    if (row.aws.verdict === 'differs-under-A1') return expectation(row, [row], sample, source) === 'arrives';
    return row.cubes.length === 0 || row.cubes.some((cube) => inside(cube, sample));
  };
  return endsOf(snapshot, row, internetAddresses).flatMap(([source, destination]) =>
    SAMPLES.filter((sample) => admitted(sample, source)).map((sample) => packetOf(sample, source, destination)),
  );
}
