/** Instances and network interfaces of a planned VPC, as describe calls give them: every field, not only those that are read. */

import {
  ACCOUNT,
  arn,
  hostAddress,
  hostAddress6,
  id,
  type Json,
  nameTag,
  type PlannedSubnet,
  type PlannedVpc,
  publicAddress,
  REGION,
} from './plan.ts';
import type { Random } from './random.ts';

/** An instance with one interface, as drawn: both its records tell the same. */
export interface PlannedHost {
  readonly interfaceId: string;
  readonly instanceId: string;
  readonly name: string;
  readonly host: number;
  readonly groupIds: readonly string[];
  /** Place among the public addresses; null without one. */
  readonly publicIndex: number | null;
  readonly mac: string;
  readonly attachmentId: string;
  readonly allocationId: string;
  readonly associationId: string;
}

export function interfaceRecord(vpc: PlannedVpc, subnet: PlannedSubnet, host: PlannedHost): Json {
  return {
    ...association(host),
    Attachment: {
      AttachTime: '2026-02-11T14:03:22+00:00',
      AttachmentId: host.attachmentId,
      DeleteOnTermination: true,
      DeviceIndex: 0,
      NetworkCardIndex: 0,
      InstanceId: host.instanceId,
      InstanceOwnerId: ACCOUNT,
      Status: 'attached',
    },
    AvailabilityZone: REGION + subnet.zone,
    Description: '',
    Groups: groups(vpc, host),
    InterfaceType: 'interface',
    Ipv6Addresses: [{ Ipv6Address: hostAddress6(vpc, subnet, host.host), IsPrimaryIpv6: false }],
    MacAddress: host.mac,
    NetworkInterfaceId: host.interfaceId,
    OwnerId: ACCOUNT,
    PrivateDnsName: dnsName(vpc, subnet, host.host),
    PrivateIpAddress: hostAddress(vpc, subnet, host.host),
    PrivateIpAddresses: [
      {
        ...association(host),
        Primary: true,
        PrivateDnsName: dnsName(vpc, subnet, host.host),
        PrivateIpAddress: hostAddress(vpc, subnet, host.host),
      },
    ],
    RequesterManaged: false,
    SourceDestCheck: true,
    Status: 'in-use',
    SubnetId: subnet.id,
    TagSet: nameTag(host.name),
    VpcId: vpc.id,
    NetworkInterfaceArn: arn('network-interface', host.interfaceId),
    Operator: { Managed: false },
  };
}

export function natInterfaceRecord(
  random: Random,
  vpc: PlannedVpc,
  subnet: PlannedSubnet,
  interfaceId: string,
  publicIndex: number,
): Json {
  const publicPair = {
    Association: {
      AllocationId: id(random, 'eipalloc'),
      AssociationId: id(random, 'eipassoc'),
      IpOwnerId: ACCOUNT,
      PublicDnsName: '',
      PublicIp: publicAddress(publicIndex),
    },
  };
  return {
    ...publicPair,
    Attachment: {
      AttachmentId: id(random, 'ela-attach'),
      DeleteOnTermination: false,
      DeviceIndex: 1,
      NetworkCardIndex: 0,
      InstanceOwnerId: 'amazon-aws',
      Status: 'attached',
    },
    AvailabilityZone: REGION + subnet.zone,
    Description: `Interface for NAT Gateway ${subnet.natGatewayId}`,
    Groups: [],
    InterfaceType: 'nat_gateway',
    Ipv6Addresses: [],
    MacAddress: macAddress(random),
    NetworkInterfaceId: interfaceId,
    OwnerId: ACCOUNT,
    PrivateDnsName: dnsName(vpc, subnet, 4),
    PrivateIpAddress: hostAddress(vpc, subnet, 4),
    PrivateIpAddresses: [
      {
        ...publicPair,
        Primary: true,
        PrivateDnsName: dnsName(vpc, subnet, 4),
        PrivateIpAddress: hostAddress(vpc, subnet, 4),
      },
    ],
    RequesterId: '471112223333',
    RequesterManaged: true,
    SourceDestCheck: false,
    Status: 'in-use',
    SubnetId: subnet.id,
    TagSet: [],
    VpcId: vpc.id,
    Operator: { Managed: false },
  };
}

/** A reservation of one instance, with the interface embedded as describe-instances embeds it. */
export function reservationRecord(random: Random, vpc: PlannedVpc, subnet: PlannedSubnet, host: PlannedHost): Json {
  const { Attachment, Groups, TagSet, AvailabilityZone, ...embedded } = interfaceRecord(vpc, subnet, host) as {
    readonly [key: string]: Json;
  };
  return {
    ReservationId: id(random, 'r'),
    OwnerId: ACCOUNT,
    Groups: [],
    Instances: [
      {
        Architecture: 'x86_64',
        BlockDeviceMappings: [
          {
            DeviceName: '/dev/xvda',
            Ebs: {
              AttachTime: '2026-02-11T14:03:23+00:00',
              DeleteOnTermination: true,
              Status: 'attached',
              VolumeId: id(random, 'vol'),
            },
          },
        ],
        ClientToken: random.hex(32),
        EbsOptimized: true,
        EnaSupport: true,
        Hypervisor: 'xen',
        NetworkInterfaces: [{ ...embedded, Attachment: Attachment!, Groups: Groups! }],
        RootDeviceName: '/dev/xvda',
        RootDeviceType: 'ebs',
        SecurityGroups: Groups!,
        SourceDestCheck: true,
        Tags: TagSet!,
        VirtualizationType: 'hvm',
        CpuOptions: { CoreCount: 1, ThreadsPerCore: 2 },
        CapacityReservationSpecification: { CapacityReservationPreference: 'open' },
        HibernationOptions: { Configured: false },
        MetadataOptions: {
          State: 'applied',
          HttpTokens: 'required',
          HttpPutResponseHopLimit: 2,
          HttpEndpoint: 'enabled',
          HttpProtocolIpv6: 'disabled',
          InstanceMetadataTags: 'disabled',
        },
        EnclaveOptions: { Enabled: false },
        PlatformDetails: 'Linux/UNIX',
        UsageOperation: 'RunInstances',
        PrivateDnsNameOptions: {
          HostnameType: 'ip-name',
          EnableResourceNameDnsARecord: false,
          EnableResourceNameDnsAAAARecord: false,
        },
        MaintenanceOptions: { AutoRecovery: 'default' },
        CurrentInstanceBootMode: 'legacy-bios',
        InstanceId: host.instanceId,
        ImageId: 'ami-0a1b2c3d4e5f60718',
        State: { Code: 16, Name: 'running' },
        PrivateDnsName: dnsName(vpc, subnet, host.host),
        PublicDnsName: '',
        StateTransitionReason: '',
        AmiLaunchIndex: 0,
        ProductCodes: [],
        InstanceType: random.pick(['t3.micro', 'm5.large', 'c6i.xlarge', 'r6g.large']),
        LaunchTime: '2026-02-11T14:03:22+00:00',
        Placement: { GroupName: '', Tenancy: 'default', AvailabilityZone: AvailabilityZone! },
        Monitoring: { State: 'disabled' },
        SubnetId: subnet.id,
        VpcId: vpc.id,
        PrivateIpAddress: hostAddress(vpc, subnet, host.host),
        ...(host.publicIndex === null ? {} : { PublicIpAddress: publicAddress(host.publicIndex) }),
      },
    ],
  };
}

export function addressRecord(vpc: PlannedVpc, subnet: PlannedSubnet, host: PlannedHost): Json {
  return {
    InstanceId: host.instanceId,
    PublicIp: publicAddress(host.publicIndex!),
    AllocationId: host.allocationId,
    AssociationId: host.associationId,
    Domain: 'vpc',
    NetworkInterfaceId: host.interfaceId,
    NetworkInterfaceOwnerId: ACCOUNT,
    PrivateIpAddress: hostAddress(vpc, subnet, host.host),
    Tags: nameTag(host.name),
    PublicIpv4Pool: 'amazon',
    NetworkBorderGroup: REGION,
  };
}

export function planHost(
  random: Random,
  vpc: PlannedVpc,
  subnet: PlannedSubnet,
  host: number,
  publicIndex: number | null,
): PlannedHost {
  const tierGroup = vpc.groupIds[subnet.place % 3]!;
  const service = random.pick(vpc.groupIds.slice(3));
  return {
    interfaceId: id(random, 'eni'),
    instanceId: id(random, 'i'),
    name: `${vpc.name}-${subnet.tier}-${subnet.zone}-${host}`,
    host,
    groupIds: random.oneIn(3) ? [tierGroup] : [tierGroup, service],
    publicIndex,
    mac: macAddress(random),
    attachmentId: id(random, 'eni-attach'),
    allocationId: id(random, 'eipalloc'),
    associationId: id(random, 'eipassoc'),
  };
}

function association(host: PlannedHost): { readonly [key: string]: Json } {
  if (host.publicIndex === null) return {};
  return {
    Association: {
      AllocationId: host.allocationId,
      AssociationId: host.associationId,
      IpOwnerId: ACCOUNT,
      PublicDnsName: '',
      PublicIp: publicAddress(host.publicIndex),
    },
  };
}

function groups(vpc: PlannedVpc, host: PlannedHost): Json {
  return host.groupIds.map((groupId) => ({
    GroupId: groupId,
    GroupName: `${vpc.name}-${vpc.groupIds.indexOf(groupId)}`,
  }));
}

function dnsName(vpc: PlannedVpc, subnet: PlannedSubnet, host: number): string {
  return `ip-${hostAddress(vpc, subnet, host).replaceAll('.', '-')}.${REGION}.compute.internal`;
}

function macAddress(random: Random): string {
  return `0a:${random.hex(10).replace(/..(?!$)/g, '$&:')}`;
}
