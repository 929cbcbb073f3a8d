/** Changes as commands of the AWS CLI, to be read before they are run. */

import type { Change, NewNaclEntry } from '../explain/change.ts';
import { groupWithRule } from '../explain/change-rule.ts';
import type { Network } from '../model/network.ts';
import type { RouteTarget } from '../model/route-table.ts';
import type { RulePeer } from '../model/security-group.ts';
import { formatPrefix } from '../net/address-text.ts';
import { type Prefix, samePrefix } from '../net/prefix.ts';
import { hasPorts, isIcmp } from '../net/protocol.ts';
import type { Traffic } from '../net/traffic.ts';
import { entryNamed } from './change-words.ts';
import { groupProtocol, rulePorts } from './rule-fields.ts';
import { shellQuote } from './shell-quote.ts';

/** One command a line, for a POSIX shell; a comment for what the AWS CLI has no command for. */
export function awsCliCommands(network: Network, changes: readonly Change[]): readonly string[] {
  return changes.flatMap((change) => commandsFor(network, change));
}

function commandsFor(network: Network, change: Change): readonly string[] {
  switch (change.kind) {
    case 'add-group-rule': {
      const { group, rule } = change;
      const record = network.securityGroups.find(({ id }) => id === group);
      const verb = `authorize-security-group-${gress(rule.direction)}`;
      return [command(verb, ['--group-id', group, ...permissions(rule.traffic, rule.peer)], record)];
    }
    case 'add-nacl-entry': {
      const { networkAcl, entry } = change;
      const record = network.networkAcls.find(({ id }) => id === networkAcl);
      return [command('create-network-acl-entry', entryWords(networkAcl, entry), record)];
    }
    case 'add-route':
      return [routeCommand(network, change)];
    case 'remove-route': {
      const { routeTable, destination } = change;
      const flag = destination.startsWith('pl-')
        ? '--destination-prefix-list-id'
        : destination.includes(':')
          ? '--destination-ipv6-cidr-block'
          : '--destination-cidr-block';
      const record = network.routeTables.find(({ id }) => id === routeTable);
      return [command('delete-route', ['--route-table-id', routeTable, flag, destination], record)];
    }
    case 'remove-rule':
      return [removal(network, change.rule)];
    case 'several':
      return awsCliCommands(network, change.changes);
    case 'replace':
    case 'remove-records':
      return ['# whole records come or go: the AWS CLI has no one command for that'];
  }
}

function command(
  verb: string,
  words: readonly string[],
  record: { readonly region: string | null } | undefined,
): string {
  const region = record?.region == null ? [] : ['--region', record.region];
  return ['aws', 'ec2', verb, ...words, ...region].map(shellQuote).join(' ');
}

function gress(direction: 'in' | 'out'): string {
  return direction === 'in' ? 'ingress' : 'egress';
}

/** A rule that AWS has given an id is revoked by it; others by what they say. */
function removal(network: Network, rule: string): string {
  const group = groupWithRule(network, rule);
  const record = group?.rules.find(({ id }) => id === rule);
  if (group === undefined || record === undefined) return entryRemoval(network, rule);
  const verb = `revoke-security-group-${gress(record.direction)}`;
  if (rule.startsWith('sgr-')) return command(verb, ['--group-id', group.id, '--security-group-rule-ids', rule], group);
  if (record.traffic === null || record.peer.kind === 'unreadable') {
    return `# ${rule} of ${group.id} could not be read: look it up before it is revoked`;
  }
  return command(verb, ['--group-id', group.id, ...permissions(record.traffic, record.peer)], group);
}

function entryRemoval(network: Network, path: string): string {
  const found = entryNamed(network, path);
  if (found === null) return `# ${path} is not in the snapshot`;
  const { networkAcl, entry } = found;
  const record = network.networkAcls.find(({ id }) => id === networkAcl);
  const words = ['--network-acl-id', networkAcl, `--${gress(entry.direction)}`, '--rule-number', String(entry.number)];
  return command('delete-network-acl-entry', words, record);
}

function permissions(traffic: Traffic, peer: RulePeer): readonly string[] {
  const ports = rulePorts(traffic);
  const permission = {
    IpProtocol: groupProtocol(traffic),
    ...(ports === null ? {} : { FromPort: ports[0], ToPort: ports[1] }),
    ...peerMember(peer),
  };
  return ['--ip-permissions', JSON.stringify([permission])];
}

function peerMember(peer: RulePeer): Readonly<Record<string, readonly object[]>> {
  switch (peer.kind) {
    case 'cidr': {
      const text = formatPrefix(peer.prefix);
      return peer.prefix.address.family === 4 ? { IpRanges: [{ CidrIp: text }] } : { Ipv6Ranges: [{ CidrIpv6: text }] };
    }
    case 'prefix-list':
      return { PrefixListIds: [{ PrefixListId: peer.id }] };
    case 'group': {
      const { groupId, account, vpcId, peeringId } = peer;
      return {
        UserIdGroupPairs: [
          {
            GroupId: groupId,
            ...(account === null ? {} : { UserId: account }),
            ...(vpcId === null ? {} : { VpcId: vpcId }),
            ...(peeringId === null ? {} : { VpcPeeringConnectionId: peeringId }),
          },
        ],
      };
    }
    case 'unreadable':
      return {};
  }
}

function entryWords(networkAcl: string, { direction, number, action, traffic, peer }: NewNaclEntry): readonly string[] {
  const { protocol } = traffic;
  const ports = rulePorts(traffic);
  const words = ['--network-acl-id', networkAcl, `--${gress(direction)}`, '--rule-number', String(number)];
  words.push('--protocol', String(protocol));
  if (ports !== null && hasPorts(protocol)) words.push('--port-range', `From=${ports[0]},To=${ports[1]}`);
  if (ports !== null && isIcmp(protocol)) words.push('--icmp-type-code', `Type=${ports[0]},Code=${ports[1]}`);
  words.push(peer.address.family === 4 ? '--cidr-block' : '--ipv6-cidr-block', formatPrefix(peer));
  words.push('--rule-action', action);
  return words;
}

const TARGET_FLAGS: Partial<Record<RouteTarget['kind'], string>> = {
  'internet-gateway': '--gateway-id',
  'virtual-private-gateway': '--gateway-id',
  'egress-only-gateway': '--egress-only-internet-gateway-id',
  'nat-gateway': '--nat-gateway-id',
  'network-interface': '--network-interface-id',
  instance: '--instance-id',
  peering: '--vpc-peering-connection-id',
  'transit-gateway': '--transit-gateway-id',
  endpoint: '--vpc-endpoint-id',
  'carrier-gateway': '--carrier-gateway-id',
  'local-gateway': '--local-gateway-id',
  'core-network': '--core-network-arn',
};

function routeCommand(
  network: Network,
  { routeTable, destination, target }: Extract<Change, { kind: 'add-route' }>,
): string {
  const flag = TARGET_FLAGS[target.kind];
  if (flag === undefined || !('id' in target)) return `# no command leads a route to ${target.kind}`;
  const table = network.routeTables.find(({ id }) => id === routeTable);
  const verb = hasRouteFor(network, routeTable, destination) ? 'replace-route' : 'create-route';
  const block = destination.address.family === 4 ? '--destination-cidr-block' : '--destination-ipv6-cidr-block';
  return command(verb, ['--route-table-id', routeTable, block, formatPrefix(destination), flag, target.id], table);
}

/** A table has one route of its own for a destination; those that are propagated do not count. */
export function hasRouteFor({ routeTables }: Network, routeTable: string, destination: Prefix): boolean {
  const table = routeTables.find(({ id }) => id === routeTable);
  return (
    table?.routes.some(
      (route) =>
        route.source !== 'propagated' &&
        route.destination.kind === 'cidr' &&
        samePrefix(route.destination.prefix, destination),
    ) ?? false
  );
}
