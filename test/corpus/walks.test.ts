/**
 * The canonical walks W1 to W12: which decision points a packet and its answer come by, and in which order. What is expected is plain
 * text, one file a walk, in `corpus/aws-docs/walks`; its README says how to read it.
 */

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createNet } from '../../src/explain/net.ts';
import type { Leg, Trace } from '../../src/explain/trace.ts';
import { loadSnapshot } from '../../src/load/load.ts';

const FOLDER = fileURLToPath(new URL('../../corpus/aws-docs/walks/', import.meta.url));

interface Walk {
  readonly walk: string;
  readonly file: string;
  readonly packet: string;
}

const walks = JSON.parse(readFileSync(`${FOLDER}walks.json`, 'utf8')) as readonly Walk[];
const net = createNet(await loadSnapshot(`${FOLDER}network`));

test('all twelve walks are there', () => {
  const numbers = new Set(walks.map(({ walk }) => walk));
  expect([...numbers]).toEqual(Array.from({ length: 12 }, (_, index) => `W${index + 1}`));
});

for (const { walk, file, packet } of walks) {
  test(`${walk} (${file}): ${packet}`, () => {
    const path = `${FOLDER}${file}`;
    expect(existsSync(path), `${path} says what is expected, and is not there`).toBe(true);
    const [about = ''] = readFileSync(path, 'utf8').split('\n\n');
    expect(`${about}\n\n${told(net.walk(packet), packet)}`).toBe(readFileSync(path, 'utf8'));
  });
}

function told({ verdict, forward, reply }: Trace, packet: string): string {
  return [`packet  ${packet}`, `verdict ${verdict}`, '', 'there', ...points(forward), '', 'back', ...points(reply)]
    .join('\n')
    .concat('\n');
}

/** `nacl-in  subnet-public  acl-0a 100`: role, place, and what decided. */
function points(leg: Leg | null): readonly string[] {
  const steps = leg?.hops.flatMap(({ place, steps }) => steps.map((step) => ({ ...step, place: place.id }))) ?? [];
  return steps.map(({ stage, place, resource, rule, result, tracking, text }) => {
    const deciding = stage === 'route' ? text : rule;
    const decided = [resource, deciding].filter((word) => word !== null && word !== place).join(' ');
    const how = tracking === null || tracking === 'new' ? decided : tracking;
    const words = [stage.padEnd(18), place.padEnd(28), result === 'deny' ? `denies: ${how}` : how];
    return `  ${words.join(' ').trimEnd()}`;
  });
}
