import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { QuestionError } from '../../src/explain/question-error.ts';
import { SERVICE_NAMES } from '../../src/explain/service-names.ts';
import { parseService } from '../../src/explain/service-text.ts';
import { formatIntervals } from '../../src/net/interval-set.ts';

/** `6: 80,443` for each part, `6: 443 from 40000` where the client's ports are pinned. */
function meaning(text: string): string {
  return parseService(text)
    .parts.map(({ protocol, ports, clientPorts }) => {
      const from = clientPorts === null ? '' : ` from ${formatIntervals(clientPorts)}`;
      return `${protocol}: ${formatIntervals(ports).replace(/^0-65535$/, 'all')}${from}`;
    })
    .join('; ');
}

function errorOf(text: string): QuestionError {
  try {
    parseService(text);
  } catch (error) {
    if (error instanceof QuestionError) return error;
    throw error;
  }
  throw new Error(`"${text}" is a service`);
}

const services = [
  ['any', '-1: all'],
  ['tcp', '6: all'],
  ['TCP/443', '6: 443'],
  ['tcp/80,443', '6: 80,443'],
  ['tcp/1024-2048', '6: 1024-2048'],
  ['tcp/443,80-90,91', '6: 80-91,443'],
  ['tcp/80, 443', '6: 80,443'],
  ['tcp/0-65535', '6: all'],
  ['udp/53', '17: 53'],
  ['tcp/40000>443', '6: 443 from 40000'],
  ['tcp/1024-2047,40000>80,443', '6: 80,443 from 1024-2047,40000'],
  ['tcp/443 + udp/53', '6: 443; 17: 53'],
  ['tcp/443;udp/53;icmp', '6: 443; 17: 53; 1: all'],
  ['https', '6: 443'],
  ['HTTPS', '6: 443'],
  ['postgres', '6: 5432'],
  ['dns', '17: 53; 6: 53'],
  ['ntp', '17: 123'],
  ['winrm', '6: 5985-5986'],
  ['https + dns', '6: 443; 17: 53; 6: 53'],
  // ICMP: type * 256 + code
  ['icmp', '1: all'],
  ['icmp/echo', '1: 2048'],
  ['icmp/8', '1: 2048-2303'],
  ['icmp/8.0', '1: 2048'],
  ['icmp/3.4', '1: 772'],
  ['icmp/unreachable', '1: 768-1023'],
  ['icmp/net-unreachable', '1: 768'],
  ['icmp/port-unreachable', '1: 771'],
  ['icmp/time-exceeded', '1: 2816-3071'],
  ['icmp/echo-reply', '1: 0'],
  ['icmpv6/echo', '58: 32768'],
  ['icmpv6/1.4', '58: 260'],
  ['icmpv6/packet-too-big', '58: 512-767'],
  ['proto/50', '50: all'],
  ['proto/6', '6: all'],
  ['proto/0', '0: all'],
  ['esp', '50: all'],
  ['gre', '47: all'],
] as const;
for (const [text, expected] of services) {
  test(`${text} is ${expected}`, () => {
    expect(meaning(text)).toBe(expected);
  });
}

test('a service keeps its text without the spaces around it', () => {
  expect(parseService('  tcp/443 + udp/53 ').text).toBe('tcp/443 + udp/53');
});

test('every name of a service is a service, with at least one port', () => {
  for (const name of SERVICE_NAMES.keys()) {
    const { parts } = parseService(name);
    expect(parts.length).toBeGreaterThan(0);
    for (const { protocol, ports } of parts) {
      expect([6, 17]).toContain(protocol);
      expect(ports.length).toBeGreaterThan(0);
    }
  }
});

describe('what is no service', () => {
  const A_SERVICE = 'expected a service: tcp/443, udp/53, icmp/echo, proto/50, any, or a name such as https';
  const A_PORT = 'expected a port from 0 to 65535';
  const errors = [
    ['', 0, A_SERVICE],
    ['tcp/443 +', 9, A_SERVICE],
    ['+ tcp/443', 0, A_SERVICE],
    ['htps', 0, A_SERVICE],
    ['443', 0, A_SERVICE],
    ['-1', 0, A_SERVICE],
    ['all', 0, A_SERVICE],
    ['tcp/', 4, A_PORT],
    ['tcp/65536', 4, A_PORT],
    ['tcp/80,,443', 7, A_PORT],
    ['tcp/80-', 7, A_PORT],
    ['tcp/080', 4, A_PORT],
    ['tcp/http', 4, A_PORT],
    ['tcp/443 + udp/x', 14, A_PORT],
    ['tcp/>443', 4, A_PORT],
    ['tcp/40000>', 10, A_PORT],
    ['tcp/1>2>3', 6, A_PORT],
    ['tcp/90-80', 4, 'expected a range from a lower port to a higher one: 80-90'],
    ['https/443', 6, 'expected nothing behind "https": the name says the ports'],
    ['esp/500', 4, 'expected no port: esp has none that AWS looks at'],
    ['any/443', 4, 'expected no port: "any" has none that AWS looks at'],
    ['proto', 5, 'expected a protocol number from 0 to 255: proto/50'],
    ['proto/256', 6, 'expected a protocol number from 0 to 255: proto/50'],
    ['proto/tcp', 6, 'expected a protocol number from 0 to 255: proto/50'],
    ['icmp/256', 5, 'expected an ICMP type from 0 to 255, TYPE.CODE, or a name such as echo'],
    ['icmp/ehco', 5, 'expected an ICMP type from 0 to 255, TYPE.CODE, or a name such as echo'],
    ['icmpv6/mask', 7, 'expected an ICMPv6 type from 0 to 255, TYPE.CODE, or a name such as echo'],
    ['icmp/3.', 7, 'expected a code from 0 to 255'],
    ['icmp/3.256', 7, 'expected a code from 0 to 255'],
  ] as const;
  for (const [text, position, problem] of errors) {
    test(`${text || 'nothing at all'}: ${problem}`, () => {
      const error = errorOf(text);
      expect(error.message.split('\n')[0]).toBe(`question: ${problem}`);
      expect(error.position).toBe(position);
    });
  }

  test('an exclamation mark leaves out what follows, and stands first', () => {
    expect(parseService('!tcp/443 + udp/53')).toMatchObject({
      isInverted: true,
      parts: [{ protocol: 6 }, { protocol: 17 }],
    });
    expect(errorOf('tcp/443 + !udp/53').message).toContain('expected "!" before everything else');
    expect(errorOf('!tcp/40000>443').message).toContain('expected no source ports behind "!"');
    expect(errorOf('!any').message).toContain('nothing is left of "!any"');
    expect(errorOf('!').message).toContain('expected a service');
  });

  test('a misspelt name gets the nearest ones as suggestions', () => {
    expect(errorOf('htps').suggestions).toEqual(['https']);
    expect(errorOf('postgress').suggestions).toEqual(['postgres']);
    expect(errorOf('icmp/ecko').suggestions).toEqual(['echo']);
  });
});

test('whatever the text, it is a service or a QuestionError that points into it', () => {
  const anyPiece = fc.constantFrom(
    ...'tcp udp icmp icmpv6 proto any https / , - > . + ; ! 443 80 3 echo'.split(' '),
    ' ',
  );
  const anyText = fc.oneof(
    fc.array(anyPiece, { maxLength: 10 }).map((pieces) => pieces.join('')),
    fc.string(),
  );
  fc.assert(
    fc.property(anyText, (text) => {
      try {
        expect(parseService(text).parts.length).toBeGreaterThan(0);
      } catch (error) {
        if (!(error instanceof QuestionError)) throw error;
        expect(error.position).toBeGreaterThanOrEqual(0);
        expect(error.position).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 5000 },
  );
});
