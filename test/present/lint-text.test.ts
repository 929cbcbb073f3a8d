import { expect, test } from 'vitest';
import { createNet } from '../../src/explain/net.ts';
import { render } from '../../src/present/layout.ts';
import { type LintDetail, lintLines } from '../../src/present/lint-text.ts';
import { resourceNames } from '../../src/present/resource-names.ts';
import type { Drawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';

const DRAWING: Drawing = {
  vpc: '10.0.0.0/16',
  igw: true,
  subnets: {
    P: { cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw', '10.9.0.0/16': 'nat-gone blackhole' } },
    Q: { cidr: '10.0.2.0/24', nacl: { in: ['100 deny tcp/5432 10.0.1.0/24', '200 allow all 0.0.0.0/0'] } },
  },
  groups: {
    web: { in: ['tcp/443 from 0.0.0.0/0'] },
    db: { in: ['tcp/5432 from sg-web'] },
    one: {},
    two: {},
    three: {},
    four: {},
    five: {},
  },
  enis: {
    A: { subnet: 'P', address: '10.0.1.10', public: '198.51.100.10', groups: ['web'] },
    B: { subnet: 'Q', address: '10.0.2.20', groups: ['db'] },
  },
};

function textOf(rule: string, detail: LintDetail = {}): string {
  const net = createNet(networkOf(DRAWING));
  return render(lintLines(net.lint({ rules: [rule] }), { names: resourceNames(net.network), ...detail }));
}

test('what stops the packets of a rule is told with who sends them, the entry and its code', () => {
  expect(textOf('group-rule-never-used')).toMatchInlineSnapshot(`
    "one finding: 1 misleading
      looked at 13 entries of network ACLs, 11 rules of 8 security groups, 4 routes

      group-rule-never-used  rules that no packet can reach: 1
        ◐ misleading  db  sg-db  "tcp 5432 from sg-web" lets nothing through: no such packet can get to the one interface that carries the group
                      this     sg-db/in/0.0  tcp 5432 from sg-web  at drawing.json#/sg-db/in/0.0
                      seen at  eni-b
                      stopped  interfaces of subnet-p: entry 100 of acl-q: tcp 5432 from 10.0.1.0/24 (SUBNET_ACL_RESTRICTION)
    "
  `);
});

test('a blackhole is told with its target and who uses the table', () => {
  expect(textOf('route-blackhole')).toMatchInlineSnapshot(`
    "one finding: 1 misleading
      looked at 13 entries of network ACLs, 11 rules of 8 security groups, 4 routes

      route-blackhole  routes that drop what they take: 1
        ◐ misleading  rtb-p  the route to 10.9.0.0/16 is a blackhole: packets of one subnet or gateway to it are dropped
                      this     10.9.0.0/16 to nat-gone  at drawing.json#/rtb-p/routes/2
                      state    nat-gone: not in the snapshot
                      used by  subnet-p
    "
  `);
});

test('a few of many are told, and with --all every one', () => {
  const lines = textOf('group-unused').split('\n');
  expect(lines.filter((line) => line.includes('no interface carries'))).toHaveLength(3);
  expect(lines.at(-2)).toBe('    and 3 more like it; --all lists them');
  const all = textOf('group-unused', { all: true });
  expect(all.split('\n').filter((line) => line.includes('no interface carries'))).toHaveLength(6);
  expect(all).not.toContain('more like it');
});

test('nothing found is said so, with what was looked at', () => {
  expect(textOf('asymmetric-path')).toMatch(/^no findings\n {2}looked at \d+ entries of network ACLs, /);
});
