import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LINT_RULES, type LintRule } from '../../src/explain/lint-finding.ts';
import { igwalk, SAMPLE } from './command-line.ts';

let folder = '';
/** The sample with a deny that an allow shadows. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'igwalk-lint-'));
  cpSync(SAMPLE, folder, { recursive: true });
  const file = join(folder, 'accounts/111122223333/eu-west-1/NetworkAcls.json');
  const document = JSON.parse(readFileSync(file, 'utf8')) as { NetworkAcls: { Entries: object[] }[] };
  const all = { Protocol: '-1', RuleAction: 'allow', Egress: false, CidrBlock: '0.0.0.0/0', RuleNumber: 1 };
  const ssh = { ...all, Protocol: '6', PortRange: { From: 22, To: 22 }, RuleAction: 'deny', RuleNumber: 2 };
  document.NetworkAcls[0]!.Entries.push(all, ssh);
  writeFileSync(file, JSON.stringify(document));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('findings are told by rule, with proof and place, and no finding is an error by itself', async () => {
  const { code, stdout } = await igwalk(['lint', SAMPLE]);
  expect(code).toBe(0);
  expect(stdout).toContain('3 findings: 2 misleading, 1 harmless\n');
  expect(stdout).toContain('  nacl-entry-redundant  entries of network ACLs that change nothing: 1\n');
  expect(stdout).toContain('inbound entry 90 changes nothing: entry * would deny the same packets\n');
  expect(stdout).toContain('NetworkAcls.json#/NetworkAcls/2/Entries/2\n');
  expect(stdout).toContain('by       in *  deny all traffic from 0.0.0.0/0\n');
  expect(stdout).toContain(
    'packet   tcp 8.8.8.8:49152 > 198.51.100.50:443, from the internet to eni-0a5aa518dac257eb6\n',
  );
});

test.each([
  ['dangerous', SAMPLE, 0],
  ['harmless', SAMPLE, 1],
])('--fail-on %s decides the exit code of the sample', async (severity, snapshot, expected) => {
  expect((await igwalk(['lint', snapshot, '--fail-on', severity])).code).toBe(expected);
});

test('a dangerous finding fails at any severity and is told first', async () => {
  for (const severity of ['harmless', 'misleading', 'dangerous']) {
    expect((await igwalk(['lint', folder, '--fail-on', severity])).code).toBe(1);
  }
  const { stdout } = await igwalk(['lint', folder, '--rule', 'nacl-entry-shadowed']);
  expect(stdout).toContain('✗ dangerous');
  expect(stdout).toContain('e.g.     tcp 22 from 0.0.0.0: in 1  allow all traffic from 0.0.0.0/0\n');
});

test('--rule looks for that rule alone, and may be given twice', async () => {
  const rules = ['--rule', 'group-unused', '--rule', 'network-acl-unused'];
  expect((await igwalk(['lint', SAMPLE, ...rules])).stdout).toContain('no findings\n');
});

test('an unknown rule is refused with what was meant', async () => {
  const { code, stderr, stdout } = await igwalk(['lint', SAMPLE, '--rule', 'group-unusde']);
  expect(code).toBe(2);
  expect(stderr).toContain('error: no lint rule "group-unusde"');
  expect(stderr).toContain('group-unused');
  expect(stdout).toBe('');
});

test('--json is the same as one document, byte for byte each time', async () => {
  const { stdout } = await igwalk(['lint', folder, '--json']);
  expect((await igwalk(['lint', folder, '--json'])).stdout).toBe(stdout);
  const { findings, checked, notes } = JSON.parse(stdout) as {
    findings: { rule: LintRule }[];
    checked: object;
    notes: string[];
  };
  const order = findings.map(({ rule }) => LINT_RULES.indexOf(rule));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(findings[0]).toMatchObject({
    severity: 'dangerous',
    subject: { rule: 'in 2', source: expect.stringMatching(/NetworkAcls\.json#\/NetworkAcls\/0\/Entries\/\d+$/) },
    proof: { kind: 'covered', by: [{ rule: 'in 1' }], contradicted: { packet: 'tcp 22 from 0.0.0.0' } },
  });
  expect(checked).toMatchObject({ groups: 5, groupRules: 17 });
  expect(notes.every((note) => note.length > 0)).toBe(true);
});
