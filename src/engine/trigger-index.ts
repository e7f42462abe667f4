import type { Context } from '../context.ts';
import { buildTriggerIndex, type Candidate, type TriggerIndex } from '../core/triggers/match.ts';
import { programsOf } from './programs.ts';

type Ports = Pick<Context, 'events' | 'versions' | 'assets' | 'logger'>;

const known = new WeakMap<Ports['events'], { revision: number; index: TriggerIndex }>();

/** The index of every active workflow's triggers, built again when the registry's revision differs from the one it was built at. */
export async function triggerIndexOf(ctx: Ports, revision: number): Promise<TriggerIndex> {
  const current = known.get(ctx.events);
  if (current?.revision === revision) return current.index;
  const active = await ctx.events.activeWorkflows();
  const programs = await programsOf(ctx, active.workflows.map(({ versionId }) => versionId));
  const candidates = active.workflows.flatMap(({ id, locationId, versionId, name }): Candidate[] => {
    const compiled = programs.get(versionId);
    if (compiled && 'program' in compiled) return [{ workflowId: id, locationId, versionId, name, program: compiled.program }];
    ctx.logger.error({ workflowId: id, versionId, reason: compiled?.error }, 'A workflow takes no entries: publish it again');
    return [];
  });
  const index = buildTriggerIndex(candidates);
  known.set(ctx.events, { revision: active.revision, index });
  return index;
}
