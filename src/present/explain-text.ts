/** An explanation as text: verdict, what decides it, and the sets of changes that would turn it. */

import type { CollateralFlows, Decider, ExplainAnswer, Proposal } from '../explain/explain-answer.ts';
import type { Network } from '../model/network.ts';
import { A_SCREENFUL, EVERYTHING } from './alike.ts';
import { changeWords } from './change-words.ts';
import { closingLines, sectionLines } from './closing-text.ts';
import { deciderText } from './decider-text.ts';
import { EMPTY_LINE, type Line, labelled, line, type Span, span } from './layout.ts';
import { placeName } from './place-text.ts';
import { reachVerdictSpan } from './reach-verdict-text.ts';
import { resourceNames } from './resource-names.ts';
import { shortList } from './short-list.ts';
import { LABEL_COLUMNS, MARK_COLUMNS, resultMark, stageLabel } from './stage-text.ts';

export interface ExplainDetail {
  /** List everything, not a screenful. */
  readonly all?: boolean;
}

/** How much of a list is shown before `and N more`. */
const PROPOSALS = 5;
const DECIDERS = 12;
const FLOWS = 3;
const PHRASES = 6;
/** Columns of the number in front of a proposal. */
const NUMBER_COLUMNS = 4;

export function explainLines(
  network: Network,
  answer: ExplainAnswer,
  { all = false }: ExplainDetail = {},
): readonly Line[] {
  return [...headLines(answer), ...decidersLines(network, answer, all), ...outcomeLines(network, answer, all)].concat(
    closingLines(answer, all ? EVERYTHING : A_SCREENFUL),
  );
}

function headLines({ verdict, question, pairs, goal }: ExplainAnswer): readonly Line[] {
  const { from, to, service } = question;
  return [
    line(0, reachVerdictSpan(verdict), '  ', span(`${from} -> ${to} : ${service}`, 'strong')),
    line(2, SENTENCES[goal][verdict]),
    line(2, span(`${pairs} ${pairs === 1 ? 'pair' : 'pairs'} of addresses`, 'faint')),
  ];
}

const SENTENCES: Readonly<Record<ExplainAnswer['goal'], Readonly<Record<ExplainAnswer['verdict'], string>>>> = {
  open: {
    all: 'everything asked about arrives and is answered: there is nothing to open',
    some: 'part of what is asked about does not arrive, or is not answered',
    none: 'nothing of it arrives',
    unknown: 'the snapshot lacks what decides',
  },
  close: {
    all: 'everything asked about arrives and is answered',
    some: 'part of what is asked about arrives',
    none: 'nothing of it arrives: there is nothing to close',
    unknown: 'the snapshot lacks what decides: it may arrive',
  },
};

function decidersLines(network: Network, { deciders, goal }: ExplainAnswer, all: boolean): readonly Line[] {
  const names = resourceNames(network);
  const section = (direction: Decider['direction'], heading: string): readonly Line[] => {
    const found = deciders.filter((decider) => decider.direction === direction);
    const shown = all ? found : found.slice(0, DECIDERS);
    const hidden = found.length - shown.length;
    return sectionLines(line(2, span(heading, 'strong')), [
      ...shown.flatMap((decider) => deciderLines(decider, names)),
      ...(hidden === 0 ? [] : [line(4, span(`and ${hidden} more; --all lists them`, 'faint'))]),
    ]);
  };
  if (goal === 'close') return section('forward', 'what lets it through');
  return [...section('forward', 'stopped on the way there'), ...section('reply', 'stopped on the way back')];
}

function deciderLines(decider: Decider, names: ReturnType<typeof resourceNames>): readonly Line[] {
  const { stage, result, resource, rule, place, places, packets, code, text, direction } = decider;
  const named = deciderText({ stage, result, resource, rule }, names);
  const where = places > 1 ? `at ${placeName(place)} and ${places - 1} more` : `at ${placeName(place)}`;
  const aside = [named === null || text.includes(named) ? null : named, where]
    .filter((word) => word !== null)
    .join(', ');
  const verb = result === 'allow' ? 'lets through' : direction === 'reply' ? 'stops answers' : 'stops';
  const id = resource === null || `${text} ${aside}`.includes(resource) ? null : resource;
  const said = packets.length === 0 ? [] : [`${verb} ${shortList(packets, PHRASES, '; ')}`];
  const below: (string | Span)[] = [
    ...said,
    ...[code, id].filter((word) => word !== null).map((word) => span(word, 'faint')),
  ];
  const { spans, hang } = labelled(4, span(stageLabel(stage)), LABEL_COLUMNS, text, span(`  ${aside}`, 'faint'));
  return [
    { indent: 4, spans: [resultMark(result), span(' '), ...spans], hang: hang + MARK_COLUMNS },
    ...(below.length === 0
      ? []
      : [line(4 + MARK_COLUMNS + LABEL_COLUMNS, ...below.flatMap((word, i) => (i === 0 ? [word] : ['  ', word])))]),
  ];
}

function outcomeLines(network: Network, answer: ExplainAnswer, all: boolean): readonly Line[] {
  const { proposals, advice, goal } = answer;
  const shown = all || proposals.length === PROPOSALS + 1 ? proposals : proposals.slice(0, PROPOSALS);
  const hidden = proposals.length - shown.length;
  const ways = proposals.length === 1 ? 'one way' : `${proposals.length} ways`;
  const heading = `${ways} to ${goal === 'open' ? 'let all of it through' : 'let nothing of it through'}`;
  return [
    ...sectionLines(
      line(2, span(heading, 'strong')),
      shown.flatMap((proposal, index) => proposalLines(network, proposal, index + 1, answer)),
    ),
    ...(hidden === 0 ? [] : [line(4, span(`and ${hidden} more; --all lists them`, 'faint'))]),
    ...(proposals.length === 0
      ? []
      : [
          EMPTY_LINE,
          line(2, span('--format aws-cli and --format terraform print the first, --proposal N another', 'faint')),
        ]),
    ...sectionLines(
      line(2, span('what no rule, entry or route mends', 'strong')),
      advice.map((sentence) => line(4, sentence)),
    ),
  ];
}

const KINDS: Readonly<Record<Proposal['kind'], string>> = {
  open: '',
  'remove-rules': 'rules of security groups removed',
  'narrow-rules': 'the same rules, with the rest of their ports kept',
  'deny-entries': 'denied by network ACLs',
};

function proposalLines(network: Network, proposal: Proposal, number: number, { goal }: ExplainAnswer): readonly Line[] {
  const { kind, size, changes, collateral } = proposal;
  const names = resourceNames(network);
  const indent = 4 + NUMBER_COLUMNS;
  const head = [`${size} ${size === 1 ? 'change' : 'changes'}`, KINDS[kind], besides(proposal, goal)];
  return [
    labelled(4, span(`${number}.`), NUMBER_COLUMNS, head.filter((word) => word !== '').join(', ')),
    ...changes.map((change) =>
      line(indent, markOf(change.kind), ' ', span(changeWords(network, names, change), 'change')),
    ),
    ...(collateral.kind === 'counted'
      ? [...flowLines('opens', collateral.opens, indent), ...flowLines('closes', collateral.closes, indent)]
      : []),
  ];
}

/** What else it does, in a clause; that it does nothing contrary to the goal goes without saying. */
function besides({ collateral }: Proposal, goal: ExplainAnswer['goal']): string {
  if (collateral.kind === 'not-counted') return `what else it changes was not counted: ${collateral.why}`;
  const { opens, closes } = collateral;
  const clauses = [
    ...(opens.pairs === 0 ? [] : [`opens ${pairsOfPlaces(opens.pairs)} besides`]),
    ...(closes.pairs === 0 ? [] : [`closes ${pairsOfPlaces(closes.pairs)} besides`]),
  ];
  return clauses.length === 0 ? `${goal === 'open' ? 'opens' : 'closes'} nothing else` : clauses.join(', ');
}

function pairsOfPlaces(count: number): string {
  return `${count} ${count === 1 ? 'pair' : 'pairs'} of places`;
}

function flowLines(verb: string, { pairs, examples }: CollateralFlows, indent: number): readonly Line[] {
  const shown = examples.slice(0, FLOWS);
  return shown.map(({ from, to, packets }, index) => {
    const more = index === shown.length - 1 && pairs > shown.length ? `, and ${pairs - shown.length} more` : '';
    const flow = `${placeName(from)} → ${placeName(to)} : ${shortList(packets, PHRASES, '; ')}`;
    return line(indent, span(`${verb} ${flow}${more}`, 'faint'));
  });
}

function markOf(kind: string): Span {
  return kind.startsWith('remove') ? span('-', 'bad') : span('+', 'good');
}
