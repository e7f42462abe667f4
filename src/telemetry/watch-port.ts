import { createServer, type Server } from 'node:http';
import { messageOf } from '../errors.ts';

/** What a worker shows on its own port. */
export interface WorkerPages {
  metrics(): Promise<string>;
  /** Throws with the reason while something that the worker needs does not answer. */
  ready(): Promise<void>;
}

/** Prometheus's text format, https://prometheus.io/docs/instrumenting/exposition_formats/. */
const TEXT = 'text/plain; version=0.0.4; charset=utf-8';

/** `/metrics`, `/healthz` and `/readyz` of a worker process: it has no other door. Throws the system's error when the port cannot be had. */
export async function openWatchPort(port: number, host: string, pages: WorkerPages): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(pathOf(request.url), pages).then(({ status, type, body }) => response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  return server;
}

/** The path alone. It is not parsed as an address: one that is none (`//`) would throw where nobody listens, and end the worker. */
const pathOf = (target = '/'): string => target.split('?', 1)[0]!;

async function answer(pathname: string, pages: WorkerPages): Promise<{ status: number; type: string; body: string }> {
  if (pathname === '/healthz') return json(200, { status: 'ok' });
  try {
    if (pathname === '/metrics') return { status: 200, type: TEXT, body: await pages.metrics() };
    if (pathname !== '/readyz') return json(404, { status: 'not found', reason: 'A worker shows /metrics, /healthz and /readyz.' });
    await pages.ready();
    return json(200, { status: 'ready' });
  } catch (error) {
    return json(503, { status: 'not ready', reason: messageOf(error) });
  }
}

const json = (status: number, body: object) => ({ status, type: 'application/json', body: `${JSON.stringify(body)}\n` });
