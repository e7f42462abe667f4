import { DBOS } from '@dbos-inc/dbos-sdk';
import { Client } from 'pg';
import { contactOf, each, isVip, measure, variantOf, verify, type Measured, type WorkContact } from '../work.ts';

/** DBOS Transact, workflows started directly: five checkpointed steps each, 50 at once, a pool of 20. */
async function journey(contact: WorkContact): Promise<string> {
  const vip = await DBOS.runStep(async () => isVip(contact), { name: 'condition' });
  await DBOS.runStep(async () => ({ field: vip ? 'gold' : 'plain' }), { name: 'set' });
  const variant = await DBOS.runStep(async () => variantOf(contact), { name: 'split' });
  const sent = await DBOS.runStep(async () => ({ message_id: `${contact.id}-${variant}` }), { name: 'send' });
  return DBOS.runStep(async () => sent.message_id, { name: 'complete' });
}

export async function dbos(databaseUrl: string, enrollments: number): Promise<Measured> {
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl: databaseUrl, systemDatabasePoolSize: 20, runAdminServer: false, logLevel: 'error' });
  const registered = DBOS.registerWorkflow(journey, { name: 'journey' });
  await DBOS.launch();
  await each(Array.from({ length: 20 }, (_, n) => contactOf(1_000_000 + n)), 10, async (contact) => void (await registered(contact)));
  const contacts = Array.from({ length: enrollments }, (_, n) => contactOf(n));
  const measured = await measure('DBOS Transact', enrollments, () => each(contacts, 50, async (contact) => void (await registered(contact))));
  await DBOS.shutdown();
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query('SELECT count(*)::int AS n FROM dbos.operation_outputs');
  await client.end();
  verify('DBOS step rows', rows[0].n, (enrollments + 20) * 5);
  return measured;
}
