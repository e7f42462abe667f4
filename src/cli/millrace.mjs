#!/usr/bin/env node
// The command line: the build where there is one that is newer than the source, else the source itself.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const [built, source] = [join(root, 'dist', 'cli.js'), join(root, 'src', 'cli', 'main.ts')];

const newestIn = (path) => (statSync(path).isDirectory() ? readdirSync(path).reduce((newest, name) => Math.max(newest, newestIn(join(path, name))), 0) : statSync(path).mtimeMs);
const isFresh = existsSync(built) && (!existsSync(source) || statSync(built).mtimeMs >= newestIn(join(root, 'src')));

if (isFresh) await import(pathToFileURL(built).href);
else process.exitCode = runSource();

function runSource() {
  try {
    return spawnSync(process.execPath, ['--import', import.meta.resolve('tsx'), source, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 3;
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    process.stderr.write(`The packages are not installed in ${root}: run npm start there once, or npm ci.\n`);
    return 3;
  }
}
