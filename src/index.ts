/** The public face of igwalk. */

import type { CompileOptions } from './compile/compile.ts';
import { createNet, type Net } from './explain/net.ts';
import type { LoadOptions } from './load/limits.ts';
import { loadSnapshot } from './load/load.ts';

/**
 * Reads a snapshot (files and folders of `aws ... describe-*` JSON; see the README for the shapes) into a network that can be
 * asked. What could not be read is in `problems`, what is missing in `facts`; neither stops the load. Throws an InputError
 * when there is nothing to analyse at all.
 */
export async function load(
  paths: string | readonly string[],
  options: LoadOptions & CompileOptions = {},
): Promise<Net> {
  return createNet(await loadSnapshot(paths, options), options);
}

export type { CompileOptions } from './compile/compile.ts';
export type { Change, NewGroupRule, NewNaclEntry } from './explain/change.ts';
export type { DiffOptions } from './explain/diff.ts';
export type {
  DiffAnswer,
  DiffCause,
  DiffGroup,
  DiffPlace,
  DiffStep,
  FlowChangeKind,
  RecordDifference,
} from './explain/diff-answer.ts';
export { changeBetween } from './explain/diff-records.ts';
export type { ExactSet, HeaderBox } from './explain/exact-set.ts';
export type { ExplainOptions } from './explain/explain.ts';
export type {
  Collateral,
  CollateralFlow,
  CollateralFlows,
  Decider,
  ExplainAnswer,
  Goal,
  Proposal,
} from './explain/explain-answer.ts';
export type { Exposure, ExposureAnswer, NearExposure, OpenExposure, Shielded } from './explain/exposure-answer.ts';
export type { LintOptions } from './explain/lint.ts';
export type {
  LintFinding,
  LintProof,
  LintReport,
  LintResource,
  LintRule,
  LintSeverity,
  LintStop,
  LintSubject,
} from './explain/lint-finding.ts';
export type {
  MatrixAnswer,
  MatrixBehaviour,
  MatrixEnd,
  MatrixGroup,
  MatrixRow,
} from './explain/matrix-answer.ts';
export { matrixRows } from './explain/matrix-answer.ts';
export {
  createNet,
  type ExposureOptions,
  type MatrixOptions,
  type Net,
  type ReachOptions,
} from './explain/net.ts';
export { QuestionError } from './explain/question-error.ts';
export type { ReachAnswer, ReachBlocker, ReachGroup, ReachVerdict } from './explain/reach-answer.ts';
export type { ReachPackets } from './explain/reach-packets.ts';
export type { ConnectionRow, SendOptions, Session, SessionResult } from './explain/session.ts';
export type { Blocker, Header, Hop, Leg, Place, PlaceKind, Step, Trace, Verdict } from './explain/trace.ts';
export { InputError } from './load/input-error.ts';
export type { LoadOptions } from './load/limits.ts';
export { type InputDocument, loadDocuments } from './load/load.ts';
export type { Network } from './model/network.ts';
export type { Fact, Problem } from './model/problem.ts';
