/**
 * Networks that once got a wrong answer, asked again for ever: `corpus/regressions/NAME`, whose README says what a case holds. A new
 * one needs no code here.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { playStep } from '../src/cli/session-play.ts';
import { parseScript } from '../src/cli/session-script.ts';
import { createNet, type Net } from '../src/explain/net.ts';
import type { Leg } from '../src/explain/trace.ts';
import { loadSnapshot } from '../src/load/load.ts';

interface Case {
  /** What went wrong, as a sentence about the network. */
  readonly about: string;
  /** The statement that says what is right. */
  readonly statement: string;
  /** One packet and its answer, or steps as `igwalk session` takes them, of which the last packet counts. */
  readonly packet?: string;
  readonly session?: readonly object[];
  readonly expect: {
    readonly verdict: string;
    /** What stopped the packet (or, when one-way, its answer) first. */
    readonly code?: string;
    /** Id of the place where it was delivered or stopped. */
    readonly place?: string;
    /** Keys of the facts that decide. */
    readonly unknowns?: readonly string[];
    readonly assumptions?: readonly string[];
    /** Who remembers a connection in the end. */
    readonly connections?: readonly string[];
  };
}

const FOLDER = fileURLToPath(new URL('../corpus/regressions/', import.meta.url));
const names = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

test('there are cases', () => {
  expect(names.length).toBeGreaterThan(0);
});

for (const name of names) {
  const {
    about,
    statement,
    expect: expected,
    ...question
  } = JSON.parse(readFileSync(`${FOLDER}${name}/case.json`, 'utf8')) as Case;
  test(`${statement}: ${about} (${name})`, async () => {
    const net = createNet(await loadSnapshot(`${FOLDER}${name}/snapshot.json`));
    const answer = question.session === undefined ? walked(net, question.packet!) : played(net, question.session, name);
    expect(answer).toMatchObject(expected);
  });
}

type Answer = Partial<Case['expect']>;

function walked(net: Net, packet: string): Answer {
  const { verdict, forward, reply, unknowns, assumptions } = net.walk(packet);
  const keys = unknowns.map(({ key }) => key);
  return { verdict, unknowns: keys, assumptions, ...ending(verdict === 'one-way' ? reply! : forward) };
}

function played(net: Net, steps: readonly object[], file: string): Answer {
  const session = net.session();
  let answer: Answer = {};
  for (const step of parseScript(steps.map((step) => JSON.stringify(step)).join('\n'), file)) {
    const event = playStep(step, session, net.network, file);
    if (event.kind !== 'packet') continue;
    const { verdict, leg, unknowns, assumptions } = event.result;
    answer = { verdict, unknowns: unknowns.map(({ key }) => key), assumptions, ...ending(leg) };
  }
  return { ...answer, connections: session.connections().map(({ eni }) => eni) };
}

function ending({ to, blockers: [first] }: Leg): Answer {
  return first === undefined ? { place: to.id } : { code: first.code, place: first.place.id };
}
