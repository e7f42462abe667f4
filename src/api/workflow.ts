import type { WorkflowStatus as Status } from '../core/ports/records.ts';
import { searchText } from '../core/search-text.ts';
import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { WorkflowStatus } from './enums.ts';
import { EnrollmentConnection, EnrollmentFilter, enrollmentWhere } from './enrollment.ts';
import { isGiven } from './given.ts';
import { uuidOrNull } from './ids.ts';
import { StatsWindow, WorkflowStats } from './stats.ts';
import { programOf, Trigger } from './step.ts';
import { WorkflowVersionConnection } from './workflow-version.ts';

export const Refusal = builder.prismaObject('EnrollmentRefusal', {
  name: 'Refusal',
  description: 'A contact who was not let in.',
  fields: (t) => ({
    contact: t.relation('contact', { nullable: true, description: 'Who was not let in.' }),
    reason: t.exposeString('reason', { description: '`filters`, `already_enrolled`, `not_active` or `error`.' }),
    detail: t.expose('detail', { type: 'JSON', description: 'What was looked at.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When that was.' }),
  }),
});

const RefusalConnection = connectionOf(Refusal);

export const Workflow = builder.prismaNode('Workflow', {
  description: 'A journey: who enters, what happens to them, and where it stands.',
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('id', { description: 'The id of REST and SQL.' }),
    slug: t.exposeString('slug', { description: 'Its name in addresses, once and for all.' }),
    name: t.exposeString('name', { description: 'What people call it.' }),
    description: t.exposeString('description', { nullable: true, description: 'What it is for, in its author\'s words.' }),
    status: t.field({ type: WorkflowStatus, description: 'Where it is in its life.', select: { status: true }, resolve: ({ status }) => status as Status }),
    revision: t.exposeInt('revision', { description: 'Counts changes; hand it back as `expectedRevision`.' }),
    entryStopped: t.exposeBoolean('entryStopped', { description: 'True when nobody new is let in.' }),
    triggers: t.field({
      type: [Trigger],
      description: 'What lets contacts in, by the newest definition.',
      select: { definition: true },
      resolve: ({ definition }) => programOf(definition).triggers,
    }),
    draft: t.prismaField({
      type: 'WorkflowVersion',
      nullable: true,
      description: 'The version that is being written; null when there is none since the last publish.',
      select: { id: true },
      resolve: (query, { id }, _args, { load }) => load.draft.load({ row: { id }, ask: { ...query } }),
    }),
    published: t.relation('published', { nullable: true, description: 'The version that new contacts enter.' }),
    versions: t.relatedConnection('versions', { cursor: 'id', description: 'All versions, newest first.', query: { orderBy: { number: 'desc' } } }, WorkflowVersionConnection),
    stats: t.field({
      type: WorkflowStats,
      description: 'The workflow in numbers.',
      complexity: 20,
      args: {
        window: t.arg({ type: StatsWindow, description: 'Counts what happened within it; everything without.' }),
        version: t.arg.int({ description: 'Counts one version alone, by its number.' }),
      },
      select: { id: true, publishedVersionId: true },
      resolve: async ({ id, publishedVersionId }, { window, version }, { load }) => {
        const key = { row: { id, publishedVersionId }, ask: { from: window?.from?.getTime() ?? null, to: window?.to?.getTime() ?? null, version: version ?? null } };
        return { ...(await load.stats.load(key)), key };
      },
    }),
    enrollments: t.relatedConnection('enrollments', {
      cursor: 'id',
      description: 'Who is and was in it, newest first.',
      args: { filter: t.arg({ type: EnrollmentFilter, description: 'Narrows the list.' }) },
      query: ({ filter }) => ({ orderBy: { id: 'desc' }, where: enrollmentWhere(filter) }),
    }, EnrollmentConnection),
    refusals: t.relatedConnection(
      'refusals',
      { cursor: 'id', description: 'Who was not let in, and why, newest first.', query: { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] } },
      RefusalConnection,
    ),
    pausedAt: t.expose('pausedAt', { type: 'DateTime', nullable: true, description: 'Since when it is paused; null unless it is.' }),
    publishedAt: t.expose('publishedAt', { type: 'DateTime', nullable: true, description: 'When it was first published; null before.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
  }),
});

const WorkflowConnection = connectionOf(Workflow);

const WorkflowRef = builder.inputType('WorkflowRefInput', {
  description: 'Names one workflow in one of three ways.',
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'Its node id.' }),
    uuid: t.id({ description: 'Its id in REST and SQL.' }),
    slug: t.string({ description: 'Its slug.' }),
  }),
});

const WorkflowFilter = builder.inputType('WorkflowFilter', {
  description: 'Narrows the list of workflows. Archived ones are listed only when `status` names them.',
  fields: (t) => ({
    status: t.field({ type: [WorkflowStatus], description: 'Only those in one of these states.' }),
    search: t.string({ description: 'Part of the name or the slug.' }),
  }),
});

const WorkflowOrder = builder.enumType('WorkflowOrder', {
  description: 'How a list of workflows is sorted.',
  values: {
    NEWEST: { description: 'The newest first.' },
    NAME: { description: 'By name, A to Z.' },
    RECENTLY_CHANGED: { description: 'What changed last first.' },
  } as const,
});
const ORDERS = { NEWEST: [{ id: 'desc' }], NAME: [{ name: 'asc' }, { id: 'asc' }], RECENTLY_CHANGED: [{ updatedAt: 'desc' }, { id: 'desc' }] } as const;

builder.queryField('workflow', (t) => t.prismaField({
  type: 'Workflow',
  nullable: true,
  description: 'One workflow; null when there is none in this location.',
  args: { by: t.arg({ type: WorkflowRef, required: true, description: 'Its id, uuid or slug.' }) },
  resolve: (query, _root, { by }, { db, who }) => {
    if (isGiven(by.slug)) return db.workflow.findUnique({ ...query, where: { locationId_slug: { locationId: who.locationId, slug: by.slug } } });
    const id = uuidOrNull('Workflow', by.id ?? by.uuid ?? '');
    return id === null ? null : db.workflow.findUnique({ ...query, where: { id } });
  },
}));

builder.queryField('workflows', (t) => t.prismaConnection({
  type: 'Workflow',
  cursor: 'id',
  description: 'The location\'s workflows.',
  args: {
    filter: t.arg({ type: WorkflowFilter, description: 'Narrows the list.' }),
    orderBy: t.arg({ type: WorkflowOrder, defaultValue: 'NEWEST', description: 'What comes first.' }),
  },
  resolve: (query, _root, { filter, orderBy }, { db }) => db.workflow.findMany({
    ...query,
    orderBy: [...ORDERS[orderBy ?? 'NEWEST']],
    where: {
      status: filter?.status ? { in: filter.status } : { not: 'archived' },
      ...(filter?.search ? { OR: (['name', 'slug'] as const).map((field) => ({ [field]: { contains: searchText(filter.search ?? ''), mode: 'insensitive' } })) } : {}),
    },
  }),
}, WorkflowConnection));
