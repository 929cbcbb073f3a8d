/** Records that appear, vanish or change, in words; and the change that turns one network into another. */

import { describe, expect, test } from 'vitest';
import { changed } from '../../src/explain/change.ts';
import { align } from '../../src/explain/diff-align.ts';
import type { RecordDifference } from '../../src/explain/diff-answer.ts';
import { changeBetween, recordDifferences } from '../../src/explain/diff-records.ts';
import { edited } from '../../src/explain/edit-text.ts';
import type { Network } from '../../src/model/network.ts';
import { networkOf } from '../support/network.ts';
import { BASE } from './small-net.ts';

const NETWORK = networkOf(BASE);

function differences(after: Network, before: Network = NETWORK): readonly RecordDifference[] {
  return recordDifferences(before, after, align(before, after));
}

describe('a record that changes', () => {
  test.each([
    // edit                                                record         field       removed                      added
    ['allow sg-web in icmp/echo from 10.0.0.0/8', 'sg-web', 'rules', [], ['in icmp type 8 code 0 from 10.0.0.0/8']],
    ['remove sg-web/in/0.0', 'sg-web', 'rules', ['in tcp 443 from 203.0.113.0/24'], []],
    ['allow sg-web out tcp/1-2 to sg-open', 'sg-web', 'rules', [], ['out tcp 1-2 to sg-open']],
    [
      'entry acl-default-1 in 7 deny any from 1.2.3.4',
      'acl-default-1',
      'entries',
      [],
      ['in 7 deny all traffic from 1.2.3.4/32'],
    ],
    ['unroute rtb-p 0.0.0.0/0', 'rtb-p', 'routes', ['0.0.0.0/0 to igw-1'], []],
    ['route rtb-q 0.0.0.0/0 igw-1', 'rtb-q', 'routes', ['0.0.0.0/0 to nat-g'], ['0.0.0.0/0 to igw-1']],
  ])('by %s says so field by field', (edit, id, field, removed, added) => {
    expect(differences(edited(NETWORK, edit))).toMatchObject([
      { change: 'changes', id, idBefore: null, fields: [{ field, removed, added }] },
    ]);
  });

  test('shows addresses, groups and what it is attached to', () => {
    const after = networkOf({
      ...BASE,
      enis: { ...BASE.enis, A: { subnet: 'P', address: '10.0.1.10', groups: ['open'], check: false } },
    });
    expect(differences(after).find(({ id }) => id === 'eni-a')!.fields).toEqual([
      {
        field: 'addresses',
        removed: ['10.0.1.10, public 198.51.100.10, primary'],
        added: ['10.0.1.10, primary'],
      },
      { field: 'groups', removed: ['sg-web'], added: ['sg-open'] },
      { field: 'source/dest check', removed: ['yes'], added: ['no'] },
    ]);
  });
});

test('a record that was read elsewhere, and a rule that was numbered anew, are no differences', () => {
  const origin = { file: 'elsewhere.json', pointer: '/x' };
  const securityGroups = NETWORK.securityGroups.map((group) => ({
    ...group,
    origin,
    rules: group.rules.map((rule) => ({ ...rule, id: `sgr-${rule.id}`, origin })),
  }));
  expect(differences({ ...NETWORK, securityGroups })).toEqual([]);
});

test('records with new ids and old names are the same, and so is what refers to them', () => {
  const rename = (network: Network): Network =>
    JSON.parse(JSON.stringify(network).replaceAll('sg-web', 'sg-new').replaceAll('nat-g', 'nat-new')) as Network;
  const after = rename(NETWORK);
  const named = (network: Network): Network => ({
    ...network,
    securityGroups: network.securityGroups.map((group) => ({
      ...group,
      name: group.id.includes('default') ? null : group.id.replace('new', 'web'),
    })),
    natGateways: network.natGateways.map((nat) => ({ ...nat, name: 'way out' })),
  });
  const found = differences(named(after), named(NETWORK));
  expect(found.filter(({ kind }) => kind !== 'networkInterfaces' && kind !== 'securityGroups')).toEqual([]);
  expect(found.filter(({ change }) => change !== 'changes')).toEqual([]);
});

test('records of one network alone appear and vanish', () => {
  const after = networkOf({ ...BASE, groups: { ...BASE.groups, new: {} }, nats: {} });
  const found = differences(after).map(({ change, id }) => `${change} ${id}`);
  expect(found).toContain('appears sg-new');
  expect(found).toContain('vanishes nat-g');
  expect(found).toContain('vanishes eni-nat-g');
});

describe('the change between two networks', () => {
  test('is none between equal ones', () => {
    expect(changeBetween(NETWORK, networkOf(BASE))).toEqual({ kind: 'several', changes: [] });
  });

  test('holds what differs and nothing else, and survives JSON', () => {
    const after = edited(NETWORK, ['remove sg-web/in/0.0', { kind: 'remove-records', ids: ['nat-g'] }]);
    const change = changeBetween(NETWORK, after);
    expect(change).toMatchObject({
      kind: 'several',
      changes: [
        { kind: 'remove-records', ids: ['nat-g'] },
        { kind: 'replace', network: { securityGroups: [{ id: 'sg-web' }] } },
      ],
    });
    expect(changed(NETWORK, JSON.parse(JSON.stringify(change)))).toEqual(after);
  });

  test('keeps a record whose id another kind of record has lost', () => {
    const [vpc] = NETWORK.vpcs;
    const before = {
      ...NETWORK,
      vpcs: [vpc!, { ...vpc!, id: 'x' }],
      subnets: [...NETWORK.subnets, { ...NETWORK.subnets[0]!, id: 'x' }],
    };
    const after = { ...before, vpcs: [vpc!] };
    expect(changed(before, changeBetween(before, after))).toEqual(after);
  });
});
