import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request, type Server } from 'node:http';
import { openWatchPort } from '../../src/telemetry/watch-port.ts';

let broken = false;
let server: Server;
beforeAll(async () => {
  server = await openWatchPort(0, '127.0.0.1', {
    metrics: () => Promise.resolve('millrace_steps_total 3\n'),
    ready: () => (broken ? Promise.reject(new Error('PostgreSQL does not answer')) : Promise.resolve()),
  });
});
afterAll(() => void server.close());

const get = async (path: string) => {
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};

describe("a worker's port", () => {
  it('shows its metrics in the text format', async () => {
    expect(await get('/metrics')).toEqual({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', text: 'millrace_steps_total 3\n' });
  });

  it('lives while it is not ready, and says why', async () => {
    expect((await get('/readyz')).status).toBe(200);
    broken = true;
    expect(await get('/readyz')).toMatchObject({ status: 503, text: '{"status":"not ready","reason":"PostgreSQL does not answer"}\n' });
    expect((await get('/healthz')).status).toBe(200);
  });

  it.each(['//', '///x', 'http://[', '*'])('outlives a request for %s', async (target) => {
    const { port } = server.address() as AddressInfo;
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request({ port, host: '127.0.0.1', path: target }, (response) => resolve(response.resume().statusCode)).on('error', reject).end();
    });
    expect([status, (await get('/healthz')).status]).toEqual([404, 200]);
  });

  it('has no other door', async () => {
    expect((await get('/graphql')).status).toBe(404);
  });
});
