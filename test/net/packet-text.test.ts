import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { v4, v6 } from '../../src/net/address.ts';
import { isAnswer, isError, isRequest } from '../../src/net/icmp.ts';
import type { Packet } from '../../src/net/packet.ts';
import { formatPacket, parsePacket } from '../../src/net/packet-text.ts';
import { PacketTextError } from '../../src/net/packet-text-error.ts';
import { ICMP, ICMPV6, icmpCodepoint, isIcmp, TCP, UDP } from '../../src/net/protocol.ts';
import { ACK, PSH, SYN } from '../../src/net/tcp-flags.ts';
import { anyV4, anyV6 } from './any-values.ts';

const CLIENT = v4(0xcb007107);
const WEB = v4(0x0a00010a);
const BACK = v4(0x0a000214);
const BLANK: Packet = {
  protocol: 0,
  source: WEB,
  destination: BACK,
  sourcePortOrIcmpId: 0,
  destinationPortOrIcmp: 0,
  tcpFlags: 0,
  quoted: null,
};

describe('reading a packet', () => {
  test('tcp with both ports opens a connection', () => {
    expect(parsePacket('tcp 203.0.113.7:40000 > 10.0.1.10:443')).toEqual({
      packet: {
        protocol: TCP,
        source: CLIENT,
        destination: WEB,
        sourcePortOrIcmpId: 40000,
        destinationPortOrIcmp: 443,
        tcpFlags: SYN,
        quoted: null,
      },
      sourcePin: null,
      destinationPin: null,
    });
  });

  test('places follow an end and its port', () => {
    const { sourcePin, destinationPin } = parsePacket('tcp 10.1.1.133:49152@eni-0695 > 10.1.101.164:22@i-1');
    expect([sourcePin, destinationPin]).toEqual(['eni-0695', 'i-1']);
    const v6Pins = parsePacket('icmp echo 2001:db8::1@name:web > [2001:db8::2]@arn:aws:ec2:eu-west-1:1:instance/i-1');
    expect([v6Pins.sourcePin, v6Pins.destinationPin]).toEqual(['name:web', 'arn:aws:ec2:eu-west-1:1:instance/i-1']);
    expect(parsePacket('udp 10.0.1.10@VpcId:5 > 10.0.2.20:53').sourcePin).toBe('VpcId:5');
  });

  test('IPv6 stands in brackets where a port follows', () => {
    const { packet } = parsePacket('tcp [2001:db8::1]:40000 > [2001:db8:1::a]:443');
    expect(packet.source).toEqual(v6(0x20010db8, 0, 0, 1));
    expect(packet.destination).toEqual(v6(0x20010db8, 0x00010000, 0, 10));
    expect([packet.sourcePortOrIcmpId, packet.destinationPortOrIcmp]).toEqual([40000, 443]);
  });

  test('a source port that is left out is one that Windows and Linux clients both use (PKT-11)', () => {
    expect(parsePacket('tcp 10.0.1.10 > 10.0.2.20:22').packet.sourcePortOrIcmpId).toBe(49152);
    expect(parsePacket('udp 2001:db8::1 > [2001:db8::2]:53').packet.sourcePortOrIcmpId).toBe(49152);
  });

  const bodies: readonly (readonly [string, Partial<Packet>])[] = [
    [
      'tcp 10.0.1.10:3 > 10.0.2.20:7 flags AS',
      { protocol: TCP, sourcePortOrIcmpId: 3, destinationPortOrIcmp: 7, tcpFlags: SYN | ACK },
    ],
    [
      'tcp 10.0.1.10:3 > 10.0.2.20:7 flags pa',
      { protocol: TCP, sourcePortOrIcmpId: 3, destinationPortOrIcmp: 7, tcpFlags: PSH | ACK },
    ],
    [
      'tcp 10.0.1.10:0 > 10.0.2.20:65535 flags none',
      { protocol: TCP, sourcePortOrIcmpId: 0, destinationPortOrIcmp: 65535, tcpFlags: 0 },
    ],
    ['udp 10.0.1.10:3 > 10.0.2.20:7', { protocol: UDP, sourcePortOrIcmpId: 3, destinationPortOrIcmp: 7 }],
    ['icmp echo 10.0.1.10 > 10.0.2.20', { protocol: ICMP, sourcePortOrIcmpId: 1, destinationPortOrIcmp: 0x0800 }],
    ['icmp 8 10.0.1.10 > 10.0.2.20 id 7', { protocol: ICMP, sourcePortOrIcmpId: 7, destinationPortOrIcmp: 0x0800 }],
    ['icmp echo-reply 10.0.1.10 > 10.0.2.20 id 7', { protocol: ICMP, sourcePortOrIcmpId: 7, destinationPortOrIcmp: 0 }],
    ['icmp 3.4 10.0.1.10 > 10.0.2.20', { protocol: ICMP, destinationPortOrIcmp: 0x0304 }],
    ['icmp fragmentation-needed 10.0.1.10 > 10.0.2.20', { protocol: ICMP, destinationPortOrIcmp: 0x0304 }],
    ['icmp 255.255 10.0.1.10 > 10.0.2.20', { protocol: ICMP, destinationPortOrIcmp: 0xffff }],
    ['gre 10.0.1.10 > 10.0.2.20', { protocol: 47 }],
    ['esp 10.0.1.10 > 10.0.2.20', { protocol: 50 }],
    ['sctp 10.0.1.10 > 10.0.2.20', { protocol: 132 }],
    ['proto 50 10.0.1.10 > 10.0.2.20', { protocol: 50 }],
    ['proto 0 10.0.1.10 > 10.0.2.20', { protocol: 0 }],
    [
      'proto 6 10.0.1.10:3 > 10.0.2.20:7',
      { protocol: TCP, sourcePortOrIcmpId: 3, destinationPortOrIcmp: 7, tcpFlags: SYN },
    ],
    ['proto 58 echo 10.0.1.10 > 10.0.2.20', { protocol: ICMPV6, sourcePortOrIcmpId: 1, destinationPortOrIcmp: 0x8000 }],
    ['  UDP 10.0.1.10:3>10.0.2.20:7 ', { protocol: UDP, sourcePortOrIcmpId: 3, destinationPortOrIcmp: 7 }],
  ];
  for (const [text, fields] of bodies) {
    test(text, () => {
      expect(parsePacket(text).packet).toEqual({ ...BLANK, ...fields });
    });
  }

  test('icmp between IPv6 addresses is ICMPv6, by its names and numbers', () => {
    const read = (text: string): readonly number[] => {
      const { packet } = parsePacket(text);
      return [packet.protocol, packet.destinationPortOrIcmp];
    };
    expect(read('icmp echo 2001:db8::1 > 2001:db8::2')).toEqual([ICMPV6, 0x8000]);
    expect(read('icmpv6 echo 2001:db8::1 > 2001:db8::2')).toEqual([ICMPV6, 0x8000]);
    expect(read('icmp 128.3 2001:db8::1 > [2001:db8::2]')).toEqual([ICMPV6, 0x8003]);
    expect(read('icmp packet-too-big 2001:db8::1 > 2001:db8::2')).toEqual([ICMPV6, 0x0200]);
    expect(read('proto 1 8 2001:db8::1 > 2001:db8::2')).toEqual([ICMP, 0x0800]);
  });

  test('an ICMP error may quote the header it complains of', () => {
    const { packet } = parsePacket(
      'icmp 3.4 192.0.2.1 > 10.0.1.10 about (tcp 10.0.1.10:443 > 203.0.113.7:40000 flags A)',
    );
    expect(packet.quoted).toEqual({
      ...BLANK,
      protocol: TCP,
      source: WEB,
      destination: CLIENT,
      sourcePortOrIcmpId: 443,
      destinationPortOrIcmp: 40000,
      tcpFlags: ACK,
    });
    expect(
      parsePacket('icmp 11 192.0.2.1 > 10.0.1.10 about ( icmp echo 10.0.1.10 > 10.0.2.20 id 7 )').packet.quoted,
    ).toEqual({
      ...BLANK,
      protocol: ICMP,
      sourcePortOrIcmpId: 7,
      destinationPortOrIcmp: 0x0800,
    });
  });
});

describe('what is wrong is shown with a caret', () => {
  // The text, a line with a caret under the place, and what should stand there.
  const wrong = [
    ['', '^', 'a protocol (tcp, udp, icmp, icmpv6, gre, esp, ah, sctp, or proto and a number)'],
    [
      'htcp 10.0.0.1:1 > 10.0.0.2:22',
      '^',
      'a protocol (tcp, udp, icmp, icmpv6, gre, esp, ah, sctp, or proto and a number)',
    ],
    ['all 10.0.0.1 > 10.0.0.2', '^', 'a protocol (tcp, udp, icmp, icmpv6, gre, esp, ah, sctp, or proto and a number)'],
    [
      '6 10.0.0.1:1 > 10.0.0.2:22',
      '^',
      'a protocol (tcp, udp, icmp, icmpv6, gre, esp, ah, sctp, or proto and a number)',
    ],
    ['proto 256 10.0.0.1 > 10.0.0.2', '      ^', 'a protocol number from 0 to 255'],
    ['proto esp 10.0.0.1 > 10.0.0.2', '      ^', 'a protocol number from 0 to 255'],
    ['tcp', '   ^', 'an IPv4 or IPv6 address'],
    ['tcp web:80 > 10.0.0.2:22', '    ^', 'an IPv4 or IPv6 address'],
    ['tcp 10.0.0.256:1 > 10.0.0.2:22', '    ^', 'an IPv4 or IPv6 address'],
    ['tcp fe80::1%eth0 > [fe80::2]:22', '    ^', 'an IPv4 or IPv6 address'],
    ['tcp [10.0.0.1]:1 > 10.0.0.2:22', '     ^', 'an IPv6 address in the brackets'],
    ['tcp [::1:1 > [::2]:22', '    ^', 'an IPv4 or IPv6 address'],
    ['tcp [::1]1 > [::2]:22', '         ^', '":" and a port, or a space'],
    ['tcp 10.0.0.1:70000 > 10.0.0.2:22', '             ^', 'a port from 0 to 65535'],
    ['tcp 10.0.0.1:1 > 10.0.0.2:', '                          ^', 'a port from 0 to 65535'],
    ['tcp 10.0.0.1:1 > 10.0.0.2:022', '                          ^', 'a port from 0 to 65535'],
    ['tcp 10.0.0.1:1 > 10.0.0.2:https', '                          ^', 'a port from 0 to 65535'],
    ['tcp 10.0.0.1:1 > 10.0.0.2', '                         ^', '":" and a port'],
    ['tcp 10.0.0.1:1 > 10.0.0.2@i-1', '                         ^', '":" and a port'],
    ['tcp [::1]:1 > ::2:22', '                    ^', '":" and a port ([ADDRESS]:PORT)'],
    ['tcp 10.0.0.1:1', '              ^', '">" between the two ends'],
    ['tcp 10.0.0.1:1 -> 10.0.0.2:22', '               ^', '">" between the two ends'],
    ['tcp 10.0.0.1:1 10.0.0.2:22', '               ^', '">" between the two ends'],
    ['tcp 10.0.0.1:1 >  ', '                ^', 'an IPv4 or IPv6 address'],
    ['tcp 10.0.0.1:1 > [::2]:22', '                 ^', 'an IPv4 address, as the source is one'],
    ['icmp echo ::1 > 10.0.0.2', '                ^', 'an IPv6 address, as the source is one'],
    ['icmpv6 echo 10.0.0.1 > 10.0.0.2', '            ^', 'an IPv6 address after "icmpv6"'],
    ['tcp 10.0.0.1:1@ > 10.0.0.2:22', '               ^', 'a place after "@"'],
    ['esp 10.0.0.1:1 > 10.0.0.2', '            ^', 'no port: esp has none that AWS looks at'],
    ['sctp 10.0.0.1 > 10.0.0.2:22', '                        ^', 'no port: sctp has none that AWS looks at'],
    ['icmp echo 10.0.0.1:1 > 10.0.0.2', '                  ^', 'no port: icmp has none that AWS looks at'],
    ['icmp 3.256 10.0.0.1 > 10.0.0.2', '       ^', 'a code from 0 to 255'],
    ['tcp 10.0.0.1:1 > 10.0.0.2:22 please', '                             ^', '"flags" or the end'],
    ['tcp 10.0.0.1:1 > 10.0.0.2:22 id 7', '                             ^', '"flags" or the end'],
    ['tcp 10.0.0.1:1 > 10.0.0.2:22 flags S flags S', '                                     ^', 'the end'],
    [
      'tcp 10.0.0.1:1 > 10.0.0.2:22 flags',
      '                                  ^',
      'TCP flags: letters of FSRPAUEC, each once, or none',
    ],
    [
      'tcp 10.0.0.1:1 > 10.0.0.2:22 flags SS',
      '                                   ^',
      'TCP flags: letters of FSRPAUEC, each once, or none',
    ],
    ['tcp 10.0.0.1:1 > 10.0.0.2:22)', '                            ^', '"flags" or the end'],
    ['udp 10.0.0.1:1 > 10.0.0.2:22 flags S', '                             ^', 'the end'],
    [
      'icmp echo 10.0.0.1 > 10.0.0.2 id 65536',
      '                                 ^',
      'a query identifier from 0 to 65535',
    ],
    ['icmp echo 10.0.0.1 > 10.0.0.2 about (', '                              ^', '"id" or the end'],
    ['icmp 3 10.0.0.1 > 10.0.0.2 about tcp', '                                 ^', '"(" and the quoted packet'],
    [
      'icmp 3 10.0.0.1 > 10.0.0.2 about (tcp 10.0.0.2:3 > 10.0.0.7:7',
      '                                                             ^',
      '")" after the quoted packet',
    ],
    [
      'icmp 3 10.0.0.1 > 10.0.0.2 about (udp [::2]:3 > [::7]:7)',
      '                                  ^',
      'a packet with IPv4 addresses',
    ],
    [
      'icmp 3 10.0.0.1 > 10.0.0.2 about (udp 10.0.0.2:3@i-1 > 10.0.0.7:7)',
      '                                                ^',
      'no place: a quoted header is nowhere',
    ],
    [
      'icmp 3 10.0.0.1 > 10.0.0.2 about (icmp 3 10.0.0.2 > 10.0.0.1 about (',
      '                                                             ^',
      '"id" or ")"',
    ],
  ] as const;
  for (const [text, caret, expected] of wrong) {
    test(`"${text}": expected ${expected}`, () => {
      const error = errorOf(text);
      expect({ position: error.position, expected: error.expected }).toEqual({ position: caret.length - 1, expected });
    });
  }

  test('the message shows the text and the place', () => {
    expect(errorOf('tcp 10.0.0.1:70000 > 10.0.0.2:22').message).toBe(
      ['packet: expected a port from 0 to 65535', '  tcp 10.0.0.1:70000 > 10.0.0.2:22', '               ^'].join('\n'),
    );
  });

  test('a forgotten ICMP type is seen as one, and the message lists the names', () => {
    for (const text of ['icmp 10.0.0.1 > 10.0.0.2', 'icmp pong 10.0.0.1 > 10.0.0.2', 'icmp 256 10.0.0.1 > 10.0.0.2']) {
      const error = errorOf(text);
      expect(error.position).toBe(5);
      expect(error.expected).toMatch(/^an icmp type from 0 to 255, TYPE\.CODE, or one of echo-reply, unreachable, /);
    }
  });

  test('a name of the other family is refused with the names of this one', () => {
    const error = errorOf('icmp packet-too-big 10.0.0.1 > 10.0.0.2');
    expect(error.position).toBe(5);
    expect(error.expected).toContain('fragmentation-needed');
  });

  test('of a long text only the neighbourhood is shown, on one line, with the caret in its place', () => {
    const [, line, caret] = errorOf(`tcp ${'1'.repeat(100)}\u001b[31m\u202e > x`).message.split('\n');
    expect(line).toBe(`  tcp ${'1'.repeat(50)}…`);
    expect(caret).toBe('      ^');
    const far = errorOf(`tcp 10.0.0.1:1@${'a'.repeat(1000)} > x`).message.split('\n');
    expect(far[1]).toBe(`  …${'a'.repeat(47)} > x`);
    expect(far[2]!.indexOf('^')).toBe(far[1]!.indexOf('x'));
  });

  test('nothing but a PacketTextError is ever thrown, and its place is inside the text', () => {
    const words =
      'tcp udp icmp icmpv6 proto esp echo 3.4 8 58 1 > ( ) 10.0.0.1 10.0.0.1:80 [::1]:80 ::1 @i-1 flags SA id 7 about : @'.split(
        ' ',
      );
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...words), { maxLength: 16 }).map((some) => some.join(' ')),
      fc.array(fc.constantFrom(...words), { maxLength: 16 }).map((some) => some.join('')),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        try {
          parsePacket(text);
        } catch (error) {
          expect(error).toBeInstanceOf(PacketTextError);
          const { position } = error as PacketTextError;
          expect(position).toBeGreaterThanOrEqual(0);
          expect(position).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('deep parentheses do no harm', () => {
    expect(() => parsePacket('icmp 3 1.1.1.1 > 2.2.2.2 about ('.repeat(20_000))).toThrow(PacketTextError);
  });
});

describe('printing a packet', () => {
  const printed = [
    'tcp 203.0.113.7:40000 > 10.0.1.10:443',
    'tcp 10.0.1.10:443 > 203.0.113.7:40000 flags SA',
    'tcp 10.0.1.10:22 > 10.0.1.10:7',
    'tcp [2001:db8::1]:40000 > [2001:db8:1::a]:443',
    'udp 10.0.1.10:5000 > 10.0.2.20:53',
    'icmp echo 10.0.1.10 > 10.0.2.20',
    'icmp echo-reply 10.0.1.10 > 10.0.2.20 id 7',
    'icmp 8.3 10.0.1.10 > 10.0.2.20',
    'icmp 3.4 192.0.2.1 > 10.0.1.10 about (tcp 10.0.1.10:443 > 203.0.113.7:40000)',
    'icmp 2.0 2001:db8::1 > 2001:db8::2 about (icmp echo 2001:db8::2 > 2001:db8::7 id 0)',
    'esp 10.0.1.10 > 203.0.113.7',
    'proto 99 10.0.1.10 > 203.0.113.7',
    'proto 58 echo 10.0.1.10 > 203.0.113.7',
  ] as const;
  for (const text of printed) {
    test(`${text} stays as it is`, () => {
      expect(formatPacket(parsePacket(text).packet)).toBe(text);
    });
  }

  test('what goes without saying is left out', () => {
    const shortened = [
      ['tcp 10.0.1.10 > 10.0.2.20:22 flags S', 'tcp 10.0.1.10:49152 > 10.0.2.20:22'],
      ['icmpv6 128.0 [2001:DB8:0::1] > 2001:db8::2 id 1', 'icmp echo 2001:db8::1 > 2001:db8::2'],
      ['proto 17 10.0.1.10:3@eni-1 > 10.0.2.20:7@eni-2', 'udp 10.0.1.10:3 > 10.0.2.20:7'],
      ['icmp echo-request 10.0.1.10 > 10.0.2.20', 'icmp echo 10.0.1.10 > 10.0.2.20'],
    ] as const;
    for (const [text, short] of shortened) expect(formatPacket(parsePacket(text).packet)).toBe(short);
  });

  test('what is printed is read back as the same packet', () => {
    fc.assert(
      fc.property(anyPacket, (packet) => {
        expect(parsePacket(formatPacket(packet))).toEqual({ packet, sourcePin: null, destinationPin: null });
      }),
      { numRuns: 2000 },
    );
  });
});

function errorOf(text: string): PacketTextError {
  try {
    parsePacket(text);
  } catch (error) {
    if (error instanceof PacketTextError) return error;
    throw error;
  }
  throw new Error(`"${text}" was read`);
}

/** A header whose fields are what `Packet` says they are. */
function anyHeader(family: 4 | 6): fc.Arbitrary<Packet> {
  const address = family === 4 ? anyV4 : anyV6;
  const protocol = fc.oneof(fc.constantFrom(TCP, UDP, ICMP, ICMPV6), fc.nat(255));
  const type = fc.oneof(fc.constantFrom(0, 3, 8, 13, 128, 129), fc.nat(255));
  const code = fc.oneof(fc.constant(0), fc.nat(255));
  const id = fc.oneof(fc.constantFrom(0, 1), fc.nat(65535));
  return fc
    .record({
      protocol,
      source: address,
      destination: address,
      type,
      code,
      id,
      port: fc.nat(65535),
      flags: fc.nat(255),
    })
    .map(({ protocol, source, destination, type, code, id, port, flags }) => {
      const fields = isIcmp(protocol)
        ? { sourcePortOrIcmpId: id, destinationPortOrIcmp: icmpCodepoint(type, code) }
        : protocol === TCP || protocol === UDP
          ? { sourcePortOrIcmpId: id, destinationPortOrIcmp: port }
          : { sourcePortOrIcmpId: 0, destinationPortOrIcmp: 0 };
      return { ...BLANK, protocol, source, destination, ...fields, tcpFlags: protocol === TCP ? flags : 0 };
    });
}

/** Every second error quotes a header. */
const anyPacket: fc.Arbitrary<Packet> = fc.constantFrom(4 as const, 6 as const).chain((family) =>
  fc.tuple(anyHeader(family), fc.option(anyHeader(family))).map(([packet, quoted]) => {
    const type = packet.destinationPortOrIcmp >> 8;
    return isError(packet.protocol, type) ? { ...packet, quoted } : packet;
  }),
);

test('the arbitrary packets hold queries, errors with and without a quoted header, and all else', () => {
  const kinds = new Set(
    fc.sample(anyPacket, { numRuns: 2000, seed: 7 }).map((packet) => {
      const type = packet.destinationPortOrIcmp >> 8;
      if (!isIcmp(packet.protocol)) return 'no ICMP';
      if (isError(packet.protocol, type)) return packet.quoted === null ? 'error' : 'error that quotes';
      return isRequest(packet.protocol, type) || isAnswer(packet.protocol, type) ? 'query' : 'other ICMP';
    }),
  );
  expect([...kinds].sort()).toEqual(['error', 'error that quotes', 'no ICMP', 'other ICMP', 'query']);
});
