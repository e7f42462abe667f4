import type { KeyScope as Scope } from '../core/ports/records.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { KeyScope } from './enums.ts';

export const ApiKey = builder.prismaNode('ApiKey', {
  description: 'A key to the API. Its secret is shown once, when it is made.',
  id: { field: 'id' },
  nullable: true,
  authScopes: { scope: 'admin' },
  fields: (t) => ({
    uuid: t.exposeString('id', { description: 'The id of REST and SQL.' }),
    name: t.exposeString('name', { description: 'What it is for.' }),
    prefix: t.exposeString('prefix', { description: 'Its first characters, to tell keys apart.' }),
    scopes: t.field({ type: [KeyScope], description: 'What it may do.', select: { scopes: true }, resolve: ({ scopes }) => scopes as Scope[] }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true, description: 'When it ends by itself; null when it never does.' }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true, description: 'When somebody revoked it; null while it may be used.' }),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', nullable: true, description: 'When it was last seen, to the minute or so; null when it never was.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
});

const ApiKeyConnection = connectionOf(ApiKey);

builder.queryField('apiKeys', (t) => t.prismaConnection({
  type: 'ApiKey',
  cursor: 'id',
  description: 'The location\'s keys, newest first. Needs `admin`.',
  authScopes: { scope: 'admin' },
  resolve: (query, _root, _args, { db }) => db.apiKey.findMany({ ...query, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }),
}, ApiKeyConnection));
