/**
 * Who may send into a VPC without being in the snapshot, or in a way that is not modelled: where there is such a sender, nobody can
 * say that a rule is never used.
 */

import type { Compiled } from '../compile/compile.ts';
import { farEnd } from '../compile/peering-ends.ts';
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

/** Kinds whose absence may hide a sender, or its way. */
const DECIDING: readonly Kind[] = KINDS.filter((kind) =>
  ['subnets', 'routeTables', 'networkInterfaces', 'peerings', 'natGateways', 'internetGateways'].includes(kind),
);

/** Answers for a VPC by its index: what may send there unseen, as the end of a sentence, or null. */
export function unseenSenders(compiled: Compiled): (vpc: number) => string | null {
  const { network, names } = compiled;
  const direct = network.vpcs.map((_, vpc) => unseenIn(compiled, vpc));
  const handedOn = network.vpcs.map((_, vpc) =>
    names.enisOfVpc[vpc]!.some((eni) => isForwarder(network.networkInterfaces[eni]!)),
  );
  return (vpc) => {
    if (direct[vpc] !== null) return direct[vpc]!;
    const near = [vpc, ...peersOf(compiled, vpc)];
    return near.some((other) => handedOn[other]) ? 'load balancers and gateways that hand on packets of others' : null;
  };
}

/** VPCs of the snapshot that an active peering joins to this one. */
export function peersOf({ network, names }: Compiled, vpc: number): readonly number[] {
  const { id } = network.vpcs[vpc]!;
  return network.peerings.flatMap((peering) => {
    const far = peering.state === 'active' ? farEnd(peering, id) : null;
    return far === null ? [] : (names.vpc.get(far.vpcId) ?? []);
  });
}

function unseenIn({ network, names }: Compiled, vpc: number): string | null {
  const { id, account, region } = network.vpcs[vpc]!;
  const missing = DECIDING.find((kind) => !isComplete(network, kind, account, region));
  if (missing !== undefined) return 'records that the snapshot lacks';
  const foreign = network.peerings.some((peering) => {
    const far = peering.state === 'active' ? farEnd(peering, id) : null;
    return far !== null && !names.vpc.has(far.vpcId);
  });
  if (foreign) return 'peered VPCs that the snapshot lacks';
  const joins = network.unmodelled.some(({ key, count }) => count > 0 && JOINING_LISTS.test(key));
  const leaves = network.routeTables.some((table) => table.vpcId === id && leadsElsewhere(table));
  return joins || leaves ? 'networks behind gateways that igwalk does not model yet' : null;
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
