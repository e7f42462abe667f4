import { readdirSync, readFileSync } from 'node:fs';
import { Client } from 'pg';

/** Clock ticks a second, which Linux fixes for /proc. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const TICKS = 100;

export interface PostgresMeter {
  stop(): Promise<{ cpuSeconds: number | null; walBytes: number; commits: number }>;
}

interface Reading {
  lsn: string;
  xid: string;
  cpuSeconds: number | null;
}

/**
 * Says what PostgreSQL spends between now and `stop`: CPU of all its processes (null when it runs elsewhere), WAL, and
 * transactions that wrote, counted by the transaction ids that they took.
 */
export async function startPostgresMeter(databaseUrl: string): Promise<PostgresMeter> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const before = await read(client);
  return {
    async stop() {
      const after = await read(client);
      const { rows } = await client.query<{ wal: string; commits: string }>('SELECT pg_wal_lsn_diff($2, $1) AS wal, $4::numeric - $3::numeric AS commits', [before.lsn, after.lsn, before.xid, after.xid]);
      await client.end();
      const known = before.cpuSeconds !== null && after.cpuSeconds !== null;
      return { cpuSeconds: known ? after.cpuSeconds! - before.cpuSeconds! : null, walBytes: Number(rows[0]!.wal), commits: Number(rows[0]!.commits) };
    },
  };
}

async function read(client: Client): Promise<Reading> {
  const { rows } = await client.query<{ pid: number; lsn: string; xid: string }>(
    'SELECT pg_backend_pid() AS pid, pg_current_wal_insert_lsn() AS lsn, pg_snapshot_xmax(pg_current_snapshot())::text AS xid',
  );
  const { pid, lsn, xid } = rows[0]!;
  return { lsn, xid, cpuSeconds: cpuSecondsOfServer(pid) };
}

/** CPU of a backend's server: its parent, the parent's ended children, and all that live. */
function cpuSecondsOfServer(backend: number): number | null {
  const server = statOf(backend);
  const postmaster = server?.name.startsWith('postgres') ? statOf(server.parent) : null;
  if (!server || !postmaster) return null;
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => statOf(Number(name))).filter((stat) => stat?.parent === server.parent);
  return children.reduce((sum, child) => sum + (child?.own ?? 0), postmaster.own + postmaster.ended);
}

/** User and system CPU of one process; null when it ended, or there is no /proc. */
export const cpuSecondsOf = (pid: number): number | null => statOf(pid)?.own ?? null;

function statOf(pid: number): { name: string; parent: number; own: number; ended: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
    const [parent = 0, user = 0, system = 0, endedUser = 0, endedSystem = 0] = [fields[1], ...fields.slice(11, 15)];
    return { name: text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')), parent, own: (user + system) / TICKS, ended: (endedUser + endedSystem) / TICKS };
  } catch {
    return null; // it ended, or there is no /proc
  }
}
