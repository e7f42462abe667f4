import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { composeHouse, type House } from '../../src/compose.ts';
import { workerNames } from '../../src/core/ports/doors.ts';
import { startChildren } from '../../src/embedded/children.ts';
import { prepareDatabase } from '../../src/embedded/prepare.ts';
import { projectRoot } from '../../src/embedded/project.ts';
import { startEmbeddedRedis } from '../../src/embedded/redis.ts';
import { readEnvironment } from '../../src/environment.ts';
import { uuidv7 } from '../../src/ids.ts';
import type { Caller } from '../../src/services/caller.ts';
import { publishWorkflow } from '../../src/services/lifecycle.ts';
import { importWorkflow } from '../../src/services/transfer.ts';
import { createTestDatabase } from '../support/database.ts';
import { startSmtpDouble, type SmtpDouble } from '../support/smtp-double.ts';
import { startTwilioDouble, type TwilioDouble } from '../support/twilio-double.ts';


/** The real processes on a real database and a Redis of their own, with provider doubles that remember everything. */
export interface Stage {
  house: House;
  who: Caller;
  db: Pool;
  smtp: SmtpDouble;
  twilio: TwilioDouble;
  /** Imports and publishes; gives the workflow's id. */
  publish(yaml: string): Promise<string>;
  /** Inserts contacts that differ in address and number; gives their ids. */
  contacts(count: number): Promise<string[]>;
  /** Sends a signal to the living worker of a name. Gives false when it is just being started again. */
  signal(name: (typeof workerNames)[number], signal: NodeJS.Signals): Promise<boolean>;
  flushRedis(): Promise<void>;
  stop(): Promise<void>;
}

export async function startStage(clockSpeed: number): Promise<Stage> {
  execFileSync(process.execPath, [join(projectRoot(), 'src', 'embedded', 'build.mjs')]);
  const database = await createTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'millrace-faults-'));
  const redis = await startEmbeddedRedis(folder, () => {});
  if (!redis) throw new Error('These tests need a Redis of their own, and none could be found or unpacked on this machine.');
  const [smtp, twilio] = await Promise.all([startSmtpDouble(), startTwilioDouble()]);
  const variables = {
    DATABASE_URL: database.url, REDIS_URL: redis.url, DATA_DIR: folder, CLOCK_SPEED: String(clockSpeed), DEMO: 'off', LOG_LEVEL: 'fatal',
    SMTP_URL: smtp.url, EMAIL_FROM: 'crm@example.com', TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: 'f'.repeat(32), TWILIO_FROM: '+15005550006', TWILIO_API_BASE_URL: twilio.url,
  };
  await prepareDatabase(database.url, clockSpeed);
  const house = await composeHouse(readEnvironment(variables), 'api', 'faults');
  const { location } = await house.ctx.desk.firstLocation('Faults');
  const who: Caller = { locationId: location.id, actor: 'test', scopes: ['admin'] };
  const db = new Pool({ connectionString: database.url, max: 3 });
  const specs = workerNames.map((name) => ({ name, file: join(projectRoot(), 'dist', 'workers', `${name}.js`), args: [`--millrace-worker=${name}`] }));
  const children = startChildren(specs, { ...process.env, ...variables }, () => {});
  await children.ready();

  return {
    house, who, db, smtp, twilio,
    async publish(yaml) {
      const { workflow } = await importWorkflow(house.ctx, who, { source: { format: 'yaml', text: yaml } });
      await publishWorkflow(house.ctx, who, { id: workflow!.id });
      return workflow!.id;
    },
    async contacts(count) {
      const ids = Array.from({ length: count }, () => uuidv7());
      await db.query(
        `INSERT INTO contacts (id, location_id, first_name, email, phone)
         SELECT id, $2, 'Contact ' || n, 'contact-' || n || '@example.com', '+1555' || lpad(n::text, 7, '0') FROM unnest($1::uuid[]) WITH ORDINALITY AS i(id, n)`,
        [ids, location.id],
      );
      return ids;
    },
    async signal(name, signal) {
      const { rows } = await db.query<{ pid: number }>("SELECT pid FROM worker_heartbeats WHERE name = $1 AND seen_at > now() - interval '3 seconds' ORDER BY seen_at DESC", [name]);
      return rows.some(({ pid }) => kill(pid, signal));
    },
    async flushRedis() {
      const client = new Redis(redis.url);
      await client.flushall();
      client.disconnect();
    },
    async stop() {
      await children.stop(5_000);
      await house.shutdown.run('the test is over');
      await Promise.all([db.end(), smtp.close(), twilio.close()]);
      await redis.stop();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function kill(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
