/**
 * What the far end of a connection can notice of an interface, apart for the two parts that it plays.
 *
 * As a sender an interface is its place, its outbound rules, and those of its groups that some inbound rule names; as a target its
 * place, its inbound rules, and those of its groups that some outbound rule names. Answers ask neither list: both ends have admitted the
 * flow (CT-01). So far fewer kinds of sender and of target are told apart than interfaces, and all pairs are pairs of kinds.
 */

import type { Compiled } from '../compile/compile.ts';
import type { InterfaceClasses } from '../compile/interface-classes.ts';
import { NO_GROUP, type RuleTable } from '../compile/rule-table.ts';
import { DELIVER, FORGETS_SENDER, GROUPS, type Stage, UNKNOWN } from '../compile/stage.ts';

export interface Views {
  /** By interface: a number that is equal for senders that nobody tells apart. */
  readonly sender: Int32Array;
  readonly target: Int32Array;
}

export function viewsOf(compiled: Compiled, { natureOf }: InterfaceClasses): Views {
  const { stages, groupsOfInterface } = compiled;
  const outbound = new Map<number, RuleTable>();
  const inbound = new Map<number, RuleTable>();
  const bySenders = new Set<number>();
  const byTargets = new Set<number>();
  for (const { kind, role, host, rules, next, effects } of stages) {
    if (kind !== GROUPS) continue;
    const isIn = role === 'security-group-in';
    (isIn ? inbound : outbound).set(host, rules);
    if (!rules.hasGroups) continue;
    // On the way through an appliance answers are asked as well, and their ends have changed places.
    const isEnd = isIn ? isEnding(stages[next]!) : (effects & FORGETS_SENDER) === 0;
    for (const { group } of rules.rows) {
      if (isIn || !isEnd) bySenders.add(group);
      if (!isIn || !isEnd) byTargets.add(group);
    }
  }
  const meanings = new Meanings();
  const view = (tables: ReadonlyMap<number, RuleTable>, named: ReadonlySet<number>): Int32Array => {
    const known = new Map<string, number>();
    return Int32Array.from(natureOf, (nature, eni) => {
      const table = tables.get(eni);
      const groups = groupsOfInterface[eni]!.filter((group) => named.has(group));
      const key = `${table === undefined ? -1 : meanings.of(table)} ${groups.join()} ${nature}`;
      const number = known.get(key) ?? known.size;
      known.set(key, number);
      return number;
    });
  };
  return { sender: view(outbound, bySenders), target: view(inbound, byTargets) };
}

function isEnding({ kind }: Stage): boolean {
  return kind === DELIVER || kind === UNKNOWN;
}

/** Lists of security group rules have no order, and may say a thing twice. */
class Meanings {
  readonly #byTable = new Map<RuleTable, number>();
  readonly #byText = new Map<string, number>();

  of(table: RuleTable): number {
    const known = this.#byTable.get(table);
    if (known !== undefined) return known;
    const rows = table.rows.map(
      ({ firstRank, lastRank, group, protocol, firstPortOrIcmp, lastPortOrIcmp, fact }) =>
        `${firstRank}-${lastRank} ${group === NO_GROUP ? '' : group} ${protocol} ${firstPortOrIcmp}-${lastPortOrIcmp} ${fact}`,
    );
    const text = [...new Set(rows)].sort().join();
    const meaning = this.#byText.get(text) ?? this.#byText.size;
    this.#byText.set(text, meaning);
    this.#byTable.set(table, meaning);
    return meaning;
  }
}
