import type { EnrollmentStatus as Status } from '../core/state.ts';
import { activityBatches, type ActivityEvent } from '../live/activity.ts';
import { shared } from '../live/shared.ts';
import { watch } from '../live/watch.ts';
import { activityLog } from '../services/activity.ts';
import { getWorkflow } from '../services/workflows.ts';
import { builder } from './builder.ts';
import { EnrollmentStatus } from './enums.ts';
import { nodeId, uuidOf } from './ids.ts';
import { readStatus, SystemStatus } from './system.ts';

type EventOf<Kind extends ActivityEvent['kind']> = Extract<ActivityEvent, { kind: Kind }>;
type MoveEvent = Extract<ActivityEvent, { from: string }>;

const CURSOR = 'Hand it back as `after` to go on behind this event.';

const moved = (name: 'ContactEntered' | 'ContactMoved', description: string) => builder.objectRef<MoveEvent>(name).implement({
  description,
  fields: (t) => ({
    cursor: t.expose('cursor', { type: 'Cursor', description: CURSOR }),
    at: t.expose('at', { type: 'DateTime', description: 'Journey time.' }),
    workflowId: t.id({ description: 'The workflow\'s node id.', resolve: ({ workflowId }) => nodeId('Workflow', workflowId) }),
    enrollmentId: t.id({ description: 'The enrollment\'s node id.', resolve: ({ enrollmentId }) => nodeId('Enrollment', enrollmentId) }),
    from: t.exposeString('from', { description: 'The step that was left; empty for the entry.' }),
    outcome: t.exposeString('outcome', { description: 'The edge that was taken.' }),
    to: t.exposeString('to', { description: 'The step that was reached; empty for the end.' }),
  }),
});
const ContactEntered = moved('ContactEntered', 'A contact reached the first step.');
const ContactMoved = moved('ContactMoved', 'A contact left a step.');

const RunEnded = builder.objectRef<EventOf<'ended'>>('RunEnded').implement({
  description: 'An enrollment was completed, exited, or failed.',
  fields: (t) => ({
    cursor: t.expose('cursor', { type: 'Cursor', description: CURSOR }),
    at: t.expose('at', { type: 'DateTime', description: 'Journey time.' }),
    workflowId: t.id({ description: 'The workflow\'s node id.', resolve: ({ workflowId }) => nodeId('Workflow', workflowId) }),
    enrollmentId: t.id({ description: 'The enrollment\'s node id.', resolve: ({ enrollmentId }) => nodeId('Enrollment', enrollmentId) }),
    status: t.field({ type: EnrollmentStatus, description: 'How it ended.', resolve: ({ status }) => status as Status }),
  }),
});

const ActivityGap = builder.objectRef<EventOf<'gap'>>('ActivityGap').implement({
  description: 'Something between the cursor and this place can no longer be told here; the step logs of each enrollment have it.',
  fields: (t) => ({
    cursor: t.expose('cursor', { type: 'Cursor', description: CURSOR }),
    at: t.expose('at', { type: 'DateTime', description: 'Journey time.' }),
    reason: t.exposeString('reason', { description: 'For people.' }),
  }),
});

const TYPES = { entered: ContactEntered, moved: ContactMoved, ended: RunEnded, gap: ActivityGap };
const WorkflowEvent = builder.unionType('WorkflowEvent', {
  description: 'What a location\'s activity feed tells. Every member has a `cursor`.',
  types: Object.values(TYPES),
  resolveType: (event) => TYPES[(event as ActivityEvent).kind],
});

const WorkflowEventFilter = builder.inputType('WorkflowEventFilter', {
  description: 'Narrows the activity feed; what is left out does not narrow.',
  fields: (t) => ({ workflowIds: t.idList({ description: 'Only these workflows: node ids or uuids.' }) }),
});

const DefinitionChanged = builder.objectRef<{ workflowId: string; revision: number; status: string }>('DefinitionChanged').implement({
  description: 'A workflow was edited, published, paused, resumed or archived.',
  fields: (t) => ({
    revision: t.exposeInt('revision', { description: 'Its revision by now: what `expectedRevision` is compared with.' }),
    workflow: t.prismaField({
      type: 'Workflow',
      description: 'The workflow as it is now.',
      resolve: (query, { workflowId }, _args, { db }) => db.workflow.findUniqueOrThrow({ ...query, where: { id: workflowId } }),
    }),
  }),
});

/** A change whose hint was lost is seen this late at most. */
const DEFINITION_MS = 2_000;
const STATUS_MS = 2_000;

builder.subscriptionFields((t) => ({
  workflowEvents: t.field({
    type: WorkflowEvent,
    description:
      'The activity of a location: who enters, moves on and ends. Behind `after` nothing is left out: what the feed no longer has is told from the step logs, a day back and in the order of its moments; then what was committed in the ten seconds before the cursor may come again. What they cannot answer is an `ActivityGap`.',
    args: {
      filter: t.arg({ type: WorkflowEventFilter, description: 'Narrows the feed.' }),
      after: t.arg({ type: 'Cursor', description: 'The cursor of the last event that is known; without one it begins now.' }),
    },
    subscribe: async (_root, { filter, after }, { ctx, who }) => {
      const ids = filter?.workflowIds?.map((id) => uuidOf('Workflow', id)) ?? null;
      for (const id of ids ?? []) await getWorkflow(ctx, who, { id });
      const log = activityLog(ctx, who, ids);
      return shared(
        activityBatches({ bus: ctx.bus, locationId: who.locationId, workflowIds: ids && new Set(ids), after: after ?? null, now: () => ctx.clock.journeyNow(), log }),
      );
    },
    resolve: (event) => event as unknown as ActivityEvent, // batches are executed event by event
  }),
  definitionChanged: t.field({
    type: DefinitionChanged,
    description: "A workflow's revision now, and again whenever somebody changed it. A slow reader gets the newest.",
    args: { workflowId: t.arg.id({ required: true, description: 'Node id or uuid.' }) },
    subscribe: async (_root, args, { ctx, who }) => {
      const workflowId = uuidOf('Workflow', args.workflowId);
      const read = () => getWorkflow(ctx, who, { id: workflowId });
      await read();
      return watch({ read, keyOf: ({ revision }) => revision, hint: { bus: ctx.bus, workflowId }, everyMs: DEFINITION_MS });
    },
    resolve: (workflow) => ({ workflowId: (workflow as { id: string }).id, ...(workflow as { revision: number; status: string }) }),
  }),
  systemStatus: t.field({
    type: SystemStatus,
    description: 'How the installation is doing, every two seconds.',
    subscribe: (_root, _args, { ctx }) => watch({ read: async () => readStatus(ctx), keyOf: ({ machineNow }) => machineNow, everyMs: STATUS_MS }),
    resolve: (status) => status as ReturnType<typeof readStatus>,
  }),
}));
