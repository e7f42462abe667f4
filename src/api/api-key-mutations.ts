import { createApiKey, revokeApiKey } from '../services/keys.ts';
import { builder } from './builder.ts';
import { InvalidInput, NotFound } from './errors.ts';
import { KeyScope } from './enums.ts';
import type { Fields } from './fields.ts';
import { uuidOf } from './ids.ts';

builder.relayMutationField('createApiKey', {
  description: 'A new key of this location.',
  inputFields: (t) => ({
    name: t.string({ required: true, description: 'What it is for.' }),
    scopes: t.field({ type: [KeyScope], required: true, description: 'What it may do.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'Never unless said; a moment to come.' }),
  }),
}, {
  description: 'Makes a key. Needs `admin`.',
  authScopes: { scope: 'admin' },
  errors: { types: [InvalidInput] },
  resolve: async (_root, { input }, { ctx, who }) => {
    const { key, secret } = await createApiKey(ctx, who, { name: input.name, scopes: input.scopes, expiresAt: input.expiresAt?.getTime() ?? null });
    return { keyId: key.id, secret };
  },
}, { outputFields: (t) => ({ apiKey: keyField(t), secret: t.exposeString('secret', { description: 'The key itself: shown this once.' }) }) });

builder.relayMutationField('revokeApiKey', {
  description: 'The key to revoke.',
  inputFields: (t) => ({ id: t.id({ required: true, description: 'Its node id or uuid.' }) }),
}, {
  description: 'Revokes a key at once. Needs `admin`.',
  authScopes: { scope: 'admin' },
  errors: { types: [NotFound] },
  resolve: async (_root, { input }, { ctx, who }) => ({ keyId: (await revokeApiKey(ctx, who, { id: uuidOf('ApiKey', input.id) })).id }),
}, { outputFields: (t) => ({ apiKey: keyField(t) }) });

function keyField<Parent extends { keyId: string }>(t: Fields<Parent>) {
  return t.prismaField({
    type: 'ApiKey',
    description: 'The key as it is now.',
    resolve: (query, { keyId }, _args, { db }) => db.apiKey.findUniqueOrThrow({ ...query, where: { id: keyId } }),
  });
}
