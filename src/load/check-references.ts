/**
 * References to records that the snapshot lacks although it holds the whole list in which they should be.
 *
 * Where the list was not read, or not whole, a missing record is no contradiction, and nothing is said here.
 */

import type { Peering } from '../model/gateway.ts';
import { isComplete, type Kind, type ListRead, type Network } from '../model/network.ts';
import { type Origin, originOf } from '../model/origin.ts';
import type { Resource } from '../model/resource.ts';
import type { Route, RouteTarget } from '../model/route-table.ts';
import type { RulePeer } from '../model/security-group.ts';
import { quote } from '../net/quote.ts';
import { checkTransitReferences } from './check-transit-references.ts';
import type { Reading } from './reading.ts';
import type { Records } from './records.ts';
import { serviceReferences } from './service-references.ts';

/** What a record of a kind is called, and the call that lists it, one of `aws ec2` unless it names its service. */
const NOUNS = new Map<Kind, readonly [string, string]>([
  ['vpcs', ['VPC', 'describe-vpcs']],
  ['subnets', ['subnet', 'describe-subnets']],
  ['internetGateways', ['internet gateway', 'describe-internet-gateways']],
  ['egressOnlyGateways', ['egress-only gateway', 'describe-egress-only-internet-gateways']],
  ['natGateways', ['NAT gateway', 'describe-nat-gateways']],
  ['securityGroups', ['security group', 'describe-security-groups']],
  ['prefixLists', ['prefix list', 'describe-managed-prefix-lists']],
  ['networkInterfaces', ['network interface', 'describe-network-interfaces']],
  ['instances', ['instance', 'describe-instances']],
  ['peerings', ['peering connection', 'describe-vpc-peering-connections']],
  ['transitGateways', ['transit gateway', 'describe-transit-gateways']],
  ['transitGatewayAttachments', ['transit gateway attachment', 'describe-transit-gateway-attachments']],
  ['transitGatewayRouteTables', ['transit gateway route table', 'describe-transit-gateway-route-tables']],
  ['virtualPrivateGateways', ['virtual private gateway', 'describe-vpn-gateways']],
  ['vpnConnections', ['VPN connection', 'describe-vpn-connections']],
  ['directConnectGateways', ['Direct Connect gateway', 'directconnect describe-direct-connect-gateways']],
  ['routeTables', ['route table', 'describe-route-tables']],
  ['loadBalancers', ['load balancer', 'elbv2 describe-load-balancers']],
  ['targetGroups', ['target group', 'elbv2 describe-target-groups']],
  ['vpcEndpoints', ['VPC endpoint', 'describe-vpc-endpoints']],
  ['firewallPolicies', ['firewall policy', 'network-firewall describe-firewall-policy']],
  ['firewallRuleGroups', ['firewall rule group', 'network-firewall describe-rule-group']],
]);

/** The kinds that route targets lead to. */
const TARGET_KINDS = new Map<RouteTarget['kind'], Kind>([
  ['internet-gateway', 'internetGateways'],
  ['egress-only-gateway', 'egressOnlyGateways'],
  ['nat-gateway', 'natGateways'],
  ['network-interface', 'networkInterfaces'],
  ['instance', 'instances'],
  ['peering', 'peerings'],
  ['transit-gateway', 'transitGateways'],
  ['virtual-private-gateway', 'virtualPrivateGateways'],
  ['endpoint', 'vpcEndpoints'],
]);

export function checkReferences(reading: Reading, records: Records): void {
  new ReferenceCheck(reading, records).run();
}

/** The lists of a kind and place as one. */
function collapsed(lists: readonly ListRead[]): readonly ListRead[] {
  const byPlace = new Map<string, ListRead>();
  for (const list of lists) {
    const key = `${list.kind} ${list.account} ${list.region}`;
    const known = byPlace.get(key);
    if (known === undefined || (known.complete && !list.complete)) byPlace.set(key, list);
  }
  return [...byPlace.values()];
}

class ReferenceCheck {
  readonly #reading: Reading;
  readonly #records: Records;
  /** With one list for each kind and place: every missing record asks them all. */
  readonly #network: Network;
  readonly #ids = new Map<Kind, ReadonlySet<string>>();

  constructor(reading: Reading, records: Records) {
    this.#reading = reading;
    this.#records = records;
    this.#network = { ...records, lists: collapsed(records.lists), problems: [], facts: [] };
  }

  run(): void {
    const { subnets, routeTables, networkAcls, securityGroups, internetGateways, egressOnlyGateways } = this.#records;
    for (const each of [...subnets, ...routeTables, ...networkAcls, ...securityGroups])
      this.#expect(each, 'vpcs', each.vpcId, 'VpcId');
    for (const each of [...routeTables, ...networkAcls]) {
      for (const subnetId of each.subnetIds) this.#expect(each, 'subnets', subnetId, 'Associations');
    }
    for (const each of [...internetGateways, ...egressOnlyGateways]) {
      for (const { vpcId } of each.attachments) this.#expect(each, 'vpcs', vpcId, 'Attachments');
    }
    for (const table of routeTables) for (const route of table.routes) this.#checkRoute(table, route);
    for (const group of securityGroups) for (const rule of group.rules) this.#checkPeer(group, rule.peer, rule.origin);
    this.#checkHosts();
    for (const peering of this.#records.peerings) this.#checkPeering(peering);
    checkTransitReferences(this.#records, {
      expect: (...reference) => this.#expect(...reference),
      hasListOf: (...list) => this.#hasListOf(...list),
    });
    for (const each of serviceReferences(this.#records)) {
      if (each.kind === 'securityGroups' && this.#reading.knows(`groups:${each.from.id}`)) continue;
      this.#expect(each.from, each.kind, each.id, null);
    }
  }

  #checkHosts(): void {
    const { natGateways, networkInterfaces, instances, elasticAddresses } = this.#records;
    for (const gateway of natGateways) {
      if (gateway.state === 'deleted' || gateway.state === 'failed') continue;
      this.#expect(gateway, 'vpcs', gateway.vpcId, 'VpcId');
      this.#expect(gateway, 'subnets', gateway.subnetId, 'SubnetId');
      for (const { interfaceId } of gateway.addresses) {
        this.#expect(gateway, 'networkInterfaces', interfaceId, 'NatGatewayAddresses');
      }
    }
    for (const each of networkInterfaces) {
      this.#expect(each, 'vpcs', each.vpcId, 'VpcId');
      this.#expect(each, 'subnets', each.subnetId, 'SubnetId');
      this.#expect(each, 'instances', each.instanceId, 'Attachment');
      if (this.#reading.knows(`groups:${each.id}`)) continue;
      for (const groupId of each.groupIds) this.#expect(each, 'securityGroups', groupId, 'Groups');
    }
    for (const instance of instances) {
      this.#expect(instance, 'vpcs', instance.vpcId, 'VpcId');
      this.#expect(instance, 'subnets', instance.subnetId, 'SubnetId');
    }
    for (const address of elasticAddresses) {
      this.#expect(address, 'networkInterfaces', address.interfaceId, 'NetworkInterfaceId');
    }
  }

  /** A blackhole's target is expected to be gone (RT-11). */
  #checkRoute(table: Resource, { destination, target, state, origin }: Route): void {
    if (destination.kind === 'prefix-list') this.#expect(table, 'prefixLists', destination.id, null, origin);
    const kind = TARGET_KINDS.get(target.kind);
    if (kind !== undefined && state === 'active' && 'id' in target) this.#expect(table, kind, target.id, null, origin);
  }

  #checkPeer(group: Resource, peer: RulePeer, origin: Origin): void {
    if (peer.kind === 'prefix-list') this.#expect(group, 'prefixLists', peer.id, null, origin);
    // Groups of other accounts are in lists of those accounts only, and a stale rule names what is gone (SG-16).
    if (peer.kind === 'group' && (peer.peeringStatus ?? 'active') === 'active') {
      const isElsewhere = peer.account !== null && !this.#hasListOf('securityGroups', peer.account, group.region);
      if (!isElsewhere)
        this.#expect(
          { ...group, account: peer.account ?? group.account },
          'securityGroups',
          peer.groupId,
          null,
          origin,
        );
    }
  }

  /** The VPCs of a working connection, where a list names the account and region in which they are. */
  #checkPeering(peering: Peering): void {
    if (peering.state !== 'active') return;
    for (const [end, member] of [
      [peering.requester, 'RequesterVpcInfo'] as const,
      [peering.accepter, 'AccepterVpcInfo'] as const,
    ]) {
      if (!this.#hasListOf('vpcs', end.account, end.region)) continue;
      this.#expect({ ...peering, account: end.account, region: end.region }, 'vpcs', end.vpcId, member);
    }
  }

  /** Reports whether a list says by its folders that it speaks for this account and region. */
  #hasListOf(kind: Kind, account: string | null, region: string | null): boolean {
    return this.#network.lists.some(
      (list) => list.kind === kind && list.account === account && account !== null && list.region === region,
    );
  }

  #idsOf(kind: Kind): ReadonlySet<string> {
    let ids = this.#ids.get(kind);
    if (ids === undefined) this.#ids.set(kind, (ids = new Set(this.#records[kind].map(({ id }) => id))));
    return ids;
  }

  /** Reports a record that `from` names and that should be there. */
  #expect(from: Resource, kind: Kind, id: string | null, member: string | null, origin: Origin = from.origin): void {
    if (id === null || this.#idsOf(kind).has(id)) return;
    if (!isComplete(this.#network, kind, from.account, from.region)) return;
    const [noun, call] = NOUNS.get(kind)!;
    const what = `${quote(from.id)} names ${noun} ${quote(id)}, which the snapshot lacks`;
    const command = call.includes(' ') ? call : `ec2 ${call}`;
    this.#reading.warning(what, member === null ? origin : originOf(origin, member), `collect it too: aws ${command}`);
  }
}
