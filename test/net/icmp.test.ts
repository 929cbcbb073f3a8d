import { describe, expect, test } from 'vitest';
import {
  answerOf,
  icmpMessageNamed,
  icmpNames,
  icmpTypeName,
  isAnswer,
  isError,
  isRequest,
  requestOf,
} from '../../src/net/icmp.ts';
import { ICMP, ICMPV6, TCP } from '../../src/net/protocol.ts';

const EVERY_TYPE = Array.from({ length: 256 }, (_, type) => type);

describe('requests and answers', () => {
  const pairs = [
    ['echo', ICMP, 8, 0],
    ['timestamp', ICMP, 13, 14],
    ['information', ICMP, 15, 16],
    ['address mask', ICMP, 17, 18],
    ['ICMPv6 echo', ICMPV6, 128, 129],
  ] as const;
  for (const [name, protocol, request, answer] of pairs) {
    test(`${name}: ${answer} answers ${request}`, () => {
      expect(answerOf(protocol, request)).toBe(answer);
      expect(requestOf(protocol, answer)).toBe(request);
      expect([isRequest(protocol, request), isAnswer(protocol, request)]).toEqual([true, false]);
      expect([isRequest(protocol, answer), isAnswer(protocol, answer)]).toEqual([false, true]);
    });
  }

  test('no other type asks or answers', () => {
    const asking = (protocol: number): number[] => EVERY_TYPE.filter((type) => isRequest(protocol, type));
    const answering = (protocol: number): number[] => EVERY_TYPE.filter((type) => isAnswer(protocol, type));
    expect([asking(ICMP), answering(ICMP)]).toEqual([
      [8, 13, 15, 17],
      [0, 14, 16, 18],
    ]);
    expect([asking(ICMPV6), answering(ICMPV6)]).toEqual([[128], [129]]);
    expect([asking(TCP), answering(TCP)]).toEqual([[], []]);
  });
});

describe('errors', () => {
  test('ICMP 3, 4, 5, 11 and 12 and ICMPv6 1 to 4 quote what they complain of', () => {
    expect(EVERY_TYPE.filter((type) => isError(ICMP, type))).toEqual([3, 4, 5, 11, 12]);
    expect(EVERY_TYPE.filter((type) => isError(ICMPV6, type))).toEqual([1, 2, 3, 4]);
    expect(EVERY_TYPE.filter((type) => isError(TCP, type))).toEqual([]);
  });

  test('an error neither asks nor answers', () => {
    for (const protocol of [ICMP, ICMPV6]) {
      for (const type of EVERY_TYPE.filter((each) => isError(protocol, each))) {
        expect([isRequest(protocol, type), isAnswer(protocol, type)]).toEqual([false, false]);
      }
    }
  });
});

describe('names', () => {
  const named = [
    [ICMP, 'echo', 8, 0],
    [ICMP, 'echo-request', 8, 0],
    [ICMP, 'echo-reply', 0, 0],
    [ICMP, 'port-unreachable', 3, 3],
    [ICMP, 'fragmentation-needed', 3, 4],
    [ICMP, 'time-exceeded', 11, 0],
    [ICMPV6, 'echo', 128, 0],
    [ICMPV6, 'echo-reply', 129, 0],
    [ICMPV6, 'packet-too-big', 2, 0],
    [ICMPV6, 'port-unreachable', 1, 4],
    [ICMPV6, 'neighbor-advertisement', 136, 0],
  ] as const;
  for (const [protocol, name, type, code] of named) {
    test(`${name} of protocol ${protocol} is ${type}.${code}`, () => {
      expect(icmpMessageNamed(protocol, name)).toEqual({ type, code });
    });
  }

  test('a name belongs to its family, and other protocols have none', () => {
    expect(icmpMessageNamed(ICMP, 'packet-too-big')).toBeNull();
    expect(icmpMessageNamed(ICMPV6, 'timestamp')).toBeNull();
    expect(icmpMessageNamed(TCP, 'echo')).toBeNull();
    expect(icmpMessageNamed(ICMP, '__proto__')).toBeNull();
    expect(icmpTypeName(TCP, 8)).toBeNull();
  });

  test('a type has one printed name, which means that type', () => {
    expect([icmpTypeName(ICMP, 8), icmpTypeName(ICMP, 3), icmpTypeName(ICMPV6, 128)]).toEqual([
      'echo',
      'unreachable',
      'echo',
    ]);
    expect(icmpTypeName(ICMP, 99)).toBeNull();
    for (const protocol of [ICMP, ICMPV6]) {
      for (const type of EVERY_TYPE) {
        const name = icmpTypeName(protocol, type);
        if (name !== null) expect(icmpMessageNamed(protocol, name)).toEqual({ type, code: 0 });
      }
    }
  });

  test('no name is listed twice', () => {
    for (const protocol of [ICMP, ICMPV6]) {
      expect(new Set(icmpNames(protocol)).size).toBe(icmpNames(protocol).length);
    }
  });
});
