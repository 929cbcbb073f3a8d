/** CMP: services that are no more than interfaces and addresses to a packet, on the networks of the tour. */

import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { igwalk } from '../cli/command-line.ts';

/** `delivered NAME` (or the id, or the kind, of what has none), or the verdict with the code of what stopped it first. */
async function ending(network: string, packet: string): Promise<string> {
  const folder = fileURLToPath(new URL(`../../corpus/tour/${network}`, import.meta.url));
  const { stdout, stderr } = await igwalk(['trace', folder, packet, '--json', '--allow-unknown']);
  expect(stderr).toBe('');
  const { verdict, forward, reply } = JSON.parse(stdout);
  const [blocker] = [...forward.blockers, ...(reply?.blockers ?? [])];
  return `${verdict} ${blocker?.code ?? forward.to.name ?? forward.to.id ?? forward.to.kind}`;
}

describe('tasks, pods and functions', () => {
  const OUT = '203.0.113.80:443';
  const end = (packet: string): Promise<string> => ending('containers', packet);

  test('CMP-05: a task with an interface on an instance has no public address, so a public subnet is no way out', async () => {
    expect(await end(`tcp 10.2.0.20:40000 > ${OUT}`)).toBe('dropped IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS');
  });

  test('CMP-06: a Fargate task gets out of a public subnet by the public address that was assigned to it', async () => {
    expect(await end(`tcp 10.2.0.21:40000 > ${OUT}`)).toBe('delivered internet');
  });

  test('CMP-07: a pod without groups of its own is judged by the groups of its node', async () => {
    expect(await end('tcp 10.2.10.51:40000 > 10.2.10.60:5432')).toBe('delivered db');
    expect(await end('tcp 10.2.0.20:40000 > 10.2.10.60:5432')).toBe('dropped ENI_SG_RULES_MISMATCH');
  });

  test('CMP-03: a function sends from its subnets, and in a public one it has no public address', async () => {
    expect(await end('tcp 10.2.10.70:40000 > 10.2.10.60:5432')).toBe('delivered db');
    expect(await end(`tcp 10.2.0.70:40000 > ${OUT}`)).toBe('dropped IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS');
  });

  test('CMP-04: a function takes no connection, though its group admits it', async () => {
    expect(await end('tcp 10.2.10.50:40000 > 10.2.10.70:443')).toBe('dropped NO_POSSIBLE_DESTINATION');
  });
});

test('CMP-10: a balancer that admits the origin-facing list is reached from the list and from nowhere else', async () => {
  const end = (source: string): Promise<string> => ending('front', `tcp ${source}:40000 > 198.51.100.20:443`);
  expect(await end('203.0.113.0')).toBe('delivered web-1');
  expect(await end('203.0.113.127')).toBe('delivered web-1');
  expect(await end('203.0.113.128')).toBe('dropped ENI_SG_RULES_MISMATCH');
  expect(await end('192.0.2.9')).toBe('dropped ENI_SG_RULES_MISMATCH');
});

test('CMP-14: a regional service is a public address behind a NAT gateway, or the interface of an endpoint, and starts nothing', async () => {
  const end = (packet: string): Promise<string> => ending('services', packet);
  expect(await end('tcp 10.3.10.10:40000 > 203.0.113.60:443')).toBe('delivered internet');
  expect(await end('tcp 10.3.10.10:40000 > 10.3.10.50:443')).toBe('delivered com.amazonaws.eu-west-1.sqs');
  expect(await end('tcp 10.3.10.11:40000 > 10.3.10.50:443')).toBe('dropped ENI_SG_RULES_MISMATCH');
  expect(await end('tcp 10.3.10.50:40000 > 10.3.10.10:443')).toBe('dropped VPCE_INTRA_VPC_TRAFFIC');
});
