/** Cases that Batfish's own tests assert: those made of what igwalk models agree, the others are unknown, never wrong. */

import { expect } from 'vitest';
import { createNet, type Net } from '../../src/explain/net.ts';
import type { Trace } from '../../src/explain/trace.ts';
import { loadSnapshot } from '../../src/load/load.ts';
import type { Network } from '../../src/model/network.ts';
import { networkOf } from '../support/network.ts';
import { type Agreement, reasons, Score } from './score.ts';
import { corpus, corpusTest, readJson } from './shared.ts';

interface Case {
  readonly snapshot: string;
  readonly source: { readonly node: string; readonly ip: string | null };
  readonly destination: { readonly ip: string };
  readonly protocol: 'tcp' | 'hopopt';
  readonly srcPort: number | null;
  readonly dstPort: number | null;
  readonly direction: 'forward' | 'both';
  readonly expected: Expected;
  readonly sameVerdictFor?: readonly { readonly protocol: string; readonly dstPort: number | null }[];
  readonly test: string;
}

type Expected = 'reachable' | 'not-reachable';

/** Snapshots that hold nothing but what igwalk models: no answer may be unknown here. */
const WHOLE = new Set(['test-public-subnet', 'test-subnet', 'test-vpc-peering-multi-account']);

/**
 * Cases that say more about Batfish than about AWS, judged by the statements instead: what must not be answered, and why. Null: the
 * packet starts where none can start in AWS.
 */
const JUDGED: Readonly<Record<string, { readonly never: Trace['verdict'] | null; readonly why: string }>> = {
  'AwsConfigurationSubnetTest#testOutsideSubnetToInstance': {
    never: null,
    why: 'starts at a router that exists in Batfish only, with source 0.0.0.0',
  },
  'AwsConfigurationVpnGatewayTest#testToOnPrem': {
    never: 'dropped',
    why: 'by HYB-01 the packet leaves through the VPN; the router that drops it is not AWS',
  },
  'AwsConfigurationVpnGatewayTest#testInstanceToUnderlayInterfaceIp': {
    never: 'delivered',
    why: 'what the router behind the VPN does with it is not in the snapshot (HYB-01)',
  },
  'AwsConfigurationVpnGatewayTest#testInternetToUnderlayInterfaceIp': {
    never: 'delivered',
    why: 'a VPN tunnel’s outside address answers IKE and ESP, not tcp/80',
  },
};

corpusTest('asserted cases agree where igwalk models all of the path, and are unknown elsewhere', async () => {
  const { cases } = readJson<{ cases: readonly Case[] }>('batfish', 'expected.json');
  const whole = new Score();
  const others = new Score();
  const unknowns: string[] = [];
  for (const asserted of cases) {
    const judged = JUDGED[asserted.test];
    if (judged?.never === null) {
      console.log(`left out: ${asserted.test}: ${judged.why}`);
      continue;
    }
    const net = await netOf(asserted.snapshot);
    const score = WHOLE.has(asserted.snapshot) ? whole : others;
    for (const packet of packetsOf(asserted)) {
      const trace = net.walk(packet);
      const how = judged === undefined ? agreement(trace, asserted) : judgement(trace, judged.never);
      const what = `${asserted.test}: ${packet}: expected ${asserted.expected}, got ${outcomeOf(trace, asserted)}`;
      score.add(what, how, reasons(trace));
      if (how === 'unknown') unknowns.push(`  ${asserted.test}: ${packet}: ${reasons(trace).join(' + ')}`);
    }
  }
  console.log(`asserted cases, all modelled: ${whole.line()}`);
  console.log([`asserted cases, others: ${others.line()}; unknown are`, ...unknowns].join('\n'));
  expect([...whole.wrong, ...others.wrong]).toEqual([]);
  for (const reason of others.reasons) expect(reason).toMatch(/^not-modelled:|^learned$/);
  expect(whole.agree).toBe(whole.total);
  expect(whole.total).toBeGreaterThan(0);
});

corpusTest(
  'without the ACLs, which its snapshot lacks, the peering across accounts is unknown and says why',
  async () => {
    const net = createNet(await loadSnapshot(corpus('batfish', 'test-vpc-peering-multi-account')));
    const trace = net.walk('tcp 10.1.1.100:49152@i-07ae69cc808e8804e > 10.2.1.252:22');
    expect(trace.verdict).toBe('unknown');
    expect(reasons(trace)).toEqual(['network-acl']);
  },
);

const nets = new Map<string, Promise<Net>>();
function netOf(snapshot: string): Promise<Net> {
  const known =
    nets.get(snapshot) ?? loadSnapshot(corpus('batfish', snapshot)).then((n) => createNet(withDefaultAcls(n)));
  nets.set(snapshot, known);
  return known;
}

/** Where the snapshot has no list of ACLs at all, those that AWS gives every VPC (NACL-06): the asserted answers suppose them. */
function withDefaultAcls(network: Network): Network {
  if (network.lists.some(({ kind }) => kind === 'networkAcls')) return network;
  const [acl] = networkOf({ vpc: '10.0.0.0/8' }).networkAcls;
  return {
    ...network,
    networkAcls: network.vpcs.map((vpc) => ({
      ...acl!,
      id: `acl-${vpc.id}`,
      vpcId: vpc.id,
      account: vpc.account,
      region: vpc.region,
      subnetIds: network.subnets.filter((subnet) => subnet.vpcId === vpc.id).map(({ id }) => id),
    })),
  };
}

function agreement(trace: Trace, asserted: Case): Agreement {
  const outcome = outcomeOf(trace, asserted);
  if (outcome === 'unknown') return 'unknown';
  return (outcome === 'delivered') === (asserted.expected === 'reachable') ? 'agree' : 'wrong';
}

function judgement({ verdict }: Trace, never: Trace['verdict']): Agreement {
  return verdict === 'unknown' ? 'unknown' : verdict === never ? 'wrong' : 'agree';
}

function outcomeOf(trace: Trace, { direction }: Case): string {
  return direction === 'forward' ? trace.forward.outcome : trace.verdict;
}

/** The packet that the test sends, and the ordinary ones that must get the same verdict. `hopopt` is IP protocol 0. */
function packetsOf(asserted: Case): readonly string[] {
  const { source, destination, protocol, srcPort, dstPort, sameVerdictFor = [] } = asserted;
  const from = source.ip ?? (source.node.startsWith('vgw/') ? '192.168.99.5' : '203.0.113.7');
  const pin = pinOf(source.node);
  const of = (name: string, source: string, target: number | null): string => {
    if (name === 'icmp') return `icmp echo ${from}${pin} > ${destination.ip}`;
    if (name === 'hopopt') return `proto 0 ${from}${pin} > ${destination.ip}`;
    return `${name} ${from}:${source}${pin} > ${destination.ip}:${target}`;
  };
  return [
    of(protocol, String(srcPort ?? 49152), dstPort),
    ...sameVerdictFor.map((same) => of(same.protocol, '49152', same.dstPort)),
  ];
}

/** `igw/igw-1` and `vgw/vgw-1` are hosts behind the gateway; a flow put in at a subnet's router comes from its only interface. */
function pinOf(node: string): string {
  if (node === 'internet') return '';
  if (node.startsWith('subnet-')) return '@eni-00064850627e198ee';
  return `@${node.replace(/^(igw|vgw)\//, '')}`;
}
