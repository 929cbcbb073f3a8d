/** Changes of a network: what is changed, what stays, and what cannot be changed. */

import { describe, expect, test } from 'vitest';
import { type Change, changed } from '../../src/explain/change.ts';
import { createNet } from '../../src/explain/net.ts';
import { QuestionError } from '../../src/explain/question-error.ts';
import type { Network } from '../../src/model/network.ts';
import { parsePrefix } from '../../src/net/address-text.ts';
import { TCP } from '../../src/net/protocol.ts';
import { ALL_TRAFFIC } from '../../src/net/traffic.ts';
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

const ANYONE = { kind: 'cidr', prefix: parsePrefix('0.0.0.0/0').prefix } as const;

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
    const open = net.edit({ kind: 'remove-rule', rule: 'acl-p/in/90' });
    expect(open.walk(SSH).verdict).toBe('delivered');
    expect(open.edit({ kind: 'remove-rule', rule: 'sg-web/in/0.0' }).walk(SSH).verdict).toBe('dropped');
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

describe('adding a rule', () => {
  const peer = { kind: 'cidr', prefix: parsePrefix('203.0.113.0/24').prefix } as const;
  const traffic = { protocol: TCP, firstPortOrIcmp: 443, lastPortOrIcmp: 443 };
  const HTTPS = 'tcp 203.0.113.7:40000 > 198.51.100.10:443';

  test('to a group opens what it allows, and its id can be removed again', () => {
    const open: Change = { kind: 'add-group-rule', group: 'sg-web', rule: { direction: 'in', traffic, peer } };
    const next = changed(changed(NETWORK, open), open);
    expect(rules(next).slice(-2)).toEqual(['sg-web/in/added.0', 'sg-web/in/added.1']);
    expect(createNet(NETWORK).walk(HTTPS).verdict).toBe('dropped');
    expect(createNet(next).walk(HTTPS).verdict).toBe('delivered');
    const removals = ['sg-web/in/added.0', 'sg-web/in/added.1'].map((rule) => ({ kind: 'remove-rule', rule }) as const);
    expect(changed(next, { kind: 'several', changes: removals })).toEqual(NETWORK);
  });

  test('NACL-02: an entry of an ACL goes where its number puts it', () => {
    const entry = { direction: 'in', number: 80, action: 'allow', traffic, peer: peer.prefix } as const;
    const next = changed(NETWORK, { kind: 'add-nacl-entry', networkAcl: 'acl-p', entry });
    expect(entries(next).slice(0, 3)).toEqual(['in 80', 'in 90', 'in 100']);
    expect(changed(next, { kind: 'remove-rule', rule: 'acl-p/in/80' })).toEqual(NETWORK);
  });

  test.each([90, 0, 32767, 1.5])('an entry whose number is taken or no number (%s) throws', (number) => {
    const entry = { direction: 'in', number, action: 'allow', traffic, peer: peer.prefix } as const;
    expect(thrownBy(() => changed(NETWORK, { kind: 'add-nacl-entry', networkAcl: 'acl-p', entry })).message).toMatch(
      number === 90 ? 'acl-p has an entry 90' : `entry number ${number}`,
    );
  });
});

describe('routes', () => {
  const anywhere = parsePrefix('0.0.0.0/0').prefix;
  const table = NETWORK.routeTables.find(({ subnetIds }) => subnetIds.length > 0)!.id;

  test('one is removed, and one for the same destination takes its place', () => {
    const closed = changed(NETWORK, { kind: 'remove-route', routeTable: table, destination: '0.0.0.0/0' });
    expect(createNet(closed).walk('tcp 10.0.1.10:40000 > 8.8.8.8:443').forward.outcome).toBe('dropped');
    const target = { kind: 'internet-gateway', id: NETWORK.internetGateways[0]!.id } as const;
    const add: Change = { kind: 'add-route', routeTable: table, destination: anywhere, target };
    const open = changed(changed(closed, add), add);
    expect(createNet(open).walk('tcp 10.0.1.10:40000 > 8.8.8.8:443').verdict).toBe('delivered');
    expect(open.routeTables.find(({ id }) => id === table)!.routes).toHaveLength(
      NETWORK.routeTables.find(({ id }) => id === table)!.routes.length,
    );
  });

  test('one that is not there throws', () => {
    const change: Change = { kind: 'remove-route', routeTable: table, destination: '0.0.0.0/1' };
    expect(thrownBy(() => changed(NETWORK, change)).message).toBe(`route table ${table} has no route to 0.0.0.0/1`);
  });
});

describe('whole records', () => {
  test('go by their ids', () => {
    const next = changed(NETWORK, { kind: 'remove-records', ids: ['sg-web', 'acl-p'] });
    expect(next.securityGroups.map(({ id }) => id)).toEqual(['sg-default-1']);
    expect(next.networkAcls.map(({ id }) => id)).not.toContain('acl-p');
  });

  test.each([
    { kind: 'remove-records', ids: ['sg-wep'] },
    { kind: 'add-group-rule', group: 'sg-wep', rule: { direction: 'in', traffic: ALL_TRAFFIC, peer: ANYONE } },
  ] satisfies readonly Change[])('that are not there are named, and the like suggested: %j', (change) => {
    const error = thrownBy(() => changed(NETWORK, change));
    expect(error.message).toBe('the network has no "sg-wep" to change');
    expect(error.suggestions).toEqual(['sg-web']);
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
