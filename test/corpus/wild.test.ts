/** Real output of describe calls, with its gaps: it loads, and what can be read off by hand comes out. */

import { expect } from 'vitest';
import { createNet, type Net } from '../../src/explain/net.ts';
import { loadSnapshot } from '../../src/load/load.ts';
import { KINDS, type Network } from '../../src/model/network.ts';
import { example } from '../statements/example.ts';
import { outcome } from '../statements/walks.ts';
import { networkOf } from '../support/network.ts';
import { reasons } from './score.ts';
import { corpus, corpusTest } from './shared.ts';

/** Folders and what is in them, by kind. */
const CONTENT: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'cloudmapper-demo': { vpcs: 1, subnets: 4, securityGroups: 8, instances: 3 },
  'c7n-endpoints-nat': { subnets: 3, routeTables: 13, networkInterfaces: 3 },
  'c7n-instances-two-vpcs': { subnets: 2, routeTables: 4, networkInterfaces: 8, instances: 5 },
  'c7n-security-groups-19': { securityGroups: 19 },
  'c7n-network-acl': { networkAcls: 1 },
};

for (const [folder, counts] of Object.entries(CONTENT)) {
  corpusTest(`${folder} loads whole`, async () => {
    const network = await loadSnapshot(corpus('wild', folder));
    const got = Object.fromEntries(KINDS.map((kind) => [kind, network[kind].length]));
    const read = KINDS.filter((kind) => got[kind] !== 0).map((kind) => `${got[kind]} ${kind}`);
    console.log(`${folder}: ${read.join(', ')}; ${network.problems.length} problems`);
    for (const { what, severity } of network.problems) console.log(`  ${severity}: ${what}`);
    expect(got).toMatchObject(counts);
    for (const { what, remedy, origin } of network.problems) {
      expect([what, remedy, origin.file].every((text) => text.length > 0)).toBe(true);
    }
  });
}

corpusTest(
  'cloudmapper-demo: the default group admits only itself, the database group only 5432 from the application',
  async () => {
    const network = await loadSnapshot(corpus('wild', 'cloudmapper-demo'));
    const inbound = (id: string): readonly string[] =>
      network.securityGroups
        .find((group) => group.id === id)!
        .rules.filter(({ direction }) => direction === 'in')
        .map(
          ({ traffic, peer }) =>
            `${traffic?.protocol}/${traffic?.firstPortOrIcmp} ${peer.kind === 'group' && peer.groupId}`,
        );
    expect(inbound('sg-00000001')).toEqual(['-1/0 sg-00000001']);
    expect(inbound('sg-00000005')).toEqual(['6/5432 sg-00000004']);
  },
);

corpusTest('cloudmapper-demo: whether the internet reaches the bastion is unknown: there are no routes', async () => {
  const trace = (await netOf('cloudmapper-demo')).walk('tcp 1.1.1.1:40000 > 1.2.3.4:22');
  expect(trace.verdict).toBe('unknown');
  console.log(`cloudmapper-demo: ${reasons(trace).join(', ')}`);
});

corpusTest('cloudmapper-demo: the group of the bastion refuses everybody else, whatever the routes', async () => {
  const trace = (await netOf('cloudmapper-demo')).walk('tcp 9.9.9.9:40000 > 1.2.3.4:22');
  expect(trace.verdict).toBe('dropped');
});

corpusTest(
  'c7n-endpoints-nat: without the lists’ entries it is unknown which route takes a public address',
  async () => {
    const network = await loadSnapshot(corpus('wild', 'c7n-endpoints-nat'));
    const trace = createNet(withHost(network)).walk('tcp 10.0.2.196:40000 > 52.216.1.1:443');
    expect(trace.verdict).toBe('unknown');
    expect(reasons(trace)).toEqual(['prefix-list', 'target']);
    const nat = network.networkInterfaces.find(({ owner }) => owner === 'nat-gateway');
    expect(nat?.groupIds).toEqual([]);
  },
);

corpusTest(
  'c7n-instances-two-vpcs: only one subnet has a route to an internet gateway, and one interface a public address',
  async () => {
    const network = await loadSnapshot(corpus('wild', 'c7n-instances-two-vpcs'));
    const toGateway = network.routeTables.filter(({ routes }) =>
      routes.some(({ target }) => target.kind === 'internet-gateway'),
    );
    expect(toGateway.flatMap(({ subnetIds }) => subnetIds)).toEqual(['subnet-02e1a5b426e2b16a9']);
    const isPublic = (eni: Network['networkInterfaces'][number]): boolean =>
      eni.privateAddresses.some(({ publicAddress }) => publicAddress !== null);
    expect(network.networkInterfaces.filter(isPublic).map(({ instanceId }) => instanceId)).toEqual([
      'i-05799f38ad9df4c34',
    ]);
  },
);

corpusTest(
  'c7n-instances-two-vpcs: into the public instance it is unknown, into the others blocked for certain',
  async () => {
    const net = await netOf('c7n-instances-two-vpcs');
    expect(net.walk('tcp 203.0.113.7:40000 > 3.83.45.205:22').verdict).toBe('unknown');
    const unreachable = ['10.0.1.77', '10.0.1.152', '10.0.1.36', '10.0.2.57', '10.0.2.115', '10.0.1.64', '10.0.1.98'];
    for (const address of unreachable) {
      const trace = net.walk(`tcp 203.0.113.7:40000 > ${address}:22`);
      expect(outcome(trace), address).toMatch(/^dropped: .*IGW_/);
    }
  },
);

corpusTest('c7n-security-groups-19: 0.0.0.0/0 beside 66.6.147.81/32 are two rules', async () => {
  const network = await loadSnapshot(corpus('wild', 'c7n-security-groups-19'));
  expect(network.securityGroups.map(({ vpcId }) => vpcId).filter((id, i, all) => all.indexOf(id) === i)).toHaveLength(
    4,
  );
  const beside = network.securityGroups.filter(({ rules }) => {
    const peers = rules.map(({ peer }) => (peer.kind === 'cidr' ? peer.prefix.length : null));
    return peers.includes(0) && peers.includes(32);
  });
  expect(beside.length).toBeGreaterThan(0);
});

corpusTest(
  'c7n-network-acl: an ACL without associations closes both lists, and prefix lists have their entries',
  async () => {
    const network = await loadSnapshot(corpus('wild', 'c7n-network-acl'));
    const [acl] = network.networkAcls;
    expect(acl).toMatchObject({ isDefault: true, subnetIds: [] });
    expect(acl?.entries.filter(({ number }) => number >= 32767)).toHaveLength(4);
    expect(network.prefixLists.every(({ entries }) => entries !== null && entries.length > 0)).toBe(true);
  },
);

/**
 * The endpoints' network with nothing missing but the lists: a host in place of an endpoint's interface, in a subnet that routes pl-… to
 * gateway endpoints and 0.0.0.0/0 to the NAT gateway, and that gateway, an ACL and a group drawn.
 */
function withHost(network: Network): Network {
  const drawn = networkOf(example());
  const [vpc] = network.subnets.map(({ vpcId }) => vpcId);
  const nat = network.networkInterfaces.find(({ owner }) => owner === 'nat-gateway')!;
  const [gateway] = drawn.natGateways;
  const [acl] = drawn.networkAcls;
  const [address] = nat.privateAddresses;
  return {
    ...network,
    networkInterfaces: network.networkInterfaces.map((eni) =>
      eni.subnetId === 'subnet-0616e6e6a767403e1' ? { ...eni, owner: 'instance', groupIds: ['sg-open'] } : eni,
    ),
    natGateways: [
      {
        ...gateway!,
        id: 'nat-01e6556a25454e5f2',
        vpcId: vpc!,
        subnetId: nat.subnetId,
        addresses: [
          {
            privateAddress: address!.address,
            publicAddress: address!.publicAddress,
            interfaceId: nat.id,
            isPrimary: true,
          },
        ],
      },
    ],
    securityGroups: drawn.securityGroups.filter(({ id }) => id === 'sg-open'),
    networkAcls: [{ ...acl!, vpcId: vpc!, subnetIds: network.subnets.map(({ id }) => id) }],
  };
}

async function netOf(folder: string): Promise<Net> {
  return createNet(await loadSnapshot(corpus('wild', folder)));
}
