import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnvironment } from '../src/environment.ts';
import { messageOf } from '../src/errors.ts';
import { migrationsFolder } from '../src/embedded/migrations.ts';
import { prepareDatabase } from '../src/embedded/prepare.ts';
import { diffSchemas } from './author.ts';

/**
 * `npm run migrate` applies what DATABASE_URL lacks. `npm run migrate:new add_notes` writes the next migration: the difference
 * between schema.prisma and the snapshot of it that the last migration kept. What Prisma cannot express (partial indexes, policies,
 * functions) is added to the file by hand; it stays out of the comparison.
 */
const [command, name] = process.argv.slice(2);
const commands: Record<string, () => Promise<string>> = { apply, new: author };

try {
  const run = commands[command ?? ''];
  if (!run) throw new Error('Use: npm run migrate, or npm run migrate:new <verb_noun>');
  console.log(await run());
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}

async function apply(): Promise<string> {
  const { databaseUrl, clockSpeed } = readEnvironment();
  if (!databaseUrl) throw new Error('DATABASE_URL is not set: name the database to migrate, e.g. postgres://user:password@host:5432/millrace');
  const applied = await prepareDatabase(databaseUrl, clockSpeed);
  return applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`;
}

async function author(): Promise<string> {
  if (!name || !/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`Name the migration in lower case, verb first, e.g. npm run migrate:new add_notes (found "${name ?? ''}")`);
  const folder = migrationsFolder();
  const schema = await readFile(join(folder, '..', 'schema.prisma'), 'utf8');
  const sql = await diffSchemas(await lastSnapshot(folder), schema);
  const stamp = new Date(Date.now()).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
  const target = join(folder, `${stamp}_${name}`);
  await mkdir(target);
  await writeFile(join(target, 'migration.sql'), sql);
  await writeFile(join(target, 'schema.prisma'), schema);
  return `Wrote ${join(target, 'migration.sql')}. Read it, and add by hand what schema.prisma cannot say.`;
}

/** The schema as the newest migration left it, or null when none kept one. */
async function lastSnapshot(folder: string): Promise<string | null> {
  const names = (await readdir(folder)).sort().reverse();
  const newest = names.map((each) => join(folder, each, 'schema.prisma')).find(existsSync);
  return newest ? readFile(newest, 'utf8') : null;
}
