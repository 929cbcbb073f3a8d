import { expect, test } from 'vitest';
import type { DiffAnswer, DiffGroup } from '../../src/explain/diff-answer.ts';
import { type DiffDetail, diffLines } from '../../src/present/diff-text.ts';
import { PLAIN_RENDERING, render } from '../../src/present/layout.ts';
import { place } from './drawn-trace.ts';

const WEB = { ...place('network-interface', 'eni-1', 'web-1'), addresses: ['10.0.1.10'] };
const DB = { ...place('network-interface', 'eni-9', 'db-1'), addresses: ['10.0.2.20'] };

function group(more: Partial<DiffGroup> = {}): DiffGroup {
  return {
    kind: 'opened',
    before: 'dropped',
    after: 'delivered',
    family: 4,
    from: [WEB],
    fromAddresses: [],
    to: [DB],
    toAddresses: [],
    packets: ['tcp 22'],
    clientPorts: null,
    witness: {
      packet: 'tcp 10.0.1.10:49152 > 10.0.2.20:22',
      packetBefore: null,
      before: 'dropped',
      after: 'delivered',
    },
    cause: null,
    ...more,
  };
}

function answer(groups: readonly DiffGroup[], more: Partial<DiffAnswer> = {}): DiffAnswer {
  return {
    verdict: 'differs',
    question: { from: 'anywhere', to: 'anywhere', service: 'any' },
    internet: { from: [], to: [] },
    groups,
    resources: [],
    interfaces: { byId: 2, byName: 0, byAddress: 0, appear: [], vanish: [] },
    pairs: { all: 2, isNarrowed: false, changed: 1, unchanged: 1, unknownInBoth: 0 },
    assumptions: [],
    unknowns: [],
    notes: [],
    ...more,
  };
}

function text(given: DiffAnswer, detail?: DiffDetail): string {
  return render(diffLines(given, detail), PLAIN_RENDERING);
}

test('groups of equal ends are told under one heading, limited client ports and other addresses with them', () => {
  const part = group({
    after: 'one-way',
    packets: ['tcp 80'],
    clientPorts: '1024-32767',
    witness: { ...group().witness, packetBefore: 'tcp 10.0.1.10:49152 > 10.0.2.99:80' },
  });
  expect(text(answer([group(), part]))).toBe(`\
differs  anywhere -> anywhere : any
  what passes or is answered in one network does not in the other
  2 pairs of addresses compared, 1 differs, in 2 groups: 2 opened

opened
  + web-1  eni-1 → db-1  eni-9
      + packets    tcp 22  dropped before, delivered after
      ▸ witness    tcp 10.0.1.10:49152 > 10.0.2.20:22
      + packets    tcp 80, from client ports 1024-32767  dropped before, one-way after
      ▸ witness    tcp 10.0.1.10:49152 > 10.0.2.20:22, before as tcp 10.0.1.10:49152 > 10.0.2.99:80
`);
});

test('places that are new or gone, and pairs that are unknown in both networks, are said', () => {
  const closed = group({ kind: 'closed', before: 'delivered', after: null });
  const interfaces = { byId: 1, byName: 2, byAddress: 0, appear: [WEB, WEB], vanish: [DB] };
  const pairs = { all: 3, isNarrowed: true, changed: 2, unchanged: 1, unknownInBoth: 1 };
  const printed = text(answer([closed], { interfaces, pairs }));
  expect(printed).toContain(
    '  3 pairs of addresses compared (all that the change can touch), 2 differ, in one group: 1 closed\n',
  );
  expect(printed).toContain('  interfaces: web-1, web-1 appear; db-1 vanishes; 2 matched by name\n');
  expect(printed).toContain('  1 of the unchanged pairs is unknown in both networks\n');
  expect(printed).toContain('      - packets    tcp 22  delivered before; not in the network after\n');
});

test('records say what they said and what they say, a screenful of it', () => {
  const added = Array.from({ length: 7 }, (_, index) => `in tcp ${index} from 10.0.0.0/8`);
  const fields = [{ field: 'rules', removed: ['in tcp 99 from 10.0.0.0/8'], added }];
  const resources = [
    { change: 'changes', kind: 'securityGroups', id: 'sg-2', idBefore: 'sg-1', name: 'web', fields },
    { change: 'vanishes', kind: 'routeTables', id: 'rtb-1', idBefore: null, name: null, fields: [] },
  ] as const;
  const same = answer([], { verdict: 'same', resources });
  expect(text(same)).toContain(`
resources
  ~ security group web  sg-2  was sg-1
      rules  - in tcp 99 from 10.0.0.0/8
             + in tcp 0 from 10.0.0.0/8
             + in tcp 1 from 10.0.0.0/8
             + in tcp 2 from 10.0.0.0/8
             and 4 more like these; --all lists them
  - route table rtb-1
`);
  expect(text(same, { all: true })).toContain('+ in tcp 6 from 10.0.0.0/8\n');
});

test('of many groups the first dozen is told', () => {
  const many = Array.from({ length: 15 }, (_, index) => group({ to: [{ ...DB, id: `eni-${index}` }] }));
  expect(text(answer(many)).match(/▸ witness/g)).toHaveLength(12);
  expect(text(answer(many))).toContain('  and 3 more groups; --all lists them\n');
  expect(text(answer(many), { all: true }).match(/▸ witness/g)).toHaveLength(15);
});
