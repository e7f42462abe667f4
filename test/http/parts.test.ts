import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/context.ts';
import { createAdmission } from '../../src/http/auth.ts';
import { createRateLimit } from '../../src/http/rate-limit.ts';
import { createTokens, houseKey } from '../../src/http/tokens.ts';
import { createLogger } from '../../src/logger.ts';

describe('a rate limit', () => {
  it('lets a burst through, then as many as are refilled', () => {
    let now = 0;
    const limit = createRateLimit(() => now, 200, 2_000);
    const taken = (n: number) => Array.from({ length: n }, () => limit.take('key')).filter((wait) => wait === 0).length;
    expect(taken(2_500)).toBe(2_000);
    expect(limit.take('key')).toBe(5);
    expect(limit.take('other')).toBe(0);
    now += 1_000;
    expect(taken(500)).toBe(200);
    now += 3_600_000;
    expect(taken(2_500)).toBe(2_000);
  });
});

describe('admission', () => {
  const holder = { id: 'k', locationId: 'l', name: 'n', scopes: ['read'], expiresAt: null };
  /** Admission uses no other port. `uses` hears of every note that a key was used. */
  const contextOf = (lookups: string[], uses: string[] = [], clock = { machineNow: () => 0 }) =>
    ({
      clock,
      logger: createLogger('test', 'silent'),
      desk: Object.assign((locationId: string) => ({ noteKeyUse: async (id: string) => void uses.push(`${locationId}/${id}`) }), {
        findKey: async (hash: string) => (lookups.push(hash), holder),
      }),
    }) as unknown as Context;

  it('shares the look-up of simultaneous requests, and remembers nothing', async () => {
    const lookups: string[] = [];
    const admit = createAdmission(contextOf(lookups));
    await Promise.all([admit('Bearer abc'), admit('bearer  abc')]);
    expect(lookups).toHaveLength(1);
    await admit('Bearer abc');
    expect(lookups).toHaveLength(2);
  });

  it.each([undefined, null, 7, 'Basic abc', 'Bearer', 'Bearer a b'])('refuses the header %s', async (header) => {
    await expect(createAdmission(contextOf([]))(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('notes the use of a key once a minute, and waits for no note', async () => {
    const [uses, clock] = [[] as string[], { machineNow: () => 0 }];
    const ctx = contextOf([], uses, clock);
    const admit = createAdmission(ctx);
    await Promise.all([admit('Bearer abc'), admit('Bearer abc')]);
    clock.machineNow = () => 59_999;
    await admit('Bearer abc');
    expect(uses).toEqual(['l/k']);
    clock.machineNow = () => 60_000;
    await admit('Bearer abc');
    expect(uses).toEqual(['l/k', 'l/k']);
    const stuck = Object.assign(() => ({ noteKeyUse: () => new Promise(() => undefined) }), { findKey: ctx.desk.findKey });
    await expect(createAdmission({ ...ctx, desk: stuck } as unknown as Context)('Bearer abc')).resolves.toMatchObject({ keyId: 'k' });
    const broken = Object.assign(() => ({ noteKeyUse: async () => Promise.reject(new Error('the database is away')) }), { findKey: ctx.desk.findKey });
    await expect(createAdmission({ ...ctx, desk: broken } as unknown as Context)('Bearer abc')).resolves.toMatchObject({ keyId: 'k' });
  });

  it('tells a key in the wrong form from none at all', async () => {
    await expect(createAdmission(contextOf([]))('mr_abc')).rejects.toMatchObject({ message: expect.stringContaining('not of the form "Bearer <API key>"') });
    await expect(createAdmission(contextOf([]))('')).rejects.toMatchObject({ message: expect.stringContaining('No API key came') });
  });

  it('says when to come back', async () => {
    const admit = createAdmission(contextOf([]), createRateLimit(() => 0, 2, 1));
    await admit('Bearer abc');
    await expect(admit('Bearer abc')).rejects.toMatchObject({ code: 'RATE_LIMITED', detail: { retryAfterSeconds: 0.5 } });
  });
});

describe('tokens', () => {
  const tokens = createTokens(Buffer.alloc(32, 1));

  it('give back the id that was signed, for its purpose alone', () => {
    const token = tokens.sign('click', 'send https://example.com/ä?b=c');
    expect(token).toMatch(/^[\w-]+\.[\w-]{22}$/);
    expect(tokens.verify('click', token)).toBe('send https://example.com/ä?b=c');
    expect(tokens.verify('open', token)).toBeNull();
    expect(createTokens(Buffer.alloc(32, 2)).verify('click', token)).toBeNull();
  });

  it.each(['', '.', 'a', 'a.b', 'a.b.c', `${tokens.sign('open', 'x')}x`, tokens.sign('open', 'x').slice(0, -1)])('see that %s is forged', (token) => {
    expect(tokens.verify('open', token)).toBeNull();
  });

  it('are signed with one key however many processes start at once, and it is private', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'millrace-'));
    const keys = await Promise.all(Array.from({ length: 8 }, () => houseKey({ secretsKey: null, dataDir }, 'link tokens')));
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
    expect((await stat(join(dataDir, 'link-tokens.key'))).mode & 0o777).toBe(0o600);
    expect(await houseKey({ secretsKey: 'a secret of sixteen', dataDir }, 'link tokens')).not.toEqual(keys[0]);
    await rm(dataDir, { recursive: true });
  });

  it.runIf(process.platform === 'linux')('are not signed at all where their key cannot be kept', async () => {
    await expect(houseKey({ secretsKey: null, dataDir: '/proc/millrace' }, 'link tokens')).rejects.toThrow(/^The data folder \/proc\/millrace cannot keep .* \(ENOENT: .* or the key with SECRETS_KEY\.$/);
  });
});
