/** All pairs of places: what is counted, what is grouped, and what is left out. */

import { describe, expect, test } from 'vitest';
import { type MatrixAnswer, matrixRows } from '../../src/explain/matrix-answer.ts';
import { createNet } from '../../src/explain/net.ts';
import { matrixJson } from '../../src/present/matrix-json.ts';
import { matrixTable } from '../../src/present/matrix-table.ts';
import { networkOf } from '../support/network.ts';
import { BASE } from './small-net.ts';

const CROWD = {
  ...BASE,
  enis: {
    ...BASE.enis,
    C: { subnet: 'Q', address: '10.0.2.21', groups: ['open'] },
    D: { subnet: 'Q', address: '10.0.2.22', groups: ['open'] },
  },
};

const rowsOf = (answer: MatrixAnswer): readonly string[] =>
  [...matrixRows(answer)]
    .map(({ from, to, behaviour }) => `${from.id} ${to.id}: ${behaviour.forward.join('; ')}`)
    .sort();

describe('all pairs', () => {
  test('are told once a group of equal behaviour, and one by one on demand', () => {
    const answer = createNet(networkOf(CROWD)).matrix({ from: 'subnet-q', to: 'subnet-q | subnet-p' });
    expect(answer.groups.map(({ pairs }) => pairs)).toEqual([6]);
    expect(answer).toMatchObject({ pairs: 9, reaching: 6, open: 0 });
    expect(rowsOf(answer)).toEqual([
      'eni-b eni-c: all traffic',
      'eni-b eni-d: all traffic',
      'eni-c eni-b: all traffic',
      'eni-c eni-d: all traffic',
      'eni-d eni-b: all traffic',
      'eni-d eni-c: all traffic',
    ]);
  });

  test('count the internet as one place of each family, and tell which of its addresses fare differently', () => {
    const answer = createNet(networkOf(CROWD)).matrix({ from: 'internet', to: 'eni-a' });
    expect(answer).toMatchObject({ pairs: 1, reaching: 1 });
    expect(answer.senders.map(({ addresses }) => addresses)).toEqual([['203.0.113.0/24']]);
    expect([...matrixTable(answer)]).toEqual([
      ['203.0.113.0/24', '', 'eni-a', 'A', 'ipv4', 'some', 'tcp 443', 'tcp 443', '', ''],
    ]);
  });

  test('that stand open for a missing fact are counted apart and name it', () => {
    const answer = createNet(networkOf({ ...CROWD, absent: ['sg-web'] })).matrix({ from: 'eni-b', to: 'eni-a' });
    expect(answer).toMatchObject({ pairs: 1, reaching: 0, open: 1 });
    expect(answer.unknowns.map(({ key }) => key)).toEqual(['group-rules:sg-web']);
  });

  test('are the same as one question a pair', () => {
    const net = createNet(networkOf(CROWD));
    const answer = net.matrix({ service: 'tcp/443' });
    for (const { from, to, behaviour, family } of matrixRows(answer)) {
      if (from.kind === 'internet' || to.kind === 'internet' || family === 6) continue;
      expect(net.reach(`${from.id} -> ${to.id} : tcp/443`).groups[0]).toMatchObject({ ...behaviour });
    }
    expect(answer.groups.length).toBeGreaterThan(0);
  });

  test('survive JSON', () => {
    const answer = createNet(networkOf(CROWD)).matrix();
    expect(JSON.parse(JSON.stringify(matrixJson(answer)))).toEqual(JSON.parse(JSON.stringify(answer)));
  });

  test.each([
    [{ from: 'eni-x' }, /eni-x/],
    [{ service: 'tcp/' }, /tcp/],
  ])('refuse a question that names what is not there: %j', (options, message) => {
    expect(() => createNet(networkOf(CROWD)).matrix(options)).toThrow(message);
  });
});
