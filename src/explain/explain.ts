/** Explains the answer to a question about sets, and works out the smallest changes that would turn it. */

import type { Compiled, CompileOptions } from '../compile/compile.ts';
import type { Network } from '../model/network.ts';
import type { Fact } from '../model/problem.ts';
import { L4Sets } from '../reach/l4-sets.ts';
import { type AskedQuestion, askCompiled, askedIn, isClosed, isOpen } from './asked-pairs.ts';
import { ANY_CLIENT, parseClientPorts } from './client-ports.ts';
import { collateralOf } from './collateral.ts';
import { type Cutting, cutsOf } from './cut.ts';
import { waysOf } from './cut-ways.ts';
import { blockersAmong, enablersAmong } from './deciders.ts';
import type { Decider, ExplainAnswer, Goal, Proposal } from './explain-answer.ts';
import { adviceAbout } from './fix-advice.ts';
import { FixSearch } from './fix-search.ts';
import { setQuestion } from './network-questions.ts';
import { ranked } from './ranking.ts';
import { ReachEngine } from './reach.ts';
import { MAX_PAIRS } from './reach-pairs.ts';
import { parseReachQuestion, type ReachQuestionParts, reachQuestionOf } from './reach-question.ts';
import { setEngineOf } from './set-engine.ts';

export interface ExplainOptions {
  /** What the changes are to achieve; default `open`. */
  readonly goal?: Goal;
  /** `linux`, `windows`, `nat`, `load-balancer`, `lambda`, or a range; default: 1024-65535. */
  readonly clientPorts?: string;
  /** Most pairs of addresses to look at; default `MAX_PAIRS`. */
  readonly maxPairs?: number;
}

/** Questions about more pairs of addresses than this are explained by `reach` alone: each proposal asks all of them again. */
const MAX_PAIRS_TO_CHANGE = 20_000;
/** Sets of changes compared: fewer in a large network, which every one of them compiles again. */
const MOST_COMPARED = 24;
const LEAST_COMPARED = 3;
const INTERFACES_IN_ALL = 200_000;

interface Findings {
  readonly deciders: readonly Decider[];
  readonly proposals: readonly Proposal[];
  readonly advice: readonly string[];
  readonly facts: readonly Fact[];
  readonly notes: readonly string[];
}

/** Throws a QuestionError as `reach` does. */
export function explain(
  network: Network,
  compiled: Compiled,
  options: CompileOptions,
  asked: string | ReachQuestionParts,
  { goal = 'open', clientPorts, maxPairs = MAX_PAIRS }: ExplainOptions,
): ExplainAnswer {
  const parsed = typeof asked === 'string' ? parseReachQuestion(asked) : reachQuestionOf(asked);
  const question: AskedQuestion = {
    ...parsed,
    clientPorts: clientPorts === undefined ? ANY_CLIENT : parseClientPorts(clientPorts),
  };
  const answer = new ReachEngine(setEngineOf(compiled)).answer(
    setQuestion(compiled, asked, { maxPairs, ...(clientPorts === undefined ? {} : { clientPorts }) }),
  );
  const explanation = {
    verdict: answer.verdict,
    question: answer.question,
    goal,
    pairs: answer.pairs,
    assumptions: answer.assumptions,
  };
  if (answer.pairs > MAX_PAIRS_TO_CHANGE) {
    const note = `changes are worked out for at most ${MAX_PAIRS_TO_CHANGE} pairs of addresses: narrow the question`;
    const { unknowns, notes } = answer;
    return { ...explanation, deciders: [], proposals: [], advice: [], unknowns, notes: [...notes, note] };
  }
  const sets = new L4Sets();
  const reading = { sets, asked: askedIn(sets, question), original: compiled };
  const asking = askCompiled(compiled, sets, question);
  const limit = Math.floor(INTERFACES_IN_ALL / Math.max(1, network.networkInterfaces.length));
  const most = Math.min(MOST_COMPARED, Math.max(LEAST_COMPARED, limit));
  const find = goal === 'open' ? opening : closing;
  const { deciders, proposals, advice, facts, notes } = find({ network, options, question, reading, asking, most });
  return {
    ...explanation,
    deciders,
    proposals: ranked(proposals),
    advice,
    unknowns: [...new Map([...answer.unknowns, ...facts].map((fact) => [fact.key, fact])).values()],
    notes: [...answer.notes, ...notes],
  };
}

function opening(cutting: Cutting): Findings {
  const { network, options, question, reading, asking, most } = cutting;
  const { original, sets } = reading;
  if (isOpen(asking)) return NOTHING_TO_DO;
  const search = new FixSearch(network, options, question, reading, asking, most);
  const { fixes, filters, deadEnds, unmet, facts, isCutOff } = search.run();
  const proposals = fixes.map(({ changes, after }): Proposal => {
    const collateral = collateralOf(sets, reading.asked, asking, changes, after.compiled);
    return { kind: 'open', size: changes.length, changes, collateral };
  });
  const advice = proposals.length > 0 ? [] : [...adviceAbout(deadEnds), ...unmet];
  const isUnexplained = proposals.length === 0 && advice.length === 0 && facts.length === 0;
  return {
    deciders: blockersAmong(original, sets, filters, deadEnds),
    proposals,
    advice,
    facts: proposals.length > 0 ? [] : facts,
    notes: [
      ...(isCutOff ? [`there are more sets of changes that would do than the ${most} that were compared`] : []),
      ...(isUnexplained ? ['no change of rules, entries and routes was found that lets everything asked through'] : []),
    ],
  };
}

function closing(cutting: Cutting): Findings {
  const { reading, asking } = cutting;
  const { original, sets, asked } = reading;
  if (isClosed(asking, sets, asked)) return NOTHING_TO_DO;
  const ways = waysOf(sets, asked, asking);
  return { deciders: enablersAmong(original, sets, ways), advice: [], facts: [], ...cutsOf(cutting, ways) };
}

const NOTHING_TO_DO: Findings = { deciders: [], proposals: [], advice: [], facts: [], notes: [] };
