/**
 * What do questions about a whole organisation cost: all pairs, what the internet reaches, what a change would do?
 *
 * Every measurement is a process of its own, which makes and compiles its network first. Counts are checked against each other:
 * kinds of pairs, taken apart into pairs of interfaces, are those that are found when every pair is asked by itself.
 */

import { spawnSync } from 'node:child_process';
import { rankOf } from '../src/compile/address-space.ts';
import { compile } from '../src/compile/compile.ts';
import { allPairs } from '../src/explain/all-pairs.ts';
import { pairsBetween } from '../src/explain/end-classes.ts';
import { createNet } from '../src/explain/net.ts';
import { placesEverywhere } from '../src/explain/place-set.ts';
import { destinationFor, receiverOf, sendersOf, targetsOf } from '../src/explain/reach-ends.ts';
import { setEngineOf } from '../src/explain/set-engine.ts';
import { EMPTY } from '../src/reach/l4-sets.ts';
import { type OrganisationSize, organisation } from './support/organisation.ts';
import { randomFrom } from './support/random.ts';
import { figure, markdown } from './support/report.ts';

const ROUNDS = 3;
/** A round of the largest takes minutes. */
const roundsOf = ({ vpcs }: OrganisationSize): number => (vpcs < 300 ? ROUNDS : 1);
const SEED = 20_260_103;
const SIZES: readonly OrganisationSize[] = [
  { vpcs: 10 },
  { vpcs: 30 },
  { vpcs: 100 },
  { vpcs: 300 },
  { vpcs: 1000 },
  { vpcs: 10, shape: 'adversarial' },
];
/** Every pair of interfaces by itself is only feasible here. */
const NAIVE: readonly OrganisationSize[] = [{ vpcs: 3 }, { vpcs: 10 }];
const EDITED: readonly OrganisationSize[] = [{ vpcs: 1 }, { vpcs: 10 }, { vpcs: 100 }, { vpcs: 300 }];
/** Comparing the whole network after every edit is feasible up to here. */
const MOST_COMPARED = 100;
const EDITS = 20;

interface PairsMeasurement {
  readonly interfaces: number;
  readonly seconds: number;
  readonly kinds: number;
  readonly reachingPairs: number;
  readonly exposureSeconds: number;
  readonly peakBytes: number;
}

interface NaiveMeasurement {
  readonly kindSeconds: number;
  readonly pairSeconds: number;
  readonly pairs: number;
}

interface EditMeasurement {
  /** The edit and one question of the network after it. */
  readonly asked: readonly number[];
  /** The edit and the whole difference; empty where that was not measured. */
  readonly compared: readonly number[];
}

const [role, size] = process.argv.slice(2);
const asked = size === undefined ? null : (JSON.parse(size) as OrganisationSize);
if (role === 'pairs') console.log(JSON.stringify(measurePairs(asked!)));
else if (role === 'naive') console.log(JSON.stringify(measureNaive(asked!)));
else if (role === 'edit') console.log(JSON.stringify(measureEdits(asked!)));
else console.log(compare());

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function measurePairs(of: OrganisationSize): PairsMeasurement {
  const network = organisation(SEED, of);
  const compiled = compile(network);
  const began = cpuSeconds();
  const inside = { ...placesEverywhere(compiled), internet: [] };
  const { connections } = setEngineOf(compiled);
  let kinds = 0;
  let reachingPairs = 0;
  for (const { from, to, connection } of allPairs(compiled, connections, inside, inside, false)) {
    kinds++;
    if (connection.forward.must !== EMPTY) reachingPairs += pairsBetween(from, to);
  }
  const seconds = cpuSeconds() - began;
  const net = createNet(network);
  net.reach(`${network.networkInterfaces[0]!.id} -> internet`);
  const exposureBegan = cpuSeconds();
  const { exposed } = net.exposure();
  const exposureSeconds = cpuSeconds() - exposureBegan;
  if (exposed.length === 0) throw new Error('nothing is exposed');
  return {
    interfaces: network.networkInterfaces.length,
    seconds,
    kinds,
    reachingPairs,
    exposureSeconds,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

function measureNaive(of: OrganisationSize): NaiveMeasurement {
  const compiled = compile(organisation(SEED, of));
  const inside = { ...placesEverywhere(compiled), internet: [] };
  const began = cpuSeconds();
  const quotient = setEngineOf(compiled);
  let reaching = 0;
  for (const { from, to, connection } of allPairs(compiled, quotient.connections, inside, inside, true)) {
    if (connection.forward.must !== EMPTY) reaching += pairsBetween(from, to);
  }
  const kindSeconds = cpuSeconds() - began;
  const { connections } = setEngineOf(compiled);
  const targets = targetsOf(compiled, inside);
  let found = 0;
  let pairs = 0;
  for (const sender of sendersOf(compiled, inside)) {
    for (const target of targets) {
      const destination = destinationFor(sender, target);
      if (destination === null) continue;
      pairs++;
      const rank = rankOf(compiled.space, destination);
      const { forward } = connections.between(sender, destination, rank, null, receiverOf(target));
      if (forward.must !== EMPTY) found++;
    }
  }
  if (found !== reaching) throw new Error(`${reaching} pairs by kinds, ${found} one by one`);
  return { kindSeconds, pairSeconds: cpuSeconds() - began - kindSeconds, pairs };
}

/** One rule more in a group: a question about one of its interfaces, and everything compared. */
function measureEdits(of: OrganisationSize): EditMeasurement {
  const net = createNet(organisation(SEED, of));
  const random = randomFrom(SEED);
  const { securityGroups, networkInterfaces } = net.network;
  const ids = new Set(networkInterfaces.flatMap(({ groupIds }) => groupIds));
  const carried = securityGroups.filter(({ id }) => ids.has(id));
  const asked: number[] = [];
  const compared: number[] = [];
  for (let edit = 0; edit < EDITS; edit++) {
    const { id } = random.pick(carried.slice(0, 200));
    const member = networkInterfaces.find(({ groupIds }) => groupIds.includes(id))!;
    const began = cpuSeconds();
    const after = net.edit(`allow ${id} in tcp/8443 from 10.0.0.0/8`);
    after.reach(`${networkInterfaces[0]!.id} | ${networkInterfaces[1]!.id} -> ${member.id} : tcp/8443`);
    asked.push((cpuSeconds() - began) * 1000);
    if (of.vpcs > MOST_COMPARED) continue;
    net.diff(after, { maxPairs: 100_000_000 });
    compared.push((cpuSeconds() - began) * 1000);
  }
  return { asked, compared };
}

function compare(): string {
  return markdown({
    title: 'Questions about a whole organisation',
    question: 'What do all pairs, exposure and what-if cost in an organisation of up to 1,000 VPCs?',
    command: 'npm run bench -- reach',
    columns: [
      'VPCs',
      'shape',
      'interfaces',
      'all pairs, s of CPU time',
      'kinds of pairs',
      'pairs of addresses that reach each other',
      'exposure, s of CPU time',
      'peak memory, MB',
    ],
    rows: SIZES.map(pairsRow),
    more: [
      {
        heading: 'Kinds of pairs against every pair by itself',
        columns: ['VPCs', 'pairs of addresses', 'by kinds, s', 'one by one, s', 'times as long'],
        rows: NAIVE.map(naiveRow),
      },
      {
        heading: 'What-if: one rule more in a security group',
        columns: [
          'VPCs',
          'edit and a question, half below, ms of CPU time',
          '95 % below',
          'edit and the difference of the whole network, half below, ms',
          '95 % below',
        ],
        rows: EDITED.map(editRow),
      },
    ],
    notes: [
      `Median of ${ROUNDS} rounds and their spread, of 300 VPCs and more one round; each measurement is a process of its own. The organisations are made up from seed ${SEED}.`,
      'All pairs: interfaces among each other, IPv4 and IPv6, exact sets there and back, without pairs that meet only on the internet; from the compiled network. Exposure: every interface from every address of the internet, with near misses, witnesses and the rules they passed. Peak: both together, with the network twice compiled.',
      'Kinds of pairs: without most of those between which nothing passes. The counts by kinds and one by one were equal in every round.',
      'What-if starts from a compiled network. The question is what two interfaces may send to a member of the group.',
    ],
  });
}

function pairsRow(of: OrganisationSize): string[] {
  const rounds = Array.from({ length: roundsOf(of) }, () => child<PairsMeasurement>('pairs', of));
  const [{ interfaces, kinds, reachingPairs }] = rounds as [PairsMeasurement];
  return [
    String(of.vpcs),
    of.shape ?? 'regular',
    String(interfaces),
    figure(
      rounds.map(({ seconds }) => seconds),
      2,
    ),
    String(kinds),
    String(reachingPairs),
    figure(
      rounds.map(({ exposureSeconds }) => exposureSeconds),
      2,
    ),
    figure(
      rounds.map(({ peakBytes }) => peakBytes / 1e6),
      0,
    ),
  ];
}

function naiveRow(of: OrganisationSize): string[] {
  const rounds = Array.from({ length: ROUNDS }, () => child<NaiveMeasurement>('naive', of));
  return [
    String(of.vpcs),
    String(rounds[0]!.pairs),
    figure(
      rounds.map(({ kindSeconds }) => kindSeconds),
      2,
    ),
    figure(
      rounds.map(({ pairSeconds }) => pairSeconds),
      2,
    ),
    figure(
      rounds.map(({ kindSeconds, pairSeconds }) => pairSeconds / kindSeconds),
      1,
    ),
  ];
}

function editRow(of: OrganisationSize): string[] {
  const rounds = Array.from({ length: roundsOf(of) }, () => child<EditMeasurement>('edit', of));
  const at = (share: number, measured: (round: EditMeasurement) => readonly number[]): string => {
    const values = rounds.map((round) => measured(round).toSorted((a, b) => a - b)[Math.floor(share * (EDITS - 1))]);
    return values[0] === undefined ? '–' : figure(values as number[], 0);
  };
  return [
    String(of.vpcs),
    at(0.5, ({ asked }) => asked),
    at(0.95, ({ asked }) => asked),
    at(0.5, ({ compared }) => compared),
    at(0.95, ({ compared }) => compared),
  ];
}

function child<T>(childRole: string, of: OrganisationSize): T {
  const run = spawnSync(
    process.execPath,
    ['--max-old-space-size=8000', process.argv[1]!, childRole, JSON.stringify(of)],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  if (run.status !== 0) throw new Error(`the process that should ${childRole} ended with ${run.status ?? run.signal}`);
  return JSON.parse(run.stdout) as T;
}
