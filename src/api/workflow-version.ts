import type { Canvas as Drawing } from '../core/definition/canvas.ts';
import { printVersion } from '../services/transfer.ts';
import { diffVersions } from '../services/version-diff.ts';
import type { Caller } from '../services/caller.ts';
import type { Context } from '../context.ts';
import { NotFoundError } from '../errors.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { Canvas } from './canvas.ts';
import { Diagnostic } from './diagnostic.ts';
import { SourceFormat } from './enums.ts';
import { uuidOf } from './ids.ts';
import { programOf, Step, Trigger } from './step.ts';
import { VersionDiff } from './version-diff.ts';

const SOURCE = { format: true, source: true, definition: true } as const;
/** The row with the column's own words. */
const as = <Row extends { format: string }>(row: Row): Row & { format: 'yaml' | 'json' } => row as Row & { format: 'yaml' | 'json' };

export const WorkflowVersion = builder.prismaNode('WorkflowVersion', {
  description: 'A definition as it was at one time. Published versions never change.',
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('id', { description: 'The id of REST and SQL.' }),
    number: t.exposeInt('number', { description: 'Counts versions of the workflow, from 1.' }),
    workflow: t.relation('workflow', { nullable: true, description: 'The workflow that it is a version of.' }),
    trigger: t.field({
      type: Trigger,
      nullable: true,
      description: 'The first trigger.',
      select: { definition: true },
      resolve: ({ definition }) => programOf(definition).triggers[0] ?? null,
    }),
    triggers: t.field({
      type: [Trigger],
      description: 'Every trigger: any one lets a contact in.',
      select: { definition: true },
      resolve: ({ definition }) => programOf(definition).triggers,
    }),
    steps: t.field({
      type: [Step],
      description: 'In the order of the file, inline arms flattened.',
      select: { definition: true },
      resolve: ({ definition }) => [...programOf(definition).steps.values()],
    }),
    canvas: t.field({ type: Canvas, description: 'The same as a drawing.', select: SOURCE, resolve: (version) => printVersion(as(version), 'canvas').value as Drawing }),
    format: t.field({ type: SourceFormat, description: 'How its source was written.', select: { format: true }, resolve: ({ format }) => format as 'yaml' | 'json' }),
    yaml: t.string({
      description: 'The source as it came, or the definition printed as YAML when it came as JSON.',
      select: SOURCE,
      resolve: (version) => printVersion(as(version), 'yaml').text,
    }),
    json: t.expose('definition', { type: 'JSON', description: 'The definition, flattened.' }),
    checksum: t.exposeString('checksum', { description: 'SHA-256 of the source.' }),
    author: t.exposeString('author', { nullable: true, description: 'Who wrote it.' }),
    diagnostics: t.field({
      type: [Diagnostic],
      description: 'What is to be said about it, with today\'s templates and voicemails.',
      complexity: 10,
      select: { id: true },
      resolve: ({ id }, _args, { load }) => load.diagnostics.load(id),
    }),
    diff: t.field({
      type: VersionDiff,
      description: 'What leads from this version to another one of the workflow.',
      complexity: 10,
      args: { to: t.arg.id({ required: true, description: 'The other one: its number, node id or uuid.' }) },
      select: { workflowId: true, number: true },
      resolve: async ({ workflowId, number }, { to }, { ctx, who }) => diffVersions(ctx, who, { workflowId, from: number, to: await numberOf(ctx, who, to) }),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was first written.' }),
    publishedAt: t.expose('publishedAt', { type: 'DateTime', nullable: true, description: 'Null for the draft.' }),
  }),
});

/** A version by its number, or by an id of it. */
async function numberOf(ctx: Context, who: Caller, to: string): Promise<number> {
  if (/^\d{1,9}$/.test(to)) return Number(to);
  const [version] = await ctx.desk(who.locationId).findVersions([uuidOf('WorkflowVersion', to)]);
  if (!version) throw new NotFoundError('version', to);
  return version.number;
}

export const WorkflowVersionConnection = connectionOf(WorkflowVersion);
