/** The records of a snapshot put together, before the checks between them. */

import type { Network } from '../model/network.ts';

/** A network whose problems are not known yet. */
export type Records = Omit<Network, 'problems' | 'facts'>;

/** What to do about records that contradict each other. */
export const TOGETHER = 'collect everything at the same time, or correct the one that is wrong';
