/** What the internet reaches, and what one thing alone keeps from being reached. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ExposureAnswer } from '../../src/explain/exposure-answer.ts';
import { createNet, type Net } from '../../src/explain/net.ts';
import { QuestionError } from '../../src/explain/question-error.ts';
import { drawings } from '../support/arbitrary-networks.ts';
import type { Drawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';

const WEB: Drawing = {
  vpc: '10.0.0.0/16',
  igw: true,
  subnets: {
    P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw' } },
    Q: {
      cidr: '10.0.2.0/24',
      routes: { '0.0.0.0/0': 'igw' },
      nacl: { in: ['100 deny tcp/22 0.0.0.0/0', '200 allow all 0.0.0.0/0'], out: ['100 allow all 0.0.0.0/0'] },
    },
    R: { cidr: '10.0.3.0/24', routes: { '0.0.0.0/0': 'nat-g' } },
  },
  nats: { G: { subnet: 'P', address: '10.0.1.5', public: '198.51.100.99' } },
  groups: {
    web: { in: ['tcp/443 from 0.0.0.0/0', 'tcp/22 from 203.0.113.0/24'] },
    shut: { in: [] },
  },
  enis: {
    A: { subnet: 'P', address: '10.0.1.10', public: '198.51.100.10', groups: ['web'] },
    B: { subnet: 'P', address: '10.0.1.11', public: '198.51.100.11', groups: ['web'] },
    C: { subnet: 'Q', address: '10.0.2.10', public: '198.51.100.20', groups: ['web'] },
    D: { subnet: 'P', address: '10.0.1.12', groups: ['web'] },
    E: { subnet: 'P', address: '10.0.1.13', public: '198.51.100.13', groups: ['shut'] },
    F: { subnet: 'R', address: '10.0.3.10', groups: ['web'] },
  },
};

const netOf = (changes: Drawing = {}): Net => createNet(networkOf({ ...WEB, ...changes }));
const summary = (findings: readonly { places: readonly { id: string }[]; from: readonly string[] }[], what: string) =>
  findings.map((finding) => {
    const told = (finding as unknown as Readonly<Record<string, readonly string[]>>)[what]!;
    const wide = finding.from.length > 3 ? ['many'] : finding.from;
    return `${finding.places.map(({ id }) => id)} ${wide}: ${told.join('; ')}`;
  });

describe('what is reached', () => {
  test('is told once for all interfaces alike, by the addresses that fare alike', () => {
    expect(summary(netOf().exposure().exposed, 'roundTrip')).toEqual([
      'eni-a,eni-b many: tcp 443',
      'eni-a,eni-b 203.0.113.0/24: tcp 22,443',
      'eni-c many: tcp 443',
    ]);
  });

  test('has a witness, and the rules that let it through', () => {
    const [first, ...others] = netOf().exposure({ to: 'eni-c', service: 'https' }).exposed;
    expect(others).toEqual([]);
    expect(first!.witness).toEqual({ packet: 'tcp 203.0.113.7:49152 > 198.51.100.20:443', verdict: 'delivered' });
    expect(first!.through.map(({ stage, resource, rule }) => `${stage} ${resource} ${rule}`)).toEqual([
      'nacl-in acl-q 200',
      'security-group-in sg-web sg-web/in/0.0',
    ]);
  });

  test('is the same as one question an interface', () => {
    fc.assert(
      fc.property(drawings({ hasGaps: true }), (drawing) => {
        const network = networkOf(drawing);
        fc.pre(network.networkInterfaces.length > 0);
        const net = createNet(network);
        const { exposed, open } = net.exposure();
        const found = new Set([...exposed, ...open].flatMap(({ places }) => places.map(({ id }) => id)));
        for (const { id } of network.networkInterfaces) {
          const { groups } = net.reach(`internet -> ${id}`);
          const isReached = groups.some(({ forward, open: left }) => forward.length + left.length > 0);
          expect([id, found.has(id)]).toEqual([id, isReached]);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('what is one change away', () => {
  const answer: ExposureAnswer = netOf().exposure();

  test('is a network ACL that alone refuses, and the change that shows it', () => {
    expect(summary(answer.near, 'packets')).toContain('eni-c 203.0.113.0/24: tcp 22');
    expect(answer.near.find(({ obstacle }) => obstacle === 'network-acl')?.resource).toBe('acl-q');
    const opened = netOf().edit({ kind: 'remove-rule', rule: 'acl-q/in/100' });
    expect(summary(opened.exposure().exposed, 'roundTrip')).toContain('eni-a,eni-b 203.0.113.0/24: tcp 22,443');
    expect(opened.exposure({ to: 'eni-c', service: 'ssh' }).exposed).toHaveLength(1);
  });

  test('is a public address that is missing where all else is open, and not behind a NAT gateway', () => {
    const missing = answer.near.filter(({ obstacle }) => obstacle === 'public-address');
    expect([...new Set(missing.flatMap(({ places }) => places.map(({ id }) => id)))]).toEqual(['eni-d']);
    const enis = { ...WEB.enis, D: { ...WEB.enis!.D!, public: '198.51.100.12' } };
    expect(netOf({ enis }).exposure({ to: 'eni-d', service: 'https' }).exposed.length).toBeGreaterThan(0);
  });

  test('leaves what security groups alone keep out to a list of its own', () => {
    const shut = answer.shielded.filter(({ places }) => places.some(({ id }) => id === 'eni-e'));
    expect(summary(shut, 'packets')).toEqual(['eni-e many: all traffic']);
    expect(shut[0]!.groups).toEqual(['sg-shut']);
    expect(answer.exposed.some(({ places }) => places.some(({ id }) => id === 'eni-e'))).toBe(false);
  });
});

test('a missing fact leaves an exposure open and is named', () => {
  const answer = netOf({ absent: ['sg-web'] }).exposure({ to: 'eni-a' });
  expect(answer.exposed).toEqual([]);
  expect(answer.open.length).toBeGreaterThan(0);
  expect(answer.unknowns.map(({ key }) => key)).toEqual(['group-rules:sg-web']);
});

test('a network without interfaces is no answer', () => {
  const empty = createNet(networkOf({ vpc: '10.0.0.0/16' }));
  expect(() => empty.exposure()).toThrow(QuestionError);
  expect(() => empty.matrix()).toThrow('there is no interface with an address to ask about');
});

describe('behind a load balancer', () => {
  const BALANCED: Drawing = {
    vpc: '10.0.0.0/16',
    igw: true,
    subnets: {
      P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw' } },
      R: { cidr: '10.0.2.0/24' },
    },
    groups: { app: { in: ['tcp/8443 from 0.0.0.0/0'] } },
    enis: {
      B: { subnet: 'R', address: '10.0.2.20', groups: ['app'] },
      C: { subnet: 'R', address: '10.0.2.30', groups: ['app'] },
    },
    balancers: {
      web: {
        kind: 'network',
        nodes: { P: { address: '10.0.1.200', public: '198.51.100.50' } },
        listeners: { 'TCP 443': 'app' },
      },
    },
    targetGroups: { app: { to: 'TCP 8443', targets: ['i-b'] } },
  };
  const net = createNet(networkOf(BALANCED));

  test('a host without a public address is reached, and the answer says by which listener', () => {
    const { exposed, reached, interfaces } = net.exposure();
    expect([reached, interfaces]).toEqual([2, 3]);
    expect(exposed).toMatchObject([
      {
        roundTrip: ['tcp 443'],
        behind: [{ place: { id: 'eni-b' }, packets: ['tcp 8443'], by: expect.stringMatching(/^listener TCP 443 of /) }],
      },
    ]);
  });

  test('also when only the host is asked about, or the port that it listens to', () => {
    const asked = (to: string, service?: string): unknown => {
      const { exposed, reached } = net.exposure({ to, ...(service === undefined ? {} : { service }) });
      return [reached, exposed.map(({ roundTrip, behind }) => [roundTrip, behind.map(({ place }) => place.id)])];
    };
    expect(asked('eni-b')).toEqual([1, [[['tcp 443'], ['eni-b']]]]);
    expect(asked('eni-b', 'tcp/8443')).toEqual([1, [[['tcp 443'], ['eni-b']]]]);
    expect(asked('eni-b', 'tcp/443')).toEqual([0, []]);
    expect(asked('eni-c')).toEqual([0, []]);
  });
});
