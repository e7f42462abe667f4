import type { Context } from '../../src/context.ts';
import { compileStored } from '../../src/core/definition/compile.ts';
import type { LoadedRun, RunStore, SendStore } from '../../src/core/ports/hot-path.ts';
import type { Capacity, Providers } from '../../src/core/ports/outside.ts';
import { PROVIDER_ANSWERS } from '../../src/core/simulated-providers.ts';
import { scripted, type ScriptedEvent } from '../../src/core/scripted-event.ts';
import { simulate, type Simulation } from '../../src/core/simulate.ts';
import type { Assets, Channel, Data, Location } from '../../src/core/state.ts';
import { createAtOnce } from '../../src/engine/at-once.ts';
import { ProviderError } from '../../src/errors.ts';
import { deliver } from '../../src/engine/deliver.ts';
import { dispatchEvents } from '../../src/engine/dispatch-events.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import { wakeDue } from '../../src/engine/wake-due.ts';
import { createSendStore } from '../../src/store/send-store.ts';
import { createStage, rowsOf, type Stage } from './engine-stage.ts';

/** What becomes of a worker at one piece of work. All but the first two leave something for another one to pick up. */
export const fates = ['lives', 'rung twice', 'two at once', 'dies before the commit', 'loses the answer of the commit'] as const;
export type Fate = (typeof fates)[number];

/** One journey: a definition's stored form, what happens to the contact, and what becomes of its workers, one after the other and round again. */
export interface Journey {
  definition: { name: string } & Data;
  events: ScriptedEvent[];
  fates: Fate[];
  maxDays: number;
  /** Whether its providers bear anything: then whoever commits an intent performs it. */
  atOnce: boolean;
}

/** What a journey leaves behind, as both the engine and the simulator tell it. */
export interface Trail {
  status: string;
  exitReason: string | null;
  log: unknown[];
  data: unknown;
  sent: unknown[];
  contact: unknown;
}

const DAY_MS = 86_400_000;
/** Slow enough that journey time stands still between two settings. */
const STANDSTILL = 1e-9;

/** The real engine on PostgreSQL, its journey time set by hand and its workers mortal. */
export async function createTrailStage(start: number) {
  const stage = await createStage();
  await furnish(stage);
  return {
    close: () => stage.close(),
    /** Plays a journey in the engine and in the simulator. `calls`: how often providers were called, beside how many sends were accepted. */
    async play(journey: Journey): Promise<{ engine: Trail; simulator: Trail; calls: [made: number, accepted: number] }> {
      await clear(stage);
      await setTime(stage, start);
      const workflow = await stage.publish(journey.definition);
      const contactId = await stage.contact({ email: 'ana@example.com', phone: '+12025550123', tags: ['lead'] });
      const runId = await stage.enroll(workflow, contactId);
      const workers = createWorkers(stage, runId, journey);
      const { loaded, location, assets } = await look(stage, runId);
      const simulation = simulate({
        program: compileStored(journey.definition),
        contact: loaded.contact,
        events: journey.events,
        start,
        location,
        assets,
        workflowId: workflow.workflowId,
        maxDays: journey.maxDays,
      });
      await live(stage, workers, runId, journey, start);
      const sends = await rowsOf(stage.owner, "SELECT step_id, channel, request FROM sends WHERE enrollment_id = $1 AND status = 'accepted' ORDER BY seq", [runId]);
      return { engine: await trailOf(stage, runId, sends), simulator: simulatedTrail(simulation), calls: [workers.calls(), sends.length] };
    },
  };
}

/** From the first step to the end, or to the horizon: all that is due at a moment, then the next moment. */
async function live(stage: Stage, workers: Workers, runId: string, { events, maxDays }: Journey, start: number): Promise<void> {
  const script = events.filter(({ type }) => type !== PROVIDER_ANSWERS).map((event) => ({ at: start + event.afterMs, event })).toSorted((a, b) => a.at - b.at);
  await workers.settle(() => workers.run());
  for (let now = start; ; ) {
    if ((await stage.enrollment(runId))['status'] !== 'active') return;
    const moments = [await nextTimer(stage, runId), script[0]?.at].filter((at) => at !== undefined && at !== null);
    now = Math.max(now, Math.min(...moments));
    if (moments.length === 0 || now > start + maxDays * DAY_MS) return;
    await setTime(stage, now);
    workers.passTo(now - start);
    const next = script[0]?.at === now ? script.shift() : undefined;
    if (next) await happen(stage, runId, next.event);
    await workers.settle(() => (next ? workers.dispatch() : workers.wake()));
  }
}

type Workers = ReturnType<typeof createWorkers>;

/** Workers that meet the journey's fates in turn. */
function createWorkers(stage: Stage, runId: string, { fates: course, atOnce, events }: Journey) {
  const world = createWorld(atOnce ? undefined : { atOnce: 20, perSecond: 1_000 }, events);
  let met = 0;
  const worker = (fate?: Fate) => mortal(stage, world, fate);
  /** Does the work as the next fate will have it, and then once more by a worker that lives, so that nothing waits for a lost ring. */
  const meet = async (work: (ctx: Context) => Promise<unknown>): Promise<void> => {
    const fate = course.length === 0 ? 'lives' : course[met++ % course.length]!;
    if (fate === 'two at once') await Promise.all([work(worker()), work(worker())]);
    else if (fate.startsWith('dies') || fate.startsWith('loses')) await work(worker(fate)).catch(expectDeath);
    else await work(worker());
    if (fate !== 'lives') await work(worker());
  };
  const run = (): Promise<void> => meet((ctx) => runBatch({ ...ctx, atOnce: createAtOnce(ctx) }, [runId], 'bulk'));
  const dispatch = async (): Promise<void> => {
    const known = await undispatched(stage);
    if (known.size > 0) await meet((ctx) => dispatchEvents(only(ctx, known)));
  };
  const send = async (): Promise<void> => {
    const due = await rowsOf(stage.owner, 'SELECT id FROM sends WHERE enrollment_id = $1 AND ended_at IS NULL', [runId]);
    const ids = due.map(({ id }) => String(id));
    if (ids.length === 0) return;
    if (course.length > 0 && course[met++ % course.length] === 'dies before the commit') {
      // Its message may have left: a text and a call are looked up and found, everything else goes again.
      const { claimed } = await world.claiming(createSendStore(stage.pool)).claim(ids, -1);
      for (const { id, channel } of claimed) if (channel === 'sms' || channel === 'voice') world.leave(channel, id);
    }
    await meet((ctx) => deliver(ctx, ids, 'interactive'));
    await run();
  };
  return {
    run, dispatch,
    wake: () => meet((ctx) => wakeDue(ctx)),
    /** Goes on until nothing is due at this moment, in the simulator's order: a send's outcome before the events of the same commit. */
    async settle(first: () => Promise<void>): Promise<void> {
      await first();
      for (await run(); await isDue(stage, runId); await run()) {
        const known = await undispatched(stage);
        await send();
        if (known.size > 0) await meet((ctx) => dispatchEvents(only(ctx, known)));
      }
    },
    calls: () => world.answered.length,
    passTo: world.passTo,
  };
}

type World = ReturnType<typeof createWorld>;

/** Providers that accept everything but what the script says they refuse, and answer each send as the simulator would. */
function createWorld(capacity: Capacity | undefined, events: ScriptedEvent[]) {
  const seqs = new Map<string, number>();
  const steps = new Map<string, string>();
  let passed = 0;
  const answered: string[] = [];
  const answerOf = (channel: Channel, sendId: string) => {
    const id = `simulated-${seqs.get(sendId)}`;
    return {
      providerId: id,
      result: ({ email: { message_id: id }, sms: { message_id: id, segments: 1 }, voice: { call_id: id }, webhook: {} } satisfies Record<Channel, Data>)[channel],
    };
  };
  const note = (sendId: string, seq: number, stepId: string): void => {
    seqs.set(sendId, seq);
    steps.set(sendId, stepId);
  };
  const refusal = (sendId: string): string | null => {
    const said = events
      .filter(({ type, afterMs, data }) => type === PROVIDER_ANSWERS && afterMs <= passed && data['step'] === steps.get(sendId))
      .toSorted((a, b) => b.afterMs - a.afterMs)[0];
    return typeof said?.data['fails'] === 'string' ? said.data['fails'] : null;
  };
  const answer = (channel: Channel, sendId: string) => {
    const refused = refusal(sendId);
    if (refused !== null) throw new ProviderError(refused, { retryable: false });
    answered.push(sendId);
    return answerOf(channel, sendId);
  };
  /** A message of a worker that died before it heard the answer. */
  const leave = (channel: Channel, sendId: string): void => {
    if (refusal(sendId) === null) answer(channel, sendId);
  };
  const found = (channel: Channel, sendId: string) => (answered.includes(sendId) ? answerOf(channel, sendId) : null);
  const providers: Providers = {
    email: { name, capacity, close: async () => undefined, send: async ({ sendId }) => answer('email', sendId) },
    sms: { name, capacity, send: async ({ sendId }) => answer('sms', sendId), find: async ({ sendId }) => found('sms', sendId) },
    voice: { name, capacity, call: async ({ sendId }) => answer('voice', sendId), find: async ({ sendId }) => found('voice', sendId) },
    http: { name, capacity, request: async ({ sendId }) => (answer('webhook', sendId), { status: 200, headers: {}, body: 'null' }) },
  };
  /** A ledger whose claims tell which place in the log a send has. */
  const claiming = (sends: SendStore): SendStore => ({
    ...sends,
    claim: async (...args) => {
      const answers = await sends.claim(...args);
      for (const { id, seq, stepId } of answers.claimed) note(id, seq, stepId);
      return answers;
    },
  });
  /** The same for commits that claim. A text or a call of one whose answer is lost may have left. */
  const committing = (commit: RunStore['commit'], lost: boolean): RunStore['commit'] => async (commits, now) => {
    for (const { sendId, transition: { effect } } of commits) if (sendId && effect) note(sendId, effect.seq, effect.stepId);
    const answers = await commit(lost ? commits.map((each) => (each.claimMs === undefined ? each : { ...each, claimMs: -1 })) : commits, now);
    if (lost) {
      for (const { sendId, loaded, transition: { effect } } of commits) {
        if (sendId && answers.leases?.has(loaded.run.id) && (effect?.channel === 'sms' || effect?.channel === 'voice')) leave(effect.channel, sendId);
      }
    }
    return answers;
  };
  const passTo = (ms: number): void => void (passed = ms);
  return { providers, claiming, committing, answer, leave, passTo, answered };
}

/** What the outbox accepts stays in the ledger whole; of all else the bodies are forgotten. */
const name = 'outbox';
const DEATH = 'Connection terminated unexpectedly';
const expectDeath = (error: unknown): void => {
  if (!(error instanceof Error) || error.message !== DEATH) throw error;
};

/** A worker's context. The first write of a mortal one never reaches the database, or its answer never comes back. */
function mortal({ ctx, pool }: Stage, { providers, claiming, committing }: World, fate: Fate = 'lives'): Context {
  let doomed = fate !== 'lives';
  const dying = <Args extends unknown[], Answer>(write: (...args: Args) => Promise<Answer>) => async (...args: Args): Promise<Answer> => {
    if (!doomed) return write(...args);
    doomed = false;
    if (fate === 'loses the answer of the commit') await write(...args);
    throw new Error(DEATH);
  };
  const sends = claiming(createSendStore(pool));
  return {
    ...ctx,
    environment: { publicUrl: 'http://127.0.0.1:3000', emailFrom: 'hello@acme.example' },
    clock: { machineNow: () => Date.now(), journeyNow: () => Date.now(), speed: STANDSTILL },
    runs: { ...ctx.runs, commit: dying(committing(ctx.runs.commit, fate === 'loses the answer of the commit')) },
    events: { ...ctx.events, dispatch: dying(ctx.events.dispatch) },
    sends: { ...sends, finish: dying(sends.finish) },
    desk: () => ({ readSecrets: async () => new Map() }),
    tokens: { sign: (purpose: string, id: string) => `${purpose}-${id}` },
    providers,
    // Only the ports that the hot path uses.
  } as unknown as Context;
}

/** Dispatching no other events than these: those that it causes have their turn later. */
const only = (ctx: Context, known: Set<string>): Context => ({
  ...ctx,
  events: { ...ctx.events, undispatched: async (limit) => {
    const batch = await ctx.events.undispatched(limit);
    return { ...batch, events: batch.events.filter(({ id }) => known.has(id)) };
  } },
});

async function undispatched({ owner }: Stage): Promise<Set<string>> {
  return new Set((await rowsOf(owner, 'SELECT id FROM contact_events WHERE dispatched_at IS NULL')).map(({ id }) => String(id)));
}

async function isDue({ owner }: Stage, runId: string): Promise<boolean> {
  const [row] = await rowsOf(
    owner,
    `SELECT EXISTS (SELECT 1 FROM contact_events WHERE dispatched_at IS NULL) OR EXISTS (SELECT 1 FROM sends WHERE enrollment_id = $1 AND ended_at IS NULL)
    OR EXISTS (SELECT 1 FROM workflow_scheduled_actions WHERE enrollment_id = $1 AND scheduled_for <= journey_now()) AS due`,
    [runId],
  );
  return row?.['due'] === true;
}

async function nextTimer({ owner }: Stage, runId: string): Promise<number | null> {
  const [row] = await rowsOf(owner, 'SELECT min(scheduled_for) AS at FROM workflow_scheduled_actions WHERE enrollment_id = $1', [runId]);
  return row?.['at'] instanceof Date ? row['at'].getTime() : null;
}

/** What a scripted event does to the contact and to the outbox, as a service would write it. */
async function happen(stage: Stage, runId: string, event: ScriptedEvent): Promise<void> {
  const { loaded } = await look(stage, runId);
  const { contact, events } = scripted(event, loaded.contact, loaded.run);
  await stage.owner.query('UPDATE contacts SET first_name = $2, tags = $3, custom_fields = $4, revision = revision + 1 WHERE id = $1', [
    contact.id,
    contact.first_name,
    contact.tags,
    contact.custom_fields,
  ]);
  for (const { type, data } of events) await stage.event(contact.id, type, data);
}

async function look({ ctx }: Stage, runId: string): Promise<{ loaded: LoadedRun; location: Location; assets: Assets }> {
  const { runs: [loaded], locations } = await ctx.runs.look([runId]);
  const location = loaded && locations.get(loaded.locationId);
  if (!loaded || !location) throw new Error(`Run ${runId} is gone.`);
  return { loaded, location, assets: (await ctx.assets.assets(location.id)).assets };
}

const setTime = ({ owner }: Stage, at: number): Promise<unknown> =>
  owner.query('UPDATE journey_clock SET real_epoch = clock_timestamp(), journey_epoch = $1, speed = $2', [new Date(at), STANDSTILL]);

/** What an earlier journey left must not come due in a later one. */
async function clear({ owner }: Stage): Promise<void> {
  for (const table of ['workflow_scheduled_actions', 'sends', 'contact_events']) await owner.query(`DELETE FROM ${table}`);
  await owner.query('UPDATE contacts SET email = NULL, phone = NULL');
}

async function furnish(stage: Stage): Promise<void> {
  await stage.owner.query(`INSERT INTO templates (location_id, slug, channel, name, subject, html) VALUES ($1, 'welcome', 'email', 'Welcome', 'Hi', '<p>Hello</p>')`, [
    stage.locationId,
  ]);
  await stage.owner.query(`INSERT INTO voicemails (location_id, slug, name, audio_url) VALUES ($1, 'intro', 'Intro', 'https://example.com/intro.mp3')`, [stage.locationId]);
  await stage.publish({ name: 'other-journey', trigger: { type: 'manual' }, settings: { reentry: 'after_exit' }, steps: [{ id: 'done', type: 'exit', config: {} }] });
}

async function trailOf(stage: Stage, runId: string, sends: Record<string, unknown>[]): Promise<Trail> {
  const { loaded: { run: { state }, contact } } = await look(stage, runId);
  const log = (await stage.logs(runId)).map((row) => [
    row['seq'],
    row['step_id'],
    row['visit'],
    row['status'],
    row['outcome'],
    row['error'],
    momentOf(row['started_at']),
    momentOf(row['completed_at']),
  ]);
  const sent = sends.map(({ step_id, channel, request }) => {
    const { to, url, subject, body, say, text, html } = request as Record<string, unknown>;
    return [step_id, channel, to ?? url ?? '', subject ?? null, textOr(body) ?? textOr(say) ?? null, textOr(text) ?? textOr(html) ?? null];
  });
  return { status: state.status, exitReason: state.exitReason, log, data: plain(state.data.steps), sent, contact: [contact.first_name, contact.tags, contact.custom_fields] };
}

function simulatedTrail({ status, exitReason, log, sent, contact, steps }: Simulation): Trail {
  return {
    status, exitReason,
    log: log.map((row) => [row.seq, row.stepId, row.visit, row.status, row.outcome, row.error, row.startedAt, row.completedAt]),
    data: plain(steps),
    sent: sent.map(({ stepId, channel, to, subject, message, body }) => [stepId, channel, to, subject, message, body]),
    contact: [contact.first_name, contact.tags, contact.custom_fields],
  };
}

const momentOf = (at: unknown): number | null => (at instanceof Date ? at.getTime() : null);
const textOr = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Ids of enrollments and events, and who told an event, are others in every world; a simulation's ids are no uuids. */
const plain = (data: unknown): unknown =>
  JSON.parse(
    JSON.stringify(data).replaceAll(/"(simulated-enrollment-\d+|event-\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})"|"source":"\w+"/g, (all) =>
      all.startsWith('"source"') ? '"source":"*"' : '"*"',
    ),
  );
