import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../src/errors.ts';
import { migrationsFolder } from '../src/embedded/migrations.ts';
import { prepareNamedDatabase } from '../src/embedded/prepare.ts';
import { diffSchemas } from './author.ts';

/**
 * `npm run migrate` applies what DATABASE_URL lacks. `npm run migrate:new add_notes` writes the next migration: the difference
 * between schema.prisma and the snapshot of it that the last migration kept. What Prisma cannot express (partial indexes, policies,
 * functions) is added to the file by hand; it stays out of the comparison. `npm run migrate:check` fails while there is a difference.
 */
const [command, name] = process.argv.slice(2);
const commands: Record<string, () => Promise<string>> = { apply: prepareNamedDatabase, new: author, check };

try {
  const run = commands[command ?? ''];
  if (!run) throw new Error('Use: npm run migrate, npm run migrate:new <verb_noun>, or npm run migrate:check');
  console.log(await run());
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}

async function author(): Promise<string> {
  if (!name || !/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`Name the migration in lower case, verb first, e.g. npm run migrate:new add_notes (found "${name ?? ''}")`);
  const folder = migrationsFolder();
  const { schema, sql } = await difference(folder);
  const stamp = new Date(Date.now()).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
  const target = join(folder, `${stamp}_${name}`);
  await mkdir(target);
  await writeFile(join(target, 'migration.sql'), sql);
  await writeFile(join(target, 'schema.prisma'), schema);
  return `Wrote ${join(target, 'migration.sql')}. Read it, and add by hand what schema.prisma cannot say.`;
}

async function check(): Promise<string> {
  const { sql } = await difference(migrationsFolder());
  const statements = sql.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('--'));
  if (statements.length === 0) return 'The migrations lead to schema.prisma.';
  throw new Error(`schema.prisma asks for what no migration brings:\n${statements.join('\n')}\nWrite the migration with: npm run migrate:new <verb_noun>`);
}

/** What leads from the newest migration's schema to today's. */
async function difference(folder: string): Promise<{ schema: string; sql: string }> {
  const schema = await readFile(join(folder, '..', 'schema.prisma'), 'utf8');
  return { schema, sql: await diffSchemas(await lastSnapshot(folder), schema) };
}

/** The schema as the newest migration left it, or null when none kept one. */
async function lastSnapshot(folder: string): Promise<string | null> {
  const names = (await readdir(folder)).sort().reverse();
  const newest = names.map((each) => join(folder, each, 'schema.prisma')).find(existsSync);
  return newest ? readFile(newest, 'utf8') : null;
}
