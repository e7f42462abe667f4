import { createHmac } from 'node:crypto';
import type { Context } from '../../src/context.ts';
import { deliver } from '../../src/engine/deliver.ts';
import { dispatchEvents } from '../../src/engine/dispatch-events.ts';
import { fireDates } from '../../src/engine/fire-dates.ts';
import { fireSchedules } from '../../src/engine/fire-schedules.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import { wakeDue } from '../../src/engine/wake-due.ts';
import { walkContacts } from '../../src/engine/walk-contacts.ts';
import { createDesk } from '../../src/store/desk/desk.ts';
import { createEventStore } from '../../src/store/event-store.ts';
import { createPool } from '../../src/store/pool.ts';
import { createRunStore } from '../../src/store/run-store.ts';
import { createScheduleStore } from '../../src/store/schedule-store.ts';
import { createSendStore } from '../../src/store/send-store.ts';
import { createDoorStage } from './door-stage.ts';
import { fakeProviders } from './fake-providers.ts';
import { until } from './until.ts';

export type HouseStage = Awaited<ReturnType<typeof createHouseStage>>;

const PUBLIC = 'https://journeys.example.com';
const TWILIO = { accountSid: 'AC1', authToken: 'token', from: '+15550000000', apiBaseUrl: null };

/** The server with all its doors, and the four workers' work done by hand: real engine, real PostgreSQL, a journey clock that tests set, providers in memory. */
export async function createHouseStage(start: string) {
  const stage = await createDoorStage();
  Object.assign(stage.ctx.environment, { publicUrl: PUBLIC, publicUrlGiven: true, emailFrom: 'hello@acme.example', twilio: TWILIO });
  const pool = createPool({ url: stage.url, role: 'millrace_worker', max: 4, name: 'test-worker', onError: () => undefined });
  const providers = fakeProviders();
  const clock = { journeyNow: () => 0, machineNow: () => Date.now(), speed: 1 };
  const worker: Context = {
    ...stage.ctx, clock, providers,
    desk: createDesk(pool, stage.prisma), runs: createRunStore(pool), sends: createSendStore(pool), events: createEventStore(pool), schedules: createScheduleStore(pool),
  };
  /** From now on it is `iso`, and time goes on. */
  const set = async (iso: string): Promise<void> => void (await stage.pool.query('UPDATE journey_clock SET real_epoch = clock_timestamp(), journey_epoch = $1', [iso]));
  await set(start);

  /** Works until nothing is left to do now. */
  async function work(): Promise<void> {
    await fireSchedules(worker);
    while (await walkContacts(worker));
    await fireDates(worker);
    await until('nothing is left to do', async () => {
      await dispatchEvents(worker);
      await wakeDue(worker);
      const runs = await stage.rows<{ id: string }>(
        "SELECT DISTINCT enrollment_id AS id FROM workflow_scheduled_actions WHERE kind <> 'timer' AND status = 'pending' AND scheduled_for <= journey_now()",
      );
      if (runs.length > 0) await runBatch(worker, runs.map(({ id }) => id), 'interactive');
      const sends = await stage.rows<{ id: string }>("SELECT id FROM sends WHERE status = 'pending'");
      if (sends.length > 0) await deliver(worker, sends.map(({ id }) => id), 'interactive');
      const events = await stage.rows('SELECT 1 FROM contact_events WHERE dispatched_at IS NULL LIMIT 1');
      return runs.length + sends.length + events.length === 0 ? true : null;
    });
  }

  return {
    ...stage, providers, work, set,
    /** Creates and publishes a definition over REST; gives the workflow's id. */
    async publish(definition: string | object): Promise<string> {
      const { json, text } = await stage.ask('POST', '/api/workflows', { body: definition });
      if (!json?.id) throw new Error(text);
      const answer = await stage.ask('POST', `/api/workflows/${json.id}/publish`);
      if (answer.status !== 200) throw new Error(answer.text);
      return json.id;
    },
    /** Twilio's own report, signed. */
    twilio(path: string, params: Record<string, string>): Promise<Response> {
      const signed = PUBLIC + path + Object.keys(params).sort().map((key) => key + params[key]).join('');
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': createHmac('sha1', TWILIO.authToken).update(signed).digest('base64') };
      return fetch(stage.base + path, { method: 'POST', headers, body: new URLSearchParams(params) });
    },
    async close(): Promise<void> {
      await pool.end();
      await stage.close();
    },
  };
}
