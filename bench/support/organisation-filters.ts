/** Security groups and network ACLs of an organisation's VPC. */

import { CLOSING_V4, CLOSING_V6, type NaclEntry } from '../../src/model/network-acl.ts';
import type { Origin } from '../../src/model/origin.ts';
import type { RulePeer, SecurityGroupRule } from '../../src/model/security-group.ts';
import { v4 } from '../../src/net/address.ts';
import { type Prefix, prefixAround, wholeFamily } from '../../src/net/prefix.ts';
import { ICMP, TCP, UDP } from '../../src/net/protocol.ts';
import { ALL_TRAFFIC, type Traffic, wholeProtocol } from '../../src/net/traffic.ts';
import { newId } from './flat-text.ts';
import type { VpcPlan } from './organisation-plan.ts';
import { memberOrigin, nextRecord, type Records } from './organisation-records.ts';
import { TIERS, type Tier } from './plan.ts';
import type { Random } from './random.ts';

const ANYWHERE = wholeFamily(4);
const ANYWHERE6 = wholeFamily(6);
/** All private addresses of the organisation. */
const INSIDE = prefixAround(v4(0x0a000000), 8);
const RANDOM_ENTRIES = 20;

const ports = (protocol: number, first: number, last = first): Traffic => ({
  protocol,
  firstPortOrIcmp: first,
  lastPortOrIcmp: last,
});
const tcp = (first: number, last = first): Traffic => ports(TCP, first, last);

interface RuleDraft {
  readonly direction: 'in' | 'out';
  readonly traffic: Traffic;
  readonly peer: RulePeer;
}

export function addGroups(random: Random, vpc: VpcPlan, all: readonly VpcPlan[], records: Records): void {
  vpc.groupIds.forEach((groupId, place) => {
    const tier = TIERS[place];
    const word = tier ?? random.pick(['worker', 'cache', 'queue', 'metrics', 'batch', 'gateway']);
    const groupName = `${vpc.name}-${word}-${place}`;
    const drafts = tier === undefined ? serviceRules(random, vpc, all, groupId) : tierRules(vpc, tier);
    const { id, name, tags, account, region, origin } = nextRecord(records, 'securityGroups', vpc, groupId, groupName);
    records.securityGroups.push({
      id,
      name,
      tags,
      account,
      region,
      origin,
      groupName: name,
      vpcId: vpc.id,
      rules: drafts.map((draft, rule) => ruleOf(random, draft, origin, rule)),
      gaps: [],
    });
  });
}

function ruleOf(
  random: Random,
  { direction, traffic, peer }: RuleDraft,
  group: Origin,
  place: number,
): SecurityGroupRule {
  const origin = memberOrigin(group, 'rules', place);
  return { id: newId(random, 'sgr'), direction, traffic, peer, description: null, origin };
}

const inbound = (traffic: Traffic, peer: RulePeer): RuleDraft => ({ direction: 'in', traffic, peer });
const outbound = (traffic: Traffic, peer: RulePeer): RuleDraft => ({ direction: 'out', traffic, peer });
const block = (prefix: Prefix): RulePeer => ({ kind: 'cidr', prefix });

const OPEN_EGRESS: readonly RuleDraft[] = [
  outbound(ALL_TRAFFIC, block(ANYWHERE)),
  outbound(ALL_TRAFFIC, block(ANYWHERE6)),
];

function ownGroup({ account }: VpcPlan, groupId: string): RulePeer {
  return { kind: 'group', groupId, account, vpcId: null, peeringId: null, peeringStatus: null };
}

/** As people set up three tiers: the internet to the web, the web to applications, these to each other and to databases. */
function tierRules(vpc: VpcPlan, tier: Tier): readonly RuleDraft[] {
  const [web, app, db] = vpc.groupIds.map((groupId) => ownGroup(vpc, groupId)) as [RulePeer, RulePeer, RulePeer];
  const icmp = inbound(wholeProtocol(ICMP), block(INSIDE));
  switch (tier) {
    case 'public':
      return [
        inbound(tcp(443), block(ANYWHERE)),
        inbound(tcp(443), block(ANYWHERE6)),
        inbound(tcp(80), block(ANYWHERE)),
        inbound(tcp(22), block(INSIDE)),
        icmp,
        ...OPEN_EGRESS,
      ];
    case 'app':
      return [
        inbound(tcp(8080), web),
        inbound(tcp(8443), block(INSIDE)),
        inbound(tcp(22), block(vpc.tierBlocks.public)),
        inbound(ALL_TRAFFIC, app),
        icmp,
        ...OPEN_EGRESS,
      ];
    case 'db':
      return [
        inbound(tcp(5432), app),
        inbound(tcp(5432), db),
        inbound(tcp(5432), block(vpc.block6)),
        inbound(tcp(22), block(vpc.tierBlocks.app)),
        outbound(tcp(443), block(ANYWHERE)),
        outbound(tcp(5432), db),
        outbound(ports(UDP, 53), block(vpc.block)),
      ];
  }
}

function serviceRules(random: Random, vpc: VpcPlan, all: readonly VpcPlan[], groupId: string): readonly RuleDraft[] {
  const own = (): RulePeer => ownGroup(vpc, random.pick(vpc.groupIds));
  const rules = Array.from({ length: random.integer(3, 6) }, () =>
    inbound(anyTraffic(random), anySource(random, vpc, all, own)),
  );
  if (random.oneIn(3)) rules.push(inbound(ALL_TRAFFIC, ownGroup(vpc, groupId)));
  if (!random.oneIn(4)) return [...rules, ...OPEN_EGRESS];
  return [
    ...rules,
    outbound(tcp(443), block(ANYWHERE)),
    outbound(tcp(1024, 9999), block(random.oneIn(2) ? vpc.block : elsewhere(random, vpc, all))),
    outbound(anyTraffic(random), own()),
  ];
}

/** Three in ten name something outside the VPC, as many a group. */
function anySource(random: Random, vpc: VpcPlan, all: readonly VpcPlan[], own: () => RulePeer): RulePeer {
  const kind = random.integer(1, 20);
  if (kind <= 6) return block(elsewhere(random, vpc, all));
  if (kind <= 11) return own();
  if (kind === 12) return groupOfPeer(random, vpc) ?? own();
  if (kind <= 14) return block(prefixAround(v4(0xcb007100 + 8 * random.integer(0, 31)), 29)); // an office
  if (kind === 15) return block(vpc.block6);
  return block(within(random, vpc));
}

/** SG-14: a group of a peered VPC. */
function groupOfPeer(random: Random, vpc: VpcPlan): RulePeer | null {
  if (vpc.peers.length === 0) return null;
  const { peeringId, vpc: far } = random.pick(vpc.peers);
  const groupId = random.pick(far.groupIds);
  return { kind: 'group', groupId, account: far.account, vpcId: far.id, peeringId, peeringStatus: 'active' };
}

/** A block of the VPC: its own, a tier's, a subnet's. */
function within(random: Random, vpc: VpcPlan): Prefix {
  const kind = random.integer(1, 4);
  if (kind === 1) return vpc.block;
  return kind === 2 ? vpc.tierBlocks[random.pick(TIERS)] : random.pick(vpc.subnets).block;
}

/** The whole organisation, or a block of another VPC: every second time of a peer. */
function elsewhere(random: Random, vpc: VpcPlan, all: readonly VpcPlan[]): Prefix {
  if (random.oneIn(3)) return INSIDE;
  const far = random.oneIn(2) && vpc.peers.length > 0 ? random.pick(vpc.peers).vpc : random.pick(all);
  return within(random, far);
}

function anyTraffic(random: Random): Traffic {
  const kind = random.integer(1, 20);
  if (kind === 1) return ALL_TRAFFIC;
  if (kind === 2) return wholeProtocol(ICMP);
  const first = random.pick([22, 53, 80, 443, 3306, 5432, 6379, 8080, 9090, 9200]);
  const last = random.oneIn(4) ? first + random.integer(1, 100) : first;
  return ports(kind <= 5 ? UDP : TCP, first, last);
}

/** One network ACL a tier, the default one for applications. Every tenth VPC has drawn ones, which follow no plan. */
export function addNetworkAcls(random: Random, vpc: VpcPlan, all: readonly VpcPlan[], records: Records): void {
  for (const tier of TIERS) {
    const isDefault = tier === 'app';
    const record = nextRecord(records, 'networkAcls', vpc, newId(random, 'acl'), `${vpc.name}-${tier}`);
    const drafts = hasDrawnAcls(vpc) ? drawnEntries(random, vpc, all) : tierEntries(random, vpc, tier);
    const closed = [...drafts, ...CLOSING].sort(byPlace);
    records.networkAcls.push({
      ...record,
      vpcId: vpc.id,
      isDefault,
      subnetIds: vpc.subnets.filter((subnet) => subnet.tier === tier).map((subnet) => subnet.id),
      entries: closed.map(({ direction, number, action, traffic, peer }, place) => {
        const origin = memberOrigin(record.origin, 'entries', place);
        return { number, direction, action, traffic, peer, origin };
      }),
      unreadable: [],
    });
  }
}

/** Whether the ACLs of the VPC are drawn, so that nothing is sure to pass them. */
function hasDrawnAcls({ index }: VpcPlan): boolean {
  return index % 10 === 9;
}

type EntryDraft = Omit<NaclEntry, 'origin'>;

/** As lists of entries are sorted: inbound first, by number. */
function byPlace(a: EntryDraft, b: EntryDraft): number {
  if (a.direction !== b.direction) return a.direction === 'in' ? -1 : 1;
  return a.number - b.number;
}

function entry(
  direction: 'in' | 'out',
  number: number,
  action: 'allow' | 'deny',
  traffic: Traffic,
  peer: Prefix,
): EntryDraft {
  return { direction, number, action, traffic, peer };
}

const CLOSING: readonly EntryDraft[] = (['in', 'out'] as const).flatMap((direction) => [
  entry(direction, CLOSING_V4, 'deny', ALL_TRAFFIC, ANYWHERE),
  entry(direction, CLOSING_V6, 'deny', ALL_TRAFFIC, ANYWHERE6),
]);

function everything(direction: 'in' | 'out'): readonly EntryDraft[] {
  return [
    entry(direction, 100, 'allow', ALL_TRAFFIC, ANYWHERE),
    entry(direction, 101, 'allow', ALL_TRAFFIC, ANYWHERE6),
  ];
}

/** Numbered as people number them: what is denied before the wider range that would allow it. */
function tierEntries(random: Random, vpc: VpcPlan, tier: Tier): readonly EntryDraft[] {
  const ephemeral = [
    entry('in', 140, 'allow', tcp(1024, 65535), ANYWHERE),
    entry('in', 150, 'allow', ports(UDP, 1024, 65535), ANYWHERE),
    entry('in', 160, 'allow', wholeProtocol(ICMP), ANYWHERE),
    entry('in', 170, 'allow', ALL_TRAFFIC, vpc.block6),
    entry('in', 180, 'allow', tcp(1024, 65535), ANYWHERE6),
  ];
  switch (tier) {
    case 'public':
      return [
        ...[10, 20, 30].map((number) => entry('in', number, 'deny', ALL_TRAFFIC, nuisance(random))),
        entry('in', 100, 'allow', tcp(80), ANYWHERE),
        entry('in', 110, 'allow', tcp(443), ANYWHERE),
        entry('in', 111, 'allow', tcp(443), ANYWHERE6),
        entry('in', 120, 'allow', tcp(22), INSIDE),
        entry('in', 130, 'deny', tcp(3389), INSIDE),
        ...ephemeral,
        entry('in', 200, 'allow', ALL_TRAFFIC, vpc.block),
        ...everything('out'),
      ];
    case 'app':
      return [...everything('in'), ...everything('out')];
    case 'db':
      return [
        entry('in', 50, 'deny', ALL_TRAFFIC, vpc.tierBlocks.public),
        entry('in', 100, 'allow', tcp(5432), INSIDE),
        entry('in', 110, 'allow', tcp(22), vpc.block),
        entry('in', 120, 'deny', tcp(3306, 3389), INSIDE),
        ...ephemeral,
        entry('out', 50, 'deny', tcp(25), ANYWHERE),
        ...everything('out'),
      ];
  }
}

/** A /24 of 1.0.0.0 to 9.255.255.255, which somebody once had reason to deny. */
function nuisance(random: Random): Prefix {
  return prefixAround(v4(random.integer(1, 9) * 2 ** 24 + random.integer(0, 2 ** 16 - 1) * 256), 24);
}

function drawnEntries(random: Random, vpc: VpcPlan, all: readonly VpcPlan[]): readonly EntryDraft[] {
  const drawn = (direction: 'in' | 'out', place: number): EntryDraft => {
    const action = random.integer(1, 5) <= 3 ? 'allow' : 'deny';
    return entry(direction, 10 * (place + 1), action, anyTraffic(random), anyPeer(random, vpc, all));
  };
  return (['in', 'out'] as const).flatMap((direction) =>
    Array.from({ length: RANDOM_ENTRIES }, (_, place) => drawn(direction, place)),
  );
}

function anyPeer(random: Random, vpc: VpcPlan, all: readonly VpcPlan[]): Prefix {
  const kind = random.integer(1, 10);
  if (kind <= 3) return elsewhere(random, vpc, all);
  if (kind <= 7) return within(random, vpc);
  return kind === 10 ? ANYWHERE6 : ANYWHERE;
}
