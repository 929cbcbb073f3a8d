/**
 * What does a question about two hosts cost here, where the answer is the exact set of packets, and what does it cost the solver z3, whose
 * answer is yes or no?
 *
 * A round asks both the same questions, one after the other; the ratio is formed within the round. Both must agree on every one of them.
 */

import { spawnSync } from 'node:child_process';
import { compile } from '../src/compile/compile.ts';
import type { Network } from '../src/model/network.ts';
import type { NetworkInterface } from '../src/model/network-interface.ts';
import { TCP } from '../src/net/protocol.ts';
import { Connections } from '../src/reach/connection.ts';
import { EMPTY, L4Sets } from '../src/reach/l4-sets.ts';
import { allOf, whyNotRunnable } from '../test/reach/z3.ts';
import { organisation } from './support/organisation.ts';
import { drawPairs, type Pair } from './support/organisation-pairs.ts';
import { randomFrom } from './support/random.ts';
import { figure, markdown } from './support/report.ts';
import { Formulas, VARIABLES } from './support/solver-formula.ts';

const SEED = 20_260_103;
const VPCS = 100;
const PAIRS = 400;
const ROUNDS = 5;
/** Warm questions are too short to time once. */
const REPEATS = 50;
const PROGRAM = 'z3';

const why = whyNotRunnable();
if (why !== null) {
  console.error(`skipped: ${why}`);
  process.exit(0);
}

const network = organisation(SEED, { vpcs: VPCS });
const compiled = compile(network);
const sets = new L4Sets();
const connections = new Connections(compiled, sets);
const tcp = sets.box(TCP, 0, 65535);
const pairs = routed(network, drawPairs(randomFrom(SEED), network, PAIRS));
const scripts = [false, true].map((leavesAddresses) => {
  const formulas = new Formulas(network, leavesAddresses);
  return pairs.map(([from, to]) => queryOf(allOf(formulas.connection(from, to))));
});
const rounds = Array.from({ length: ROUNDS }, round);
console.log(report(rounds));

/** Pairs that routes lead between, both ways: the solver is asked about rules alone. */
function routed(all: Network, drawn: readonly Pair[]): readonly Pair[] {
  const plain = compile(withOpenRules(all));
  const open = new Connections(plain, sets);
  return drawn.filter(([from, to]) => {
    const { forward, reply } = open.between(endOf(from, plain), addressOf(to), rankOf(to, plain));
    return sets.intersect(forward.must, tcp) === tcp && sets.intersect(reply.must, tcp) === tcp;
  });
}

/** The network with lists and groups that allow everything: what is left is routing. */
function withOpenRules(all: Network): Network {
  const [first] = all.networkAcls;
  const open = first!.entries
    .filter(({ number }) => number >= 32767)
    .map((entry) => ({ ...entry, number: 1, action: 'allow' as const }));
  const anything = all.securityGroups
    .flatMap(({ rules }) => rules)
    .find(
      ({ direction, traffic, peer }) =>
        direction === 'out' && traffic?.protocol === -1 && peer.kind === 'cidr' && peer.prefix.length === 0,
    )!;
  const both = (['in', 'out'] as const).map((direction) => ({ ...anything, direction }));
  return {
    ...all,
    networkAcls: all.networkAcls.map((acl) => ({ ...acl, entries: open })),
    securityGroups: all.securityGroups.map((group) => ({ ...group, rules: both })),
  };
}

function addressOf(eni: NetworkInterface): NetworkInterface['privateAddresses'][number]['address'] {
  return eni.privateAddresses[0]!.address;
}

function rankOf(eni: NetworkInterface, of: typeof compiled): number {
  return of.primaryRank[of.names.eni.get(eni.id)!]!;
}

function endOf(eni: NetworkInterface, of: typeof compiled): Parameters<Connections['between']>[0] {
  const index = of.names.eni.get(eni.id)!;
  return { address: addressOf(eni), rank: rankOf(eni, of), start: of.entrances.leaveAsItself[index]!, sender: index };
}

function queryOf(formula: string): string {
  const declared = Object.entries(VARIABLES).map(([name, bits]) => `(declare-const ${name} (_ BitVec ${bits}))`);
  return ['(push 1)', ...declared, `(assert ${formula})`, '(check-sat)', '(pop 1)'].join('\n');
}

interface Round {
  readonly own: number;
  /** With addresses settled before, and left to the solver. */
  readonly settled: number;
  readonly whole: number;
  readonly possible: number;
}

function round(): Round {
  const answers = ask();
  const began = process.cpuUsage();
  for (let i = 0; i < REPEATS; i++) ask();
  const { user, system } = process.cpuUsage(began);
  const empty = solve([]);
  const expected = answers.map((isPossible) => (isPossible ? 'sat' : 'unsat'));
  const [settled, whole] = scripts.map((script) => {
    const full = solve(script);
    const differ = expected.findIndex((answer, i) => answer !== full.answers[i]);
    if (differ >= 0) {
      const [from, to] = pairs[differ]!;
      throw new Error(`${from.id} to ${to.id}: ${expected[differ]} here, ${full.answers[differ]} by z3`);
    }
    return ((full.seconds - empty.seconds) * 1e6) / pairs.length;
  }) as [number, number];
  return {
    own: (user + system) / REPEATS / pairs.length,
    settled,
    whole,
    possible: answers.filter((isPossible) => isPossible).length,
  };
}

function ask(): readonly boolean[] {
  return pairs.map(([from, to]) => {
    const { forward, reply } = connections.between(endOf(from, compiled), addressOf(to), rankOf(to, compiled));
    return sets.intersect(forward.must, tcp) !== EMPTY && sets.intersect(reply.must, tcp) !== EMPTY;
  });
}

/** z3 in one process with a context for each question, by wall time: nothing else of it can be had, and it uses one core. */
function solve(queries: readonly string[]): { readonly answers: readonly string[]; readonly seconds: number } {
  const began = performance.now();
  const { status, stdout } = spawnSync(PROGRAM, ['-in'], {
    input: ['(set-logic QF_BV)', ...queries, '(exit)', ''].join('\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`z3 ended with ${status}`);
  return { answers: stdout.trim().split('\n'), seconds: (performance.now() - began) / 1000 };
}

function report(measured: readonly Round[]): string {
  return markdown({
    title: 'A question about two hosts, against a solver',
    question:
      'What does it cost to tell what may pass between two hosts, as an exact set here, and as yes or no by the solver z3?',
    command: 'npm run bench -- solver',
    columns: [
      'questions',
      'possible',
      'exact set here, µs of CPU time',
      'z3, addresses settled, µs',
      'times as long',
      'z3, addresses left to it, µs',
      'times as long',
    ],
    rows: [
      [
        String(pairs.length),
        String(measured[0]!.possible),
        figure(
          measured.map(({ own }) => own),
          1,
        ),
        figure(
          measured.map(({ settled }) => settled),
          0,
        ),
        figure(
          measured.map(({ own, settled }) => settled / own),
          0,
        ),
        figure(
          measured.map(({ whole }) => whole),
          0,
        ),
        figure(
          measured.map(({ own, whole }) => whole / own),
          0,
        ),
      ],
    ],
    notes: [
      `Median of ${ROUNDS} rounds and their spread. Pairs of hosts of an organisation of ${VPCS} VPCs (seed ${SEED}), half in one VPC and half over a peering, without those that routes keep apart.`,
      'Here: `Connections.between`, warm: every protocol and port, there and back. z3: whether one TCP connection is possible, for ports as bit vectors and routes given; what rules say of the two addresses is settled before, or left to it. Start of its process taken off, reading the text included.',
      'Both agreed on every question of every round.',
    ],
  });
}
