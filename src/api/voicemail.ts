import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';

export const Voicemail = builder.prismaNode('Voicemail', {
  description: 'A recording that calls play, named by its slug: `{{voicemails.intro}}`.',
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('id', { description: 'The id of REST and SQL.' }),
    slug: t.exposeString('slug', { description: 'How definitions name it.' }),
    name: t.exposeString('name', { description: 'What people call it.' }),
    audioUrl: t.exposeString('audioUrl', { description: 'Where the recording is.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
  }),
});

const VoicemailConnection = connectionOf(Voicemail);

builder.queryField('voicemails', (t) => t.prismaConnection({
  type: 'Voicemail',
  cursor: 'id',
  description: 'The location\'s recordings, newest first.',
  resolve: (query, _root, _args, { db }) => db.voicemail.findMany({ ...query, orderBy: { id: 'desc' } }),
}, VoicemailConnection));
