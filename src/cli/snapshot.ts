/** From the paths on the command line to a network that answers questions. */

import { createNet, type Net } from '../explain/net.ts';
import { loadSnapshot } from '../load/load.ts';
import { line, span } from '../present/layout.ts';
import { type Appliances, checkAppliances } from './assume.ts';
import type { Context } from './context.ts';
import { type LimitOptions, limitsIn } from './limit-options.ts';

export interface SnapshotOptions extends LimitOptions {
  readonly assume?: Appliances;
  /** What-if: changes in words, made before anything is asked. */
  readonly edit?: readonly string[];
}

/** Reads and merges the files and folders. Says on standard error when parts of them could not be read. */
export async function openSnapshot(
  paths: readonly string[],
  { assume: appliances = new Map(), edit = [], ...limits }: SnapshotOptions,
  context: Context,
): Promise<Net> {
  const network = await loadSnapshot(paths, limitsIn(limits));
  checkAppliances(appliances, network);
  const errors = network.problems.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) {
    const what = errors === 1 ? 'one problem' : `${errors} problems`;
    await context.remark([line(0, span(`${what} in the snapshot; "igwalk inspect" tells which`, 'faint'))]);
  }
  const net = createNet(network, { appliances });
  return edit.length === 0 ? net : net.edit(edit);
}
