/** Records in words, field by field: what two versions of one are compared by, and told in. */

import { ruleWords, trafficWords } from '../compile/rule-words.ts';
import type { GatewayAttachment, NatGateway, PeeringEnd } from '../model/gateway.ts';
import type { Kind, Network } from '../model/network.ts';
import type { NaclEntry, NetworkAcl, UnreadableNaclEntry } from '../model/network-acl.ts';
import type { NetworkInterface, PrivateAddress } from '../model/network-interface.ts';
import type { Resource } from '../model/resource.ts';
import type { Route, RouteDestination, RouteTarget } from '../model/route-table.ts';
import type { RulePeer, SecurityGroup, SecurityGroupRule } from '../model/security-group.ts';
import type { Address } from '../net/address.ts';
import { formatAddress, formatPrefix } from '../net/address-text.ts';
import type { Prefix } from '../net/prefix.ts';

/** Phrases by field. The order of phrases means nothing, except that a primary block or address says so itself. */
export type RecordWords = Readonly<Record<string, readonly string[]>>;

type PlainKind =
  | 'transitGateways'
  | 'transitGatewayAttachments'
  | 'transitGatewayRouteTables'
  | 'virtualPrivateGateways'
  | 'vpnConnections'
  | 'directConnectGateways'
  | 'directConnectAssociations'
  | 'virtualInterfaces'
  | 'loadBalancers'
  | 'targetGroups'
  | 'vpcEndpoints'
  | 'endpointServices'
  | 'firewalls'
  | 'firewallPolicies'
  | 'firewallRuleGroups'
  | 'blockPublicAccess'
  | 'blockPublicAccessExclusions'
  | 'autoScalingGroups'
  | 'lambdaFunctions'
  | 'databases'
  | 'ecsServices'
  | 'ecsTasks'
  | 'beanstalkEnvironments';

type WordsOf = { readonly [K in Kind]: (record: Network[K][number]) => RecordWords };

const said = (value: string | number | boolean | null): readonly string[] => (value === null ? [] : [String(value)]);
const flag = (value: boolean): readonly string[] => [value ? 'yes' : 'no'];
const addressText = (address: Address | null): string => (address === null ? 'none' : formatAddress(address));

/** Kinds told field by field as the model has them. */
const PLAIN_WORDS: { readonly [K in PlainKind]: (record: Network[K][number]) => RecordWords } = {
  transitGateways: plainWords,
  transitGatewayAttachments: plainWords,
  transitGatewayRouteTables: plainWords,
  virtualPrivateGateways: plainWords,
  vpnConnections: plainWords,
  directConnectGateways: plainWords,
  directConnectAssociations: plainWords,
  virtualInterfaces: plainWords,
  loadBalancers: plainWords,
  targetGroups: plainWords,
  vpcEndpoints: plainWords,
  endpointServices: plainWords,
  firewalls: plainWords,
  firewallPolicies: plainWords,
  firewallRuleGroups: plainWords,
  blockPublicAccess: plainWords,
  blockPublicAccessExclusions: plainWords,
  autoScalingGroups: plainWords,
  lambdaFunctions: plainWords,
  databases: plainWords,
  ecsServices: plainWords,
  ecsTasks: plainWords,
  beanstalkEnvironments: plainWords,
};

const WORDS: WordsOf = {
  vpcs: ({ cidrs, dnsSupport }) => ({ blocks: cidrs.map(formatPrefix), 'DNS support': said(dnsSupport) }),
  subnets: ({ vpcId, cidrs, availabilityZone, availabilityZoneId, dns64 }) => ({
    VPC: [vpcId],
    blocks: cidrs.map(formatPrefix),
    zone: [...said(availabilityZone), ...said(availabilityZoneId)],
    DNS64: flag(dns64),
  }),
  routeTables: ({ vpcId, isMain, subnetIds, gatewayIds, routes }) => ({
    VPC: [vpcId],
    'main table': flag(isMain),
    subnets: subnetIds,
    gateways: gatewayIds,
    routes: routes.map(routeWords),
  }),
  internetGateways: ({ attachments }) => ({ attachments: attachments.map(attachmentWords) }),
  egressOnlyGateways: ({ attachments }) => ({ attachments: attachments.map(attachmentWords) }),
  natGateways: ({ vpcId, subnetId, connectivity, availability, state, addresses }) => ({
    VPC: [vpcId],
    subnet: said(subnetId),
    kind: [`${connectivity}, ${availability}`],
    state: [state],
    addresses: addresses.map(natAddressWords),
  }),
  networkAcls: aclWords,
  securityGroups: groupWords,
  prefixLists: ({ listName, entries }) => ({
    'list name': said(listName),
    entries: entries === null ? ['not in the snapshot'] : entries.map(formatPrefix),
  }),
  networkInterfaces: interfaceWords,
  instances: ({ state, instanceType, vpcId, subnetId }) => ({
    state: [state],
    type: said(instanceType),
    VPC: said(vpcId),
    subnet: said(subnetId),
  }),
  elasticAddresses: ({ publicAddress, privateAddress, interfaceId }) => ({
    address: [formatAddress(publicAddress)],
    'private address': [addressText(privateAddress)],
    interface: said(interfaceId),
  }),
  peerings: ({ state, requester, accepter }) => ({
    state: [state],
    requester: peeringEndWords(requester),
    accepter: peeringEndWords(accepter),
  }),
  ...PLAIN_WORDS,
};

/** What the record says, without ids of rules and places in files. */
export function recordWords<K extends Kind>(kind: K, record: Network[K][number]): RecordWords {
  const { tags, account, region } = record;
  return {
    ...WORDS[kind](record),
    tags: tags.map(({ key, value }) => `${key}=${value}`),
    account: said(account),
    region: said(region),
  };
}

/** Members by name, with what is nested in them as text. */
function plainWords(record: Resource): RecordWords {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([name]) => !COMMON_MEMBERS.has(name))
      .map(([name, value]) => [fieldWords(name), Array.isArray(value) ? value.map(plainText) : said(plainText(value))]),
  );
}

const COMMON_MEMBERS = new Set(['id', 'name', 'tags', 'account', 'region', 'origin']);

/** `staticRoutesOnly` as `static routes only`. */
function fieldWords(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function plainText(value: unknown): string {
  if (value === null) return 'none';
  if (isPrefix(value)) return formatPrefix(value);
  if (isAddress(value)) return formatAddress(value);
  if (Array.isArray(value)) return value.map(plainText).join(', ');
  if (typeof value !== 'object') return String(value);
  return Object.entries(value as object)
    .filter(([name]) => name !== 'origin')
    .map(([name, member]) => `${fieldWords(name)} ${plainText(member)}`)
    .join(' ');
}

function isAddress(value: unknown): value is Address {
  return typeof value === 'object' && value !== null && 'family' in value && 'w3' in value;
}

function isPrefix(value: unknown): value is Prefix {
  return (
    typeof value === 'object' && value !== null && 'length' in value && 'address' in value && isAddress(value.address)
  );
}

function attachmentWords({ vpcId, state }: GatewayAttachment): string {
  return `${vpcId} ${state}`;
}

function natAddressWords({
  privateAddress,
  publicAddress,
  interfaceId,
  isPrimary,
}: NatGateway['addresses'][number]): string {
  const pair = `${addressText(privateAddress)}, public ${addressText(publicAddress)}`;
  return [pair, ...said(interfaceId), ...(isPrimary ? ['primary'] : [])].join(', ');
}

function peeringEndWords({ vpcId, account, region, cidrs }: PeeringEnd): readonly string[] {
  return [[vpcId, ...said(account), ...said(region)].join(' '), ...cidrs.map(formatPrefix)];
}

function aclWords({ vpcId, isDefault, subnetIds, entries, unreadable }: NetworkAcl): RecordWords {
  return {
    VPC: [vpcId],
    'default ACL': flag(isDefault),
    subnets: subnetIds,
    entries: [...entries.map(entryWords), ...unreadable.map(unreadableWords)],
  };
}

function entryWords({ direction, number, action, traffic, peer }: NaclEntry): string {
  return `${direction} ${number} ${action} ${ruleWords(trafficWords(traffic), direction, formatPrefix(peer))}`;
}

function unreadableWords({ direction, number, action }: UnreadableNaclEntry): string {
  return `${direction ?? 'in or out'} ${number} ${action ?? 'allow or deny'} something unreadable`;
}

function groupWords({ groupName, vpcId, rules, gaps }: SecurityGroup): RecordWords {
  return {
    'group name': said(groupName),
    VPC: said(vpcId),
    rules: [...rules.map(groupRuleWords), ...gaps.map(({ direction }) => `${direction} rules that the snapshot lacks`)],
  };
}

function groupRuleWords({ direction, traffic, peer }: SecurityGroupRule): string {
  const what = traffic === null ? 'unreadable traffic' : trafficWords(traffic);
  return `${direction} ${ruleWords(what, direction, rulePeerWords(peer))}`;
}

function rulePeerWords(peer: RulePeer): string {
  switch (peer.kind) {
    case 'cidr':
      return formatPrefix(peer.prefix);
    case 'prefix-list':
      return peer.id;
    case 'group': {
      const { groupId, account, vpcId, peeringId, peeringStatus } = peer;
      return [groupId, ...said(account), ...said(vpcId), ...said(peeringId), ...said(peeringStatus)].join(' ');
    }
    case 'unreadable':
      return 'an unreadable peer';
  }
}

function routeWords({ destination, target, state, source }: Route): string {
  const doubt = state === 'active' ? '' : ` (${state})`;
  const origin = source === 'propagated' ? ' (propagated)' : '';
  return `${routeDestinationWords(destination)} to ${targetWords(target)}${doubt}${origin}`;
}

function routeDestinationWords(destination: RouteDestination): string {
  switch (destination.kind) {
    case 'cidr':
      return formatPrefix(destination.prefix);
    case 'prefix-list':
      return destination.id;
    case 'unreadable':
      return 'an unreadable destination';
  }
}

function targetWords(target: RouteTarget): string {
  return target.kind === 'local' ? 'local' : target.id === '' ? 'an unreadable target' : target.id;
}

function interfaceWords(eni: NetworkInterface): RecordWords {
  const { tcpEstablished, udpStream, udp } = eni.tracking;
  return {
    VPC: [eni.vpcId],
    subnet: [eni.subnetId],
    status: [eni.status],
    kind: [eni.owner],
    instance: said(eni.instanceId),
    'device index': said(eni.deviceIndex),
    addresses: eni.privateAddresses.map(privateAddressWords),
    'v6 addresses': eni.ipv6Addresses.map(formatAddress),
    'delegated prefixes': eni.delegated.map(formatPrefix),
    groups: eni.groupIds,
    'source/dest check': flag(eni.sourceDestCheck),
    'idle times': [tcpEstablished, udpStream, udp].some((time) => time !== null)
      ? [`tcp ${tcpEstablished ?? '-'}, udp stream ${udpStream ?? '-'}, udp ${udp ?? '-'}`]
      : [],
    'closed to internet gateways': flag(eni.denyAllIgwTraffic),
  };
}

function privateAddressWords({ address, isPrimary, publicAddress }: PrivateAddress): string {
  const pair = publicAddress === null ? '' : `, public ${formatAddress(publicAddress)}`;
  return `${formatAddress(address)}${pair}${isPrimary ? ', primary' : ''}`;
}
