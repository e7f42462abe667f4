import type { Context } from '../context.ts';
import type { Definition } from '../core/definition/definition.ts';
import type { Source } from '../core/definition/read.ts';
import { deskFor, type Caller } from './caller.ts';
import { readStorable } from './definitions.ts';
import { invalidInput } from './parse-input.ts';
import { getVersion } from './workflows.ts';

/** A definition that is to be played, not stored. */
export interface DefinitionInput {
  /** A stored workflow (its newest version, drafts too) … */
  workflowId?: string | null;
  /** … or a source that is stored nowhere. Exactly one of the two. */
  source?: Source | null;
}

/** Reads it. Throws VALIDATION_FAILED for structure errors, NOT_FOUND, INVALID_INPUT when both or neither are given. */
export async function definitionOf(ctx: Context, who: Caller, { workflowId, source }: DefinitionInput): Promise<Definition> {
  if (Boolean(workflowId) === Boolean(source)) throw invalidInput('definition', [{ path: ['source'], message: 'give a workflow or a source, exactly one of the two' }]);
  const around = { assets: await deskFor(ctx, who, 'read').readAssets(), outbound: ctx.environment.outboundAllow };
  if (source) return readStorable(source, around).definition;
  const version = await getVersion(ctx, who, { workflowId: workflowId ?? '', which: 'newest' });
  return readStorable({ format: 'json', value: version.definition }, around).definition;
}
