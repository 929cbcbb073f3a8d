/** An explanation as JSON: its own fields in a fixed order, and every proposal also as commands and as Terraform. */

import type { Change } from '../explain/change.ts';
import type { Collateral, CollateralFlows, Decider, ExplainAnswer, Proposal } from '../explain/explain-answer.ts';
import type { Network } from '../model/network.ts';
import { type FactJson, factJson, placeJson } from './answer-json.ts';
import { awsCliCommands } from './change-aws-cli.ts';
import { terraformLines } from './change-terraform.ts';
import { changeWords } from './change-words.ts';
import { NO_NAMES } from './resource-names.ts';

export interface ExplainJson {
  readonly verdict: ExplainAnswer['verdict'];
  readonly question: ExplainAnswer['question'];
  readonly goal: ExplainAnswer['goal'];
  readonly pairs: number;
  readonly deciders: readonly Decider[];
  readonly proposals: readonly ProposalJson[];
  readonly advice: readonly string[];
  readonly assumptions: readonly string[];
  readonly unknowns: readonly FactJson[];
  readonly notes: readonly string[];
}

export interface ProposalJson {
  readonly kind: Proposal['kind'];
  readonly size: number;
  /** One sentence for each change. */
  readonly words: readonly string[];
  /** As the library's `edit` takes them. */
  readonly changes: readonly Change[];
  readonly collateral: Collateral;
  readonly awsCli: readonly string[];
  readonly terraform: readonly string[];
}

export function explainJson(network: Network, answer: ExplainAnswer): ExplainJson {
  const { verdict, question, goal, pairs, deciders, proposals, advice, assumptions, unknowns, notes } = answer;
  const { from, to, service } = question;
  return {
    verdict,
    question: { from, to, service },
    goal,
    pairs,
    deciders: deciders.map(deciderJson),
    proposals: proposals.map((proposal) => proposalJson(network, proposal)),
    advice,
    assumptions,
    unknowns: unknowns.map(factJson),
    notes,
  };
}

function deciderJson(decider: Decider): Decider {
  const { direction, stage, result, code, place, places, resource, rule, source, packets, text } = decider;
  return { direction, stage, result, code, place: placeJson(place), places, resource, rule, source, packets, text };
}

function proposalJson(network: Network, { kind, size, changes, collateral }: Proposal): ProposalJson {
  return {
    kind,
    size,
    words: changes.map((change) => changeWords(network, NO_NAMES, change)),
    changes,
    collateral: collateralJson(collateral),
    awsCli: awsCliCommands(network, changes),
    terraform: terraformLines(network, changes),
  };
}

function collateralJson(collateral: Collateral): Collateral {
  if (collateral.kind === 'not-counted') return collateral;
  const { kind, opens, closes } = collateral;
  return { kind, opens: flowsJson(opens), closes: flowsJson(closes) };
}

function flowsJson({ pairs, examples }: CollateralFlows): CollateralFlows {
  return {
    pairs,
    examples: examples.map(({ from, to, packets }) => ({ from: placeJson(from), to: placeJson(to), packets })),
  };
}
