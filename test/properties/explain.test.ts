/** Proposals hold what they promise, on random networks: each was tried here too, and nothing smaller does. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankOf } from '../../src/compile/address-space.ts';
import { compile } from '../../src/compile/compile.ts';
import { type Change, changed } from '../../src/explain/change.ts';
import type { Goal, Proposal } from '../../src/explain/explain-answer.ts';
import { createNet, type Net } from '../../src/explain/net.ts';
import { QuestionError } from '../../src/explain/question-error.ts';
import type { Network } from '../../src/model/network.ts';
import { CLOSING_V4 } from '../../src/model/network-acl.ts';
import type { NetworkInterface } from '../../src/model/network-interface.ts';
import { formatAddress } from '../../src/net/address-text.ts';
import { wholeFamily } from '../../src/net/prefix.ts';
import { TCP, UDP } from '../../src/net/protocol.ts';
import type { Traffic } from '../../src/net/traffic.ts';
import { type Connection, Connections } from '../../src/reach/connection.ts';
import { L4Sets } from '../../src/reach/l4-sets.ts';
import { drawings } from '../support/arbitrary-networks.ts';
import type { Drawing } from '../support/drawing.ts';
import { reportWithSnapshot } from '../support/failure-report.ts';
import { networkOf } from '../support/network.ts';

const PORTS = [443, 22, 5432] as const;
const CLIENT = '203.0.113.7';
const ANYONE = wholeFamily(4);

interface Asked {
  readonly question: string;
  /** A packet of the question: the walker has to see it through. */
  readonly packet: string;
  readonly port: number;
  /** Interfaces at the two ends; the internet has none. */
  readonly sender: NetworkInterface | null;
  readonly target: NetworkInterface;
}

/** One address to one address, so that brute force has little to try. */
function askedIn(network: Network, from: number, to: number, port: number): Asked | null {
  const hosts = network.networkInterfaces.filter(({ owner }) => owner === 'instance');
  const target = hosts[to % Math.max(1, hosts.length)];
  const sender = [...hosts, null][from % (hosts.length + 1)]!;
  if (target === undefined || sender === target) return null;
  const [own] = target.privateAddresses;
  const destination = sender === null ? own!.publicAddress : own!.address;
  if (destination === null) return null;
  const source = sender === null ? CLIENT : formatAddress(sender.privateAddresses[0]!.address);
  const at = sender === null ? source : `${source}@${sender.id}`;
  return {
    question: `${at} -> ${formatAddress(own!.address)}@${target.id} : tcp/${port}`,
    packet: `tcp ${source}:49152${sender === null ? '' : `@${sender.id}`} > ${formatAddress(destination)}:${port}`,
    port,
    sender,
    target,
  };
}

const asks = fc.tuple(fc.nat({ max: 11 }), fc.nat({ max: 11 }), fc.constantFrom(...PORTS));

function verdictAfter(network: Network, changes: readonly Change[], { question }: Asked): string {
  return createNet(changed(network, { kind: 'several', changes })).reach(question).verdict;
}

function* subsetsOf<T>(items: readonly T[], size: number, from = 0): Generator<readonly T[]> {
  if (size === 0) yield [];
  else {
    for (let i = from; i < items.length; i++) {
      for (const rest of subsetsOf(items, size - 1, i + 1)) yield [items[i]!, ...rest];
    }
  }
}

const tcp = (first: number, last: number): Traffic => ({ protocol: TCP, firstPortOrIcmp: first, lastPortOrIcmp: last });

/** Edits that open more than any proposal would, for any address: what they cannot do in so many, nothing can without routes. */
function strongEdits(network: Network, { sender, target, port }: Asked): readonly Change[] {
  const rule = (group: string, direction: 'in' | 'out'): Change => ({
    kind: 'add-group-rule',
    group,
    rule: { direction, traffic: tcp(port, port), peer: { kind: 'cidr', prefix: ANYONE } },
  });
  const entries = network.networkAcls.flatMap(({ id, entries }) =>
    (['in', 'out'] as const).flatMap((direction) => {
      const used = new Set(entries.filter((entry) => entry.direction === direction).map(({ number }) => number));
      const free = Array.from({ length: CLOSING_V4 - 1 }, (_, i) => i + 1).filter((number) => !used.has(number));
      return [tcp(port, port), tcp(1024, 65535)].map(
        (traffic, i): Change => ({
          kind: 'add-nacl-entry',
          networkAcl: id,
          entry: { direction, number: free[i]!, action: 'allow', traffic, peer: ANYONE },
        }),
      );
    }),
  );
  return [
    ...(sender?.groupIds ?? []).slice(0, 1).map((id) => rule(id, 'out')),
    rule(target.groupIds[0]!, 'in'),
    ...entries,
  ];
}

function isRoute({ kind }: Change): boolean {
  return kind === 'add-route';
}

test('every proposal to open works, for the walker too, and no part of it does', { timeout: 60_000 }, () => {
  let proposed = 0;
  const check = (drawing: Drawing, [from, to, port]: readonly [number, number, number]): void => {
    const network = networkOf(drawing);
    const asked = askedIn(network, from, to, port);
    if (asked === null) return;
    const { proposals } = createNet(network).explain(asked.question);
    for (const { changes, size } of proposals) {
      proposed++;
      expect(size).toBe(changes.length);
      expect(verdictAfter(network, changes, asked)).toBe('all');
      const after = createNet(changed(network, { kind: 'several', changes }));
      expect(after.walk(asked.packet).verdict).toBe('delivered');
      for (const part of subsetsOf(changes, size - 1)) expect(verdictAfter(network, part, asked)).not.toBe('all');
    }
  };
  fc.assert(fc.property(drawings({ hasGaps: false }), asks, check), { numRuns: 40, reporter: reportWithSnapshot });
  expect(proposed).toBeGreaterThan(0);
});

test('proposals for many pairs at once work, and no part of them does', { timeout: 60_000 }, () => {
  const places = fc.constantFrom('internet', 'vpc-0', 'sg-0a', 'sg-0b', 'subnet-00', '203.0.113.0/24');
  const services = fc.constantFrom('tcp/443', 'tcp/22,80', 'udp/53', 'icmp/echo');
  let proposed = 0;
  const check = (drawing: Drawing, from: string, to: string, service: string): void => {
    const net = createNet(networkOf(drawing));
    let proposals: readonly Proposal[] = [];
    try {
      ({ proposals } = net.explain(`${from} -> ${to} : ${service}`));
    } catch (error) {
      if (!(error instanceof QuestionError)) throw error;
    }
    // Every part is a network and a question of its own: a few of each are enough here.
    for (const { changes } of proposals.filter(({ size }) => size <= 6).slice(0, 4)) {
      proposed++;
      const after = (part: readonly Change[]): Net => net.edit({ kind: 'several', changes: part });
      expect(after(changes).reach(`${from} -> ${to} : ${service}`).verdict).toBe('all');
      for (const part of subsetsOf(changes, changes.length - 1)) {
        expect(after(part).reach(`${from} -> ${to} : ${service}`).verdict).not.toBe('all');
      }
    }
  };
  const plain = drawings({ hasGaps: false, isPlain: true });
  fc.assert(fc.property(plain, places, places, services, check), { numRuns: 45, reporter: reportWithSnapshot });
  expect(proposed).toBeGreaterThan(0);
});

test('nothing smaller opens it, and what can be opened without a route is', { timeout: 60_000 }, () => {
  let compared = 0;
  const check = (drawing: Drawing, [from, to, port]: readonly [number, number, number]): void => {
    const network = networkOf(drawing);
    const asked = askedIn(network, from, to, port);
    if (asked === null || verdictAfter(network, [], asked) === 'all') return;
    const pool = strongEdits(network, asked);
    if (verdictAfter(network, pool, asked) !== 'all') return;
    const { proposals } = createNet(network).explain(asked.question);
    const smallest = proposals[0]?.size ?? Number.POSITIVE_INFINITY;
    for (let size = 1; size <= 3; size++) {
      const works = [...subsetsOf(pool, size)].some((changes) => verdictAfter(network, changes, asked) === 'all');
      if (!works) continue;
      compared++;
      // Fewer than brute force only by a route that goes round the lists.
      if (!proposals[0]?.changes.some(isRoute)) expect(smallest).toBe(size);
      else expect(smallest).toBeLessThanOrEqual(size);
      return;
    }
    expect(smallest).toBeGreaterThan(3);
  };
  fc.assert(fc.property(drawings({ hasGaps: false, isPlain: true }), asks, check), {
    numRuns: 30,
    reporter: reportWithSnapshot,
  });
  expect(compared).toBeGreaterThan(0);
});

test('every proposal to close works, for the walker too', { timeout: 60_000 }, () => {
  let proposed = 0;
  const check = (drawing: Drawing, [from, to, port]: readonly [number, number, number]): void => {
    const network = networkOf(drawing);
    const asked = askedIn(network, from, to, port);
    if (asked === null) return;
    const { proposals } = createNet(network).explain(asked.question, { goal: 'close' });
    for (const { changes } of proposals) {
      proposed++;
      expect(verdictAfter(network, changes, asked)).toBe('none');
      const after = createNet(changed(network, { kind: 'several', changes }));
      expect(after.walk(asked.packet).verdict).toBe('dropped');
    }
  };
  fc.assert(fc.property(drawings({ hasGaps: false }), asks, check), { numRuns: 60, reporter: reportWithSnapshot });
  expect(proposed).toBeGreaterThan(0);
});

test('removals are all the smallest sets of rules without which nothing arrives', { timeout: 60_000 }, () => {
  let compared = 0;
  const check = (drawing: Drawing, [from, to, port]: readonly [number, number, number]): void => {
    const network = networkOf(drawing);
    const asked = askedIn(network, from, to, port);
    if (asked === null) return;
    const { sender, target } = asked;
    const { verdict, proposals } = createNet(network).explain(asked.question, { goal: 'close' });
    if (verdict === 'none') return;
    const rules = network.securityGroups.flatMap(({ id, rules }) =>
      rules
        .filter(({ direction }) => (direction === 'out' ? sender : target)?.groupIds.includes(id) ?? false)
        .map((rule) => rule.id),
    );
    if (rules.length > 10) return;
    const removals = proposals.filter(({ kind }) => kind === 'remove-rules').map(rulesOf);
    for (let size = 1; size <= rules.length; size++) {
      const works = [...subsetsOf(rules, size)].filter(
        (ids) =>
          verdictAfter(
            network,
            ids.map((rule) => ({ kind: 'remove-rule', rule })),
            asked,
          ) === 'none',
      );
      if (works.length === 0) continue;
      compared++;
      expect(removals.toSorted()).toEqual(works.map((ids) => ids.toSorted().join()).toSorted());
      return;
    }
    expect(removals).toEqual([]);
  };
  fc.assert(fc.property(drawings({ hasGaps: false, isPlain: true }), asks, check), {
    numRuns: 60,
    reporter: reportWithSnapshot,
  });
  expect(compared).toBeGreaterThan(0);
});

/**
 * Pairs of interfaces between which anything passes in one network and not in the other, besides the pair that was asked about, in one
 * VPC or in two that are peered.
 */
function differingPairs(before: Network, after: Network, { sender, target }: Asked): readonly string[] {
  const sets = new L4Sets();
  const sides = [before, after].map((network) => {
    const compiled = compile(network);
    return { compiled, connections: new Connections(compiled, sets) };
  });
  const ends = before.networkInterfaces.flatMap(({ id, vpcId, privateAddresses, ipv6Addresses, delegated }, eni) =>
    [
      ...privateAddresses.map(({ address }) => address),
      ...ipv6Addresses,
      ...delegated.map((block) => block.address),
    ].map((address) => ({ id, vpcId, eni, address })),
  );
  const isNear = (one: string, other: string): boolean =>
    one === other ||
    before.peerings.some(
      ({ state, requester, accepter }) =>
        state === 'active' && [requester.vpcId, accepter.vpcId].toSorted().join() === [one, other].toSorted().join(),
    );
  const differing = new Set<string>();
  for (const from of ends) {
    for (const to of ends) {
      if (from.eni === to.eni || from.address.family !== to.address.family) continue;
      if (from.id === sender?.id && to.id === target.id) continue;
      if (!isNear(from.vpcId, to.vpcId)) continue;
      const [one, other] = sides.map(({ compiled: { space, entrances }, connections }) => {
        const start = entrances.leaveAsItself[from.eni]!;
        const end = { address: from.address, rank: rankOf(space, from.address), start, sender: from.eni };
        return passing(sets, connections.between(end, to.address, rankOf(space, to.address)));
      });
      if (one !== other) differing.add(`${from.id} ${to.id}`);
    }
  }
  return [...differing];
}

/** What may arrive and be answered, as one text: answers to ports that no client sends from do not count. */
function passing(sets: L4Sets, { forward, reply }: Connection): string {
  const withPorts = sets.union(sets.box(TCP, 0, 65535), sets.box(UDP, 0, 65535));
  const clients = [TCP, UDP].map((protocol) =>
    sets.ports(forward.may, protocol).length === 0 ? 0 : sets.intersect(reply.may, sets.box(protocol, 1024, 65535)),
  );
  return [forward.may, sets.intersect(forward.may, sets.subtract(reply.may, withPorts)), ...clients].join();
}

test('what else a proposal opens or closes is what differs between the two networks', { timeout: 60_000 }, () => {
  let compared = 0;
  const check = (drawing: Drawing, [from, to, port]: readonly [number, number, number], goal: Goal): void => {
    const network = networkOf(drawing);
    const asked = askedIn(network, from, to, port);
    if (asked === null) return;
    for (const { changes, collateral } of createNet(network).explain(asked.question, { goal }).proposals.slice(0, 3)) {
      if (collateral.kind !== 'counted') throw new Error(collateral.why);
      const { opens, closes } = collateral;
      if (opens.pairs > opens.examples.length || closes.pairs > closes.examples.length) continue;
      compared++;
      const told = [...opens.examples, ...closes.examples]
        .filter((flow) => flow.from.kind !== 'internet' && flow.to.kind !== 'internet')
        .filter((flow) => flow.from.id !== asked.sender?.id || flow.to.id !== asked.target.id)
        .map((flow) => `${flow.from.id} ${flow.to.id}`);
      const after = changed(network, { kind: 'several', changes });
      expect([...new Set(told)].toSorted()).toEqual(differingPairs(network, after, asked).toSorted());
    }
  };
  const goals = fc.constantFrom<Goal>('open', 'close');
  fc.assert(fc.property(drawings({ hasGaps: false }), asks, goals, check), {
    numRuns: 50,
    reporter: reportWithSnapshot,
  });
  expect(compared).toBeGreaterThan(0);
});

function rulesOf({ changes }: Proposal): string {
  return changes
    .map((change) => (change.kind === 'remove-rule' ? change.rule : change.kind))
    .toSorted()
    .join();
}
