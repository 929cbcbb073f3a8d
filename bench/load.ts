/**
 * How long does it take to load a snapshot of 100 MB, and how much memory, against JSON.parse of the same bytes?
 *
 * Every measurement is a process of its own, so that neither finds the other's heap. A round parses once and loads once; the
 * ratio is formed within the round.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSnapshot } from '../src/load/load.ts';
import { randomFrom } from './support/random.ts';
import { figure, markdown } from './support/report.ts';
import { type Snapshot, type SnapshotSize, writeSnapshot } from './support/snapshot.ts';

const ROUNDS = 7;
const SEED = 20_260_101;
const SIZE = { interfacesEach: 1000, atLeast: { bytes: 100e6 } } as const;

const SNAPSHOTS: Readonly<Record<string, SnapshotSize>> = {
  'every call, as the AWS CLI prints it': { ...SIZE, instances: true, indent: 4 },
  'every call, without indentation': { ...SIZE, instances: true, indent: 0 },
  'all but describe-instances, without indentation': { ...SIZE, interfacesEach: 4000, instances: false, indent: 0 },
};

interface Measurement {
  readonly seconds: number;
  readonly peakBytes: number;
}

const [role, folder, ...files] = process.argv.slice(2);
if (role === 'parse') await measure(async () => files.map((file) => JSON.parse(readFileSync(file, 'utf8'))).length);
else if (role === 'load') await measure(async () => (await loadSnapshot(folder!)).networkInterfaces.length);
else console.log(compare());

/** Runs once in this process and prints what it took. */
async function measure(work: () => Promise<number>): Promise<void> {
  const began = process.hrtime.bigint();
  const result = await work();
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  if (result === 0) throw new Error('nothing was read');
  const measurement: Measurement = { seconds, peakBytes: process.resourceUsage().maxRSS * 1024 };
  console.log(JSON.stringify(measurement));
}

function compare(): string {
  const rows = Object.entries(SNAPSHOTS).map(([name, size]) => {
    const place = mkdtempSync(join(tmpdir(), 'igwalk-bench-'));
    try {
      return [name, ...compareOn(writeSnapshot(place, randomFrom(SEED), size))];
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  });
  return markdown({
    title: 'Loading a snapshot',
    question:
      'How long does it take to load a snapshot of 100 MB, and how much memory, against `JSON.parse` of the same bytes?',
    command: 'npm run bench -- load',
    columns: [
      'snapshot',
      'MB',
      'interfaces',
      'JSON.parse, s',
      'load, s',
      'load / JSON.parse',
      'peak memory / bytes read',
    ],
    rows,
    notes: [
      `Median of ${ROUNDS} rounds and their spread. A round is one process that reads and parses every file, then one that loads the folder; ratios are formed within a round.`,
      'Peak memory is the largest resident set of the loading process, Node itself included.',
      `The snapshots are made up from seed ${SEED}.`,
    ],
  });
}

function compareOn(snapshot: Snapshot): string[] {
  const rounds = Array.from({ length: ROUNDS }, () => ({
    parse: child('parse', snapshot),
    load: child('load', snapshot),
  }));
  return [
    (snapshot.bytes / 1e6).toFixed(0),
    String(snapshot.counts.NetworkInterfaces),
    figure(
      rounds.map(({ parse }) => parse.seconds),
      2,
    ),
    figure(
      rounds.map(({ load }) => load.seconds),
      2,
    ),
    figure(
      rounds.map(({ parse, load }) => load.seconds / parse.seconds),
      2,
    ),
    figure(
      rounds.map(({ load }) => load.peakBytes / snapshot.bytes),
      2,
    ),
  ];
}

function child(role: 'parse' | 'load', snapshot: Snapshot): Measurement {
  const run = spawnSync(process.execPath, [process.argv[1]!, role, snapshot.folder, ...snapshot.files], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`the process that should ${role} ended with ${run.status ?? run.signal}`);
  return JSON.parse(run.stdout) as Measurement;
}
