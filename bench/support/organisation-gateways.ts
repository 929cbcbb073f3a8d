/** An organisation's VPCs and what stands at their borders: subnets, gateways, route tables and peerings. */

import type { PeeringEnd } from '../../src/model/gateway.ts';
import type { Origin } from '../../src/model/origin.ts';
import type { Route, RouteTarget } from '../../src/model/route-table.ts';
import { type Prefix, wholeFamily } from '../../src/net/prefix.ts';
import { newId } from './flat-text.ts';
import { addElasticAddress } from './organisation-hosts.ts';
import type { PeeringPlan } from './organisation-peerings.ts';
import { hostAddress, type PublicAddresses, type SubnetPlan, type VpcPlan } from './organisation-plan.ts';
import { memberOrigin, nextRecord, type Records } from './organisation-records.ts';
import { REGION } from './plan.ts';
import type { Random } from './random.ts';

/** Host number of the NAT gateway in the first public subnet. */
const NAT_HOST = 4;

export function addVpc(vpc: VpcPlan, records: Records): void {
  records.vpcs.push({
    ...nextRecord(records, 'vpcs', vpc, vpc.id, vpc.name),
    cidrs: [vpc.block, vpc.block6],
    isDefault: false,
    dnsSupport: true,
  });
  for (const subnet of vpc.subnets) {
    const name = `${vpc.name}-${subnet.tier}-${subnet.zone}`;
    records.subnets.push({
      ...nextRecord(records, 'subnets', vpc, subnet.id, name),
      vpcId: vpc.id,
      cidrs: [subnet.block, subnet.block6],
      availabilityZone: REGION + subnet.zone,
      availabilityZoneId: `euw1-az${subnet.zone === 'a' ? 1 : 2}`,
      mapPublicIpOnLaunch: false,
      dns64: false,
    });
  }
  records.internetGateways.push({
    ...nextRecord(records, 'internetGateways', vpc, vpc.internetGatewayId, vpc.name),
    attachments: [{ vpcId: vpc.id, state: 'available' }],
  });
  records.egressOnlyGateways.push({
    ...nextRecord(records, 'egressOnlyGateways', vpc, vpc.egressOnlyGatewayId, vpc.name),
    attachments: [{ vpcId: vpc.id, state: 'attached' }],
  });
}

/** The NAT gateway of the VPC, its interface and its Elastic IP address. */
export function addNatGateway(random: Random, vpc: VpcPlan, publicAddresses: PublicAddresses, records: Records): void {
  const subnet = vpc.subnets[0]!;
  const interfaceId = newId(random, 'eni');
  const privateAddress = hostAddress(subnet, NAT_HOST);
  const publicAddress = publicAddresses.take();
  records.natGateways.push({
    ...nextRecord(records, 'natGateways', vpc, vpc.natGatewayId, `${vpc.name}-nat`),
    vpcId: vpc.id,
    subnetId: subnet.id,
    connectivity: 'public',
    availability: 'zonal',
    state: 'available',
    addresses: [{ privateAddress, publicAddress, interfaceId, isPrimary: true }],
  });
  const { id, name, tags, account, region, origin } = nextRecord(records, 'networkInterfaces', vpc, interfaceId, null);
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
    owner: 'nat-gateway',
    interfaceType: 'nat_gateway',
    description: `Interface for NAT Gateway ${vpc.natGatewayId}`,
    instanceId: null,
    deviceIndex: 1,
    privateAddresses: [{ address: privateAddress, isPrimary: true, publicAddress }],
    ipv6Addresses: [],
    delegated: [],
    groupIds: [],
    sourceDestCheck: false,
    tracking: { tcpEstablished: null, udpStream: null, udp: null },
    denyAllIgwTraffic: false,
  });
  addElasticAddress(vpc, records, newId(random, 'eipalloc'), {
    name: `${vpc.name}-nat`,
    publicAddress,
    privateAddress,
    interfaceId,
  });
}

/** The main table, which knows the VPC only; one of the public subnets; and one of the private ones, which leads to the peers. */
export function addRouteTables(random: Random, vpc: VpcPlan, records: Records): void {
  const isPublic = ({ tier }: SubnetPlan): boolean => tier === 'public';
  const add = (name: string, subnets: readonly SubnetPlan[], routes: readonly RouteDraft[]): void => {
    const record = nextRecord(records, 'routeTables', vpc, newId(random, 'rtb'), `${vpc.name}-${name}`);
    records.routeTables.push({
      ...record,
      vpcId: vpc.id,
      isMain: subnets.length === 0,
      subnetIds: subnets.map((subnet) => subnet.id),
      gatewayIds: [],
      routes: [...localRoutes(vpc), ...routes].map((draft, place) => routeOf(draft, record.origin, place)),
    });
  };
  add('main', [], []);
  add('public', vpc.subnets.filter(isPublic), [
    [wholeFamily(4), { kind: 'internet-gateway', id: vpc.internetGatewayId }],
    [wholeFamily(6), { kind: 'internet-gateway', id: vpc.internetGatewayId }],
  ]);
  add(
    'private',
    vpc.subnets.filter((subnet) => !isPublic(subnet)),
    [
      [wholeFamily(4), { kind: 'nat-gateway', id: vpc.natGatewayId }],
      [wholeFamily(6), { kind: 'egress-only-gateway', id: vpc.egressOnlyGatewayId }],
      ...vpc.peers.flatMap(({ peeringId, vpc: far }): readonly RouteDraft[] => [
        [far.block, { kind: 'peering', id: peeringId }],
        [far.block6, { kind: 'peering', id: peeringId }],
      ]),
    ],
  );
}

type RouteDraft = readonly [destination: Prefix, target: RouteTarget];

function localRoutes(vpc: VpcPlan): readonly RouteDraft[] {
  return [
    [vpc.block, { kind: 'local' }],
    [vpc.block6, { kind: 'local' }],
  ];
}

function routeOf([prefix, target]: RouteDraft, origin: Origin, place: number): Route {
  return {
    destination: { kind: 'cidr', prefix },
    target,
    state: 'active',
    source: target.kind === 'local' ? 'table' : 'static',
    origin: memberOrigin(origin, 'routes', place),
  };
}

export function addPeering({ id: peeringId, requester, accepter }: PeeringPlan, records: Records): void {
  const name = `${requester.name}-${accepter.name}`;
  records.peerings.push({
    ...nextRecord(records, 'peerings', requester, peeringId, name),
    state: 'active',
    requester: peeringEnd(requester),
    accepter: peeringEnd(accepter),
  });
}

function peeringEnd(vpc: VpcPlan): PeeringEnd {
  return { vpcId: vpc.id, account: vpc.account, region: REGION, cidrs: [vpc.block, vpc.block6] };
}
