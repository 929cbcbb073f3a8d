/** `--assume appliance:eni-1=forwards`: what the user knows and no snapshot can say. */

import type { CompileOptions } from '../compile/compile.ts';
import type { Network } from '../model/network.ts';
import { UsageError } from './usage-error.ts';

export type Appliances = NonNullable<CompileOptions['appliances']>;

export const ASSUME_FLAGS = '--assume <what>';
export const ASSUME_HELP =
  'what an appliance does with packets routed through it: appliance:ENI=forwards or appliance:ENI=drops (repeatable)';

/** Adds one `--assume` to those before it. Throws a UsageError on anything that is not one. */
export function parseAssumption(text: string, before: Appliances = new Map()): Appliances {
  const [, eni, behaviour] = /^appliance:([^=]+)=(.*)$/.exec(text) ?? [];
  if (eni === undefined || (behaviour !== 'forwards' && behaviour !== 'drops')) {
    throw new UsageError(`--assume "${text}": write appliance:ENI=forwards or appliance:ENI=drops`);
  }
  const earlier = before.get(eni);
  if (earlier !== undefined && earlier !== behaviour) {
    throw new UsageError(`--assume "${text}": ${eni} was assumed to be one that ${earlier} before`);
  }
  return new Map([...before, [eni, behaviour]]);
}

/** Throws a UsageError when an assumption speaks of an interface that the snapshot does not have: it would change nothing. */
export function checkAppliances(appliances: Appliances, network: Network): void {
  const known = new Set(network.networkInterfaces.map(({ id }) => id));
  for (const eni of appliances.keys()) {
    if (!known.has(eni)) {
      throw new UsageError(`--assume appliance:${eni}: the snapshot has no network interface "${eni}"`);
    }
  }
}
