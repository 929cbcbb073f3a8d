/**
 * How long does it take to compile an organisation, how much memory, and what does a question about one pair of addresses cost then?
 *
 * Every measurement is a process of its own, which makes its network first: neither finds the other's heap, and peak memory is that
 * of everything together.
 */

import { spawnSync } from 'node:child_process';
import { rankOf } from '../src/compile/address-space.ts';
import { type Compiled, compile } from '../src/compile/compile.ts';
import type { NetworkInterface } from '../src/model/network-interface.ts';
import { type Connection, Connections, type EndPoint } from '../src/reach/connection.ts';
import { EMPTY, L4Sets } from '../src/reach/l4-sets.ts';
import { type OrganisationSize, organisation } from './support/organisation.ts';
import { drawPairs, type Pair } from './support/organisation-pairs.ts';
import { randomFrom } from './support/random.ts';
import { figure, markdown } from './support/report.ts';

const ROUNDS = 5;
const SEED = 20_260_103;
const SIZES: readonly OrganisationSize[] = [
  { vpcs: 10 },
  { vpcs: 100 },
  { vpcs: 300 },
  { vpcs: 1000 },
  { vpcs: 10, shape: 'adversarial' },
  { vpcs: 100, shape: 'adversarial' },
  { vpcs: 300, shape: 'adversarial' },
];
const ASKED: OrganisationSize = { vpcs: 100 };
const PAIRS = 10_000;

interface CompileMeasurement {
  readonly interfaces: number;
  readonly seconds: number;
  /** Of all threads, those of the garbage collector included. */
  readonly cpuSeconds: number;
  /** Heap that the network takes, and what its compiled form takes besides, with nothing left to collect. */
  readonly networkBytes: number;
  readonly compiledBytes: number;
  readonly peakBytes: number;
}

/** Microseconds that half, 95 % and 99 % of the questions stay below. */
interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

interface AskMeasurement {
  readonly first: Percentiles;
  readonly againInside: Percentiles;
  readonly againPeered: Percentiles;
  /** Share of pairs that anything passes between. */
  readonly passing: number;
}

const [role, size] = process.argv.slice(2);
if (role === 'compile') console.log(JSON.stringify(measureCompile(JSON.parse(size!) as OrganisationSize)));
else if (role === 'ask') console.log(JSON.stringify(measureAsk(JSON.parse(size!) as OrganisationSize)));
else console.log(compare());

function measureCompile(asked: OrganisationSize): CompileMeasurement {
  const network = organisation(SEED, asked);
  const before = heldBytes();
  const cpuBefore = process.cpuUsage();
  const began = process.hrtime.bigint();
  const compiled = compile(network);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const { user, system } = process.cpuUsage(cpuBefore);
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  if (compiled.gaps.length > 0) throw new Error(`the network lacks ${compiled.gaps[0]!.what}`);
  const compiledBytes = heldBytes() - before;
  // Both are used once more here, so that neither was collected before it was weighed.
  const interfaces = Math.min(network.networkInterfaces.length, compiled.groupsOfInterface.length);
  return { interfaces, seconds, cpuSeconds: (user + system) / 1e6, networkBytes: before, compiledBytes, peakBytes };
}

/** Bytes on the heap and in typed arrays that something still refers to. */
function heldBytes(): number {
  globalThis.gc!();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function measureAsk(asked: OrganisationSize): AskMeasurement {
  const network = organisation(SEED, asked);
  const compiled = compile(network);
  const connections = new Connections(compiled, new L4Sets());
  const ends = drawPairs(randomFrom(SEED), network, PAIRS).map((pair) => endsOf(compiled, pair));
  const pass = (): { microseconds: Float64Array; passing: number } => {
    const microseconds = new Float64Array(ends.length);
    let passing = 0;
    ends.forEach(([from, to], i) => {
      const began = process.hrtime.bigint();
      const connection: Connection = connections.between(from, to.address, to.rank);
      microseconds[i] = Number(process.hrtime.bigint() - began) / 1e3;
      if (connection.forward.may !== EMPTY) passing++;
    });
    return { microseconds, passing };
  };
  const first = pass();
  const again = pass();
  return {
    first: percentiles(first.microseconds),
    // Pairs inside a VPC and over a peering take turns.
    againInside: percentiles(again.microseconds.filter((_, i) => i % 2 === 0)),
    againPeered: percentiles(again.microseconds.filter((_, i) => i % 2 === 1)),
    passing: again.passing / ends.length,
  };
}

function endsOf(compiled: Compiled, [from, to]: Pair): readonly [EndPoint, EndPoint] {
  const end = (eni: NetworkInterface): EndPoint => {
    const { address } = eni.privateAddresses[0]!;
    const sender = compiled.names.eni.get(eni.id)!;
    const start = compiled.entrances.leaveAsItself[sender]!;
    return { address, rank: rankOf(compiled.space, address), start, sender };
  };
  return [end(from), end(to)];
}

function percentiles(values: Float64Array): Percentiles {
  const sorted = values.toSorted();
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))]!;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function compare(): string {
  return markdown({
    title: 'A large organisation',
    question:
      'How long does it take to compile an organisation of up to 1,000 VPCs, how much memory, and what does a question about one pair of addresses cost?',
    command: 'npm run bench -- organisation',
    columns: [
      'VPCs',
      'shape',
      'interfaces',
      'compile, s',
      'of CPU time',
      'network, MB',
      'compiled, MB',
      'peak memory, MB',
    ],
    rows: SIZES.map(compileRow),
    more: [
      {
        heading: `Everything that passes between two addresses, in an organisation of ${ASKED.vpcs} VPCs`,
        columns: ['pairs', 'half below, µs', '95 % below, µs', '99 % below, µs'],
        rows: askRows(),
      },
    ],
    notes: [
      `Median of ${ROUNDS} rounds and their spread; each measurement is a process of its own. The organisations are made up from seed ${SEED}.`,
      'Compiling starts from the model, in a process that has compiled nothing before. Network and compiled: heap and typed arrays that are held after a collection. Peak: the largest resident set of the process from its start to the end of compiling, Node and making the network included.',
      'Regular: the interfaces of a VPC carry the groups of eleven roles. Adversarial: each carries one to five groups of its own.',
      `A question is \`Connections.between\`, the exact set of packets and of answers. ${PAIRS} pairs of interfaces, half in one VPC and half over a peering, all asked once ("first") and then again; every question is timed by itself.`,
    ],
  });
}

function compileRow(asked: OrganisationSize): string[] {
  const rounds = Array.from({ length: ROUNDS }, () => child<CompileMeasurement>('compile', asked));
  const megabytes = (of: (round: CompileMeasurement) => number): string =>
    figure(
      rounds.map((round) => of(round) / 1e6),
      0,
    );
  return [
    String(asked.vpcs),
    asked.shape ?? 'regular',
    String(rounds[0]!.interfaces),
    figure(
      rounds.map(({ seconds }) => seconds),
      2,
    ),
    figure(
      rounds.map(({ cpuSeconds }) => cpuSeconds),
      2,
    ),
    megabytes(({ networkBytes }) => networkBytes),
    megabytes(({ compiledBytes }) => compiledBytes),
    megabytes(({ peakBytes }) => peakBytes),
  ];
}

function askRows(): string[][] {
  const rounds = Array.from({ length: ROUNDS }, () => child<AskMeasurement>('ask', ASKED));
  const row = (name: string, of: (round: AskMeasurement) => Percentiles): string[] => [
    name,
    ...(['p50', 'p95', 'p99'] as const).map((share) =>
      figure(
        rounds.map((round) => of(round)[share]),
        1,
      ),
    ),
  ];
  const passing = (100 * rounds[0]!.passing).toFixed(0);
  return [
    row(`first, all (something passes between ${passing} %)`, ({ first }) => first),
    row('again, in one VPC', ({ againInside }) => againInside),
    row('again, over a peering', ({ againPeered }) => againPeered),
  ];
}

function child<T>(childRole: 'compile' | 'ask', asked: OrganisationSize): T {
  const run = spawnSync(process.execPath, ['--expose-gc', process.argv[1]!, childRole, JSON.stringify(asked)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`the process that should ${childRole} ended with ${run.status ?? run.signal}`);
  return JSON.parse(run.stdout) as T;
}
