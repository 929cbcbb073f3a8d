/** A walk is what a fresh session makes of the packet and then of its answer. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNet } from '../../src/explain/net.ts';
import type { Network } from '../../src/model/network.ts';
import { drawings } from '../support/arbitrary-networks.ts';
import { senders, targets } from '../support/arbitrary-packets.ts';
import { networkOf } from '../support/network.ts';

const anyQuestion = fc.record({
  from: fc.nat(),
  to: fc.nat(),
  port: fc.constantFrom(22, 80, 443, 1024, 65535),
  kind: fc.constantFrom('tcp', 'tcp', 'udp', 'icmp', 'proto 50'),
});

/** Two more VPCs that no packet touches, whose ids come before all others: everything gets another number. */
function strangersIn(network: Network): Partial<Network> {
  const region = network.vpcs[0]?.region ?? 'us-east-1';
  const { vpcs, subnets, routeTables, networkAcls, securityGroups, networkInterfaces, natGateways, peerings } =
    networkOf({
      vpcs: {
        '!A': {
          vpc: '172.20.0.0/16',
          region,
          subnets: { '!S': { cidr: '172.20.1.0/24', routes: { '172.21.0.0/16': 'pcx-!p', '0.0.0.0/0': 'nat-!n' } } },
          enis: { '!E': { subnet: '!S', address: '172.20.1.10' } },
          nats: { '!N': { subnet: '!S', address: '172.20.1.5' } },
        },
        '!B': { vpc: '172.21.0.0/16', region },
      },
      peerings: { '!P': { from: '!A', to: '!B' } },
    });
  return { vpcs, subnets, routeTables, networkAcls, securityGroups, networkInterfaces, natGateways, peerings };
}

function chosen<T>(options: readonly T[], number: number): T {
  return options[number % options.length]!;
}

function ported(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

test('a session that sends a packet and then its answer sees what a walk tells, even if strangers join in between', () => {
  const questions = fc.array(anyQuestion, { minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(
      drawings({ hasGaps: true }),
      questions,
      fc.boolean(),
      fc.boolean(),
      (drawing, asked, forwards, meetsStrangers) => {
        const network = networkOf(drawing);
        const appliances = new Map(
          network.networkInterfaces
            .filter((eni) => forwards && !eni.sourceDestCheck)
            .map(({ id }) => [id, 'forwards'] as const),
        );
        const net = createNet(network, { appliances });
        for (const { from, to, port, kind } of asked) {
          const { place, address } = chosen(senders(network), from);
          const aims = targets(network).filter((aim) => aim.includes(':') === address.includes(':') && aim !== address);
          if (aims.length === 0) continue;
          const aim = chosen(aims, to);
          const packet =
            kind === 'icmp'
              ? `icmp echo ${address}@${place} > ${aim}`
              : kind === 'proto 50'
                ? `${kind} ${address}@${place} > ${aim}`
                : `${kind} ${ported(address, 49152)}@${place} > ${ported(aim, port)}`;
          const trace = net.walk(packet);
          const session = net.session();
          const sent = session.send(packet);
          expect(sent.leg, packet).toEqual(trace.forward);
          if (trace.reply === null) continue;
          if (meetsStrangers) session.apply({ kind: 'replace', network: strangersIn(network) });
          const answered = session.answer();
          expect(answered.leg.hops, `answer to ${packet}`).toEqual(trace.reply.hops);
          expect(answered.leg.received, `answer to ${packet}`).toEqual(trace.reply.received);
        }
      },
    ),
    { numRuns: 25 },
  );
});
