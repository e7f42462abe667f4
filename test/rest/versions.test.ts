import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFINITION } from '../support/desk-stage.ts';
import { createDoorStage, type DoorStage } from '../support/door-stage.ts';

let stage: DoorStage;
let path: string;
beforeAll(async () => {
  stage = await createDoorStage();
  path = `/api/workflows/${(await stage.ask('POST', '/api/workflows', { body: DEFINITION })).json.id}`;
  const tag = (await stage.ask('POST', `${path}/publish`, { body: {} })).headers.get('etag')!;
  await stage.ask('PUT', path, { body: DEFINITION.replace('2d', '3d'), headers: { 'if-match': tag } });
});
afterAll(() => stage.close());

describe('versions in REST', () => {
  it('are listed and read', async () => {
    const list = await stage.ask('GET', `${path}/versions`);
    expect(list.json.data.map(({ number, published_at }: { number: number; published_at: string | null }) => [number, published_at !== null])).toEqual([[2, false], [1, true]]);
    const one = await stage.ask('GET', `${path}/versions/1`);
    expect(one.json).toMatchObject({ number: 1, source: DEFINITION, definition: { name: 'Hello there' } });
    expect((await stage.ask('GET', `${path}/versions/9`)).status).toBe(404);
    expect((await stage.ask('GET', `${path}/versions/one`)).status).toBe(404);
  });

  it('are compared, as JSON and as text', async () => {
    const diff = await stage.ask('GET', `${path}/versions/1/diff/2`);
    expect(diff.json).toMatchObject({
      from_version: 1,
      to_version: 2,
      identical: false,
      steps: { changed: [{ id: 'pause', changes: [{ path: 'config.duration', from: '2d', to: '3d' }] }] },
    });
    const text = await stage.ask('GET', `${path}/versions/1/diff/2`, { headers: { accept: 'text/plain' } });
    expect(text.text).toBe('~ step pause (wait)\n    config.duration: "2d" → "3d"\n');
  });

  it('are planned, published, taken back and restored', async () => {
    const plan = await stage.ask('POST', `${path}/publish-plan`, { body: { policy: 'migrate', step_map: { pause: 'pauze' } } });
    expect(plan.json).toMatchObject({
      policy: 'migrate',
      to_version: 2,
      people: 0,
      errors: [{ pointer: '/step_map/pause', detail: expect.stringContaining('Did you mean "pause"?') }],
    });
    expect((await stage.ask('POST', `${path}/publish`, { body: { policy: 'move' } })).status).toBe(422);
    const published = await stage.ask('POST', `${path}/publish`, { body: { policy: 'migrate' } });
    expect(published.json).toMatchObject({ version: 2, moved: 0, ended: 0 });
    const back = await stage.ask('POST', `${path}/rollback`, { body: {} });
    expect(back.json).toMatchObject({ version: 1 });
    expect((await stage.ask('POST', `${path}/rollback`, { body: {} })).status).toBe(409);
    expect((await stage.ask('POST', `${path}/versions/2/restore`, { body: {} })).status).toBe(428);
    const restored = await stage.ask('POST', `${path}/versions/2/restore`, { body: {}, headers: { 'if-match': back.headers.get('etag')! } });
    expect(restored.json).toMatchObject({ version: 3, yaml_source: DEFINITION.replace('2d', '3d') });
  });
});
