/** The facts that a snapshot may lack, each worded once: what is not known, and which call would tell. */

import type { BlockPublicAccess } from '../model/block-public-access.ts';
import type { Origin } from '../model/origin.ts';
import type { Fact } from '../model/problem.ts';
import type { Resource } from '../model/resource.ts';

const missing = (key: string, what: string, remedy: string, origin: Origin | null = null): Fact => ({
  key,
  what,
  remedy,
  origin,
});

export const networkAclOf = (subnet: string): Fact =>
  missing(
    `network-acl:${subnet}`,
    `which network ACL filters ${subnet}`,
    'add the output of `aws ec2 describe-network-acls`',
  );

export const routesOf = (subnet: string): Fact =>
  missing(
    `routes:${subnet}`,
    `which route table governs ${subnet}`,
    'add the output of `aws ec2 describe-route-tables`',
  );

export const rulesOf = (group: string): Fact =>
  missing(
    `group-rules:${group}`,
    `what security group ${group} allows`,
    'add the output of `aws ec2 describe-security-groups`',
  );

export const groupsOf = (interfaceId: string): Fact =>
  missing(
    `groups-of:${interfaceId}`,
    `which security groups ${interfaceId} carries`,
    'add the output of `aws ec2 describe-network-interfaces`',
  );

export const groupsIn = (vpc: string): Fact =>
  missing(
    `groups-in:${vpc}`,
    `which security groups the interfaces of ${vpc} carry: it is not in the snapshot`,
    'add a snapshot of its account and region',
  );

export const holderOf = (where: string): Fact =>
  missing(
    `interfaces:${where}`,
    `whether an interface in ${where} has this address`,
    'add the whole output of `aws ec2 describe-network-interfaces`',
  );

export const subnetsOf = (vpc: string): Fact =>
  missing(
    `subnets:${vpc}`,
    `which subnet of ${vpc} holds this address`,
    'add the whole output of `aws ec2 describe-subnets`',
  );

export const entriesOf = (list: string): Fact =>
  missing(
    `prefix-list:${list}`,
    `which addresses prefix list ${list} holds`,
    `add the output of \`aws ec2 get-managed-prefix-list-entries --prefix-list-id ${list}\``,
  );

export const gatewayOf = (vpc: string): Fact =>
  missing(
    `internet-gateway:${vpc}`,
    `whether an internet gateway is attached to ${vpc}`,
    'add the output of `aws ec2 describe-internet-gateways`',
  );

/** BPA-07. `record`: the setting that is in the snapshot and leaves the mode open, if one is. */
export const publicAccessOf = ({ account, region }: Resource, record: BlockPublicAccess | null): Fact =>
  missing(
    `public-access:${account ?? 'an account'}:${region ?? 'a Region'}`,
    record === null || record.settled
      ? `whether VPC Block Public Access of ${account ?? 'the account that owns the subnet'} is on`
      : `which mode of VPC Block Public Access is in force: ${record.id} is being changed`,
    'add the output of `aws ec2 describe-vpc-block-public-access-options` of the account and Region that own the subnet',
    record?.origin ?? null,
  );

export const publicAccessExclusionsOf = (closed: string): Fact =>
  missing(
    `public-access-exclusions:${closed}`,
    `which exclusion from VPC Block Public Access ${closed} has`,
    'add the whole output of `aws ec2 describe-vpc-block-public-access-exclusions`, and give one subnet one exclusion',
  );

export const targetOf = (kind: string, id: string, call: string): Fact =>
  missing(`target:${id}`, `what ${kind} ${id} does: it is not in the snapshot`, `add the output of \`aws ${call}\``);

export const notModelled = (kind: string, id: string): Fact =>
  missing(
    `not-modelled:${kind}:${id}`,
    `what happens at ${kind} ${id}: igwalk does not model this yet`,
    'treat the answer as open, or ask about the parts of the path before and after it',
  );

export const vpcOf = (vpc: string): Fact =>
  missing(
    `vpc:${vpc}`,
    `what ${vpc} does with the packet: it is not in the snapshot`,
    'add a snapshot of its account and region',
  );

export const peeringCidrs = (peering: string): Fact =>
  missing(
    `peering-cidrs:${peering}`,
    `which addresses the far end of ${peering} has`,
    'add the output of `aws ec2 describe-vpc-peering-connections` of the other account',
  );

export const applianceAt = (interfaceId: string): Fact =>
  missing(
    `appliance:${interfaceId}`,
    `whether the appliance behind ${interfaceId} forwards the packet`,
    `say so with --assume appliance:${interfaceId}=forwards (or =drops)`,
  );

export const chosenPort = (gateway: string): Fact =>
  missing(
    `nat-port:${gateway}`,
    `which source port ${gateway} chooses from 1024-65535: a rule on the way back admits only some of them`,
    'admit 1024-65535 to the subnet of the gateway (NACL-18)',
  );

export const chosenAddress = (gateway: string): Fact =>
  missing(
    `nat-address:${gateway}`,
    `which of its addresses ${gateway} puts in place of the sender's: a rule further on admits only some of them`,
    'admit every address of the gateway',
  );

export const equalRoutes = (table: string, first: string, second: string): Fact =>
  missing(
    `equal-routes:${table}:${first}:${second}`,
    `whether ${table} follows ${first} or ${second}: equal prefixes of two lists, AWS picks one at random and keeps it`,
    'make the lists disjoint',
  );

export const whichRoute = (table: string, route: string, origin: Origin | null): Fact =>
  missing(
    `route-match:${table}:${route}`,
    `whether route ${route} of ${table} matches this destination`,
    'add the missing entries or mend the route',
    origin,
  );

export const sharedBySubnets = (one: string, other: string): Fact =>
  missing(
    `overlap:${one}:${other}`,
    `whether ${one} or ${other} holds this address: their blocks overlap, which AWS does not allow`,
    'see the problems of the snapshot: one of the records is wrong',
  );

export const sharedByInterfaces = (subnet: string, address: string): Fact =>
  missing(
    `shared-address:${subnet}:${address}`,
    `which interface holds ${address}: two in ${subnet} claim it`,
    'see the problems of the snapshot: one of the records is wrong',
  );

export const transitRoutesOf = (table: string): Fact =>
  missing(
    `transit-routes:${table}`,
    `which routes transit gateway route table ${table} has`,
    `add the output of \`aws ec2 search-transit-gateway-routes\` for it, static and propagated`,
  );

export const learnedByGateway = (gateway: string): Fact =>
  missing(
    `learned:${gateway}`,
    `which prefixes ${gateway} learned by BGP`,
    'add the output of `aws ec2 describe-route-tables` of a table of its VPC with route propagation switched on',
  );

export const learnedBy = (table: string, from: string): Fact =>
  missing(
    `learned:${from}`,
    `which prefixes ${from} announces to ${table}: they are learned by BGP or from a VPC that is not in the snapshot`,
    'add the output of `aws ec2 search-transit-gateway-routes` for propagated routes',
  );

export const associationOf = (attachment: string, call: string): Fact =>
  missing(
    `association:${attachment}`,
    `which route table attachment ${attachment} is associated with`,
    `add the output of \`aws ${call}\` of the account that owns the transit gateway`,
  );

export const attachmentSubnets = (attachment: string, call: string): Fact =>
  missing(
    `attachment-subnets:${attachment}`,
    `in which subnets attachment ${attachment} has its interfaces`,
    `add the output of \`aws ${call}\``,
  );

export const zoneOfSubnet = (subnet: string): Fact =>
  missing(
    `zone:${subnet}`,
    `in which availability zone ${subnet} is, as the attachment's account counts them`,
    'add the output of `aws ec2 describe-subnets`, with AvailabilityZoneId',
  );

export const transitIpv6 = (attachment: string): Fact =>
  missing(
    `transit-family:${attachment}`,
    `whether attachment ${attachment}, whose IPv6 support is off, carries IPv6`,
    'switch IPv6 support on for the attachment, or ask about IPv4',
  );

export const pickedZone = (route: string): Fact =>
  missing(
    `transit-zone:${route}`,
    `by which zone the transit gateway enters the VPC of ${route}: it has no subnet in the sender's zone, or appliance mode is on`,
    "attach a subnet in every zone, or make the attachment's subnets alike",
  );

export const transitPaths = (table: string, route: string): Fact =>
  missing(
    `transit-paths:${table}:${route}`,
    `which of several equal ways ${table} takes: ${route}`,
    'make the ways alike, or ask about each apart',
  );

export const overlappingBlocks = (table: string, block: string): Fact =>
  missing(
    `transit-overlap:${table}:${block}`,
    `whether ${table} has a route to ${block}: two attached VPCs overlap there, and AWS takes over the block of the first one only`,
    'add the output of `aws ec2 search-transit-gateway-routes` for propagated routes',
  );

export const transitGroups = (gateway: string): Fact =>
  missing(
    `transit-groups:${gateway}`,
    `whether transit gateway ${gateway} lets rules name security groups of other VPCs`,
    'add the output of `aws ec2 describe-transit-gateways`, with Options',
  );

export const listenersOf = (balancer: string): Fact =>
  missing(
    `listeners:${balancer}`,
    `what load balancer ${balancer} listens to`,
    'add the output of `aws elbv2 describe-listeners` for it',
  );

export const targetsOf = (group: string): Fact =>
  missing(
    `targets:${group}`,
    `which targets ${group} has`,
    'add the output of `aws elbv2 describe-target-health` for it, with the ARN of the group beside it',
  );

export const zonesCrossed = (balancer: string): Fact =>
  missing(
    `cross-zone:${balancer}`,
    `whether the nodes of ${balancer} send to targets in other zones`,
    'add the output of `aws elbv2 describe-load-balancer-attributes` for it (`aws elb` for a classic one), with its ARN or name beside it',
  );

export const pickedTarget = (balancer: string, listener: string): Fact =>
  missing(
    `balancer-target:${balancer}:${listener}`,
    `which target ${balancer} picks for listener ${listener}: not all of them fare alike`,
    'ask about each target apart, or make them alike',
  );

export const listenersDiffer = (node: string): Fact =>
  missing(
    `listeners-differ:${node}`,
    `which listener of ${node} is meant: their answers come back to different ports of the client`,
    'ask about one port of the load balancer at a time',
  );

/** Kinds of facts that no snapshot can hold, because AWS chooses flow by flow: they may leave an answer open, and are no gap. */
const CHOSEN_BY_AWS = /^(?:nat-port|nat-address|balancer-target|listeners-differ|transit-zone|transit-paths):/;

export function isChosenByAws({ key }: Fact): boolean {
  return CHOSEN_BY_AWS.test(key);
}
