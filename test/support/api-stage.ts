import type { Context } from '../../src/context.ts';
import type { KeyScope } from '../../src/core/ports/records.ts';
import type { PrismaClient } from '../../src/generated/prisma/client.ts';
import { createEntrance } from '../../src/api/authenticate.ts';
import { createYogaServer } from '../../src/api/yoga.ts';
import { readEnvironment } from '../../src/environment.ts';
import { createAdmission } from '../../src/http/auth.ts';
import { createTokens } from '../../src/http/tokens.ts';
import { createLogger } from '../../src/logger.ts';
import type { Caller } from '../../src/services/caller.ts';
import { createApiKey } from '../../src/services/keys.ts';
import { createAssetStore } from '../../src/store/assets.ts';
import { createDesk } from '../../src/store/desk/desk.ts';
import { createPrisma, tenantPrisma } from '../../src/store/desk/prisma.ts';
import { createEventStore } from '../../src/store/event-store.ts';
import { createJourneyClock } from '../../src/store/journey-clock.ts';
import { createPool } from '../../src/store/pool.ts';
import { createRunStore } from '../../src/store/run-store.ts';
import { createVersionStore } from '../../src/store/versions.ts';
import { createVault } from '../../src/vault.ts';
import { createTestDatabase } from './database.ts';
import { createHistory } from './engine-stage.ts';
import { createHandBus } from './hand-bus.ts';

export type ApiStage = Awaited<ReturnType<typeof createApiStage>>;
/** The answer of one operation; `data` is as loose as JSON so that tests can reach into it. */
// oxlint-disable-next-line no-explicit-any
export type Answer = { data?: any; errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[] };

/** The GraphQL door over a database of its own, with a bus that delivers at once, and the statements that went to PostgreSQL. */
export async function createApiStage() {
  const database = await createTestDatabase();
  const onError = (): void => undefined;
  const pool = createPool({ url: database.url, role: null, max: 8, name: 'test-api', onError });
  const workers = createPool({ url: database.url, role: 'millrace_worker', max: 4, name: 'test-worker', onError });
  const statements = countStatements(pool);
  const prisma = createPrisma(pool);
  const clock = await createJourneyClock(pool);
  const bus = createHandBus();
  const ctx = {
    environment: readEnvironment({ DEMO: 'off' }),
    logger: createLogger('test', 'silent'),
    clock,
    runs: createRunStore(workers),
    events: createEventStore(workers),
    versions: createVersionStore(workers),
    assets: createAssetStore(workers),
    desk: createDesk(pool, prisma),
    reader: (locationId: string) => tenantPrisma(prisma, locationId) as unknown as PrismaClient, // Prisma types an extended client as another thing
    queue: createHistory().queue,
    bus,
    tokens: createTokens(Buffer.alloc(32, 8)),
    vault: createVault(Buffer.alloc(32, 9)),
  } as unknown as Context; // the doors use no other port
  const enter = createEntrance(ctx, createAdmission(ctx));
  const yoga = createYogaServer(enter, ctx.logger);

  const location = async (name: string) => {
    const { rows } = await workers.query('INSERT INTO locations (name) VALUES ($1) RETURNING id', [name]);
    const who: Caller = { locationId: rows[0].id, actor: 'test', scopes: ['admin'] };
    const key = async (...scopes: KeyScope[]): Promise<string> => (await createApiKey(ctx, who, { name: 'test', scopes })).secret;
    return { who, key, admin: await key('admin') };
  };
  const here = await location('Here');

  /** Runs one operation over `fetch`, with the admin's key unless another is given. */
  async function gql(query: string, variables: object = {}, key: string | null = here.admin): Promise<Answer> {
    const response = await yoga.fetch('http://test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer;
  }

  return {
    ctx, enter, yoga, bus, pool, workers, statements, here, location, gql,
    async close(): Promise<void> {
      clock.close();
      await Promise.all([pool.end(), workers.end()]);
      await database.drop();
    },
  };
}

/** Reading statements that a pool sent, transaction fences left out. */
function countStatements(pool: { on(event: 'connect', listener: (client: { query: unknown }) => void): unknown }): { texts: string[]; reset(): void } {
  const texts: string[] = [];
  pool.on('connect', (client) => {
    const query = client.query as (...args: unknown[]) => unknown;
    client.query = (...args: unknown[]) => {
      const first = args[0];
      const text = typeof first === 'string' ? first : String((first as { text?: string }).text ?? '');
      if (/^\s*(SELECT|WITH)\b/i.test(text) && !text.includes('set_config')) texts.push(text);
      return query.apply(client, args);
    };
  });
  return { texts, reset: () => void texts.splice(0) };
}
