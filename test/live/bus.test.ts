import { afterEach, describe, expect, it } from 'vitest';
import type { Bus, LiveMessage } from '../../src/core/ports/outside.ts';
import { activityStream } from '../../src/live/activity.ts';
import { fitting } from '../../src/live/bus.ts';
import { createPostgresBus } from '../../src/live/bus-postgres.ts';
import { createRedisBus } from '../../src/live/bus-redis.ts';
import { busContract, type BusesUnderTest } from '../contracts/bus-contract.ts';
import { createEmptyDatabase, testServerUrl } from '../support/database.ts';
import { proxyOf } from '../support/proxy.ts';
import { hasRedis, testPrefix, testRedisUrl } from '../support/redis.ts';
import { until } from '../support/until.ts';

function pair(make: (onTrouble: (what: string) => void) => Bus, dispose = async (): Promise<void> => undefined): BusesUnderTest {
  const troubles: string[] = [];
  const [here, there] = [make((what) => troubles.push(what)), make((what) => troubles.push(what))];
  return {
    here, there, troubles,
    dispose: async () => {
      await Promise.all([here.close(), there.close()]);
      await dispose();
    },
  };
}

if (hasRedis()) busContract('Redis', async () => {
  const prefix = testPrefix();
  return pair((onTrouble) => createRedisBus(testRedisUrl(), prefix, onTrouble));
});

describe.runIf(hasRedis())('the history of the bus on Redis', () => {
  it('gives a process that has just begun what another one\'s cursor asks for, in pages, while more comes', async () => {
    const prefix = testPrefix();
    const [writer, first] = [createRedisBus(testRedisUrl(), prefix, () => undefined), createRedisBus(testRedisUrl(), prefix, () => undefined)];
    const follow = (bus: Bus, after: string | null) => activityStream({ bus, locationId: 'l', workflowIds: null, after, now: () => 0 });
    const publish = (n: number): void =>
      writer.publish({
        locationId: 'l',
        workflowId: 'w',
        at: n,
        runs: [
          {
            id: `r${n}`,
            rev: 1,
            status: 'active',
            moves: [
              ['', 'start', 'a'],
              ['a', 'next', 'b'],
            ],
          },
        ],
        counts: {},
      });
    const opened = follow(first, null);
    const begun = opened.next();
    await until('a first event', () => {
      publish(0);
      return Promise.race([begun.then(() => true), new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))]);
    });
    const { cursor } = (await begun).value;
    await opened.return!();
    for (let n = 1; n <= 450; n += 1) publish(n);
    const second = createRedisBus(testRedisUrl(), prefix, () => undefined);
    const resumed = follow(second, cursor);
    const told: string[] = [];
    while (told.at(-1) !== 'r500 b') {
      const { value } = await resumed.next();
      told.push(`${value.enrollmentId} ${value.to}`);
      if (told.at(-1) === 'r450 b') for (let n = 451; n <= 500; n += 1) publish(n);
    }
    const later = told.filter((each) => !each.startsWith('r0 '));
    expect(later).toEqual(Array.from({ length: 500 }, (_, n) => [`r${n + 1} a`, `r${n + 1} b`]).flat());
    await resumed.return!();
    await Promise.all([writer, first, second].map((bus) => bus.close()));
  });
});

busContract('PostgreSQL', async () => {
  const database = await createEmptyDatabase();
  return pair((onTrouble) => createPostgresBus(database.url, 'test', onTrouble), () => database.drop());
});

describe('a bus whose server went away', () => {
  const buses: Bus[] = [];
  afterEach(async () => {
    for (const bus of buses.splice(0)) await bus.close();
  });

  it.each([
    ['Redis', testRedisUrl(), (url: string) => createRedisBus(url, testPrefix(), () => undefined)] as const,
    ['PostgreSQL', testServerUrl(), (url: string) => createPostgresBus(url, 'outage', () => undefined)] as const,
  ].filter(([, target]) => target !== 'none'))('hears again when %s is back, and publishing meanwhile throws at nobody', async (_, target, make) => {
    const proxy = await proxyOf(target);
    const bus = make(proxy.url);
    buses.push(bus);
    const heard: LiveMessage[] = [];
    bus.subscribe((message) => heard.push(message));
    const publish = (workflowId: string): void => bus.publish({ locationId: 'l', workflowId, at: 0, runs: [], counts: {} });
    const hears = (workflowId: string): Promise<unknown> => until(workflowId, () => {
      publish(workflowId);
      return heard.some((message) => message.workflowId === workflowId);
    });
    await hears('before');
    proxy.cut();
    publish('during');
    proxy.mend();
    await hears('after');
    await bus.close();
    await proxy.close();
  });
});

describe('fitting', () => {
  const run = (id: string, moves: number) => ({
    id,
    rev: 1,
    status: 'active',
    moves: Array.from({ length: moves }, (_, index) => [`from${index}`, 'next', `to${index}`] as [string, string, string]),
  });
  const message = (...runs: LiveMessage['runs']): LiveMessage => ({ locationId: 'l', workflowId: 'w', at: 1, runs, counts: { enrolled: runs.length } });

  it('leaves what fits', () => {
    expect(fitting(message(run('a', 1)), 1_000)).toEqual([message(run('a', 1))]);
  });
  it('divides what does not, and counts once', () => {
    const parts = fitting(message(run('a', 5), run('b', 5), run('c', 5)), 400);
    expect(parts.flatMap((part) => part.runs.map((each) => each.id))).toEqual(['a', 'b', 'c']);
    expect(parts.map((part) => part.counts)).toEqual([{ enrolled: 3 }, ...parts.slice(1).map(() => ({}))]);
  });
  it('drops the moves of a run that is too long by itself', () => {
    expect(fitting(message(run('a', 500)), 400)).toEqual([message(run('a', 0))]);
  });
});
