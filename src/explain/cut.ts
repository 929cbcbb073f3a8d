/** The smallest changes after which nothing asked arrives. */

import type { CompileOptions } from '../compile/compile.ts';
import type { Network } from '../model/network.ts';
import { type Address, sameAddress } from '../net/address.ts';
import type { AddressRange } from '../net/address-set.ts';
import { type AskedQuestion, type Asking, askIn, isClosed } from './asked-pairs.ts';
import { type Change, changed } from './change.ts';
import { collateralOf } from './collateral.ts';
import { denials } from './cut-entries.ts';
import { narrowed } from './cut-narrow.ts';
import { ruleCuts } from './cut-rules.ts';
import type { Way } from './cut-ways.ts';
import { changesOf } from './edit.ts';
import type { Proposal } from './explain-answer.ts';
import type { Reading } from './fix-needs.ts';
import { namedBlocks } from './named-blocks.ts';
import { smallestCovers } from './set-cover.ts';

/** A question, the network that it is about, and how many sets of changes to compare. */
export interface Cutting {
  readonly network: Network;
  readonly options: CompileOptions;
  readonly question: AskedQuestion;
  readonly reading: Reading;
  readonly asking: Asking;
  readonly most: number;
}

export interface Cuts {
  readonly proposals: readonly Proposal[];
  readonly notes: readonly string[];
}

/** `ways` are those on which something asked arrives. */
export function cutsOf(cutting: Cutting, ways: readonly Way[]): Cuts {
  const { network, question, reading, asking, most } = cutting;
  const { sets, asked, original } = reading;
  const byRules = ruleCuts(sets, ways, most);
  const entries = denials(original, sets, ways, asked.packets, namedBlocks(question), (address) =>
    rangeIn(asking, address),
  );
  const byEntries = smallestCovers(entries.coveredBy, most);
  const removals = byRules.cuts.map((rules): Proposal | null =>
    tried(
      cutting,
      'remove-rules',
      rules.map((rule) => ({ kind: 'remove-rule', rule })),
    ),
  );
  const narrower = byRules.cuts.map((rules): Proposal | null => {
    const changes = narrowed(network, sets, rules, asked.packets);
    return changes === null ? null : tried(cutting, 'narrow-rules', changes);
  });
  const denied = byEntries.covers.map((cover): Proposal | null => {
    const changes = changesOf(
      network,
      cover.map((index) => entries.edits[index]!),
    );
    return changes === null ? null : tried(cutting, 'deny-entries', changes);
  });
  const proposals = [...removals, ...narrower, ...denied].filter((proposal) => proposal !== null);
  return {
    proposals,
    notes: [
      ...(byRules.obstacle === null ? [] : [byRules.obstacle]),
      ...(byRules.passesOthers
        ? [
            'the way passes appliances: only rules of who sends and who receives were weighed, not those of what lies between',
          ]
        : []),
      ...(byEntries.covers.length > 0
        ? []
        : ['no entry of a network ACL denies all of it: some of it passes none, or no number is free']),
      ...(byRules.areAll && byEntries.areAll
        ? []
        : [`there are more sets of changes that would do than the ${most} that were compared`]),
      ...(proposals.length > 0 ? [] : ['no change of rules and entries was found that certainly closes it']),
    ],
  };
}

/** The proposal with what else it closes, or null where the changed network still lets something through. */
function tried(cutting: Cutting, kind: Proposal['kind'], changes: readonly Change[]): Proposal | null {
  const { network, options, question, reading, asking } = cutting;
  const { sets, asked } = reading;
  const after = askIn(
    changed(network, { kind: 'several', changes }),
    { network, compiled: reading.original },
    options,
    sets,
    question,
  );
  if (!isClosed(after, sets, asked)) return null;
  const collateral = collateralOf(sets, asked, asking, changes, after.compiled);
  return { kind, size: changes.length, changes, collateral };
}

function rangeIn({ pairs }: Asking, address: Address): AddressRange {
  for (const { sender, target } of pairs) {
    for (const { piece } of [sender, target]) if (piece !== null && sameAddress(piece.first, address)) return piece;
  }
  return { first: address, last: address };
}
