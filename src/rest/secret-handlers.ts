import type { z } from 'zod';
import { deleteSecret, listSecrets, putSecret } from '../services/secrets.ts';
import { showSecret } from './representations.ts';
import type { Call, Reply } from './route.ts';
import type * as schemas from './schemas.ts';

export async function put({ ctx, who, params, body }: Call<z.output<typeof schemas.secretBody>>): Promise<Reply> {
  return { status: 200, body: showSecret(await putSecret(ctx, who, { name: params.name ?? '', value: body.value })) };
}

export async function list({ ctx, who }: Call): Promise<Reply> {
  return { status: 200, body: { data: (await listSecrets(ctx, who)).map(showSecret), next_cursor: null } };
}

export async function remove({ ctx, who, params }: Call): Promise<Reply> {
  await deleteSecret(ctx, who, { name: params.name ?? '' });
  return { status: 204 };
}
