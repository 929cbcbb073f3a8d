/**
 * How many packets a second does the compiled walker take through a network of 1,000 interfaces, and what do answer, trace and text
 * cost on top?
 *
 * Every measurement is a process of its own: what the compiler makes of a loop differs from process to process. A round
 * measures all contenders one after the other; ratios are formed within the round.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Compiled, compile } from '../src/compile/compile.ts';
import { InFlight } from '../src/evaluate/in-flight.ts';
import { DELIVERED, Leg } from '../src/evaluate/leg.ts';
import { ARRIVES_AND_RETURNS, RoundTrips } from '../src/evaluate/round-trip.ts';
import { Walker } from '../src/evaluate/walker.ts';
import { createNet } from '../src/explain/net.ts';
import { askPacket, type PacketQuestion } from '../src/explain/packet-question.ts';
import { loadSnapshot } from '../src/load/load.ts';
import type { Network } from '../src/model/network.ts';
import { naiveTrace } from '../test/oracle/naive.ts';
import { drawPackets } from './support/packets.ts';
import { randomFrom } from './support/random.ts';
import { figure, markdown } from './support/report.ts';
import { writeSnapshot } from './support/snapshot.ts';

const ROUNDS = 7;
const SEED = 20_260_102;
const PACKETS = 4096;
const BATCH = 512;
const WARM_SECONDS = 1;
const MEASURED_SECONDS = 1;

interface Setting {
  readonly network: Network;
  readonly compiled: Compiled;
  readonly texts: readonly string[];
  readonly questions: readonly PacketQuestion[];
}

/** Makes, from the setting, what walks packet number `i` and says whether it (or it and its answer) arrived. */
type Contender = (setting: Setting) => (i: number) => boolean;

const CONTENDERS: Readonly<Record<string, Contender>> = {
  'one way, compiled walker': ({ compiled, questions }) => {
    const walker = new Walker(compiled);
    const packet = new InFlight();
    const leg = new Leg();
    return (i) => {
      const { packet: asked, start } = questions[i]!;
      walker.connections.clear();
      walker.choices.reset();
      packet.become(asked, compiled.space, start.sender);
      walker.walk(start.stage, packet, leg, 0);
      return leg.outcome === DELIVERED;
    };
  },
  'packet and answer, compiled walker': ({ compiled, questions }) => {
    const trips = new RoundTrips(compiled);
    return (i) => trips.walk(questions[i]!.packet, questions[i]!.start).verdict === ARRIVES_AND_RETURNS;
  },
  'packet and answer, from text to trace': ({ network, texts }) => {
    const net = createNet(network);
    return (i) => net.walk(texts[i]!).verdict === 'delivered';
  },
  'packet and answer, naive evaluator': ({ network, questions }) => {
    const senders = questions.map(({ from }) => (from.kind === 'internet' ? 'internet' : from.id));
    return (i) => naiveTrace(network, questions[i]!.packet, senders[i]!).verdict === 'delivered';
  },
};
const [BASE] = Object.keys(CONTENDERS) as [string];

interface Measurement {
  /** Walks per second of CPU time of the whole process, its garbage collector included. */
  readonly rate: number;
  /** Packets of one pass that arrived. */
  readonly arrived: number;
}

const [contender, folder] = process.argv.slice(2);
if (contender === undefined) console.log(compare());
else console.log(JSON.stringify(measure(CONTENDERS[contender]!(await settingOf(folder!)))));

async function settingOf(folder: string): Promise<Setting> {
  const network = await loadSnapshot(folder);
  const compiled = compile(network);
  const texts = drawPackets(randomFrom(SEED), network, PACKETS);
  return { network, compiled, texts, questions: texts.map((text) => askPacket(compiled, text)) };
}

function measure(walks: (i: number) => boolean): Measurement {
  let arrived = 0;
  for (let i = 0; i < PACKETS; i++) if (walks(i)) arrived++;
  runFor(WARM_SECONDS, walks);
  const { walked, seconds } = runFor(MEASURED_SECONDS, walks);
  return { rate: walked / seconds, arrived };
}

/** Walks packets in turn until so much time of the processor is used up; looks at the clock once a batch. */
function runFor(wanted: number, walks: (i: number) => boolean): { readonly walked: number; readonly seconds: number } {
  const began = process.cpuUsage();
  let seconds = 0;
  let walked = 0;
  let arrived = 0;
  while (seconds < wanted) {
    for (let i = 0; i < BATCH; i++) if (walks((walked + i) % PACKETS)) arrived++;
    walked += BATCH;
    const { user, system } = process.cpuUsage(began);
    seconds = (user + system) / 1e6;
  }
  if (arrived === 0) throw new Error('no packet arrived');
  return { walked, seconds };
}

function compare(): string {
  const place = mkdtempSync(join(tmpdir(), 'igwalk-bench-'));
  try {
    const size = { interfacesEach: 250, atLeast: { interfaces: 1000 }, instances: true, indent: 0 };
    writeSnapshot(place, randomFrom(SEED), size);
    const names = Object.keys(CONTENDERS);
    const rounds = Array.from(
      { length: ROUNDS },
      () => new Map(names.map((name) => [name, child(name, place)] as const)),
    );
    return report(names, rounds);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function report(names: readonly string[], rounds: readonly ReadonlyMap<string, Measurement>[]): string {
  const rates = (name: string): number[] => rounds.map((round) => round.get(name)!.rate);
  const bases = rates(BASE);
  return markdown({
    title: 'Walking packets',
    question: 'How many packets a second go through a network of 1,000 interfaces in four VPCs, warm, on one core?',
    command: 'npm run bench -- walk',
    columns: ['what', 'thousand a second of CPU time', `times "${BASE}"`, 'packets that arrived'],
    rows: names.map((name) => [
      name,
      figure(
        rates(name).map((rate) => rate / 1000),
        1,
      ),
      figure(
        rates(name).map((rate, round) => rate / bases[round]!),
        4,
      ),
      `${((100 * rounds[0]!.get(name)!.arrived) / PACKETS).toFixed(1)} %`,
    ]),
    notes: [
      `Median of ${ROUNDS} rounds and their spread. Each measurement is a process of its own that walks for ${WARM_SECONDS} s, then counts for ${MEASURED_SECONDS} s; ratios are formed within a round.`,
      'CPU time is that of the whole process, garbage collection and compilation included.',
      'The naive evaluator is the one that tests compare with: loops over the model, no tables.',
      `${PACKETS} packets, drawn with the network from seed ${SEED}, each walked without memory of the others.`,
    ],
  });
}

function child(contender: string, folder: string): Measurement {
  const run = spawnSync(process.execPath, [process.argv[1]!, contender, folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`"${contender}" ended with ${run.status ?? run.signal}`);
  return JSON.parse(run.stdout) as Measurement;
}
