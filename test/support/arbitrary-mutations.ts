/** Random edits of a network: numbers that choose among what it has, so that edits and networks shrink apart. */

import fc from 'fast-check';
import type { Change } from '../../src/explain/change.ts';
import { changed } from '../../src/explain/change.ts';
import { QuestionError } from '../../src/explain/question-error.ts';
import type { Network } from '../../src/model/network.ts';
import { parsePrefix } from '../../src/net/address-text.ts';
import { ALL_TRAFFIC, type Traffic } from '../../src/net/traffic.ts';

interface Mutation {
  readonly kind: 'remove-rule' | 'allow' | 'entry' | 'route' | 'unroute' | 'regroup' | 'readdress' | 'remove';
  readonly one: number;
  readonly other: number;
  readonly isLocal: boolean;
}

const BLOCKS = ['0.0.0.0/0', '10.0.0.0/16', '10.1.1.0/24', '203.0.113.0/25', '2001:db8::/40', '::/0', '192.0.2.0/28'];
const TRAFFIC: readonly Traffic[] = [
  ALL_TRAFFIC,
  { protocol: 6, firstPortOrIcmp: 443, lastPortOrIcmp: 443 },
  { protocol: 6, firstPortOrIcmp: 1024, lastPortOrIcmp: 40000 },
  { protocol: 17, firstPortOrIcmp: 53, lastPortOrIcmp: 60 },
  { protocol: 1, firstPortOrIcmp: 8 << 8, lastPortOrIcmp: (8 << 8) | 255 },
];

export function mutations(): fc.Arbitrary<readonly Mutation[]> {
  const kind = fc.constantFrom(
    'remove-rule' as const,
    'remove-rule' as const,
    'allow' as const,
    'allow' as const,
    'entry' as const,
    'regroup' as const,
    'route' as const,
    'unroute' as const,
    'readdress' as const,
    'remove' as const,
  );
  const number = fc.nat({ max: 999 });
  return fc.array(fc.record({ kind, one: number, other: number, isLocal: fc.boolean() }), {
    minLength: 1,
    maxLength: 3,
  });
}

export function mutated(network: Network, plans: readonly Mutation[]): Network {
  return plans.reduce((now, plan) => {
    try {
      const change = changeOf(now, plan);
      return change === null ? now : changed(now, change);
    } catch (error) {
      // A number that is taken, a destination that is not there: no edit.
      if (error instanceof QuestionError) return now;
      throw error;
    }
  }, network);
}

function chosen<T>(options: readonly T[], number: number): T | null {
  return options[number % Math.max(1, options.length)] ?? null;
}

function changeOf(network: Network, { kind, one, other, isLocal }: Mutation): Change | null {
  const direction = isLocal ? 'in' : 'out';
  const prefix = parsePrefix(chosen(BLOCKS, one)!).prefix;
  const traffic = chosen(TRAFFIC, other)!;
  switch (kind) {
    case 'remove-rule': {
      const rules = [
        ...network.securityGroups.flatMap((group) => group.rules.map(({ id }) => id)),
        ...network.networkAcls.flatMap(({ id, entries }) =>
          entries.filter(({ number }) => number < 32767).map((entry) => `${id}/${entry.direction}/${entry.number}`),
        ),
      ];
      const rule = chosen(rules, one * 1000 + other);
      return rule === null ? null : { kind: 'remove-rule', rule };
    }
    case 'allow': {
      const group = chosen(network.securityGroups, one);
      const named = chosen(network.securityGroups, other);
      const peer =
        isLocal || named === null
          ? ({ kind: 'cidr', prefix } as const)
          : ({
              kind: 'group',
              groupId: named.id,
              account: null,
              vpcId: null,
              peeringId: null,
              peeringStatus: null,
            } as const);
      return group === null ? null : { kind: 'add-group-rule', group: group.id, rule: { direction, traffic, peer } };
    }
    case 'entry': {
      const acl = chosen(network.networkAcls, one);
      const entry = {
        direction,
        number: 50 + (one % 100),
        action: isLocal ? 'deny' : 'allow',
        traffic,
        peer: prefix,
      } as const;
      return acl === null ? null : { kind: 'add-nacl-entry', networkAcl: acl.id, entry };
    }
    case 'route': {
      const table = chosen(network.routeTables, one);
      const gateway = chosen(network.internetGateways, other);
      const eni = chosen(network.networkInterfaces, other);
      const target =
        isLocal && gateway !== null
          ? ({ kind: 'internet-gateway', id: gateway.id } as const)
          : ({ kind: 'network-interface', id: eni?.id ?? 'eni-none' } as const);
      return table === null ? null : { kind: 'add-route', routeTable: table.id, destination: prefix, target };
    }
    case 'unroute': {
      const table = chosen(network.routeTables, one);
      const destination = chosen(['0.0.0.0/0', '::/0', '10.1.0.0/16'], other)!;
      return table === null ? null : { kind: 'remove-route', routeTable: table.id, destination };
    }
    case 'regroup': {
      const eni = chosen(network.networkInterfaces, one);
      const group = chosen(network.securityGroups, other);
      if (eni === null || group === null || eni.owner !== 'instance') return null;
      return { kind: 'replace', network: { networkInterfaces: [{ ...eni, groupIds: [group.id] }] } };
    }
    case 'readdress': {
      const eni = chosen(network.networkInterfaces, one);
      if (eni === null || eni.owner !== 'instance') return null;
      const privateAddresses = eni.privateAddresses.map((pair) => ({ ...pair, publicAddress: null }));
      return { kind: 'replace', network: { networkInterfaces: [{ ...eni, privateAddresses }] } };
    }
    case 'remove': {
      const eni = chosen(network.networkInterfaces, one);
      return eni === null ? null : { kind: 'remove-records', ids: [eni.id] };
    }
  }
}
