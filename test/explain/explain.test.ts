/** What stops a question, and the smallest changes that open it or close it. */

import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/explain/change.ts';
import type { ExplainAnswer } from '../../src/explain/explain-answer.ts';
import { createNet, type Net } from '../../src/explain/net.ts';
import { QuestionError } from '../../src/explain/question-error.ts';
import { changeWords } from '../../src/present/change-words.ts';
import { NO_NAMES } from '../../src/present/resource-names.ts';
import type { Drawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';

const TWO_TIERS: Drawing = {
  vpc: '10.0.0.0/16',
  igw: true,
  subnets: { P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw' } }, Q: { cidr: '10.0.2.0/24' } },
  groups: { web: { in: ['tcp/443 from 0.0.0.0/0'] }, db: { in: ['tcp/5432 from sg-web'], out: [] } },
  enis: {
    A: { subnet: 'P', address: '10.0.1.10', public: '198.51.100.10', groups: ['web'] },
    B: { subnet: 'Q', address: '10.0.2.20', groups: ['db'] },
  },
};

function netWith(changes: Drawing): Net {
  return createNet(networkOf({ ...TWO_TIERS, ...changes }));
}

const withAcl = (nacl: { readonly in?: readonly string[]; readonly out?: readonly string[] }): Drawing => ({
  subnets: { ...TWO_TIERS.subnets, Q: { cidr: '10.0.2.0/24', nacl } },
});

function wordsOf(net: Net, changes: readonly Change[]): readonly string[] {
  return changes.map((change) => changeWords(net.network, NO_NAMES, change));
}

function proposalsOf(net: Net, answer: ExplainAnswer): readonly (readonly string[])[] {
  return answer.proposals.map(({ changes }) => wordsOf(net, changes));
}

function opening(net: Net, question: string): readonly (readonly string[])[] {
  return proposalsOf(net, net.explain(question));
}

const POSTGRES = 'eni-a -> eni-b : postgres';

describe('opening', () => {
  test('what is open already needs nothing', () => {
    const answer = netWith({}).explain(POSTGRES);
    expect(answer).toMatchObject({ verdict: 'all', goal: 'open', deciders: [], proposals: [], advice: [], notes: [] });
  });

  test('an entry that denies in front: allow in front of it, or remove it', () => {
    const net = netWith(withAcl({ in: ['90 deny tcp/1-65535 10.0.1.0/24', '100 allow all 0.0.0.0/0'] }));
    const answer = net.explain(POSTGRES);
    expect(answer.verdict).toBe('none');
    expect(answer.deciders).toMatchObject([
      { direction: 'forward', stage: 'nacl-in', resource: 'acl-q', rule: '90', packets: ['tcp 5432'], result: 'deny' },
    ]);
    expect(proposalsOf(net, answer)).toEqual([
      ['acl-q: add inbound entry 89, allow tcp 5432 from 10.0.1.10/32'],
      ['acl-q: remove inbound entry 90, deny tcp 1-65535 from 10.0.1.0/24'],
    ]);
  });

  test('only what is missing is added: the ports that pass already are left alone', () => {
    const net = netWith(withAcl({ in: ['90 deny tcp/5430-5440 10.0.1.0/24', '100 allow all 0.0.0.0/0'] }));
    const question = 'eni-a -> eni-b : tcp/5432-5450';
    const group = { ...TWO_TIERS.groups, db: { in: ['all from sg-web'] } };
    const open = createNet({
      ...net.network,
      securityGroups: networkOf({ ...TWO_TIERS, groups: group }).securityGroups,
    });
    expect(opening(open, question)[0]).toEqual(['acl-q: add inbound entry 89, allow tcp 5432-5440 from 10.0.1.10/32']);
  });

  test('a missing entry for answers: the client ports outwards, behind the last entry', () => {
    const net = netWith(withAcl({ out: ['100 allow tcp/443 0.0.0.0/0'] }));
    const answer = net.explain(POSTGRES, { clientPorts: 'linux' });
    expect(answer.deciders).toMatchObject([{ direction: 'reply', stage: 'nacl-out', packets: ['tcp 32768-61000'] }]);
    expect(proposalsOf(net, answer)).toEqual([
      ['acl-q: add outbound entry 110, allow tcp 32768-61000 to 10.0.1.10/32'],
    ]);
  });

  test('a group without a rule: from the address, or from a group of the sender', () => {
    expect(opening(netWith({}), 'eni-a -> eni-b : ssh')).toEqual([
      ['sg-db: add inbound tcp 22 from 10.0.1.10/32'],
      ['sg-db: add inbound tcp 22 from sg-web'],
    ]);
  });

  test('both sides missing: one change for each', () => {
    const net = netWith({ groups: { web: { out: [] }, db: { in: [] } } });
    const answer = net.explain(POSTGRES);
    expect(answer.deciders.map(({ stage, text }) => [stage, text])).toEqual([
      ['security-group-out', 'no outbound rule at all'],
      ['security-group-in', 'no inbound rule at all'],
    ]);
    expect(answer.proposals.map(({ size }) => size)).toEqual([2, 2, 2, 2]);
    expect(wordsOf(net, answer.proposals[0]!.changes)).toEqual([
      'sg-db: add inbound tcp 5432 from 10.0.1.10/32',
      'sg-web: add outbound tcp 5432 to 10.0.2.20/32',
    ]);
  });

  test('stages behind the first that stops everything are found, too', () => {
    const net = netWith({ ...withAcl({ in: [], out: [] }), groups: { web: { out: [] }, db: { in: [] } } });
    const answer = net.explain(POSTGRES);
    expect(answer.deciders.map(({ direction, stage }) => `${direction} ${stage}`)).toEqual([
      'forward security-group-out',
      'forward nacl-in',
      'forward security-group-in',
      'reply nacl-out',
    ]);
    expect(answer.proposals[0]!.size).toBe(4);
  });

  test('several pairs share one rule, by a group that all senders carry', () => {
    const { enis } = TWO_TIERS;
    const net = netWith({ enis: { ...enis, C: { subnet: 'P', address: '10.0.1.11', groups: ['web'] } } });
    expect(opening(net, 'sg-web -> eni-b : ssh')).toEqual([['sg-db: add inbound tcp 22 from sg-web']]);
  });

  test('a block that the question names can be named by the rule', () => {
    const words = opening(netWith({}), '203.0.113.0/24 -> eni-a : ssh');
    expect(words).toEqual([['sg-web: add inbound tcp 22 from 203.0.113.0/24']]);
  });

  test('the whole internet takes one rule', () => {
    expect(opening(netWith({}), 'internet -> eni-a : ssh')).toEqual([['sg-web: add inbound tcp 22 from 0.0.0.0/0']]);
  });

  test('a missing route to the internet leads to the gateway that is attached', () => {
    const net = netWith({ subnets: { ...TWO_TIERS.subnets, P: { cidr: '10.0.1.0/24', routes: {} } } });
    const answer = net.explain('eni-a -> 203.0.113.7 : https');
    expect(answer.deciders).toMatchObject([{ stage: 'route', code: 'NO_ROUTE_TO_DESTINATION', resource: 'rtb-p' }]);
    expect(proposalsOf(net, answer)).toEqual([
      ['rtb-p: add a route for 203.0.113.7/32 to igw-1'],
      ['rtb-p: add a route for 0.0.0.0/0 to igw-1'],
    ]);
  });

  test('a dead route is replaced', () => {
    const routes = { '0.0.0.0/0': 'nat-gone blackhole' };
    const net = netWith({ subnets: { ...TWO_TIERS.subnets, P: { cidr: '10.0.1.0/24', routes } } });
    expect(opening(net, 'eni-a -> 203.0.113.7 : https')).toContainEqual(['rtb-p: add a route for 0.0.0.0/0 to igw-1']);
  });

  test('a peering without routes needs one on each side', () => {
    const net = createNet(
      networkOf({
        vpcs: {
          L: {
            vpc: '10.1.0.0/16',
            subnets: { L: { cidr: '10.1.1.0/24' } },
            enis: { L: { subnet: 'L', address: '10.1.1.10', groups: ['l'] } },
            groups: { l: {} },
          },
          R: {
            vpc: '10.2.0.0/16',
            subnets: { R: { cidr: '10.2.1.0/24' } },
            enis: { R: { subnet: 'R', address: '10.2.1.10', groups: ['r'] } },
            groups: { r: { in: ['tcp/22 from 10.1.0.0/16'] } },
          },
        },
        peerings: { LR: { from: 'L', to: 'R' } },
      }),
    );
    const words = opening(net, 'eni-l -> eni-r : ssh');
    expect(words).toHaveLength(4);
    expect(words).toContainEqual([
      'rtb-main-l: add a route for 10.2.0.0/16 to pcx-lr',
      'rtb-main-r: add a route for 10.1.0.0/16 to pcx-lr',
    ]);
  });

  test('a route that leads the wrong way is led another, and what that closes is told', () => {
    const net = netWith({
      subnets: {
        P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'nat-g' } },
        Q: { cidr: '10.0.2.0/24', routes: { '0.0.0.0/0': 'igw' } },
      },
      nats: { G: { subnet: 'Q', address: '10.0.2.5', public: '198.51.100.99' } },
      enis: {
        ...TWO_TIERS.enis,
        C: { subnet: 'P', address: '10.0.1.11', groups: ['web'] },
      },
    });
    const answer = net.explain('internet -> eni-a : https');
    expect(answer.verdict).toBe('some');
    expect(proposalsOf(net, answer)).toEqual([['rtb-p: add a route for 0.0.0.0/0 to igw-1']]);
    const { collateral } = answer.proposals[0]!;
    // C has no public address: it loses its way out.
    expect(collateral).toMatchObject({
      kind: 'counted',
      closes: { pairs: 1, examples: [{ from: { id: 'eni-c' }, to: { id: 'internet' } }] },
    });
  });

  test('without a public address there is advice and no change', () => {
    const answer = netWith({}).explain('internet -> eni-b : https');
    expect(answer.proposals).toEqual([]);
    expect(answer.advice).toHaveLength(1);
    expect(answer.advice[0]).toContain('give the target a public address');
  });

  test('a missing fact is named, and nothing is proposed', () => {
    const answer = netWith({ absent: ['sg-db'] }).explain(POSTGRES);
    expect(answer.verdict).toBe('unknown');
    expect(answer.proposals).toEqual([]);
    expect(answer.unknowns.map(({ key }) => key)).toEqual(['group-rules:sg-db']);
  });

  test('an ACL without a free number in front of its denial is named, and its denial can go', () => {
    const net = netWith(withAcl({ in: ['1 deny tcp/5432 0.0.0.0/0', '100 allow all 0.0.0.0/0'] }));
    expect(opening(net, POSTGRES)).toEqual([['acl-q: remove inbound entry 1, deny tcp 5432 from 0.0.0.0/0']]);
    const stuck = netWith(withAcl({ in: ['1 deny tcp/1-6000 0.0.0.0/0', '2 deny tcp/5432 0.0.0.0/0'] })).explain(
      POSTGRES,
    );
    expect(stuck.proposals).toEqual([]);
    expect(stuck.advice.join()).toContain('acl-q');
  });

  test('an ICMP question is opened by its type, and its answer by the other', () => {
    const net = netWith({ ...withAcl({ in: [], out: [] }), groups: { web: {}, db: { in: ['icmp from 10.0.0.0/8'] } } });
    expect(opening(net, 'eni-a -> eni-b : icmp/echo')).toEqual([
      [
        'acl-q: add inbound entry 10, allow icmp type 8 code 0 from 10.0.1.10/32',
        'acl-q: add outbound entry 10, allow icmp type 0 code 0 to 10.0.1.10/32',
      ],
    ]);
  });

  test('whatever is asked is opened by one rule for all traffic', () => {
    const net = netWith({ groups: { web: {}, db: { in: ['tcp/22 from 10.0.0.0/8'] } } });
    expect(opening(net, 'eni-a -> eni-b')[0]).toEqual(['sg-db: add inbound all traffic from 10.0.1.10/32']);
  });
});

describe('closing', () => {
  const close = (net: Net, question: string): ExplainAnswer => net.explain(question, { goal: 'close' });

  test('what is closed already needs nothing', () => {
    expect(close(netWith({}), 'eni-a -> eni-b : ssh')).toMatchObject({ verdict: 'none', deciders: [], proposals: [] });
  });

  test('either side can be cut, and so can either subnet', () => {
    const net = netWith({});
    const answer = close(net, POSTGRES);
    expect(answer.deciders.map(({ stage, rule }) => [stage, rule])).toEqual([
      ['security-group-out', 'sg-web/out/0.0'],
      ['nacl-out', '100'],
      ['nacl-in', '100'],
      ['security-group-in', 'sg-db/in/0.0'],
    ]);
    expect(proposalsOf(net, answer)).toEqual([
      ['sg-db: remove sg-db/in/0.0, inbound tcp 5432 from sg-web'],
      ['acl-default-1: add inbound entry 99, deny tcp 5432 from 10.0.1.10/32'],
      ['acl-default-1: add outbound entry 99, deny tcp 5432 to 10.0.2.20/32'],
      ['sg-web: remove sg-web/out/0.0, outbound all traffic to 0.0.0.0/0'],
    ]);
  });

  test('two inbound rules of one packet are one cut at the outbound rule', () => {
    const net = netWith({
      groups: {
        web: { out: ['tcp/5432 to 10.0.0.0/8'] },
        db: { in: ['tcp/5432 from sg-web', 'tcp/5432 from 10.0.0.0/8'] },
      },
    });
    const removals = close(net, POSTGRES).proposals.filter(({ kind }) => kind === 'remove-rules');
    expect(removals.map(({ changes }) => wordsOf(net, changes))).toEqual([
      ['sg-web: remove sg-web/out/0.0, outbound tcp 5432 to 10.0.0.0/8'],
    ]);
  });

  test('from the internet every inbound rule that lets it in has to go', () => {
    const net = netWith({
      groups: { web: { in: ['tcp/443 from 0.0.0.0/0', 'tcp/80-500 from 203.0.113.0/24'] }, db: {} },
    });
    const answer = close(net, 'internet -> eni-a : https');
    const removals = answer.proposals.filter(({ kind }) => kind === 'remove-rules');
    expect(removals.map(({ size }) => size)).toEqual([2]);
  });

  test('a rule for more ports can be replaced by what is left of it', () => {
    const net = netWith({ groups: { web: { in: ['tcp/80-500 from 0.0.0.0/0'] }, db: {} } });
    const [narrow] = close(net, 'internet -> eni-a : https').proposals.filter(({ kind }) => kind === 'narrow-rules');
    expect(wordsOf(net, narrow!.changes)).toEqual([
      'sg-web: add inbound tcp 80-442 from 0.0.0.0/0',
      'sg-web: add inbound tcp 444-500 from 0.0.0.0/0',
      'sg-web: remove sg-web/in/0.0, inbound tcp 80-500 from 0.0.0.0/0',
    ]);
    expect(narrow!.collateral).toMatchObject({
      opens: { pairs: 0 },
      closes: { pairs: 1, examples: [{ from: { id: 'eni-b' }, to: { id: 'eni-a' }, packets: ['tcp 443'] }] },
    });
  });

  test('between neighbours of a subnet no ACL helps, and the answer says so', () => {
    const { enis } = TWO_TIERS;
    const net = netWith({ enis: { ...enis, C: { subnet: 'P', address: '10.0.1.11', groups: ['web'] } } });
    const answer = close(net, 'eni-a -> eni-c : https');
    expect(answer.proposals.every(({ kind }) => kind === 'remove-rules')).toBe(true);
    expect(answer.notes.join()).toContain('no entry of a network ACL denies all of it');
  });

  test('rules that the snapshot does not show cannot be removed: only entries close it for certain', () => {
    const answer = close(netWith({ absent: ['sg-db', 'sg-web'] }), POSTGRES);
    expect(answer.proposals.map(({ kind }) => kind)).toEqual(['deny-entries', 'deny-entries']);
    expect(answer.notes[0]).toContain('is not in the snapshot');
  });
});

test('a question of no pairs, and one about too many, are refused', () => {
  const net = netWith({});
  expect(() => net.explain('eni-a -> eni-a : ssh')).toThrow(QuestionError);
  expect(() => net.explain('vpc-1 -> vpc-1 : ssh', { maxPairs: 1 })).toThrow(/over the limit of 1/);
  expect(() => net.explain('eni-x -> eni-a')).toThrow(QuestionError);
});

test('the answer survives JSON and is the same every time', () => {
  const net = netWith(withAcl({ in: [] }));
  const answer = net.explain(POSTGRES);
  expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
  expect(JSON.stringify(createNet(net.network).explain(POSTGRES))).toBe(JSON.stringify(answer));
});
