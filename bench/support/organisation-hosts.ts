/**
 * The instances of an organisation's VPC, with one interface each: one in five in the public tier, with a public address, the
 * others half in the application and half in the database tier; every third has an IPv6 address.
 */

import type { ElasticAddress } from '../../src/model/instance.ts';
import type { Tag } from '../../src/model/resource.ts';
import type { Address } from '../../src/net/address.ts';
import { newId } from './flat-text.ts';
import { hostAddress, hostAddress6, type PublicAddresses, type SubnetPlan, type VpcPlan } from './organisation-plan.ts';
import { nextRecord, type Records } from './organisation-records.ts';
import { TIERS, type Tier } from './plan.ts';
import type { Random } from './random.ts';

/** `regular`: hosts carry the groups of their role, eleven roles a VPC. `adversarial`: each carries 1 to 5 groups of its own. */
export type Shape = 'regular' | 'adversarial';

const TIER_OF_PLACE: readonly Tier[] = ['public', 'app', 'app', 'db', 'db'];
const ROLES_OF_TIER: Readonly<Record<Tier, number>> = { public: 2, app: 5, db: 4 };
/** Hosts count from here: below are the addresses that AWS keeps, and the NAT gateway's. */
const FIRST_HOST = 10;
/** As many as a /23 of the application tier has room for, and no more. */
export const MOST_INTERFACES = 2400;

export function addHosts(
  random: Random,
  vpc: VpcPlan,
  interfaces: number,
  shape: Shape,
  publicAddresses: PublicAddresses,
  records: Records,
): void {
  const roles = Object.fromEntries(TIERS.map((tier) => [tier, rolesOf(random, vpc, tier)])) as unknown as Record<
    Tier,
    readonly (readonly string[])[]
  >;
  const counts: Record<Tier, number> = { public: 0, app: 0, db: 0 };
  for (let i = 0; i < interfaces; i++) {
    const tier = TIER_OF_PLACE[i % TIER_OF_PLACE.length]!;
    const place = counts[tier]++;
    const subnet = vpc.subnets[TIERS.indexOf(tier) * 2 + (place % 2)]!;
    addHost(random, vpc, records, {
      subnet,
      name: `${vpc.name}-${tier}-${place}`,
      host: FIRST_HOST + (place >> 1),
      groupIds: shape === 'regular' ? random.pick(roles[tier]) : drawGroups(random, vpc),
      publicAddress: tier === 'public' ? publicAddresses.take() : null,
      hasV6: i % 3 === 0,
    });
  }
}

interface HostDraft {
  readonly subnet: SubnetPlan;
  readonly name: string;
  readonly host: number;
  readonly groupIds: readonly string[];
  readonly publicAddress: Address | null;
  readonly hasV6: boolean;
}

function addHost(random: Random, vpc: VpcPlan, records: Records, draft: HostDraft): void {
  const interfaceId = newId(random, 'eni');
  const instanceId = newId(random, 'i');
  addInstance(random, vpc, records, draft, instanceId);
  addInterface(vpc, records, draft, interfaceId, instanceId);
  if (draft.publicAddress !== null) {
    addElasticAddress(vpc, records, newId(random, 'eipalloc'), {
      name: draft.name,
      publicAddress: draft.publicAddress,
      privateAddress: hostAddress(draft.subnet, draft.host),
      interfaceId,
    });
  }
}

// Records of which there are many are written out: in Node 20 an object made by spreading has a shape of its own.
function addInstance(random: Random, vpc: VpcPlan, records: Records, draft: HostDraft, instanceId: string): void {
  const { id, name, tags, account, region, origin } = nextRecord(records, 'instances', vpc, instanceId, draft.name);
  records.instances.push({
    id,
    name,
    tags,
    account,
    region,
    origin,
    state: 'running',
    instanceType: random.pick(['t3.micro', 'm5.large', 'c6i.xlarge', 'm8i.large']),
    vpcId: vpc.id,
    subnetId: draft.subnet.id,
  });
}

function addInterface(vpc: VpcPlan, records: Records, draft: HostDraft, interfaceId: string, instanceId: string): void {
  const { subnet } = draft;
  const tag = TAG_OF_TIER[subnet.tier];
  const record = nextRecord(records, 'networkInterfaces', vpc, interfaceId, draft.name, [tag]);
  const { id, name, tags, account, region, origin } = record;
  records.networkInterfaces.push({
    id,
    name,
    tags,
    account,
    region,
    origin,
    vpcId: vpc.id,
    subnetId: subnet.id,
    status: 'in-use',
    owner: 'instance',
    interfaceType: 'interface',
    description: null,
    instanceId,
    deviceIndex: 0,
    privateAddresses: [
      { address: hostAddress(subnet, draft.host), isPrimary: true, publicAddress: draft.publicAddress },
    ],
    ipv6Addresses: draft.hasV6 ? [hostAddress6(subnet, draft.host)] : [],
    delegated: [],
    groupIds: draft.groupIds,
    sourceDestCheck: true,
    tracking: { tcpEstablished: null, udpStream: null, udp: null },
    denyAllIgwTraffic: false,
  });
}

export function addElasticAddress(
  vpc: VpcPlan,
  records: Records,
  allocationId: string,
  of: Pick<ElasticAddress, 'name' | 'publicAddress' | 'privateAddress' | 'interfaceId'>,
): void {
  const record = nextRecord(records, 'elasticAddresses', vpc, allocationId, of.name);
  const { id, name, tags, account, region, origin } = record;
  const { publicAddress, privateAddress, interfaceId } = of;
  records.elasticAddresses.push({
    id,
    name,
    tags,
    account,
    region,
    origin,
    publicAddress,
    privateAddress,
    interfaceId,
  });
}

const TAG_OF_TIER: Readonly<Record<Tier, Tag>> = {
  public: { key: 'tier', value: 'public' },
  app: { key: 'tier', value: 'app' },
  db: { key: 'tier', value: 'db' },
};

/** The groups of each role of a tier: the tier's own and up to two others. */
function rolesOf(random: Random, vpc: VpcPlan, tier: Tier): readonly (readonly string[])[] {
  const own = vpc.groupIds[TIERS.indexOf(tier)]!;
  const services = vpc.groupIds.slice(TIERS.length);
  return Array.from({ length: ROLES_OF_TIER[tier] }, () => [own, ...distinct(random, services, random.integer(0, 2))]);
}

function drawGroups(random: Random, vpc: VpcPlan): readonly string[] {
  return distinct(random, vpc.groupIds, random.integer(1, 5));
}

function distinct(random: Random, items: readonly string[], count: number): readonly string[] {
  const drawn = new Set<string>();
  while (drawn.size < count) drawn.add(random.pick(items));
  return [...drawn];
}
