/**
 * How long does it take to turn a rule list into one exact set, as an interval decision diagram and as a binary one, and how large is it?
 *
 * Every measurement is a process of its own, as in `walk.ts`: it builds the set anew, arena included, again and again. A round measures all
 * contenders one after the other; ratios are formed within the round. All of them must count the same points.
 */

import { spawnSync } from 'node:child_process';
import { DecisionDiagram } from '../src/reach/decision-diagram.ts';
import { countPoints, extentOf } from '../src/reach/diagram-contents.ts';
import { type Bdd, BddSets, FALSE } from '../test/oracle/bdd.ts';
import { randomFrom } from './support/random.ts';
import { figure, markdown } from './support/report.ts';
import { aclList, fiveTupleList, groupList, type RuleList } from './support/rule-lists.ts';

const ROUNDS = 7;
const SEED = 20_260_103;
const WARM_SECONDS = 0.5;
const MEASURED_SECONDS = 0.5;

const POLICIES: Readonly<Record<string, () => RuleList>> = {
  'network ACL, 40 entries': () => aclList(randomFrom(SEED), 40),
  'security group, 200 rules': () => groupList(randomFrom(SEED), 200),
  'five-tuple, 100 ordered rules': () => fiveTupleList(randomFrom(SEED), 100),
  'five-tuple, 300 ordered rules': () => fiveTupleList(randomFrom(SEED), 300),
  'five-tuple, 1,000 ordered rules': () => fiveTupleList(randomFrom(SEED), 1000),
};

/** What a contender made of a list. An edge is a pointer to a node and, in the interval diagram, a bound. */
interface Built {
  readonly count: bigint;
  readonly nodes: number;
  readonly edges: number;
}

/** Builds the set of a list in an arena of its own; the result tells, when asked, what it is. */
type Contender = (list: RuleList) => () => Built;

const INTERVALS = 'interval diagram';
const CONTENDERS: Readonly<Record<string, Contender>> = {
  [INTERVALS]: ({ widths, rules }) => {
    const diagram = new DecisionDiagram(widths.map((width) => 2 ** width));
    const set = rules.every(({ allows }) => allows)
      ? diagram.anyMatch(rules.map(({ box }) => box))
      : diagram.firstMatch(rules);
    return () => ({ count: countPoints(diagram, set), ...extentOf(diagram, set) });
  },
  'binary diagram, rule after rule': ({ widths, rules }) => {
    const bdd = new BddSets(widths);
    // The last rule first: an earlier one overrides what stands behind it.
    let set = FALSE;
    for (const { allows, box } of rules.toReversed()) {
      set = allows ? bdd.union(set, bdd.box(box)) : bdd.subtract(set, bdd.box(box));
    }
    return () => ofBdd(bdd, set);
  },
  'binary diagram, halves merged': ({ widths, rules }) => {
    const bdd = new BddSets(widths);
    /** What rules `start` to `end` allow, and what they decide. */
    const between = (start: number, end: number): { readonly allowed: Bdd; readonly decided: Bdd } => {
      if (end - start === 1) {
        const { allows, box } = rules[start]!;
        const decided = bdd.box(box);
        return { allowed: allows ? decided : FALSE, decided };
      }
      const middle = (start + end) >>> 1;
      const [first, second] = [between(start, middle), between(middle, end)];
      return {
        allowed: bdd.union(first.allowed, bdd.subtract(second.allowed, first.decided)),
        decided: bdd.union(first.decided, second.decided),
      };
    };
    const { allowed } = between(0, rules.length);
    return () => ofBdd(bdd, allowed);
  },
};

function ofBdd(bdd: BddSets, set: Bdd): Built {
  const nodes = bdd.nodesOf(set);
  return { count: bdd.count(set), nodes, edges: 2 * nodes };
}

interface Measurement {
  /** Milliseconds of CPU time of the whole process for one build, its garbage collector included. */
  readonly milliseconds: number;
  /** In decimal. */
  readonly count: string;
  readonly nodes: number;
  readonly edges: number;
}

const [contender, policy] = process.argv.slice(2);
if (contender === undefined) console.log(compare());
else console.log(JSON.stringify(measure(CONTENDERS[contender]!, POLICIES[policy!]!())));

function measure(build: Contender, list: RuleList): Measurement {
  const { count, nodes, edges } = build(list)();
  runFor(WARM_SECONDS, () => build(list));
  return { milliseconds: runFor(MEASURED_SECONDS, () => build(list)), count: String(count), nodes, edges };
}

/** Builds until so much time of the processor is used up. Returns milliseconds for one. */
function runFor(wanted: number, build: () => unknown): number {
  const began = process.cpuUsage();
  let seconds = 0;
  let built = 0;
  while (seconds < wanted) {
    build();
    built++;
    const { user, system } = process.cpuUsage(began);
    seconds = (user + system) / 1e6;
  }
  return (seconds * 1000) / built;
}

function compare(): string {
  const rows = Object.keys(POLICIES).flatMap((name) => {
    const rounds = Array.from(
      { length: ROUNDS },
      () => new Map(Object.keys(CONTENDERS).map((each) => [each, child(each, name)] as const)),
    );
    const counts = new Set(rounds.flatMap((round) => [...round.values()].map(({ count }) => count)));
    if (counts.size !== 1) throw new Error(`"${name}" has as many points as ${[...counts].join(' and ')}`);
    return Object.keys(CONTENDERS).map((each) => rowOf(name, each, rounds));
  });
  return markdown({
    title: 'Rule lists as exact sets',
    question:
      'How long does it take to turn a rule list into one exact set of packets, as an interval diagram and as a binary one (BDD), and how large is the set?',
    command: 'npm run bench -- sets',
    columns: [
      'rule list',
      'engine',
      'ms of CPU time',
      'times as long',
      'nodes',
      'times as many',
      'edges',
      'times as many',
    ],
    rows,
    notes: [
      `Median of ${ROUNDS} rounds and their spread. Each measurement is a process of its own that builds the set for ${WARM_SECONDS} s, then measures ${MEASURED_SECONDS} s of building, the empty arena included; "times" is against the interval diagram, formed within a round.`,
      'Nodes and edges are those of the finished set. A node of the interval diagram has as many edges as a field has runs, one of the binary diagram has two.',
      'All engines counted the same number of packets in every list of this run.',
      'The interval diagram merges neighbouring rules, then neighbouring results, and so on. The binary diagram was measured both ways.',
      `Lists drawn from seed ${SEED}: prefixes of /10 to /28 within 10.0.0.0/8, TCP and UDP, well-known ports and ranges.`,
    ],
  });
}

function rowOf(list: string, engine: string, rounds: readonly ReadonlyMap<string, Measurement>[]): readonly string[] {
  const own = rounds.map((round) => round.get(engine)!);
  const base = rounds.map((round) => round.get(INTERVALS)!);
  const ratio = (of: (measurement: Measurement) => number): number[] => own.map((one, i) => of(one) / of(base[i]!));
  const [{ nodes, edges }] = own as [Measurement];
  return [
    list,
    engine,
    figure(
      own.map(({ milliseconds }) => milliseconds),
      2,
    ),
    figure(
      ratio(({ milliseconds }) => milliseconds),
      2,
    ),
    String(nodes),
    ratio((one) => one.nodes)[0]!.toFixed(1),
    String(edges),
    ratio((one) => one.edges)[0]!.toFixed(1),
  ];
}

function child(contender: string, policy: string): Measurement {
  const run = spawnSync(process.execPath, [process.argv[1]!, contender, policy], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`"${contender}" on "${policy}" ended with ${run.status ?? run.signal}`);
  return JSON.parse(run.stdout) as Measurement;
}
