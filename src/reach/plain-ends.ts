/**
 * Interfaces of the plain kind: on the way out a packet meets their groups and then the subnet, on the way in their groups and then
 * the host. Nearly all are. What passes between two of them is what the groups of the one, the groups of the other and the stages in
 * between let through, each on its own (`legs.ts`).
 */

import type { Compiled } from '../compile/compile.ts';
import type { InterfaceClasses } from '../compile/interface-classes.ts';
import { type Lookup, NOTHING } from '../compile/lookup.ts';
import { DESTINATION, type RuleTable } from '../compile/rule-table.ts';
import { DELIVER, GROUPS, LOOKUP, SILENT, type Stage, type StageId } from '../compile/stage.ts';

export interface PlainEnd {
  readonly eni: number;
  /** Where packets go on that the outbound groups let through. */
  readonly lan: StageId;
  /** Where packets come in that are for an address of the interface. */
  readonly home: StageId;
  readonly outbound: RuleTable;
  readonly inbound: RuleTable;
  /** Who holds an address, as the outbound groups see it. */
  readonly identities: Lookup;
  /** Destinations that never get as far as the groups. */
  readonly exempt: Lookup;
}

export class PlainEnds {
  readonly #compiled: Compiled;
  readonly #isNamed: Uint8Array;
  /** Marks stages where an interface is addressed, by stage. */
  readonly isHome: Uint8Array;
  /** By interface: where it is addressed, or NOTHING. */
  readonly #homes: Int32Array;
  readonly #known = new Map<number, PlainEnd | null>();

  constructor(compiled: Compiled, { isNamed }: InterfaceClasses) {
    this.#compiled = compiled;
    this.#isNamed = isNamed;
    this.#homes = new Int32Array(compiled.network.networkInterfaces.length).fill(NOTHING);
    this.isHome = new Uint8Array(compiled.stages.length);
    compiled.stages.forEach((stage, id) => {
      if (stage.kind !== GROUPS || stage.role !== 'security-group-in') return;
      const { kind, host } = compiled.stages[stage.next]!;
      if (kind !== DELIVER || host !== stage.host) return;
      this.#homes[host] = id;
      this.isHome[id] = 1;
    });
  }

  /** Null where anything else is on the way, or somebody else may have an address of the interface. */
  of(eni: number): PlainEnd | null {
    const known = this.#known.get(eni);
    if (known !== undefined) return known;
    const end = this.#isNamed[eni] === 1 ? null : this.#endOf(eni);
    this.#known.set(eni, end);
    return end;
  }

  #endOf(eni: number): PlainEnd | null {
    const { stages, entrances } = this.#compiled;
    const start = entrances.leaveAsItself[eni]!;
    const home = this.#homes[eni]!;
    if (home === NOTHING) return null;
    const own = stages[start]!;
    const exempt = stages[own.next];
    const out = exempt === undefined ? undefined : stages[exempt.next];
    const inbound = stages[home]!;
    const arrival = stages[inbound.next]!;
    const isPlain =
      isQuestion(own, 'host') &&
      exempt !== undefined &&
      isQuestion(exempt, 'exempt') &&
      out?.kind === GROUPS &&
      out.role === 'security-group-out' &&
      out.host === eni &&
      arrival.next === start &&
      [own, exempt, out, inbound, arrival].every(hasNoEffect);
    if (!isPlain) return null;
    return {
      eni,
      lan: out.next,
      home,
      outbound: out.rules,
      inbound: inbound.rules,
      identities: out.identities,
      exempt: exempt.lookup,
    };
  }
}

function isQuestion({ kind, role, end }: Stage, asked: Stage['role']): boolean {
  return kind === LOOKUP && role === asked && end === DESTINATION;
}

function hasNoEffect({ effects, assumptions }: Stage): boolean {
  return (effects & ~SILENT) === 0 && assumptions === 0;
}
