import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { postgresFolder } from '../../src/embedded/postgres.ts';

describe('where the embedded PostgreSQL keeps its data', () => {
  // Not below the tests' own temporary folder, which only we may enter.
  const above = mkdtempSync('/tmp/millrace-folder-');
  afterAll(() => rmSync(above, { recursive: true, force: true }));

  it.each([['strangers may enter', 0o755], ['only we may enter', 0o700]])('is the same at every start, in a folder that %s', (_who, mode) => {
    const dataDir = join(above, String(mode));
    mkdirSync(dataDir);
    chmodSync(above, 0o755);
    chmodSync(dataDir, mode);
    const first = postgresFolder(dataDir);
    if (!first.moved) mkdirSync(first.folder, { mode: 0o700 });
    expect(postgresFolder(dataDir)).toEqual(first);
  });
});
