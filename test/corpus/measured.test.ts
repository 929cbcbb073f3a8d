/** Probes of real deployments: what was reachable there is reachable here, and what was not is not. */

import { expect } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { createNet } from '../../src/explain/net.ts';
import { askPacket } from '../../src/explain/packet-question.ts';
import { loadSnapshot } from '../../src/load/load.ts';
import { readersDisagree } from '../support/two-readers.ts';
import { agreement, reasons, Score } from './score.ts';
import { corpus, corpusTest, readJson } from './shared.ts';

interface Probe {
  readonly snapshot: string;
  readonly source: { readonly ip: string; readonly eni?: string };
  readonly destination: { readonly ip: string };
  readonly protocol: 'tcp' | 'icmp';
  readonly dstPort: number | null;
  readonly expected: 'reachable' | 'not-reachable';
  readonly scored: boolean;
  /** `model` where the rules of the VPC decided; otherwise what did. */
  readonly class: string;
}

const LABS = [
  'lab-aws_demo',
  'lab-aws_instance_multiple_interface',
  'lab-aws_multi_account_vpc_peering',
  'lab-aws_nlb_multi_az',
  'lab-aws_nlb_targets_instance',
  'lab-aws_nlb_targets_ip',
  'lab-aws_tgw_asymmetric_non_default_rtb',
  'lab-aws_tgw_multi_az_intra_region',
  'lab-aws_tgw_peering',
  'lab-aws_vnd_panos_single_fw',
  'lab-aws_vpc_endpoints',
];

let agreeing = 0;
let scoredProbes = 0;

for (const lab of LABS) {
  corpusTest(`${lab}: every probe agrees, as a packet and as sets`, async () => {
    const probes = probesOf(lab, true);
    const network = await loadSnapshot(corpus('batfish', lab));
    const net = createNet(network);
    const score = new Score();
    for (const probe of probes) {
      const packet = packetOf(probe);
      const trace = net.walk(packet);
      score.add(
        `${packet}: expected ${probe.expected}, got ${trace.verdict}`,
        agreement(trace, probe.expected),
        reasons(trace),
      );
    }
    console.log(`${lab}: ${score.line()}`);
    agreeing += score.agree;
    scoredProbes += score.total;
    expect(score.wrong).toEqual([]);
    expect(score.reasons).toEqual([]);
    expect(score.agree).toBe(probes.length);
    expect(score.total).toBeGreaterThan(0);
    const compiled = compile(network);
    const questions = probes.map((probe) => askPacket(compiled, packetOf(probe)));
    expect(readersDisagree(compiled, questions)).toEqual([]);
  });
}

corpusTest('the score over all labs', () => {
  console.log(`measured probes: ${agreeing} of ${scoredProbes} agree`);
  expect([agreeing, scoredProbes]).toEqual([1578, 1578]);
});

corpusTest('what is said of probes that something else than the network decided', async () => {
  const classes = new Map<string, Score>();
  for (const lab of LABS) {
    const net = createNet(await loadSnapshot(corpus('batfish', lab)));
    for (const probe of probesOf(lab, false)) {
      const score = classes.get(probe.class) ?? new Score();
      classes.set(probe.class, score);
      const packet = packetOf(probe);
      const trace = net.walk(packet);
      score.add(packet, agreement(trace, probe.expected), reasons(trace));
    }
  }
  for (const [name, score] of [...classes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    console.log(`not scored, ${name}: ${score.line()}`);
  }
  expect([...classes.keys()].sort()).toEqual([
    'appliance',
    'host-routing',
    'self',
    'service-not-listening',
    'stale-address',
  ]);
  // A host that probes itself never leaves itself (OPEN-28). What the other classes say of AWS is nothing: they are told, not judged.
  expect(classes.get('self')!.line()).toMatch(/, 0 unknown, 0 wrong/);
});

corpusTest('no measured lab is left out', () => {
  expect(
    [...new Set(readJson<{ cases: Probe[] }>('batfish', 'measured.json').cases.map((c) => c.snapshot))].sort(),
  ).toEqual(LABS);
});

function probesOf(lab: string, isScored: boolean): readonly Probe[] {
  const { cases } = readJson<{ cases: readonly Probe[] }>('batfish', 'measured.json');
  return cases.filter(({ snapshot, scored }) => scored === isScored && snapshot === lab);
}

/** The prober's source port was not recorded; 49152 is one that Linux and Windows both pick. A source without an ENI is the internet. */
function packetOf({ source, destination, protocol, dstPort }: Probe): string {
  const pin = source.eni === undefined ? '' : `@${source.eni}`;
  return protocol === 'tcp'
    ? `tcp ${source.ip}:49152${pin} > ${destination.ip}:${dstPort}`
    : `icmp echo ${source.ip}${pin} > ${destination.ip}`;
}
