/** The np-guard snapshots as they are, and with what assumption A1 of their expected answers supposes. */

import type { InputDocument } from '../../src/load/load.ts';
import { loadDocuments } from '../../src/load/load.ts';
import type { Network } from '../../src/model/network.ts';
import { readJson } from './shared.ts';

/** The parts of a snapshot that these tests look at. */
interface Snapshot {
  readonly vpcs: readonly { readonly VpcId: string; readonly CidrBlock: string }[];
  readonly subnets: readonly SnapshotSubnet[];
  readonly internet_gateways: readonly {
    readonly InternetGatewayId: string;
    readonly Attachments: readonly { readonly VpcId: string }[];
  }[];
}

interface SnapshotSubnet {
  readonly SubnetId: string;
  readonly VpcId: string;
  readonly CidrBlock: string;
  readonly MapPublicIpOnLaunch: boolean;
}

/** An interface that a test puts into each subnet, so that only network ACLs and routes can decide. */
interface Probe {
  readonly eni: string;
  readonly address: string;
  /** Null in a subnet that is not public. */
  readonly publicAddress: string | null;
}

/** A snapshot as one network, with what the tests need to know of it. */
export interface NpGuard {
  readonly network: Network;
  /** By subnet id. */
  readonly probes: ReadonlyMap<string, Probe>;
  /** Internet gateway by VPC id. */
  readonly gatewayOf: ReadonlyMap<string, string>;
  readonly subnets: readonly SnapshotSubnet[];
}

/**
 * The file at `input`, a path that the expected answers give. As it is, without route tables; every probe has a public address, so
 * that only a route can be missing.
 */
export function asGiven(input: string): NpGuard {
  const snapshot = readJson<Snapshot>('npguard-aws', input);
  return npGuard(input, snapshot, () => true, []);
}

/** The same under A1: probes have public addresses in public subnets only. */
export function underA1(input: string): NpGuard {
  const snapshot = readJson<Snapshot>('npguard-aws', input);
  return npGuard(input, snapshot, (subnet) => subnet.MapPublicIpOnLaunch, [tableDocument(snapshot)]);
}

function npGuard(
  input: string,
  snapshot: Snapshot,
  isPublic: (subnet: SnapshotSubnet) => boolean,
  more: readonly InputDocument[],
): NpGuard {
  const probes = new Map(
    snapshot.subnets.map((subnet, index) => [subnet.SubnetId, probeIn(subnet, index, isPublic(subnet))]),
  );
  const given: InputDocument = { file: input, json: snapshot };
  return {
    network: loadDocuments([given, probeDocument(snapshot, probes), ...more]),
    probes,
    gatewayOf: gatewaysOf(snapshot),
    subnets: snapshot.subnets,
  };
}

function gatewaysOf({ internet_gateways: gateways }: Snapshot): ReadonlyMap<string, string> {
  return new Map(
    gateways.flatMap(({ InternetGatewayId, Attachments }) =>
      Attachments.map(({ VpcId }) => [VpcId, InternetGatewayId] as const),
    ),
  );
}

function probeIn({ SubnetId, CidrBlock }: SnapshotSubnet, index: number, isPublic: boolean): Probe {
  const [network = ''] = CidrBlock.split('/');
  return {
    eni: `eni-probe-${SubnetId}`,
    address: network.replace(/\.\d+$/, '.200'),
    publicAddress: isPublic ? `1.0.1.${index + 1}` : null,
  };
}

/** One interface a subnet, in a group of its VPC that allows everything. */
function probeDocument({ vpcs, subnets }: Snapshot, probes: ReadonlyMap<string, Probe>): InputDocument {
  const everything = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  return {
    file: 'probes.json',
    json: {
      SecurityGroups: vpcs.map(({ VpcId }) => ({
        GroupId: `sg-probe-${VpcId}`,
        GroupName: 'probe',
        VpcId,
        IpPermissions: everything,
        IpPermissionsEgress: everything,
      })),
      NetworkInterfaces: subnets.map(({ SubnetId, VpcId }) => {
        const { eni, address, publicAddress } = probes.get(SubnetId)!;
        const association = publicAddress === null ? {} : { Association: { PublicIp: publicAddress } };
        return {
          NetworkInterfaceId: eni,
          InterfaceType: 'interface',
          Status: 'in-use',
          SourceDestCheck: true,
          SubnetId,
          VpcId,
          PrivateIpAddress: address,
          PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: address, ...association }],
          Groups: [{ GroupId: `sg-probe-${VpcId}` }],
        };
      }),
    },
  };
}

/** A1: subnets with MapPublicIpOnLaunch route 0.0.0.0/0 to their VPC's gateway, the others route nothing but locally. */
function tableDocument(snapshot: Snapshot): InputDocument {
  const { vpcs, subnets } = snapshot;
  const gatewayOf = gatewaysOf(snapshot);
  const blockOf = new Map(vpcs.map(({ VpcId, CidrBlock }) => [VpcId, CidrBlock]));
  const route = (destination: string | undefined, gateway: string | undefined, origin: string) => ({
    DestinationCidrBlock: destination,
    GatewayId: gateway,
    Origin: origin,
    State: 'active',
  });
  return {
    file: 'a1.json',
    json: {
      RouteTables: subnets.map(({ SubnetId, VpcId, MapPublicIpOnLaunch }) => ({
        RouteTableId: `rtb-a1-${SubnetId}`,
        VpcId,
        Associations: [{ Main: false, SubnetId, RouteTableAssociationId: `rtbassoc-${SubnetId}` }],
        Routes: [
          route(blockOf.get(VpcId), 'local', 'CreateRouteTable'),
          ...(MapPublicIpOnLaunch ? [route('0.0.0.0/0', gatewayOf.get(VpcId), 'CreateRoute')] : []),
        ],
      })),
    },
  };
}
