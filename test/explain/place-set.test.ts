import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Compiled, compile } from '../../src/compile/compile.ts';
import { REFUSED_BY_INTERNET } from '../../src/compile/special-addresses.ts';
import { parsePlaceExpression } from '../../src/explain/place-expression.ts';
import { type PlaceSet, placesOf } from '../../src/explain/place-set.ts';
import { QuestionError } from '../../src/explain/question-error.ts';
import type { Network } from '../../src/model/network.ts';
import type { Tag } from '../../src/model/resource.ts';
import { addressSet, hasAddress, prefixesOf } from '../../src/net/address-set.ts';
import { formatPrefix, parseAddress } from '../../src/net/address-text.ts';
import { firstAddress, lastAddress } from '../../src/net/prefix.ts';
import type { Drawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';

/**
 *   VPC 1  subnet P   A  10.0.1.10 (198.51.100.10), 10.0.1.11 (198.51.100.11), 2001:db8::a   web
 *                     B  10.0.1.20, delegated 10.0.1.32/28                                   web, ops
 *                     G  10.0.1.99 (198.51.100.99), a NAT gateway
 *          subnet Q   C  10.0.2.10                                                           ops
 *          subnet E   nothing
 *   VPC 2  subnet R   D  10.0.1.10, as A
 */
const DRAWING: Drawing = {
  vpc: ['10.0.0.0/16', '2001:db8::/56'],
  igw: true,
  eigw: true,
  mainRoutes: { '0.0.0.0/0': 'igw', '10.9.0.0/16': 'tgw-1', '10.8.0.0/16': 'igw-elsewhere' },
  subnets: {
    P: { cidr: ['10.0.1.0/24', '2001:db8::/64'] },
    Q: { cidr: '10.0.2.0/24' },
    E: { cidr: '10.0.3.0/24' },
  },
  groups: { web: {}, ops: {}, unused: {} },
  enis: {
    A: {
      subnet: 'P',
      address: ['10.0.1.10', '10.0.1.11'],
      public: { '10.0.1.10': '198.51.100.10', '10.0.1.11': '198.51.100.11' },
      v6: '2001:db8::a',
      groups: ['web'],
    },
    B: { subnet: 'P', address: '10.0.1.20', delegated: '10.0.1.32/28', groups: ['web', 'ops'] },
    C: { subnet: 'Q', address: '10.0.2.10', groups: ['ops'], instance: 'web server' },
  },
  nats: { G: { subnet: 'P', address: '10.0.1.99', public: '198.51.100.99' } },
  vpcs: {
    '2': {
      vpc: '10.0.0.0/16',
      subnets: { R: { cidr: '10.0.1.0/24' } },
      enis: { D: { subnet: 'R', address: '10.0.1.10' } },
    },
  },
  peerings: { AB: { from: '1', to: '2' } },
  prefixLists: { office: ['203.0.113.0/24'] },
};

const TAGS: Readonly<Record<string, readonly Tag[]>> = {
  'i-a': [{ key: 'role', value: 'web' }],
  'eni-b': [{ key: 'role', value: 'db' }],
  'subnet-q': [
    { key: 'role', value: 'db' },
    { key: 'tier one', value: 'a|b' },
  ],
  'vpc-2': [{ key: 'stage', value: 'test' }],
  'nat-g': [{ key: 'stage', value: 'test' }],
};

function tagged<T extends { readonly id: string; readonly tags: readonly Tag[] }>(records: readonly T[]): readonly T[] {
  return records.map((record) => ({ ...record, tags: TAGS[record.id] ?? record.tags }));
}

const NAMES: Readonly<Record<string, string>> = { 'vpc-1': 'A', 'vpc-2': 'lab', 'subnet-r': 'inner' };
function renamed<T extends { readonly id: string; readonly name: string | null }>(records: readonly T[]): readonly T[] {
  return records.map((record) => ({ ...record, name: NAMES[record.id] ?? record.name }));
}

function drawn(): Network {
  const network = networkOf(DRAWING);
  return {
    ...network,
    instances: tagged(network.instances),
    networkInterfaces: tagged(network.networkInterfaces),
    subnets: renamed(tagged(network.subnets)),
    vpcs: renamed(tagged(network.vpcs)),
    natGateways: tagged(network.natGateways),
  };
}

const compiled: Compiled = compile(drawn());

const ask = (text: string): PlaceSet => placesOf(compiled, parsePlaceExpression(text));

const WHOLE_INTERNET = 'internet';
const internetPrefixes = prefixesOf(ask('internet').internet).map(formatPrefix).join(' ');

/** `a 10.0.1.10/32, 10.0.1.11/32; internet 8.8.8.8/32` */
function meaning(text: string): string {
  const { held, internet } = ask(text);
  const byEni = new Map<string, string[]>();
  for (const { eni, prefix } of held) {
    const name = compiled.network.networkInterfaces[eni]!.id.replace(/^eni-/, '');
    byEni.set(name, [...(byEni.get(name) ?? []), formatPrefix(prefix).replace(/\/(32|128)$/, '')]);
  }
  const parts = [...byEni].map(([name, prefixes]) => `${name} ${prefixes.join(' ')}`);
  const outside = prefixesOf(internet).map(formatPrefix).join(' ');
  if (outside !== '') parts.push(outside === internetPrefixes ? WHOLE_INTERNET : `internet ${outside}`);
  return parts.join('; ');
}

function errorOf(text: string): QuestionError {
  try {
    ask(text);
  } catch (error) {
    if (error instanceof QuestionError) return error;
    throw error;
  }
  throw new Error(`"${text}" means something`);
}

const A = 'a 10.0.1.10 10.0.1.11 2001:db8::a';
const B = 'b 10.0.1.20 10.0.1.32/28';
const C = 'c 10.0.2.10';
const D = 'd 10.0.1.10';
const G = 'nat-g 10.0.1.99';

describe('what a place means', () => {
  const places = [
    ['eni-a', A],
    ['i-a', A],
    ['subnet-p', `${A}; ${B}; ${G}`],
    ['subnet-q', C],
    ['vpc-2', D],
    ['sg-web', `${A}; ${B}`],
    ['sg-ops', `${B}; ${C}`],
    ['nat-g', G],
    ['internet', WHOLE_INTERNET],
    ['igw-1', WHOLE_INTERNET],
    ['eigw-1', WHOLE_INTERNET],
    ['igw-elsewhere', WHOLE_INTERNET],
    ['arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-q', C],
    // addresses
    ['10.0.1.20', 'b 10.0.1.20'],
    ['10.0.1.10', 'a 10.0.1.10; d 10.0.1.10'],
    ['10.0.1.10@vpc-2', D],
    ['10.0.1.10/31', 'a 10.0.1.10 10.0.1.11; d 10.0.1.10'],
    ['10.0.0.0/8', `a 10.0.1.10 10.0.1.11; ${B}; ${C}; ${D}; ${G}`],
    ['10.0.1.35', 'b 10.0.1.35'],
    ['10.0.1.40/29', 'b 10.0.1.40/29'],
    ['2001:db8::a', 'a 2001:db8::a'],
    ['2001:db8::/64', 'a 2001:db8::a; internet 2001:db8::/64'],
    ['203.0.113.7', 'internet 203.0.113.7/32'],
    ['8.0.0.0/7', 'internet 8.0.0.0/7'],
    // names: the narrowest kind that has one
    ['A', A],
    ['lab', D],
    ['inner', D],
    ['P', `${A}; ${B}; ${G}`],
    ['"web server"', C],
    ['name:"web *"', C],
    ['name:?', `${A}; ${B}; ${C}; ${D}; ${G}`],
    ['name:in*r', D],
    ['G', G],
    // tags
    ['tag:role=web', A],
    ['tag:role=db', `${B}; ${C}`],
    ['tag:stage=test', `${D}; ${G}`],
    ['tag:"tier one"="a|b"', C],
  ] as const;
  for (const [text, expected] of places) {
    test(`${text} is ${expected}`, () => {
      expect(meaning(text)).toBe(expected);
    });
  }

  test('a public address that is paired means the interface behind it, and nobody on the internet (IGW-04)', () => {
    expect(meaning('198.51.100.11')).toBe('a 10.0.1.11');
    expect(meaning('198.51.100.99')).toBe(G);
  });

  test('a public block means the interfaces behind it, and the rest of it on the internet', () => {
    expect(meaning('198.51.100.8/29')).toBe('a 10.0.1.10 10.0.1.11; internet 198.51.100.8/29');
  });

  test('the internet is every address that an internet gateway does not refuse (IGW-07)', () => {
    const { held, internet } = ask('internet');
    expect(held).toEqual([]);
    for (const { prefix } of REFUSED_BY_INTERNET) {
      expect(hasAddress(internet, firstAddress(prefix))).toBe(false);
      expect(hasAddress(internet, lastAddress(prefix))).toBe(false);
    }
    for (const text of [
      '1.0.0.0',
      '9.255.255.255',
      '11.0.0.0',
      '100.63.255.255',
      '100.128.0.0',
      '223.255.255.255',
      '2600::1',
    ])
      expect(hasAddress(internet, parseAddress(text))).toBe(true);
  });
});

describe('places together', () => {
  const expressions = [
    ['sg-web & sg-ops', B],
    ['sg-web | sg-ops', `${A}; ${B}; ${C}`],
    ['sg-web & !sg-ops', A],
    ['subnet-p & 10.0.1.0/28', 'a 10.0.1.10 10.0.1.11'],
    ['eni-a & !10.0.1.11', 'a 10.0.1.10 2001:db8::a'],
    ['eni-b & !10.0.1.32/29', 'b 10.0.1.20 10.0.1.40/29'],
    ['10.0.1.33 | 10.0.1.32', 'b 10.0.1.32/31'],
    ['internet & 8.8.8.0/24', 'internet 8.8.8.0/24'],
    ['8.8.8.0/23 & !8.8.8.0/24', 'internet 8.8.9.0/24'],
    ['!internet', `${A}; ${B}; ${C}; ${D}; ${G}`],
    ['!(vpc-1 | vpc-2)', WHOLE_INTERNET],
    ['!vpc-1 & !internet', D],
    ['subnet-q | 203.0.113.7', `${C}; internet 203.0.113.7/32`],
  ] as const;
  for (const [text, expected] of expressions) {
    test(`${text} is ${expected}`, () => {
      expect(meaning(text)).toBe(expected);
    });
  }

  // Every point of the small world: each own address of each interface, and the ends of each piece of the internet.
  const POINTS =
    'internet|eni-a|eni-b|eni-c|eni-d|nat-g|10.0.1.0/24|8.0.0.0/7|2001:db8::/64|sg-ops|198.51.100.10'.split('|');
  const pointsOf = ({ held, internet }: PlaceSet): ReadonlySet<string> => {
    const points = new Set<string>();
    for (const { eni, prefix } of held) {
      const block = addressSet([prefix]);
      for (const address of WORLD_HELD) if (hasAddress(block, address)) points.add(`${eni} ${JSON.stringify(address)}`);
    }
    for (const address of WORLD_INTERNET)
      if (hasAddress(internet, address)) points.add(`internet ${JSON.stringify(address)}`);
    return points;
  };
  const WORLD_HELD = POINTS.flatMap((text) =>
    ask(text).held.flatMap(({ prefix }) => [firstAddress(prefix), lastAddress(prefix)]),
  );
  const WORLD_INTERNET = POINTS.flatMap((text) => ask(text).internet.flatMap(({ first, last }) => [first, last]));

  test('|, & and ! do what they do on sets of single addresses', () => {
    type Drawn = { readonly text: string; readonly points: ReadonlySet<string> };
    const everything = pointsOf(ask('internet | !internet'));
    const { drawn: anyExpression } = fc.letrec<{ drawn: Drawn }>((tie) => ({
      drawn: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.constantFrom(...POINTS).map((text) => ({ text, points: pointsOf(ask(text)) })),
        tie('drawn').map(({ text, points }) => ({
          text: `!(${text})`,
          points: new Set([...everything].filter((point) => !points.has(point))),
        })),
        fc.tuple(tie('drawn'), tie('drawn')).map(([a, b]) => ({
          text: `(${a.text}) | (${b.text})`,
          points: new Set([...a.points, ...b.points]),
        })),
        fc.tuple(tie('drawn'), tie('drawn')).map(([a, b]) => ({
          text: `(${a.text}) & (${b.text})`,
          points: new Set([...a.points].filter((point) => b.points.has(point))),
        })),
      ),
    }));
    let asked = 0;
    fc.assert(
      fc.property(anyExpression, ({ text, points }) => {
        if (points.size === 0) return;
        asked++;
        const places = ask(text);
        expect([...pointsOf(places)].sort()).toEqual([...points].sort());
        const order = places.held.map(({ eni, prefix }) => `${String(eni).padStart(3)} ${prefix.address.family}`);
        expect(order).toEqual(order.toSorted());
      }),
      { numRuns: 500 },
    );
    expect(asked).toBeGreaterThan(100);
  });
});

describe('what means nothing is an error', () => {
  const errors = [
    ['eni-x', 0, 'no interface, instance, subnet, VPC, security group, gateway or name "eni-x" in the snapshot'],
    [
      'sg-web | Zebra',
      9,
      'no interface, instance, subnet, VPC, security group, gateway or name "Zebra" in the snapshot',
    ],
    ['subnet-e', 0, 'no interface with an address is in subnet "subnet-e"'],
    ['!sg-unused', 1, 'no interface with an address carries security group "sg-unused"'],
    ['pcx-ab', 0, 'a peering is no place in a set question; name the VPC or addresses behind it'],
    ['rtb-main-1', 0, 'a route table is no place; name a subnet or VPC that uses it'],
    ['acl-default-1', 0, 'a network ACL is no place; name a subnet that it filters'],
    ['pl-office', 0, 'a prefix list is no place; name its addresses'],
    ['tgw-1', 0, 'a transit gateway is no place; name a VPC behind it, or its attachment (tgw-attach-)'],
    ['internet | lb:web', 11, 'no load balancer "web" in the snapshot'],
    ['internet | aws:s3', 11, '"aws:s3" is not modelled yet'],
    ['10.7.0.0/16', 0, 'no interface has an address in 10.7.0.0/16, and none of it is on the internet'],
    ['10.0.1.12', 0, 'no interface has the address 10.0.1.12, and it is not on the internet'],
    ['tag:role=cache', 0, 'no place in the snapshot has the tag "role=cache"'],
    ['name:zz*', 0, 'no interface, instance, NAT gateway, subnet or VPC has a Name tag like "zz*"'],
    ['sg-web & subnet-q', 0, '"sg-web & subnet-q" leaves no place over'],
    ['internet & vpc-1', 0, '"internet & vpc-1" leaves no place over'],
    [
      'arn:aws:ec2:eu-west-1:111122223333:instance/A',
      0,
      'no interface, instance, subnet, VPC, security group, gateway or name "A" in the snapshot',
    ],
  ] as const;
  for (const [text, position, problem] of errors) {
    test(`${text}: ${problem}`, () => {
      const error = errorOf(text);
      expect(error.message.split('\n')[0]).toBe(`question: ${problem}`);
      expect(error.position).toBe(position);
    });
  }

  const misspelt = [
    ['subnet-qq', ['subnet-q', 'subnet-e', 'subnet-p']],
    ['Internet', ['internet']],
    ['"web servr"', ['"web server"']],
    ['tag:role=wep', ['tag:role=web']],
    ['tag:stage=tset', ['tag:stage=test']],
    ['tag:"tier one"="a|c"', ['tag:"tier one"="a|b"']],
    ['name:inne', ['inner']],
  ] as const;
  for (const [text, suggestions] of misspelt) {
    test(`${text} was perhaps meant as ${suggestions.join(' or ')}`, () => {
      expect(errorOf(text).suggestions).toEqual(suggestions);
    });
  }

  test('a suggestion can be asked as it is', () => {
    for (const [text, [suggestion]] of misspelt) {
      expect(errorOf(text).suggestions[0]).toBe(suggestion);
      expect(ask(suggestion).held.length + ask(suggestion).internet.length).toBeGreaterThan(0);
    }
  });
});

describe('patterns of names', () => {
  test('a pattern with many stars takes no longer than a plain one', () => {
    const named = {
      ...compiled.network,
      vpcs: renamed(compiled.network.vpcs).map((vpc) => ({ ...vpc, name: 'a'.repeat(256) })),
    };
    const long = compile(named);
    const pattern = `name:${'a*'.repeat(120)}b`;
    expect(() => placesOf(long, parsePlaceExpression(pattern))).toThrow('has a Name tag like');
  });
});
