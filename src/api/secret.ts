import type { SecretRecord } from '../core/ports/records.ts';
import { deleteSecret, listSecrets, putSecret } from '../services/secrets.ts';
import { builder } from './builder.ts';
import { InvalidInput, NotFound } from './errors.ts';

const Secret = builder.objectRef<SecretRecord>('Secret').implement({
  description: 'A value that webhooks may carry and nobody can read.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'How definitions name it: `{{secrets.<name>}}`.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was first put.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When its value was last put.' }),
  }),
});

builder.queryField('secrets', (t) => t.field({
  type: [Secret], description: "The location's secrets by name; never their values.", resolve: (_root, _args, { ctx, who }) => listSecrets(ctx, who),
}));

builder.relayMutationField('putSecret', {
  description: 'A secret under its name.',
  inputFields: (t) => ({
    name: t.string({
      required: true,
      description: 'A letter first, then letters, digits, `-` and `_`. `webhook_signing` signs every webhook that names no other, `email_hook` opens `/hooks/email`.',
    }),
    value: t.string({ required: true, description: 'At least 4 characters. It is encrypted and never shown again.' }),
  }),
}, {
  description: 'Keeps a secret, in place of the one that was there. Needs `admin`.',
  authScopes: { scope: 'admin' },
  errors: { types: [InvalidInput] },
  resolve: async (_root, { input }, { ctx, who }) => ({ secret: await putSecret(ctx, who, input) }),
}, { outputFields: (t) => ({ secret: t.expose('secret', { type: Secret, description: 'The secret as it is now, without its value.' }) }) });

builder.relayMutationField('deleteSecret', {
  description: 'The secret to forget.',
  inputFields: (t) => ({ name: t.string({ required: true, description: 'The secret\'s name.' }) }),
}, {
  description: 'Forgets a secret. Webhooks that name it fail from now on. Needs `admin`.',
  authScopes: { scope: 'admin' },
  errors: { types: [NotFound] },
  resolve: async (_root, { input }, { ctx, who }) => {
    await deleteSecret(ctx, who, input);
    return { deletedName: input.name };
  },
}, { outputFields: (t) => ({ deletedName: t.exposeString('deletedName', { description: 'The name that is no more.' }) }) });
