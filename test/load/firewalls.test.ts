/** Network Firewall: firewalls, policies and rule groups, from answers of one each and from lists. */

import { describe, expect, test } from 'vitest';
import type { StatefulRule } from '../../src/model/firewall.ts';
import type { Network } from '../../src/model/network.ts';
import { formatPrefix } from '../../src/net/address-text.ts';
import { formatIntervals } from '../../src/net/interval-set.ts';
import { ACK, SYN } from '../../src/net/tcp-flags.ts';
import { listsOf, load, loadFiles, problemsOf } from '../support/documents.ts';

type Json = Readonly<Record<string, unknown>>;

const NFW = 'arn:aws:network-firewall:us-east-1:111122223333';
const FIREWALL = `${NFW}:firewall/inspect`;
const POLICY = `${NFW}:firewall-policy/strict`;
const GROUP = `${NFW}:stateful-rulegroup/web`;
const factsOf = ({ facts }: Network): readonly string[] => facts.map(({ key }) => key);

const firewall = (members: Json = {}): Json => ({
  UpdateToken: 'x',
  Firewall: { FirewallName: 'inspect', FirewallArn: FIREWALL, FirewallPolicyArn: POLICY, VpcId: 'vpc-1', ...members },
  FirewallStatus: {
    Status: 'READY',
    SyncStates: {
      'us-east-1a': { Attachment: { SubnetId: 'subnet-1', EndpointId: 'vpce-1', Status: 'READY' } },
      'us-east-1b': { Attachment: { SubnetId: 'subnet-2', Status: 'CREATING' } },
    },
  },
});

describe('firewalls', () => {
  const expected = {
    id: FIREWALL,
    arn: FIREWALL,
    firewallName: 'inspect',
    account: '111122223333',
    region: 'us-east-1',
    policyArn: POLICY,
    vpcId: 'vpc-1',
    endpoints: [{ subnetId: 'subnet-1', endpointId: 'vpce-1' }],
  };

  test('from an answer about one, and from a list of answers', () => {
    for (const document of [firewall(), { Firewalls: [firewall()] }]) {
      const network = load(document);
      expect(network.firewalls).toMatchObject([expected]);
      expect(problemsOf(network)).toEqual([]);
      expect(factsOf(network)).toEqual([]);
    }
    expect(listsOf(load(firewall()))).toEqual([]);
  });

  const metadata = { Firewalls: [{ FirewallName: 'inspect', FirewallArn: FIREWALL }] };

  test('of which only the name was read are firewalls of which nothing else is known', () => {
    const network = load(metadata);
    expect(network.firewalls).toMatchObject([
      { firewallName: 'inspect', policyArn: `(unread policy of ${FIREWALL})`, endpoints: null },
    ]);
    expect(factsOf(network)).toEqual([`firewall:${FIREWALL}`]);
    expect(problemsOf(network)).toEqual([]);
  });

  test('name and answer are one', () => {
    const network = loadFiles({ 'a.json': metadata, 'b.json': firewall() });
    expect(network.firewalls).toMatchObject([expected]);
    expect(factsOf(network)).toEqual([]);
    expect(problemsOf(network)).toEqual([]);
  });

  test('endpoints that cannot be read are not known', () => {
    const network = load({
      ...firewall(),
      FirewallStatus: { SyncStates: { 'us-east-1a': { Attachment: { EndpointId: 'vpce-1' } } } },
    });
    expect(network.firewalls[0]!.endpoints).toBeNull();
    expect(factsOf(network)).toEqual([`endpoints:${FIREWALL}`]);
    expect(problemsOf(network)).toEqual([
      'error SubnetId is missing at snapshot.json#/FirewallStatus/SyncStates/us-east-1a/Attachment/SubnetId',
    ]);
  });
});

describe('policies', () => {
  const policy = (members: Json = {}): Json => ({
    FirewallPolicyResponse: { FirewallPolicyArn: POLICY, FirewallPolicyName: 'strict' },
    FirewallPolicy: {
      StatelessDefaultActions: ['aws:forward_to_sfe', 'count-it'],
      StatelessFragmentDefaultActions: ['aws:drop'],
      StatelessRuleGroupReferences: [
        { ResourceArn: 's2', Priority: 20 },
        { ResourceArn: 's1', Priority: 10 },
      ],
      StatefulRuleGroupReferences: [{ ResourceArn: GROUP, Priority: 1 }],
      StatefulDefaultActions: ['aws:drop_established'],
      StatefulEngineOptions: { RuleOrder: 'STRICT_ORDER' },
      ...members,
    },
  });

  test('with groups by priority (NFW-02, NFW-07)', () => {
    for (const document of [policy(), { FirewallPolicies: [policy()] }]) {
      const network = load(document);
      expect(network.firewallPolicies).toMatchObject([
        {
          arn: POLICY,
          statelessDefault: 'forward',
          statelessFragmentDefault: 'drop',
          statelessGroups: [
            { priority: 10, arn: 's1' },
            { priority: 20, arn: 's2' },
          ],
          order: 'strict',
          statefulDefaults: ['aws:drop_established'],
          statefulGroups: [{ priority: 1, arn: GROUP }],
        },
      ]);
      expect(problemsOf(network)).toEqual([]);
      expect(factsOf(network)).toEqual([]);
    }
  });

  test('in the order of actions unless they say otherwise (NFW-06)', () => {
    const network = load(
      policy({
        StatefulEngineOptions: null,
        StatefulDefaultActions: null,
        StatefulRuleGroupReferences: [{ ResourceArn: GROUP }],
      }),
    );
    expect(network.firewallPolicies).toMatchObject([
      { order: 'action', statefulDefaults: [], statefulGroups: [{ priority: null, arn: GROUP }] },
    ]);
  });

  const unknown = [
    ['an action that nobody knows', { StatelessDefaultActions: ['aws:teleport'] }],
    ['two actions', { StatelessDefaultActions: ['aws:pass', 'aws:drop'] }],
    ['an order that nobody knows', { StatefulEngineOptions: { RuleOrder: 'RANDOM' } }],
    ['a group without a name', { StatefulRuleGroupReferences: [{}] }],
  ] as const;
  for (const [name, members] of unknown) {
    test(`with ${name} do what nobody knows`, () => {
      const network = load(policy(members));
      expect(network.firewallPolicies).toMatchObject([{ arn: POLICY, statelessDefault: null }]);
      expect(factsOf(network)).toEqual([`policy:${POLICY}`]);
      expect(problemsOf(network)).toHaveLength(1);
    });
  }

  test('of which only the name was read do so too, until an answer tells', () => {
    const named = { FirewallPolicies: [{ Name: 'strict', Arn: POLICY }] };
    expect(factsOf(load(named))).toEqual([`policy:${POLICY}`]);
    const both = loadFiles({ 'a.json': named, 'b.json': policy() });
    expect(both.firewallPolicies).toMatchObject([{ statelessDefault: 'forward' }]);
    expect(factsOf(both)).toEqual([]);
    expect(problemsOf(both)).toEqual([]);
  });

  test('name groups that the whole list lacks, unless AWS manages them', () => {
    const managed = 'arn:aws:network-firewall:us-east-1:aws-managed:stateful-rulegroup/Threats';
    const groups = [{ ResourceArn: GROUP }, { ResourceArn: managed }];
    const network = loadFiles({
      'a.json': policy({ StatelessRuleGroupReferences: [], StatefulRuleGroupReferences: groups }),
      'b.json': { RuleGroups: [] },
    });
    expect(network.problems).toHaveLength(1);
    expect(network.problems[0]!.what).toContain('names firewall rule group "arn:aws:network-firewall:');
  });
});

const group = (RulesSource: unknown, RuleVariables: unknown = null): Json => ({
  RuleGroupResponse: { RuleGroupArn: GROUP, RuleGroupName: 'web', Type: 'STATEFUL' },
  RuleGroup: { RulesSource, RuleVariables },
});

describe('stateless rules', () => {
  const rule = (Priority: number, MatchAttributes: Json, ...Actions: readonly string[]): Json => ({
    Priority,
    RuleDefinition: { MatchAttributes, Actions },
  });
  const rulesOf = (...StatelessRules: readonly unknown[]): Network =>
    load(group({ StatelessRulesAndCustomActions: { StatelessRules } }));

  test('by ascending priority, with what they match (NFW-03)', () => {
    const match = {
      Sources: [{ AddressDefinition: '10.0.0.0/8' }, { AddressDefinition: '192.0.2.7' }],
      Destinations: [{ AddressDefinition: '2001:db8::/32' }],
      SourcePorts: [{ FromPort: 1024, ToPort: 65535 }],
      DestinationPorts: [
        { FromPort: 443, ToPort: 443 },
        { FromPort: 80, ToPort: 80 },
      ],
      Protocols: [6],
      TCPFlags: [{ Flags: ['SYN'], Masks: ['SYN', 'ACK'] }, { Flags: ['ACK'] }],
    };
    const network = rulesOf(rule(20, match, 'aws:pass', 'mine'), rule(10, {}, 'aws:drop'));
    expect(problemsOf(network)).toEqual([]);
    const { rules } = network.firewallRuleGroups[0]!;
    if (rules.kind !== 'stateless') throw new Error(rules.kind);
    expect(rules.rules[0]).toMatchObject({
      priority: 10,
      action: 'drop',
      protocols: [],
      sources: [],
      sourcePorts: null,
      flags: null,
    });
    const second = rules.rules[1]!;
    expect(second).toMatchObject({ priority: 20, action: 'pass', protocols: [6] });
    expect(second.sources.map(formatPrefix)).toEqual(['10.0.0.0/8', '192.0.2.7/32']);
    expect(second.destinations.map(formatPrefix)).toEqual(['2001:db8::/32']);
    expect([second.sourcePorts!, second.destinationPorts!].map(formatIntervals)).toEqual(['1024-65535', '80,443']);
    expect(second.flags).toEqual([
      { set: SYN, mask: SYN | ACK },
      { set: ACK, mask: 255 },
    ]);
  });

  test('whose action nobody knows decide what nobody knows', () => {
    const network = rulesOf(rule(1, {}, 'aws:teleport'));
    expect(network.firewallRuleGroups).toMatchObject([{ rules: { kind: 'stateless', rules: [{ action: null }] } }]);
    expect(problemsOf(network)).toHaveLength(1);
  });

  const broken = [
    ['an address that is none', { Sources: [{ AddressDefinition: '10.0.0.0/40' }] }, 'Sources/0/AddressDefinition'],
    ['ports upside down', { DestinationPorts: [{ FromPort: 9, ToPort: 8 }] }, 'DestinationPorts/0'],
    ['a flag outside its mask', { TCPFlags: [{ Flags: ['SYN'], Masks: ['ACK'] }] }, 'TCPFlags/0'],
    ['a flag that nobody knows', { TCPFlags: [{ Flags: ['FYN'] }] }, 'TCPFlags/0/Flags/0'],
  ] as const;
  for (const [name, match, at] of broken) {
    test(`with ${name} make the group opaque, with a problem`, () => {
      const network = rulesOf(rule(1, {}, 'aws:pass'), rule(2, match, 'aws:pass'));
      expect(network.firewallRuleGroups).toMatchObject([
        { rules: { kind: 'opaque', why: 'its rule 1 could not be read' } },
      ]);
      expect(network.problems).toHaveLength(1);
      expect(
        network.problems[0]!.origin.pointer.endsWith(`/StatelessRules/1/RuleDefinition/MatchAttributes/${at}`),
      ).toBe(true);
    });
  }
});

describe('stateful rules', () => {
  const rule = (header: Json = {}, members: Json = {}): Json => ({
    Action: 'DROP',
    Header: {
      Protocol: 'TCP',
      Source: 'ANY',
      SourcePort: 'ANY',
      Direction: 'FORWARD',
      Destination: 'ANY',
      DestinationPort: 'ANY',
      ...header,
    },
    RuleOptions: [{ Keyword: 'sid', Settings: ['1'] }],
    ...members,
  });
  const variables = {
    IPSets: { HOME_NET: { Definition: ['10.0.0.0/8', '192.168.0.0/16'] } },
    PortSets: { WEB: { Definition: ['80', '443'] } },
  };
  const read = (...rules: readonly unknown[]): Network => load(group({ StatefulRules: rules }, variables));
  const words = ({ action, protocol, source, sourcePorts, direction, destination, destinationPorts }: StatefulRule) => {
    const end = (prefix: StatefulRule['source'], ports: StatefulRule['sourcePorts']): string =>
      `${prefix === null ? 'any' : formatPrefix(prefix)} ${ports === null ? 'any' : formatIntervals(ports)}`;
    const arrow = direction === 'any' ? '<>' : '->';
    return `${action} ${protocol} ${end(source, sourcePorts)} ${arrow} ${end(destination, destinationPorts)}`;
  };

  const understood = [
    ['anything', rule(), ['drop 6 any any -> any any']],
    ['both ways', rule({ Protocol: 'UDP', Direction: 'ANY' }, { Action: 'PASS' }), ['pass 17 any any <> any any']],
    ['any protocol', rule({ Protocol: 'IP' }, { Action: 'REJECT' }), ['reject -1 any any -> any any']],
    ['ICMP of both families', rule({ Protocol: 'ICMP' }), ['drop 1 any any -> any any', 'drop 58 any any -> any any']],
    ['a protocol of payloads', rule({ Protocol: 'TLS' }, { Action: 'ALERT' }), ['alert null any any -> any any']],
    [
      'lists',
      rule({ Source: '[10.0.0.0/8, 192.0.2.7]', Destination: '2001:db8::/32', DestinationPort: '[80,8000:8080]' }),
      ['drop 6 10.0.0.0/8 any -> 2001:db8::/32 80,8000-8080', 'drop 6 192.0.2.7/32 any -> 2001:db8::/32 80,8000-8080'],
    ],
    ['open ranges', rule({ SourcePort: '1024:', DestinationPort: ':1023' }), ['drop 6 any 1024-65535 -> any 0-1023']],
    [
      'variables',
      rule({ Source: '$HOME_NET', DestinationPort: '$WEB' }),
      ['drop 6 10.0.0.0/8 any -> any 80,443', 'drop 6 192.168.0.0/16 any -> any 80,443'],
    ],
  ] as const;
  for (const [name, given, expected] of understood) {
    test(`of ${name}`, () => {
      const network = read(given);
      const { rules } = network.firewallRuleGroups[0]!;
      if (rules.kind !== 'stateful') throw new Error(JSON.stringify(rules));
      expect(rules.rules.map(words)).toEqual(expected);
      expect(problemsOf(network)).toEqual([]);
    });
  }

  const opaque = [
    ['a negation', rule({ Source: '!10.0.0.0/8' }), 'the negation "!10.0.0.0/8"'],
    ['a negation in a list', rule({ Source: '[10.0.0.0/8,!10.1.0.0/16]' }), 'the negation "[10.0.0.0/8,!10.1.0.0/16]"'],
    [
      'a foreign variable',
      rule({ Source: '$EXTERNAL_NET' }),
      'the variable "$EXTERNAL_NET", which the group does not define',
    ],
    ['a named set', rule({ Destination: '@OFFICES' }), 'the address "@OFFICES"'],
    ['a list in a list', rule({ Source: '[10.0.0.0/8,[10.1.0.0/16]]' }), 'the address "[10.0.0.0/8"'],
    ['a port out of bounds', rule({ DestinationPort: '70000' }), 'the port "70000"'],
    ['a range upside down', rule({ DestinationPort: '9:8' }), 'the port "9:8"'],
    ['an empty word', rule({ DestinationPort: '80,' }), 'the list "80,"'],
    ['a look into payloads', rule({}, { RuleOptions: [{ Keyword: 'content' }] }), 'the option "content"'],
    ['a protocol that nobody knows', rule({ Protocol: 'XYZ' }), 'the protocol "XYZ"'],
  ] as const;
  for (const [name, given, why] of opaque) {
    test(`with ${name} make the group opaque, and it says why`, () => {
      const network = read(rule(), given);
      expect(network.firewallRuleGroups).toMatchObject([{ rules: { kind: 'opaque', why: `its rule 1 has ${why}` } }]);
    });
  }

  test('that cannot be read make it opaque, with a problem', () => {
    const network = read(rule({}, { Action: 'TELEPORT' }));
    expect(network.firewallRuleGroups).toMatchObject([
      { rules: { kind: 'opaque', why: 'its rule 0 could not be read' } },
    ]);
    expect(network.problems[0]!.origin.pointer).toBe('/RuleGroup/RulesSource/StatefulRules/0/Action');
  });

  test('lists that multiply beyond measure are not written out', () => {
    const many = Array.from({ length: 400 }, (_, i) => `10.${i >> 8}.${i & 255}.0/24`).join(',');
    const network = read(rule({ Source: `[${many}]`, Destination: `[${many}]` }));
    expect(network.firewallRuleGroups).toMatchObject([
      { rules: { kind: 'opaque', why: 'its rule 0 has lists that are too long' } },
    ]);
  });
});

describe('other rule groups', () => {
  const kinds = [
    ['raw rules', { RulesString: 'drop tcp any any -> any any (sid:1;)' }, 'it has raw Suricata rules'],
    ['domains', { RulesSourceList: { Targets: ['example.com'] } }, 'it has a list of domains'],
    ['nothing', {}, 'its rules were not read'],
  ] as const;
  for (const [name, source, why] of kinds) {
    test(`with ${name} are opaque`, () => {
      expect(load(group(source)).firewallRuleGroups).toMatchObject([{ arn: GROUP, rules: { kind: 'opaque', why } }]);
    });
  }

  test('of which only the name was read are opaque until an answer tells', () => {
    const named = { RuleGroups: [{ Name: 'web', Arn: GROUP }] };
    expect(factsOf(load(named))).toEqual([`firewall-rules:${GROUP}`]);
    const both = loadFiles({ 'a.json': named, 'b.json': group({ StatefulRules: [] }) });
    expect(both.firewallRuleGroups).toMatchObject([{ rules: { kind: 'stateful', rules: [] } }]);
    expect(factsOf(both)).toEqual([]);
  });
});

describe('lists of other services under the same keys are no firewall’s or balancer’s', () => {
  const lists = [
    ['RuleGroups', { Name: 'x', Id: '1', ARN: 'arn:aws:wafv2:us-east-1:111122223333:regional/rulegroup/x/1' }],
    ['RuleGroups', { RuleGroupId: '1', Name: 'x' }],
    ['Rules', { Name: 'x', Arn: 'arn:aws:events:us-east-1:111122223333:rule/x' }],
    ['Rules', { RuleId: '1', Name: 'x' }],
    ['Listeners', { ListenerArn: 'arn:aws:globalaccelerator::111122223333:accelerator/1/listener/2' }],
    ['TargetGroups', { DBProxyName: 'x', TargetGroupArn: 'arn:aws:rds:us-east-1:111122223333:target-group:x' }],
  ] as const;
  for (const [key, item] of lists) {
    test(`${key} with ${Object.keys(item).join(', ')}`, () => {
      const network = load({ [key]: [item] });
      expect(problemsOf(network)).toEqual([]);
      expect(network.lists).toEqual([]);
      expect(network.unmodelled).toMatchObject([{ key, count: 1 }]);
    });
  }
});
