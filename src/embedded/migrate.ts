import { messageOf } from '../errors.ts';
import { prepareNamedDatabase } from './prepare.ts';

/** Brings DATABASE_URL to the newest migration and sets the journey clock: for containers, before the others start. */
try {
  console.log(await prepareNamedDatabase());
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
