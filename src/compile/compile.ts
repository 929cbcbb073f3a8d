/** From a model to tables: names become integers, once. After this nothing is optional and nothing is looked up by text. */

import type { Network } from '../model/network.ts';
import type { Fact } from '../model/problem.ts';
import type { Address } from '../net/address.ts';
import { type AddressSpace, rankOf } from './address-space.ts';
import { primaryAddress } from './balancer-targets.ts';
import { addressSpaceOf } from './bounds.ts';
import { GraphBuilder, type StatefulGateway } from './graph-builder.ts';
import { entrancesFromOutside } from './hybrid-stages.ts';
import { type DoubtfulHolder, doubtfulHolders, NOBODY } from './identity.ts';
import { withImpliedVpcs } from './implied-vpcs.ts';
import { leaveAsItself, leaveInterface } from './interface-stages.ts';
import { behindInternetGateway } from './internet-entrance.ts';
import { fromInternet } from './internet-stages.ts';
import { chosenAddress, chosenPort, groupsIn, isChosenByAws, listenersDiffer } from './missing-facts.ts';
import { type Names, nameNetwork } from './names.ts';
import { type OwnRanks, ownRanks } from './own-addresses.ts';
import { enterPeering } from './peering-stages.ts';
import { unmodelledTargets } from './route-target.ts';
import { CERTAIN } from './rule-table.ts';
import type { GraphPlace, Stage, StageId } from './stage.ts';
import { BALANCER_UDP_SECONDS, EGRESS_ONLY_SECONDS, type TrackingTimes, trackingTimes } from './tracking-times.ts';
import { transitEntrancesFromOutside } from './transit-outside.ts';

export interface CompileOptions {
  /** What the appliance behind an interface does with packets for others, by interface id. */
  readonly appliances?: ReadonlyMap<string, 'forwards' | 'drops'>;
}

/** A stateful gateway as the walker needs it. */
export interface CompiledGateway extends StatefulGateway {
  /** AWS id. */
  readonly id: string;
  /** NAT gateway, balancer's node: the addresses it may put in place of the sender's; empty for an egress-only gateway. */
  readonly addresses: readonly { readonly address: Address; readonly rank: number }[];
  /** NAT gateway: index of the fact that an answer depends on the port it chose. */
  readonly portFact: number;
  /** NAT gateway with several addresses: index of the fact that an answer depends on the one it chose; else CERTAIN. */
  readonly addressFact: number;
  /** Balancer's node: who sends what leaves it, as group references see it (SG-24); NOBODY for other gateways. */
  readonly sender: number;
  /** Balancer's node: index of the fact that answers to its listeners come back differently; else CERTAIN. */
  readonly listenersFact: number;
}

export interface Compiled {
  readonly network: Network;
  readonly names: Names;
  readonly space: AddressSpace;
  readonly stages: readonly Stage[];
  readonly places: readonly GraphPlace[];
  /** Everything that may leave an answer open: the gaps, then what only AWS knows (the port that a NAT gateway chose). */
  readonly facts: readonly Fact[];
  /** What the snapshot lacks and some stage would need. */
  readonly gaps: readonly Fact[];
  readonly gateways: readonly CompiledGateway[];
  /** Security groups of each interface, as indices of `names.group`, ascending. Interfaces with equal groups share one array. */
  readonly groupsOfInterface: readonly Int32Array[];
  /** Interfaces that group references see only perhaps (`identity.ts`). */
  readonly doubtfulHolders: readonly DoubtfulHolder[];
  /** Rank of each interface's primary private v4 address, or -1. */
  readonly primaryRank: Int32Array;
  readonly times: TrackingTimes;
  readonly entrances: Entrances;
}

/** Where packets start. */
export interface Entrances {
  readonly internet: StageId;
  /** By interface index: for any source address, and for one of its own. */
  readonly leaveInterface: Int32Array;
  readonly leaveAsItself: Int32Array;
  /** Ways that answers take without a route. By `wayOver` a peering: into it, towards one end; then ways to nodes of balancers. */
  readonly ways: Int32Array;
  /** The first way to a node; what the ways to nodes are called, in order. */
  readonly firstNodeWay: number;
  readonly nodeWays: readonly string[];
  /** By `wayOver` a peering whose sending VPC the snapshot lacks: the fact that its senders' groups are not known; else -1. */
  readonly peeringSenders: Int32Array;
  /** By VPC: behind its internet gateway, inwards; NO_STAGE where none is certainly attached. */
  readonly behindGateway: Int32Array;
  /** Networks on the customer's side, by the id of the gateway that leads there: where their packets enter. */
  readonly outside: ReadonlyMap<string, StageId>;
  /** Things that routes name and igwalk does not model: a packet from there is unknown. */
  readonly notModelled: ReadonlyMap<string, StageId>;
}

export function compile(given: Network, options: CompileOptions = {}): Compiled {
  const network = withImpliedVpcs(given);
  const names = nameNetwork(network);
  const space = addressSpaceOf(network);
  const builder = new GraphBuilder(network, names, space, options.appliances ?? new Map());
  const internet = fromInternet(builder);
  const leave = Int32Array.from(network.networkInterfaces, (_, index) => leaveInterface(builder, index));
  const asItself = Int32Array.from(network.networkInterfaces, (_, index) => leaveAsItself(builder, index));
  const peering = Int32Array.from(
    network.peerings.flatMap((_, index) => [enterPeering(builder, index, false), enterPeering(builder, index, true)]),
  );
  const peeringSenders = Int32Array.from(
    network.peerings.flatMap(({ requester, accepter, state }) =>
      // Towards the accepter the requester's VPC sends, and the other way round.
      [requester, accepter].map(({ vpcId }) =>
        names.vpc.has(vpcId) || state !== 'active' ? -1 : builder.fact(groupsIn(vpcId)),
      ),
    ),
  );
  const behindGateway = Int32Array.from(network.vpcs, (_, vpc) => behindInternetGateway(builder, vpc));
  const outside = new Map([...entrancesFromOutside(builder), ...transitEntrancesFromOutside(builder)]);
  const notModelled = unmodelledTargets(builder);
  builder.finish();
  const toNodes = builder.waysToNodes;
  const gaps = builder.facts.filter((fact) => !isChosenByAws(fact));
  return {
    network,
    names,
    space,
    stages: builder.stages,
    places: builder.places,
    gateways: builder.gateways.map((gateway) => compileGateway(builder, gateway)),
    facts: builder.facts,
    gaps,
    groupsOfInterface: names.groupSets.ofEni.map((set) => names.groupSets.sets[set]!),
    doubtfulHolders: doubtfulHolders(builder),
    primaryRank: primaryRanks(network, ownRanks(builder)),
    times: {
      ...trackingTimes(network, names),
      gateway: builder.gateways.map(idleSecondsOf),
      gatewayUdp: builder.gateways.map(idleUdpSecondsOf),
    },
    entrances: {
      internet,
      leaveInterface: leave,
      leaveAsItself: asItself,
      ways: Int32Array.from([...peering, ...toNodes.starts]),
      firstNodeWay: peering.length,
      nodeWays: toNodes.names,
      peeringSenders,
      behindGateway,
      outside,
      notModelled,
    },
  };
}

function primaryRanks(network: Network, { begins, firsts }: OwnRanks): Int32Array {
  const ranks = new Int32Array(network.networkInterfaces.length).fill(-1);
  network.networkInterfaces.forEach(({ privateAddresses }, eni) => {
    // Own addresses begin with the private ones.
    const primary = privateAddresses.findIndex(({ isPrimary }) => isPrimary);
    if (primary >= 0) ranks[eni] = firsts[begins[eni]! + primary]!;
  });
  return ranks;
}

/** Undefined leaves the time that NAT gateways have (NAT-07). */
function idleSecondsOf({ kind }: Pick<StatefulGateway, 'kind'>): number | undefined {
  return kind === 'egress-only' || kind === 'node' ? EGRESS_ONLY_SECONDS : undefined;
}

function idleUdpSecondsOf({ kind }: StatefulGateway): number | undefined {
  return kind === 'balancer' ? BALANCER_UDP_SECONDS : idleSecondsOf({ kind });
}

function compileGateway(b: GraphBuilder, gateway: StatefulGateway): CompiledGateway {
  if (gateway.kind === 'egress-only' || gateway.kind === 'node') {
    const { id } = (gateway.kind === 'node' ? b.network.networkInterfaces : b.network.egressOnlyGateways)[
      gateway.index
    ]!;
    return {
      ...gateway,
      id,
      addresses: [],
      portFact: CERTAIN,
      addressFact: CERTAIN,
      sender: NOBODY,
      listenersFact: CERTAIN,
    };
  }
  if (gateway.kind === 'balancer') return compileNode(b, gateway);
  const nat = b.network.natGateways[gateway.index]!;
  const addresses = nat.addresses
    .toSorted((a, c) => Number(c.isPrimary) - Number(a.isPrimary))
    .map(({ privateAddress, publicAddress }) => (nat.availability === 'regional' ? publicAddress : privateAddress))
    .filter((address) => address !== null)
    .map((address) => ({ address, rank: rankOf(b.space, address) }));
  const addressFact = addresses.length > 1 ? b.fact(chosenAddress(nat.id)) : CERTAIN;
  return {
    ...gateway,
    id: nat.id,
    addresses,
    portFact: b.fact(chosenPort(nat.id)),
    addressFact,
    sender: NOBODY,
    listenersFact: CERTAIN,
  };
}

/** A node sends from its own address, and from a port of its choice (ELB-05, ELB-06). */
function compileNode(b: GraphBuilder, gateway: StatefulGateway): CompiledGateway {
  const { id, groupIds } = b.network.networkInterfaces[gateway.index]!;
  const address = primaryAddress(b, gateway.index);
  const addresses = address === undefined ? [] : [{ address, rank: b.rank(address) }];
  const sender = groupIds.length === 0 ? NOBODY : gateway.index;
  const listenersFact = b.fact(listenersDiffer(id));
  return { ...gateway, id, addresses, portFact: b.fact(chosenPort(id)), addressFact: CERTAIN, sender, listenersFact };
}
