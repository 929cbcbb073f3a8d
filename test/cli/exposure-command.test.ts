/** `igwalk exposure` as its users see it. */

import { expect, test } from 'vitest';
import { igwalk, SAMPLE } from './command-line.ts';

test('tells what is reached, through what, and what is one change away', async () => {
  const { code, stdout } = await igwalk(['exposure', SAMPLE, '--to', 'web-1', '--service', 'https']);
  expect(stdout).toBe(`internet -> everything : https
  1 of 1 interfaces is reached from the internet; 1 one change away

  reached from the internet
    ◐ web-1  from IPv4 internet except 192.0.2.0/24
        ✓ answered   tcp 443
        ▸ witness    tcp 203.0.113.7:49152 > 198.51.100.10:443  delivered
          through    acl in: tcp 443 from 0.0.0.0/0  entry 110 of shop-public
                     group in: tcp 443 from 0.0.0.0/0  sgr-0666d1d5d11708649 of shop-web
    ◐ web-1  from IPv6 internet
        ✓ answered   tcp 443
        ▸ witness    tcp [2001:db8:ffff::7]:49152 > [2001:db8:5:100::10]:443  delivered
          through    acl in: tcp 443 from ::/0  entry 111 of shop-public
                     group in: tcp 443 from ::/0  sgr-0fac76b10478c74d1 of shop-web

  one change away
    ! web-1  from internet 192.0.2.0/24
      tcp 443  would be answered, but network ACL shop-public refuses it
`);
  expect(code).toBe(0);
});

test.each([
  // options                                          exit code
  [['--fail-on', 'exposed'], 1],
  [['--fail-on', 'exposed', '--to', 'db-1'], 0],
  [['--fail-on', 'near', '--to', 'web-1', '--service', 'tcp/80'], 1],
])('exits as %j asks for', async (options, exit) => {
  expect((await igwalk(['exposure', SAMPLE, ...options])).code).toBe(exit);
});

test('writes JSON', async () => {
  const { stdout } = await igwalk(['exposure', SAMPLE, '--json']);
  const { interfaces, exposed } = JSON.parse(stdout) as { interfaces: number; exposed: unknown[] };
  expect(interfaces).toBe(9);
  expect(exposed).toHaveLength(5);
});
