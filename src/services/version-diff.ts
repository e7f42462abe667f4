import type { Context } from '../context.ts';
import type { Definition } from '../core/definition/definition.ts';
import { diffDefinitions, printDiff, type DefinitionDiff } from '../core/definition/diff.ts';
import { readStructure } from '../core/definition/read.ts';
import type { VersionRecord } from '../core/ports/records.ts';
import { MillraceError } from '../errors.ts';
import type { Caller } from './caller.ts';
import { getVersion } from './workflows.ts';

export interface VersionDiff extends DefinitionDiff {
  fromVersion: number;
  toVersion: number;
  /** The same in words. */
  text: string;
}

/** What leads from one version of a workflow to another, in meaning. Throws NOT_FOUND. */
export async function diffVersions(ctx: Context, who: Caller, input: { workflowId: string; from: number; to: number }): Promise<VersionDiff> {
  const versionOf = (which: number): Promise<VersionRecord> => getVersion(ctx, who, { workflowId: input.workflowId, which });
  const [from, to] = [await versionOf(input.from), await versionOf(input.to)];
  const diff = diffDefinitions(definitionOf(from), definitionOf(to));
  return { fromVersion: from.number, toVersion: to.number, ...diff, text: printDiff(diff) };
}

function definitionOf({ definition: stored, number }: VersionRecord): Definition {
  const { definition } = readStructure({ format: 'json', value: stored });
  if (definition) return definition;
  throw new MillraceError('INVALID_STATE', `Version ${number} was stored by an older build and cannot be read by this one. Compare the exported sources instead.`, {
    detail: { version: number },
  });
}
