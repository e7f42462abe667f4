import { readEnvironment } from '../environment.ts';
import { messageOf } from '../errors.ts';
import { prepareDatabase } from './prepare.ts';

/** Brings DATABASE_URL to the newest migration and sets the journey clock: for containers, before the others start. */
try {
  const { databaseUrl, clockSpeed } = readEnvironment();
  if (!databaseUrl) throw new Error('DATABASE_URL is not set: name the database to migrate, e.g. postgres://user:password@host:5432/millrace');
  const applied = await prepareDatabase(databaseUrl, clockSpeed);
  console.log(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`);
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
