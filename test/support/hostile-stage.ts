import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'vitest';
import { createDoorStage, type Answer } from './door-stage.ts';

export type HostileStage = Awaited<ReturnType<typeof createHostileStage>>;

export interface Shot {
  /** Sent as it is. */
  body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  headers?: Record<string, string>;
  key?: string | null;
}

/** Bytes that may be in use afterwards beyond those before: more than caches take, much less than all requests together would leave behind. */
const GROWTH = 100 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is in use once the garbage is gone: how much of that there is depends on the machine. */
function bytesInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The whole server, a raw way to speak to it, and a look at whether it was harmed. */
export async function createHostileStage() {
  const stage = await createDoorStage();
  const { port } = new URL(stage.base);

  async function countRows(): Promise<Record<string, string>> {
    const tables = await stage.rows<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT IN ('idempotency_keys', '_migrations') ORDER BY 1",
    );
    const counts = await Promise.all(tables.map(async ({ name }) => [name, (await stage.rows<{ n: string }>(`SELECT count(*) AS n FROM "${name}"`))[0]!.n] as const));
    return Object.fromEntries(counts);
  }

  /** One request whose body is not touched. */
  async function shoot(method: string, path: string, { body, headers = {}, key = stage.admin }: Shot = {}): Promise<Answer> {
    const response = await fetch(stage.base + path, {
      method, redirect: 'manual', headers: { ...(key && { authorization: `Bearer ${key}` }), ...headers }, ...(body === undefined ? {} : { body, duplex: 'half' }),
    } as RequestInit);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : null };
  }

  /** Bytes over a socket of their own; what came back until the server hung up, or answered enough of it. */
  function wire(bytes: string | Uint8Array, enough: RegExp = /^HTTP\/1\.1 \d{3}[^]*\r\n\r\n/): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1');
      let heard = '';
      const end = (): void => {
        socket.destroy();
        resolve(heard);
      };
      socket.setTimeout(40_000, () => {
        socket.destroy();
        reject(new Error(`no answer, heard ${JSON.stringify(heard.slice(0, 200))}`));
      });
      socket.on('data', (chunk) => {
        heard += chunk.toString('latin1');
        if (enough.test(heard)) end();
      });
      socket.on('close', end);
      socket.on('error', end);
      socket.write(bytes);
    });
  }

  const before = { rows: await countRows(), memory: 0 };
  return {
    ...stage, shoot, wire, port: Number(port),
    /** From here on nothing may be stored and nothing may leak. */
    async brace(): Promise<void> {
      before.rows = await countRows();
      before.memory = bytesInUse();
    },
    async checkUnharmed(): Promise<void> {
      expect((await stage.ask('GET', '/api/workflows')).status).toBe(200);
      expect(await countRows()).toEqual(before.rows);
      expect(bytesInUse() - before.memory).toBeLessThan(GROWTH);
    },
  };
}
