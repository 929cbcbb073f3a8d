/** Where a packet starts and what it is aimed at, as the asker wrote it; and every way in which a question cannot be asked. */

import { describe, expect, test } from 'vitest';
import { createNet } from '../../src/explain/net.ts';
import { QuestionError } from '../../src/explain/question-error.ts';
import type { Trace } from '../../src/explain/trace.ts';
import { networkOf } from '../support/network.ts';

const OPEN = { in: ['all from 0.0.0.0/0', 'all from ::/0'], out: ['all to 0.0.0.0/0', 'all to ::/0'] };

/** X and Y have the same addresses; Z is peered with X. */
const NET = createNet(
  networkOf({
    vpcs: {
      X: {
        vpc: ['10.0.0.0/16', '2001:db8:1::/56'],
        igw: true,
        subnets: {
          P: { cidr: ['10.0.1.0/24', '2001:db8:1::/64'], routes: { '0.0.0.0/0': 'igw', '10.2.0.0/16': 'pcx-xz' } },
          Q: { cidr: '10.0.2.0/24', routes: { '192.168.0.0/16': 'cagw-1' } },
        },
        groups: { x: OPEN },
        enis: {
          A: {
            subnet: 'P',
            address: ['10.0.1.10', '10.0.1.11'],
            public: '198.51.100.10',
            v6: '2001:db8:1::a',
            groups: ['x'],
          },
          A2: { subnet: 'Q', address: '10.0.2.10', instance: 'A', groups: ['x'] },
          B: { subnet: 'Q', address: '10.0.2.20', groups: ['x'] },
        },
      },
      Y: {
        vpc: '10.0.0.0/16',
        subnets: { R: { cidr: '10.0.1.0/24' } },
        groups: { y: OPEN },
        enis: { C: { subnet: 'R', address: '10.0.1.10', groups: ['y'] } },
      },
      Z: {
        vpc: '10.2.0.0/16',
        subnets: { S: { cidr: '10.2.1.0/24', routes: { '10.0.0.0/16': 'pcx-xz' } } },
        groups: { z: OPEN },
        enis: { D: { subnet: 'S', address: '10.2.1.10', groups: ['z'] } },
      },
    },
    peerings: {
      XZ: { from: 'X', to: 'Z' },
      XW: { from: 'X', to: 'W', foreign: { cidrs: ['10.0.0.0/24', '10.3.0.0/16'] } },
    },
  }),
);

const starts = (packet: string): string => NET.walk(packet).forward.from.id;

function refusal(packet: string): { message: string; position: number | null; suggestions: readonly string[] } {
  try {
    NET.walk(packet);
  } catch (error) {
    if (!(error instanceof QuestionError)) throw error;
    const { message, position, suggestions } = error;
    return { message, position, suggestions };
  }
  throw new Error(`no error for ${packet}`);
}

describe('a source without a pin', () => {
  test.each([
    // source                              starts at
    ['203.0.113.7:40000', 'internet'],
    ['10.0.2.20:40000', 'eni-b'],
    // A secondary address is the interface's as well (IGW-04).
    ['10.0.1.11:40000', 'eni-a'],
    // A public address of the snapshot is not where its interface sends from: the packet comes from outside.
    ['198.51.100.10:40000', 'internet'],
  ])('%s starts at %s', (source, place) => {
    expect(starts(`tcp ${source} > 10.0.2.20:443`)).toBe(place);
  });

  test('a v6 address starts at its interface, and any other global one on the internet', () => {
    expect(starts('tcp [2001:db8:1::a]:40000 > [2001:db8:ffff::7]:443')).toBe('eni-a');
    expect(starts('tcp [2001:db8:ffff::7]:40000 > [2001:db8:1::a]:443')).toBe('internet');
  });

  test('that several interfaces have lists them, ready to be pasted', () => {
    expect(refusal('tcp 10.0.1.10:40000 > 10.0.2.20:443')).toEqual({
      message: 'source 10.0.1.10: 2 interfaces have this address; pin one with @',
      position: null,
      suggestions: ['10.0.1.10@eni-a', '10.0.1.10@eni-c'],
    });
  });

  test.each(['10.0.1.99', '192.168.1.1', '172.16.0.1', '100.64.0.1'])(
    '%s, private and nobody’s, cannot be placed',
    (address) => {
      expect(refusal(`tcp ${address}:40000 > 10.0.2.20:443`).message).toBe(
        `source ${address}: no interface of the snapshot has this address`,
      );
    },
  );

  test('a unique local v6 address that nobody has cannot be placed either', () => {
    expect(refusal('tcp [fd00::1]:40000 > [2001:db8:1::a]:443').message).toBe(
      'source fd00::1: no interface of the snapshot has this address',
    );
  });
});

describe('a pinned source', () => {
  test.each([
    // pin                starts at
    ['eni-a', 'eni-a'],
    ['i-a', 'eni-a'],
    ['subnet-p', 'eni-a'],
    ['vpc-x', 'eni-a'],
    ['vpc-y', 'eni-c'],
    ['name:A', 'eni-a'],
    ['A', 'eni-a'],
    ['name:C', 'eni-c'],
    ['name:P', 'eni-a'],
  ])('10.0.1.10@%s starts at %s', (pin, place) => {
    expect(starts(`tcp 10.0.1.10:40000@${pin} > 10.0.2.20:443`)).toBe(place);
  });

  test('to the internet, or to a gateway that leads there, starts on the internet whatever its address', () => {
    for (const pin of ['internet', 'igw-x']) {
      expect(starts(`tcp 203.0.113.7:40000@${pin} > 198.51.100.10:443`)).toBe('internet');
      expect(starts(`tcp 10.0.1.10:40000@${pin} > 198.51.100.10:443`)).toBe('internet');
    }
  });

  test('to a peering enters it from the side whose address it is', () => {
    const { verdict, forward } = NET.walk('tcp 10.2.1.10:40000@pcx-xz > 10.0.1.10:443');
    expect([verdict, forward.from.kind, forward.to.id]).toEqual(['delivered', 'peering', 'eni-a']);
    const back = NET.walk('tcp 10.0.1.10:40000@pcx-xz > 10.2.1.10:443');
    expect(back.forward.to.id).toBe('eni-d');
  });

  test('to a peering between VPCs that do not have the address cannot be placed', () => {
    expect(refusal('tcp 10.9.0.1:40000@pcx-xz > 10.0.1.10:443').message).toBe(
      'source 10.9.0.1 is in neither VPC of pcx-xz: pin it to an interface instead',
    );
  });

  test('to a peering between VPCs that both have the address cannot be placed either', () => {
    expect(refusal('tcp 10.0.0.1:40000@pcx-xw > 10.0.1.10:443').message).toBe(
      'source 10.0.0.1 is in both VPCs of pcx-xw: pin it to an interface instead',
    );
  });

  test('to something that routes name and that is not modelled is unknown, by name', () => {
    const { verdict, forward, unknowns } = NET.walk('tcp 192.168.1.1:40000@cagw-1 > 10.0.2.20:443');
    expect([verdict, forward.from.id]).toEqual(['unknown', 'cagw-1']);
    expect(unknowns.map(({ key }) => key)).toEqual(['not-modelled:carrier gateway:cagw-1']);
  });

  test('to one interface may be an address that is not its own: the source/dest check judges it (RT-19)', () => {
    const { forward } = NET.walk('tcp 10.0.7.7:40000@eni-b > 10.0.1.10:443');
    expect(forward.blockers[0]).toMatchObject({ code: 'ENI_SOURCE_DEST_CHECK_RESTRICTION' });
  });

  test('to something with several interfaces must be an address of one of them', () => {
    expect(refusal('tcp 10.0.2.99:40000@subnet-q > 10.0.1.10:443')).toEqual({
      message: 'source 10.0.2.99@subnet-q: no interface there has this address',
      position: null,
      suggestions: [],
    });
    // Somewhere else it is known.
    expect(refusal('tcp 10.2.1.10:40000@vpc-x > 10.0.1.10:443').suggestions).toEqual(['10.2.1.10@eni-d']);
  });

  test.each([
    // pin            suggested
    ['eni-aa', ['eni-a', 'eni-a2']],
    ['subnet-x', ['subnet-p', 'subnet-q', 'subnet-r']],
    ['vpc-w', ['vpc-x', 'vpc-y', 'vpc-z']],
    ['name:B2', ['A2', 'B']],
    ['database', []],
  ])('to "%s", which nothing is called, suggests %j', (pin, suggestions) => {
    expect(refusal(`tcp 10.0.2.20:40000@${pin} > 10.0.1.10:443`)).toEqual({
      message: `no interface, instance, subnet, VPC or name "${pin}" in the snapshot`,
      position: null,
      suggestions,
    });
  });

  test.each(['__proto__', 'constructor', 'name:toString', 'hasOwnProperty'])('to %s is to nothing', (pin) => {
    expect(refusal(`tcp 10.0.2.20:40000@${pin} > 10.0.1.10:443`).message).toContain(`"${pin}" in the snapshot`);
  });
});

describe('a pinned destination', () => {
  const walk = (destination: string): Trace => NET.walk(`tcp 10.0.2.20:40000 > ${destination}`);

  test('must be an address of the place, its own or its public one', () => {
    expect(walk('10.0.1.10:443@eni-a').forward).toMatchObject({ outcome: 'delivered', to: { id: 'eni-a' } });
    expect(walk('10.0.1.10:443@vpc-x').forward).toMatchObject({ outcome: 'delivered', to: { id: 'eni-a' } });
    expect(refusal('tcp 10.0.2.20:40000 > 10.0.1.10:443@eni-b')).toEqual({
      message: 'destination 10.0.1.10@eni-b: no interface there has this address',
      position: null,
      suggestions: ['10.0.1.10@eni-a', '10.0.1.10@eni-c'],
    });
    expect(NET.walk('tcp 203.0.113.7:40000 > 198.51.100.10:443@i-a').forward.to.id).toBe('eni-a');
    expect(refusal('tcp 203.0.113.7:40000 > 198.51.100.11:443@i-a').message).toBe(
      'destination 198.51.100.11@i-a: no interface there has this address',
    );
  });

  test('on the internet may be any public address, and no private one', () => {
    expect(NET.walk('tcp 10.0.1.10:40000@eni-a > 203.0.113.7:443@internet').forward.to.id).toBe('internet');
    expect(refusal('tcp 10.0.1.10:40000@eni-a > 192.168.7.7:443@internet').message).toBe(
      'destination 192.168.7.7@internet: nobody on the internet has a private address',
    );
  });
});

describe('from the internet to a private address', () => {
  test('that is pinned, the packet is sent to the public address, and a note says so', () => {
    const { verdict, forward, notes } = NET.walk('tcp 203.0.113.7:40000 > 10.0.1.10:443@eni-a');
    expect([verdict, forward.sent.destination, forward.to.id]).toEqual(['delivered', '198.51.100.10', 'eni-a']);
    expect(notes).toEqual(['10.0.1.10 (eni-a) is reached from the internet as 198.51.100.10']);
  });

  test('without a pin the packet is taken at its word, and a note says what would have arrived', () => {
    const one = createNet(
      networkOf({
        vpc: '10.0.0.0/16',
        igw: true,
        subnets: { P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw' } } },
        enis: {
          A: { subnet: 'P', address: '10.0.1.10', public: '198.51.100.10' },
          B: { subnet: 'P', address: '10.0.1.20' },
        },
      }),
    );
    const known = one.walk('tcp 203.0.113.7:40000 > 10.0.1.10:443');
    expect([known.verdict, known.forward.sent.destination]).toEqual(['dropped', '10.0.1.10']);
    expect(known.notes).toEqual([
      'the internet does not know private addresses: 10.0.1.10 (eni-a) is reached from there as 198.51.100.10',
    ]);
    expect(one.walk('tcp 203.0.113.7:40000 > 10.0.1.20:443').notes).toEqual([
      '10.0.1.20 (eni-b) has no public address, so nobody on the internet can address it',
    ]);
    expect(one.walk('tcp 203.0.113.7:40000 > 10.0.1.99:443').notes).toEqual([]);
  });

  test('that several interfaces have, there is nothing to note without a pin', () => {
    expect(NET.walk('tcp 203.0.113.7:40000 > 10.0.1.10:443').notes).toEqual([]);
    expect(refusal('tcp 203.0.113.7:40000 > 10.0.1.10:443@eni-b').message).toBe(
      'destination 10.0.1.10@eni-b: no interface there has this address',
    );
  });
});

test('text that is no packet is refused with its place', () => {
  const { message, position } = refusal('tcp 10.0.2.20:40000 > 10.0.1.10');
  expect(message).toMatch(/^packet: expected ":" and a port/);
  expect(position).toBe(31);
});

test('an interface is called by its instance, and by itself where it has none', () => {
  expect(NET.walk('tcp 10.0.2.20:40000 > 10.0.2.10:443').forward).toMatchObject({
    from: { kind: 'network-interface', id: 'eni-b', name: 'B' },
    to: { kind: 'network-interface', id: 'eni-a2', name: 'A' },
  });
});
