import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { sourceNamed } from '../src/stack-sources.ts';

/** A source whose third line throws, built as the product is. */
async function built(): Promise<{ folder: string; url: string; stack: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-stack-'));
  writeFileSync(join(folder, 'deed.ts'), 'interface Deed { n: number }\nexport const deed = (given: Deed): number => {\n  if (given.n > 0) throw new Error("done");\n  return 0;\n};\n');
  await build({ entryPoints: [join(folder, 'deed.ts')], outfile: join(folder, 'out', 'deed.js'), format: 'esm', sourcemap: true, sourcesContent: false, logLevel: 'silent' });
  const url = pathToFileURL(join(folder, 'out', 'deed.js')).href;
  return { folder, url, stack: `async deed (${url}:2:21)` };
}

describe('a frame of a stack', () => {
  it('names the place in the source', async () => {
    const { folder, stack } = await built();
    expect(sourceNamed(stack)).toBe(`async deed (${join(folder, 'deed.ts')}:3:20)`);
  });

  it.each([
    ['of Node itself', 'process.processTicksAndRejections (node:internal/process/task_queues:95:5)'],
    ['of a file without a map', 'query (file:///nowhere/pool.js:45:11)'],
    ['of a file whose map is none', null],
    ['that names no place', '<anonymous>'],
  ])('stays as it is: %s', async (_, frame) => {
    const { url } = await built();
    if (frame === null) writeFileSync(new URL(`${url}.map`), 'no map');
    expect(sourceNamed(frame ?? `deed (${url}:2:21)`)).toBe(frame ?? `deed (${url}:2:21)`);
  });
});
