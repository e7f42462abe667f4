import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { startLoop } from '../../workers/loop.ts';
import { until } from '../support/until.ts';

const quiet = createLogger('test', 'silent');

describe('startLoop', () => {
  it('goes round again at once when woken, even in the middle of a round', async () => {
    let rounds = 0;
    const loop = startLoop(quiet, async () => {
      rounds += 1;
      if (rounds === 1) loop.wake();
      return 60_000;
    });
    await until('the second round', () => rounds === 2);
    loop.wake();
    await until('the third', () => rounds === 3);
    await loop.stop();
  });

  it('tries again after a round that failed', async () => {
    let rounds = 0;
    const loop = startLoop(quiet, async () => {
      rounds += 1;
      if (rounds === 1) throw new Error('the database is away');
      return 60_000;
    });
    await until('the second round', () => rounds === 2);
    await loop.stop();
  });

  it('lets the round under way end before it stops', async () => {
    const trail: string[] = [];
    let release = (): void => undefined;
    const loop = startLoop(quiet, async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      trail.push('round done');
      return 60_000;
    });
    const stopped = loop.stop().then(() => trail.push('stopped'));
    release();
    await stopped;
    expect(trail).toEqual(['round done', 'stopped']);
  });
});
