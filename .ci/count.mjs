/**
 * Adds up vitest's JSON reports and prints `N passed, N failed, N skipped`. A report that is missing, and a test file that
 * failed before or beside its tests, count as one failure each.
 */

import { readFileSync } from 'node:fs';

const total = { passed: 0, failed: 0, skipped: 0 };

for (const path of process.argv.slice(2)) {
  const report = read(path);
  if (report === null) {
    total.failed++;
    continue;
  }
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests;
  total.skipped += report.numPendingTests + report.numTodoTests;
  for (const file of report.testResults) {
    if (file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed')) total.failed++;
  }
}

console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
