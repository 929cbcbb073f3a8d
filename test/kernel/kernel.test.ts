/**
 * Sessions against the Linux kernel: random networks, packets in time order, rules that change meanwhile. Needs root, nftables, Python
 * and the kernel oracle beside this repository (or where IGWALK_SHARED says); without them it skips and says why.
 */

import { describe, expect, test } from 'vitest';
import { createNet } from '../../src/explain/net.ts';
import { loadDocuments } from '../../src/load/load.ts';
import { difference, stepsOf } from './comparison.ts';
import { drawnHere } from './conversations.ts';
import { isUpdate, type KernelDocument, listsOf, packetText } from './document.ts';
import { drawnByOracle, type KernelResult, playInKernel, whyNotRunnable } from './kernel-oracle.ts';
import { LeftOut } from './left-out.ts';

const why = whyNotRunnable();
if (why !== null) console.log(`kernel suite skipped: ${why}`);

/** More differences than these say nothing new. */
const MOST_SHOWN = 20;

interface Score {
  compared: number;
  readonly leftOut: Map<string, number>;
  readonly differences: string[];
}

describe.skipIf(why !== null)('the kernel and igwalk agree about every packet that counts', () => {
  test("of 50 networks that the oracle's own generator draws, 500 packets each", { timeout: 600_000 }, async () => {
    await agree(drawnByOracle(7, 50).map(withSortedGroups));
  });

  test('of 50 networks with IPv6, several groups and addresses, and rules that change, 500 packets each', {
    timeout: 600_000,
  }, async () => {
    await agree(drawnHere(11, 50, 500));
  });
});

async function agree(documents: readonly KernelDocument[]): Promise<void> {
  const results = await playInKernel(documents);
  const score: Score = { compared: 0, leftOut: new Map(), differences: [] };
  for (const [index, document] of documents.entries()) play(document, results[index]!, score);
  const leftOut = [...score.leftOut].sort((a, b) => b[1] - a[1]);
  const agreed = score.compared - score.differences.length;
  console.log(`${agreed} of ${score.compared} packets agree, in ${documents.length} networks`);
  for (const [reason, count] of leftOut) console.log(`${count} left out: ${reason}`);
  expect(score.differences.slice(0, MOST_SHOWN)).toEqual([]);
  expect(score.compared).toBeGreaterThan(0);
}

/** Where several groups match, the kernel names the first that the interface lists, igwalk the first by id (SG-02: there is no order). */
function withSortedGroups(document: KernelDocument): KernelDocument {
  const interfaces = listsOf(document).NetworkInterfaces as readonly {
    readonly Groups: readonly { GroupId: string }[];
  }[];
  const sorted = (groups: readonly { GroupId: string }[]) =>
    [...groups].sort((a, b) => (a.GroupId < b.GroupId ? -1 : 1));
  return { ...document, NetworkInterfaces: interfaces.map((eni) => ({ ...eni, Groups: sorted(eni.Groups) })) };
}

/** Plays a document in a session and compares packet by packet. */
function play(document: KernelDocument, results: readonly KernelResult[], score: Score): void {
  const session = createNet(loadDocuments([{ file: 'network.json', json: listsOf(document) }])).session();
  const leftOut = new LeftOut(listsOf(document));
  document.packets.forEach((event, index) => {
    if (isUpdate(event)) {
      session.wait(event.t - session.now);
      session.apply({ kind: 'replace', network: loadDocuments([{ file: 'update.json', json: event.update }]) });
      leftOut.rulesChange();
      return;
    }
    const result = session.send(packetText(event), { at: event.t });
    const kernel = results[index]!;
    const reason = leftOut.reason(event, kernel, stepsOf(result.leg.hops));
    if (reason !== null) {
      score.leftOut.set(reason, (score.leftOut.get(reason) ?? 0) + 1);
      return;
    }
    score.compared++;
    const differs = difference(kernel, result, leftOut.isUntracked(event));
    if (differs !== null) score.differences.push(`${document.name}: ${packetText(event)} at ${event.t} s: ${differs}`);
  });
}
