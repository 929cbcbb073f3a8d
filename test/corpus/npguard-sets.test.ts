/**
 * np-guard's rows as sets: for every pair of ends exactly the packets of its rows arrive, and exactly those of its responsive rows are
 * answered, over all ports and all addresses of the internet at once.
 */

import { expect } from 'vitest';
import { rankOf } from '../../src/compile/address-space.ts';
import { type Compiled, compile } from '../../src/compile/compile.ts';
import { askPacket } from '../../src/explain/packet-question.ts';
import { placesEverywhere } from '../../src/explain/place-set.ts';
import { sendersOf } from '../../src/explain/reach-ends.ts';
import { formatAddress } from '../../src/net/address-text.ts';
import { type IntervalSet, intervalSet, intervalsContain } from '../../src/net/interval-set.ts';
import { ICMP, TCP, UDP } from '../../src/net/protocol.ts';
import { type Connection, Connections } from '../../src/reach/connection.ts';
import { L4Sets } from '../../src/reach/l4-sets.ts';
import { type NpGuard, underA1 } from './npguard-network.ts';
import { type Cube, type End, endsOf, type Place, type Row, rowsByInput, samePair } from './npguard-rows.ts';
import { Score } from './score.ts';
import { corpusTest } from './shared.ts';

/** np-guard knows ports from 1, and ICMP types up to 254. */
const FIRST_PORT = 1;
const LAST_PORT = 65535;
const LAST_TYPE = 254;
/** The one public address that rules of the snapshots name. */
const NAMED = '147.235.208.136';

corpusTest('np-guard rows as sets: under A1 every pair of ends has exactly its rows’ packets', () => {
  const score = new Score();
  for (const [input, rows] of rowsByInput()) {
    const snapshot = underA1(input);
    const compiled = compile(snapshot.network);
    const judge = new Judge(compiled, snapshot);
    for (const row of rows) {
      if (row.aws.verdict === 'undetermined' || rows.find((other) => samePair(row, other)) !== row) continue;
      const wrong = judge.differences(rows.filter((other) => samePair(row, other)));
      score.add(
        `${row.id} (${row.aws.verdict}): ${wrong.slice(0, 2).join('; ')}`,
        wrong.length === 0 ? 'agree' : 'wrong',
      );
    }
  }
  console.log(`np-guard pairs of ends as sets under A1: ${score.line()}`);
  expect(score.wrong).toEqual([]);
  expect(score.total).toBeGreaterThan(100);
});

class Judge {
  readonly #compiled: Compiled;
  readonly #snapshot: NpGuard;
  readonly #sets = new L4Sets();
  readonly #connections: Connections;
  /** One address of every piece of the IPv4 internet that any table tells apart. */
  readonly #internet: readonly string[];

  constructor(compiled: Compiled, snapshot: NpGuard) {
    this.#compiled = compiled;
    this.#snapshot = snapshot;
    this.#connections = new Connections(compiled, this.#sets);
    const { internet } = placesEverywhere(compiled);
    this.#internet = sendersOf(compiled, { held: [], internet })
      .filter(({ address }) => address.family === 4)
      .map(({ address }) => formatAddress(address));
  }

  /** What differs between the rows of one pair of ends and the sets, in words. */
  differences(rows: readonly Row[]): readonly string[] {
    const [row] = rows;
    return endsOf(this.#snapshot, row!, (end) => this.#addressesOf(end)).flatMap(([source, destination]) => {
      const connection = this.#between(source, destination);
      if (row!.aws.verdict === 'differs-under-A1') return this.#differsUnderA1(rows, source, connection);
      return [
        ...this.#tcp(rows, connection),
        ...this.#arriving(rows, connection, UDP, 'udp', FIRST_PORT, LAST_PORT),
        ...this.#arriving(rows, connection, ICMP, 'icmp', 0, (LAST_TYPE << 8) | 255),
      ].map((what) => `${source.address} > ${destination.address}: ${what}`);
    });
  }

  #addressesOf({ ranges }: End): readonly string[] {
    if (ranges === 'all') return this.#internet;
    if (ranges === 'rest') return this.#internet.filter((address) => address !== NAMED);
    return (ranges ?? []).map((range) => range.replace(/\/32$/, ''));
  }

  #between(source: Place, destination: Place): Connection {
    const { packet, start } = askPacket(
      this.#compiled,
      `tcp ${source.address}:40000${source.pin} > ${destination.address}:443`,
    );
    const { space } = this.#compiled;
    const rank = rankOf(space, packet.source);
    const from = { address: packet.source, rank, start: start.stage, sender: start.sender };
    return this.#connections.between(from, packet.destination, rankOf(space, packet.destination));
  }

  /** Every cell of source and destination ports that no cube and no set divides. */
  #tcp(rows: readonly Row[], { forward, reply }: Connection): readonly string[] {
    const arriving = this.#sets.ports(forward.must, TCP);
    const answered = this.#sets.ports(reply.must, TCP);
    const cubes = rows.flatMap((row) => row.cubes.filter(speaksOf('tcp')).map((cube) => ({ row, cube })));
    const sources = cells([answered, ...cubes.map(({ cube }) => portsOf(cube.src_ports))]);
    const destinations = cells([arriving, ...cubes.map(({ cube }) => portsOf(cube.dst_ports))]);
    const wrong: string[] = forward.must === forward.may && reply.must === reply.may ? [] : ['left open'];
    for (const source of sources) {
      for (const destination of destinations) {
        const covering = cubes.filter(
          ({ cube }) =>
            intervalsContain(portsOf(cube.src_ports), source) && intervalsContain(portsOf(cube.dst_ports), destination),
        );
        const told =
          covering.length === 0
            ? 'nothing'
            : covering.some(({ row }) => row.responsive !== false)
              ? 'answered'
              : 'arrives';
        const arrives = intervalsContain(arriving, destination);
        const found = !arrives ? 'nothing' : intervalsContain(answered, source) ? 'answered' : 'arrives';
        if (told !== found) wrong.push(`tcp ${source}>${destination}: told ${told}, found ${found}`);
      }
    }
    return wrong;
  }

  /** Of other protocols rows say only that they arrive. */
  #arriving(
    rows: readonly Row[],
    { forward }: Connection,
    protocol: number,
    name: 'udp' | 'icmp',
    first: number,
    last: number,
  ): readonly string[] {
    const arriving = this.#sets.ports(forward.must, protocol);
    const whole = intervalSet([{ first, last }]);
    const cubes = rows.flatMap(({ cubes: all }) => all.filter(speaksOf(name)));
    const ports = ({ dst_ports: given }: Cube): IntervalSet => (name === 'udp' ? portsOf(given) : whole);
    return cells([arriving, whole, ...cubes.map(ports)])
      .filter((port) => first <= port && port <= last)
      .filter((port) => cubes.some((cube) => intervalsContain(ports(cube), port)) !== intervalsContain(arriving, port))
      .map((port) => `${name} ${port}: found ${intervalsContain(arriving, port) ? 'more' : 'less'} than told`);
  }

  /** np-guard's row is wrong about AWS there; what AWS does is told by addresses, for every packet. */
  #differsUnderA1(rows: readonly Row[], source: Place, { forward }: Connection): readonly string[] {
    const admitted = rows.some(({ aws }) =>
      aws.connections?.some((text) => text.startsWith('0.0.0.0/0') || text.startsWith(source.address)),
    );
    const arrives = this.#sets.ports(forward.must, TCP).length > 0;
    return arrives === admitted ? [] : [`${source.address}: told ${admitted}, found ${arrives}`];
  }
}

function speaksOf(name: 'tcp' | 'udp' | 'icmp'): (cube: Cube) => boolean {
  return ({ protocol }) => protocol === name || protocol === 'any-of-tcp-udp-icmp';
}

function portsOf(ranges: Cube['src_ports']): IntervalSet {
  return intervalSet((ranges ?? [[FIRST_PORT, LAST_PORT]]).map(([first, last]) => ({ first, last })));
}

/** The first number of every run that none of the sets divides, from np-guard's first port on. */
function cells(sets: readonly IntervalSet[]): readonly number[] {
  const bounds = sets.flatMap((set) => set.flatMap(({ first, last }) => [first, last + 1]));
  return [...new Set([FIRST_PORT, ...bounds])].filter((bound) => FIRST_PORT <= bound && bound <= LAST_PORT);
}
