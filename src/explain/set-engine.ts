/** What all questions about sets of one network share: the arena of sets, and what passes between two addresses. */

import type { Compiled } from '../compile/compile.ts';
import { Connections } from '../reach/connection.ts';
import { L4Sets } from '../reach/l4-sets.ts';

export interface SetEngine {
  readonly compiled: Compiled;
  readonly sets: L4Sets;
  readonly connections: Connections;
}

export function setEngineOf(compiled: Compiled): SetEngine {
  const sets = new L4Sets();
  return { compiled, sets, connections: new Connections(compiled, sets) };
}
