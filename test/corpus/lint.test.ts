/** Real output of describe calls and the corpora of other tools: `lint` gets through all of it, and says how much it found. */

import { readdirSync } from 'node:fs';
import { expect } from 'vitest';
import { LINT_RULES } from '../../src/explain/lint-finding.ts';
import { createNet } from '../../src/explain/net.ts';
import { InputError } from '../../src/load/input-error.ts';
import { loadSnapshot } from '../../src/load/load.ts';
import { corpus, corpusTest } from './shared.ts';

const READABLE = [
  'c7n-endpoints-nat',
  'c7n-instances-two-vpcs',
  'c7n-network-acl',
  'c7n-security-groups-19',
  'cloudmapper-demo',
];

corpusTest('lint gets through every wild snapshot that can be read', async () => {
  const linted: string[] = [];
  for (const folder of readdirSync(corpus('wild')).sort()) {
    try {
      const { findings, notes } = createNet(await loadSnapshot(corpus('wild', folder))).lint();
      const counts = LINT_RULES.map(
        (rule) => [rule, findings.filter((finding) => finding.rule === rule).length] as const,
      );
      const found = counts.filter(([, count]) => count > 0).map(([rule, count]) => `${count} ${rule}`);
      console.log(`${folder}: ${found.join(', ') || 'nothing'}; ${notes.length} notes`);
      expect(findings.every(({ text }) => text.length > 0)).toBe(true);
      linted.push(folder);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
  expect(linted).toEqual(READABLE);
});

corpusTest('cloudmapper-demo: the groups that no interface carries are told', async () => {
  const { findings } = createNet(await loadSnapshot(corpus('wild', 'cloudmapper-demo'))).lint({
    rules: ['group-unused'],
  });
  expect(findings.map(({ resource }) => resource.name)).toEqual(['Database', 'Endpoint', 'Bastion access']);
});

corpusTest('lint gets through the networks of Batfish', async () => {
  const found = new Map<string, number>();
  let linted = 0;
  for (const { name } of readdirSync(corpus('batfish'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  )) {
    try {
      const { findings } = createNet(await loadSnapshot(corpus('batfish', name))).lint();
      for (const { rule } of findings) found.set(rule, (found.get(rule) ?? 0) + 1);
      linted++;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
  const counts = [...found].map(([rule, count]) => `${count} ${rule}`);
  console.log(`batfish: ${linted} networks, ${counts.join(', ')}`);
  expect(linted).toBeGreaterThan(15);
});
