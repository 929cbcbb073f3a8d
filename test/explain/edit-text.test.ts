/** What-if in words: what every form means, and what is refused where. */

import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/explain/change.ts';
import { parseEdit } from '../../src/explain/edit-text.ts';
import { createNet } from '../../src/explain/net.ts';
import { QuestionError } from '../../src/explain/question-error.ts';
import { parsePrefix } from '../../src/net/address-text.ts';
import { ICMP, TCP, UDP } from '../../src/net/protocol.ts';
import { ALL_TRAFFIC } from '../../src/net/traffic.ts';
import { networkOf } from '../support/network.ts';
import { BASE } from './small-net.ts';

const DRAWN = networkOf({ ...BASE, prefixLists: { office: ['192.0.2.0/24'] } });
const NETWORK = {
  ...DRAWN,
  securityGroups: DRAWN.securityGroups.map((group) => ({ ...group, name: group.id === 'sg-web' ? 'my web' : 'rest' })),
  networkAcls: DRAWN.networkAcls.map((acl) => ({ ...acl, name: 'the list' })),
  internetGateways: DRAWN.internetGateways.map((gateway) => ({ ...gateway, name: 'way-out' })),
};

const block = (text: string) => parsePrefix(text).prefix;
const cidr = (text: string) => ({ kind: 'cidr', prefix: block(text) }) as const;
const tcp = (first: number, last: number) => ({ protocol: TCP, firstPortOrIcmp: first, lastPortOrIcmp: last });
const allow = (direction: 'in' | 'out', traffic: object, peer: object) =>
  ({ kind: 'add-group-rule', group: 'sg-web', rule: { direction, traffic, peer } }) as Change;
const ofGroup = (groupId: string) => ({
  kind: 'group',
  groupId,
  account: null,
  vpcId: null,
  peeringId: null,
  peeringStatus: null,
});

const forms: readonly (readonly [string, Change])[] = [
  ['remove sg-web/in/0.0', { kind: 'remove-rule', rule: 'sg-web/in/0.0' }],
  ['remove "the list/in/100"', { kind: 'remove-rule', rule: 'acl-default-1/in/100' }],
  ['remove acl-default-1/in/100', { kind: 'remove-rule', rule: 'acl-default-1/in/100' }],
  ['allow sg-web in tcp/443 from 10.0.0.0/8', allow('in', tcp(443, 443), cidr('10.0.0.0/8'))],
  ['  ALLOW "my web"  OUT tcp/1024-2048 to 10.1.2.3 ', allow('out', tcp(1024, 2048), cidr('10.1.2.3/32'))],
  ['allow sg-web in any from ::/0', allow('in', ALL_TRAFFIC, cidr('::/0'))],
  [
    'allow sg-web in icmp/8 from 2001:db8::1',
    allow('in', { protocol: ICMP, firstPortOrIcmp: 2048, lastPortOrIcmp: 2303 }, cidr('2001:db8::1/128')),
  ],
  ['allow sg-web in https from sg-open', allow('in', tcp(443, 443), ofGroup('sg-open'))],
  ['allow sg-web in tcp/5 from "my web"', allow('in', tcp(5, 5), ofGroup('sg-web'))],
  ['allow sg-web in tcp/5 from pl-office', allow('in', tcp(5, 5), { kind: 'prefix-list', id: 'pl-office' })],
  [
    'allow sg-web in tcp/80,443 from 10.0.0.0/8',
    {
      kind: 'several',
      changes: [allow('in', tcp(80, 80), cidr('10.0.0.0/8')), allow('in', tcp(443, 443), cidr('10.0.0.0/8'))],
    },
  ],
  [
    'entry "the list" in 90 deny tcp/22 from 0.0.0.0/0',
    {
      kind: 'add-nacl-entry',
      networkAcl: 'acl-default-1',
      entry: { direction: 'in', number: 90, action: 'deny', traffic: tcp(22, 22), peer: block('0.0.0.0/0') },
    },
  ],
  [
    'entry acl-default-1 out 1 allow udp to 10.0.0.1',
    {
      kind: 'add-nacl-entry',
      networkAcl: 'acl-default-1',
      entry: {
        direction: 'out',
        number: 1,
        action: 'allow',
        traffic: { protocol: UDP, firstPortOrIcmp: 0, lastPortOrIcmp: 65535 },
        peer: block('10.0.0.1/32'),
      },
    },
  ],
  [
    'route rtb-p 0.0.0.0/0 igw-1',
    {
      kind: 'add-route',
      routeTable: 'rtb-p',
      destination: block('0.0.0.0/0'),
      target: { kind: 'internet-gateway', id: 'igw-1' },
    },
  ],
  [
    'route rtb-p 10.9.0.0/16 way-out',
    {
      kind: 'add-route',
      routeTable: 'rtb-p',
      destination: block('10.9.0.0/16'),
      target: { kind: 'internet-gateway', id: 'igw-1' },
    },
  ],
  [
    'route rtb-p 10.9.0.0/16 tgw-77',
    {
      kind: 'add-route',
      routeTable: 'rtb-p',
      destination: block('10.9.0.0/16'),
      target: { kind: 'transit-gateway', id: 'tgw-77' },
    },
  ],
  [
    'route rtb-p 10.0.0.0/16 local',
    { kind: 'add-route', routeTable: 'rtb-p', destination: block('10.0.0.0/16'), target: { kind: 'local' } },
  ],
  ['unroute rtb-p 0.0.0.0/0', { kind: 'remove-route', routeTable: 'rtb-p', destination: '0.0.0.0/0' }],
];
test.each(forms)('%s', (text, change) => {
  expect(parseEdit(NETWORK, text)).toEqual(change);
});

const refused: readonly (readonly [edit: string, at: number, problem: string])[] = [
  ['', 0, 'expected remove, allow, entry, route or unroute'],
  ['alow sg-web in tcp from sg-open', 0, 'expected remove, allow, entry, route or unroute'],
  ['allow', 5, 'expected a security group'],
  ['allow sg-wob in tcp from sg-open', 6, 'no security group "sg-wob" in the snapshot'],
  ['allow rest in tcp from sg-open', 6, 'security groups are called "rest": write an id'],
  ['allow sg-web inn tcp from sg-open', 13, 'expected "in" or "out"'],
  ['allow sg-web in tcq/443 from sg-open', 16, 'expected a service'],
  ['allow sg-web in tcp/1>443 from sg-open', 16, 'expected no source ports'],
  ['allow sg-web in tcp/443 to sg-open', 24, 'expected "from"'],
  ['allow sg-web in tcp/443 from 10.0.0.0/33', 29, 'length 33 is over 32'],
  ['allow sg-web in tcp/443 from nobody', 29, 'expected a block, an address, a group or a prefix list'],
  ['allow sg-web in tcp/443 from sg-open or not', 37, 'expected nothing more'],
  ['allow "sg-web in tcp', 6, 'expected a second quote'],
  ['entry "the list" in 0 deny tcp from 0.0.0.0/0', 20, 'expected a number from 1 to 32766'],
  ['entry "the list" in 32767 deny tcp from 0.0.0.0/0', 20, 'expected a number from 1 to 32766'],
  ['entry "the list" in 5 refuse tcp from 0.0.0.0/0', 22, 'expected "allow" or "deny"'],
  ['entry "the list" in 5 deny tcp/80,443 from 0.0.0.0/0', 27, 'expected one protocol and one range of ports'],
  ['entry "the list" in 5 deny tcp from sg-web', 36, 'address "sg-web" is not'],
  ['route rtb-p 0.0.0.0/0 igw-77', 22, 'no gateway, interface, instance or peering "igw-77"'],
  ['route rtb-x 0.0.0.0/0 igw-1', 6, 'no route table "rtb-x"'],
];
test.each(refused)('%s is refused at %i', (edit, at, problem) => {
  const error = thrownBy(() => parseEdit(NETWORK, edit));
  expect(error.message).toContain(problem);
  expect(error.position).toBe(at);
  expect(error.message.split('\n').at(-1)).toBe(`${' '.repeat(2 + at)}^`);
});

test('misspelt words are followed by what may be meant', () => {
  expect(thrownBy(() => parseEdit(NETWORK, 'alow')).suggestions).toEqual(['allow']);
  expect(thrownBy(() => parseEdit(NETWORK, 'allow sg-wob in tcp from sg-open')).suggestions).toContain('sg-web');
  expect(thrownBy(() => parseEdit(NETWORK, 'route rtb-p ::/0 igw-2')).suggestions).toContain('igw-1');
});

describe('edits of a network', () => {
  const SSH = 'tcp 203.0.113.7:40000 > 198.51.100.10:22';

  test('are made one after the other, in words and as data', () => {
    const net = createNet(NETWORK);
    expect(net.walk(SSH).verdict).toBe('dropped');
    const open = net.edit(['allow sg-web in tcp/22 from 0.0.0.0/0', { kind: 'remove-rule', rule: 'sg-web/in/0.0' }]);
    expect(open.walk(SSH).verdict).toBe('delivered');
    expect(open.edit('remove sg-web/in/added.0').walk(SSH).verdict).toBe('dropped');
    expect(net.edit([]).walk(SSH).verdict).toBe('dropped');
  });

  test('that name what is not there are refused', () => {
    expect(() => createNet(NETWORK).edit('remove sgr-77')).toThrow(QuestionError);
    expect(() => createNet(NETWORK).edit(['unroute rtb-p 0.0.0.0/0', 'unroute rtb-p 0.0.0.0/0'])).toThrow(
      'route table rtb-p has no route to 0.0.0.0/0',
    );
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
