import { rotateWebhookUrl, setWebhookSecret } from '../services/workflow-hooks.ts';
import { builder } from './builder.ts';
import { InvalidInput, NotFound } from './errors.ts';
import { workflowField } from './fields.ts';
import { uuidOf } from './ids.ts';
import { Workflow } from './workflow.ts';

const WORKFLOW_ID = "The workflow's node id or uuid.";

builder.prismaObjectFields(Workflow, (t) => ({
  webhookUrl: t.string({
    nullable: true,
    description: 'Where other systems post to start it, with a `webhook` trigger. Whoever knows it can, so a key without `write` gets null.',
    complexity: 5,
    select: { id: true },
    resolve: async ({ id }, _args, { load, who }) => (mayWrite(who.scopes) ? (await load.hook.load(id)).url : null),
  }),
  webhookSigned: t.boolean({
    nullable: true,
    description: 'Must posts be signed (Standard Webhooks)? Null for a key without `write`.',
    complexity: 5,
    select: { id: true },
    resolve: async ({ id }, _args, { load, who }) => (mayWrite(who.scopes) ? (await load.hook.load(id)).signed : null),
  }),
}));

const mayWrite = (scopes: string[]): boolean => scopes.includes('admin') || scopes.includes('write');

builder.relayMutationField('rotateWebhookUrl', {
  description: 'The workflow that gets a new address.',
  inputFields: (t) => ({ workflowId: t.id({ required: true, description: WORKFLOW_ID }) }),
}, {
  description: 'Gives a workflow a new address to post to; the old one is void at once.',
  errors: { types: [NotFound] },
  resolve: async (_root, { input }, { ctx, who }) => {
    const workflowId = uuidOf('Workflow', input.workflowId);
    return { workflowId, ...(await rotateWebhookUrl(ctx, who, { workflowId })) };
  },
}, { outputFields: (t) => ({ workflow: workflowField(t), webhookUrl: t.exposeString('url', { description: 'The new address.' }) }) });

builder.relayMutationField('setWebhookSecret', {
  description: 'The secret that posts to a workflow are signed with.',
  inputFields: (t) => ({
    workflowId: t.id({ required: true, description: WORKFLOW_ID }),
    secret: t.string({ description: 'At least 16 characters, `whsec_` and base64 or any text; a new one is drawn when absent.' }),
    remove: t.boolean({ description: 'True takes the secret away: then posts need no signature.' }),
  }),
}, {
  description: 'From now on posts to the workflow must be signed by Standard Webhooks, or need not be.',
  errors: { types: [NotFound, InvalidInput] },
  resolve: async (_root, { input }, { ctx, who }) => {
    const workflowId = uuidOf('Workflow', input.workflowId);
    return { workflowId, ...(await setWebhookSecret(ctx, who, { workflowId, secret: input.secret ?? null, remove: input.remove ?? false })) };
  },
}, { outputFields: (t) => ({ workflow: workflowField(t), secret: t.exposeString('secret', { nullable: true, description: 'Shown this once; null when it was removed.' }) }) });
