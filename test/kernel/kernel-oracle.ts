/** Runs the kernel oracle, a Python program outside this repository, on documents: one line in, one line out. */

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KernelDocument } from './document.ts';

const SHARED = process.env.IGWALK_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url));
const ORACLE = join(SHARED, 'oracle');

/** What became of one packet in the kernel. */
export interface KernelResult {
  readonly id: number;
  readonly verdict: 'delivered' | 'dropped' | 'lost' | 'updated';
  /** An interface, or `internet`. */
  readonly to?: string;
  readonly received?: { readonly srcIp: string; readonly dstIp: string };
  readonly stage?: 'src-dst-check' | 'sg-out' | 'nacl-out' | 'route' | 'igw' | 'nacl-in' | 'no-such-host' | 'sg-in';
  /** Labels of the rules it met, such as `nacl-in|acl-1|100|deny`. */
  readonly trace?: readonly string[];
}

/** Why the oracle cannot run here, or null when it can. */
export function whyNotRunnable(): string | null {
  const program = join(ORACLE, 'kernel_oracle.py');
  if (!existsSync(program)) return `there is no kernel oracle at ${program}`;
  const check = spawnSync('python3', [program, '--check'], { encoding: 'utf8' });
  if (check.status === 0) return null;
  return `the kernel oracle does not run here: ${check.stdout.trim() || check.stderr.trim() || check.error}`;
}

/** Networks that the oracle's own generator draws, packets included. */
export function drawnByOracle(seed: number, count: number): KernelDocument[] {
  const { stdout } = spawnSync('python3', [join(ORACLE, 'random_networks.py'), String(seed), String(count)], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  return lines(stdout).map((line) => JSON.parse(line) as KernelDocument);
}

/** One list of results a document. Throws with the oracle's own words on a document that it does not take. */
export async function playInKernel(documents: readonly KernelDocument[]): Promise<KernelResult[][]> {
  const program = spawn('python3', [join(ORACLE, 'kernel_oracle.py'), '--jsonl', '-']);
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  program.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  program.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  program.stdin.end(documents.map((document) => `${JSON.stringify(document)}\n`).join(''));
  await new Promise((resolve, reject) => program.on('close', resolve).on('error', reject));
  const answers = lines(Buffer.concat(output).toString()).map(
    (line) => JSON.parse(line) as { readonly results?: KernelResult[]; readonly error?: string },
  );
  if (answers.length !== documents.length) {
    throw new Error(`${answers.length} answers to ${documents.length} documents: ${Buffer.concat(errors)}`);
  }
  return answers.map(({ results, error }, index) => {
    if (results === undefined) throw new Error(`document ${index}: ${error}`);
    return results;
  });
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
