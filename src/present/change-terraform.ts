/** Changes as Terraform resources of the AWS provider; what is to go is named in a comment. */

import type { Change } from '../explain/change.ts';
import { groupWithRule } from '../explain/change-rule.ts';
import type { Network } from '../model/network.ts';
import type { RouteTarget } from '../model/route-table.ts';
import type { RulePeer } from '../model/security-group.ts';
import { formatPrefix } from '../net/address-text.ts';
import { hasPorts, isIcmp } from '../net/protocol.ts';
import { hasRouteFor } from './change-aws-cli.ts';
import { entryNamed } from './change-words.ts';
import { groupProtocol, rulePorts } from './rule-fields.ts';

/** A value of an argument: text is quoted, the rest stands as it is. */
type Argument = readonly [name: string, value: string | number | boolean];

/** Lines of HCL. Resources are called `igwalk_1` and on, in the order of the changes. */
export function terraformLines(network: Network, changes: readonly Change[]): readonly string[] {
  return changes.flatMap((change, index) => [...(index === 0 ? [] : ['']), ...blockFor(network, change, index + 1)]);
}

function blockFor(network: Network, change: Change, number: number): readonly string[] {
  switch (change.kind) {
    case 'add-group-rule': {
      const { group, rule } = change;
      const ports = rulePorts(rule.traffic);
      return resource(`aws_vpc_security_group_${rule.direction === 'in' ? 'ingress' : 'egress'}_rule`, number, [
        ['security_group_id', group],
        ['ip_protocol', groupProtocol(rule.traffic)],
        ...(ports === null
          ? []
          : ([
              ['from_port', ports[0]],
              ['to_port', ports[1]],
            ] as const)),
        ...peerArgument(rule.peer),
      ]);
    }
    case 'add-nacl-entry': {
      const { direction, number: entry, action, traffic, peer } = change.entry;
      const ports = rulePorts(traffic);
      const names = hasPorts(traffic.protocol) ? ['from_port', 'to_port'] : ['icmp_type', 'icmp_code'];
      return resource('aws_network_acl_rule', number, [
        ['network_acl_id', change.networkAcl],
        ['rule_number', entry],
        ['egress', direction === 'out'],
        ['protocol', String(traffic.protocol)],
        ['rule_action', action],
        [peer.address.family === 4 ? 'cidr_block' : 'ipv6_cidr_block', formatPrefix(peer)],
        ...(ports === null || !(hasPorts(traffic.protocol) || isIcmp(traffic.protocol))
          ? []
          : ([
              [names[0]!, ports[0]],
              [names[1]!, ports[1]],
            ] as const)),
      ]);
    }
    case 'add-route': {
      const { routeTable, destination, target } = change;
      const argument = TARGETS[target.kind];
      if (argument === undefined || !('id' in target)) return [`# no argument of aws_route leads to ${target.kind}`];
      const text = formatPrefix(destination);
      const block = destination.address.family === 4 ? 'destination_cidr_block' : 'destination_ipv6_cidr_block';
      return [
        ...(hasRouteFor(network, routeTable, destination)
          ? [
              `# takes the place of the route for ${text} in ${routeTable}: change that resource instead of adding this one`,
            ]
          : []),
        ...resource('aws_route', number, [
          ['route_table_id', routeTable],
          [block, text],
          [argument, target.id],
        ]),
      ];
    }
    case 'remove-route':
      return [`# delete the route for ${change.destination} from route table ${change.routeTable}`];
    case 'remove-rule': {
      const group = groupWithRule(network, change.rule);
      if (group !== undefined) return [`# delete rule ${change.rule} of security group ${group.id}`];
      const found = entryNamed(network, change.rule);
      if (found === null) return [`# ${change.rule} is not in the snapshot`];
      const { networkAcl, entry } = found;
      return [`# delete ${entry.direction}bound entry ${entry.number} of network ACL ${networkAcl}`];
    }
    case 'several':
      return terraformLines(network, change.changes);
    case 'replace':
      return ['# whole records take the place of others'];
    case 'remove-records':
      return [`# delete ${change.ids.join(', ')}`];
  }
}

function resource(kind: string, number: number, given: readonly Argument[]): readonly string[] {
  const widest = Math.max(...given.map(([name]) => name.length));
  return [
    `resource "${kind}" "igwalk_${number}" {`,
    ...given.map(([name, value]) => `  ${name.padEnd(widest)} = ${typeof value === 'string' ? quoted(value) : value}`),
    '}',
  ];
}

/** A string of HCL, where a dollar or percent sign before a brace begins a template unless it is doubled. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/[$%](?=\{)/g, (sign) => sign + sign);
}

function peerArgument(peer: RulePeer): readonly Argument[] {
  switch (peer.kind) {
    case 'cidr':
      return [[peer.prefix.address.family === 4 ? 'cidr_ipv4' : 'cidr_ipv6', formatPrefix(peer.prefix)]];
    case 'prefix-list':
      return [['prefix_list_id', peer.id]];
    case 'group':
      return [
        ['referenced_security_group_id', peer.account === null ? peer.groupId : `${peer.account}/${peer.groupId}`],
      ];
    case 'unreadable':
      return [];
  }
}

const TARGETS: Partial<Record<RouteTarget['kind'], string>> = {
  'internet-gateway': 'gateway_id',
  'virtual-private-gateway': 'gateway_id',
  'egress-only-gateway': 'egress_only_gateway_id',
  'nat-gateway': 'nat_gateway_id',
  'network-interface': 'network_interface_id',
  peering: 'vpc_peering_connection_id',
  'transit-gateway': 'transit_gateway_id',
  endpoint: 'vpc_endpoint_id',
  'carrier-gateway': 'carrier_gateway_id',
  'local-gateway': 'local_gateway_id',
  'core-network': 'core_network_arn',
};
