/**
 * What the far end of a connection can notice of an interface, apart for the two parts that it plays.
 *
 * As a sender an interface is its place and its outbound rules, as a target its place and its inbound rules. Answers ask neither list:
 * both ends have admitted the flow (CT-01). Which groups it carries matters only to an end whose rules name one of them. So far
 * fewer kinds of sender and of target are told apart than interfaces, and all pairs are pairs of kinds.
 */

import type { Compiled } from '../compile/compile.ts';
import type { InterfaceClasses } from '../compile/interface-classes.ts';
import { NO_GROUP, type RuleTable } from '../compile/rule-table.ts';
import { DELIVER, FORGETS_SENDER, GROUPS, type Stage, UNKNOWN } from '../compile/stage.ts';

/** Groups that rules name, as indices, ascending. */
export type NamedGroups = Int32Array;

const NO_NAMES: NamedGroups = new Int32Array(0);

export class Views {
  /** By interface: a number that is equal for senders that differ to nobody, unless in the groups that they carry. */
  readonly sender: Int32Array;
  readonly target: Int32Array;
  readonly #outbound = new Map<number, RuleTable>();
  readonly #inbound = new Map<number, RuleTable>();
  /** Groups of either end that appliances on the way may ask for. */
  readonly namedOnTheWay: NamedGroups;
  readonly #named = new Map<RuleTable, NamedGroups>();

  constructor({ stages }: Compiled, { natureOf }: InterfaceClasses) {
    const onTheWay = new Set<number>();
    for (const { kind, role, host, rules, next, effects } of stages) {
      if (kind !== GROUPS) continue;
      const isIn = role === 'security-group-in';
      (isIn ? this.#inbound : this.#outbound).set(host, rules);
      // On the way through an appliance answers are asked as well, and their ends have changed places.
      const isEnd = isIn ? isEnding(stages[next]!) : (effects & FORGETS_SENDER) === 0;
      if (!isEnd) for (const group of this.#namedIn(rules)) onTheWay.add(group);
    }
    this.namedOnTheWay = Int32Array.from(onTheWay).sort();
    const meanings = new Meanings();
    this.sender = viewsBy(natureOf, this.#outbound, meanings);
    this.target = viewsBy(natureOf, this.#inbound, meanings);
  }

  /** Groups that a sender to this interface may carry to a difference, besides `namedOnTheWay`. */
  namedByTarget(eni: number): NamedGroups {
    return this.#namedIn(this.#inbound.get(eni));
  }

  /** Groups that a target of this interface may carry to a difference, besides `namedOnTheWay`. */
  namedBySender(eni: number): NamedGroups {
    return this.#namedIn(this.#outbound.get(eni));
  }

  #namedIn(table: RuleTable | undefined): NamedGroups {
    if (table === undefined || !table.hasGroups) return NO_NAMES;
    const known = this.#named.get(table);
    if (known !== undefined) return known;
    const groups = new Set(table.rows.map(({ group }) => group).filter((group) => group !== NO_GROUP));
    const named = Int32Array.from(groups).sort();
    this.#named.set(table, named);
    return named;
  }
}

function isEnding({ kind }: Stage): boolean {
  return kind === DELIVER || kind === UNKNOWN;
}

function viewsBy(natureOf: Int32Array, tables: ReadonlyMap<number, RuleTable>, meanings: Meanings): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(natureOf, (nature, eni) => {
    const table = tables.get(eni);
    const key = `${nature} ${table === undefined ? -1 : meanings.of(table)}`;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
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
