/** The files of a snapshot: what the given paths hold, and how each is named in messages. */

import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { InputError } from './input-error.ts';
import { namesPlace } from './place.ts';

export interface SnapshotFile {
  /** Where it is. */
  readonly path: string;
  /** Relative to the snapshot, with forward slashes. Folders that say account and region are in it. */
  readonly file: string;
  readonly bytes: number;
  /** Named by the user itself, not found in a folder. */
  readonly isNamed: boolean;
}

export interface FoundFiles {
  /** Files to read, sorted by name. */
  readonly files: readonly SnapshotFile[];
  /** Files in folders that are no `.json`, sorted. */
  readonly others: readonly string[];
  /** Files and folders in folders that cannot be read, sorted. */
  readonly faults: readonly { readonly file: string; readonly message: string; readonly remedy: string }[];
}

/** Folders within folders; a snapshot has four. */
const MAX_FOLDER_DEPTH = 32;

/** Every file behind the paths, each once. Throws an InputError for a path that does not exist or cannot be read. */
export async function findFiles(paths: readonly string[]): Promise<FoundFiles> {
  const found: Found = {
    named: new Map(),
    inFolders: new Map(),
    others: new Set(),
    faults: new Map(),
    folders: new Set(),
  };
  const roots: string[] = [];
  for (const path of paths) {
    const absolute = resolve(path);
    try {
      const entry = await stat(absolute);
      if (!entry.isDirectory()) found.named.set(absolute, entry.size);
      else await walk(absolute, await readdir(absolute), 0, found);
      roots.push(entry.isDirectory() ? absolute : dirname(absolute));
    } catch (error) {
      const { message, remedy } = accessFault(error);
      throw new InputError(message, path, '', remedy);
    }
  }
  const root = rootOf(roots);
  const nameOf = (path: string): string => relative(root, path).split(sep).join('/');
  const files: SnapshotFile[] = [];
  for (const [path, bytes] of found.named) files.push({ path, file: nameOf(path), bytes, isNamed: true });
  for (const [path, bytes] of found.inFolders) {
    if (!found.named.has(path)) files.push({ path, file: nameOf(path), bytes, isNamed: false });
  }
  files.sort((a, b) => (a.file < b.file ? -1 : 1));
  const faults = [...found.faults].map(([path, error]) => ({ file: nameOf(path), ...accessFault(error) }));
  faults.sort((a, b) => (a.file < b.file ? -1 : 1));
  return { files, others: [...found.others].map(nameOf).sort(), faults };
}

interface Found {
  /** Absolute path to size. */
  readonly named: Map<string, number>;
  readonly inFolders: Map<string, number>;
  readonly others: Set<string>;
  readonly faults: Map<string, unknown>;
  /** Real paths of folders already walked: links may lead in circles. */
  readonly folders: Set<string>;
}

/** Hidden files and folders are not part of a snapshot. */
async function walk(folder: string, names: readonly string[], depth: number, found: Found): Promise<void> {
  const real = await realpath(folder);
  if (depth > MAX_FOLDER_DEPTH || found.folders.has(real)) return;
  found.folders.add(real);
  for (const name of names) {
    if (name.startsWith('.')) continue;
    const path = join(folder, name);
    try {
      const entry = await stat(path);
      if (entry.isDirectory()) await walk(path, await readdir(path), depth + 1, found);
      else if (entry.isFile() && name.toLowerCase().endsWith('.json')) found.inFolders.set(path, entry.size);
      else found.others.add(path);
    } catch (error) {
      found.faults.set(path, error);
    }
  }
}

/** Why something cannot be read, and what to do. */
export function accessFault(error: unknown): { readonly message: string; readonly remedy: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'ENOENT') return { message: 'no such file or folder', remedy: 'check the path' };
  return { message: `cannot be read: ${code}`, remedy: 'check that it is a file or folder that you may read' };
}

/**
 * The folder that files are named from: the deepest one that holds all paths, or one further up as long as its own name says
 * account or region, so that `snapshot/us-east-1` means the same as `snapshot`.
 */
function rootOf(folders: readonly string[]): string {
  const [first = '.', ...rest] = folders;
  let root = first;
  for (const folder of rest) {
    while (folder !== root && !folder.startsWith(root.endsWith(sep) ? root : root + sep) && dirname(root) !== root)
      root = dirname(root);
  }
  while (namesPlace(basename(root))) root = dirname(root);
  return root;
}
