/**
 * Who may send into a VPC without being in the snapshot, or in a way that is not modelled: where there is such a sender, nobody can
 * say that a rule is never used.
 */

import type { Compiled } from '../compile/compile.ts';
import { isComplete, KINDS, type Kind } from '../model/network.ts';
import type { InterfaceOwner, NetworkInterface } from '../model/network-interface.ts';
import type { Route, RouteTable, RouteTarget } from '../model/route-table.ts';

/** Interfaces that hand on packets of others, as themselves or with the senders' own addresses. */
const FORWARDERS: ReadonlySet<InterfaceOwner> = new Set([
  'network-load-balancer',
  'gateway-load-balancer',
  'gateway-load-balancer-endpoint',
  'transit-gateway',
]);

/** Types of interface that are hosts like others; those not here (of Global Accelerator, say) may hand on packets of others. */
const PLAIN_TYPES: ReadonlySet<string> = new Set(['interface', 'efa', 'efa-only', 'trunk', 'branch']);

const NOT_MODELLED: ReadonlySet<RouteTarget['kind']> = new Set([
  'transit-gateway',
  'virtual-private-gateway',
  'carrier-gateway',
  'local-gateway',
  'core-network',
  'odb-network',
  'unrecognised',
]);

/** Lists of what joins a VPC to elsewhere; where one has records, whose VPC they are in is not known. */
const JOINING_LISTS =
  /^(TransitGateway|VpnConnections|VpnGateways|ClientVpn|DirectConnect|CoreNetwork|LocalGateway|CarrierGateway)/;

/** Kinds of record that join a VPC to elsewhere too. */
const JOINING_KINDS = [
  'transitGateways',
  'transitGatewayAttachments',
  'transitGatewayRouteTables',
  'virtualPrivateGateways',
  'vpnConnections',
  'directConnectGateways',
  'directConnectAssociations',
] as const;

/** Kinds whose absence may hide a sender, or its way. */
const DECIDING: readonly Kind[] = KINDS.filter((kind) =>
  ['subnets', 'routeTables', 'networkInterfaces', 'peerings', 'natGateways', 'internetGateways'].includes(kind),
);

/** Answers for a VPC by its index: what may send there unseen, as the end of a sentence, or null. */
export function unseenSenders(compiled: Compiled): (vpc: number) => string | null {
  const { network, names } = compiled;
  const direct = reasonsByVpc(compiled);
  const peersOf = peeredVpcs(compiled);
  const handedOn = network.vpcs.map((_, vpc) =>
    names.enisOfVpc[vpc]!.some((eni) => isForwarder(network.networkInterfaces[eni]!)),
  );
  return (vpc) => {
    if (direct[vpc] !== null) return direct[vpc]!;
    const near = [vpc, ...peersOf(vpc)];
    return near.some((other) => handedOn[other]) ? 'load balancers and gateways that hand on packets of others' : null;
  };
}

/** Answers for a VPC by its index: the VPCs of the snapshot that an active peering joins to it. */
export function peeredVpcs({ network, names }: Compiled): (vpc: number) => readonly number[] {
  const peers = new Map<number, Set<number>>();
  for (const { state, requester, accepter } of network.peerings) {
    const [one, other] = [names.vpc.get(requester.vpcId), names.vpc.get(accepter.vpcId)];
    if (state !== 'active' || one === undefined || other === undefined) continue;
    for (const [vpc, far] of [
      [one, other],
      [other, one],
    ] as const) {
      peers.set(vpc, (peers.get(vpc) ?? new Set()).add(far));
    }
  }
  return (vpc) => [...(peers.get(vpc) ?? [])];
}

function reasonsByVpc({ network, names }: Compiled): readonly (string | null)[] {
  const foreign = new Set(
    network.peerings
      .filter(({ state }) => state === 'active')
      .flatMap(({ requester, accepter }) => [
        ...(names.vpc.has(accepter.vpcId) ? [] : [requester.vpcId]),
        ...(names.vpc.has(requester.vpcId) ? [] : [accepter.vpcId]),
      ]),
  );
  const leading = new Set(network.routeTables.filter(leadsElsewhere).map(({ vpcId }) => vpcId));
  const joins =
    network.unmodelled.some(({ key, count }) => count > 0 && JOINING_LISTS.test(key)) ||
    JOINING_KINDS.some((kind) => network[kind].length > 0);
  const whole = new Map<string, boolean>();
  return network.vpcs.map(({ id, account, region }) => {
    const place = `${account} ${region}`;
    const isWhole = whole.get(place) ?? DECIDING.every((kind) => isComplete(network, kind, account, region));
    whole.set(place, isWhole);
    if (!isWhole) return 'records that the snapshot lacks';
    if (foreign.has(id)) return 'peered VPCs that the snapshot lacks';
    return joins || leading.has(id) ? 'networks behind gateways that igwalk does not model yet' : null;
  });
}

function leadsElsewhere({ routes, gatewayIds }: RouteTable): boolean {
  return gatewayIds.some((id) => !id.startsWith('igw-')) || routes.some(isToElsewhere);
}

/** A gateway endpoint, which a prefix list leads to, only answers. */
function isToElsewhere({ target, destination }: Route): boolean {
  if (target.kind === 'endpoint') return destination.kind !== 'prefix-list';
  return NOT_MODELLED.has(target.kind);
}

function isForwarder({ owner, interfaceType }: NetworkInterface): boolean {
  return FORWARDERS.has(owner) || (owner === 'other' && interfaceType !== null && !PLAIN_TYPES.has(interfaceType));
}
