import { expect, it } from 'vitest';
import { invite } from '../../src/http/invitation.ts';

const HOUR = 3_600_000;
const stage = () => {
  const clock = { now: 0 };
  const { code, door } = invite('mr_key', () => clock.now);
  const post = (body: string): Promise<Response> => door(new Request('http://house/invitation', { method: 'POST', body }), '/invitation')!;
  return { clock, code, door, post, open: (given: unknown = code) => post(JSON.stringify({ code: given })) };
};

it('an invitation is traded for the key, once', async () => {
  const { open } = stage();
  const answer = await open();
  expect([answer.status, answer.headers.get('cache-control'), await answer.json()]).toEqual([200, 'no-store', { key: 'mr_key' }]);
  await expect(open()).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

it('is good for an hour', async () => {
  const { clock, open } = stage();
  clock.now = HOUR + 1;
  await expect(open()).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

it.each([['another code', 'x'], ['none', undefined], ['no text', 7]])('%s opens nothing, and spends nothing', async (_name, given) => {
  const { open } = stage();
  await expect(open(given ?? null)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  expect((await open()).status).toBe(200);
});

it.each(['', 'code', '[]', '{"__proto__": {}}'])('the body %j is refused', async (body) => expect(stage().post(body)).rejects.toMatchObject({ code: 'INVALID_INPUT' }));

it('every code is another one, and cannot be guessed', () => expect(new Set(Array.from({ length: 50 }, () => stage().code)).size).toBe(50));

it('there is none where no key was drawn', async () => {
  const { code, door } = invite(null, () => 0);
  await expect(door(new Request('http://house/invitation', { method: 'POST', body: JSON.stringify({ code }) }), '/invitation')).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

it('other paths and methods are other doors', () => {
  const { door } = stage();
  expect([door(new Request('http://house/', { method: 'POST' }), '/'), door(new Request('http://house/invitation'), '/invitation')]).toEqual([null, null]);
});
