// The first thing that runs on a fresh clone: plain Node, no packages. It installs what is missing, builds what is old, and hands over.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const [command, ...rest] = process.argv.slice(2);

const commands = {
  async start() {
    install();
    await build();
    await import(pathToFileURL(join(root, 'dist', 'embedded', 'start.js')).href);
  },
  async test() {
    install();
    process.exitCode = run(process.execPath, ['--import', 'tsx', join('src', 'embedded', 'run-tests.ts'), ...rest]);
  },
  async reset() {
    install();
    process.exitCode = run(process.execPath, ['--import', 'tsx', join('src', 'embedded', 'reset.ts'), ...rest]);
  },
  async bench() {
    install();
    const folder = join(root, 'bench');
    if (existsSync(join(folder, 'package.json')) && isOlder(join(folder, 'node_modules', '.package-lock.json'), join(folder, 'package.json'))) npm('the benchmark\'s peers', folder);
    process.exitCode = run(process.execPath, ['--import', 'tsx', join('src', 'embedded', 'run-bench.ts'), ...rest]);
  },
};

checkNode();
if (!Object.hasOwn(commands, command)) {
  console.error(`Unknown command "${command ?? ''}". Use npm start, npm test, npm run reset or npm run bench.`);
  process.exit(2);
}
process.chdir(root);
await commands[command]();

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Millrace needs Node.js 20.19 or newer, this is ${process.versions.node}. Get one from https://nodejs.org and try again.`);
  process.exit(1);
}

/** Packages are installed when they never were, or when the lock file is newer. */
function install() {
  if (!isOlder(join(root, 'node_modules', '.package-lock.json'), join(root, 'package-lock.json'))) return;
  npm('packages (npm ci, about half a minute)', root);
}

function npm(what, folder) {
  console.log(`Installing ${what} ...`);
  const verb = existsSync(join(folder, 'package-lock.json')) ? 'ci' : 'install';
  const result = spawnSync('npm', [verb, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'], shell: process.platform === 'win32' });
  if (result.status === 0) return;
  console.error(`${result.stdout ?? ''}\nnpm ${verb} failed. Is the npm registry within reach? Run "npm ${verb}" in ${folder} to see more.`);
  process.exit(1);
}

async function build() {
  const built = join(root, 'dist', '.built');
  const newest = Math.max(...['src', 'workers', 'prisma', 'package-lock.json'].map((name) => newestIn(join(root, name))));
  if (existsSync(built) && statSync(built).mtimeMs >= newest) return;
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const { build: bundle } = await import('./build.mjs');
  await bundle();
}

function newestIn(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestIn(join(path, name))), 0);
}

/** Whether `made` is missing or older than `source`. */
function isOlder(made, source) {
  return !existsSync(made) || (existsSync(source) && statSync(made).mtimeMs < statSync(source).mtimeMs);
}

function run(file, args) {
  const signals = ['SIGINT', 'SIGTERM'];
  // The child gets the terminal's Ctrl-C too and ends by itself: wait for it.
  for (const signal of signals) process.on(signal, () => undefined);
  return spawnSync(file, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
}
