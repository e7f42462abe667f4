import type { Context } from '../context.ts';
import { buildTriggerIndex, type Candidate, type TriggerIndex } from '../core/triggers/match.ts';
import { buildDateIndex, type DateIndex } from './plan-dates.ts';
import { programsOf } from './programs.ts';

type Ports = Pick<Context, 'events' | 'versions' | 'assets' | 'logger'>;

/** Every active workflow: by what fires it, by whose dates it waits for, and by what others call it. */
export interface ActiveWorkflows {
  triggers: TriggerIndex;
  dates: DateIndex;
  /** `<location>/<id, slug or name>` → the workflow. An id goes before a slug, and a slug before a name. */
  named: Map<string, Candidate>;
}

const known = new WeakMap<Ports['events'], { revision: number; active: ActiveWorkflows }>();

/** Every active workflow, read again when the registry's revision differs from the one it was read at. */
export async function activeWorkflowsOf(ctx: Ports, revision: number): Promise<ActiveWorkflows> {
  const current = known.get(ctx.events);
  if (current?.revision === revision) return current.active;
  const { workflows, revision: read } = await ctx.events.activeWorkflows();
  const programs = await programsOf(ctx, workflows.map(({ versionId }) => versionId));
  const found = workflows.flatMap(({ id, locationId, versionId, name, slug }): { slug: string; candidate: Candidate }[] => {
    const compiled = programs.get(versionId);
    if (compiled && 'program' in compiled) return [{ slug, candidate: { workflowId: id, locationId, versionId, name, program: compiled.program } }];
    ctx.logger.error({ workflowId: id, versionId, reason: compiled?.error }, 'A workflow takes no entries: publish it again');
    return [];
  });
  const candidates = found.map(({ candidate }) => candidate);
  const active = { triggers: buildTriggerIndex(candidates), dates: buildDateIndex(candidates), named: namesOf(found) };
  known.set(ctx.events, { revision: read, active });
  return active;
}

function namesOf(found: { slug: string; candidate: Candidate }[]): ActiveWorkflows['named'] {
  const named: ActiveWorkflows['named'] = new Map();
  const oldestLast = found.toSorted((a, b) => (a.candidate.workflowId < b.candidate.workflowId ? 1 : -1));
  for (const { candidate } of oldestLast) named.set(`${candidate.locationId}/${candidate.name}`, candidate);
  for (const { slug, candidate } of found) named.set(`${candidate.locationId}/${slug}`, candidate);
  for (const { candidate } of found) named.set(`${candidate.locationId}/${candidate.workflowId}`, candidate);
  return named;
}
