/** How much input is read before `load` refuses. Each limit keeps a hostile or mistaken file from taking the process down. */

export interface LoadOptions {
  /** Largest file, in bytes. At most 2 GiB, which is what Node reads in one piece. */
  readonly maxBytes?: number;
  /** Most records in all files together, with the rules, routes, addresses and tags in them. */
  readonly maxRecords?: number;
  /** Deepest nesting of lists and objects in a file. */
  readonly maxDepth?: number;
}

export interface Limits {
  readonly maxBytes: number;
  readonly maxRecords: number;
  readonly maxDepth: number;
}

/** A region of 100,000 interfaces is about 110 MB; several regions are several files. */
const MAX_BYTES = 256 * 1024 * 1024;
/** Eight regions of 100,000 interfaces. In memory a record or member takes 200 to 400 bytes. */
const MAX_RECORDS = 5_000_000;
/** The deepest describe output has 12 levels. */
const MAX_DEPTH = 100;

/**
 * Values that one record may hold. The largest real ones, reservations of some thousand instances, have about a million. A
 * file within its limit could otherwise hold one record of a hundred million empty lists, which take gigabytes once parsed.
 */
export const MAX_VALUES_PER_RECORD = 4_000_000;

/** Blocks of one VPC, subnet or peering end. AWS allows 50 of each family (its quotas), and every address is looked for in each. */
export const MAX_BLOCKS = 200;
/** Problems that are listed. Lists that bring more are not read to their end. */
export const MAX_PROBLEMS = 100_000;
/** Missing facts, which cannot be left out: beyond so many the input is something else than a snapshot. */
export const MAX_FACTS = 250_000;

/** What to do beyond a limit that the user can raise. */
export const BYTES_REMEDY =
  'split it (a file for each region, or for each call), or raise the limit with maxBytes if the input is right';
export const RECORDS_REMEDY = 'raise the limit with maxRecords if the input is right';
export const DEPTH_REMEDY = 'nothing that AWS prints is nested so deep; raise the limit with maxDepth if it is right';

export function limitsOf(options: LoadOptions): Limits {
  return {
    maxBytes: options.maxBytes ?? MAX_BYTES,
    maxRecords: options.maxRecords ?? MAX_RECORDS,
    maxDepth: options.maxDepth ?? MAX_DEPTH,
  };
}
