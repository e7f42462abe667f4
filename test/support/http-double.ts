import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that a double received: an entry of its ledger. */
export interface Received {
  at: number;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** What the double does with a request. `hang` never answers; `reset` cuts the connection. */
export type Reply = { status: number; headers?: Record<string, string>; body?: string; afterMs?: number } | 'hang' | 'reset';

export interface HttpDouble {
  url: string;
  host: string;
  /** Everything received, in order. */
  ledger: Received[];
  /** Decides each answer; 200 unless set. */
  script: (request: Received) => Reply | undefined;
  close(): Promise<void>;
}

/** A receiver of webhooks that keeps a ledger. */
export async function startHttpDouble(): Promise<HttpDouble> {
  const server = createServer((request, response) => void receive(double, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const double: HttpDouble = {
    url: `http://${host}`,
    host,
    ledger: [],
    script: () => undefined,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return double;
}

async function receive(double: HttpDouble, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const received: Received = {
    at: Date.now(),
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers as Record<string, string>,
    body: Buffer.concat(chunks).toString(),
  };
  double.ledger.push(received);
  const reply = double.script(received) ?? { status: 200 };
  if (reply === 'hang') return;
  if (reply === 'reset') return void request.socket.resetAndDestroy();
  if (reply.afterMs) await new Promise((resolve) => setTimeout(resolve, reply.afterMs));
  response.writeHead(reply.status, reply.headers).end(reply.body ?? '');
}
