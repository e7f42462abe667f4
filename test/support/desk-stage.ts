import type { Context } from '../../src/context.ts';
import type { Caller } from '../../src/services/caller.ts';
import { readEnvironment } from '../../src/environment.ts';
import { createLogger } from '../../src/logger.ts';
import { createAssetStore } from '../../src/store/assets.ts';
import { createDesk } from '../../src/store/desk/desk.ts';
import { createPrisma } from '../../src/store/desk/prisma.ts';
import { createPool } from '../../src/store/pool.ts';
import { createEventStore } from '../../src/store/event-store.ts';
import { createRunStore } from '../../src/store/run-store.ts';
import { createVersionStore } from '../../src/store/versions.ts';
import { createVault } from '../../src/vault.ts';
import { createTestDatabase } from './database.ts';
import { fakeBus, fakeClock, fakeQueue } from './fakes.ts';

export type DeskStage = Awaited<ReturnType<typeof createDeskStage>>;

/** Services over a database of their own with two locations; queue, bus and clock keep a history. */
export async function createDeskStage() {
  const database = await createTestDatabase();
  const pool = createPool({ url: database.url, role: null, max: 6, name: 'test-desk', onError: () => undefined });
  const workers = createPool({ url: database.url, role: 'millrace_worker', max: 2, name: 'test-worker', onError: () => undefined });
  const prisma = createPrisma(pool);
  const queue = fakeQueue();
  const bus = fakeBus();
  const clock = fakeClock();
  // Services use these ports and no other; `events` is for runs that recall what a contact did.
  const ctx = {
    environment: readEnvironment({ DEMO: 'off' }), logger: createLogger('test', 'silent'), clock: clock.clock, desk: createDesk(pool, prisma), queue: queue.queue, bus: bus.bus,
    runs: createRunStore(workers), events: createEventStore(workers),
    versions: createVersionStore(workers), assets: createAssetStore(workers), vault: createVault(Buffer.alloc(32, 9)),
  } as unknown as Context;
  const caller = async (name: string): Promise<Caller> => {
    const { rows } = await workers.query<{ id: string }>('INSERT INTO locations (name) VALUES ($1) RETURNING id', [name]);
    return { locationId: rows[0]!.id, actor: 'test', scopes: ['admin'] };
  };
  const [here, there] = [await caller('Here'), await caller('There')];
  /** Rows as the workers see them: every location's. */
  const rows = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> => (await workers.query(text, values)).rows as Row[];
  const close = async (): Promise<void> => {
    await prisma.$disconnect();
    await Promise.all([pool.end(), workers.end()]);
    await database.drop();
  };
  return { ctx, pool, prisma, queue, bus, clock, here, there, rows, close, url: database.url };
}

/** Two steps and a wait: somebody who is let in stands at `pause` after `hello`. */
export const DEFINITION = `name: Hello there
trigger:
  type: manual
steps:
  - id: hello
    type: add_tag
    config: { tag: greeted }
  - id: pause
    type: wait
    config: { duration: 2d }
  - id: bye
    type: remove_tag
    config: { tag: greeted }
`;
