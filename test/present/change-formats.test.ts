/** Changes as commands of the AWS CLI and as Terraform. */

import { expect, test } from 'vitest';
import type { Change } from '../../src/explain/change.ts';
import type { RulePeer } from '../../src/model/security-group.ts';
import { parsePrefix } from '../../src/net/address-text.ts';
import type { Prefix } from '../../src/net/prefix.ts';
import { ICMP, ICMPV6, TCP } from '../../src/net/protocol.ts';
import { ALL_TRAFFIC, icmpTraffic, type Traffic, wholeProtocol } from '../../src/net/traffic.ts';
import { awsCliCommands } from '../../src/present/change-aws-cli.ts';
import { terraformLines } from '../../src/present/change-terraform.ts';
import { changeWords } from '../../src/present/change-words.ts';
import { shellQuote } from '../../src/present/shell-quote.ts';
import { networkOf } from '../support/network.ts';

const drawn = networkOf({
  vpc: '10.0.0.0/16',
  igw: true,
  subnets: {
    P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw' }, nacl: { in: ['100 deny tcp/22 203.0.113.0/24'] } },
  },
  groups: { web: { in: ['tcp/443 from 0.0.0.0/0', 'tcp/22 from sg-web'] } },
});
/** With one rule that AWS has given an id. */
const NETWORK: typeof drawn = {
  ...drawn,
  securityGroups: drawn.securityGroups.map((group) => ({
    ...group,
    rules: group.rules.map((rule) => (rule.id === 'sg-web/in/0.0' ? { ...rule, id: 'sgr-1' } : rule)),
  })),
};

const prefix = (text: string): Prefix => parsePrefix(text).prefix;
const tcp = (first: number, last: number): Traffic => ({ protocol: TCP, firstPortOrIcmp: first, lastPortOrIcmp: last });
const from = (text: string): RulePeer => ({ kind: 'cidr', prefix: prefix(text) });
const group = (groupId: string): RulePeer => ({
  kind: 'group',
  groupId,
  account: null,
  vpcId: null,
  peeringId: null,
  peeringStatus: null,
});
const rule = (direction: 'in' | 'out', traffic: Traffic, peer: RulePeer): Change => ({
  kind: 'add-group-rule',
  group: 'sg-web',
  rule: { direction, traffic, peer },
});
const entry = (direction: 'in' | 'out', traffic: Traffic, peer: string): Change => ({
  kind: 'add-nacl-entry',
  networkAcl: 'acl-p',
  entry: { direction, number: 99, action: 'allow', traffic, peer: prefix(peer) },
});
const route = (destination: string): Change => ({
  kind: 'add-route',
  routeTable: 'rtb-p',
  destination: prefix(destination),
  target: { kind: 'peering', id: 'pcx-1' },
});

const commands: readonly (readonly [Change, string])[] = [
  [
    rule('in', tcp(80, 81), from('10.0.0.0/8')),
    `authorize-security-group-ingress --group-id sg-web --ip-permissions '[{"IpProtocol":"tcp","FromPort":80,"ToPort":81,"IpRanges":[{"CidrIp":"10.0.0.0/8"}]}]'`,
  ],
  [
    rule('out', ALL_TRAFFIC, from('::/0')),
    `authorize-security-group-egress --group-id sg-web --ip-permissions '[{"IpProtocol":"-1","Ipv6Ranges":[{"CidrIpv6":"::/0"}]}]'`,
  ],
  [
    rule('in', icmpTraffic(ICMP, 8, -1), group('sg-default-1')),
    `authorize-security-group-ingress --group-id sg-web --ip-permissions '[{"IpProtocol":"icmp","FromPort":8,"ToPort":-1,"UserIdGroupPairs":[{"GroupId":"sg-default-1"}]}]'`,
  ],
  [
    entry('in', tcp(443, 443), '0.0.0.0/0'),
    'create-network-acl-entry --network-acl-id acl-p --ingress --rule-number 99 --protocol 6 --port-range From=443,To=443 --cidr-block 0.0.0.0/0 --rule-action allow',
  ],
  [
    entry('out', icmpTraffic(ICMPV6, 129, 0), '2001:db8::/32'),
    'create-network-acl-entry --network-acl-id acl-p --egress --rule-number 99 --protocol 58 --icmp-type-code Type=129,Code=0 --ipv6-cidr-block 2001:db8::/32 --rule-action allow',
  ],
  [
    entry('out', wholeProtocol(50), '10.0.0.0/8'),
    'create-network-acl-entry --network-acl-id acl-p --egress --rule-number 99 --protocol 50 --cidr-block 10.0.0.0/8 --rule-action allow',
  ],
  [
    route('10.9.0.0/16'),
    'create-route --route-table-id rtb-p --destination-cidr-block 10.9.0.0/16 --vpc-peering-connection-id pcx-1',
  ],
  [
    route('0.0.0.0/0'),
    'replace-route --route-table-id rtb-p --destination-cidr-block 0.0.0.0/0 --vpc-peering-connection-id pcx-1',
  ],
  [
    { kind: 'remove-rule', rule: 'sgr-1' },
    'revoke-security-group-ingress --group-id sg-web --security-group-rule-ids sgr-1',
  ],
  [
    { kind: 'remove-rule', rule: 'sg-web/in/1.0' },
    `revoke-security-group-ingress --group-id sg-web --ip-permissions '[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"UserIdGroupPairs":[{"GroupId":"sg-web"}]}]'`,
  ],
  [
    { kind: 'remove-rule', rule: 'acl-p/in/100' },
    'delete-network-acl-entry --network-acl-id acl-p --ingress --rule-number 100',
  ],
  [
    { kind: 'remove-route', routeTable: 'rtb-p', destination: '::/0' },
    'delete-route --route-table-id rtb-p --destination-ipv6-cidr-block ::/0',
  ],
];
for (const [change, command] of commands) {
  test(`${changeWords(NETWORK, new Map(), change)}, for the AWS CLI`, () => {
    expect(awsCliCommands(NETWORK, [change])).toEqual([`aws ec2 ${command} --region us-east-1`]);
  });
}

test('a command quotes whatever a shell would read otherwise', () => {
  expect(shellQuote('acl-0d5/in')).toBe('acl-0d5/in');
  expect(shellQuote('')).toBe("''");
  expect(shellQuote("it's $HOME; rm")).toBe("'it'\\''s $HOME; rm'");
  const odd = { ...NETWORK, securityGroups: NETWORK.securityGroups.map((one) => ({ ...one, id: `$(${one.id})` })) };
  const change: Change = { ...(rule('in', tcp(1, 1), from('10.0.0.0/8')) as object), group: '$(sg-web)' } as Change;
  expect(awsCliCommands(odd, [change])[0]).toContain(`--group-id '$(sg-web)' `);
});

test('Terraform has a resource for what is added and a comment for what goes', () => {
  const changes: readonly Change[] = [
    rule('in', tcp(5432, 5432), group('sg-web')),
    entry('out', tcp(1024, 65535), '10.0.1.10/32'),
    route('10.9.0.0/16'),
    { kind: 'remove-rule', rule: 'sgr-1' },
    { kind: 'remove-rule', rule: 'acl-p/in/100' },
  ];
  expect(terraformLines(NETWORK, changes).join('\n')).toBe(`\
resource "aws_vpc_security_group_ingress_rule" "igwalk_1" {
  security_group_id            = "sg-web"
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
  referenced_security_group_id = "sg-web"
}

resource "aws_network_acl_rule" "igwalk_2" {
  network_acl_id = "acl-p"
  rule_number    = 99
  egress         = true
  protocol       = "6"
  rule_action    = "allow"
  cidr_block     = "10.0.1.10/32"
  from_port      = 1024
  to_port        = 65535
}

resource "aws_route" "igwalk_3" {
  route_table_id            = "rtb-p"
  destination_cidr_block    = "10.9.0.0/16"
  vpc_peering_connection_id = "pcx-1"
}

# delete rule sgr-1 of security group sg-web

# delete inbound entry 100 of network ACL acl-p`);
});

test('a route that takes the place of another says so in Terraform', () => {
  expect(terraformLines(NETWORK, [route('0.0.0.0/0')])[0]).toBe(
    '# takes the place of the route for 0.0.0.0/0 in rtb-p: change that resource instead of adding this one',
  );
});

test('Terraform leaves no template open in a text', () => {
  const [dollar, percent] = ['$', '%'];
  const change: Change = { ...route('10.9.0.0/16'), routeTable: `${dollar}{a}${percent}{b}"` } as Change;
  const written = `${dollar}${dollar}{a}${percent}${percent}{b}\\"`;
  expect(terraformLines(NETWORK, [change])[1]).toBe(`  route_table_id            = "${written}"`);
});
