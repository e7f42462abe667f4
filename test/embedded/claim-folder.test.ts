import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { claimFolder, ownerOf } from '../../src/embedded/claim-folder.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'millrace-claim-'))));
afterAll(() => rmSync(folder, { recursive: true }));

it('takes a folder and lets it go', () => {
  const data = join(folder, 'taken');
  const letGo = claimFolder(data);
  expect(existsSync(join(data, 'start.pid'))).toBe(true);
  letGo();
  expect(existsSync(join(data, 'start.pid'))).toBe(false);
});

it('refuses a folder that another process runs on', () => {
  writeFileSync(join(folder, 'start.pid'), String(process.ppid));
  expect(ownerOf(folder)).toBe(process.ppid);
  expect(() => claimFolder(folder)).toThrow(`already runs on ${folder} (process ${process.ppid}). Stop it (Ctrl-C)`);
});

it('takes over from a process that was killed, though its number is somebody else\'s by now', () => {
  writeFileSync(join(folder, 'start.pid'), `${process.ppid} 1`);
  expect(ownerOf(folder)).toBe(existsSync('/proc/self/stat') ? null : process.ppid);
});

it('names the folder that cannot be written, and the variable', () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  expect(() => claimFolder(file)).toThrow(`The data folder ${file} cannot be written (EEXIST`);
  expect(() => claimFolder(join(file, 'below'))).toThrow(/\(ENOTDIR: .*\)\. Name one that is yours with DATA_DIR\.$/);
});

it.runIf(process.platform === 'linux').each(['/proc/millrace', '/proc/millrace/below'])('does not seek for ever where nothing can be made: %s', (data) => {
  expect(() => claimFolder(data)).toThrow(`The data folder ${data} cannot be written (ENOENT`);
});

it('makes the folders above it', () => {
  const data = join(folder, 'a', 'b', 'c');
  claimFolder(data)();
  expect(existsSync(data)).toBe(true);
});
