/** Asks the solver z3 (its native program, on the PATH) whether formulas over bit vectors can be satisfied. */

import { spawnSync } from 'node:child_process';

const PROGRAM = 'z3';

/** Why z3 cannot be asked here, or null when it can. */
export function whyNotRunnable(): string | null {
  const { status, error } = spawnSync(PROGRAM, ['--version']);
  return status === 0 ? null : `z3 does not run here: ${error?.message ?? `it ended with ${status}`}`;
}

export interface Query {
  /** Bits of each variable, by name. */
  readonly variables: Readonly<Record<string, number>>;
  readonly formula: string;
}

/** Whether any values of its variables satisfy each query. Throws on whatever z3 complains of, and on "unknown". */
export function areSatisfiable(queries: readonly Query[]): readonly boolean[] {
  const script = queries.map(({ variables, formula }) =>
    [
      '(push 1)',
      ...Object.entries(variables).map(([name, bits]) => `(declare-const ${name} (_ BitVec ${bits}))`),
      `(assert ${formula})`,
      '(check-sat)',
      '(pop 1)',
    ].join('\n'),
  );
  const { status, stdout, stderr } = spawnSync(PROGRAM, ['-in'], {
    input: ['(set-logic QF_BV)', ...script, '(exit)', ''].join('\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const answers = stdout.trim().split('\n');
  const wrong = answers.find((answer) => answer !== 'sat' && answer !== 'unsat');
  if (status !== 0 || wrong !== undefined || answers.length !== queries.length) {
    throw new Error(`z3 gave ${answers.length} answers to ${queries.length} queries: ${wrong} (${status}) ${stderr}`);
  }
  return answers.map((answer) => answer === 'sat');
}

export function allOf(formulas: readonly string[]): string {
  return formulas.length === 0 ? 'true' : `(and true ${formulas.join(' ')})`;
}

export function anyOf(formulas: readonly string[]): string {
  return formulas.length === 0 ? 'false' : `(or false ${formulas.join(' ')})`;
}

export function number(value: number | bigint, bits: number): string {
  return `(_ bv${value} ${bits})`;
}

/** The variable is from `first` to `last`. */
export function inRange(variable: string, bits: number, first: number | bigint, last: number | bigint): string {
  return `(and (bvule ${number(first, bits)} ${variable}) (bvule ${variable} ${number(last, bits)}))`;
}

/** What an ordered list allows: the first rule whose condition holds decides, and none denies. */
export function firstMatch(rules: readonly { readonly allows: boolean; readonly condition: string }[]): string {
  return rules.reduceRight((rest, { allows, condition }) => `(ite ${condition} ${allows} ${rest})`, 'false');
}
