/** What a question about sets takes besides its places and its service, as options of the command line. */

import type { ReachOptions } from '../explain/net.ts';

export const CLIENT_PORTS_FLAGS = '--client-ports <ports>';
export const CLIENT_PORTS_HELP =
  'ports that clients send from: linux, windows, nat, load-balancer, lambda or a range (default: 1024-65535)';

export const MAX_PAIRS_FLAGS = '--max-pairs <number>';
export const MAX_PAIRS_HELP = 'most pairs of addresses that one question may look at';

export const EXCEPT_FLAGS = '--except <question>';
export const EXCEPT_HELP = 'flows that the question is not about, written like it; may be given again';

/** Collects what is given again. */
export function addException(question: string, before: readonly string[] = []): readonly string[] {
  return [...before, question];
}

export interface GivenReachOptions {
  readonly clientPorts?: string | undefined;
  readonly maxPairs?: number | undefined;
  readonly except?: readonly string[] | undefined;
}

/** Without those that were not given. */
export function reachOptionsIn({ clientPorts, maxPairs, except }: GivenReachOptions): ReachOptions {
  return {
    ...(clientPorts === undefined ? {} : { clientPorts }),
    ...(maxPairs === undefined ? {} : { maxPairs }),
    ...(except === undefined ? {} : { except }),
  };
}
