/** What the kernel oracle takes: a VPC as `describe-*` lists, options, and packets and rule changes in time order. */

export type Lists = Readonly<Record<string, readonly unknown[]>>;

export interface KernelPacket {
  readonly id: number;
  /** Seconds. */
  readonly t: number;
  /** An interface's id, or `internet`. */
  readonly from: string;
  readonly protocol: string | number;
  readonly srcIp: string;
  readonly dstIp: string;
  readonly srcPort?: number;
  readonly dstPort?: number;
  readonly tcpFlags?: string;
  readonly icmpType?: number;
  readonly icmpCode?: number;
  readonly icmpId?: number;
  /** The header that an ICMP error quotes. */
  readonly inner?: QuotedPacket;
}

export type QuotedPacket = Pick<KernelPacket, 'protocol' | 'srcIp' | 'dstIp' | 'srcPort' | 'dstPort' | 'tcpFlags'>;

export interface KernelUpdate {
  readonly id: number;
  readonly t: number;
  readonly update: Lists;
}

export type KernelEvent = KernelPacket | KernelUpdate;

export interface KernelDocument {
  readonly name?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly packets: readonly KernelEvent[];
  readonly [list: string]: unknown;
}

export function isUpdate(event: KernelEvent): event is KernelUpdate {
  return 'update' in event;
}

/** The lists of a document, without what is not a list. */
export function listsOf(document: KernelDocument): Lists {
  const entries = Object.entries(document).filter(([key, value]) => key !== 'packets' && Array.isArray(value));
  return Object.fromEntries(entries) as Lists;
}

/** The packet in igwalk's notation, its source pinned to where it is sent from. */
export function packetText(packet: KernelPacket): string {
  const [from, to] = endsOf(packet);
  return `${headOf(packet)} ${from}@${packet.from} > ${to}${tailOf(packet)}`;
}

function isIcmp(protocol: string | number): boolean {
  return ['icmp', 'icmpv6', '1', '58'].includes(String(protocol));
}

function headOf({ protocol, icmpType = 8, icmpCode = 0 }: KernelPacket): string {
  if (isIcmp(protocol)) return `icmp ${icmpType}.${icmpCode}`;
  return protocol === 'tcp' || protocol === 'udp' ? protocol : `proto ${protocol}`;
}

function endsOf({ srcIp, dstIp, srcPort, dstPort }: QuotedPacket): [string, string] {
  const ported = (address: string, port: number | undefined): string =>
    port === undefined ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  return [ported(srcIp, srcPort), ported(dstIp, dstPort)];
}

function tailOf({ protocol, tcpFlags, icmpId, inner }: KernelPacket): string {
  if (protocol === 'tcp') return ` flags ${tcpFlags ?? 'S'}`;
  if (!isIcmp(protocol)) return '';
  if (inner === undefined) return icmpId === undefined ? '' : ` id ${icmpId}`;
  const [from, to] = endsOf(inner);
  const flags = inner.protocol === 'tcp' ? ` flags ${inner.tcpFlags ?? 'A'}` : '';
  const head = inner.protocol === 'tcp' || inner.protocol === 'udp' ? inner.protocol : `proto ${inner.protocol}`;
  return ` about (${head} ${from} > ${to}${flags})`;
}
