/** How every benchmark tells its figures: as Markdown, with what is needed to repeat them. */

import { cpus, loadavg } from 'node:os';

/** How busy the machine was before the first measurement: other work on it slows every figure, and ratios less. */
const LOAD_BEFORE = loadavg()[0]!;

/** The middle value; of an even number of values the mean of the middle two. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** `2.31 (2.20 to 2.49)`: the median and the spread of all rounds. */
export function figure(values: readonly number[], digits: number): string {
  const text = (value: number): string => value.toFixed(digits);
  return `${text(median(values))} (${text(Math.min(...values))} to ${text(Math.max(...values))})`;
}

interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Report extends Table {
  readonly title: string;
  /** The question that the benchmark answers, and how. */
  readonly question: string;
  readonly command: string;
  /** Further tables, each under a heading. */
  readonly more?: readonly (Table & { readonly heading: string })[];
  /** What a reader should know about the figures. */
  readonly notes: readonly string[];
}

export function markdown(report: Report): string {
  return [
    `# ${report.title}`,
    '',
    report.question,
    '',
    `    ${report.command}`,
    '',
    `Machine: ${cpus()[0]!.model.trim()}, ${cpus().length} cores; Node ${process.version}.`,
    `Load average over a minute: ${LOAD_BEFORE.toFixed(1)} before, ${loadavg()[0]!.toFixed(1)} after; the benchmark itself is about 1.`,
    '',
    ...tableLines(report),
    ...(report.more ?? []).flatMap((table) => [`## ${table.heading}`, '', ...tableLines(table)]),
    ...report.notes.map((note) => `- ${note}`),
    '',
  ].join('\n');
}

function tableLines({ columns, rows }: Table): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line), ''];
}
