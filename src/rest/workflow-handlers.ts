import type { z } from 'zod';
import type { Diagnostic } from '../core/definition/diagnostic.ts';
import type { WorkflowRecord } from '../core/ports/records.ts';
import { archiveWorkflow, pauseWorkflow, resumeWorkflow, stopEntry } from '../services/lifecycle.ts';
import { workflowExperiments, workflowStats, workflowTimes } from '../services/stats.ts';
import { playTest } from '../services/test-runs.ts';
import { exportWorkflow, type Import, importWorkflow } from '../services/transfer.ts';
import { validateWorkflow } from '../services/validation.ts';
import { createWorkflow, getWorkflow, listWorkflows, updateWorkflow } from '../services/workflows.ts';
import { listReply } from './list-reply.ts';
import { diagnosticEntry } from './problem.ts';
import { showWorkflow, showWorkflowRow } from './representations.ts';
import { showStats } from './show-stats.ts';
import { expectedRevisions, isKnown, tagOf } from './revision-tag.ts';
import type { Call, DefinitionBody, Reply } from './route.ts';
import type * as schemas from './schemas.ts';

type Out<S extends z.ZodType> = z.output<S>;

export async function create({ ctx, who, body }: Call<DefinitionBody>): Promise<Reply> {
  const { workflow, diagnostics } = await createWorkflow(ctx, who, { source: body });
  return workflowReply(201, workflow, who.locationId, diagnostics);
}

export async function list({ ctx, who, query, request }: Call<undefined, Out<typeof schemas.workflowsQuery>>): Promise<Reply> {
  const { cursor, ...filter } = query;
  return listReply(request, await listWorkflows(ctx, who, { ...filter, after: cursor ?? null }), showWorkflowRow);
}

export async function read({ ctx, who, params, request }: Call): Promise<Reply> {
  const workflow = await getWorkflow(ctx, who, params);
  const tag = tagOf(workflow.revision);
  if (isKnown(request.headers.get('if-none-match'), tag)) return { status: 304, headers: { etag: tag } };
  return workflowReply(200, workflow, who.locationId);
}

export async function update(call: Call<DefinitionBody>): Promise<Reply> {
  const { ctx, who, params, body } = call;
  const { workflow, diagnostics } = await updateWorkflow(ctx, who, { id: params.id, source: body, expectedRevision: await revisionFor(call) });
  return workflowReply(200, workflow, who.locationId, diagnostics);
}

export async function archive(call: Call<undefined, Out<typeof schemas.archiveQuery>>): Promise<Reply> {
  const { ctx, who, params, query } = call;
  await archiveWorkflow(ctx, who, { id: params.id, force: query.force ?? false, expectedRevision: await revisionFor(call) });
  return { status: 204 };
}

export async function pause(call: Call<unknown>): Promise<Reply> {
  const { ctx, who, params } = call;
  return workflowReply(200, await pauseWorkflow(ctx, who, { id: params.id, expectedRevision: await revisionFor(call) }), who.locationId);
}

export async function resume(call: Call<Out<typeof schemas.resumeBody>>): Promise<Reply> {
  const { ctx, who, params, body } = call;
  return workflowReply(200, await resumeWorkflow(ctx, who, { id: params.id, mode: body.mode ?? 'catch_up', expectedRevision: await revisionFor(call) }), who.locationId);
}

export const closeEntry = (call: Call<unknown>): Promise<Reply> => turnDoor(call, true);
export const openEntry = (call: Call<unknown>): Promise<Reply> => turnDoor(call, false);

async function turnDoor(call: Call<unknown>, stopped: boolean): Promise<Reply> {
  const { ctx, who, params } = call;
  return workflowReply(200, await stopEntry(ctx, who, { id: params.id, stopped, expectedRevision: await revisionFor(call) }), who.locationId);
}

export async function importOne(call: Call<DefinitionBody, Out<typeof schemas.importQuery>>): Promise<Reply> {
  const { ctx, who, body, query } = call;
  const expected = query.workflow ? await revisionFor({ ...call, params: { id: query.workflow } }) : null;
  const answer = await importWorkflow(ctx, who, {
    source: importOf(body), workflowId: query.workflow ?? null, expectedRevision: expected, force: query.force ?? false, dryRun: query.dryRun ?? false,
  });
  if (!answer.workflow) return { status: 200, body: { valid: noErrors(answer.diagnostics), diagnostics: answer.diagnostics.map(diagnosticEntry) } };
  return workflowReply(answer.created ? 201 : 200, answer.workflow, who.locationId, answer.diagnostics);
}

export async function exportOne({ ctx, who, params, query, accepts }: Call<undefined, Out<typeof schemas.exportQuery>>): Promise<Reply> {
  const format = query.format ?? (accepts === 'application/json' ? 'json' : 'yaml');
  const { text, workflow } = await exportWorkflow(ctx, who, { id: params.id, format, version: query.version ?? null, explicit: query.explicit ?? false });
  const type = format === 'yaml' ? 'application/yaml' : 'application/json';
  const name = `${workflow.slug}.workflow.${format === 'yaml' ? 'yaml' : 'json'}`;
  return { status: 200, text: { type, content: text }, headers: { 'content-disposition': `inline; filename="${name}"` } };
}

export async function stats({ ctx, who, params, query }: Call<undefined, Out<typeof schemas.statsQuery>>): Promise<Reply> {
  const { from = null, to = null, version = null } = query;
  const asked = { workflowId: params.id, from, to, version };
  const [counts, times, experiments] = await Promise.all([workflowStats(ctx, who, asked), workflowTimes(ctx, who, asked), workflowExperiments(ctx, who, asked)]);
  return { status: 200, body: showStats(counts, times, experiments) };
}

export async function test({ ctx, who, params, body }: Call<Out<typeof schemas.testBody>>): Promise<Reply> {
  const { mode = 'simulate', contact = null, events = [], start = null, initial_data: initialData = {}, max_days: maxDays = null } = body;
  return { status: 200, body: await playTest(ctx, who, { mode, workflowId: params.id, contact, events, start, initialData, maxDays }) };
}

export async function validate({ ctx, who, body, query }: Call<DefinitionBody, Out<typeof schemas.validateQuery>>): Promise<Reply> {
  const { valid, storable, diagnostics } = await validateWorkflow(ctx, who, { source: body, strict: query.strict ?? false });
  return { status: 200, body: { valid, storable, diagnostics: diagnostics.map(diagnosticEntry) } };
}

/** A workflow with its entity tag, and its place when it is new. */
export function workflowReply(status: number, workflow: WorkflowRecord, locationId: string, diagnostics?: Diagnostic[]): Reply {
  const found = diagnostics ? { diagnostics: diagnostics.map(diagnosticEntry) } : {};
  const place: Record<string, string> = status === 201 ? { location: `/api/workflows/${workflow.id}` } : {};
  return { status, body: { ...showWorkflow(workflow, locationId), ...found }, headers: { etag: tagOf(workflow.revision), ...place } };
}

/** `If-Match: *` means "as long as it exists": whatever revision is there now. Of several tags the one that is there counts. */
export async function revisionFor({ ctx, who, params, request }: Call<unknown, unknown>): Promise<number | null> {
  const expected = expectedRevisions(request.headers.get('if-match'));
  if (expected === null || (expected !== 'any' && expected.length === 1)) return expected?.[0] ?? null;
  const { revision } = await getWorkflow(ctx, who, { id: params.id });
  return expected === 'any' || expected.includes(revision) ? revision : expected[0]!;
}

/** A JSON object with `nodes` and `edges` is a canvas, as React Flow stores one. */
function importOf(body: DefinitionBody): Import {
  const isCanvas = body.format === 'json' && typeof body.value === 'object' && body.value !== null && 'nodes' in body.value && 'edges' in body.value;
  return isCanvas ? { format: 'canvas', value: body.value } : body;
}

const noErrors = (diagnostics: Diagnostic[]): boolean => diagnostics.every(({ severity }) => severity !== 'error');
