/** What a command line has to do with its surroundings: three streams and the environment. Tests pass their own. */

import type { Readable, Writable } from 'node:stream';

export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The terminal that a stream writes to, or null for pipes and files. */
export function terminalOf(stream: Readable | Writable): { readonly columns: number | null } | null {
  const { isTTY, columns } = stream as { isTTY?: boolean; columns?: number };
  return isTTY === true ? { columns: typeof columns === 'number' && columns > 0 ? columns : null } : null;
}
