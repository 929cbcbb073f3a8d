/** Network ACLs and security groups of a planned VPC, as describe calls give them. */

import {
  ACCOUNT,
  arn,
  id,
  type Json,
  nameTag,
  type PlannedVpc,
  TIERS,
  type Tier,
  vpcBlock,
  vpcBlock6,
} from './plan.ts';
import type { Random } from './random.ts';

const TCP = '6';
const UDP = '17';
const ICMP = '1';
const ALL = '-1';

/** One custom ACL a tier, and the default one, which no subnet uses. */
export function aclRecords(random: Random, vpc: PlannedVpc): Json[] {
  const open = [
    entry(100, ALL, 'allow', '0.0.0.0/0', null),
    entry(101, ALL, 'allow', '::/0', null),
    closing('0.0.0.0/0'),
    closing('::/0'),
  ];
  return [
    aclRecord(random, vpc, 'default', true, [], both(open)),
    ...TIERS.map((tier) => {
      const subnetIds = vpc.subnets.filter((subnet) => subnet.tier === tier).map((subnet) => subnet.id);
      return aclRecord(random, vpc, tier, false, subnetIds, tierEntries(random, vpc, tier));
    }),
  ];
}

/** Numbered as people number them: denied networks first, then services, the ephemeral ports, and the closing entries. */
function tierEntries(random: Random, vpc: PlannedVpc, tier: Tier): Json[] {
  const denied = Array.from({ length: 8 }, (_, i) =>
    entry(
      10 + i,
      ALL,
      'deny',
      `${random.integer(1, 9)}.${random.integer(0, 255)}.${random.integer(0, 255)}.0/24`,
      null,
    ),
  );
  const from = tier === 'db' ? vpcBlock(vpc) : '0.0.0.0/0';
  const services = { public: [80, 443, 8443, 22], app: [443, 8080, 9090, 22], db: [5432, 3306, 6379, 22] }[tier];
  const inbound = [
    ...denied,
    ...services.map((port, i) => entry(100 + 10 * i, TCP, 'allow', from, [port, port])),
    entry(200, TCP, 'allow', '0.0.0.0/0', [1024, 65535]),
    entry(210, UDP, 'allow', '0.0.0.0/0', [1024, 65535]),
    entry(220, ICMP, 'allow', '0.0.0.0/0', null),
    entry(300, ALL, 'allow', vpcBlock(vpc), null),
    entry(310, ALL, 'allow', vpcBlock6(vpc), null),
    entry(320, TCP, 'allow', '::/0', [443, 443]),
    entry(330, TCP, 'allow', '::/0', [1024, 65535]),
    closing('0.0.0.0/0'),
    closing('::/0'),
  ];
  const outbound = [
    entry(100, ALL, 'allow', '0.0.0.0/0', null),
    entry(110, ALL, 'allow', '::/0', null),
    closing('0.0.0.0/0'),
    closing('::/0'),
  ];
  return [...inbound.map((one) => directed(one, false)), ...outbound.map((one) => directed(one, true))];
}

function both(entries: readonly Json[]): Json[] {
  return [...entries.map((one) => directed(one, true)), ...entries.map((one) => directed(one, false))];
}

function directed(one: Json, egress: boolean): Json {
  return { ...(one as { readonly [key: string]: Json }), Egress: egress };
}

function closing(cidr: string): Json {
  return entry(cidr.includes(':') ? 32768 : 32767, ALL, 'deny', cidr, null);
}

function entry(
  number: number,
  protocol: string,
  action: 'allow' | 'deny',
  cidr: string,
  ports: readonly [number, number] | null,
): Json {
  return {
    ...(cidr.includes(':') ? { Ipv6CidrBlock: cidr } : { CidrBlock: cidr }),
    ...(protocol === ICMP ? { IcmpTypeCode: { Code: -1, Type: -1 } } : {}),
    ...(ports === null ? {} : { PortRange: { From: ports[0], To: ports[1] } }),
    Protocol: protocol,
    RuleAction: action,
    RuleNumber: number,
  };
}

function aclRecord(
  random: Random,
  vpc: PlannedVpc,
  name: string,
  isDefault: boolean,
  subnetIds: readonly string[],
  entries: readonly Json[],
): Json {
  const aclId = id(random, 'acl');
  return {
    Associations: subnetIds.map((subnetId) => ({
      NetworkAclAssociationId: id(random, 'aclassoc'),
      NetworkAclId: aclId,
      SubnetId: subnetId,
    })),
    Entries: entries,
    IsDefault: isDefault,
    NetworkAclId: aclId,
    Tags: nameTag(`${vpc.name}-${name}`),
    VpcId: vpc.id,
    OwnerId: ACCOUNT,
  };
}

export function groupRecord(random: Random, vpc: PlannedVpc, place: number): Json {
  const groupId = vpc.groupIds[place]!;
  const tier: string = TIERS[place] ?? random.pick(['worker', 'cache', 'queue', 'metrics', 'batch', 'gateway']);
  const restricted = place >= TIERS.length && random.oneIn(4);
  return {
    GroupId: groupId,
    IpPermissionsEgress: restricted
      ? [permission(TCP, [443, 443], ['0.0.0.0/0'], []), permission(TCP, [1024, 9999], [vpcBlock(vpc)], [])]
      : [permission(ALL, null, ['0.0.0.0/0'], []), permission6(ALL, null, ['::/0'])],
    Tags: nameTag(`${vpc.name}-${tier}-${place}`),
    VpcId: vpc.id,
    SecurityGroupArn: arn('security-group', groupId),
    OwnerId: ACCOUNT,
    GroupName: `${vpc.name}-${tier}-${place}`,
    Description: `${tier} of ${vpc.name}`,
    IpPermissions: tierPermissions(vpc, place) ?? servicePermissions(random, vpc),
  };
}

/** Null for groups that belong to no tier. */
function tierPermissions(vpc: PlannedVpc, place: number): Json[] | null {
  const [publicGroup, appGroup] = vpc.groupIds;
  switch (TIERS[place]) {
    case 'public':
      return [
        permission(TCP, [443, 443], ['0.0.0.0/0'], []),
        permission6(TCP, [443, 443], ['::/0']),
        permission(TCP, [80, 80], ['0.0.0.0/0'], []),
      ];
    case 'app':
      return [permission(TCP, [8080, 8080], [], [publicGroup!]), permission(TCP, [22, 22], ['10.0.0.0/8'], [])];
    case 'db':
      return [permission(TCP, [5432, 5432], [], [appGroup!])];
    default:
      return null;
  }
}

function servicePermissions(random: Random, vpc: PlannedVpc): Json[] {
  return Array.from({ length: random.integer(1, 6) }, () => {
    const first = random.pick([22, 53, 80, 443, 3306, 5432, 6379, 8080, 9090, 9200]);
    const last = random.oneIn(4) ? first + random.integer(1, 100) : first;
    const blocks = Array.from({ length: random.integer(0, 4) }, () => officeOrSubnet(random, vpc));
    const groups = blocks.length === 0 || random.oneIn(2) ? [random.pick(vpc.groupIds)] : [];
    return permission(random.oneIn(5) ? UDP : TCP, [first, last], blocks, groups);
  });
}

function officeOrSubnet(random: Random, vpc: PlannedVpc): string {
  if (random.oneIn(3)) return `203.0.113.${8 * random.integer(0, 31)}/29`;
  return `10.${vpc.octet}.${16 * random.integer(0, 8)}.0/${random.pick([20, 22, 24])}`;
}

const PROTOCOL_NAMES: Readonly<Record<string, string>> = { [TCP]: 'tcp', [UDP]: 'udp', [ALL]: ALL };

function permission(
  protocol: string,
  ports: readonly [number, number] | null,
  blocks: readonly string[],
  groups: readonly string[],
): { readonly [key: string]: Json } {
  return {
    IpProtocol: PROTOCOL_NAMES[protocol]!,
    ...(ports === null ? {} : { FromPort: ports[0], ToPort: ports[1] }),
    UserIdGroupPairs: groups.map((groupId) => ({ UserId: ACCOUNT, GroupId: groupId })),
    IpRanges: blocks.map((cidr, i) => ({ Description: `range ${i + 1}`, CidrIp: cidr })),
    Ipv6Ranges: [],
    PrefixListIds: [],
  };
}

function permission6(
  protocol: string,
  ports: readonly [number, number] | null,
  blocks: readonly string[],
): { readonly [key: string]: Json } {
  return {
    ...permission(protocol, ports, [], []),
    Ipv6Ranges: blocks.map((cidr) => ({ CidrIpv6: cidr })),
  };
}
