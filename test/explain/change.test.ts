/** Changes of a network: what is changed, what stays, and what cannot be changed. */

import { describe, expect, test } from 'vitest';
import { changed } from '../../src/explain/change.ts';
import { createNet } from '../../src/explain/net.ts';
import { QuestionError } from '../../src/explain/question-error.ts';
import type { Network } from '../../src/model/network.ts';
import { networkOf } from '../support/network.ts';

const NETWORK = networkOf({
  vpc: '10.0.0.0/16',
  igw: true,
  subnets: {
    P: {
      cidr: '10.0.1.0/24',
      routes: { '0.0.0.0/0': 'igw' },
      nacl: { in: ['90 deny tcp/22 203.0.113.0/24', '100 allow all 0.0.0.0/0'], out: ['100 allow all 0.0.0.0/0'] },
    },
  },
  groups: { web: { in: ['tcp/22 from 0.0.0.0/0', 'tcp/80 from 0.0.0.0/0'] } },
  enis: { A: { subnet: 'P', address: '10.0.1.10', public: '198.51.100.10', groups: ['web'] } },
});

const SSH = 'tcp 203.0.113.7:40000 > 198.51.100.10:22';

const rules = (network: Network): readonly string[] =>
  network.securityGroups.find(({ id }) => id === 'sg-web')!.rules.map(({ id }) => id);
const entries = (network: Network): readonly string[] =>
  network.networkAcls.find(({ id }) => id === 'acl-p')!.entries.map((entry) => `${entry.direction} ${entry.number}`);

describe('removing a rule', () => {
  test('takes that rule out of its group and leaves the network before as it was', () => {
    const next = changed(NETWORK, { kind: 'remove-rule', rule: 'sg-web/in/0.0' });
    expect(rules(next)).toEqual(rules(NETWORK).filter((id) => id !== 'sg-web/in/0.0'));
    expect(rules(NETWORK)).toHaveLength(3);
    expect(next.networkAcls).toBe(NETWORK.networkAcls);
  });

  test('takes an entry out of one direction of its ACL', () => {
    const next = changed(NETWORK, { kind: 'remove-rule', rule: 'acl-p/in/100' });
    expect(entries(next)).toEqual(entries(NETWORK).filter((entry) => entry !== 'in 100'));
    expect(entries(next)).toContain('out 100');
  });

  test('opens and closes what it decided', () => {
    const net = createNet(NETWORK);
    expect(net.walk(SSH).verdict).toBe('dropped');
    const open = net.apply({ kind: 'remove-rule', rule: 'acl-p/in/90' });
    expect(open.walk(SSH).verdict).toBe('delivered');
    expect(open.apply({ kind: 'remove-rule', rule: 'sg-web/in/0.0' }).walk(SSH).verdict).toBe('dropped');
    expect(net.walk(SSH).verdict).toBe('dropped');
  });

  test.each([
    // rule                   suggested
    ['sg-web/in/9.0', ['sg-web/in/0.0', 'sg-web/in/1.0']],
    ['acl-p/in/9', ['acl-p/in/90']],
    ['acl-p/up/100', ['acl-p/in/100', 'acl-p/out/100']],
    ['nothing-like-it', []],
  ])('that is not there (%s) throws, and suggests %j', (rule, suggestions) => {
    const error = thrownBy(() => changed(NETWORK, { kind: 'remove-rule', rule }));
    expect(error.message).toBe(`no rule "${rule}": write a security group rule's id, or ACL/in/NUMBER`);
    expect(error.suggestions).toEqual(expect.arrayContaining(suggestions));
    if (suggestions.length === 0) expect(error.suggestions).toEqual([]);
  });

  test('NACL-04: the closing entries cannot be removed, and are not suggested', () => {
    const error = thrownBy(() => changed(NETWORK, { kind: 'remove-rule', rule: 'acl-p/in/32767' }));
    expect(error.suggestions).toEqual([]);
    expect(() => changed(NETWORK, { kind: 'remove-rule', rule: 'acl-p/out/32768' })).toThrow(QuestionError);
    expect(() => changed(NETWORK, { kind: 'remove-rule', rule: 'acl-p/in/*' })).toThrow(QuestionError);
  });
});

describe('replacing records', () => {
  const [web] = NETWORK.securityGroups.filter(({ id }) => id === 'sg-web');

  test('one of a known id takes the place of that one', () => {
    const next = changed(NETWORK, { kind: 'replace', network: { securityGroups: [{ ...web!, rules: [] }] } });
    expect(rules(next)).toEqual([]);
    expect(next.securityGroups.map(({ id }) => id)).toEqual(NETWORK.securityGroups.map(({ id }) => id));
  });

  test('one of a new id is added, and the list stays in the order of ids', () => {
    const next = changed(NETWORK, { kind: 'replace', network: { securityGroups: [{ ...web!, id: 'sg-a' }] } });
    expect(next.securityGroups.map(({ id }) => id)).toEqual(['sg-a', 'sg-default-1', 'sg-web']);
  });

  test('kinds that are not given stay as they are, and so does all else that the snapshot says', () => {
    const next = changed(NETWORK, { kind: 'replace', network: {} });
    expect(next).toEqual(NETWORK);
    expect(next.lists).toBe(NETWORK.lists);
  });
});

function thrownBy(act: () => unknown): QuestionError {
  try {
    act();
  } catch (error) {
    if (error instanceof QuestionError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
