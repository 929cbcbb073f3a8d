import { expect, test } from 'vitest';
import { nameNetwork } from '../../src/compile/names.ts';
import { type TrackingTimes, trackingTimes } from '../../src/compile/tracking-times.ts';
import type { InterfaceDrawing } from '../support/drawing.ts';
import { networkOf } from '../support/network.ts';

function timesOf(
  interfaces: Readonly<Record<string, Partial<InterfaceDrawing>>>,
  absent: readonly string[] = [],
): TrackingTimes {
  const enis = Object.fromEntries(
    Object.entries(interfaces).map(([name, eni], i) => [name, { subnet: 'P', address: `10.0.1.${10 + i}`, ...eni }]),
  );
  const network = networkOf({ vpc: '10.0.0.0/16', subnets: { P: { cidr: '10.0.1.0/24' } }, enis, absent });
  return trackingTimes(network, nameNetwork(network));
}

test('CT-09, CT-10: the defaults are 432000 s for TCP, 180 s for UDP streams and 30 s for other UDP', () => {
  const { tcpEstablished, udpStream, udp } = timesOf({ A: {} });
  expect([...tcpEstablished, ...udpStream, ...udp]).toEqual([432000, 180, 30]);
});

test.each([
  // type            default for TCP
  ['m8i.large', 350],
  ['c8gn.metal-48xl', 350],
  ['r8i-flex.xlarge', 350],
  ['p6-b200.48xlarge', 350],
  ['p6e-gb200.36xlarge', 432000],
  ['m7i.large', 432000],
  ['t3.micro', 432000],
] as const)('CT-09: TCP on %s is forgotten after %i s by default', (instanceType, seconds) => {
  expect([...timesOf({ A: { instanceType } }).tcpEstablished]).toEqual([seconds]);
});

test('CT-12: what an interface sets for itself counts, one value at a time and for it alone', () => {
  const { tcpEstablished, udpStream, udp } = timesOf({
    A: { tracking: { tcpEstablished: 60 } },
    B: { tracking: { udpStream: 90 }, instanceType: 'm8i.large' },
    C: { tracking: { tcpEstablished: 432000, udp: 45 }, instanceType: 'm8i.large' },
  });
  expect([...tcpEstablished]).toEqual([60, 350, 432000]);
  expect([...udpStream]).toEqual([180, 90, 180]);
  expect([...udp]).toEqual([30, 30, 45]);
});

test('an interface without an instance, or with one that is not in the snapshot, has the longer default', () => {
  const times = timesOf({ A: { instance: null }, B: { instanceType: 'm8i.large' } }, ['i-b']);
  expect([...times.tcpEstablished]).toEqual([432000, 432000]);
});
