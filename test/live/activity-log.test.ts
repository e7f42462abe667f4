import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Context } from '../../src/context.ts';
import type { LoggedMove } from '../../src/core/ports/activity.ts';
import type { Bus, Heard, LiveMessage } from '../../src/core/ports/outside.ts';
import { runBatch } from '../../src/engine/run-batch.ts';
import { activityStream, type ActivityEvent } from '../../src/live/activity.ts';
import { createRedisBus } from '../../src/live/bus-redis.ts';
import { activityLog } from '../../src/services/activity.ts';
import { createApiStage, type ApiStage } from '../support/api-stage.ts';
import { createHandBus } from '../support/hand-bus.ts';
import { hasRedis, testPrefix, testRedisUrl } from '../support/redis.ts';
import { until } from '../support/until.ts';

/** What a subscriber is told of, apart from the place. */
const lineOf = (event: ActivityEvent): string =>
  event.kind === 'gap'
    ? 'gap'
    : `${event.workflowId} ${event.enrollmentId} ${event.revision} ${event.kind} ${event.kind === 'ended' ? event.status : `${event.from} ${event.outcome} ${event.to}`}`;

async function take(stream: AsyncIterator<ActivityEvent>, enough: (events: ActivityEvent[]) => boolean): Promise<ActivityEvent[]> {
  const events: ActivityEvent[] = [];
  while (!enough(events)) events.push((await stream.next()).value);
  return events;
}

describe.runIf(hasRedis())('the activity behind what the bus still has', () => {
  let stage: ApiStage;
  let redis: Redis;
  let prefix: string;
  let workflow: { id: string; uuid: string };
  const buses: Bus[] = [];
  const newBus = (): Bus => {
    const bus = createRedisBus(testRedisUrl(), prefix, () => undefined);
    buses.push(bus);
    return bus;
  };
  beforeAll(async () => {
    stage = await createApiStage();
    redis = new Redis(testRedisUrl());
    const yaml =
      'name: Three\ntrigger: { type: manual }\nsteps:\n  - { id: one, type: add_tag, config: { tag: a } }\n  - { id: rest, type: wait, config: { duration: 1d } }\n  - { id: two, type: add_tag, config: { tag: b } }\n';
    const made = await stage.gql('mutation($yaml: String!) { createWorkflow(input: { source: { yaml: $yaml } }) { ... on CreateWorkflowPayload { workflow { id uuid } } } }', {
      yaml,
    });
    workflow = made.data.createWorkflow.workflow;
    await stage.gql('mutation($id: ID!) { publishWorkflow(input: { id: $id }) { __typename } }', { id: workflow.id });
  });
  beforeEach(() => void (prefix = testPrefix()));
  afterAll(async () => {
    await Promise.all(buses.map((bus) => bus.close()));
    redis.disconnect();
    await stage.close();
  });

  const follow = (bus: Bus, after: string | null, workflowIds: string[] | null = [workflow.uuid]) =>
    activityStream({
      bus,
      locationId: stage.here.who.locationId,
      workflowIds: workflowIds && new Set(workflowIds),
      after,
      now: () => 0,
      log: activityLog(stage.ctx, stage.here.who, workflowIds),
    });

  async function enroll(bus: Bus): Promise<string> {
    const { rows } = await stage.workers.query('INSERT INTO contacts (location_id) VALUES ($1) RETURNING id', [stage.here.who.locationId]);
    const made = await stage.gql(
      'mutation($w: ID!, $c: ID!) { enrollContact(input: { workflowId: $w, contactId: $c }) { ... on EnrollContactPayload { enrollment { uuid } } } }',
      { w: workflow.id, c: rows[0].id },
    );
    const { uuid } = made.data.enrollContact.enrollment;
    await runBatch({ ...stage.ctx, bus } as Context, [uuid], 'interactive');
    return uuid;
  }
  async function wake(bus: Bus, uuid: string): Promise<void> {
    await stage.workers.query(`UPDATE workflow_scheduled_actions SET scheduled_for = journey_now() - interval '1 second' WHERE enrollment_id = $1`, [uuid]);
    await runBatch({ ...stage.ctx, bus } as Context, [uuid], 'interactive');
  }
  /** Lets people in one by one until the stream begins to tell: it has no sign for that it listens. */
  async function first(stream: AsyncIterator<ActivityEvent>, bus: Bus): Promise<ActivityEvent> {
    const begun = stream.next();
    let heard = false;
    void begun.then(() => (heard = true));
    await until('a first event', async () => {
      await enroll(bus);
      return heard;
    });
    return (await begun).value;
  }
  const dropHistory = (): Promise<number> => redis.del(`${prefix}:bus:stream`);

  it.each([
    ['all of it', 'drop'],
    ['the older part', 'trim'],
  ])(
    'is told from the step logs when the bus has lost %s: what was told live is told again, and nothing twice',
    async (_what, how) => {
      const writer = newBus();
      const live = follow(newBus(), null);
      const begun = await first(live, writer);
      const ids: string[] = [];
      for (let n = 0; n < 6; n += 1) ids.push(await enroll(writer));
      for (const id of ids.slice(0, 3)) await wake(writer, id);
      const ended = (events: ActivityEvent[]): number => events.filter((event) => event.kind === 'ended' && ids.slice(0, 3).includes(event.enrollmentId)).length;
      const told = await take(live, (events) => ended(events) === 3);
      await live.return!();
      if (how === 'drop') await dropHistory();
      else await redis.xtrim(`${prefix}:bus:stream`, 'MAXLEN', 3);

      const again = follow(newBus(), begun.cursor);
      const replayed = await take(again, (events) => ended(events) === 3);
      const mine = (events: ActivityEvent[]): string[] => events.filter((event) => event.kind !== 'gap' && ids.includes(event.enrollmentId)).map(lineOf);
      expect(mine(replayed).toSorted()).toEqual(mine(told).toSorted());
      expect(replayed.map(lineOf)).not.toContain('gap');
      // What comes now follows, told by the bus.
      await wake(writer, ids[5]!);
      const rest = await take(again, (events) => events.at(-1)?.kind === 'ended');
      expect(rest.map(({ kind }) => kind)).toEqual(['moved', 'moved', 'ended']);
      await again.return!();

      // A reader that was cut off in the middle of the logs goes on behind its cursor.
      const cut = replayed.findIndex(({ cursor }) => cursor.startsWith('log-') && cursor === replayed[4]!.cursor);
      const onward = follow(newBus(), replayed[cut]!.cursor);
      const remaining = await take(onward, (events) => events.at(-1)?.kind === 'ended' && (events.at(-1) as { enrollmentId: string }).enrollmentId === ids[5]);
      expect(mine(remaining).toSorted()).toEqual(mine([...replayed.slice(cut + 1), ...rest]).toSorted());
      await onward.return!();
    },
    60_000,
  );

  it('is one gap for a cursor of another week, or where nobody has the logs at hand', async () => {
    const old = follow(newBus(), `${Date.now() - 7 * 86_400_000}-0.1`);
    expect((await old.next()).value.kind).toBe('gap');
    await old.return!();
    const without = activityStream({ bus: newBus(), locationId: stage.here.who.locationId, workflowIds: null, after: `${Date.now() - 1_000}-0.1`, now: () => 0 });
    expect((await without.next()).value.kind).toBe('gap');
    await without.return!();
  });

  it('is that of one\'s own location', async () => {
    const writer = newBus();
    const from = `${Date.now() - 60_000}-0.1`;
    const id = await enroll(writer);
    await dropHistory();
    const all = follow(newBus(), from, null);
    const events = await take(all, (seen) => seen.some((event) => event.kind !== 'gap' && event.enrollmentId === id));
    expect(events.map(({ kind }) => kind)).not.toContain('gap');
    await all.return!();
    const there = await stage.location('There');
    expect(await activityLog(stage.ctx, there.who, null).read({ at: 0, enrollmentId: id, place: -1 }, Date.now() * 2, 10)).toEqual([]);
    expect(await activityLog(stage.ctx, there.who, [workflow.uuid]).read({ at: 0, enrollmentId: id, place: -1 }, Date.now() * 2, 10)).toEqual([]);
  });

  it('is a gap when the logs are too many to look through, and an error with a cursor when they cannot be read', async () => {
    const log = { speed: 1, journeyAt: (ms: number) => ms };
    const after = `${Date.now() - 60_000}-0.1`;
    const open = (read: () => Promise<LoggedMove[] | null>) => activityStream({ bus: newBus(), locationId: 'l', workflowIds: null, after, now: () => 0, log: { ...log, read } });
    const many = open(async () => null);
    expect((await many.next()).value.kind).toBe('gap');
    await many.return!();
    await expect(open(() => Promise.reject(new Error('away'))).next()).rejects.toMatchObject({ code: 'UNAVAILABLE', detail: { cursor: after } });
  });
});

describe('pages of the step logs', () => {
  it('are read one after the other, and what the bus tells of the same commits is left out', async () => {
    const now = Date.now();
    const moves = Array.from({ length: 12_500 }, (_, n): LoggedMove => ({
      at: now - 30_000 + n, enrollmentId: '00000000-0000-7000-8000-000000000001', place: n, workflowId: 'w', revision: n + 2, from: 'a', outcome: 'next', to: 'b', status: null,
    }));
    const message = (rev: number, at: number): LiveMessage => ({
      locationId: 'l',
      workflowId: 'w',
      at,
      runs: [{ id: moves[0]!.enrollmentId, rev, status: 'active', moves: [['a', 'next', 'b']] }],
      counts: {},
    });
    const history: Heard[] = [{ position: `${now - 17_600}-0`, message: message(12_501, now - 17_501) }, { position: `${now - 17_000}-0`, message: message(90_000, now - 17_000) }];
    const hand = createHandBus();
    const bus: Bus = { ...hand, from: async (position, limit) => history.slice(Math.max(0, history.findIndex((heard) => heard.position === position))).slice(0, limit) };
    let reads = 0;
    const log = {
      speed: 1,
      journeyAt: (ms: number) => ms,
      read: async (after: { at: number; place: number }, until: number, limit: number) => {
        reads += 1;
        return moves.filter(({ at, place }) => (at > after.at || (at === after.at && place > after.place)) && at <= until).slice(0, limit);
      },
    };
    const stream = activityStream({ bus, locationId: 'l', workflowIds: null, after: `${now - 60_000}-0.1`, now: () => 0, log });
    const events = await take(stream, (seen) => seen.length === 12_501);
    expect(events.map((event) => event.kind !== 'gap' && event.revision)).toEqual([...moves.map(({ revision }) => revision), 90_000]);
    expect(reads).toBe(3);
    await stream.return!();
  });
});
