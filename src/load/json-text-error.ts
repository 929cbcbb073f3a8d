/** Text that cannot be read as JSON, and what to do about it. */

import { DEPTH_REMEDY, RECORDS_REMEDY } from './limits.ts';

/** `depth` and `records` are limits of the user's, `values` is a fixed one (see `limits.ts`). */
export type JsonTextFault = 'syntax' | 'depth' | 'values' | 'records';

const REMEDIES: Readonly<Record<JsonTextFault, string>> = {
  syntax: 'collect it again; a call that was refused or broken off leaves such files',
  depth: DEPTH_REMEDY,
  values: 'nothing that AWS prints has records so large; collect it again',
  records: RECORDS_REMEDY,
};

/** Text that is no JSON, or JSON beyond a limit. */
export class JsonTextError extends Error {
  override readonly name = 'JsonTextError';
  readonly kind: JsonTextFault;

  get remedy(): string {
    return REMEDIES[this.kind];
  }

  constructor(what: string, kind: JsonTextFault) {
    super(what);
    this.kind = kind;
  }
}
