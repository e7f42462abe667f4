// Bundles what runs in production into dist: one file an entry point, shared code in chunks, packages left in node_modules.
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as esbuild, stop } from 'esbuild';
import { buildDashboard } from './build-dashboard.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const entryPoints = {
  'server-main': 'src/server-main.ts',
  'workers/execution': 'workers/execution.ts',
  'workers/scheduling': 'workers/scheduling.ts',
  'workers/triggers': 'workers/triggers.ts',
  'workers/delivery': 'workers/delivery.ts',
  'embedded/start': 'src/embedded/start.ts',
  'embedded/migrate': 'src/embedded/migrate.ts',
  'embedded/demo': 'src/embedded/demo.ts',
  cli: 'src/cli/main.ts',
};

/** @param {string} outdir where to; tests build beside `dist`, so that they disturb nobody. */
export async function build(outdir = join(root, 'dist')) {
  const present = Object.fromEntries(Object.entries(entryPoints).filter(([, file]) => existsSync(join(root, file))));
  await esbuild({
    absWorkingDir: root,
    entryPoints: present,
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  });
  await buildDashboard(root, join(outdir, 'dashboard'));
  await stop(); // its service would live on beside the servers
  writeFileSync(join(outdir, '.built'), '');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build(process.argv[2]);
