import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { TemplateChannel } from './enums.ts';

export const Template = builder.prismaNode('Template', {
  description: 'A message that steps name by its slug: `{{templates.welcome}}`.',
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('id', { description: 'The id of REST and SQL.' }),
    slug: t.exposeString('slug', { description: 'How definitions name it.' }),
    channel: t.field({ type: TemplateChannel, description: 'What it is for.', select: { channel: true }, resolve: ({ channel }) => channel as 'email' | 'sms' }),
    name: t.exposeString('name', { description: 'What people call it.' }),
    subject: t.exposeString('subject', { nullable: true, description: 'E-mail only.' }),
    html: t.exposeString('html', { nullable: true, description: 'E-mail only.' }),
    text: t.exposeString('text', { nullable: true, description: 'E-mail only: the plain part.' }),
    message: t.exposeString('message', { nullable: true, description: 'SMS only.' }),
    revision: t.exposeInt('revision', { description: 'Counts changes.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
  }),
});

const TemplateConnection = connectionOf(Template);

builder.queryField('templates', (t) => t.prismaConnection({
  type: 'Template',
  cursor: 'id',
  description: 'The location\'s templates, newest first.',
  args: { channel: t.arg({ type: TemplateChannel, description: 'Only those of one channel.' }) },
  resolve: (query, _root, { channel }, { db }) => db.template.findMany({ ...query, orderBy: { id: 'desc' }, where: channel ? { channel } : {} }),
}, TemplateConnection));
