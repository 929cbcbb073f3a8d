/** Real snapshots load: with what is in them, and with no problem but the ones that they have. */

import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/load/input-error.ts';
import { loadSnapshot } from '../../src/load/load.ts';
import { isComplete, type Network } from '../../src/model/network.ts';
import { formatAddress } from '../../src/net/address-text.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const CORPORA = join(process.env.IGWALK_SHARED ?? resolve(ROOT, '../shared'), 'corpora');
const isThere = existsSync(CORPORA);
if (!isThere) console.log(`skipped: no corpora at ${CORPORA}: set IGWALK_SHARED to the folder that holds them`);

/** Snapshots that contradict themselves, and what they say wrong. */
const CONTRADICTIONS: Readonly<Record<string, readonly string[]>> = {
  'hybrid-cloud-aws': ['"sg-55510831" names security group "sg-cf3f86b3", which the snapshot lacks'],
  test: [
    '"acl-008d1f79" names subnet "subnet-9c240cfa", which the snapshot lacks',
    '"eni-d2b094fc" names security group "sg-331ad04e", which the snapshot lacks',
    '"i-075dc46a9bc347264" names subnet "subnet-1641fa70", which the snapshot lacks',
    '172.31.0.0/20 of subnet "subnet-1f315846" is outside its VPC "vpc-b390fad5"',
  ],
};

function foldersIn(...path: readonly string[]): readonly string[] {
  if (!isThere) return [];
  return readdirSync(join(CORPORA, ...path), { withFileTypes: true }).flatMap((each) =>
    each.isDirectory() ? [each.name] : [],
  );
}

describe.skipIf(!isThere)('snapshots of deployments', () => {
  const snapshots = foldersIn('batfish').filter((name) => name !== 'unit-fragments');
  test.each(snapshots)('%s', async (name) => {
    const network = await loadSnapshot(join(CORPORA, 'batfish', name));
    expect(network.problems.map(({ what }) => what)).toEqual(CONTRADICTIONS[name] ?? []);
    for (const list of network.lists) expect(list.complete).toBe(list.kind !== 'prefixLists');
  });

  test('two accounts in one region, with the connection that both see (INVENTORY: 2 VPCs, 5 peerings, 3 different ones)', async () => {
    const network = await loadSnapshot(join(CORPORA, 'batfish', 'lab-aws_multi_account_vpc_peering'));
    expect(network.vpcs.map(({ account, region }) => [account, region])).toEqual([
      ['951601349076', 'us-east-1'],
      ['028403472736', 'us-east-1'],
    ]);
    expect(network.peerings.filter(({ state }) => state === 'active')).toHaveLength(1);
    expect(network.peerings).toHaveLength(3);
    expect(network.unmodelled.map(({ key }) => key)).toContain('CustomerGateways');
  });

  test('owners of interfaces: 13 instances, 2 NAT gateways, 3 load balancers, 4 transit gateway attachments (INVENTORY)', async () => {
    const { networkInterfaces } = await loadSnapshot(join(CORPORA, 'batfish', 'lab-aws_demo'));
    const count = (owner: string): number => networkInterfaces.filter((each) => each.owner === owner).length;
    expect(['instance', 'nat-gateway', 'network-load-balancer', 'transit-gateway'].map(count)).toEqual([13, 2, 3, 4]);
  });

  test('a peering of three transit gateways, each end in its own Region, with static routes over it', async () => {
    const network = await loadSnapshot(join(CORPORA, 'batfish', 'lab-aws_tgw_peering'));
    expect(network.transitGateways.map(({ account, region }) => `${account} ${region}`).sort()).toEqual([
      '028403472736 us-east-1',
      '028403472736 us-west-1',
      '951601349076 us-east-2',
    ]);
    const ends = network.transitGatewayAttachments.filter(({ attached }) => attached.kind === 'peering');
    expect(ends.map(({ attachmentId }) => attachmentId)).toEqual([
      'tgw-attach-084b68f4a40b12383',
      'tgw-attach-084b68f4a40b12383',
      'tgw-attach-0b2e397d1ba0eec05',
      'tgw-attach-0b2e397d1ba0eec05',
    ]);
    expect(network.transitGatewayAttachments.every(({ association }) => association.kind === 'table')).toBe(true);
    const vpcs = network.transitGatewayAttachments.filter(({ attached }) => attached.kind === 'vpc');
    expect(vpcs.map(({ vpc }) => vpc?.subnetIds.length)).toEqual([1, 1, 1]);
    const table = network.transitGatewayRouteTables.find(({ id }) => id === 'tgw-rtb-0b0728f11c489fff4');
    expect(table).toMatchObject({
      account: '028403472736',
      staticRoutes: [
        { attachmentIds: ['tgw-attach-084b68f4a40b12383'] },
        { attachmentIds: ['tgw-attach-0b2e397d1ba0eec05'] },
      ],
      propagatingIds: ['tgw-attach-0bffffad6c5204f3e'],
    });
  });

  test('attachments without an association, next to ones that have one', async () => {
    const name = 'test-transit-gateway-asymmetric-paths';
    const network = await loadSnapshot(join(CORPORA, 'batfish', name));
    const kinds = network.transitGatewayAttachments.map(({ association }) => association.kind);
    expect(kinds.sort()).toEqual(['none', 'none', 'table', 'table']);
    expect(network.transitGatewayRouteTables.map(({ propagatingIds }) => propagatingIds?.length)).toEqual([0, 1, 1, 0]);
  });

  test('Direct Connect in capitals: a gateway, its association, a transit interface, and a VPN at the same gateway', async () => {
    const network = await loadSnapshot(join(CORPORA, 'batfish', 'test-direct-connect-gateway'));
    expect(network.directConnectGateways).toMatchObject([{ name: 'dx-test-gateway', state: 'available' }]);
    expect(network.directConnectAssociations).toMatchObject([
      { associated: { kind: 'transit-gateway', id: 'tgw-dx01' }, state: 'associated', region: 'us-east-1' },
    ]);
    expect(network.virtualInterfaces).toMatchObject([{ kind: 'transit', state: 'available' }]);
    expect(network.vpnConnections).toMatchObject([{ transitGatewayId: 'tgw-dx01', staticRoutesOnly: false }]);
  });

  test('load balancers with listeners, attributes and targets (INVENTORY: 3 network load balancers)', async () => {
    const { loadBalancers, targetGroups } = await loadSnapshot(join(CORPORA, 'batfish', 'lab-aws_demo'));
    expect(loadBalancers.map(({ balancerName, crossZone }) => [balancerName, crossZone])).toEqual([
      ['nlb-fin-east', false],
      ['nlb-web-hr-east', false],
      ['nlb-web-hr-west', false],
    ]);
    const arns = new Set(targetGroups.map(({ arn }) => arn));
    for (const { kind, listeners } of loadBalancers) {
      expect(kind).toBe('network');
      expect(listeners?.map(({ protocol, port }) => `${protocol} ${port}`)).toEqual(['TCP 80', 'TCP 443']);
      for (const { targetGroupArns } of listeners!) expect(targetGroupArns.every((arn) => arns.has(arn))).toBe(true);
    }
    for (const { targets } of targetGroups) expect(targets?.length).toBeGreaterThan(0);
  });

  test('a gateway endpoint and an interface endpoint, with what they are attached to', async () => {
    const network = await loadSnapshot(join(CORPORA, 'batfish', 'lab-aws_vpc_endpoints'));
    expect(network.vpcEndpoints).toMatchObject([
      { kind: 'gateway', serviceName: 'com.amazonaws.us-east-1.s3', routeTableIds: ['rtb-0ad9877dacd3d5818'] },
      {
        kind: 'interface',
        privateDns: true,
        interfaceIds: ['eni-0bd26d2cdca2c4478'],
        groupIds: ['sg-06f0f68d3c6a6c163'],
      },
    ]);
    expect(isComplete(network, 'vpcEndpoints', null, 'us-east-1')).toBe(true);
  });

  test('fragments of many snapshots in one folder load too, with what they have wrong', async () => {
    const network = await loadSnapshot(join(CORPORA, 'batfish', 'unit-fragments'));
    expect(network.problems.map(({ what }) => what)).toContain('ports -1 to 50 are no range');
    expect(network.networkAcls.length + network.routeTables.length + network.natGateways.length).toBeGreaterThan(5);
  });
});

describe.skipIf(!isThere)('np-guard snapshots', () => {
  const inputs = isThere ? readdirSync(join(CORPORA, 'npguard-aws', 'inputs')) : [];
  test.each(inputs)('%s', async (name) => {
    const network = await loadSnapshot(join(CORPORA, 'npguard-aws', 'inputs', name));
    expect(network.problems).toEqual([]);
    expect(network.routeTables).toEqual([]);
    expect(isComplete(network, 'routeTables', null, null)).toBe(false);
    expect(isComplete(network, 'networkInterfaces', null, null)).toBe(true);
    expect(network.networkInterfaces.length).toBeGreaterThan(1);
    expect(network.instances.every(({ state }) => state === 'running')).toBe(true);
  });

  test('the public address of an interface is the one that the interface shows', async () => {
    const network = await loadSnapshot(join(CORPORA, 'npguard-aws', 'inputs', 'input_aws_acl_1.json'));
    expect(publicAddresses(network)).toContain('1.0.0.1');
    expect(publicAddresses(network)).not.toContain('1.0.0.0');
  });
});

function publicAddresses(network: Network): readonly string[] {
  return network.networkInterfaces.flatMap(({ privateAddresses }) =>
    privateAddresses.flatMap(({ publicAddress }) => (publicAddress === null ? [] : [formatAddress(publicAddress)])),
  );
}

describe.skipIf(!isThere)('found in the wild', () => {
  test.each(foldersIn('wild').filter((name) => /^(c7n|cloudmapper)/.test(name)))(
    '%s loads without an error',
    async (name) => {
      const network = await loadSnapshot(join(CORPORA, 'wild', name));
      expect(network.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(network.lists.length).toBeGreaterThan(0);
    },
  );

  const others = [
    ['driftctl-tfstate', 'not supported yet: Terraform state'],
    ['inframap-tfstate', 'not supported yet: Terraform state'],
    ['tfplan-vpc-module', 'not supported yet: Terraform plan'],
    ['opensearch-flow-log', 'not read: no .json file'],
  ] as const;
  test.each(others)('%s is recognised as something else: %s', async (name, what) => {
    const loading = loadSnapshot(join(CORPORA, 'wild', name));
    await expect(loading).rejects.toBeInstanceOf(InputError);
    await expect(loading).rejects.toThrow(what);
  });
});
