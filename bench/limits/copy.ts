import { pipeline } from 'node:stream/promises';
import { Readable, Writable } from 'node:stream';
import { Client } from 'pg';
import { from, to } from 'pg-copy-streams';
import { startDelivery } from '../../workers/start-delivery.ts';
import { startExecution } from '../../workers/start-execution.ts';
import { inHouse } from '../ours/house.ts';
import { openLedger } from '../ours/ledger.ts';
import { enrollAll, setScene } from '../ours/scene.ts';
import { measure, verify, type Ground, type Measured } from '../work.ts';

/** Rows a transaction: what a commit of two hundred runs writes. */
const CHUNK = 1_000;

/** The limit: the log rows that WORK left, copied into an identical table over one connection, and nothing else done. */
export async function copyLimit(ground: Ground): Promise<Measured> {
  await leaveLogs(ground);
  const client = new Client({ connectionString: ground.databaseUrl });
  await client.connect();
  await client.query('SET ROLE millrace_worker');
  const lines = await copyOut(client);
  await client.query('RESET ROLE');
  await client.query('CREATE TABLE log_copy (LIKE workflow_step_logs INCLUDING ALL)');
  const measured = await measure('COPY of the log rows', ground.size, async () => {
    for (let at = 0; at < lines.length; at += CHUNK) await pipeline(Readable.from([lines.slice(at, at + CHUNK).join('')]), client.query(from('COPY log_copy FROM STDIN')));
  }, ground.databaseUrl);
  const { rows } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM log_copy');
  await client.end();
  verify('copied rows', rows[0]!.n, ground.size * 5);
  return measured;
}

async function copyOut(client: Client): Promise<string[]> {
  let text = '';
  const keep = new Writable({ write: (chunk: Buffer, _encoding, done) => ((text += chunk.toString('utf8')), done()) });
  await pipeline(client.query(to('COPY (SELECT * FROM workflow_step_logs ORDER BY started_rev, enrollment_id, seq) TO STDOUT')), keep);
  return text.split('\n').slice(0, -1).map((line) => `${line}\n`);
}

/** Takes as many contacts through WORK. */
function leaveLogs(ground: Ground): Promise<void> {
  return inHouse(ground, 'worker', async (house) => {
    const ledger = await openLedger(ground.databaseUrl);
    const scene = await setScene(house.ctx, ground.databaseUrl, ground.size);
    await enrollAll(house.ctx, scene, scene.contactIds);
    startExecution(house);
    startDelivery(house);
    await ledger.completed(ground.size);
    await ledger.close();
  });
}
