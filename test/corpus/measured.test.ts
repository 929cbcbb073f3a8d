/** Probes of real deployments: what was reachable there is reachable here, or unknown; never the other way round. */

import { expect } from 'vitest';
import { createNet } from '../../src/explain/net.ts';
import { loadSnapshot } from '../../src/load/load.ts';
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

/** Labs made of nothing but what igwalk models: here no answer may be unknown. */
const WHOLE = new Set(LABS);

for (const lab of LABS) {
  const claim = WHOLE.has(lab) ? 'every probe agrees' : 'every probe agrees or is unknown';
  corpusTest(`${lab}: ${claim}`, async () => {
    const probes = probesOf(lab);
    const net = createNet(await loadSnapshot(corpus('batfish', lab)));
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
    expect(score.wrong).toEqual([]);
    expect(score.total).toBeGreaterThan(0);
    // Nothing else is missing from these snapshots: another reason would be a gap of ours.
    for (const reason of score.reasons) expect(reason).toMatch(/^not-modelled:|^host-routing$/);
    if (WHOLE.has(lab)) expect(score.agree).toBe(probes.length);
  });
}

corpusTest('no measured lab is left out', () => {
  expect(
    [...new Set(readJson<{ cases: Probe[] }>('batfish', 'measured.json').cases.map((c) => c.snapshot))].sort(),
  ).toEqual(LABS);
});

function probesOf(lab: string): readonly Probe[] {
  const { cases } = readJson<{ cases: readonly Probe[] }>('batfish', 'measured.json');
  return cases.filter(({ snapshot, scored }) => scored && snapshot === lab);
}

/** The prober's source port was not recorded; 49152 is one that Linux and Windows both pick. A source without an ENI is the internet. */
function packetOf({ source, destination, protocol, dstPort }: Probe): string {
  const pin = source.eni === undefined ? '' : `@${source.eni}`;
  return protocol === 'tcp'
    ? `tcp ${source.ip}:49152${pin} > ${destination.ip}:${dstPort}`
    : `icmp echo ${source.ip}${pin} > ${destination.ip}`;
}
