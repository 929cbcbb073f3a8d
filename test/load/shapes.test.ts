/** The shapes in which describe output comes: each gives the same records. */

import { describe, expect, test } from 'vitest';
import type { Network } from '../../src/model/network.ts';
import { instance, listsOf, load, loadFiles, networkInterface, problemsOf, subnet, vpc } from '../support/documents.ts';

const whole = { Vpcs: [vpc()], Subnets: [subnet()] };

/** Ids of VPCs and subnets, and where the subnet was read. */
function read(network: Network): readonly string[] {
  const [first] = network.subnets;
  return [...network.vpcs.map(({ id }) => id), ...network.subnets.map(({ id }) => id), first?.origin.pointer ?? ''];
}

describe('one snapshot in many shapes', () => {
  const shapes = [
    ['one file with everything', { 'all.json': whole }, '/Subnets/0'],
    ['one file a call', { 'a.json': { Vpcs: [vpc()] }, 'b.json': { Subnets: [subnet()] } }, '/Subnets/0'],
    [
      'names of files that mislead',
      { 'Subnets.json': { Vpcs: [vpc()] }, 'Vpcs.json': { Subnets: [subnet()] } },
      '/Subnets/0',
    ],
    ['an envelope', { 'all.json': { data: whole } }, '/data/Subnets/0'],
    [
      'a recorded answer',
      { 'all.json': { status_code: 200, data: { ...whole, ResponseMetadata: {} } } },
      '/data/Subnets/0',
    ],
    ['a list of documents', { 'all.json': [{ Vpcs: [vpc()] }, { Subnets: [subnet()] }] }, '/1/Subnets/0'],
    [
      'a list of recorded answers',
      { 'all.json': [{ data: { Vpcs: [vpc()] } }, { data: { Subnets: [subnet()] } }] },
      '/1/data/Subnets/0',
    ],
    [
      'nulls for what is unset',
      {
        'all.json': {
          ...whole,
          Vpcs: [vpc({ Ipv6CidrBlockAssociationSet: null, Tags: null, OwnerId: null })],
          NextToken: null,
          RouteTables: null,
        },
      },
      '/Subnets/0',
    ],
    [
      'np-guard',
      {
        'all.json': { provider: 'aws', collector_version: '1', vpcs: [vpc()], subnets: [subnet()], network_acls: null },
      },
      '/subnets/0',
    ],
  ] as const;
  for (const [name, files, pointer] of shapes) {
    test(`${name} is read`, () => {
      const network = loadFiles(files);
      expect(read(network)).toEqual(['vpc-1', 'subnet-1', pointer]);
      expect(problemsOf(network)).toEqual([]);
    });
  }
});

describe('account and region', () => {
  const files = [
    ['accounts/111122223333/us-east-1/Vpcs.json', '111122223333', 'us-east-1'],
    ['us-gov-west-1/Vpcs.json', null, 'us-gov-west-1'],
    ['a/b/111122223333/c/eu-isoe-west-1/d/Vpcs.json', '111122223333', 'eu-isoe-west-1'],
    ['111122223333/444455556666/Vpcs.json', '444455556666', null],
    ['Vpcs.json', null, null],
    ['my-app-1/111122223333.json', null, null],
    ['12345678901/us-east/us-east-1.json', null, null],
  ] as const;
  for (const [file, account, region] of files) {
    test(`${file} is in account ${account} and region ${region}`, () => {
      const { vpcs, lists } = load({ Vpcs: [vpc()] }, file);
      expect(vpcs[0]).toMatchObject({ account, region });
      expect(lists[0]).toMatchObject({ kind: 'vpcs', account, region, count: 1, complete: true });
    });
  }

  test('a record that names its owner belongs to it, whatever its folder says', () => {
    const network = load({ Vpcs: [vpc({ OwnerId: '444455556666' })] }, '111122223333/Vpcs.json');
    expect(network.vpcs[0]?.account).toBe('444455556666');
  });

  test('an owner that is no account leaves it to the folder', () => {
    const network = load({ Vpcs: [vpc({ OwnerId: 'OwnerId:8' })] }, '111122223333/Vpcs.json');
    expect(network.vpcs[0]?.account).toBe('111122223333');
  });

  const zones = [
    ['us-east-1a', 'us-east-1'],
    ['us-west-2-lax-1a', 'us-west-2'],
    ['us-east-1-wl1-bos-wlz-1', 'us-east-1'],
    ['AvailabilityZone:3', null],
  ] as const;
  for (const [zone, region] of zones) {
    test(`a subnet in zone ${zone} is in region ${region}`, () => {
      expect(load({ Subnets: [subnet({ AvailabilityZone: zone })] }).subnets[0]?.region).toBe(region);
    });
  }
});

describe('keys', () => {
  test('a list that AWS has and igwalk does not model counts as read', () => {
    const network = load({ ...whole, TransitGateways: [{}, {}], AutoScalingGroups: [] }, 'us-east-1/all.json');
    expect(network.unmodelled).toMatchObject([
      { key: 'AutoScalingGroups', count: 0, region: 'us-east-1' },
      { key: 'TransitGateways', count: 2, region: 'us-east-1', origin: { pointer: '/TransitGateways' } },
    ]);
    expect(problemsOf(network)).toEqual([]);
  });

  test('a key that nobody knows is a warning, and costs nothing else', () => {
    const network = load({ ...whole, SubNets: [subnet()], 'a/b~c': 1 });
    expect(problemsOf(network)).toEqual([
      'warning unknown key "SubNets" at snapshot.json#/SubNets',
      'warning unknown key "a/b~c" at snapshot.json#/a~1b~0c',
    ]);
    expect(network.subnets).toHaveLength(1);
  });

  test('an empty list counts as read: it proves that there is nothing', () => {
    const network = load({ Vpcs: [], InternetGateways: [] });
    expect(listsOf(network)).toEqual(['internetGateways complete', 'vpcs complete']);
  });

  test('null is a list that was not read', () => {
    expect(listsOf(load({ Vpcs: [], InternetGateways: null }))).toEqual(['vpcs complete']);
  });
});

describe('instances', () => {
  const own = { ...networkInterface(), Attachment: { DeviceIndex: 0 } };

  test('reservations and a plain list of instances are read alike', () => {
    const records = instance({ NetworkInterfaces: [own] });
    for (const document of [{ Reservations: [{ Instances: [records] }] }, { Instances: [records] }]) {
      const network = load(document);
      expect(network.instances).toMatchObject([{ id: 'i-1', state: 'running', instanceType: 'm5.large' }]);
      expect(network.networkInterfaces).toMatchObject([
        { id: 'eni-1', instanceId: 'i-1', owner: 'instance', deviceIndex: 0 },
      ]);
    }
  });

  test('a terminated instance is no part of the network', () => {
    const gone = { InstanceId: 'i-9', State: { Name: 'terminated' }, NetworkInterfaces: [] };
    const network = load({ Reservations: [{ Instances: [gone, instance()] }] });
    expect(network.instances.map(({ id }) => id)).toEqual(['i-1']);
    expect(listsOf(network)).toContain('instances complete');
    expect(problemsOf(network)).toEqual([]);
  });

  test('interfaces that only instances show are not the whole list: load balancers and NAT gateways have some too', () => {
    const network = load({ Reservations: [{ Instances: [instance({ NetworkInterfaces: [own] })] }] });
    expect(listsOf(network)).toEqual(['instances complete', 'networkInterfaces cut off']);
  });

  test('in an np-guard snapshot they are the whole list: the format has nothing else with an address', () => {
    const network = load({ provider: 'aws', instances: [instance({ NetworkInterfaces: [own] })], network_acls: [] });
    expect(listsOf(network)).toContain('networkInterfaces complete');
  });

  test('an np-guard snapshot gets no route tables that it does not have', () => {
    const network = load({ provider: 'aws', vpcs: [vpc()], network_acls: [] });
    expect(network.routeTables).toEqual([]);
    expect(network.lists.some(({ kind }) => kind === 'routeTables')).toBe(false);
  });

  test('the record of an interface counts, not what its instance repeats of it', () => {
    const network = load({
      Reservations: [{ Instances: [instance({ NetworkInterfaces: [{ ...own, SourceDestCheck: true }] })] }],
      NetworkInterfaces: [networkInterface({ SourceDestCheck: false })],
    });
    expect(network.networkInterfaces).toMatchObject([{ id: 'eni-1', sourceDestCheck: false }]);
    expect(listsOf(network)).toContain('networkInterfaces complete');
    expect(problemsOf(network)).toEqual([]);
  });

  test('an interface is in the region of its instance', () => {
    const placed = instance({ Placement: { AvailabilityZone: 'eu-north-1b' }, NetworkInterfaces: [own] });
    expect(load({ Instances: [placed] }).networkInterfaces[0]?.region).toBe('eu-north-1');
  });
});

describe('the same snapshot again', () => {
  test('the order of files and records changes nothing', () => {
    const files = {
      'us-east-1/b.json': { Subnets: [subnet({ SubnetId: 'subnet-2', CidrBlock: '10.0.2.0/24' }), subnet()] },
      'us-east-1/a.json': { Vpcs: [vpc({ Tags: [{ Key: 'Name', Value: 'main' }] })], Sbnets: [] },
      'us-west-2/c.json': { Subnets: [subnet({ SubnetId: 'subnet-0', CidrBlock: '10.0.300.0/24' })] },
    };
    const backwards = Object.fromEntries(Object.entries(files).reverse());
    expect(JSON.stringify(loadFiles(backwards))).toBe(JSON.stringify(loadFiles(files)));
    expect(loadFiles(files).subnets.map(({ id }) => id)).toEqual(['subnet-0', 'subnet-1', 'subnet-2']);
  });

  test('a name comes from the tag Name', () => {
    const tags = [
      { Key: 'team', Value: 'a' },
      { Key: 'Name', Value: 'main' },
      { Key: 'empty', Value: null },
    ];
    expect(load({ Vpcs: [vpc({ Tags: tags })] }).vpcs[0]).toMatchObject({
      name: 'main',
      tags: [
        { key: 'team', value: 'a' },
        { key: 'Name', value: 'main' },
        { key: 'empty', value: '' },
      ],
    });
  });
});
