/** One walk in progress, and how it ends. */

import type { Network } from '../../src/model/network.ts';
import type { NetworkInterface } from '../../src/model/network-interface.ts';
import type { VpcAttachmentOptions } from '../../src/model/transit-gateway.ts';
import type { Packet } from '../../src/net/packet.ts';
import { type Direction, remember, type State } from './flow.ts';
import type { Choose } from './readings.ts';

/** What decided at the end. Where no statement says which of several things comes first, or what code it has, all are given. */
export interface Decider {
  readonly stage: string;
  /** The list that was asked: an ACL, a table, a gateway. Null where no single one decides (the groups of an interface). */
  readonly resource: string | null;
  /** Entry numbers, `*`, rule ids: any of them. Empty where nothing matched. */
  readonly rules: readonly string[];
  /** Explanation codes, any of them; empty where the statements name none. */
  readonly codes: readonly string[];
}

export interface Ending {
  readonly outcome: 'delivered' | 'dropped' | 'unknown';
  /** Where it was delivered: an interface, `internet`, or `aws-service`. Null unless delivered. */
  readonly at: string | null;
  /** What refused it, any of them; when delivered, the last rule that let it pass, if one did. */
  readonly deciders: readonly Decider[];
  /** The packet as it ended. */
  readonly packet: Packet;
  /** Delivered in every reading, but not everywhere alike: the other ends. */
  readonly others?: readonly Ending[];
}

/** Thrown to leave a walk from wherever it is. */
export class Ended extends Error {
  readonly ending: Ending;
  constructor(ending: Ending) {
    super(ending.outcome);
    this.ending = ending;
  }
}

/** What rules admitted without tracking it. */
interface Admission {
  readonly interfaceId: string;
  readonly direction: Direction;
  readonly packet: Packet;
}

export interface Walk {
  readonly network: Network;
  readonly state: State;
  /** Seconds. */
  readonly now: number;
  readonly choose: Choose;
  readonly appliances: ReadonlyMap<string, 'forwards' | 'drops'>;
  /** Tracked after all when the way turns out to be one that always is (CT-07). */
  readonly untracked: Admission[];
  readonly appliancesPassed: Set<string>;
  packet: Packet;
  /** False once something on the way dropped group membership (SG-11, SG-12, SG-13, SG-14). */
  keepsMembership: boolean;
  /** The node of a balancer that sent it on: its groups count, whatever source the packet has (SG-24). */
  actsAs: NetworkInterface | null;
  /** Transit gateways that it has crossed, and the VPCs and attachments from which (SG-15). */
  readonly transit: { readonly gatewayId: string; readonly options: VpcAttachmentOptions; readonly vpcId: string }[];
  /** True once the way led through something whose connections are always tracked (CT-07). */
  isAlwaysTracked: boolean;
  /** The rule of an ACL or group that last let the packet pass. */
  lastPass: Decider | null;
  /** The packet answers one that was just delivered, or one of a connection that an interface on its way remembers. */
  isAnswer: boolean;
  hops: number;
}

export function drop(walk: Walk, ...deciders: readonly Decider[]): never {
  throw new Ended({ outcome: 'dropped', at: null, deciders, packet: walk.packet });
}

export function deliver(walk: Walk, at: string): never {
  const deciders = walk.lastPass === null ? [] : [walk.lastPass];
  throw new Ended({ outcome: 'delivered', at, deciders, packet: walk.packet });
}

/** The snapshot does not say how it goes on, and nothing so far has dropped the packet. */
export function lose(walk: Walk): never {
  throw new Ended({ outcome: 'unknown', at: null, deciders: [], packet: walk.packet });
}

export function refusal(stage: string, resource: string | null, ...codes: readonly string[]): Decider {
  return { stage, resource, rules: [], codes };
}

export function settle(walk: Walk): void {
  if (!walk.isAlwaysTracked) return;
  for (const { interfaceId, direction, packet } of walk.untracked) {
    remember(walk.state, interfaceId, direction, packet, walk.now);
  }
}

/** The packet as part of a key: what is chosen for one packet says nothing about another. */
export function packetKey(packet: Packet): string {
  return JSON.stringify(packet);
}

/** Whether the packet came from that VPC over transit gateways (SG-15). */
export function cameByTransit({ transit }: Walk, vpcId: string): boolean {
  return transit.some((crossing) => crossing.vpcId === vpcId);
}
