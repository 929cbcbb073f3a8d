/** Snapshots in, networks out: the face of this folder. */

import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import type { Network } from '../model/network.ts';
import { quote } from '../net/quote.ts';
import { accessFault, findFiles, type SnapshotFile } from './find-files.ts';
import { InputError } from './input-error.ts';
import { BYTES_REMEDY, type Limits, type LoadOptions, limitsOf } from './limits.ts';
import { skim } from './skim.ts';
import { Snapshot } from './snapshot.ts';
import { utf8Of } from './text-encoding.ts';

/** A document that is JSON already. */
export interface InputDocument {
  /** Path relative to the snapshot, with forward slashes; its folders give account and region (see `place.ts`). */
  readonly file: string;
  readonly json: unknown;
}

/**
 * Reads files and folders as one snapshot. In folders every `.json` file is read, at any depth; what a list is, its key says.
 *
 * What cannot be read is a problem of the network, and what depends on it is not known. Throws an InputError when a path does
 * not exist or cannot be read, when a file named itself is no JSON, when nothing is recognised, and beyond a limit.
 */
export async function loadSnapshot(paths: string | readonly string[], options: LoadOptions = {}): Promise<Network> {
  const limits = limitsOf(options);
  const given = typeof paths === 'string' ? [paths] : paths;
  const { files, others, faults } = await findFiles(given);
  const snapshot = new Snapshot(limits);
  // Instances repeat their interfaces, which are not read again where they are known: so those files go last.
  const [first, last] = [files.filter((file) => !beginsWithInstances(file)), files.filter(beginsWithInstances)];
  for (const file of [...first, ...last]) readInto(snapshot, file, limits);
  for (const { file, message, remedy } of faults) snapshot.reading.error(message, { file, pointer: '' }, remedy);
  for (const other of others) {
    const what = other.endsWith('.tfstate') ? 'not supported yet: Terraform state' : 'not read: no .json file';
    const remedy = 'only .json files are read in a folder; name the file itself if it is JSON';
    snapshot.reading.warning(what, { file: other, pointer: '' }, remedy);
  }
  return finish(snapshot, given.join(', '));
}

/** Reads documents that are parsed already, in the order of their names. No files are touched. Throws as `loadSnapshot` does. */
export function loadDocuments(documents: readonly InputDocument[], options: LoadOptions = {}): Network {
  const snapshot = new Snapshot(limitsOf(options));
  const sorted = [...documents].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  for (const { file, json } of sorted) snapshot.add(file, json);
  return finish(snapshot, sorted.map(({ file }) => file).join(', '));
}

/** Reports whether the beginning of the file shows a list of instances. Only the order of reading depends on it. */
function beginsWithInstances({ path, bytes }: SnapshotFile): boolean {
  if (bytes < BEGINNING) return false; // Nothing to gain; and a pipe, which has no size, can be read only once.
  try {
    const file = openSync(path, 'r');
    try {
      const beginning = Buffer.alloc(BEGINNING);
      readSync(file, beginning, 0, BEGINNING, 0);
      return /"(?:Reservations|Instances)"/.test(beginning.toString('latin1'));
    } finally {
      closeSync(file);
    }
  } catch {
    return false; // Reading it whole will say why.
  }
}

/** Bytes in which the key of a file's list stands, whatever wraps it. */
const BEGINNING = 256;

/** Reads one file. What is wrong with a file that the user named is an InputError, with one that was found a problem. */
function readInto(snapshot: Snapshot, { path, file, bytes, isNamed }: SnapshotFile, limits: Limits): void {
  checkSize(file, bytes, limits);
  let content: Buffer;
  try {
    // In one piece: the asynchronous call takes 100 MB in two hundred, and nothing else can be done meanwhile anyway.
    content = utf8Of(readFileSync(path));
  } catch (error) {
    const { message, remedy } = accessFault(error);
    if (isNamed) throw new InputError(message, file, '', remedy);
    snapshot.reading.error(message, { file, pointer: '' }, remedy);
    return;
  }
  checkSize(file, content.length, limits);
  const { value, error, cutOff } = skim(content, limits);
  if (error !== null) {
    // Beyond a limit on records there may be anything, so the rest of the snapshot is no answer.
    if (isNamed || error.kind === 'records') throw new InputError(error.message, file, '', error.remedy);
    snapshot.reading.error(error.message, { file, pointer: '' }, error.remedy);
  }
  // What came before a fault is whole, record by record.
  if (value !== undefined) snapshot.add(file, value, error === null ? null : { list: cutOff });
}

function checkSize(file: string, bytes: number, { maxBytes }: Limits): void {
  if (bytes <= maxBytes) return;
  throw new InputError(`file of ${bytes} bytes is over the limit of ${maxBytes}`, file, '', BYTES_REMEDY);
}

function finish(snapshot: Snapshot, given: string): Network {
  if (!snapshot.isEmpty) return snapshot.network();
  const [first, ...rest] = snapshot.reading.problems;
  const remedy = 'give describe-* output of AWS: a file, or a folder with .json files';
  if (first === undefined) throw new InputError(`nothing to analyse in ${quote(given)}`, given, '', remedy);
  const more = rest.length === 0 ? '' : `, and ${rest.length} more ${rest.length === 1 ? 'problem' : 'problems'}`;
  const what = `nothing to analyse in ${quote(given)}: ${first.what}${more}`;
  throw new InputError(what, first.origin.file, first.origin.pointer, first.remedy);
}
