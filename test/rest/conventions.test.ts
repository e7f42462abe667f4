import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDescribedStage, describedRest, operationsOf } from '../support/described-stage.ts';
import type { DoorStage } from '../support/door-stage.ts';
import { addressOf, type Make } from '../support/good-requests.ts';

/** What holds for every route alike, walked over the description: types, keys of a query, pages, entity tags, repeated requests, and the audit log. */

interface Operation {
  operationId: string;
  'x-scope'?: string;
  parameters: { name: string; in: string }[];
  requestBody?: { content: Record<string, unknown> };
}

let stage: DoorStage;
let good: Record<string, Make>;
beforeAll(async () => void ({ stage, good } = await createDescribedStage()));
afterAll(() => stage.close());

const operations = operationsOf(describedRest<{ paths: Record<string, Record<string, Operation>> }>().paths);
const where = (test: (one: (typeof operations)[number][1]) => boolean) => operations.filter(([, one]) => test(one));
const takes = (one: Operation, name: string): boolean => one.parameters.some((parameter) => parameter.name === name);
const lines = async (): Promise<number> => (await stage.rows<{ n: number }>('SELECT count(*)::int AS n FROM audit_log WHERE location_id = $1', [stage.here.locationId]))[0]!.n;

describe('a request that a route cannot read', () => {
  it.each(operations)('%s: 406 for types that nobody speaks, 415 for bodies of another type, 422 for an unknown parameter', async (_name, { path, method, requestBody }) => {
    const at = addressOf(path, {});
    const foreign = await stage.ask(method, at, { headers: { accept: 'application/vnd.nobody+json, image/*' } });
    expect([foreign.status, foreign.json]).toEqual([406, expect.objectContaining({ type: 'about:blank', status: 406, code: 'NOT_ACCEPTABLE' })]);
    const never = await stage.ask(method, at, { headers: { accept: '*/*;q=0' } });
    expect(never.status).toBe(406);
    const unknown = await stage.ask(method, `${at}?nonsense=1`);
    expect([unknown.status, unknown.json.errors]).toEqual([422, [expect.objectContaining({ pointer: '/nonsense', rule: 'unknown_key' })]]);
    if (!requestBody) return;
    const typed = await stage.ask(method, at, { body: {}, headers: { 'content-type': 'text/plain' } });
    expect([typed.status, typed.json.code, typed.headers.get('accept')]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE', expect.stringContaining('application/json')]);
  });
});

describe('a change', () => {
  const changes = where(({ method, 'x-scope': scope }) => method !== 'GET' && scope !== 'read' && scope !== undefined);
  /** What was only tried, or found nobody to act on. */
  const idle = (answer: { dry_run?: boolean; affected?: number; valid?: boolean } | null): boolean =>
    answer?.dry_run === true || answer?.affected === 0 || answer?.valid !== undefined;

  it.each(changes)('%s leaves one line in the audit log; with an Idempotency-Key it has one effect and one answer', async (_name, { operationId, path, method }) => {
    const given = await good[operationId]!();
    const url = addressOf(path, given.at ?? {}) + (given.search ?? '');
    const headers = { ...given.headers, ...(method === 'POST' ? { 'idempotency-key': `once-${operationId}` } : {}) };
    const before = await lines();
    const first = await stage.ask(method, url, { ...given, headers });
    expect(first.status).toBeLessThan(300);
    const after = await lines();
    expect(after - before).toBe(idle(first.json) ? 0 : 1);
    const [line] = await stage.rows<{ actor: string }>('SELECT actor FROM audit_log WHERE location_id = $1 ORDER BY at DESC, id LIMIT 1', [stage.here.locationId]);
    expect(line!.actor).toBe('key:test');
    if (method !== 'POST') return;
    const again = await stage.ask(method, url, { ...given, headers });
    expect([again.status, again.text, again.headers.get('idempotency-replayed'), first.headers.get('idempotency-replayed')]).toEqual([first.status, first.text, 'true', null]);
    for (const name of ['content-type', 'location', 'etag']) expect([name, again.headers.get(name)]).toEqual([name, first.headers.get(name)]);
    expect(await lines()).toBe(after);
  });

  it.each(where((one) => takes(one, 'If-Match') && one.path.includes('{id}')))(
    '%s upon another revision than the one that is there is 412, upon that one it is done and tells the next',
    async (_name, { operationId, path, method }) => {
      const given = await good[operationId]!();
      const url = addressOf(path, given.at ?? {}) + (given.search ?? '');
      const tag = (await stage.ask('GET', `/api/workflows/${given.at!['id']}`)).headers.get('etag')!;
      const before = await lines();
      for (const stale of ['"r999999"', '"something"', `W/${tag}`]) {
        const { status, json } = await stage.ask(method, url, { ...given, headers: { 'if-match': stale } });
        expect([stale, status, json.code]).toEqual([stale, 412, 'VERSION_CONFLICT']);
      }
      expect(await lines()).toBe(before);
      const done = await stage.ask(method, url, { ...given, headers: { 'if-match': `"r999999", ${tag}` } });
      expect(done.status).toBeLessThan(300);
      if (done.status !== 204) expect(done.headers.get('etag')).toBe(`"r${done.json.revision}"`);
    },
  );
});

describe('a list', () => {
  it.each(where((one) => takes(one, 'cursor') && takes(one, 'limit')))(
    '%s leads from page to page by next_cursor and by Link alike, and refuses a limit outside 1 to 100',
    async (_name, { operationId, path }) => {
      const [given] = [await good[operationId]!(), await good[operationId]!()];
      const url = addressOf(path, given.at ?? {});
      const seen: string[] = [];
      for (let next: string | null = `${url}?limit=1`; next !== null && seen.length < 4;) {
        const { status, json, headers } = await stage.ask('GET', next);
        expect([status, Object.keys(json)]).toEqual([200, ['data', 'next_cursor']]);
        expect(json.data.length).toBeLessThanOrEqual(1);
        seen.push(...json.data.map((row: { id: string }) => row.id));
        const link: string | null = json.next_cursor === null ? null : `${url}?limit=1&cursor=${encodeURIComponent(json.next_cursor)}`;
        expect(headers.get('link')).toBe(link === null ? null : `<${link}>; rel="next"`);
        next = link;
      }
      expect(new Set(seen).size).toBe(seen.length);
      for (const limit of ['0', '101', '-1', '1.5', 'x', '']) expect([limit, (await stage.ask('GET', `${url}?limit=${limit}`)).status]).toEqual([limit, 422]);
      expect((await stage.ask('GET', `${url}?cursor=made-up`)).status).toBe(422);
    },
  );
});
