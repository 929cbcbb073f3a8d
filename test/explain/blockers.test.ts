/** Everything that stops a packet, by code, place and record (NACL-27). */

import { describe, expect, test } from 'vitest';
import type { Leg } from '../../src/explain/trace.ts';
import type { Drawing } from '../support/drawing.ts';
import { BASE, CLIENT, OPEN, walkIn as walk } from './small-net.ts';

const places = ({ hops }: Leg): readonly string[] => hops.map(({ place }) => place.id);

describe('what stops a packet', () => {
  const blockers = ({ blockers: all }: Leg): readonly string[] =>
    all.map(({ stage, code, place, resource, rule }) => [stage, code, place.id, resource, rule].join(' '));

  test('NACL-27: every filter that refuses is listed, the first one met first', () => {
    const { forward, reply } = walk(`tcp 10.0.2.20:40000 > 10.0.1.10:443`, {
      subnets: {
        P: { cidr: '10.0.1.0/24', nacl: { in: ['50 deny all 10.0.2.0/24'] } },
        Q: { cidr: '10.0.2.0/24', nacl: { out: [] } },
      },
      nats: {},
      groups: { open: { out: [] }, web: { in: ['tcp/80 from 0.0.0.0/0'] } },
    });
    expect(blockers(forward)).toEqual([
      'security-group-out SG_HAS_NO_RULES eni-b sg-open ',
      'nacl-out SUBNET_ACL_RESTRICTION subnet-q acl-q *',
      'nacl-in SUBNET_ACL_RESTRICTION subnet-p acl-p 50',
      'security-group-in ENI_SG_RULES_MISMATCH eni-a sg-web ',
    ]);
    // The hops end where the packet was stopped.
    expect(places(forward)).toEqual(['eni-b']);
    expect([forward.to.id, reply]).toEqual(['eni-b', null]);
  });

  test('connection tracking speaks past the first blocker too: an answer is refused by the ACL alone', () => {
    const { verdict, reply } = walk(`tcp ${CLIENT}:40000 > 198.51.100.10:443`, {
      subnets: {
        P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw' }, nacl: { out: ['100 allow tcp/443 0.0.0.0/0'] } },
      },
      groups: { web: { in: ['tcp/443 from 203.0.113.0/24'], out: [] } },
      nats: {},
      enis: { A: { subnet: 'P', address: '10.0.1.10', public: '198.51.100.10', groups: ['web'] } },
    });
    expect(verdict).toBe('one-way');
    expect(blockers(reply!)).toEqual(['nacl-out SUBNET_ACL_RESTRICTION subnet-p acl-p *']);
  });

  test.each<readonly [what: string, packet: string, changes: Drawing, blocker: string]>([
    [
      'a route that is missing',
      `tcp 10.0.2.20:40000 > ${CLIENT}:443`,
      {
        subnets: { Q: { cidr: '10.0.2.0/24', routes: {} } },
        nats: {},
        enis: { B: { subnet: 'Q', address: '10.0.2.20' } },
      },
      'route NO_ROUTE_TO_DESTINATION subnet-q rtb-q ',
    ],
    [
      'a blackhole',
      `tcp 10.0.2.20:40000 > ${CLIENT}:443`,
      {
        subnets: { Q: { cidr: '10.0.2.0/24', routes: { '0.0.0.0/0': 'nat-g blackhole' } } },
        nats: {},
        enis: { B: { subnet: 'Q', address: '10.0.2.20' } },
      },
      'route BAD_STATE_ROUTE subnet-q rtb-q 0.0.0.0/0',
    ],
    [
      'an address that nobody has',
      'tcp 10.0.2.20:40000 > 10.0.1.99:443',
      {},
      'deliver NO_POSSIBLE_DESTINATION subnet-p  ',
    ],
    [
      'a NAT gateway that has failed',
      `tcp 10.0.2.20:40000 > ${CLIENT}:443`,
      { nats: { G: { subnet: 'N', address: '10.0.9.5', state: 'failed' } } },
      'gateway-check BAD_STATE nat-g nat-g ',
    ],
    [
      'a protocol that NAT gateways do not carry',
      `esp 10.0.2.20 > ${CLIENT}`,
      {},
      'gateway-check PROTOCOL_RESTRICTION nat-g nat-g ',
    ],
    [
      'a private destination at the internet gateway',
      'tcp 10.0.1.10:40000 > 192.168.7.7:443',
      {},
      'gateway-check IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS igw-1 igw-1 ',
    ],
  ])('%s has its code, place and record', (_what, packet, changes, blocker) => {
    expect(blockers(walk(packet, changes).forward)).toEqual([blocker]);
  });

  test('SG-12: a group rule that cannot see the sender any more has a code of its own', () => {
    const { forward } = walk('tcp 10.0.2.20:40000 > 10.0.3.30:443', {
      subnets: {
        Q: { cidr: '10.0.2.0/24', routes: { '10.0.3.0/24': 'nat-g' } },
        N: { cidr: '10.0.9.0/24' },
        R: { cidr: '10.0.3.0/24' },
      },
      nats: { G: { subnet: 'N', address: '10.0.9.5' } },
      groups: { open: OPEN, db: { in: ['tcp/443 from sg-open'] } },
      enis: {
        B: { subnet: 'Q', address: '10.0.2.20', groups: ['open'] },
        C: { subnet: 'R', address: '10.0.3.30', groups: ['db'] },
      },
    });
    expect(blockers(forward)).toEqual(['security-group-in SG_REFERENCES_NOT_PRESERVED eni-c sg-db ']);
  });

  test('SG-12: also behind another filter that refuses, and only of the group that lost sight of it', () => {
    const appliances = new Map([
      ['eni-f', 'forwards'],
      ['eni-g', 'forwards'],
    ] as const);
    const { forward } = walk(
      'tcp 10.0.1.10:40000 > 10.0.2.20:443',
      {
        subnets: {
          P: { cidr: '10.0.1.0/24', routes: { '10.0.2.0/24': 'eni-f' } },
          F: { cidr: '10.0.3.0/24', routes: { '10.0.2.0/24': 'eni-g' } },
          G: { cidr: '10.0.4.0/24', nacl: { in: [] } },
          Q: { cidr: '10.0.2.0/24' },
        },
        nats: {},
        groups: {
          open: OPEN,
          seeing: { in: ['tcp/443 from sg-open'], out: ['tcp/80 to 0.0.0.0/0'] },
          web: { in: ['tcp/80 from 0.0.0.0/0'] },
        },
        enis: {
          A: { subnet: 'P', address: '10.0.1.10', groups: ['open'] },
          F: { subnet: 'F', address: '10.0.3.5', check: false, groups: ['open'] },
          G: { subnet: 'G', address: '10.0.4.5', check: false, groups: ['seeing'] },
          B: { subnet: 'Q', address: '10.0.2.20', groups: ['web'] },
        },
      },
      { appliances },
    );
    expect(blockers(forward)).toEqual([
      'nacl-in SUBNET_ACL_RESTRICTION subnet-g acl-g *',
      'security-group-in SG_REFERENCES_NOT_PRESERVED eni-g sg-seeing ',
      'security-group-out ENI_SG_RULES_MISMATCH eni-g sg-seeing ',
      'security-group-in ENI_SG_RULES_MISMATCH eni-b sg-web ',
    ]);
  });

  test('an answer that comes from another address than was asked is taken for none', () => {
    // B has a public address of its own, but its subnet routes to the NAT gateway.
    const { verdict, reply } = walk(`udp ${CLIENT}:40000 > 198.51.100.20:53`, {
      enis: { B: { subnet: 'Q', address: '10.0.2.20', public: '198.51.100.20', groups: ['open'] } },
    });
    expect(verdict).toBe('one-way');
    expect(reply?.blockers).toMatchObject([
      {
        code: 'NGW_SOURCE_ADDRESS_REASSIGN',
        text: 'the answer arrives from 198.51.100.99, but the packet was sent to 198.51.100.20: the sender takes it for no answer',
      },
    ]);
  });

  test('an answer that reaches another interface than the sender’s says so', () => {
    const { verdict, reply } = walk('tcp 10.0.2.20:40000@eni-f > 10.0.1.10:443', {
      groups: { open: OPEN, web: OPEN },
      enis: {
        ...BASE.enis,
        F: { subnet: 'P', address: '10.0.1.66', check: false, groups: ['open'] },
      },
    });
    expect(verdict).toBe('one-way');
    expect(reply?.blockers).toMatchObject([
      { code: 'NO_POSSIBLE_DESTINATION', text: 'the answer arrives at eni-b, which did not send the packet' },
    ]);
  });
});

describe('routes that lead in a circle', () => {
  const appliances = new Map([
    ['eni-f', 'forwards'],
    ['eni-h', 'forwards'],
  ] as const);
  const circle = (nacls: { P?: Drawing['defaultNacl']; H?: Drawing['defaultNacl'] } = {}): Drawing => ({
    subnets: {
      P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'eni-f' }, nacl: nacls.P ?? {} },
      F: { cidr: '10.0.11.0/24', routes: { '0.0.0.0/0': 'eni-h' } },
      H: { cidr: '10.0.12.0/24', routes: { '0.0.0.0/0': 'eni-f' }, nacl: nacls.H ?? {} },
    },
    nats: {},
    enis: {
      A: { subnet: 'P', address: '10.0.1.10', groups: ['open'] },
      F: { subnet: 'F', address: '10.0.11.5', check: false, groups: ['open'] },
      H: { subnet: 'H', address: '10.0.12.5', check: false, groups: ['open'] },
    },
  });
  const ask = (drawing: Drawing): Leg => walk(`tcp 10.0.1.10:40000 > ${CLIENT}:443`, drawing, { appliances }).forward;

  test('are shown for one round, and end the packet', () => {
    const leg = ask(circle());
    expect(leg.outcome).toBe('dropped');
    expect(places(leg)).toEqual([
      'eni-a',
      'subnet-p',
      'subnet-f',
      'eni-f',
      'subnet-f',
      'subnet-h',
      'eni-h',
      'subnet-h',
      'subnet-f',
    ]);
    expect(leg.blockers.map(({ text }) => text)).toEqual(['the routes lead in a circle']);
  });

  test('behind a filter that refuses are only a further blocker: the hops end at the filter', () => {
    const leg = ask(circle({ P: { out: [] } }));
    expect(places(leg)).toEqual(['eni-a', 'subnet-p']);
    expect(leg.to.id).toBe('subnet-p');
    expect(leg.blockers.map(({ code }) => code)).toEqual(['SUBNET_ACL_RESTRICTION', 'NO_POSSIBLE_DESTINATION']);
  });

  test('SG-11: are walked until a filter stops the packet, if it does so only on the second round', () => {
    const drawing: Drawing = {
      subnets: { F: { cidr: '10.0.11.0/24', routes: { '0.0.0.0/0': 'eni-f' } } },
      nats: {},
      groups: { ring: { in: ['icmp/0 from sg-ring'] } },
      enis: { F: { subnet: 'F', address: '10.0.11.5', check: false, groups: ['ring'] } },
    };
    const leg = walk(`icmp echo-reply 10.0.11.5 > ${CLIENT}`, drawing, { appliances }).forward;
    expect(leg.to.id).toBe('eni-f');
    expect(leg.blockers.map(({ stage, code }) => [stage, code])).toEqual([
      ['security-group-in', 'SG_REFERENCES_NOT_PRESERVED'],
      ['deliver', 'NO_POSSIBLE_DESTINATION'],
    ]);
  });

  test('with a filter in the circle name the filter once', () => {
    const leg = ask(circle({ H: { in: [] } }));
    expect(places(leg).at(-1)).toBe('subnet-h');
    expect(leg.blockers.map(({ code }) => code)).toEqual(['SUBNET_ACL_RESTRICTION', 'NO_POSSIBLE_DESTINATION']);
  });
});
