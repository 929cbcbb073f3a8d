/** Questions about sets of packets: verdicts, exact sets, what stops the rest, and witnesses that the walker confirms. */

import { describe, expect, test } from 'vitest';
import { createNet, type Net } from '../../src/explain/net.ts';
import { QuestionError } from '../../src/explain/question-error.ts';
import type { Drawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';

const TWO_TIERS: Drawing = {
  vpc: '10.0.0.0/16',
  igw: true,
  subnets: {
    P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw' } },
    Q: {
      cidr: '10.0.2.0/24',
      nacl: { in: ['100 allow tcp/5432 10.0.1.0/24'], out: ['100 allow tcp/32768-60999 10.0.1.0/24'] },
    },
  },
  groups: {
    web: { in: ['tcp/443 from 0.0.0.0/0', 'udp/53 from 203.0.113.0/24'] },
    db: { in: ['tcp/5432 from sg-web'], out: [] },
  },
  enis: {
    A: { subnet: 'P', address: '10.0.1.10', public: '198.51.100.10', groups: ['web'] },
    B: { subnet: 'Q', address: '10.0.2.20', groups: ['db'] },
  },
};

function netOf(drawing: Drawing): Net {
  return createNet(networkOf(drawing));
}

test('everything that is asked arrives and is answered: all', () => {
  const answer = netOf(TWO_TIERS).reach('internet -> eni-a : https');
  expect(answer.verdict).toBe('all');
  expect(answer.groups.map(({ roundTrip }) => roundTrip)).toEqual([['tcp 443']]);
  expect(answer.groups[0]!.witness?.verdict).toBe('delivered');
});

test('the exact set is told when anything is asked', () => {
  const answer = netOf(TWO_TIERS).reach('203.0.113.0/24 -> eni-a');
  expect(answer.verdict).toBe('some');
  expect(answer.groups.map(({ roundTrip, fromAddresses }) => [roundTrip, fromAddresses])).toEqual([
    [['tcp 443', 'udp 53'], ['203.0.113.0/24']],
  ]);
});

test('answers that return to some client ports only are told with those ports', () => {
  const net = netOf(TWO_TIERS);
  const answer = net.reach('eni-a -> eni-b : postgres');
  expect(answer.verdict).toBe('some');
  expect(answer.groups[0]).toMatchObject({
    roundTrip: ['tcp 5432'],
    clientPorts: ['tcp to client ports 32768-60999'],
    blockers: [{ direction: 'reply', stage: 'nacl-out', code: 'SUBNET_ACL_RESTRICTION', resource: 'acl-q' }],
  });
  expect(net.reach('eni-a -> eni-b : postgres', { clientPorts: '32768-60999' }).verdict).toBe('all');
  expect(net.reach('eni-a -> eni-b : postgres', { clientPorts: 'windows' }).verdict).toBe('some');
  expect(net.reach('eni-a -> eni-b : tcp/61000>5432').groups[0]!.roundTrip).toEqual([]);
});

test('what arrives and is never answered is not called none', () => {
  const answer = netOf(TWO_TIERS).reach('eni-a -> eni-b : tcp/61000>5432');
  expect(answer.verdict).toBe('some');
  expect(answer.groups[0]).toMatchObject({ forward: ['tcp 5432'], roundTrip: [], witness: { verdict: 'one-way' } });
});

test('none names every stage that stops packets, and which', () => {
  const answer = netOf(TWO_TIERS).reach('eni-a -> eni-b : ssh');
  expect(answer.verdict).toBe('none');
  expect(answer.groups[0]!.blockers).toMatchObject([{ direction: 'forward', stage: 'nacl-in', kills: ['tcp 22'] }]);
});

test('a missing fact that decides makes the answer unknown and is named', () => {
  const drawing: Drawing = { ...TWO_TIERS, absent: ['sg-db'] };
  const answer = netOf(drawing).reach('eni-a -> eni-b : postgres');
  expect(answer.verdict).toBe('unknown');
  expect(answer.unknowns.map(({ key }) => key)).toEqual(['group-rules:sg-db']);
  expect(answer.groups[0]!.open).toEqual(['tcp 5432']);
});

test('a missing fact that decides nothing leaves the answer certain', () => {
  const drawing: Drawing = { ...TWO_TIERS, absent: ['sg-db'] };
  expect(netOf(drawing).reach('eni-a -> eni-b : ssh').verdict).toBe('none');
});

test('a question about more pairs than the limit says so', () => {
  const ask = (): unknown => netOf(TWO_TIERS).reach('internet -> vpc-1', { maxPairs: 3 });
  expect(ask).toThrow(QuestionError);
  expect(ask).toThrow(/over the limit of 3: narrow it, or raise --max-pairs/);
});

test('a question between parts of the internet is no question', () => {
  expect(() => netOf(TWO_TIERS).reach('internet -> 8.8.8.8')).toThrow(/no packet to ask about/);
});

test('the answer survives JSON', () => {
  const answer = netOf(TWO_TIERS).reach('internet -> vpc-1');
  expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
});

test('a witness is sent from a port that answers return to, whatever else is answered', () => {
  // Answers to pings return, and of TCP those to port 5432 alone.
  const nacl = { in: ['100 allow all 0.0.0.0/0'], out: ['100 allow tcp/5432 0.0.0.0/0', '110 allow icmp 0.0.0.0/0'] };
  const subnets = { ...TWO_TIERS.subnets, P: { ...TWO_TIERS.subnets!.P!, nacl } };
  const groups = { ...TWO_TIERS.groups, web: { in: ['all from 0.0.0.0/0'] } };
  const [group] = netOf({ ...TWO_TIERS, subnets, groups }).reach('203.0.113.7 -> eni-a').groups;
  expect(group!.witness).toEqual({ packet: 'tcp 203.0.113.7:5432 > 198.51.100.10:443', verdict: 'delivered' });
});

describe('VPCs that have the same addresses', () => {
  const open = { in: ['all from 0.0.0.0/0'] };
  const twice = netOf({
    vpcs: {
      X: {
        vpc: '10.0.0.0/16',
        subnets: { P: { cidr: '10.0.1.0/24' } },
        groups: { x: open },
        enis: {
          X1: { subnet: 'P', address: '10.0.1.10', groups: ['x'] },
          X2: { subnet: 'P', address: '10.0.1.12', groups: ['x'] },
        },
      },
      Y: {
        vpc: '10.0.0.0/16',
        subnets: { Q: { cidr: '10.0.1.0/24' } },
        groups: { y: open },
        enis: {
          Y1: { subnet: 'Q', address: '10.0.1.10', groups: ['y'] },
          Y2: { subnet: 'Q', address: '10.0.1.11', groups: ['y'] },
        },
      },
    },
  });

  test('what arrives at another holder of the address does not arrive at the one that was asked about', () => {
    const answer = twice.reach('eni-y2 -> eni-x1 : https');
    expect(answer.verdict).toBe('none');
    expect(answer.groups[0]!.blockers).toMatchObject([
      { stage: 'deliver', resource: 'eni-y1', text: 'the address is also that of Y1, where these packets arrive' },
    ]);
    expect(twice.reach('eni-y2 -> eni-y1 : https').verdict).toBe('all');
  });

  test('are told apart by what their neighbours hold', () => {
    const answer = twice.reach('eni-y2 -> eni-x1 | eni-x2 : https');
    expect(answer.groups.map(({ to }) => to.map(({ id }) => id))).toEqual([['eni-x1'], ['eni-x2']]);
  });
});
