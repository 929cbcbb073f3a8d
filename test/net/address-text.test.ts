import { isIP } from 'node:net';
import fc from 'fast-check';
import { IPv4, IPv4CidrRange, IPv6, IPv6CidrRange, Validator } from 'ip-num';
import { describe, expect, test } from 'vitest';
import { sameAddress, v4, v6 } from '../../src/net/address.ts';
import {
  familyOfText,
  formatAddress,
  formatPrefix,
  parseAddress,
  parsePrefix,
  TextError,
} from '../../src/net/address-text.ts';
import { prefixContains } from '../../src/net/prefix.ts';
import { anyAddress, anyPrefix, anyV4, anyV6, boundsOf, numberOf } from './any-values.ts';

describe('reading an address', () => {
  const read = [
    ['0.0.0.0', v4(0)],
    ['10.0.3.77', v4(0x0a00034d)],
    ['255.255.255.255', v4(0xffffffff)],
    ['::', v6(0, 0, 0, 0)],
    ['::1', v6(0, 0, 0, 1)],
    ['1::', v6(0x00010000, 0, 0, 0)],
    ['2001:DB8::7:b', v6(0x20010db8, 0, 0, 0x0007000b)],
    ['1:2:3:4:5:6:7::', v6(0x00010002, 0x00030004, 0x00050006, 0x00070000)],
    ['1:2:3:4:5:6:7:8', v6(0x00010002, 0x00030004, 0x00050006, 0x00070008)],
    ['::ffff:10.0.3.77', v6(0, 0, 0xffff, 0x0a00034d)],
    ['64:ff9b::203.0.113.7', v6(0x0064ff9b, 0, 0, 0xcb007107)],
  ] as const;
  for (const [text, address] of read) {
    test(`${text} is read`, () => {
      expect(parseAddress(text)).toEqual(address);
    });
  }

  const refused = [
    ['', 'address "" is not an IPv4 address'],
    ['10.0.0', 'address "10.0.0" is not an IPv4 address'],
    ['10.0.0.256', 'address "10.0.0.256" is not an IPv4 address'],
    ['10.0.0.010', 'address "10.0.0.010" is not an IPv4 address'],
    ['0x0a.0.0.1', 'address "0x0a.0.0.1" is not an IPv4 address'],
    [' 10.0.0.1', 'address " 10.0.0.1" is not an IPv4 address'],
    ['10.0.0.1\n', 'address "10.0.0.1·" is not an IPv4 address'],
    ['１0.0.0.1', 'address "１0.0.0.1" is not an IPv4 address'],
    ['167772161', 'address "167772161" is not an IPv4 address'],
    ['::g', 'address "::g" is not an IPv6 address'],
    ['1::2::3', 'address "1::2::3" is not an IPv6 address'],
    ['1:2:3:4:5:6:7', 'address "1:2:3:4:5:6:7" is not an IPv6 address'],
    ['1:2:3:4:5:6:7:8::', 'address "1:2:3:4:5:6:7:8::" is not an IPv6 address'],
    ['::12345', 'address "::12345" is not an IPv6 address'],
    ['::1/64', 'address "::1/64" is not an IPv6 address'],
    ['::ffff:010.0.0.1', 'address "::ffff:010.0.0.1" is not an IPv6 address'],
    ['[::1]', 'address "[::1]" is not an IPv6 address'],
  ] as const;
  for (const [text, message] of refused) {
    test(`${JSON.stringify(text)} is refused`, () => {
      expect(() => parseAddress(text)).toThrow(new TextError(message));
    });
  }

  test('what it reads is what ip-num reads', () => {
    const sameAsIpNum = (text: string): void => {
      const { value } = text.includes(':') ? IPv6.fromString(text) : IPv4.fromString(text);
      expect(numberOf(parseAddress(text))).toBe(value);
    };
    fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), sameAsIpNum), { numRuns: 1000 });
  });

  test('it takes the texts that Node takes, zone ids apart, and throws a TextError on all others', () => {
    const nearlyAnAddress = fc
      .tuple(
        fc.oneof(fc.ipV4(), fc.ipV6(), fc.ipV4Extended()),
        fc.nat(45),
        fc.nat(1),
        fc.constantFrom('', ':', '.', '0', 'f', '%', ' '),
      )
      .map(([text, at, removed, inserted]) => text.slice(0, at) + inserted + text.slice(at + removed));
    const looksLikeOne = fc.string({ unit: fc.constantFrom(...'0123459af:::...%/x '), maxLength: 45 });
    const hostile = fc.oneof(nearlyAnAddress, looksLikeOne, fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(hostile, (text) => {
        if (isIP(text) !== 0 && !text.includes('%')) expect(parseAddress(text).family).toBe(isIP(text));
        else expect(() => parseAddress(text)).toThrow(TextError);
      }),
      { numRuns: 3000 },
    );
  });

  test('octal, hexadecimal and short forms of IPv4 are refused', () => {
    const unusual = fc.ipV4Extended().filter((text) => isIP(text) === 0);
    fc.assert(
      fc.property(unusual, (text) => {
        expect(() => parseAddress(text)).toThrow(TextError);
      }),
    );
  });

  test('a megabyte of digits is refused with a short message, on one line', () => {
    const message = (text: string): string => {
      try {
        parseAddress(text);
      } catch (error) {
        if (error instanceof TextError) return error.message;
      }
      return 'no TextError';
    };
    expect(message('1'.repeat(1e6))).toBe(`address "${'1'.repeat(80)}…" is not an IPv4 address`);
    expect(message('1:'.repeat(5e5)).length).toBeLessThan(120);
    expect(message('1.\u001b[31m\r\n\u202e')).toBe('address "1.·[31m···" is not an IPv4 address');
  });
});

describe('printing an address', () => {
  // RFC 5952, the section in front.
  const recommended = [
    ['4.1 leading zeros go', '2001:0db8::0001', '2001:db8::1'],
    ['4.2.1 zeros are shortened as far as they can be', '2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['4.2.2 a single zero stays', '2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['4.2.3 the longest run is shortened', '2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['4.2.3 of two equal runs the first', '2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['4.3 letters are small', '2001:DB8::AAAA', '2001:db8::aaaa'],
    ['all zeros', '0:0:0:0:0:0:0:0', '::'],
    ['zeros at the end', '1:0:0:0:0:0:0:0', '1::'],
  ] as const;
  for (const [what, text, printed] of recommended) {
    test(`RFC 5952 ${what}: ${text} prints as ${printed}`, () => {
      expect(formatAddress(parseAddress(text))).toBe(printed);
    });
  }

  test('an embedded IPv4 address prints as groups, as URLs have it, for its prefix need not be a well-known one', () => {
    expect(formatAddress(parseAddress('::ffff:10.0.3.77'))).toBe('::ffff:a00:34d');
    expect(new URL('http://[::ffff:10.0.3.77]').hostname).toBe('[::ffff:a00:34d]');
  });

  test('every IPv6 address prints as in a URL', () => {
    const manyZeros = fc.array(fc.constantFrom(0, 0, 0, 1, 0xab, 0xffff), { minLength: 8, maxLength: 8 });
    const texts = fc.oneof(
      fc.ipV6(),
      manyZeros.map((groups) => groups.map((group) => group.toString(16)).join(':')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(`[${formatAddress(parseAddress(text))}]`).toBe(new URL(`http://[${text}]`).hostname);
      }),
      { numRuns: 2000 },
    );
  });

  test('every IPv4 address prints as ip-num prints it', () => {
    fc.assert(
      fc.property(anyV4, (address) => {
        expect(formatAddress(address)).toBe(new IPv4(numberOf(address)).toString());
      }),
    );
  });

  test('what is printed is read back', () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        expect(parseAddress(formatAddress(address))).toEqual(address);
      }),
    );
    fc.assert(
      fc.property(anyPrefix, (prefix) => {
        expect(parsePrefix(formatPrefix(prefix))).toEqual({ prefix, hadHostBits: false });
      }),
    );
  });
});

describe('reading a prefix', () => {
  const refused = [
    ['10.0.0.0', 'prefix "10.0.0.0" has no length: write ADDRESS/LENGTH'],
    ['10.0.0.0/33', 'prefix "10.0.0.0/33": length 33 is over 32'],
    ['2001:db8::/129', 'prefix "2001:db8::/129": length 129 is over 128'],
    ['10.0.0.0/', 'prefix "10.0.0.0/": length "" is not a number'],
    ['10.0.0.0/-1', 'prefix "10.0.0.0/-1": length "-1" is not a number'],
    ['10.0.0.0/8/8', 'prefix "10.0.0.0/8/8": length "8/8" is not a number'],
    ['10.0.0.0/255.0.0.0', 'prefix "10.0.0.0/255.0.0.0": length "255.0.0.0" is not a number'],
    ['10.0.0.0/1e1', 'prefix "10.0.0.0/1e1": length "1e1" is not a number'],
    ['/8', 'address "" is not an IPv4 address'],
    ['10.0/8', 'address "10.0" is not an IPv4 address'],
  ] as const;
  for (const [text, message] of refused) {
    test(`${text} is refused`, () => {
      expect(() => parsePrefix(text)).toThrow(new TextError(message));
    });
  }

  test('100.68.0.18/18 becomes 100.68.0.0/18, and says that it had host bits (NACL-08)', () => {
    const { prefix, hadHostBits } = parsePrefix('100.68.0.18/18');
    expect([formatPrefix(prefix), hadHostBits]).toEqual(['100.68.0.0/18', true]);
  });

  test('bounds and host bits agree with ip-num', () => {
    const anyText = fc.oneof(fc.tuple(fc.ipV4(), fc.nat(32)), fc.tuple(anyV6.map(formatAddress), fc.nat(128)));
    fc.assert(
      fc.property(anyText, ([address, length]) => {
        const text = `${address}/${length}`;
        const { prefix, hadHostBits } = parsePrefix(text);
        const range = prefix.address.family === 4 ? IPv4CidrRange.fromCidr(text) : IPv6CidrRange.fromCidr(text);
        const first = range.getFirst().getValue();
        expect(boundsOf(prefix)).toEqual([first, range.getLast().getValue()]);
        expect(numberOf(prefix.address)).toBe(first);
        expect(hadHostBits).toBe(numberOf(parseAddress(address)) !== first);
      }),
    );
  });

  test('nothing but a TextError is ever thrown', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'0123456789abf:./%-+ e') }),
      fc
        .tuple(fc.oneof(fc.ipV4Extended(), fc.ipV6(), fc.string()), fc.oneof(fc.nat(300).map(String), fc.string()))
        .map((parts) => parts.join('/')),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        try {
          const { prefix } = parsePrefix(text);
          expect(numberOf(prefix.address)).toBe(boundsOf(prefix)[0]);
        } catch (error) {
          expect(error).toBeInstanceOf(TextError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

// Each shows what the library does, so that a change of it is seen, and what comes of it here.
describe('what ip-num would let through', () => {
  test('zone ids: refused, for they mean nothing outside one host', () => {
    expect(Validator.isValidIPv6String('fe80::1%eth0')[0]).toBe(true);
    expect(Validator.IPV6_PATTERN.test('fe80::1%%')).toBe(true);
    for (const text of ['fe80::1%eth0', 'fe80::1%%', 'fe80::1%']) {
      expect(() => parseAddress(text)).toThrow(`address "${text}": zone ids mean nothing outside one host`);
    }
    expect(() => parsePrefix('fe80::%eth0/64')).toThrow(TextError);
  });

  test('zero-padded lengths: refused', () => {
    expect(IPv4CidrRange.fromCidr('10.0.0.0/024').getPrefix().getValue()).toBe(24n);
    expect(() => parsePrefix('10.0.0.0/024')).toThrow('prefix "10.0.0.0/024": length "024" is not a number');
  });

  test('host bits: cleared and reported', () => {
    expect(IPv4CidrRange.fromCidr('10.0.3.77/8').toCidrString()).toBe('10.0.3.77/8');
    const { prefix, hadHostBits } = parsePrefix('10.0.3.77/8');
    expect([formatPrefix(prefix), hadHostBits]).toEqual(['10.0.0.0/8', true]);
  });

  test('an embedded IPv4 address in a CIDR: accepted, though the library refuses it', () => {
    expect(() => IPv6CidrRange.fromCidr('::ffff:10.0.0.0/104')).toThrow();
    expect(formatPrefix(parsePrefix('::ffff:10.0.0.0/104').prefix)).toBe('::ffff:a00:0/104');
  });

  test('families compared freely: 0.0.0.0/0 holds no IPv6 address, and 0.0.0.1 is not ::1 (PKT-01)', () => {
    expect(IPv4.fromString('0.0.0.1').isEquals(IPv6.fromString('::1') as never)).toBe(true);
    expect(sameAddress(parseAddress('0.0.0.1'), parseAddress('::1'))).toBe(false);
    expect(prefixContains(parsePrefix('0.0.0.0/0').prefix, parseAddress('::1'))).toBe(false);
    expect(prefixContains(parsePrefix('::/0').prefix, parseAddress('0.0.0.1'))).toBe(false);
  });

  test('several texts for one IPv6 address: one, however it was made', () => {
    expect(IPv6.fromString('2001:db8::1').toString()).not.toBe('2001:db8::1');
    expect(new IPv6(0n).toString()).not.toBe(IPv6.fromString('::').toString());
    expect(formatAddress(v6(0x20010db8, 0, 0, 1))).toBe('2001:db8::1');
    expect(formatAddress(v6(0, 0, 0, 0))).toBe(formatAddress(parseAddress('0:0:0:0:0:0:0:0')));
  });

  test('values that JSON cannot hold: ours survive it', () => {
    expect(() => JSON.stringify(IPv4.fromString('10.0.0.1'))).toThrow(TypeError);
    const address = parseAddress('2001:db8::3:7');
    expect(JSON.parse(JSON.stringify(address))).toEqual(address);
  });
});

test('the family of a text is told by its colons', () => {
  expect(familyOfText('10.0.0.0/8')).toBe(4);
  expect(familyOfText('::ffff:10.0.0.0/104')).toBe(6);
});
