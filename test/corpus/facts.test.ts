/** Facts that Batfish's own tests assert about filters, translation and reading, apart from whole paths. */

import { expect } from 'vitest';
import { createNet, type Net } from '../../src/explain/net.ts';
import type { Trace } from '../../src/explain/trace.ts';
import { loadDocuments, loadSnapshot } from '../../src/load/load.ts';
import type { Network } from '../../src/model/network.ts';
import { formatAddress, formatPrefix } from '../../src/net/address-text.ts';
import { example } from '../statements/example.ts';
import { asked, GROUPS, NACLS, outcome, sent } from '../statements/walks.ts';
import { networkOf } from '../support/network.ts';
import { corpus, corpusTest, readJson } from './shared.ts';

interface Flow {
  readonly protocol: string;
  readonly dstPort: number;
  readonly srcPort?: number;
  readonly peerIp: string;
  readonly direction?: 'ingress' | 'egress';
  readonly flags?: 'SYN' | 'SYN,ACK';
}

interface Fact {
  readonly fact: string;
  readonly test: string;
  readonly file?: string;
  readonly data?: { readonly group?: string; readonly permit?: readonly Flow[]; readonly deny?: readonly Flow[] };
}

const FRAGMENTS = 'unit-fragments';
const GROUP_FILE = 'SecurityGroupTest.json';

/** Facts that are not about AWS, or about parts of it that igwalk does not model. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'AwsConfigurationPublicSubnetTest#testFromInternetToPrivateIp': 'about Batfish’s node for the internet',
  'AwsConfigurationSubnetTest#testOutsideSubnetToInstance': 'needs a sender at Batfish’s router',
  'AwsConfigurationSubnetTest#testInstanceHasOriginatingVrf': 'about Batfish’s sessions',
  'AwsConfigurationDirectConnectTest#testFromOnPremToInstance': 'Direct Connect',
  'AwsConfigurationDirectConnectTest#testFromInstanceToOnPrem': 'Direct Connect',
  'AwsConfigurationDirectConnectTest#testDxgwOnlySeesVpcsInDxRouteTable': 'Direct Connect',
  'AwsConfigurationDirectConnectTest#testTgwReceivesDxRoutesWithDxLocalPreference': 'Direct Connect',
  'AwsConfigurationDirectConnectTest#testDxCommunityToLocalPreferenceMapping': 'Direct Connect',
  'AwsConfigurationDirectConnectPrivateVifTest#testFromOnPremHighToInstance,testInstanceToOnPremPrefersHighDxCommunity':
    'Direct Connect',
  'AwsConfigurationDirectConnectPrivateVifTest#testVgwHasOnlyHighPrefRoute': 'Direct Connect',
  'AwsConfigurationDirectConnectMultiRegionTest#*': 'Direct Connect',
  'AwsHostTest#testNatIpsecVpns*': 'VPN tunnels',
  'RdsInstanceTest#testRdsSubnetEdge, ElasticsearchDomainTest#testEsSubnetEdge': 'databases and search domains',
  'NetworkAclTest#testGetAclLine*': 'TCP entries without ports, which AWS refuses to make (NACL-10)',
  'SecurityGroupsTest#testIcmpInvalidCodeOnly':
    'malformed input that Batfish reads as nothing; a wildcard type means every code (PKT-05)',
  'RegionTest (computeAntiSpoofingFilter)': 'always on in Batfish; AWS lifts it with the check (RT-19)',
};

const CHECKS: Readonly<Record<string, (fact: Fact) => void | Promise<void>>> = {
  'AwsConfigurationPublicSubnetTest#testFromInternetToValidPublicIp': async () => {
    const trace = (await loaded('test-public-subnet')).walk('tcp 8.8.8.8:49152 > 18.216.80.133:22');
    expect(trace.forward.received.destination).toBe('10.0.0.91');
  },
  'AwsConfigurationPublicSubnetTest#testToInternet': async () => {
    const trace = (await loaded('test-public-subnet')).walk('tcp 10.0.0.91:49152 > 8.8.8.8:80');
    expect(trace.forward.received.source).toBe('18.216.80.133');
  },
  'AwsConfigurationSubnetTest#testInstanceToInstance': async () => {
    const { forward } = (await loaded('test-subnet')).walk('tcp 10.10.1.228:49152 > 10.10.1.44:22');
    expect(asked(forward, ...GROUPS, ...NACLS).map((step) => step.split(' ')[0])).toEqual([...GROUPS]);
  },
  'AwsConfigurationSubnetTest#testInstanceToOutsideSubnet': async () => {
    const { forward } = (await loaded('test-subnet')).walk('tcp 10.10.1.228:49152 > 10.10.0.1:80');
    expect(asked(forward, ...NACLS)).toEqual(['nacl-out acl-07102431133dec52a 100']);
  },
  'AwcConfigurationMultiAccountTest#testBothVpcsExist': async () => {
    const { vpcs } = await loadSnapshot(corpus('batfish', 'test-multi-account'));
    expect(vpcs.map(({ id, region }) => `${id} ${region}`)).toEqual([
      'vpc-0008a7b45e3ddf1dd us-west-2',
      'vpc-015b20578b48c1349 us-west-1',
    ]);
  },
  'BatfishTest (load_vendor_configurations)': async () => {
    const { problems } = await loadSnapshot(corpus('batfish', 'load_vendor_configurations'));
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  },
  'RdsInstanceTest#testSecurityGroupsAcl, ElasticsearchDomainTest#testSecurityGroupsAcl': async () => {
    const network = await loadSnapshot(corpus('batfish', 'test'));
    const group = network.securityGroups.find(({ id }) => id === 'sg-0de0ddfa8a5a45810');
    const inbound = group?.rules.filter(({ direction }) => direction === 'in');
    expect(inbound?.map(({ traffic }) => traffic)).toEqual(
      [1, 2].map(() => ({ protocol: 6, firstPortOrIcmp: 45, lastPortOrIcmp: 50 })),
    );
    const members = inbound?.flatMap(({ peer }) => {
      if (peer.kind === 'cidr') return [formatPrefix(peer.prefix)];
      return network.networkInterfaces
        .filter(({ groupIds }) => peer.kind === 'group' && groupIds.includes(peer.groupId))
        .flatMap(({ privateAddresses }) => privateAddresses.map(({ address }) => formatAddress(address)));
    });
    expect(members).toEqual(['1.2.3.4/32', '10.193.16.105']);
  },
  'SecurityGroupsTest#testSinglePort': flowsOfGroup,
  'SecurityGroupsTest#testBeginningHalfOpenInterval': flowsOfGroup,
  'SecurityGroupsTest#testEndHalfOpenInterval': flowsOfGroup,
  'SecurityGroupsTest#testFullInterval': flowsOfGroup,
  'SecurityGroupsTest#testAllTrafficAllowed': flowsOfGroup,
  'SecurityGroupsTest#testClosedInterval': flowsOfGroup,
  'SecurityGroupsTest#testStatefulTcpRules': flowsOfGroup,
  // Malformed ranges: Batfish guesses what was meant; here such a rule leaves open what it allows.
  'SecurityGroupsTest#testInvalidStartInterval': flowsOrUnknown,
  'SecurityGroupsTest#testInvalidEndInterval': flowsOrUnknown,
  'SecurityGroupsTest#testIcmpType': () => {
    const net = withGroup(groupNamed('ICMP types with just type'));
    expect(['8.0', '8.9', '0.0'].map((message) => pinged(net, message))).toEqual(['delivered', 'delivered', 'dropped']);
  },
  'SecurityGroupsTest#testIcmpTypeAndCode': () => {
    const net = withGroup(groupNamed('ICMP types with type and code'));
    expect(['8.9', '8.0', '8.8'].map((message) => pinged(net, message))).toEqual(['delivered', 'dropped', 'dropped']);
  },
  'SecurityGroupsTest#testDeser': () => {
    const { securityGroups } = fragment('SecurityGroupTestDeser.json');
    const [group] = securityGroups;
    expect(group?.tags).toEqual([{ key: 'testKey', value: 'testValue' }]);
    expect(
      group?.rules.map(({ direction, peer, description }) => [
        direction,
        peer.kind === 'cidr' ? formatPrefix(peer.prefix) : peer.kind === 'prefix-list' ? peer.id : peer.kind,
        description,
      ]),
    ).toEqual([
      ['in', '1.2.3.4/32', 'Allowing single port'],
      ['out', '0.0.0.0/0', null],
      ['out', 'pl-7ba54012', null],
    ]);
  },
  'SecurityGroupsTest#testPrefixList': () => {
    const net = createNet(
      networkOf(
        example({
          prefixLists: { some: ['10.10.10.0/24'] },
          groups: { listed: { in: [], out: ['tcp to pl-some'] } },
          enis: { A: { groups: ['listed'] } },
        }),
      ),
    );
    const groupSays = (address: string): string | undefined =>
      net
        .walk(`tcp 10.0.1.10:49152 > ${address}:80`)
        .forward.hops[0]?.steps.find(({ stage }) => stage === 'security-group-out')?.result;
    expect(['10.10.10.1', '1.1.1.1'].map(groupSays)).toEqual(['allow', 'deny']);
  },
  'IpPermissionsTest#userIdGroupsToAclLineExprs,testUserIdGroupTracing': () => {
    const net = createNet(
      networkOf(
        example({
          groups: { source: {}, target: { in: ['tcp/22 from sg-source'] } },
          enis: {
            A: { groups: ['target'] },
            B: { groups: ['source'] },
            C: { subnet: 'Q', address: '10.0.2.21', groups: ['open'] },
          },
        }),
      ),
    );
    const from = (address: string): string => outcome(net.walk(`tcp ${address}:49152 > 10.0.1.10:22`));
    expect(from('10.0.2.20')).toBe('delivered');
    expect(from('10.0.2.21')).toBe('dropped: security-group-in sg-target ENI_SG_RULES_MISMATCH');
  },
  'NetworkAclTest#testDeserialization': () => {
    const [acl] = fragment('NetworkAclTest.json').networkAcls;
    expect(acl?.subnetIds).toEqual(['subnet-1f315846']);
    expect(entriesOf(acl)).toEqual([
      'in 100 deny 6 3306-3306 162.243.144.192/32',
      'out 100 allow -1 0-65535 0.0.0.0/0',
    ]);
  },
  'NetworkAclTest#testDeserializationIcmp': () => {
    const [acl] = fragment('NetworkAclIcmpTest.json').networkAcls;
    expect(entriesOf(acl)).toEqual(['out 100 allow 1 0-65535 0.0.0.0/0', 'out 200 allow 1 1-1 0.0.0.0/0']);
  },
  'NetworkAclTest#testDeserializationV6': () => {
    const [acl] = fragment('NetworkAclV6Test.json').networkAcls;
    expect(entriesOf(acl)).toEqual(['out 100 allow -1 0-65535 ::/0']);
  },
  InstanceWithMultipleInterfacesTest: () => {
    const net = createNet(
      networkOf(
        example({
          groups: { ssh: { in: ['tcp/22 from 10.0.0.0/16'] }, http: { in: ['tcp/80 from 10.0.0.0/16'] } },
          enis: { A: { groups: ['ssh'] }, A2: { subnet: 'P', address: '10.0.1.11', groups: ['http'], instance: 'A' } },
        }),
      ),
    );
    const arrives = (address: string, port: number): string =>
      net.walk(`tcp 10.0.2.20:49152 > ${address}:${port}`).forward.outcome;
    expect([arrives('10.0.1.10', 22), arrives('10.0.1.10', 80)]).toEqual(['delivered', 'dropped']);
    expect([arrives('10.0.1.11', 22), arrives('10.0.1.11', 80)]).toEqual(['dropped', 'delivered']);
  },
  'InternetGatewayTest#testComputeUnassociatedPrivateIpFilter': () => {
    const net = createNet(networkOf(example({ enis: { C: { subnet: 'P', address: '10.0.1.30', groups: ['open'] } } })));
    expect(outcome(net.walk('tcp 10.0.1.10:49152 > 8.8.8.8:80'))).toBe('delivered');
    expect(net.walk('tcp 10.0.1.30:49152 > 8.8.8.8:80').verdict).toBe('dropped');
  },
  VpcPeeringConnectionTest: ({ file = '' }) => {
    const { peerings } = fragment(file);
    expect(peerings.filter(({ state }) => state === 'active').map(({ id }) => id)).toEqual(['pcx-f754069e']);
  },
  'RouteTableTest, RouteTest': () => {
    const [v4] = fragment('RouteTableTest.json').routeTables;
    const [v6] = fragment('RouteV6TableTest.json').routeTables;
    const [listed] = loadDocuments([
      {
        file: 'RouteTables.json',
        json: {
          RouteTables: [
            {
              RouteTableId: 'rtb-1',
              VpcId: 'vpc-1',
              Routes: [
                readJson('batfish', FRAGMENTS, 'RoutePrefixListId.json'),
                { DestinationCidrBlock: '10.9.0.0/16', Origin: 'CreateRoute', State: 'blackhole' },
              ],
            },
          ],
        },
      },
    ]).routeTables;
    const written = [v4, v6, listed].flatMap((table) =>
      table?.routes.map(
        ({ destination: d, target, state }) =>
          `${d.kind === 'cidr' ? formatPrefix(d.prefix) : d.kind === 'prefix-list' ? d.id : d.kind} ${target.kind} ${state}`,
      ),
    );
    expect(written.slice(0, 3)).toEqual([
      '10.100.0.0/16 local active',
      '2600:1f16:751:7800::/56 local active',
      'pl-63a5400a endpoint active',
    ]);
    expect(written[3]).toMatch(/^10\.9\.0\.0\/16 .* blackhole$/);
  },
};

corpusTest('asserted facts hold', async () => {
  const { facts } = readJson<{ facts: readonly Fact[] }>('batfish', 'expected.json');
  const left = facts.filter(({ test }) => LEFT_OUT[test] !== undefined);
  const checked = facts.filter(({ test }) => CHECKS[test] !== undefined);
  expect([...left, ...checked].map(({ test }) => test).sort()).toEqual(facts.map(({ test }) => test).sort());
  for (const fact of checked) await CHECKS[fact.test]!(fact);
  const reasons = left.map(({ test }) => `  ${test}: ${LEFT_OUT[test]}`);
  const counts = `${checked.length} of ${facts.length} checked, all hold; ${left.length} left out`;
  console.log([`asserted facts: ${counts}`, ...reasons].join('\n'));
});

async function loaded(snapshot: string): Promise<Net> {
  return createNet(await loadSnapshot(corpus('batfish', snapshot)));
}

function fragment(file: string): Network {
  return loadDocuments([{ file, json: readJson('batfish', FRAGMENTS, file) }]);
}

/** One group of the file by its name: three of them share an id. */
function groupNamed(name: string): Network {
  const { SecurityGroups } = readJson<{ SecurityGroups: readonly { readonly GroupName: string }[] }>(
    'batfish',
    FRAGMENTS,
    GROUP_FILE,
  );
  return loadDocuments([
    { file: GROUP_FILE, json: { SecurityGroups: SecurityGroups.filter(({ GroupName }) => GroupName === name) } },
  ]);
}

/** A of the example network, carrying the one group of the fragment. */
function withGroup({ securityGroups }: Network): Net {
  const [group] = securityGroups;
  const drawn = networkOf(example());
  return createNet({
    ...drawn,
    securityGroups: [...drawn.securityGroups, { ...group!, vpcId: 'vpc-1' }],
    networkInterfaces: drawn.networkInterfaces.map((eni) =>
      eni.id === 'eni-a' ? { ...eni, groupIds: [group!.id] } : eni,
    ),
  });
}

function pinged(net: Net, message: string): Trace['verdict'] {
  return net.walk(`icmp ${message} 9.9.9.9 > 198.51.100.10`).forward.outcome;
}

function flowsOfGroup({ fact, data }: Fact): void {
  const { permitted, denied } = walked(data);
  expect(permitted, fact).toEqual(permitted.map(() => 'delivered'));
  expect(denied, fact).toEqual(denied.map(() => 'dropped'));
}

function flowsOrUnknown({ fact, data }: Fact): void {
  const { permitted, denied } = walked(data);
  expect(permitted, fact).not.toContain('dropped');
  expect(denied, fact).not.toContain('delivered');
}

function walked(data: Fact['data']): { readonly permitted: readonly string[]; readonly denied: readonly string[] } {
  const { securityGroups } = fragment(GROUP_FILE);
  const group = securityGroups.filter(({ id }) => id === data?.group);
  const net = withGroup({ ...fragment(GROUP_FILE), securityGroups: group });
  const of = (flows: readonly Flow[] = []): readonly string[] =>
    // 0.0.0.1 is no address that the internet routes (OPEN-30): what is asked there is the group, from another address.
    flows.map(
      (flow) =>
        sent(
          net.session().send(packetOf({ ...flow, peerIp: flow.peerIp === '0.0.0.1' ? '9.9.9.8' : flow.peerIp })),
        ).split(':')[0]!,
    );
  return { permitted: of(data?.permit), denied: of(data?.deny) };
}

function packetOf({ protocol, dstPort, srcPort = 49152, peerIp, direction = 'ingress', flags = 'SYN' }: Flow): string {
  const letters = protocol === 'tcp' ? ` flags ${flags === 'SYN' ? 'S' : 'SA'}` : '';
  return direction === 'ingress'
    ? `${protocol} ${peerIp}:${srcPort} > 198.51.100.10:${dstPort}${letters}`
    : `${protocol} 10.0.1.10:${srcPort} > ${peerIp}:${dstPort}${letters}`;
}

function entriesOf(acl: Network['networkAcls'][number] | undefined): readonly string[] {
  return (acl?.entries ?? [])
    .filter(({ origin }) => origin !== null)
    .map(
      ({ direction, number, action, traffic: { protocol, firstPortOrIcmp: first, lastPortOrIcmp: last }, peer }) =>
        `${direction} ${number} ${action} ${protocol} ${first}-${last} ${formatPrefix(peer)}`,
    );
}
