import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';

const LEVELS: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };

/** Copies a child's lines to `write`, each with the child's name before it, and JSON log lines made readable. What `isNews` denies is left out. */
export function relayLines(name: string, from: Readable, write: (line: string) => void, isNews: (line: string) => boolean = () => true): void {
  createInterface({ input: from }).on('line', (line) => isNews(line) && write(`${name.padEnd(10)} ${readable(line)}`));
}

/** For lines of children that share their servers: that one is away, or back, is news when the first of them tells it. */
export function outageNews(): (line: string) => boolean {
  const away = new Set<string>();
  return (line) => {
    const [, name, over] = /^\{.*"outage":"(\w+)"(,"over":true)?/.exec(line) ?? [];
    if (name === undefined) return true;
    if (over) return away.delete(name);
    return !away.has(name) && away.add(name).has(name);
  };
}

/** `{"level":40,"time":…,"msg":"late","id":"x"}` becomes `12:00:01 warn late {"id":"x"}`; other lines stay as they are. */
export function readable(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { level, time, msg, pid: _pid, name: _name, outage: _outage, over: _over, err, ...more } = JSON.parse(line) as Record<string, unknown>;
    if (typeof level !== 'number' || typeof time !== 'number') return line;
    const rest = Object.keys(more).length > 0 ? ` ${JSON.stringify(more)}` : '';
    return `${new Date(time).toISOString().slice(11, 19)} ${(LEVELS[level] ?? String(level)).padEnd(5)} ${String(msg ?? '')}${rest}${errorText(err)}`;
  } catch {
    return line;
  }
}

function errorText(error: unknown): string {
  if (typeof error === 'string') return `: ${error}`;
  if (typeof error !== 'object' || error === null) return '';
  const { stack, message } = error as { stack?: string; message?: string };
  return `\n  ${stack ?? message ?? ''}`;
}
