import { describe, expect, test } from 'vitest';
import { ACK, CWR, ECE, FIN, formatTcpFlags, PSH, parseTcpFlags, RST, SYN, URG } from '../../src/net/tcp-flags.ts';

describe('TCP flags', () => {
  const written = [
    ['S', SYN, 'S'],
    ['SA', SYN | ACK, 'SA'],
    ['AS', SYN | ACK, 'SA'],
    ['fa', FIN | ACK, 'FA'],
    ['R', RST, 'R'],
    ['APU', PSH | ACK | URG, 'PAU'],
    ['CE', ECE | CWR, 'EC'],
    ['FSRPAUEC', 255, 'FSRPAUEC'],
    ['none', 0, 'none'],
  ] as const;
  for (const [text, bits, printed] of written) {
    test(`${text} is ${bits}, printed ${printed}`, () => {
      expect(parseTcpFlags(text)).toBe(bits);
      expect(formatTcpFlags(bits)).toBe(printed);
    });
  }

  for (const text of ['SS', 'SAS', 'X', 'S A', '', '2', 'nones', 'ſ', 'ﬀ']) {
    test(`"${text}" is refused`, () => {
      expect(parseTcpFlags(text)).toBeNull();
    });
  }

  test('the bits are those of the header, from FIN up (RFC 9293 §3.1)', () => {
    expect([FIN, SYN, RST, PSH, ACK, URG, ECE, CWR]).toEqual([1, 2, 4, 8, 16, 32, 64, 128]);
  });

  test('every combination is read back as it was printed', () => {
    for (let bits = 0; bits < 256; bits++) expect(parseTcpFlags(formatTcpFlags(bits))).toBe(bits);
  });
});
