import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSecrets } from '../../src/engine/open-secrets.ts';
import { deleteSecret, listSecrets, putSecret } from '../../src/services/secrets.ts';
import { createDeskStage, type DeskStage } from '../support/desk-stage.ts';

let stage: DeskStage;
beforeAll(async () => void (stage = await createDeskStage()));
afterAll(() => stage.close());

describe('secrets', () => {
  it('are kept sealed, replaced by name, listed without values and forgotten', async () => {
    const { ctx, here, there } = stage;
    await putSecret(ctx, here, { name: 'crm_key', value: 'first value' });
    await putSecret(ctx, here, { name: 'crm_key', value: 'second value' });
    await putSecret(ctx, there, { name: 'crm_key', value: 'another one' });
    expect((await listSecrets(ctx, here)).map(({ name }) => name)).toEqual(['crm_key']);
    expect(JSON.stringify(await listSecrets(ctx, here))).not.toContain('value');
    const stored = await stage.rows<{ cipher: Buffer }>('SELECT cipher FROM secrets');
    expect(stored.some(({ cipher }) => cipher.includes('value'))).toBe(false);
    expect(await openSecrets(ctx, here.locationId, ['crm_key', 'absent'])).toEqual(new Map([['crm_key', 'second value']]));
    const audit = await stage.rows<{ action: string; detail: object }>("SELECT action, subject, detail FROM audit_log WHERE action LIKE 'secret.%'");
    expect(audit.map(({ action }) => action)).toEqual(['secret.put', 'secret.put', 'secret.put']);
    expect(JSON.stringify(audit)).not.toContain('value');
    await deleteSecret(ctx, here, { name: 'crm_key' });
    await expect(deleteSecret(ctx, here, { name: 'crm_key' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await listSecrets(ctx, there)).toHaveLength(1);
  });

  it.each([
    [{ name: 'no spaces', value: 'long enough' }, 'INVALID_INPUT'],
    [{ name: 'short', value: 'abc' }, 'INVALID_INPUT'],
    [{ name: 'nul', value: 'abc\0def' }, 'INVALID_INPUT'],
  ])('refuse %j', async (input, code) => {
    await expect(putSecret(stage.ctx, stage.here, input)).rejects.toMatchObject({ code });
  });

  it('are put by admins alone', async () => {
    await expect(putSecret(stage.ctx, { ...stage.here, scopes: ['write'] }, { name: 'x', value: 'long enough' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
