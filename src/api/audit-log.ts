import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';

const AuditEntry = builder.prismaObject('AuditEntry', {
  description: 'One change that somebody made through the API or the world brought in. It was written together with the change.',
  fields: (t) => ({
    uuid: t.exposeString('id', { description: 'The id of REST and SQL.' }),
    actor: t.exposeString('actor', { description: 'Who: `key:<name>` for a key, else the door it came by (`sms`, `unsubscribe`, `webhook`).' }),
    action: t.exposeString('action', { description: 'What: `workflow.publish`, `contact.consent`, `key.revoke` …' }),
    subject: t.exposeString('subject', { description: 'To whom or what: an id, or a name where things have one.' }),
    detail: t.expose('detail', {
      type: 'JSON',
      description: 'More of it, such as the names of the fields that changed, and `key_id`, which tells keys of one name apart; never a secret.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When, in machine time.' }),
  }),
});

builder.queryField('auditLog', (t) => t.prismaConnection({
  type: 'AuditEntry',
  cursor: 'id',
  description: 'Who changed what, newest first. Needs `admin`.',
  authScopes: { scope: 'admin' },
  resolve: (query, _root, _args, { db }) => db.auditEntry.findMany({ ...query, orderBy: [{ at: 'desc' }, { id: 'desc' }] }),
}, connectionOf(AuditEntry)));
