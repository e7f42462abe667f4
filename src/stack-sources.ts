import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';

/**
 * Lets stacks name the files that people wrote (`src/store/pool.ts:31:5`) instead of the built ones. Maps are read when the first stack is, because
 * Node's own `--enable-source-maps` keeps all of them from the start: 18 MB in every process. Run from the sources it does nothing.
 */
export function nameSources(): void {
  if (import.meta.url.endsWith('.js')) Error.prepareStackTrace = (error, sites) => [String(error), ...sites.map((site) => `    at ${sourceNamed(String(site))}`)].join('\n');
}

const PLACE = /file:\/\/[^\s()]+\.js:\d+:\d+/;

/**
 * A frame of a stack with the place in its source.
 * @param frame for example `loadRuns (file:///app/dist/chunk-A.js:4057:21)`. It is given back as it is when its file has no map.
 */
export const sourceNamed = (frame: string): string => frame.replace(PLACE, (place) => inSource(place) ?? place);

function inSource(place: string): string | null {
  const [, file, line, column] = /^(.+):(\d+):(\d+)$/.exec(place)!;
  const entry = mapOf(`${file}.map`)?.findEntry(Number(line) - 1, Number(column) - 1);
  if (!entry || !('originalSource' in entry)) return null;
  return `${new URL(entry.originalSource, file).pathname}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}

const maps = new Map<string, SourceMap | null>();

function mapOf(url: string): SourceMap | null {
  if (!maps.has(url)) maps.set(url, readMap(url));
  return maps.get(url) ?? null;
}

/** A file without a map, a package's for example, has none; a stack is no place to fail. */
function readMap(url: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(new URL(url), 'utf8')));
  } catch {
    return null;
  }
}
