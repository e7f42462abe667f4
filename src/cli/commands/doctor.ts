import { createServer } from 'node:net';
import { messageOf } from '../../errors.ts';
import { EXIT, type Call, type Command } from '../command.ts';
import { columns } from '../terminal.ts';

interface Finding {
  what: string;
  /** Null: it could not be looked at. */
  ok: boolean | null;
  says: string;
}

export const doctor: Command = {
  name: 'doctor',
  summary: 'Look at Node, the port, the server, its database, queue, migrations and workers, and the key.',
  takes: '',
  arity: [0, 0],
  options: {},
  examples: [['millrace doctor', 'exit code 3 when something is wrong, with what to do']],
  async run(call) {
    const health = await fetchJson(call, '/healthz');
    const found = [
      node(),
      ...(health.reached ? [{ what: 'server', ok: health.status === 200, says: `answers at ${call.environment.url}` }] : [absent(call, health.says), await port(call)]),
    ];
    if (health.reached) found.push(...(await readiness(call)), await key(call));
    call.terminal.show(found, () => columns(found.map(({ what, ok, says }) => [ok === null ? '?' : ok ? 'ok' : 'WRONG', what, says])));
    return found.some(({ ok }) => ok === false) ? EXIT.environment : EXIT.ok;
  },
};

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return { what: 'node', ok, says: ok ? process.versions.node : `${process.versions.node} is too old: 20.19 or newer is needed, from https://nodejs.org` };
}

const absent = ({ environment }: Call, why: string): Finding => ({
  what: 'server', ok: false, says: `nobody answers at ${environment.url} (${why}); run npm start, or set MILLRACE_URL`,
});

/** Whether the port of MILLRACE_URL could be taken: when nobody answers there, somebody else may hold it. */
async function port({ environment }: Call): Promise<Finding> {
  const { hostname, port: number, protocol } = new URL(environment.url);
  const wanted = Number(number || (protocol === 'https:' ? 443 : 80));
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return { what: 'port', ok: null, says: `${hostname} is another machine` };
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve({
      what: 'port', ok: false, says: error.code === 'EADDRINUSE' ? `${wanted} is taken by another program` : messageOf(error),
    }));
    server.listen(wanted, hostname.replace(/[[\]]/g, ''), () => server.close(() => resolve({ what: 'port', ok: true, says: `${wanted} is free` })));
  });
}

/** What `/readyz` says of the database, its migrations, the queue, and the workers' heartbeats. */
async function readiness(call: Call): Promise<Finding[]> {
  const { body } = await fetchJson(call, '/readyz');
  const checks = (body as { checks?: Record<string, { ok: boolean; reason: string | null }> } | null)?.checks ?? {};
  return Object.entries(checks).map(([what, { ok, reason }]) => ({ what, ok, says: ok ? SAYS[what] ?? 'well' : reason ?? 'no reason given' }));
}

const SAYS: Record<string, string> = { database: 'answers', migrations: 'every one is applied', queue: 'answers', workers: 'all have a heartbeat' };

async function key(call: Call): Promise<Finding> {
  if (call.environment.apiKey === null) return { what: 'key', ok: null, says: 'MILLRACE_API_KEY is not set' };
  const { status, body } = await fetchJson(call, '/api/location');
  const ok = status === 200;
  return { what: 'key', ok, says: ok ? `opens "${(body as { name: string }).name}"` : `the server answers ${status}: ${(body as { detail?: string } | null)?.detail ?? ''}` };
}

async function fetchJson({ environment }: Call, path: string): Promise<{ reached: boolean; status: number; body: unknown; says: string }> {
  try {
    const response = await fetch(`${environment.url}${path}`, { headers: environment.apiKey === null ? {} : { authorization: `Bearer ${environment.apiKey}` } });
    return { reached: true, status: response.status, body: await response.json().catch(() => null), says: '' };
  } catch (error) {
    return { reached: false, status: 0, body: null, says: messageOf(error instanceof Error && error.cause ? error.cause : error) };
  }
}
