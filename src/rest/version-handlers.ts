import type { z } from 'zod';
import { NotFoundError } from '../errors.ts';
import { publishPlan } from '../services/publish-plan.ts';
import { publishWorkflow, restoreWorkflowVersion, rollbackPublish, type Published } from '../services/publishing.ts';
import { diffVersions } from '../services/version-diff.ts';
import { getVersion, listVersions } from '../services/workflows.ts';
import { listReply } from './list-reply.ts';
import { showDiff, showPlan, showVersion, showVersionRow } from './representations.ts';
import type { Call, Reply } from './route.ts';
import type * as schemas from './schemas.ts';
import { revisionFor, workflowReply } from './workflow-handlers.ts';

type Out<S extends z.ZodType> = z.output<S>;

export async function publish(call: Call<Out<typeof schemas.publishBody>>): Promise<Reply> {
  const { ctx, who, params, body } = call;
  return publishedReply(await publishWorkflow(ctx, who, { id: params.id, expectedRevision: await revisionFor(call), ...policyOf(body) }), who.locationId);
}

export async function rollback(call: Call<Out<typeof schemas.rollbackBody>>): Promise<Reply> {
  const { ctx, who, params, body } = call;
  const input = { id: params.id, expectedRevision: await revisionFor(call), toVersion: body.version ?? null, ...policyOf(body) };
  return publishedReply(await rollbackPublish(ctx, who, input), who.locationId);
}

export async function plan({ ctx, who, params, body }: Call<Out<typeof schemas.rollbackBody>>): Promise<Reply> {
  return { status: 200, body: showPlan(await publishPlan(ctx, who, { workflowId: params.id, toVersion: body.version ?? null, ...policyOf(body) })) };
}

export async function list({ ctx, who, params, query, request }: Call<undefined, Out<typeof schemas.pageQuery>>): Promise<Reply> {
  const { cursor, limit } = query;
  return listReply(request, await listVersions(ctx, who, { workflowId: params.id, after: cursor ?? null, ...(limit && { limit }) }), showVersionRow);
}

export async function read({ ctx, who, params }: Call): Promise<Reply> {
  return { status: 200, body: showVersion(await getVersion(ctx, who, { workflowId: params.id, which: numberIn(params, 'version') })) };
}

export async function restore(call: Call<unknown>): Promise<Reply> {
  const { ctx, who, params } = call;
  const { workflow, diagnostics } = await restoreWorkflowVersion(ctx, who, { id: params.id, version: numberIn(params, 'version'), expectedRevision: await revisionFor(call) });
  return workflowReply(200, workflow, who.locationId, diagnostics);
}

export async function diff({ ctx, who, params, accepts }: Call): Promise<Reply> {
  const found = await diffVersions(ctx, who, { workflowId: params.id, from: numberIn(params, 'a'), to: numberIn(params, 'b') });
  if (accepts === 'text/plain') return { status: 200, text: { type: 'text/plain; charset=utf-8', content: found.text } };
  return { status: 200, body: showDiff(found) };
}

const policyOf = ({ policy, step_map: stepMap }: Out<typeof schemas.publishBody>) => ({ ...(policy && { policy }), ...(stepMap && { stepMap }) });

/** A version's number in the path. Throws NOT_FOUND for what can be none. */
function numberIn(params: Record<string, string>, name: string): number {
  const text = params[name] ?? '';
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new NotFoundError('version of this workflow', text.slice(0, 80));
  return Number(text);
}

function publishedReply({ workflow, diagnostics, moved, ended }: Published, locationId: string): Reply {
  const reply = workflowReply(200, workflow, locationId, diagnostics);
  return { ...reply, body: { ...(reply.body as object), moved, ended } };
}
