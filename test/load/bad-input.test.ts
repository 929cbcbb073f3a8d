/** Input that is wrong: one problem that points at it, an effect limited to what depends on it, and never a crash. */

import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/load/input-error.ts';
import { loadDocuments } from '../../src/load/load.ts';
import { listsOf, load, problemsOf, subnet, vpc } from '../support/documents.ts';

describe('a record that cannot be read', () => {
  const cases = [
    ['no id', { ...subnet(), SubnetId: null }, 'SubnetId is missing', '/SubnetId'],
    ['an empty id', subnet({ SubnetId: '' }), 'SubnetId is "", not a text with something in it', '/SubnetId'],
    ['an id that is no text', subnet({ SubnetId: 7 }), 'SubnetId is 7, not a text', '/SubnetId'],
    ['an id that is a list', subnet({ SubnetId: [[[]]] }), 'SubnetId is a list, not a text', '/SubnetId'],
    ['no VPC', subnet({ VpcId: undefined }), 'VpcId is missing', '/VpcId'],
    [
      'a flag that is no flag',
      subnet({ EnableDns64: 'yes' }),
      'EnableDns64 is "yes", not true or false',
      '/EnableDns64',
    ],
    ['a text', 'subnet-1', 'record is "subnet-1", not an object', ''],
    ['a list', [subnet()], 'record is a list, not an object', ''],
  ] as const;
  for (const [name, record, what, pointer] of cases) {
    test(`${name}: one problem, and the others of its list stay`, () => {
      const network = load({ Vpcs: [vpc()], Subnets: [record, subnet({ SubnetId: 'subnet-2' })] });
      expect(problemsOf(network)).toEqual([`error ${what} at snapshot.json#/Subnets/0${pointer}`]);
      expect(network.subnets.map(({ id }) => id)).toEqual(['subnet-2']);
      expect(listsOf(network)).toEqual(['subnets cut off', 'vpcs complete']);
      expect(network.lists[0]?.count).toBe(1);
    });
  }

  test('null is a record that is missing', () => {
    expect(problemsOf(load({ Subnets: [null] }))).toEqual(['error record is missing at snapshot.json#/Subnets/0']);
  });

  test('every problem says what to do', () => {
    const network = load({
      Subnets: [{}],
      Vpcs: 7,
      Odd: [],
      NextToken: 'x',
      NetworkAcls: [{ NetworkAclId: 'acl-1', VpcId: 'vpc-1' }],
    });
    expect(network.problems.length).toBeGreaterThan(4);
    for (const { what, remedy } of network.problems) {
      expect(what).toMatch(/^[A-Z]?[a-z"]/);
      expect(what.endsWith('.')).toBe(false);
      expect(remedy).not.toBe('');
    }
  });
});

describe('a list that was cut off', () => {
  for (const name of ['NextToken', 'nextToken', 'Marker', 'NextMarker']) {
    test(`${name} left over: what is not in the list may exist`, () => {
      const network = load({ Vpcs: [vpc()], [name]: 'eyJ' });
      expect(problemsOf(network)).toEqual([`error list cut off: ${name} "eyJ" is left over at snapshot.json#/${name}`]);
      expect(listsOf(network)).toEqual(['vpcs cut off']);
      expect(network.vpcs).toHaveLength(1);
    });
  }

  test('an empty or null token says that the list is whole', () => {
    expect(listsOf(load({ Vpcs: [vpc()], NextToken: '', Marker: null }))).toEqual(['vpcs complete']);
  });

  test('a token in one document says nothing about another', () => {
    const network = load([{ Vpcs: [vpc()], NextToken: 'x' }, { Subnets: [subnet()] }]);
    expect(listsOf(network)).toEqual(['subnets complete', 'vpcs cut off']);
  });

  test('a key whose value is no list is a list that was not read', () => {
    const network = load({ Vpcs: { VpcId: 'vpc-1' }, Subnets: [] });
    expect(problemsOf(network)).toEqual(['error Vpcs is an object, not a list at snapshot.json#/Vpcs']);
    expect(listsOf(network)).toEqual(['subnets complete', 'vpcs cut off']);
  });
});

describe('hostile input', () => {
  test('keys and ids that name members of every object are names like others', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const json = `{${names.map((name) => `"${name}": [{"x": 1}]`).join()}, "Vpcs": [${names.map((name) => `{"VpcId": "${name}", "CidrBlock": "10.0.0.0/16", "__proto__": {"polluted": 1}, "Tags": [{"Key": "__proto__", "Value": "x"}]}`).join()}], "Subnets": [{"SubnetId": "__proto__", "VpcId": "constructor", "CidrBlock": "10.0.1.0/24"}]}`;
    const network = load(JSON.parse(json));
    expect(network.vpcs.map(({ id }) => id)).toEqual(['__proto__', 'constructor', 'hasOwnProperty', 'toString']);
    expect(network.subnets).toMatchObject([{ id: '__proto__', vpcId: 'constructor' }]);
    expect(problemsOf(network)).toEqual(names.map((name) => `warning unknown key "${name}" at snapshot.json#/${name}`));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('nesting ten thousand deep is a problem or is never looked at', () => {
    const deep = (wrap: (inner: unknown) => unknown): unknown => {
      let value: unknown = 'x';
      for (let i = 0; i < 10_000; i++) value = wrap(value);
      return value;
    };
    const lists = deep((inner) => [inner]);
    const objects = deep((inner) => ({ VpcId: inner }));
    const network = load({
      Vpcs: [
        vpc(),
        lists,
        objects,
        vpc({ VpcId: 'vpc-2', Other: lists, Tags: lists, CidrBlockAssociationSet: [objects] }),
      ],
    });
    expect(network.vpcs.map(({ id }) => id)).toEqual(['vpc-1', 'vpc-2']);
    expect(network.problems.map(({ what }) => what)).toEqual([
      'record is a list, not an object',
      'VpcId is an object, not a text',
      'prefix is missing',
      'tag without a Key and a Value that are texts',
    ]);
    for (const wrapped of [deep((inner) => [inner]), deep((inner) => ({ data: inner }))]) {
      expect(() => load(wrapped)).toThrow('nested deeper than 100 levels');
    }
  });

  test('a message shows no control characters, and not too much', () => {
    const network = load({
      Vpcs: [vpc({ CidrBlock: '\u001b[31m10.0.0.0/8\n' }), vpc({ VpcId: 'vpc-2', CidrBlock: 'x'.repeat(100_000) })],
    });
    for (const { what } of network.problems) {
      expect(what).not.toMatch(/\p{Cc}/u);
      expect(what.length).toBeLessThan(200);
    }
  });

  test('a hundred thousand problems are listed, and a list that brings more is not read to its end', () => {
    const faults = Array.from({ length: 100_007 }, () => null);
    const network = load({
      Vpcs: [vpc()],
      Subnets: [...faults, subnet()],
      SecurityGroups: [{ GroupId: 'sg-1' }, null],
    });
    expect(network.problems).toHaveLength(100_001);
    expect(network.problems.at(-1)?.what).toMatch(/^more than 100000 problems/);
    expect(network.subnets).toEqual([]);
    expect(network.securityGroups).toHaveLength(1);
    expect(listsOf(network)).toEqual(['securityGroups cut off', 'subnets cut off', 'vpcs complete']);
  });

  test('rules and routes count as records', () => {
    const permissions = Array.from({ length: 100 }, () => ({ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }));
    const document = { SecurityGroups: [{ GroupId: 'sg-1', IpPermissions: permissions }] };
    expect(() => load(document, 'a.json', { maxRecords: 150 })).toThrow(
      new InputError(
        'more than 150 records',
        'a.json',
        '/SecurityGroups/0/IpPermissions/49',
        'raise the limit with maxRecords if the input is right',
      ),
    );
    expect(load(document, 'a.json', { maxRecords: 201 }).securityGroups[0]?.rules).toHaveLength(100);
  });
});

describe('nothing to analyse', () => {
  const cases = [
    [[], 'nothing to analyse in ""\n'],
    [
      [{ file: 'a.json', json: null }],
      'nothing to analyse in "a.json": document is null, not an object\n  at a.json#\n',
    ],
    [
      [
        { file: 'a.json', json: 7 },
        { file: 'b.json', json: {} },
      ],
      'nothing to analyse in "a.json, b.json": document is 7, not an object, and 1 more problem\n',
    ],
    [[{ file: 'a.json', json: { Vpc: [] } }], 'nothing recognised among the keys "Vpc"'],
  ] as const;
  for (const [documents, message] of cases) {
    test(JSON.stringify(documents), () => {
      expect(() => loadDocuments(documents)).toThrow(InputError);
      expect(() => loadDocuments(documents)).toThrow(message);
    });
  }

  test('a snapshot of empty lists is one', () => {
    expect(load({ Vpcs: [] }).lists).toHaveLength(1);
  });
});
