import { describe, expect, it } from 'vitest';
import { createLogger } from '../src/logger.ts';
import { createShutdown } from '../src/shutdown.ts';

describe('createShutdown', () => {
  const quiet = (lines: string[] = []) => createLogger('test', 'info', { write: (line) => lines.push(line) });

  it('closes last opened first, once, whoever asks', async () => {
    const trail: string[] = [];
    const shutdown = createShutdown(quiet());
    for (const name of ['database', 'queue', 'server']) shutdown.add(name, () => void trail.push(name));
    await Promise.all([shutdown.run('a'), shutdown.run('b')]);
    expect(trail).toEqual(['server', 'queue', 'database']);
  });

  it('passes over what throws or hangs, and says which', async () => {
    const [trail, lines]: [string[], string[]] = [[], []];
    const shutdown = createShutdown(quiet(lines), 20);
    shutdown.add('database', () => void trail.push('database'));
    shutdown.add('broken', () => Promise.reject(new Error('no')));
    shutdown.add('stuck', () => new Promise(() => undefined));
    await shutdown.run('test');
    expect(trail).toEqual(['database']);
    expect(lines.join('')).toMatch(/stuck took longer than 20 ms[\s\S]*"part":"broken"/);
  });
});
