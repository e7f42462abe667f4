import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/context.ts';
import { workerNames } from '../../src/core/ports/doors.ts';
import { health } from '../../src/http/health.ts';

interface Outside {
  redisUrl?: string | null;
  applied?: () => Promise<string[]>;
  ping?: () => Promise<void>;
}

/** The part of a context that is asked, with a queue and a database that do as they are told. */
function reasons({ redisUrl = 'redis://redis:6379', applied = async () => ['first'], ping = async () => undefined }: Outside) {
  const doors = { appliedMigrations: applied, livingWorkers: async () => [...workerNames] };
  const ctx = { environment: { redisUrl }, queue: { ping }, doors } as unknown as Context;
  return health(ctx, ['first'], '/readyz').then(async (answer) => {
    const { checks } = await answer!.json() as { checks: Record<string, { reason: string | null }> };
    return [answer!.status, Object.fromEntries(Object.entries(checks).flatMap(([name, { reason }]) => (reason === null ? [] : [[name, reason]])))];
  });
}

const refused = async () => {
  throw new Error('connection refused');
};

describe('/readyz says what is missing and what to do', () => {
  it.each<[string, Outside, number, Record<string, unknown>]>([
    ['nothing', {}, 200, {}],
    ['Redis', { ping: refused }, 503, { queue: 'Redis does not answer (connection refused). Is it running, and does REDIS_URL name it?' }],
    ['the queue in PostgreSQL', { ping: refused, redisUrl: null }, 503, { queue: expect.stringMatching(/^PostgreSQL does not answer .* DATABASE_URL name it\?$/) }],
    ['PostgreSQL', { applied: refused }, 503, { database: expect.stringMatching(/^PostgreSQL does not answer .* DATABASE_URL name it\?$/), migrations: 'connection refused' }],
    ['a migration', { applied: async () => [] }, 503, { migrations: 'not applied: first. Run npm run migrate.' }],
  ])('%s', async (_name, outside, status, found) => {
    expect(await reasons(outside)).toEqual([status, found]);
  });
});
