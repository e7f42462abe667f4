import type { z } from 'zod';
import { rotateWebhookUrl, setWebhookSecret, workflowHook } from '../services/workflow-hooks.ts';
import * as answers from './answers.ts';
import { type Call, type Reply, type Route, route } from './route.ts';
import * as schemas from './schemas.ts';

async function read({ ctx, who, params }: Call): Promise<Reply> {
  return { status: 200, body: await workflowHook(ctx, who, { workflowId: params.id }) };
}

async function rotate({ ctx, who, params }: Call<z.output<typeof schemas.nothing>>): Promise<Reply> {
  return { status: 200, body: await rotateWebhookUrl(ctx, who, { workflowId: params.id }) };
}

async function sign({ ctx, who, params, body }: Call<z.output<typeof schemas.webhookSecretBody>>): Promise<Reply> {
  return { status: 200, body: await setWebhookSecret(ctx, who, { workflowId: params.id, ...body }) };
}

export const workflowHookRoutes: Route[] = [
  route({
    method: 'GET', path: '/api/workflows/{id}/webhook', operation: 'workflowWebhook', scope: 'write',
    summary: "The workflow's own address, and whether posts to it must be signed.",
    gives: answers.hook, responses: { 200: 'url and signed.' }, handle: read,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/webhook/rotate', operation: 'rotateWebhookUrl', scope: 'write',
    summary: 'Give the workflow a new address; the old one is void at once.',
    body: schemas.nothing, gives: answers.hook, responses: { 200: 'url and signed.' }, handle: rotate,
  }),
  route({
    method: 'POST', path: '/api/workflows/{id}/webhook/secret', operation: 'setWebhookSecret', scope: 'write',
    summary: 'Have posts signed with a given or a new secret, or no more.',
    body: schemas.webhookSecretBody, gives: answers.signedHook, responses: { 200: 'url, signed and the secret, shown this once.' }, handle: sign,
  }),
];
