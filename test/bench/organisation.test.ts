/** The organisation that benchmarks of sets ask about: whole, made as it says, and answering as it was designed. */

import { describe, expect, test } from 'vitest';
import { organisation } from '../../bench/support/organisation.ts';
import { drawPairs } from '../../bench/support/organisation-pairs.ts';
import { randomFrom } from '../../bench/support/random.ts';
import { createNet, type Net } from '../../src/explain/net.ts';
import type { Network } from '../../src/model/network.ts';
import type { NetworkInterface } from '../../src/model/network-interface.ts';
import { formatAddress } from '../../src/net/address-text.ts';
import { parsePacket } from '../../src/net/packet-text.ts';
import { prefixContains } from '../../src/net/prefix.ts';
import { naiveTrace } from '../oracle/naive.ts';

const SEED = 7;
const CLIENT = '203.0.113.200';
const CLIENT6 = '2001:db8:ffff::7';

const small = organisation(SEED, { vpcs: 3, interfacesEach: 30 });
const net = createNet(small);

describe('three VPCs', () => {
  test('lack nothing: no problems, no gaps, nothing that is not modelled', () => {
    expect(net.problems).toEqual([]);
    expect(net.facts).toEqual([]);
    expect(small.unmodelled).toEqual([]);
  });

  test('are the same from the same seed, and others from another', () => {
    expect(organisation(SEED, { vpcs: 3, interfacesEach: 30 })).toEqual(small);
    expect(organisation(SEED + 1, { vpcs: 3, interfacesEach: 30 })).not.toEqual(small);
  });

  test('show a web host to the internet on tcp/443, by v4 and v6, and no database', () => {
    const web = host(small, 0, 'public');
    expect(verdict(net, `tcp ${CLIENT}:40000 > ${publicOf(web)}:443`)).toBe('delivered');
    expect(verdict(net, `tcp ${CLIENT}:40000 > ${publicOf(web)}:3389`)).toBe('dropped');
    // Not all of the internet: the ACL denies a few networks first.
    expect(net.reach(`internet -> ${web.id} : tcp/443`).verdict).toBe('some');
    expect(net.reach(`${CLIENT} -> ${web.id} : tcp/443`).verdict).toBe('all');
    expect(verdict(net, `tcp [${CLIENT6}]:40000 > [${v6Of(dualStack(small, 0, 'public'))}]:443`)).toBe('delivered');
    expect(verdict(net, `tcp [${CLIENT6}]:40000 > [${v6Of(dualStack(small, 0, 'db'))}]:5432`)).toBe('dropped');
    expect(net.reach(`internet -> ${host(small, 0, 'db').id} : any`).verdict).toBe('none');
  });

  test('let applications ask databases of their VPC, and nobody of the public tier', () => {
    const [app, db, web] = [host(small, 1, 'app'), host(small, 1, 'db'), host(small, 1, 'public')];
    expect(verdict(net, `tcp ${v4Of(app)}:40000 > ${v4Of(db)}:5432`)).toBe('delivered');
    expect(verdict(net, `tcp ${v4Of(web)}:40000 > ${v4Of(db)}:5432`)).toBe('dropped');
    expect(verdict(net, `tcp ${v4Of(web)}:40000 > ${v4Of(app)}:8080`)).toBe('delivered');
  });

  test('let applications ask those of a peered VPC, in both families', () => {
    expect(verdict(net, `tcp ${v4Of(host(small, 0, 'app'))}:40000 > ${v4Of(host(small, 1, 'app'))}:8443`)).toBe(
      'delivered',
    );
    const [near, far] = [dualStack(small, 0, 'app'), dualStack(small, 1, 'app')];
    const trace = net.walk(`tcp [${v6Of(near)}]:40000 > [${v6Of(far)}]:8443`);
    // No rule of the far group is about v6 of other VPCs, so the packet crosses the peering and ends there.
    expect(trace.forward.blockers[0]?.stage).toBe('security-group-in');
  });

  test('let private hosts out: v4 by the NAT gateway, v6 by the egress-only one, and nobody in', () => {
    const app = dualStack(small, 2, 'app');
    const out = net.walk(`tcp ${v4Of(app)}:40000 > ${CLIENT}:443`);
    expect(out.verdict).toBe('delivered');
    expect(out.forward.hops.map(({ place }) => place.kind)).toContain('nat-gateway');
    const out6 = net.walk(`tcp [${v6Of(app)}]:40000 > [${CLIENT6}]:443`);
    expect(out6.verdict).toBe('delivered');
    expect(out6.forward.hops.map(({ place }) => place.kind)).toContain('egress-only-gateway');
    expect(verdict(net, `tcp [${CLIENT6}]:40000 > [${v6Of(app)}]:8443`)).toBe('dropped');
  });
});

describe('an organisation', () => {
  const network = organisation(SEED, { vpcs: 40, interfacesEach: 15 });

  test('gives no address twice', () => {
    const addresses = network.networkInterfaces.flatMap(({ privateAddresses, ipv6Addresses }) => [
      ...privateAddresses.flatMap(({ address, publicAddress }) =>
        publicAddress === null ? [address] : [address, publicAddress],
      ),
      ...ipv6Addresses,
    ]);
    expect(new Set(addresses.map(formatAddress)).size).toBe(addresses.length);
    const ids = Object.values(network)
      .flat()
      .map((record) => (record as { id?: string }).id);
    expect(new Set(ids.filter((id) => id !== undefined)).size).toBe(ids.filter((id) => id !== undefined).length);
  });

  test('has about seven rules a group, three in ten of which name what lies outside the VPC', () => {
    const groups = network.securityGroups;
    const rules = groups.flatMap((group) => group.rules.map((rule) => ({ group, rule })));
    expect(rules.length / groups.length).toBeGreaterThan(6);
    expect(rules.length / groups.length).toBeLessThan(8);
    const isDrawn = (name: string): boolean => !/-(public|app|db)-/.test(name);
    const sources = rules.filter(({ rule, group }) => rule.direction === 'in' && isDrawn(group.groupName!));
    const outside = sources.filter(({ rule: { peer }, group }) => {
      if (peer.kind === 'group') return peer.vpcId !== null;
      const vpc = network.vpcs.find(({ id }) => id === group.vpcId)!;
      const isPrivate = peer.kind === 'cidr' && peer.prefix.address.w0 >>> 24 === 10;
      return isPrivate && (!prefixContains(vpc.cidrs[0]!, peer.prefix.address) || peer.prefix.length < 20);
    });
    expect(outside.length / sources.length).toBeGreaterThan(0.25);
    expect(outside.length / sources.length).toBeLessThan(0.4);
  });

  test('is peered inside its domains, and only there', () => {
    const peers = peersOf(network);
    expect(Math.min(...peers.values())).toBeGreaterThanOrEqual(3);
    const accounts = new Map(network.vpcs.map(({ id, account }) => [id, account]));
    const across = network.peerings.filter(
      ({ requester, accepter }) => accounts.get(requester.vpcId) !== accounts.get(accepter.vpcId),
    );
    expect(across).toEqual([]);
    // VPCs 0 and 1 are in different domains.
    const [one, other] = [host(network, 0, 'app'), host(network, 1, 'app')];
    expect(verdict(createNet(network), `tcp ${v4Of(one)}:40000 > ${v4Of(other)}:8443`)).toBe('dropped');
  });

  test('keeps to the peerings that a VPC may have, however large it is', () => {
    const peers = [...peersOf(organisation(SEED, { vpcs: 400, interfacesEach: 1 })).values()];
    expect(Math.max(...peers)).toBeLessThanOrEqual(125);
    expect(peers.filter((count) => count >= 4 && count <= 8).length / peers.length).toBeGreaterThan(0.95);
  });

  test('is answered like the naive evaluator answers, in both shapes', () => {
    for (const shape of ['regular', 'adversarial'] as const) {
      const twelve = organisation(SEED, { vpcs: 12, interfacesEach: 10, shape });
      const asked = createNet(twelve);
      const random = randomFrom(SEED);
      for (const [from, to] of drawPairs(random, twelve, 60)) {
        const port = random.pick([22, 443, 5432, 8080, 8443]);
        const packet = `tcp ${v4Of(from)}:40000 > ${v4Of(to)}:${port}`;
        expect(asked.walk(packet).verdict, packet).toBe(
          naiveTrace(twelve, parsePacket(packet).packet, from.id).verdict,
        );
      }
    }
  });

  test('says which size it cannot make', () => {
    expect(() => organisation(SEED, { vpcs: 4001 })).toThrow(/4001 VPCs: there may be 1 to 4000/);
    expect(() => organisation(SEED, { vpcs: 1, interfacesEach: 0 })).toThrow(/0 interfaces/);
  });
});

function verdict(asked: Net, packet: string): string {
  return asked.walk(packet).verdict;
}

/** The first host of a tier of the `index`-th VPC that carries the group of its tier. */
function host(network: Network, index: number, tier: string): NetworkInterface {
  return hosts(network, index, tier)[0]!;
}

function dualStack(network: Network, index: number, tier: string): NetworkInterface {
  return hosts(network, index, tier).find(({ ipv6Addresses }) => ipv6Addresses.length > 0)!;
}

function hosts(network: Network, index: number, tier: string): readonly NetworkInterface[] {
  const infix = `-${String(index).padStart(4, '0')}-${tier}-`;
  return network.networkInterfaces.filter(({ name }) => name?.includes(infix));
}

function v4Of(eni: NetworkInterface): string {
  return formatAddress(eni.privateAddresses[0]!.address);
}

function publicOf(eni: NetworkInterface): string {
  return formatAddress(eni.privateAddresses[0]!.publicAddress!);
}

function v6Of(eni: NetworkInterface): string {
  return formatAddress(eni.ipv6Addresses[0]!);
}

/** Number of peers by VPC. */
function peersOf(network: Network): ReadonlyMap<string, number> {
  const peers = new Map<string, number>();
  for (const { requester, accepter } of network.peerings) {
    for (const { vpcId } of [requester, accepter]) peers.set(vpcId, (peers.get(vpcId) ?? 0) + 1);
  }
  return peers;
}
