/** Problems of the input as JSON. */

import { formatOrigin } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';

export interface ProblemJson {
  readonly severity: Problem['severity'];
  readonly what: string;
  /** `file#pointer`. */
  readonly source: string;
  readonly remedy: string;
}

export function problemJson({ severity, what, origin, remedy }: Problem): ProblemJson {
  return { severity, what, source: formatOrigin(origin), remedy };
}
