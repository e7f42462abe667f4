import { messageOf } from '../errors.ts';
import { prepareNamedDatabase } from './prepare.ts';

/** Brings DATABASE_URL to the newest migration, and its clock to CLOCK_SPEED when that is set: for containers, before the others start. */
try {
  console.log(await prepareNamedDatabase());
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
