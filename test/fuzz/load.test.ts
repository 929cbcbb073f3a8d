/** Loading never crashes: anything at all ends in a network or an InputError, and damage stays where it was done. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../src/load/input-error.ts';
import { KIND_READERS } from '../../src/load/kind-readers.ts';
import { loadDocuments, loadSnapshot } from '../../src/load/load.ts';
import { KINDS, type Network } from '../../src/model/network.ts';
import {
  entry,
  instance,
  networkAcl,
  networkInterface,
  routeTable,
  securityGroup,
  subnet,
  vpc,
} from '../support/documents.ts';
import { SERVICES } from '../support/service-documents.ts';

/** A snapshot with every kind of record, two of each list. */
const SNAPSHOT: Readonly<Record<string, readonly object[]>> = {
  ...SERVICES,
  Vpcs: [
    vpc({ Tags: [{ Key: 'Name', Value: 'main' }], Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: '2001:db8::/56' }] }),
    vpc({ VpcId: 'vpc-2', CidrBlock: '10.7.0.0/16' }),
  ],
  Subnets: [
    subnet({ AvailabilityZone: 'us-east-1a', Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: '2001:db8::/64' }] }),
    subnet({ SubnetId: 'subnet-2', CidrBlock: '10.0.2.0/24' }),
  ],
  RouteTables: [
    routeTable({
      Associations: [{ Main: true }],
      Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active', Origin: 'CreateRoute' }],
    }),
    routeTable({
      RouteTableId: 'rtb-2',
      Associations: [{ SubnetId: 'subnet-2' }],
      Routes: [{ DestinationPrefixListId: 'pl-1', NatGatewayId: 'nat-1' }],
    }),
  ],
  InternetGateways: [
    { InternetGatewayId: 'igw-1', Attachments: [{ VpcId: 'vpc-1', State: 'available' }] },
    { InternetGatewayId: 'igw-2', Attachments: [] },
  ],
  EgressOnlyInternetGateways: [
    { EgressOnlyInternetGatewayId: 'eigw-1', Attachments: [{ VpcId: 'vpc-1', State: 'attached' }] },
  ],
  NatGateways: [
    {
      NatGatewayId: 'nat-1',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-1',
      State: 'available',
      NatGatewayAddresses: [{ PrivateIp: '10.0.1.7', PublicIp: '198.51.100.7' }],
    },
  ],
  NetworkAcls: [
    networkAcl([entry(), entry({ RuleNumber: 110, Protocol: '6', PortRange: { From: 80, To: 443 } })], {
      Associations: [{ SubnetId: 'subnet-1' }],
    }),
    networkAcl([entry({ Egress: true, Protocol: '1', IcmpTypeCode: { Type: 8, Code: -1 } })], {
      NetworkAclId: 'acl-2',
      IsDefault: false,
    }),
  ],
  SecurityGroups: [
    securityGroup([
      {
        IpProtocol: 'tcp',
        FromPort: 22,
        ToPort: 22,
        IpRanges: [{ CidrIp: '10.0.0.0/8' }],
        UserIdGroupPairs: [{ GroupId: 'sg-2' }],
      },
    ]),
    securityGroup([], {
      GroupId: 'sg-2',
      IpPermissionsEgress: [
        { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }], PrefixListIds: [{ PrefixListId: 'pl-1' }] },
      ],
    }),
  ],
  SecurityGroupRules: [
    {
      SecurityGroupRuleId: 'sgr-1',
      GroupId: 'sg-3',
      IsEgress: false,
      IpProtocol: 'udp',
      FromPort: 53,
      ToPort: 53,
      CidrIpv4: '10.0.0.0/8',
    },
  ],
  ManagedPrefixLists: [{ PrefixListId: 'pl-1', Entries: [{ Cidr: '192.0.2.0/24' }] }],
  NetworkInterfaces: [
    networkInterface({
      Ipv6Addresses: [{ Ipv6Address: '2001:db8::a' }],
      Ipv4Prefixes: [{ Ipv4Prefix: '10.0.1.16/28' }],
      ConnectionTrackingConfiguration: { UdpTimeout: 45 },
    }),
    networkInterface({
      NetworkInterfaceId: 'eni-2',
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.1.11', Association: { PublicIp: '198.51.100.11' } }],
    }),
  ],
  Reservations: [
    {
      OwnerId: '111122223333',
      Instances: [
        instance(),
        instance({
          InstanceId: 'i-2',
          NetworkInterfaces: [
            networkInterface({ NetworkInterfaceId: 'eni-3', PrivateIpAddress: '10.0.1.12', PrivateIpAddresses: [] }),
          ],
        }),
      ],
    },
  ],
  Addresses: [
    {
      AllocationId: 'eipalloc-1',
      PublicIp: '198.51.100.10',
      PrivateIpAddress: '10.0.1.10',
      NetworkInterfaceId: 'eni-1',
    },
  ],
  VpcPeeringConnections: [
    {
      VpcPeeringConnectionId: 'pcx-1',
      Status: { Code: 'active' },
      RequesterVpcInfo: { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' },
      AccepterVpcInfo: { VpcId: 'vpc-2', CidrBlockSet: [{ CidrBlock: '10.7.0.0/16' }] },
    },
  ],
  CustomerGateways: [{ CustomerGatewayId: 'cgw-1' }],
  TransitGateways: [
    { TransitGatewayId: 'tgw-1', State: 'available', Options: { SecurityGroupReferencingSupport: 'enable' } },
  ],
  TransitGatewayAttachments: [
    {
      TransitGatewayAttachmentId: 'tgw-attach-1',
      TransitGatewayId: 'tgw-1',
      ResourceType: 'vpc',
      ResourceId: 'vpc-1',
      State: 'available',
      Association: { TransitGatewayRouteTableId: 'tgw-rtb-1', State: 'associated' },
    },
  ],
  TransitGatewayVpcAttachments: [
    {
      TransitGatewayAttachmentId: 'tgw-attach-1',
      TransitGatewayId: 'tgw-1',
      VpcId: 'vpc-1',
      State: 'available',
      SubnetIds: ['subnet-1'],
      Options: { ApplianceModeSupport: 'enable' },
    },
  ],
  TransitGatewayPeeringAttachments: [
    {
      TransitGatewayAttachmentId: 'tgw-attach-2',
      RequesterTgwInfo: { TransitGatewayId: 'tgw-1', Region: 'us-east-1' },
      AccepterTgwInfo: { TransitGatewayId: 'tgw-2', Region: 'eu-west-1' },
      State: 'available',
    },
  ],
  TransitGatewayRouteTables: [
    { TransitGatewayRouteTableId: 'tgw-rtb-1', TransitGatewayId: 'tgw-1', State: 'available' },
  ],
  TransitGatewayStaticRoutes: [
    {
      TransitGatewayRouteTableId: 'tgw-rtb-1',
      AdditionalRoutesAvailable: false,
      Routes: [
        {
          DestinationCidrBlock: '10.7.0.0/16',
          Type: 'static',
          State: 'active',
          TransitGatewayAttachments: [{ TransitGatewayAttachmentId: 'tgw-attach-2' }],
        },
      ],
    },
  ],
  TransitGatewayPropagations: [
    {
      TransitGatewayRouteTableId: 'tgw-rtb-1',
      TransitGatewayRouteTablePropagations: [{ TransitGatewayAttachmentId: 'tgw-attach-1', State: 'enabled' }],
    },
  ],
  TransitGatewayPrefixListReferences: [
    { TransitGatewayRouteTableId: 'tgw-rtb-1', PrefixListId: 'pl-1', State: 'available', Blackhole: true },
  ],
  VpnGateways: [{ VpnGatewayId: 'vgw-1', State: 'available', VpcAttachments: [{ VpcId: 'vpc-1', State: 'attached' }] }],
  VpnConnections: [
    {
      VpnConnectionId: 'vpn-1',
      State: 'available',
      VpnGatewayId: 'vgw-1',
      Options: { StaticRoutesOnly: true },
      Routes: [{ DestinationCidrBlock: '192.168.0.0/16', State: 'available' }],
    },
  ],
  DirectConnectGateways: [{ DirectConnectGatewayId: 'dxgw-1', DirectConnectGatewayState: 'available' }],
  directConnectGatewayAssociations: [
    {
      associationId: 'assoc-1',
      directConnectGatewayId: 'dxgw-1',
      associationState: 'associated',
      associatedGateway: { id: 'tgw-1', type: 'transitGateway' },
      allowedPrefixesToDirectConnectGateway: [{ cidr: '10.0.0.0/8' }],
    },
  ],
  VirtualInterfaces: [
    { VirtualInterfaceId: 'dxvif-1', VirtualInterfaceType: 'transit', VirtualInterfaceState: 'down' },
  ],
  VpcBlockPublicAccessOptions: [{ InternetGatewayBlockMode: 'off', State: 'default-state' }],
  VpcBlockPublicAccessExclusions: [
    {
      ExclusionId: 'vpcbpa-exclude-1',
      InternetGatewayExclusionMode: 'allow-egress',
      ResourceArn: 'arn:aws:ec2:us-east-1:111122223333:vpc/vpc-1',
      State: 'create-complete',
    },
  ],
};

/** The members of Object.prototype and their values, as they were before any input. */
const prototypeBefore = Object.entries(Object.getOwnPropertyDescriptors(Object.prototype));

/** A network, or null for an InputError. Anything else fails the test. */
function attempt(json: unknown): Network | null {
  try {
    return checked(loadDocuments([{ file: 'us-east-1/fuzz.json', json }]));
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return null;
  }
}

/** What holds for every network, whatever it was read from. */
function checked(network: Network): Network {
  for (const kind of KINDS) {
    const ids = network[kind].map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
  }
  for (const { what, remedy, origin } of network.problems) {
    expect([typeof what, typeof remedy, typeof origin.pointer]).toEqual(['string', 'string', 'string']);
  }
  // Nothing that JSON would not keep.
  expect(JSON.parse(JSON.stringify(network))).toEqual(network);
  expect(Object.entries(Object.getOwnPropertyDescriptors(Object.prototype))).toEqual(prototypeBefore);
  return network;
}

type Path = readonly (string | number)[];

/** Paths of everything inside a value. */
function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, member]) =>
      pathsIn(member, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

/** A copy in which the value at the path is changed; undefined removes it. */
function changed(value: unknown, path: Path, change: (old: unknown) => unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  if (Array.isArray(value))
    return value.flatMap((item: unknown, i) => (i === step ? [changed(item, rest, change)] : [item]));
  const members = Object.entries(value as object).map(
    ([key, member]) => [key, key === step ? changed(member, rest, change) : member] as const,
  );
  return Object.fromEntries(members);
}

const hostileText = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  '10.0.0.0/33',
  '::/129',
  '-1',
  'vpc-1',
  '\u0000',
  '\ud800',
  '9'.repeat(400),
);
const hostileValue = fc.oneof(
  hostileText,
  fc.constantFrom(null, undefined, true, 0, -1, 0.5, 1e308, [], {}, [[]], [null], { data: {} }),
  fc.jsonValue({ maxDepth: 3 }),
);
/** Ways to spoil one value: delete, retype, nest, duplicate, rename. */
const damage: fc.Arbitrary<(old: unknown) => unknown> = fc.oneof(
  hostileValue.map((value) => () => value),
  fc.constant((old: unknown) => [old]),
  fc.constant((old: unknown) => ({ data: old })),
  fc.constant((old: unknown) => [old, old]),
  fc.constant((old: unknown) => (Array.isArray(old) ? [...old, ...old] : old)),
  hostileText.map(
    (key) => (old: unknown) =>
      typeof old === 'object' && old !== null && !Array.isArray(old) ? { ...old, [key]: old } : key,
  ),
);

const paths = pathsIn(SNAPSHOT);

test('the snapshot that is spoilt below is a good one', () => {
  const network = attempt(SNAPSHOT);
  expect(network?.problems).toEqual([]);
  const read = KINDS.filter((kind) => kind === 'instances' || kind in KIND_READERS);
  for (const kind of read) expect(network?.[kind].length, kind).toBeGreaterThan(0);
});

test('whatever value is spoilt, loading ends in a network or an InputError', () => {
  const faults = fc.array(fc.tuple(fc.nat({ max: paths.length - 1 }), damage), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(faults, (spoilt) => {
      // Deeper places first, so that a change does not take the ground from under the next one.
      const ordered = [...spoilt].sort(([a], [b]) => paths[b]!.length - paths[a]!.length);
      attempt(ordered.reduce<unknown>((json, [index, change]) => changed(json, paths[index]!, change), SNAPSHOT));
    }),
    { numRuns: 300 },
  );
});

describe('damage stays where it was done', () => {
  // Places inside one record of one list: `[list, index, ...]`.
  const inRecords = paths.filter((path) => path.length >= 2);
  const whole = attempt(SNAPSHOT)!;

  test('whatever happens to one record, the records of other lists and the others of its list stay', () => {
    fc.assert(
      fc.property(fc.nat({ max: inRecords.length - 1 }), damage, (index, change) => {
        const path = inRecords[index]!;
        const network = attempt(changed(SNAPSHOT, path, change));
        const pointer = `/${path[0]}/${path[1]}`;
        for (const kind of KINDS) {
          for (const record of whole[kind]) {
            const at = record.origin.pointer;
            if (at === pointer || at.startsWith(`${pointer}/`)) continue;
            // A damaged record may take the id of another one, and an Elastic IP address gives to its interface.
            const same = network?.[kind].find(({ id }) => id === record.id);
            expect(same, `${kind} ${record.id} after damage at ${path.join('/')}`).toBeDefined();
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('whatever is lost from a list is said: a problem, or a record that is missing because it was removed', () => {
    fc.assert(
      fc.property(fc.nat({ max: inRecords.length - 1 }), hostileValue, (index, value) => {
        const path = inRecords[index]!;
        const network = attempt(changed(SNAPSHOT, path, () => value))!;
        for (const kind of KINDS) {
          const before = whole[kind].length;
          if (network[kind].length >= before) continue;
          const complete = network.lists.filter((list) => list.kind === kind).every((list) => list.complete);
          const reported = network.problems.some(({ origin }) => origin.pointer.startsWith(`/${path[0]}/${path[1]}`));
          expect(
            reported || !complete || isTold(path, value),
            `${kind} after ${JSON.stringify(value)} at ${path.join('/')}`,
          ).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Losses that the input itself states: fewer instances or interfaces in a record, or a record renamed into another. */
function isTold(path: Path, value: unknown): boolean {
  const last = String(path.at(-1));
  const isShorterList = last === 'Instances' || last === 'NetworkInterfaces';
  return (isShorterList && (value === null || value === undefined || Array.isArray(value))) || /(?:Id|Arn)$/.test(last);
}

describe('files of any bytes', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'igwalk-fuzz-'));
    writeFileSync(join(folder, 'good.json'), JSON.stringify({ Vpcs: [vpc({ VpcId: 'vpc-good' })] }));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function attemptBytes(bytes: Uint8Array): Promise<void> {
    const file = join(folder, 'fuzz.json');
    writeFileSync(file, bytes);
    const beside = checked(await loadSnapshot(folder));
    expect(beside.vpcs.map(({ id }) => id)).toContain('vpc-good');
    await loadSnapshot(file).then(checked, (error: unknown) => expect(error).toBeInstanceOf(InputError));
  }

  test('random bytes', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), attemptBytes), { numRuns: 150 });
  });

  test('a snapshot with bytes changed, lost or added', async () => {
    const text = Buffer.from(JSON.stringify(SNAPSHOT));
    const place = fc.nat({ max: text.length });
    const edit = fc.record({
      at: place,
      lost: fc.nat({ max: 40 }),
      added: fc.oneof(
        fc.uint8Array({ maxLength: 4 }),
        fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\\', '\ufeff').map((c) => Buffer.from(c)),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
        await attemptBytes(
          edits.reduce(
            (bytes, { at, lost, added }) => Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + lost)]),
            text,
          ),
        );
      }),
      { numRuns: 200 },
    );
  });

  test('a snapshot that breaks off anywhere', async () => {
    const text = Buffer.from(JSON.stringify(SNAPSHOT));
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: text.length - 1 }), (length) => attemptBytes(text.subarray(0, length))),
      { numRuns: 100 },
    );
  });

  test('nesting a hundred thousand deep', async () => {
    for (const text of [
      '['.repeat(100_000),
      '{"data":'.repeat(100_000),
      `{"Vpcs":[${'['.repeat(100_000)}${']'.repeat(100_000)}]}`,
      `{"Vpcs":[{"Tags":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}]}`,
    ]) {
      await attemptBytes(Buffer.from(text));
    }
  });
});
