/**
 * Packets that arrive, and whose answers cannot come back: not because a filter refuses them, but because their way leads elsewhere.
 * A peering route on one side only; a public address in a subnet whose route to the internet is a NAT gateway.
 */

import { rankOf } from '../compile/address-space.ts';
import { NOBODY } from '../compile/identity.ts';
import { interfaceClasses } from '../compile/interface-classes.ts';
import { NONE, ownPrefixes } from '../compile/names.ts';
import { ARRIVES_ONLY, RoundTrips } from '../evaluate/round-trip.ts';
import type { SecurityGroup } from '../model/security-group.ts';
import type { Address, Family } from '../net/address.ts';
import { parseAddress } from '../net/address-text.ts';
import { intervalSet } from '../net/interval-set.ts';
import { formatPacket } from '../net/packet-text.ts';
import { prefixCovers } from '../net/prefix.ts';
import { LAST_PORT, TCP, UDP } from '../net/protocol.ts';
import { Connections, type EndPoint } from '../reach/connection.ts';
import { EMPTY } from '../reach/l4-sets.ts';
import { explainLeg } from './explain-leg.ts';
import type { LintFinding, LintResource, LintStop } from './lint-finding.ts';
import { type Checked, counted, type LintGround } from './lint-ground.ts';
import { witnessOf } from './reach-witness.ts';
import { StoppedPackets } from './stopped-packets.ts';
import { peeredVpcs } from './unseen-senders.ts';

const STRANGERS: Readonly<Record<Family, Address>> = { 4: parseAddress('8.8.8.8'), 6: parseAddress('2606:4700::1111') };
const CLIENT_PORT = intervalSet([{ first: 49152, last: 49152 }]);
const FILTERS: ReadonlySet<string> = new Set(['nacl-in', 'nacl-out', 'security-group-in', 'security-group-out']);
/** Inbound rules of an interface whose sources are tried from the internet. */
const MOST_SOURCES = 50;

interface Asymmetry {
  readonly witness: string;
  readonly from: string;
  readonly target: number;
  readonly stop: LintStop;
  readonly interfaces: Set<number>;
  readonly senders: Set<string>;
}

export function lintAsymmetricPaths(ground: LintGround): Checked {
  const { names } = ground.compiled;
  const search = new AsymmetrySearch(ground);
  const { members } = interfaceClasses(ground.compiled);
  const representatives = members.map(([eni]) => eni!);
  const inner = vpcsWithInnerRoutes(ground);
  const byVpc = new Map<number, number[]>();
  for (const eni of representatives) {
    const others = byVpc.get(names.vpcOfEni[eni]!);
    if (others === undefined) byVpc.set(names.vpcOfEni[eni]!, [eni]);
    else others.push(eni);
  }
  const peersOf = peeredVpcs(ground.compiled);
  for (const target of representatives) {
    if (search.isSpent) break;
    const vpc = names.vpcOfEni[target]!;
    if (vpc === NONE) continue;
    search.fromInternet(target);
    const near = new Set([...peersOf(vpc), ...(inner.has(vpc) ? [vpc] : [])]);
    for (const other of near) {
      for (const sender of byVpc.get(other) ?? []) if (opensFlows(ground, sender)) search.fromInterface(sender, target);
    }
  }
  const findings = search.found.map((asymmetry) => finding(ground, asymmetry));
  const notes = search.isSpent
    ? [
        `asymmetric-path: not every pair of places was looked at, because there are more than the limit of ${ground.maxPairs}`,
      ]
    : [];
  return { findings, notes };
}

/** Gateways and endpoints send nothing that is not somebody else's, or an answer. */
function opensFlows({ compiled: { network } }: LintGround, sender: number): boolean {
  return ['instance', 'lambda', 'load-balancer', 'other'].includes(network.networkInterfaces[sender]!.owner);
}

class AsymmetrySearch {
  readonly #ground: LintGround;
  readonly #connections: Connections;
  readonly #trips: RoundTrips;
  readonly #stopped: StoppedPackets;
  readonly #found = new Map<string, Asymmetry>();
  readonly #groups: ReadonlyMap<string, SecurityGroup>;
  #left: number;

  constructor(ground: LintGround) {
    this.#groups = new Map(ground.compiled.network.securityGroups.map((group) => [group.id, group]));
    this.#ground = ground;
    this.#connections = new Connections(ground.compiled, ground.sets);
    this.#trips = new RoundTrips(ground.compiled);
    this.#trips.findsAllBlockers = true;
    this.#stopped = new StoppedPackets(ground.compiled, ground.sets);
    this.#left = ground.maxPairs;
  }

  get found(): readonly Asymmetry[] {
    return [...this.#found.values()];
  }

  get isSpent(): boolean {
    return this.#left <= 0;
  }

  /** To its public addresses, from a stranger, and from those that its groups name. */
  fromInternet(target: number): void {
    const { network, entrances, space } = this.#ground.compiled;
    const eni = network.networkInterfaces[target]!;
    const outside = eni.privateAddresses.flatMap(({ publicAddress }) => publicAddress ?? []);
    for (const to of [...outside, ...eni.ipv6Addresses]) {
      for (const address of this.#sourcesFor(target, to.family)) {
        const end = { address, rank: rankOf(space, address), start: entrances.internet, sender: NOBODY };
        if (this.#judge(end, to, target)) break;
      }
    }
  }

  fromInterface(sender: number, target: number): void {
    const { network, entrances, space } = this.#ground.compiled;
    const [from, to] = [sender, target].map((index) => ownPrefixes(network.networkInterfaces[index]!));
    for (const family of [4, 6] as const) {
      const source = from!.find(({ address }) => address.family === family)?.address;
      const destination = to!.find(({ address }) => address.family === family)?.address;
      if (source === undefined || destination === undefined || sender === target) continue;
      const start = entrances.leaveAsItself[sender]!;
      this.#judge({ address: source, rank: rankOf(space, source), start, sender }, destination, target);
    }
  }

  #sourcesFor(target: number, family: Family): readonly Address[] {
    const { network } = this.#ground.compiled;
    const named = network.networkInterfaces[target]!.groupIds.flatMap((id) => this.#groups.get(id)?.rules ?? [])
      .flatMap(({ peer, direction }) =>
        direction === 'in' && peer.kind === 'cidr' && peer.prefix.length > 0 ? [peer.prefix.address] : [],
      )
      .filter((address) => address.family === family);
    return [STRANGERS[family], ...named.slice(0, MOST_SOURCES)];
  }

  /** Reports whether packets arrive and their answers are lost on the way. */
  #judge(from: EndPoint, to: Address, target: number): boolean {
    if (this.#left <= 0) return false;
    this.#left--;
    const { compiled, sets } = this.#ground;
    const { forward, reply } = this.#connections.between(from, to, rankOf(compiled.space, to));
    for (const protocol of [TCP, UDP]) {
      const whole = sets.box(protocol, 0, LAST_PORT);
      const arriving = sets.intersect(forward.must, whole);
      if (arriving === EMPTY || sets.intersect(reply.may, whole) !== EMPTY) continue;
      const packet = witnessOf(sets, arriving, from.address, to, () => CLIENT_PORT)!;
      const trip = this.#trips.walk(packet, { stage: from.start, sender: from.sender });
      if (trip.verdict !== ARRIVES_ONLY || !trip.hasReply) continue;
      const peer = this.#stopped.nameOf(from.sender);
      const place = { kind: 'other', id: peer, name: null } as const;
      const mismatch = trip.isMismatched ? packet : null;
      const leg = explainLeg(compiled, trip.reply, {
        sent: trip.answer!,
        received: trip.answered!,
        from: place,
        mismatch,
      });
      const blocker = leg.blockers.find(({ stage }) => !FILTERS.has(stage));
      if (blocker === undefined && !trip.isMismatched) continue;
      const { stage, code, resource, rule, text } = blocker ?? MISMATCH;
      const stop: LintStop = { peer, count: 1, stage, code, resource, rule, text };
      this.#note({
        witness: formatPacket(packet),
        from: peer,
        target,
        stop,
        interfaces: new Set([target]),
        senders: new Set([peer]),
      });
      return true;
    }
    return false;
  }

  /** Alike in where the answers are routed and why that is in vain: one finding. The internet is told by itself. */
  #note(asymmetry: Asymmetry): void {
    const { from, target, stop } = asymmetry;
    const { subnetOfEni, routeTableOfSubnet } = this.#ground.compiled.names;
    const table = routeTableOfSubnet[subnetOfEni[target]!] ?? NONE;
    const key = [table, from === this.#stopped.nameOf(NOBODY), stop.stage, stop.code, stop.resource].join(' ');
    const known = this.#found.get(key);
    if (known === undefined) this.#found.set(key, asymmetry);
    else {
      known.interfaces.add(target);
      known.senders.add(from);
    }
  }
}

const MISMATCH = {
  stage: 'translate',
  code: null,
  resource: null,
  rule: null,
  text: 'the answer comes back from another address than was asked',
} as const;

function finding(
  { compiled }: LintGround,
  { witness, from, target, stop, interfaces, senders }: Asymmetry,
): LintFinding {
  const { network, names } = compiled;
  const eni = network.networkInterfaces[target]!;
  const table = names.routeTableOfSubnet[names.subnetOfEni[target]!] ?? NONE;
  const record = table === NONE ? eni : network.routeTables[table]!;
  const resource: LintResource = {
    kind: table === NONE ? 'network-interface' : 'route-table',
    id: record.id,
    name: record.name,
  };
  const to = `${eni.id}${andOthers(interfaces.size - 1, 'interface', 'interfaces')}`;
  const who = `${from}${andOthers(senders.size - 1, 'subnet', 'subnets')}`;
  return {
    rule: 'asymmetric-path',
    severity: 'misleading',
    resource,
    subject: null,
    origin: record.origin,
    text: `packets from ${who} to ${to} arrive, and their answers do not come back: ${stop.text}`,
    proof: { kind: 'witness', packet: witness, from, to: eni.id, stop },
  };
}

function andOthers(count: number, one: string, several: string): string {
  return count === 0 ? '' : ` (and ${counted(count, `other ${one}`, `other ${several}`)})`;
}

/** VPCs in which a route leads part of the VPC's own addresses elsewhere than there. */
function vpcsWithInnerRoutes({ compiled: { network, names } }: LintGround): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { vpcId, routes } of network.routeTables) {
    const vpc = names.vpc.get(vpcId) ?? NONE;
    const cidrs = vpc === NONE ? [] : network.vpcs[vpc]!.cidrs;
    const isInner = routes.some(
      ({ destination, target }) =>
        target.kind !== 'local' &&
        destination.kind === 'cidr' &&
        cidrs.some((cidr) => prefixCovers(cidr, destination.prefix)),
    );
    if (isInner) found.add(vpc);
  }
  return found;
}
