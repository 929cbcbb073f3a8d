import { describe, expect, test } from 'vitest';
import { answerTo } from '../../src/net/answer.ts';
import { formatPacket, parsePacket } from '../../src/net/packet-text.ts';

function answer(text: string): string | null {
  const reply = answerTo(parsePacket(text).packet);
  return reply === null ? null : formatPacket(reply);
}

describe('what a host answers', () => {
  const answered = [
    ['a SYN with a SYN-ACK', 'tcp 203.0.113.7:40000 > 10.0.1.10:443', 'tcp 10.0.1.10:443 > 203.0.113.7:40000 flags SA'],
    [
      'a SYN-ACK with an ACK',
      'tcp 10.0.1.10:443 > 203.0.113.7:40000 flags SA',
      'tcp 203.0.113.7:40000 > 10.0.1.10:443 flags A',
    ],
    [
      'an ACK with an ACK',
      'tcp 203.0.113.7:40000 > 10.0.1.10:443 flags A',
      'tcp 10.0.1.10:443 > 203.0.113.7:40000 flags A',
    ],
    [
      'data with an ACK',
      'tcp 203.0.113.7:40000 > 10.0.1.10:443 flags PA',
      'tcp 10.0.1.10:443 > 203.0.113.7:40000 flags A',
    ],
    [
      'the end of a stream with an ACK',
      'tcp 203.0.113.7:40000 > 10.0.1.10:443 flags FA',
      'tcp 10.0.1.10:443 > 203.0.113.7:40000 flags A',
    ],
    [
      'a SYN that offers congestion notification with a SYN-ACK',
      'tcp 203.0.113.7:40000 > 10.0.1.10:443 flags SEC',
      'tcp 10.0.1.10:443 > 203.0.113.7:40000 flags SA',
    ],
    [
      'a datagram with one to the port it came from',
      'udp 10.0.1.10:5000 > 10.0.2.20:53',
      'udp 10.0.2.20:53 > 10.0.1.10:5000',
    ],
    [
      'an IPv6 datagram alike',
      'udp [2001:db8::1]:5000 > [2001:db8::2]:53',
      'udp [2001:db8::2]:53 > [2001:db8::1]:5000',
    ],
    [
      'an echo with an echo reply of the same id',
      'icmp echo 10.0.1.10 > 10.0.2.20 id 7',
      'icmp echo-reply 10.0.2.20 > 10.0.1.10 id 7',
    ],
    [
      'an echo of an odd code with a reply of code 0',
      'icmp 8.3 10.0.1.10 > 10.0.2.20 id 7',
      'icmp echo-reply 10.0.2.20 > 10.0.1.10 id 7',
    ],
    [
      'a timestamp request with its reply',
      'icmp timestamp 10.0.1.10 > 10.0.2.20 id 11',
      'icmp timestamp-reply 10.0.2.20 > 10.0.1.10 id 11',
    ],
    [
      'an IPv6 echo with an IPv6 echo reply',
      'icmp echo 2001:db8::1 > 2001:db8::2 id 7',
      'icmp echo-reply 2001:db8::2 > 2001:db8::1 id 7',
    ],
    ['ESP with ESP', 'esp 10.0.1.10 > 203.0.113.7', 'esp 203.0.113.7 > 10.0.1.10'],
    ['any protocol without ports with itself', 'proto 99 10.0.1.10 > 203.0.113.7', 'proto 99 203.0.113.7 > 10.0.1.10'],
  ] as const;
  for (const [what, packet, reply] of answered) {
    test(`${what}: ${packet}`, () => {
      expect(answer(packet)).toBe(reply);
    });
  }

  const unanswered = [
    ['a reset', 'tcp 203.0.113.7:40000 > 10.0.1.10:443 flags R'],
    ['a reset with an ACK', 'tcp 203.0.113.7:40000 > 10.0.1.10:443 flags RA'],
    ['a segment with neither SYN nor ACK', 'tcp 203.0.113.7:40000 > 10.0.1.10:443 flags FPU'],
    ['a segment without flags', 'tcp 203.0.113.7:40000 > 10.0.1.10:443 flags none'],
    ['an echo reply', 'icmp echo-reply 10.0.1.10 > 10.0.2.20 id 7'],
    ['an ICMP error', 'icmp 3.4 192.0.2.1 > 10.0.1.10 about (tcp 10.0.1.10:443 > 203.0.113.7:40000)'],
    ['an ICMPv6 error', 'icmp packet-too-big 2001:db8::1 > 2001:db8::2'],
    ['an ICMP message that asks nothing', 'icmp 10 10.0.1.10 > 10.0.2.20'],
  ] as const;
  for (const [what, packet] of unanswered) {
    test(`nothing to ${what}: ${packet}`, () => {
      expect(answer(packet)).toBeNull();
    });
  }
});
