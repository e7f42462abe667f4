import { describe, expect, it } from 'vitest';
import { createLogger } from '../src/logger.ts';
import { createOutage } from '../src/outage.ts';
import { until } from './support/until.ts';

interface Line {
  level: number;
  msg: string;
  outage?: string;
  over?: boolean;
}

/** An outage of a server that answers when `up` says so. */
function watched(up: boolean) {
  const lines: Line[] = [];
  const single: string[] = [];
  const state = { up, asked: 0, upAt: 0 };
  const outage = createOutage(createLogger('test', 'info', { write: (line) => void lines.push(JSON.parse(line) as Line) }), {
    name: 'redis', place: 'Redis at there:1 (REDIS_URL)', advice: 'Bring it back.',
    async ping() {
      state.asked += 1;
      if (!state.up && state.asked !== state.upAt) throw new Error('away');
    },
    otherwise: (what) => void single.push(what),
  }, 5);
  return { lines, single, state, outage, trouble: (what: string) => outage.onTrouble(what, new Error(`connect ECONNREFUSED of ${what}`)) };
}

describe('an outage', () => {
  it('is one sentence, however many lines break, and one more when it is over', async () => {
    const { lines, single, state, trouble } = watched(false);
    for (const what of ['queue', 'bus', 'worker']) trouble(what);
    await until('the first sentence', () => lines.length > 0);
    for (let more = 0; more < 100; more += 1) trouble('queue');
    const asked = state.asked;
    await until('more questions', () => state.asked > asked + 3);
    state.up = true;
    await until('the second sentence', () => lines.length > 1);
    expect(lines).toMatchObject([
      { level: 40, outage: 'redis', msg: 'Redis at there:1 (REDIS_URL) cannot be used: connect ECONNREFUSED of queue. Bring it back.' },
      { level: 40, outage: 'redis', over: true, msg: 'Redis at there:1 (REDIS_URL) is back.' },
    ]);
    expect(single).toEqual([]);
  });

  it('may come again', async () => {
    const { lines, state, trouble } = watched(false);
    for (const count of [1, 3]) {
      await until('a sentence', () => { trouble('queue'); return lines.length === count; });
      state.up = true;
      await until('its end', () => lines.length === count + 1);
      state.up = false;
    }
    expect(lines.map(({ over }) => over ?? false)).toEqual([false, true, false, true]);
  });

  it('is none while the server answers: each line speaks for itself', async () => {
    const { lines, single, trouble } = watched(true);
    trouble('queue');
    trouble('bus');
    await until('both', () => single.length === 2);
    expect([single, lines]).toEqual([['queue', 'bus'], []]);
  });

  it('is none when the server answers the second time', async () => {
    const { lines, single, state, trouble } = watched(false);
    state.upAt = 2;
    trouble('queue');
    await until('the line', () => single.length === 1);
    expect(lines).toEqual([]);
  });

  it('is not told any more once the process closes', async () => {
    const { lines, state, outage, trouble } = watched(false);
    trouble('queue');
    outage.close();
    await until('both questions', () => state.asked === 2);
    state.up = true;
    trouble('bus');
    expect(lines).toEqual([]);
  });
});
