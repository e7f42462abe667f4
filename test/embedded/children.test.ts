import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { outageNews, readable } from '../../src/embedded/child-log.ts';
import { type Children, startChildren } from '../../src/embedded/children.ts';
import { until } from '../support/until.ts';

const file = fileURLToPath(new URL('../support/fixtures-child.mjs', import.meta.url));

describe('startChildren', () => {
  let children: Children | null = null;
  afterEach(() => children?.stop(1_000));

  const pids = (lines: string[]): number[] => lines.flatMap((line) => /pid (\d+)/.exec(line)?.[1] ?? []).map(Number);
  const lives = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  it('waits until all are ready, starts a killed one again, and stops all', async () => {
    const lines: string[] = [];
    children = startChildren([{ name: 'one', file, args: ['one'] }, { name: 'two', file, args: ['two'] }], process.env, (line) => lines.push(line));
    expect((await children.ready()).map((message) => message.lines)).toEqual([['I am one'], ['I am two']]);
    await until('two pids', () => pids(lines).length === 2);
    const victim = pids(lines)[0]!;
    process.kill(victim, 'SIGKILL');
    await until('a third pid', () => pids(lines).length === 3);
    expect(lines.join('\n')).toMatch(/ended \(SIGKILL\) and is started again/);
    await children.stop(1_000);
    await until('all to be gone', () => !pids(lines).some(lives));
  });
});

describe('outageNews', () => {
  const away = '{"level":40,"time":0,"name":"api","outage":"redis","msg":"Redis cannot be used"}';
  const back = '{"level":40,"time":0,"name":"api","outage":"redis","over":true,"msg":"Redis is back."}';

  it('tells what all children see when the first one does', () => {
    const isNews = outageNews();
    expect([away, away, back, back, away, back].map(isNews)).toEqual([true, false, true, false, true, true]);
  });

  it.each(['plain', '{"level":40,"msg":"the \\"outage\\" of a word"}', '{"level":40,"msg":"late"}'])('lets %s through, however often', (line) => {
    const isNews = outageNews();
    expect([isNews(line), isNews(line)]).toEqual([true, true]);
  });
});

describe('readable', () => {
  it.each([
    ['plain text', 'plain text'],
    ['{"level":40,"time":0,"pid":1,"name":"x","msg":"late","id":"a"}', '00:00:00 warn  late {"id":"a"}'],
    ['{"level":50,"time":0,"msg":"bad","err":{"message":"no","stack":"Error: no\\n at x"}}', '00:00:00 error bad\n  Error: no\n at x'],
    ['{"level":40,"time":0,"msg":"failed","err":"the database is away"}', '00:00:00 warn  failed: the database is away'],
    ['{"level":40,"time":0,"outage":"redis","msg":"Redis is away"}', '00:00:00 warn  Redis is away'],
    ['{"some":"json"}', '{"some":"json"}'],
    ['{broken', '{broken'],
  ])('shows %s', (line, shown) => {
    expect(readable(line)).toBe(shown);
  });
});
