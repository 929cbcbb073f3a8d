/** The files of a snapshot: what the given paths hold, and how each is named in messages. */

import { lstat, readdir, realpath, stat } from 'node:fs/promises';
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
}

/** Folders within folders; a snapshot has four. */
const MAX_FOLDER_DEPTH = 32;

/** Every file behind the paths, each once. Throws an InputError for a path that does not exist or cannot be read. */
export async function findFiles(paths: readonly string[]): Promise<FoundFiles> {
  const found: Found = { named: new Map(), inFolders: new Map(), others: new Set(), folders: new Set() };
  const roots: string[] = [];
  for (const path of paths) {
    const absolute = resolve(path);
    const entry = await readable(path, () => stat(absolute));
    if (entry.isDirectory()) {
      roots.push(absolute);
      await readable(path, () => walk(absolute, 0, found));
    } else {
      roots.push(dirname(absolute));
      found.named.set(absolute, entry.size);
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
  return { files, others: [...found.others].map(nameOf).sort() };
}

interface Found {
  /** Absolute path to size. */
  readonly named: Map<string, number>;
  readonly inFolders: Map<string, number>;
  readonly others: Set<string>;
  /** Real paths of folders already walked: links may lead in circles. */
  readonly folders: Set<string>;
}

/** Hidden files and folders are not part of a snapshot. */
async function walk(folder: string, depth: number, found: Found): Promise<void> {
  const real = await realpath(folder);
  if (depth > MAX_FOLDER_DEPTH || found.folders.has(real)) return;
  found.folders.add(real);
  for (const name of (await readdir(folder)).sort()) {
    if (name.startsWith('.')) continue;
    const path = join(folder, name);
    const entry = await stat(path).catch(() => lstat(path));
    if (entry.isDirectory()) await walk(path, depth + 1, found);
    else if (entry.isFile() && name.toLowerCase().endsWith('.json')) found.inFolders.set(path, entry.size);
    else found.others.add(path);
  }
}

/** The result of reading something at a path that the user gave, or an InputError that says why it cannot be read. */
async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw unreadable(path, error);
  }
}

export function unreadable(path: string, error: unknown): InputError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'ENOENT') return new InputError('no such file or folder', path, '', 'check the path');
  return new InputError(`cannot be read: ${code}`, path, '', 'check that it is a file or folder that you may read');
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
