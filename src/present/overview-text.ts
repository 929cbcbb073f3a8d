/** The overview of a snapshot as text: where it speaks of, what it holds, what is wrong with it, what it leaves unknown. */

import type { NetworkPart, TopologyNode } from '../compile/topology.ts';
import type { Limits } from './alike.ts';
import { factLines } from './fact-text.ts';
import { kindName } from './kind-name.ts';
import { EMPTY_LINE, type Line, line, pad, span, widestOf } from './layout.ts';
import type { KindCount, Overview, PlaceCount } from './overview.ts';
import { problemLines } from './problem-text.ts';

export function overviewLines(overview: Overview, limits: Limits): readonly Line[] {
  const { places, kinds, parts, unmodelled, problems, facts } = overview;
  return [
    ...section('accounts and regions', placeLines(places)),
    ...section('joined without the internet', parts.map(partLine)),
    ...section('read', kinds.filter(({ read, count }) => read !== 'absent' || count > 0).flatMap(kindLines)),
    ...section(
      'not in the snapshot: what depends on them is unknown',
      wordList(
        kinds.filter(({ read, count }) => read === 'absent' && count === 0).map(({ kind }) => kindName(kind, 0)),
      ),
    ),
    ...section(
      'recognised and not modelled: what depends on them is unknown',
      wordList(unmodelled.filter(({ count }) => count > 0).map(({ key, count }) => `${count} ${key}`)),
    ),
    ...section(countedProblems(overview), problemLines(problems, 2, limits)),
    ...section(`${counted(facts.length, 'fact')} missing`, factLines(facts, 2, limits)),
  ].slice(1);
}

function section(heading: string, content: readonly Line[]): readonly Line[] {
  return content.length === 0 ? [] : [EMPTY_LINE, line(0, span(heading, 'strong')), ...content];
}

function placeLines(places: readonly PlaceCount[]): readonly Line[] {
  const names = places.map(
    ({ account, region }) => `${account ?? 'account not stated'}  ${region ?? 'region not stated'}`,
  );
  const columns = widestOf(names) + 2;
  return places.map(({ vpcs, networkInterfaces }, index) => {
    const holds = `${vpcs} ${kindName('vpcs', vpcs)}, ${networkInterfaces} ${kindName('networkInterfaces', networkInterfaces)}`;
    return line(2, pad(names[index]!, columns), span(holds, 'faint'));
  });
}

/** `shop + ops  over ops-to-shop, out by igw-1`. */
function partLine({ vpcs, peerings, gateways }: NetworkPart): Line {
  const names = (nodes: readonly TopologyNode[], joint: string): string =>
    nodes.map(({ id, name }) => name ?? id).join(joint);
  const ways = [
    ...(peerings.length > 0 ? [`over ${names(peerings, ', ')}`] : []),
    gateways.length > 0 ? `out by ${gateways.map(({ id }) => id).join(', ')}` : 'no way out',
  ];
  return { ...line(2, `${names(vpcs, ' + ')}  `, span(ways.join(', '), 'faint')), hang: 0 };
}

const COUNT_COLUMNS = 7;
const WARNINGS: Readonly<Record<KindCount['read'], string>> = {
  whole: '',
  partial: '  incomplete: what is missing here may still exist',
  absent: '  no list of their own: taken from other records',
};

function kindLines({ kind, count, read }: KindCount): readonly Line[] {
  const number = String(count).padStart(COUNT_COLUMNS);
  return [line(0, `${number} ${kindName(kind, count)}`, span(WARNINGS[read], 'doubt'))];
}

function wordList(words: readonly string[]): readonly Line[] {
  return words.length === 0 ? [] : [{ ...line(2, words.join(', ')), hang: 0 }];
}

function countedProblems({ problems }: Overview): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const parts = [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(errors < problems.length ? [counted(problems.length - errors, 'warning')] : []),
  ];
  return parts.join(' and ');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
