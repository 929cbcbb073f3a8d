/** Snapshots from disk: files and folders, what is read of them, and what ends a run. */

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InputError } from '../../src/load/input-error.ts';
import { loadSnapshot } from '../../src/load/load.ts';
import { instance, listsOf, networkInterface, problemsOf, subnet, vpc } from '../support/documents.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'igwalk-load-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a file below the test's folder; anything but text and bytes as JSON. */
function write(file: string, content: unknown): string {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  return path;
}

/** The error of a load that must fail. */
async function refusal(paths: string | readonly string[], options = {}): Promise<InputError> {
  const error: unknown = await loadSnapshot(paths, options).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return error as InputError;
}

describe('folders', () => {
  test('every .json file at any depth is read, and named from the snapshot', async () => {
    write('accounts/111122223333/us-east-1/Vpcs.json', { Vpcs: [vpc()] });
    write('accounts/111122223333/us-east-1/more/s.JSON', { Subnets: [subnet()] });
    const network = await loadSnapshot(folder);
    expect(network.vpcs[0]).toMatchObject({
      account: '111122223333',
      region: 'us-east-1',
      origin: { file: 'accounts/111122223333/us-east-1/Vpcs.json', pointer: '/Vpcs/0' },
    });
    expect(network.subnets[0]?.origin.file).toBe('accounts/111122223333/us-east-1/more/s.JSON');
  });

  test('a folder inside the snapshot still says account and region', async () => {
    write('accounts/111122223333/us-east-1/Vpcs.json', { Vpcs: [vpc()] });
    const network = await loadSnapshot(join(folder, 'accounts/111122223333/us-east-1'));
    expect(network.vpcs[0]).toMatchObject({ account: '111122223333', region: 'us-east-1' });
    expect(network.vpcs[0]?.origin.file).toBe('111122223333/us-east-1/Vpcs.json');
  });

  test('so does a file', async () => {
    const network = await loadSnapshot(write('us-east-1/Vpcs.json', { Vpcs: [vpc()] }));
    expect(network.vpcs[0]).toMatchObject({ region: 'us-east-1', origin: { file: 'us-east-1/Vpcs.json' } });
  });

  test('several paths are one snapshot, each file read once', async () => {
    write('a/Vpcs.json', { Vpcs: [vpc()] });
    const file = write('b/us-east-1/Subnets.json', { Subnets: [subnet()] });
    const network = await loadSnapshot([join(folder, 'a'), file, join(folder, 'b')]);
    expect([...network.vpcs, ...network.subnets].map(({ origin }) => origin.file)).toEqual([
      'a/Vpcs.json',
      'b/us-east-1/Subnets.json',
    ]);
    expect(network.lists).toHaveLength(2);
  });

  test('files that are no JSON are listed, hidden ones are not', async () => {
    write('Vpcs.json', { Vpcs: [vpc()] });
    write('README.md', 'hello');
    write('raw.log', '2 1 eni');
    write('sub/old.tfstate', {});
    write('.git/config.json', 'no json');
    expect(problemsOf(await loadSnapshot(folder))).toEqual([
      'warning not read: no .json file at README.md#',
      'warning not read: no .json file at raw.log#',
      'warning not supported yet: Terraform state at sub/old.tfstate#',
    ]);
  });

  test('what instances repeat of an interface is not read where the interface has a record, whatever the files are called', async () => {
    const broken = networkInterface({ PrivateIpAddresses: [{ PrivateIpAddress: 'x' }], Description: 'x'.repeat(300) });
    write('a-instances.json', { Reservations: [{ Instances: [instance({ NetworkInterfaces: [broken] })] }] });
    write('b-interfaces.json', { NetworkInterfaces: [networkInterface()] });
    const network = await loadSnapshot(folder);
    expect(network.networkInterfaces).toMatchObject([{ id: 'eni-1', origin: { file: 'b-interfaces.json' } }]);
    expect(problemsOf(network)).toEqual([]);
    expect(listsOf(network)).toEqual(['instances complete', 'networkInterfaces complete']);
  });

  test('links that lead in a circle are followed once, and one that leads nowhere is a problem', async () => {
    write('a/Vpcs.json', { Vpcs: [vpc()] });
    symlinkSync(folder, join(folder, 'a/up'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'a/gone.json'));
    const network = await loadSnapshot(folder);
    expect(network.vpcs).toHaveLength(1);
    expect(problemsOf(network)).toEqual(['error no such file or folder at a/gone.json#']);
  });
});

describe('encodings', () => {
  const json = JSON.stringify({ Vpcs: [vpc({ Tags: [{ Key: 'Name', Value: 'Zürich 😀' }] })] });
  const encodings = [
    ['UTF-8', Buffer.from(json, 'utf8')],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${json}`, 'utf8')],
    ['UTF-16 as PowerShell writes it', Buffer.from(`\ufeff${json}`, 'utf16le')],
    ['UTF-16 the other way round', Buffer.from(`\ufeff${json}`, 'utf16le').swap16()],
  ] as const;
  for (const [name, bytes] of encodings) {
    test(`${name} is read`, async () => {
      expect((await loadSnapshot(write('Vpcs.json', bytes))).vpcs[0]?.name).toBe('Zürich 😀');
    });
  }
});

describe('a file in a folder that cannot be read', () => {
  const faults = [
    ['', 'not JSON at its end: no value'],
    ['not json', 'not JSON at line 1, column 1: a value that is no JSON'],
    ['\u0000\u0001', 'not JSON at line 1, column 1: a value that is no JSON'],
    ['"text"', 'document is "text", not an object'],
    ['[]', 'empty document'],
    ['{}', 'empty document'],
    ['{"name": "x", "version": 1}', 'nothing recognised among the keys "name", "version"'],
    ['{"Error": {"Code": "UnauthorizedOperation"}}', 'recorded answer is an error: "UnauthorizedOperation"'],
    ['{"status_code": 403, "data": {}}', 'recorded answer is an error: status 403'],
    ['{"version": 4, "terraform_version": "1.5.0", "resources": []}', 'not supported yet: Terraform state'],
    [
      '{"format_version": "1.2", "terraform_version": "1.5.0", "planned_values": {}, "resource_changes": []}',
      'not supported yet: Terraform plan',
    ],
    ['{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}', 'not supported yet: CloudFormation template'],
    ['{"configurationItems": []}', 'not supported yet: AWS Config snapshot'],
    ['['.repeat(10_000), 'nested deeper than 100 levels'],
  ] as const;
  for (const [content, what] of faults) {
    test(`${what}: a problem of this file, and the others count`, async () => {
      write('bad.json', content);
      write('good.json', { Vpcs: [vpc()] });
      const network = await loadSnapshot(folder);
      expect(network.vpcs).toHaveLength(1);
      expect(network.problems).toMatchObject([{ what, severity: 'error', origin: { file: 'bad.json', pointer: '' } }]);
    });
  }

  test('a file that breaks off keeps what came before, and its list proves nothing', async () => {
    const whole = JSON.stringify({
      Vpcs: [vpc()],
      Subnets: [subnet(), subnet({ SubnetId: 'subnet-2', CidrBlock: '10.0.2.0/24' })],
    });
    write('torn.json', whole.slice(0, -30));
    const network = await loadSnapshot(folder);
    expect(network.subnets.map(({ id }) => id)).toEqual(['subnet-1']);
    expect(listsOf(network)).toEqual(['subnets cut off', 'vpcs complete']);
    expect(problemsOf(network)).toEqual([
      'error not JSON at its end: the file ends in the middle of a value at torn.json#',
    ]);
  });
});

describe('what ends a run', () => {
  test('a path that does not exist', async () => {
    const error = await refusal('/no/such/folder');
    expect(error.message).toBe('no such file or folder\n  at /no/such/folder#\n  check the path');
    expect(error).toMatchObject({ file: '/no/such/folder', pointer: '', remedy: 'check the path' });
  });

  test('a lone file that is no JSON', async () => {
    expect((await refusal(write('a.json', '{"Vpcs": [{'))).message).toMatch(
      /^not JSON at its end: .*\n {2}at a\.json#\n/,
    );
  });

  test('a lone file in which nothing is recognised', async () => {
    expect((await refusal(write('a.json', '{"name": 1}'))).message).toMatch(
      /^nothing to analyse in ".*a\.json": nothing recognised among the keys "name"\n {2}at a\.json#\n/,
    );
  });

  test('a lone Terraform state', async () => {
    const state = write('x.tfstate', { version: 4, terraform_version: '1.5.0', resources: [] });
    expect((await refusal(state)).message).toContain('not supported yet: Terraform state');
  });

  test('an empty folder', async () => {
    expect((await refusal(folder)).message).toMatch(/^nothing to analyse in /);
  });

  test('no path at all', async () => {
    expect((await refusal([])).message).toMatch(/^nothing to analyse in ""/);
  });

  test('a file over the limit of bytes, with the option that raises it', async () => {
    const file = write('Vpcs.json', { Vpcs: [vpc()] });
    const error = await refusal(file, { maxBytes: 10 });
    expect(error.message).toMatch(/^file of \d+ bytes is over the limit of 10\n/);
    expect(error.remedy).toContain('maxBytes');
    await expect(loadSnapshot(file, { maxBytes: 1000 })).resolves.toBeDefined();
  });

  test('more records than the limit, in one file or in all', async () => {
    write('a.json', { Vpcs: [vpc()], Subnets: [subnet()] });
    write('b.json', { Subnets: [subnet({ SubnetId: 'subnet-2' })] });
    const error = await refusal(folder, { maxRecords: 2 });
    expect(error.message).toContain('more than 2 records');
    expect(error.remedy).toContain('maxRecords');
  });
});
