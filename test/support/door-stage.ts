import type { Context } from '../../src/context.ts';
import type { KeyScope } from '../../src/core/ports/records.ts';
import type { PrismaClient } from '../../src/generated/prisma/client.ts';
import { createTokens } from '../../src/http/tokens.ts';
import { startServer } from '../../src/server.ts';
import type { Caller } from '../../src/services/caller.ts';
import { createApiKey } from '../../src/services/keys.ts';
import { tenantPrisma } from '../../src/store/desk/prisma.ts';
import { createDoorStore } from '../../src/store/door-store.ts';
import { createDeskStage } from './desk-stage.ts';

export type DoorStage = Awaited<ReturnType<typeof createDoorStage>>;

/** The answer of one request; `json` is as loose as JSON so that tests can reach into it. */
// oxlint-disable-next-line no-explicit-any
export type Answer = { status: number; headers: Headers; text: string; json: any };

export interface Asked {
  body?: unknown;
  key?: string | null;
  headers?: Record<string, string>;
}

/** The whole server on a port of its own, over a real database with two locations and a key for each. */
export async function createDoorStage() {
  const desk = await createDeskStage();
  const tokens = createTokens(Buffer.alloc(32, 7));
  const environment = { ...desk.ctx.environment, port: 0, host: '127.0.0.1', publicUrl: 'http://127.0.0.1' };
  // An extended client only lacks `$on`, which no reader calls.
  const reader = (locationId: string) => tenantPrisma(desk.prisma, locationId) as PrismaClient;
  // The doors use these ports and no other.
  const ctx = { ...desk.ctx, environment, tokens, reader, doors: createDoorStore(desk.pool) } as Context;
  const server = await startServer(ctx);
  const base = `http://127.0.0.1:${server.port}`;
  const keyOf = async (who: Caller, ...scopes: KeyScope[]): Promise<string> => (await createApiKey(ctx, who, { name: 'test', scopes })).secret;
  const admin = await keyOf(desk.here, 'admin');
  const foreign = await keyOf(desk.there, 'admin');

  /** Strings go out as YAML, everything else as JSON. */
  async function ask(method: string, path: string, { body, key = admin, headers = {} }: Asked = {}): Promise<Answer> {
    const type = typeof body === 'string' ? 'application/yaml' : 'application/json';
    const response = await fetch(base + path, {
      method,
      redirect: 'manual',
      headers: { ...(key && { authorization: `Bearer ${key}` }), ...(body === undefined ? {} : { 'content-type': type }), ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : null };
  }

  return {
    ...desk, ctx, base, tokens, admin, foreign, keyOf, ask,
    async close(): Promise<void> {
      await server.close();
      await desk.close();
    },
  };
}
