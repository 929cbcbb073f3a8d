/** Rules of security groups that no packet can reach through the network: nobody can send one that gets so far. */

import { ranksOf } from '../compile/address-space.ts';
import { compile } from '../compile/compile.ts';
import { groupRuleWords } from '../compile/group-rules.ts';
import { NOBODY } from '../compile/identity.ts';
import { ownPrefixes } from '../compile/names.ts';
import { PRIVATE_RANGES } from '../compile/special-addresses.ts';
import type { Network } from '../model/network.ts';
import type { NetworkInterface } from '../model/network-interface.ts';
import type { Address } from '../net/address.ts';
import { prefixCovers } from '../net/prefix.ts';
import { type Arrival, GroupArrivals } from './group-arrivals.ts';
import { GroupCoverage, type RuleBoxes } from './group-coverage.ts';
import { GroupDepartures } from './group-departures.ts';
import type { LintFinding, LintProof } from './lint-finding.ts';
import { addressAt, type Checked, counted, type LintGround } from './lint-ground.ts';
import { isOfAws, ruleFinding } from './lint-group.ts';
import { covers, OVER_LIMIT, RuleUse } from './rule-use.ts';
import { StoppedPackets, StopTally } from './stopped-packets.ts';

/** Kinds of sender that a proof lists before it counts. */
const STOPS_SHOWN = 6;

/** As if everything that the snapshot shows were running: what is stopped today is used tomorrow. */
export function lintNeverUsed(given: LintGround): Checked {
  const ground = asIfRunning(given);
  const coverage = new GroupCoverage(ground);
  const rows = ground.compiled.network.securityGroups
    .filter((group) => coverage.carriersOf(group.id).length > 0)
    .flatMap((group) => coverage.rowsOf(group).filter(({ rule }) => !isOfAws(group, rule)));
  const use = new RuleUse(ground, coverage, rows);
  const proofs = new UnusedProofs(ground, coverage, use);
  const findings = use.unused.map((row) => neverUsed(ground, coverage, row, proofs.of(row)));
  const notes = [...use.openReasons].map(([reason, count]) => {
    const many = counted(count, 'rule was', 'rules were');
    return `group-rule-never-used: ${many} not judged for ${reason}${reason === OVER_LIMIT ? ` of ${ground.maxPairs}` : ''}`;
  });
  return { findings, notes };
}

function asIfRunning(ground: LintGround): LintGround {
  const { network } = ground.compiled;
  const isRunning =
    network.networkInterfaces.every(({ status }) => status === 'in-use') &&
    network.instances.every(({ state }) => state === 'running');
  return isRunning ? ground : { ...ground, compiled: compile(running(network), ground.assumed) };
}

function running(network: Network): Network {
  return {
    ...network,
    networkInterfaces: network.networkInterfaces.map((eni) => ({ ...eni, status: 'in-use' })),
    instances: network.instances.map((instance) => ({ ...instance, state: 'running' })),
  };
}

function neverUsed(ground: LintGround, coverage: GroupCoverage, row: RuleBoxes, proof: LintProof): LintFinding {
  const { rule, group } = row;
  const carriers = coverage.carriersOf(group.id);
  const interfaces = counted(carriers.length, 'interface that carries', 'interfaces that carry');
  const lacking = lackingFamily(ground, carriers, row);
  const why =
    lacking !== null
      ? `none of the ${interfaces} the group has an IPv${lacking} address`
      : rule.direction === 'in'
        ? `no such packet can get to the ${interfaces} the group`
        : `no such packet of the ${interfaces} the group arrives anywhere`;
  return {
    ...ruleFinding('group-rule-never-used', group, rule),
    severity: lacking === null ? 'misleading' : 'harmless',
    text: `"${groupRuleWords(rule)}" lets nothing through: ${why}`,
    proof,
  };
}

/** The family of addresses that the rule is about and no interface has; null where some has one. */
function lackingFamily(ground: LintGround, carriers: readonly number[], { boxes, reference }: RuleBoxes): 4 | 6 | null {
  if (reference !== null) return null;
  const { network, space } = ground.compiled;
  const families = new Set(boxes.map(({ firstRank }) => addressAt(space, firstRank).family));
  const [family] = families;
  if (family === undefined || families.size > 1) return null;
  const hasOne = ({ family: own }: Address): boolean => own === family;
  const isThere = carriers.some((eni) => ownPrefixes(network.networkInterfaces[eni]!).some((p) => hasOne(p.address)));
  return isThere ? null : family;
}

/** What stops the packets of unused rules, seen from the first interface that carries their group. */
class UnusedProofs {
  readonly #ground: LintGround;
  readonly #coverage: GroupCoverage;
  readonly #use: RuleUse;
  readonly #stopped: StoppedPackets;
  readonly #tallies = new Map<RuleBoxes, StopTally>();
  readonly #arrivals: GroupArrivals;
  readonly #departures: GroupDepartures;
  /** Interfaces by the ranks of their addresses. */
  readonly #holders = new Map<number, number>();

  constructor(ground: LintGround, coverage: GroupCoverage, use: RuleUse) {
    const { compiled, sets, maxPairs } = ground;
    this.#ground = ground;
    this.#coverage = coverage;
    this.#use = use;
    this.#stopped = new StoppedPackets(compiled, sets);
    this.#arrivals = new GroupArrivals(compiled, sets, use.classes, { left: maxPairs });
    this.#departures = new GroupDepartures(compiled, sets, { left: maxPairs });
    const inbound = new Map<number, RuleBoxes[]>();
    for (const row of use.unused) {
      this.#tallies.set(row, new StopTally());
      const eni = this.#exampleOf(row);
      if (row.rule.direction === 'in') inbound.set(eni, [...(inbound.get(eni) ?? []), row]);
    }
    if (this.#tallies.size === 0) return;
    compiled.network.networkInterfaces.forEach((eni, index) => {
      for (const prefix of ownPrefixes(eni)) this.#holders.set(ranksOf(compiled.space, prefix).first, index);
    });
    for (const [eni, rows] of inbound) this.#tellArrivals(eni, rows);
    for (const row of use.unused) if (row.rule.direction === 'out') this.#tellDepartures(row);
  }

  of(row: RuleBoxes): LintProof {
    const { network } = this.#ground.compiled;
    const { stops, more } = this.#tallies.get(row)!.listed(STOPS_SHOWN);
    if (stops.length > 0) {
      const at = network.networkInterfaces[this.#exampleOf(row)]!.id;
      return { kind: 'stopped', at, stops, more, isWhole: !this.#arrivals.isSpent && !this.#departures.isSpent };
    }
    const interfaces = counted(network.networkInterfaces.length, 'network interface', 'network interfaces');
    const looked =
      row.reference === null
        ? `the addresses that the rule names, among those of ${interfaces}`
        : `${row.reference} among the groups of ${interfaces}`;
    return { kind: 'absent', looked: [looked] };
  }

  /** For a rule that means the internet rather an interface that the internet may send to. */
  #exampleOf(row: RuleBoxes): number {
    const carriers = this.#coverage.carriersOf(row.group.id);
    const { network } = this.#ground.compiled;
    const isOutside = (eni: number): boolean => isOnInternet(network.networkInterfaces[eni]!, row);
    return (isForInternet(row) ? carriers.find(isOutside) : undefined) ?? carriers[0]!;
  }

  #tellArrivals(eni: number, rows: readonly RuleBoxes[]): void {
    const { classes } = this.#use;
    for (const row of rows) this.#tellUnreachable(row);
    for (const arrival of this.#arrivals.at(eni, new Set(rows))) {
      const { from, sender, ended } = arrival;
      if (sender === eni) continue;
      const ranks = [from.rank, ...(ended ?? []).map(({ sourceRank }) => sourceRank)];
      for (const row of rows) {
        if (!ranks.some((rank) => covers(row, rank)) || !this.#use.namesHolder(row, sender)) continue;
        const stop = this.#stopped.stop(arrival, row.boxes[0]!.packets, this.#senderOf(arrival));
        const alike = sender === NOBODY ? 0 : classes.members[classes.classOf[sender]!]!.length;
        if (stop !== null) this.#tallies.get(row)!.add(stop, alike);
      }
    }
  }

  #senderOf({ sender, through }: Arrival): string {
    if (sender !== NOBODY || through === NOBODY) return this.#stopped.nameOf(sender);
    return `others behind ${this.#ground.compiled.network.networkInterfaces[through]!.id}`;
  }

  /** IGW-03: who has no public address is not sent to. */
  #tellUnreachable(row: RuleBoxes): void {
    const eni = this.#ground.compiled.network.networkInterfaces[this.#exampleOf(row)]!;
    if (!isForInternet(row) || isOnInternet(eni, row)) return;
    const { id } = eni;
    const code = 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS';
    const isV6 = row.rule.peer.kind === 'cidr' && row.rule.peer.prefix.address.family === 6;
    const text = `${id} has no ${isV6 ? 'IPv6' : 'public'} address`;
    const peer = this.#stopped.nameOf(NOBODY);
    this.#tallies.get(row)!.add({ peer, count: 1, stage: 'gateway-check', code, resource: id, rule: null, text }, 0);
  }

  #tellDepartures(row: RuleBoxes): void {
    for (const range of this.#use.rangesOf(row)) {
      for (const departure of this.#departures.to(this.#exampleOf(row), range)) {
        const holder = this.#holders.get(departure.to.rank);
        const peer = holder === undefined ? 'addresses of no interface' : this.#stopped.nameOf(holder);
        const stop = this.#stopped.stop(departure, row.boxes[0]!.packets, peer);
        if (stop !== null) this.#tallies.get(row)!.add(stop, holder === undefined ? 0 : 1);
      }
    }
  }
}

/** Reports whether the rule names addresses that may be on the internet. */
function isForInternet({ rule: { peer } }: RuleBoxes): boolean {
  return peer.kind === 'cidr' && !PRIVATE_RANGES.some((range) => prefixCovers(range, peer.prefix));
}

/** Reports whether the internet has an address for the interface, of the family that the rule is about. */
function isOnInternet({ privateAddresses, ipv6Addresses }: NetworkInterface, { rule: { peer } }: RuleBoxes): boolean {
  if (peer.kind !== 'cidr') return false;
  if (peer.prefix.address.family === 6) return ipv6Addresses.length > 0;
  return privateAddresses.some(({ publicAddress }) => publicAddress !== null);
}
